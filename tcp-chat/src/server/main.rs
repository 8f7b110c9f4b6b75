//! The chat server: `socket`, `bind`, `listen`, `accept`; then `recv` and `send`, in an order that
//! depends on who may speak when; then `close`.
//!
//! In turns all calls stand in this file. In the other modes each client has a thread of its own,
//! and what that does is in [`duplex`] and [`room`].
//!
//! Run it in one terminal and `tcp-chat-client` in another:
//!
//! ```text
//! cargo run -p tcp-chat
//! ```

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ServerOptions, TcpServerOptions};
use common::error_text::cause;
use common::server::{Clients, Limits, Needs, Stop, announce, raise_open_files, try_threads};
use common::socket::{BACKLOG, Listener, Stream};
use common::terminal::Input;
use common::text::because;
use common::{exit, notice, signals};
use tcp_chat::both_sides::{Console, Conversation, End, LinePrefix, is_silence};
use tcp_chat::text::{has_left, left_without_word, said_the_word};
use tcp_chat::turns::Turns;
use tcp_chat::{DEFAULT_ADDR, EndWord, MAX_HELD, Mode, farewell};

use duplex::Duplex;
use hub::Hub;

mod broadcast;
mod duplex;
mod flood_control;
mod help;
mod hub;
mod outbox;
mod room;
mod sender;
mod text;

/// A chat server: both at once, in turns, or a room for many
#[derive(Debug, Parser)]
#[command(name = "tcp-chat-server", version, after_help = EXAMPLES)]
// Silence is right in a conversation.
#[command(mut_arg("idle_timeout", |limit| limit.default_value("0")))]
struct Args {
    /// Where to listen
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:9999", help_heading = cli::NETWORK)]
    addr: Addr,
    /// Who may speak when
    #[arg(long, value_enum, default_value = "duplex")]
    mode: Mode,
    /// The word that ends a conversation, in duplex and turns
    #[arg(long, value_name = "WORD", default_value = "bye")]
    bye: EndWord,
    /// Tell who joins a room so many of the last lines that were said, up to 1000, and at most
    /// 64 KiB of them
    #[arg(long, value_name = "N", default_value = "0", value_parser = cli::whole(0..=1000_usize), help_heading = "Room")]
    history: usize,
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
        if args.history > 0 && args.mode != Mode::Room {
            exit::misused(text::only_rooms_have_history());
        }
        let stop = Stop::on_signals()?;
        let addrs = args.addr.to_listen(DEFAULT_ADDR)?;
        // socket, bind, listen: from now on the system completes connections, and they wait.
        let listener = Listener::bind(&addrs, BACKLOG, args.options.trace())?;
        let addr = listener.local_addr();
        let limits = args.tcp.limits(args.options.once);
        let clients = Clients::new(listener, &limits, &stop);
        match args.mode {
            Mode::Turns => in_turns(clients, addr, &args.bye, &limits),
            Mode::Duplex => both_at_once(clients, addr, args.bye, &limits),
            Mode::Room => in_a_room(clients, addr, &stop, &limits, args.history),
        }
    })
}

/// One client after the other: the server's user cannot take turns with two at once.
fn in_turns(
    mut clients: Clients,
    addr: SocketAddr,
    word: &EndWord,
    limits: &Limits,
) -> anyhow::Result<()> {
    let mut console = Console::new(Input::new("> ")?, signals::interrupt)?;
    // Another one receives from each client.
    try_threads(1)?;
    announce(addr)?;
    // accept: a new socket for the next client, while the listener goes on listening.
    while let Some(client) = clients.accept() {
        clients.run(client, |client| take_turns(client, &mut console, word, limits.idle_timeout));
    }
    clients.close();
    Ok(())
}

/// One client, from `accept` to `close`.
fn take_turns(
    client: Stream,
    console: &mut Console,
    word: &EndWord,
    idle: Option<Duration>,
) -> anyhow::Result<()> {
    let peer = client.peer();
    // A client may be silent for as long as it likes, but it must be there.
    client.watch_for_vanished_peer()?;
    notice!("{}", text::has_joined(peer));
    let turns = Turns::server(word.clone());
    let mut conversation = Conversation::begin(console, client, turns, LinePrefix::name(peer))?;
    let end = recv_and_send(&mut conversation);
    if let (Some(limit), true) = (idle, end.as_ref().is_err_and(is_silence)) {
        conversation.say_farewell(&farewell::silent_for(limit));
    }
    conversation.close();
    match end? {
        End::Ours => notice!("{}", has_left(peer)),
        End::TheirWord => notice!("{}", said_the_word(peer, word)),
        End::Closed => notice!("{}", left_without_word(peer, word)),
        End::Broken(error) => {
            notice!("{}", because(left_without_word(peer, word), cause(&error)));
        }
    }
    Ok(())
}

/// The client speaks first. Whoever ends the conversation, it may be in either half of the loop.
fn recv_and_send(conversation: &mut Conversation<'_>) -> anyhow::Result<End> {
    loop {
        if let Some(end) = conversation.recv()? {
            return Ok(end);
        }
        if let Some(end) = conversation.send()? {
            return Ok(end);
        }
    }
}

/// A thread for each client: the server's user speaks to all, and hears all, at any time.
fn both_at_once(
    clients: Clients,
    addr: SocketAddr,
    word: EndWord,
    limits: &Limits,
) -> anyhow::Result<()> {
    // Each connection is held twice: what waits for the rest of a character has its own time
    // limits.
    raise_open_files(limits.max_clients.saturating_mul(2));
    // Of a message that goes on and on so much is held, and of what is said to who does not read.
    let needs = Needs { threads: 1 + sender::THREADS, heap: 2 * MAX_HELD, ..Needs::default() };
    let mut clients = clients.each_needs(needs).when_full(farewell::FULL_SERVER);
    let (duplex, speaking) = Duplex::start(Input::new("> ")?, word, limits.idle_timeout)?;
    sender::begin()?;
    try_threads(needs.threads)?;
    announce(addr)?;
    speaking.begin();
    while let Some(client) = clients.accept() {
        let duplex = Arc::clone(&duplex);
        clients.spawn(client, move |client| duplex.converse(client));
    }
    clients.close();
    Ok(())
}

/// A thread for each client: what a member says goes to all, by way of the hub.
fn in_a_room(
    clients: Clients,
    addr: SocketAddr,
    stop: &Stop,
    limits: &Limits,
    history: usize,
) -> anyhow::Result<()> {
    let (hub, idle) = (Hub::start(history)?, limits.idle_timeout);
    sender::begin()?;
    let closing = Arc::clone(&hub);
    stop.on_request(move || closing.tell_all("* the server is going down"));
    let needs = Needs { threads: 1 + sender::THREADS, heap: room::MEMORY, ..Needs::default() };
    let mut clients = clients.each_needs(needs).when_full(farewell::FULL_ROOM);
    try_threads(needs.threads)?;
    announce(addr)?;
    while let Some(client) = clients.accept() {
        let hub = Arc::clone(&hub);
        clients.spawn(client, move |client| room::converse(client, &hub, idle));
    }
    clients.close();
    Ok(())
}
