//! The server of the TCP echo: socket, bind, listen, accept, recv, send, close, from top to bottom.
//!
//! Run it in one terminal and `tcp-echo-client` in another:
//!
//! ```text
//! cargo run -p tcp-echo
//! ```

mod args;
mod buffers;
mod help;
mod tasks;
mod text;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use common::server::{Clients, Limits, Needs, Stop, announce, try_threads};
use common::socket::{BACKLOG, LINGERING_CLOSE, Listener, Stream};
use common::terminal::MessageLog;
use common::{cli, exit, notice};
use tcp_echo::{Conversation, DEFAULT_ADDR, Dialect};

use args::{Args, Model};
use buffers::Buffers;

/// What all conversations have in common.
struct Config {
    dialect: Dialect,
    think: Duration,
    buffers: Buffers,
    log: MessageLog,
    stop: Stop,
}

fn main() -> ExitCode {
    exit::run(|| {
        let args: Args = cli::parse();
        // From here on Ctrl+C asks for an orderly end.
        let stop = Stop::on_signals()?;
        let addrs = args.addr.to_listen(DEFAULT_ADDR)?;
        // socket makes one end of a conversation; bind takes the address and the port for it;
        // listen lets the kernel complete connections, of which BACKLOG may wait for accept.
        let listener = Listener::bind(&addrs, BACKLOG, args.options.trace())?;
        let limits = args.tcp.limits(args.options.once);
        let config = Arc::new(Config {
            dialect: args.dialect,
            think: args.think.unwrap_or_default(),
            buffers: Buffers::new(args.read_size),
            log: MessageLog::new().context(text::cannot_start_printer())?,
            stop,
        });
        match args.model {
            Model::Tasks => tasks::serve(listener, &limits, &config),
            model => serve(listener, &limits, &config, model),
        }
    })
}

/// Serves clients until a stop is requested: one after the other, or each on a thread of its own.
fn serve(
    listener: Listener,
    limits: &Limits,
    config: &Arc<Config>,
    model: Model,
) -> anyhow::Result<()> {
    let addr = listener.local_addr();
    let needs = Needs { threads: 1, heap: config.memory_for_each(), ..Needs::default() };
    let clients = Clients::new(listener, limits, &config.stop).each_needs(needs);
    let mut clients = clients.when_full(config.dialect.full());
    if model == Model::Threads {
        try_threads(1)?;
    }
    announce(addr)?;
    // accept waits for a client and returns a new socket, for this client alone.
    while let Some(client) = clients.accept() {
        let config = Arc::clone(config);
        if model == Model::Queue {
            clients.run(client, |client| converse(client, &config));
        } else {
            clients.spawn(client, move |client| converse(client, &config));
        }
    }
    clients.close();
    Ok(())
}

/// One client from `accept` to `close`.
fn converse(client: Stream, config: &Config) -> anyhow::Result<()> {
    let peer = client.peer();
    notice!("{}", text::connected(peer));
    let mut conversation = Conversation::new(config.dialect);
    client.send_all(conversation.opening())?;
    loop {
        // A client that says nothing holds no buffer: it is lent once something has come.
        client.readable()?;
        let mut buffer = config.buffers.lend();
        // recv takes what has come, at most a buffer full: a part of a message, or several.
        let received = client.recv(&mut buffer)?;
        let turn = match buffer.get(..received) {
            // 0 bytes are the end of the stream: the client has closed its side.
            None | Some([]) => conversation.end(),
            Some(piece) => conversation.hear(piece, received == buffer.len())?,
        };
        if let Some(said) = &turn.said {
            config.show(peer, said);
        }
        if !turn.reply.is_empty() {
            if !config.think.is_zero() {
                config.stop.wait(config.think);
            }
            // send may take only a part; this goes on until all of it is on its way.
            client.send_all(&turn.reply)?;
        }
        if received == 0 {
            client.close();
            break;
        }
        if turn.over {
            // The server closes first. Bytes that are still to come would turn close into a reset.
            client.close_gently(LINGERING_CLOSE);
            break;
        }
    }
    notice!("{}", text::closed(peer));
    Ok(())
}

impl Config {
    /// What a client says and what it is answered are in memory at the same time, and on the
    /// screen's way.
    fn memory_for_each(&self) -> usize {
        self.buffers.size().saturating_mul(3)
    }

    fn show(&self, peer: SocketAddr, said: &[u8]) {
        self.log.line(format_args!("{peer}: "), said);
    }
}
