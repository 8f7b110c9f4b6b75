//! The UDP echo server: a reply to each datagram, nothing remembered in between.
//!
//! It shows that UDP needs no connection: `socket`, `bind`, then `recv_from` and `send_to` for
//! ever, and one socket serves everybody, since each datagram says who sent it. With `--drop`,
//! `--duplicate`, `--delay` and `--jitter` it shows what a network may do to datagrams.
//!
//! ```text
//! cargo run -p udp-echo
//! cargo run -p udp-echo -- --dialect time --trace
//! cargo run -p udp-echo -- --drop 30 --seed 1
//! ```

mod delay_queue;
mod help;
mod options;
mod text;

use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::Context;
use common::addr::canonical;
use common::server::{Stop, announce, is_of_the_client, wake_datagrams_on};
use common::socket::{BatchedDatagrams, Datagrams};
use common::terminal::MessageLog;
use common::text::cannot_start_thread;
use common::{cli, exit, notice};
use delay_queue::DelayQueue;
use options::Options;
use udp_echo::impair::{Fate, Network};
use udp_echo::{DEFAULT_ADDR, Dialect, RECEIVE_BUFFER, ctime, here};

fn main() -> ExitCode {
    let options: Options = cli::parse();
    exit::run(|| {
        let stop = Stop::on_signals()?;
        // From now on the kernel keeps what comes to this port. UDP has no `listen` and no
        // `accept`.
        let socket =
            Datagrams::bind(&options.addr.to_listen(DEFAULT_ADDR)?, options.server.trace())?;
        wake_datagrams_on(&stop, &socket);
        let log = MessageLog::new().context(cannot_start_thread())?;
        let network = options.network.network();
        let delayed = if network.holds_back() { Some(DelayQueue::on(&socket)?) } else { None };
        announce(socket.local_addr())?;
        let server = Server { dialect: options.dialect, network, delayed, log };
        server.serve(socket, &stop, options.server.once)
    })
}

/// What becomes of a datagram.
struct Server {
    dialect: Dialect,
    network: Network,
    /// Replies that leave later, where the network holds any back.
    delayed: Option<DelayQueue>,
    log: MessageLog,
}

impl Server {
    /// Replies to datagrams until a stop is requested; with `once`, until one has its reply, or was
    /// dropped.
    fn serve(mut self, socket: Datagrams, stop: &Stop, once: bool) -> anyhow::Result<()> {
        let port = socket.local_addr().port();
        // The calls keep their names, but one system call moves several datagrams where many come.
        let mut socket = BatchedDatagrams::new(socket, |unsent| notice!("{unsent}"));
        let mut buffer = vec![0; RECEIVE_BUFFER];
        loop {
            // Waits for the next datagram, whoever sent it: one socket serves everybody.
            let received = socket.recv_from(&mut buffer);
            if stop.is_requested() {
                return Ok(());
            }
            let (length, client) = match received {
                // Windows tells here that nobody was left to take an earlier reply.
                Err(error) if is_of_the_client(&error) => continue,
                received => received.context(text::cannot_receive())?,
            };
            let request = buffer.get(..length).unwrap_or_default();

            let fate = self.network.fate();
            let refusal = self.dialect.refuses(request, client, port);
            if refusal.is_none() {
                let reply = self.dialect.reply(request, || ctime(&here(SystemTime::now())));
                for delay in fate.delays() {
                    match &self.delayed {
                        // To whoever sent the request. Nothing tells whether it arrives.
                        None => socket.send_to(&reply, client),
                        Some(queue) => queue.send_to(&reply, client, socket.asked(), delay),
                    }
                }
            }

            let client = canonical(client);
            let from = match fate {
                Fate::Dropped => text::dropped_from(client),
                _ => text::received_from(client),
            };
            self.log.datagram(format_args!("{from}"), request);
            match refusal {
                Some(why) => notice!("{}", text::no_answer_for(client, why)),
                None if once => return Ok(()),
                None => {}
            }
        }
    }
}
