//! The chat client: `connect`; then `send` and `recv`, in an order that depends on who may speak
//! when; then `close`.
//!
//! In turns all calls stand in this file. In the other modes two threads send what is typed and
//! show what arrives, at the same time: see [`both_at_once`].
//!
//! Run it in one terminal and the server in another:
//!
//! ```text
//! cargo run -p tcp-chat --bin tcp-chat-client
//! ```

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ClientOptions};
use common::socket::{Stream, has_vanished};
use common::terminal::Input;
use common::{exit, memory, notice, signals};
use tcp_chat::both_sides::{Console, Conversation, End, LinePrefix};
use tcp_chat::text::{has_left, left_without_word, said_the_word};
use tcp_chat::turns::Turns;
use tcp_chat::{DEFAULT_ADDR, EndWord, Mode, names::check_name};

mod both_at_once;
mod duplex;
mod help;
mod interrupt;
mod pauses;
mod reconnect;
mod room;
mod text;

use interrupt::leave;
use reconnect::Plan;

/// Chat with a server: both at once, in turns, or in a room with many
#[derive(Clone, Debug, Parser)]
#[command(name = "tcp-chat-client", version, after_help = EXAMPLES)]
struct Args {
    /// Where the server listens
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:9999", help_heading = cli::NETWORK)]
    addr: Addr,
    /// Who may speak when
    #[arg(long, value_enum, default_value = "duplex")]
    mode: Mode,
    /// The word that ends a conversation, in duplex and turns
    #[arg(long, value_name = "WORD", default_value = "bye")]
    bye: EndWord,
    /// The name to take in a room
    #[arg(long, value_name = "NICK", value_parser = name, help_heading = "Room")]
    name: Option<String>,
    /// When the connection to a room is lost, try again after 1, 2, 4 … seconds, and take the name
    /// again
    #[arg(long, help_heading = "Room")]
    reconnect: bool,
    /// Show before each line when it came: 14:05
    #[arg(long, help_heading = "Room")]
    times: bool,
    #[command(flatten)]
    options: ClientOptions,
}

const EXAMPLES: &str = "\
Examples:
  tcp-chat-client                                  chat with the server on 127.0.0.1:9999
  tcp-chat-client --mode turns --bye byebye -a :9000
                                                   speak with the turn-taking server of tutorial 004
  tcp-chat-client --mode room --name 小明          join the room on 127.0.0.1:9999
  tcp-chat-client --mode room --name 小明 --reconnect --times
                                                   the same for a whole day
  printf 'hello\\nbye\\n' | tcp-chat-client         each line is a message";

fn main() -> ExitCode {
    exit::run(|| {
        let args: Args = cli::parse();
        if args.name.is_some() && args.mode != Mode::Room {
            exit::misused(text::name_is_for_rooms());
        }
        if args.reconnect && args.mode != Mode::Room {
            exit::misused(text::reconnect_is_for_rooms());
        }
        memory::enough_for_a_client()?;
        signals::exit_on_interrupt(|| {})?;
        let target = args.addr.to_connect(DEFAULT_ADDR, args.options.timeout)?;
        // socket, connect: the system has shaken hands with the server when this returns.
        let stream = Stream::connect(&target, args.options.timeout, args.options.trace())?;
        let peer = stream.peer();
        // The other side may be silent for as long as it likes, but it must be there.
        stream.watch_for_vanished_peer()?;
        let input = Input::new("> ")?;
        if input.is_terminal() {
            notice!("{}", text::connected_to(peer));
        }
        let prefix = LinePrefix::time(args.times);
        let end = match args.mode {
            Mode::Turns => return in_turns(stream, input, prefix, &args.bye),
            Mode::Duplex => duplex::talk(stream, input, prefix, args.bye.clone())?,
            Mode::Room if args.reconnect => {
                let Args { addr, options, name, .. } = args.clone();
                reconnect::stay(stream, input, Plan { addr, options, name, prefix })?
            }
            Mode::Room => {
                let (name, limit) = (args.name.as_deref(), args.options.timeout);
                room::join(stream, input, prefix, name, limit)?
            }
        };
        match end {
            End::Ours => {}
            End::TheirWord => notice!("{}", said_the_word(peer, args.bye)),
            End::Closed => notice!("{}", has_left(peer)),
            End::Broken(error) if has_vanished(&error) => {
                return Err(error).context(text::does_not_answer(peer));
            }
            // What it said last may be lost, and what was said to it.
            End::Broken(error) => return Err(error).context(has_left(peer)),
        }
        Ok(())
    })
}

fn name(text: &str) -> Result<String, String> {
    check_name(text).map(|()| text.to_owned())
}

/// One conversation in turns. Leaving without the word is an error: somebody was owed an answer.
fn in_turns(
    stream: Stream,
    input: Input,
    prefix: LinePrefix,
    word: &EndWord,
) -> anyhow::Result<()> {
    let peer = stream.peer();
    let mut console = Console::new(input, || leave())?;
    let turns = Turns::client(word.clone());
    let mut conversation = Conversation::begin(&mut console, stream, turns, prefix)?;
    let end = send_and_recv(&mut conversation);
    conversation.close();
    match end? {
        End::Ours => Ok(()),
        End::TheirWord => {
            notice!("{}", said_the_word(peer, word));
            Ok(())
        }
        End::Closed => bail!(left_without_word(peer, word)),
        End::Broken(error) => Err(error).context(left_without_word(peer, word)),
    }
}

/// The client speaks first. The server's silence is never an error: its user thinks.
fn send_and_recv(conversation: &mut Conversation<'_>) -> anyhow::Result<End> {
    loop {
        if let Some(end) = conversation.send()? {
            return Ok(end);
        }
        if let Some(end) = conversation.recv()? {
            return Ok(end);
        }
    }
}
