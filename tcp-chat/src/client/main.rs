//! The chat client.
//!
//! It connects, and then two things go on at once: what is typed is sent, and what the other side says is shown above
//! the line being typed. Run it in one terminal and the server in another:
//!
//! ```text
//! cargo run -p tcp-chat --bin tcp-chat-client
//! ```

use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, bail};
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ClientOptions};
use common::exit;
use common::socket::Stream;
use common::terminal::Input;
use common::{error_text, notice, signals};
use tcp_chat::{DEFAULT_ADDR, EndWord, Mode, Turns, room::check_name};

use both_ways::{Words, converse};
use tcp_chat::dialogue::{Desk, Ending};
use tcp_chat::listening::{End, listen};
use tcp_chat::pace::Pace;

mod both_ways;
mod room;

/// Chat with a server: both at once, in turns, or in a room with many
#[derive(Debug, Parser)]
#[command(name = "tcp-chat-client", version, after_help = EXAMPLES)]
struct Args {
    /// Where the server listens
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:9999")]
    addr: Addr,
    /// Who may speak when
    #[arg(long, value_enum, default_value = "duplex")]
    mode: Mode,
    /// The word that ends a conversation, in duplex and turns
    #[arg(long, value_name = "WORD", default_value = "bye")]
    bye: EndWord,
    /// The name to take in a room
    #[arg(long, value_name = "NICK", value_parser = name)]
    name: Option<String>,
    #[command(flatten)]
    options: ClientOptions,
}

const EXAMPLES: &str = "\
Examples:
  tcp-chat-client                                  chat with the server on 127.0.0.1:9999
  tcp-chat-client --mode turns --bye byebye -a :9000
                                                   speak with the turn-taking server of tutorial 004
  tcp-chat-client --mode room --name 小明          join the room on 127.0.0.1:9999
  printf 'hello\\nbye\\n' | tcp-chat-client         each line is a message";

fn main() -> ExitCode {
    exit::run(|| {
        let args: Args = cli::parse();
        if args.name.is_some() && args.mode != Mode::Room {
            exit::misused("--name is for --mode room");
        }
        signals::exit_on_interrupt(|| {})?;
        let target = args.addr.to_connect(DEFAULT_ADDR)?;
        let stream = Stream::connect(&target, args.options.timeout, args.options.trace())?;
        let peer = stream.peer();
        let input = Input::new("> ")?;
        if input.is_terminal() {
            notice!("connected to {peer}; Ctrl+D leaves");
        }
        let end = match args.mode {
            Mode::Duplex => both_at_once(stream, input, args.bye.clone())?,
            Mode::Turns => return take_turns(stream, input, args.bye),
            Mode::Room => room::join(stream, input, args.name.as_deref())?,
        };
        if let Some(end) = end {
            announce(peer, &end, &args.bye);
        }
        Ok(())
    })
}

fn name(text: &str) -> Result<String, String> {
    check_name(text).map(|()| text.to_owned())
}

/// Both sides speak whenever they like.
fn both_at_once(stream: Stream, input: Input, word: EndWord) -> anyhow::Result<Option<End>> {
    let (mut pace, our_word) = (Pace::default(), word.clone());
    let speak = move |line: Vec<u8>| {
        let last = line == our_word.as_bytes();
        pace.wait(last);
        Words { bytes: line, last }
    };
    converse(stream, input, speak, move |mut stream, show| listen(&mut stream, None, &word, show))
}

/// Tells that the other side has left.
fn announce(peer: SocketAddr, end: &End, word: &EndWord) {
    match end {
        End::Goodbye => notice!("{peer} said {word}"),
        End::Closed => notice!("{peer} has left"),
        End::Broken(error) => notice!("{peer} has left: {}", error_text::cause(error)),
    }
}

/// One conversation in turns. The server's silence is never an error: it thinks.
fn take_turns(stream: Stream, input: Input, word: EndWord) -> anyhow::Result<()> {
    let peer = stream.peer();
    let mut desk = Desk::new(input, || leave())?;
    match desk.converse(stream, Turns::client(word.clone()), "")? {
        Ending::WeSaidGoodbye => Ok(()),
        Ending::TheySaidGoodbye => {
            notice!("{peer} said {word}");
            Ok(())
        }
        Ending::Vanished(None) => bail!("{peer} has left without saying {word}"),
        Ending::Vanished(Some(error)) => {
            Err(error).with_context(|| format!("{peer} has left without saying {word}"))
        }
    }
}

/// Ctrl+C at the prompt. The program ends as it does by the signal, and this thread does nothing more.
fn leave() -> ! {
    signals::interrupt();
    loop {
        thread::park();
    }
}
