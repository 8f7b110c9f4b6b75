//! The chat client.
//!
//! It connects, and then two things go on at once: what is typed is sent, and what the other side says is shown above
//! the line being typed. Run it in one terminal and the server in another:
//!
//! ```text
//! cargo run -p tcp-chat --bin tcp-chat-client
//! ```

use std::process::ExitCode;
use std::thread;

use anyhow::{Context, bail};
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ClientOptions};
use common::input::Input;
use common::socket::Stream;
use common::{notice, shutdown};
use tcp_chat::{DEFAULT_ADDR, EndWord, Mode, Turns};

use dialogue::{Desk, Ending};

mod dialogue;
#[path = "client/duplex.rs"]
mod duplex;
mod listening;
mod pace;

/// Chat with a server: both at once or in turns
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
    #[command(flatten)]
    options: ClientOptions,
}

const EXAMPLES: &str = "\
Examples:
  tcp-chat-client                                  chat with the server on 127.0.0.1:9999
  tcp-chat-client --mode turns --bye byebye -a :9000
                                                   speak with the turn-taking server of tutorial 004
  printf 'hello\\nbye\\n' | tcp-chat-client          each line is a message";

fn main() -> ExitCode {
    cli::run(|| {
        let args: Args = cli::parse();
        shutdown::exit_on_interrupt(|| {})?;
        let target = args.addr.to_connect(DEFAULT_ADDR)?;
        let stream = Stream::connect(&target, args.options.timeout, args.options.trace())?;
        let input = Input::new("> ")?;
        if input.is_terminal() {
            notice!("connected to {}; Ctrl+D leaves", stream.peer());
        }
        match args.mode {
            Mode::Duplex => duplex::converse(stream, input, &args.bye),
            Mode::Turns => take_turns(stream, input, args.bye),
        }
    })
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
    shutdown::interrupt();
    loop {
        thread::park();
    }
}
