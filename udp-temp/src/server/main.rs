//! The temperature server: degrees Celsius in, degrees Fahrenheit out, one datagram each.
//!
//! It shows that a server may need no connection, no thread and no memory of its clients: `socket`,
//! `bind`, then `recv_from` and `send_to` for ever; and that it must survive whatever a datagram
//! says.
//!
//! ```text
//! cargo run -p udp-temp
//! cargo run -p udp-temp -- --addr :9999 --trace
//! ```

mod help;
mod text;

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use common::addr::{Addr, canonical};
use common::cli::{self, ServerOptions};
use common::server::{Stop, announce, is_of_the_client, wake_datagrams_on};
use common::socket::{BatchedDatagrams, Datagrams};
use common::terminal::MessageLog;
use common::text::cannot_start_thread;
use common::{exit, notice};
use udp_temp::{DEFAULT_ADDR, RECEIVE_BUFFER, answer};

/// Converts degrees Celsius, one datagram at a time
#[derive(Parser)]
#[command(
    name = "udp-temp-server",
    version,
    after_help = "\
Examples:
  udp-temp-server                   for this machine, at 127.0.0.1:9999
  udp-temp-server --addr :9999      for everybody, by IPv6 and IPv4
  udp-temp-server --once            one question, then the end, as the tutorial's
  printf 36.6 | nc -u -w1 127.0.0.1 9999    asks without the client"
)]
struct Args {
    /// Where to listen: HOST:PORT, HOST, :PORT (every interface) or PORT; port 0 is any free one
    #[arg(short, long, value_name = "ADDR", help_heading = cli::NETWORK, default_value = "127.0.0.1:9999")]
    addr: Addr,
    #[command(flatten)]
    server: ServerOptions,
}

fn main() -> ExitCode {
    let args: Args = cli::parse();
    exit::run(|| {
        let stop = Stop::on_signals()?;
        // From now on the kernel keeps what comes to this port. UDP has no `listen` and no
        // `accept`.
        let socket = Datagrams::bind(&args.addr.to_listen(DEFAULT_ADDR)?, args.server.trace())?;
        wake_datagrams_on(&stop, &socket);
        let log = MessageLog::new().context(cannot_start_thread())?;
        announce(socket.local_addr())?;
        serve(socket, &log, &stop, args.server.once)
    })
}

/// Answers datagrams until a stop is requested; with `once`, until one is answered.
fn serve(socket: Datagrams, log: &MessageLog, stop: &Stop, once: bool) -> anyhow::Result<()> {
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
        let question = buffer.get(..length).unwrap_or_default();

        let reply = answer(question, client.port());
        if let Some(reply) = &reply {
            // To whoever sent the question. Nothing tells whether it arrives.
            socket.send_to(reply.as_bytes(), client);
        }

        let client = canonical(client);
        log.datagram(format_args!("{}", text::received_from(client)), question);
        match reply {
            None => notice!("{}", text::no_answer_for(client)),
            Some(_) if once => return Ok(()),
            Some(_) => {}
        }
    }
}
