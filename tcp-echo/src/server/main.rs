//! The server of the TCP echo.
//!
//! `socket`, `bind`, `listen` in [`main`]; then for each client `accept`, `recv` and `send` in turn, `close` in
//! [`converse`]. Run it in one terminal and `tcp-echo-client` in another:
//!
//! ```text
//! cargo run -p tcp-echo
//! ```

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ServerOptions, TcpServerOptions};
use common::server::{Clients, Stop, announce};
use common::socket::{BACKLOG, Listener, Stream};
use common::terminal::MessageLog;
use common::{exit, notice};
use tcp_echo::{Conversation, DEFAULT_ADDR, Dialect};

mod buffers;
mod crowd;
mod tasks;

use buffers::Buffers;
use crowd::Crowd;

/// How long to wait for the client's own close when the server ends a conversation.
const PATIENCE: Duration = Duration::from_secs(1);

/// A TCP echo server that speaks the dialects of five tutorials
#[derive(Debug, Parser)]
#[command(name = "tcp-echo-server", version, after_help = EXAMPLES)]
struct Args {
    /// Where to listen
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:50000")]
    addr: Addr,
    /// Who says what
    #[arg(long, value_enum, default_value = "repeat")]
    dialect: Dialect,
    /// How several clients are served
    #[arg(long, value_enum, default_value = "threads")]
    model: Model,
    /// Size of the receive buffer; with a small one messages fall apart
    #[arg(long, value_name = "BYTES", default_value = "65536", value_parser = read_size)]
    read_size: usize,
    /// Think so long before each reply
    #[arg(long, value_name = "SECONDS", value_parser = cli::seconds)]
    think: Option<Duration>,
    #[command(flatten)]
    tcp: TcpServerOptions,
    #[command(flatten)]
    options: ServerOptions,
}

const EXAMPLES: &str = "\
Examples:
  tcp-echo-server                           repeat what clients say, on 127.0.0.1:50000
  tcp-echo-server -a :7 --dialect raw       the echo service of RFC 862, on every interface
  tcp-echo-server --model queue             one client at a time: try a second one
  tcp-echo-server --read-size 8 --trace     watch a long message fall apart";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Model {
    /// One client after the other; the next waits (tutorials 000 and 001)
    Queue,
    /// A thread for each client (tutorials 002 and 003)
    Threads,
    /// A task for each client, on few threads (tutorial 004's coroutines)
    Tasks,
}

/// What a conversation needs to know, whatever drives it.
struct Manner {
    dialect: Dialect,
    read_size: usize,
    think: Duration,
    journal: MessageLog,
    stop: Stop,
}

fn main() -> ExitCode {
    exit::run(|| {
        let args: Args = cli::parse();
        let stop = Stop::on_signals()?;
        let addrs = args.addr.to_listen(DEFAULT_ADDR)?;
        let listener = Listener::bind(&addrs, BACKLOG, args.options.trace())?;
        serve(listener, &stop, &args)
    })
}

/// Says where it listens once all is ready to serve, and serves.
fn serve(listener: Listener, stop: &Stop, args: &Args) -> anyhow::Result<()> {
    let manner = Arc::new(Manner {
        dialect: args.dialect,
        read_size: args.read_size,
        think: args.think.unwrap_or_default(),
        journal: MessageLog::new().context("cannot start the thread that prints")?,
        stop: stop.clone(),
    });
    let limits = args.tcp.limits(args.options.once);
    if args.model == Model::Tasks {
        return tasks::serve(listener, stop, &limits, manner);
    }
    let (buffers, crowd) = (Arc::new(Buffers::new(args.read_size)), Arc::new(Crowd::new()));
    announce(listener.local_addr())?;
    let mut clients = Clients::new(listener, &limits, stop).when_full(args.dialect.full());
    while let Some(client) = clients.accept() {
        let (manner, buffers, crowd) = (Arc::clone(&manner), Arc::clone(&buffers), Arc::clone(&crowd));
        let conversation = move |client| {
            let _place = crowd.join();
            converse(client, &manner, &buffers)
        };
        match args.model {
            Model::Queue => clients.run(client, conversation),
            Model::Threads | Model::Tasks => clients.spawn(client, conversation),
        }
    }
    clients.close();
    Ok(())
}

/// One client from `accept` to `close`.
fn converse(client: Stream, manner: &Manner, buffers: &Buffers) -> anyhow::Result<()> {
    let peer = client.peer();
    notice!("{peer} connected");
    let mut conversation = Conversation::new(manner.dialect);
    let mut inbox = buffers.inbox();
    client.send_all(conversation.opening())?;
    let closed_by_client = loop {
        conversation.rest();
        let received = inbox.recv(&client)?;
        let turn = match received {
            // Nothing received is the end of the stream: the client has closed its side.
            [] => conversation.end(),
            piece => conversation.hear(piece, piece.len() == manner.read_size)?,
        };
        if let Some(said) = turn.said {
            manner.journal.line(format_args!("{peer}: "), said);
        }
        if !turn.reply.is_empty() {
            if !manner.think.is_zero() {
                manner.stop.wait(manner.think);
            }
            client.send_all(turn.reply)?;
        }
        if turn.over {
            break received.is_empty();
        }
    };
    if closed_by_client {
        client.close();
    } else {
        client.close_gently(PATIENCE);
    }
    notice!("{peer} closed");
    Ok(())
}

fn read_size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(size @ 1..=0x1_000_000) => Ok(size),
        _ => Err("a buffer has 1 to 16777216 bytes".to_owned()),
    }
}
