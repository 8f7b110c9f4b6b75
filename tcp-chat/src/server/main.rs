//! The chat server.
//!
//! `socket`, `bind`, `listen` in [`main`]; the rest depends on who may speak when, and is in a module for each mode:
//! `accept`, then `recv` and `send` in any order or in turn, then `close`. Run it in one terminal and
//! `tcp-chat-client` in another:
//!
//! ```text
//! cargo run -p tcp-chat
//! ```

use std::process::ExitCode;

use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ServerOptions, TcpServerOptions};
use common::server::{Clients, Limits, Stop, announce};
use common::socket::{BACKLOG, Listener};
use common::terminal::Input;
use common::{exit, notice, signals};
use tcp_chat::{DEFAULT_ADDR, EndWord, Mode, Turns};

use tcp_chat::dialogue::{Desk, Ending};

mod duplex;
mod hub;
mod outbox;
mod room;
mod sending;

/// A chat server: both at once, in turns, or a room for many
#[derive(Debug, Parser)]
#[command(name = "tcp-chat-server", version, after_help = EXAMPLES)]
struct Args {
    /// Where to listen
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:9999")]
    addr: Addr,
    /// Who may speak when
    #[arg(long, value_enum, default_value = "duplex")]
    mode: Mode,
    /// The word that ends a conversation, in duplex and turns
    #[arg(long, value_name = "WORD", default_value = "bye")]
    bye: EndWord,
    #[command(flatten)]
    tcp: TcpServerOptions,
    #[command(flatten)]
    options: ServerOptions,
}

const EXAMPLES: &str = "\
Examples:
  tcp-chat-server                                  talk with all who connect to 127.0.0.1:9999
  tcp-chat-server --mode turns --bye byebye -a :9000
                                                   take turns with the client of tutorial 004
  tcp-chat-server --mode room -a :9999             a room for all who can reach this machine
  tcp-chat-server --once < lines.txt               say these lines to the first client";

fn main() -> ExitCode {
    exit::run(|| {
        let args: Args = cli::parse();
        let stop = Stop::on_signals()?;
        let addrs = args.addr.to_listen(DEFAULT_ADDR)?;
        let listener = Listener::bind(&addrs, BACKLOG, args.options.trace())?;
        announce(listener.local_addr())?;
        let limits = args.tcp.limits(args.options.once);
        match args.mode {
            Mode::Duplex => duplex::serve(listener, &stop, &limits, Input::new("> ")?, args.bye),
            Mode::Turns => take_turns(listener, &stop, &limits, Input::new("> ")?, args.bye),
            Mode::Room => room::serve(listener, &stop, &limits),
        }
    })
}

/// One conversation after the other: the user cannot speak with two at once.
fn take_turns(
    listener: Listener,
    stop: &Stop,
    limits: &Limits,
    input: Input,
    word: EndWord,
) -> anyhow::Result<()> {
    let mut desk = Desk::new(input, signals::interrupt)?;
    let mut clients = Clients::new(listener, limits, stop);
    while let Some(client) = clients.accept() {
        clients.run(client, |client| {
            let peer = client.peer();
            notice!("{peer} has joined");
            match desk.converse(client, Turns::server(word.clone()), &format!("{peer}: "))? {
                Ending::WeSaidGoodbye => notice!("{peer} has left"),
                Ending::TheySaidGoodbye => notice!("{peer} said {word}"),
                Ending::Vanished(None) => notice!("{peer} has left without saying {word}"),
                Ending::Vanished(Some(error)) => {
                    notice!("{peer} has left without saying {word}: {}", common::error_text::cause(&error));
                }
            }
            Ok(())
        });
    }
    clients.close();
    Ok(())
}
