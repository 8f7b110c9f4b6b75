//! The temperature server: degrees Celsius in, degrees Fahrenheit out, one datagram each.
//!
//! It shows that a server may need no connection, no thread and no memory of its clients: `socket`, `bind`, then
//! `recvfrom` and `sendto` for ever; and that it must survive whatever a datagram says.
//!
//! ```text
//! cargo run -p udp-temp
//! cargo run -p udp-temp -- --addr :9999 --trace
//! ```

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use common::addr::Addr;
use common::addr::canonical;
use common::cli::{self, ServerOptions};
use common::error_text::cause;
use common::server::{Stop, announce, is_of_the_client, wake_datagrams_on};
use common::socket::{Datagram, Datagrams, Incoming, Outgoing, Unsent};
use common::terminal::{Heading, MessageLog};
use common::{exit, notice};
use udp_temp::{DEFAULT_ADDR, MAX_REPLY, answer};

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
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:9999")]
    addr: Addr,
    #[command(flatten)]
    server: ServerOptions,
}

fn main() -> ExitCode {
    let args: Args = cli::parse();
    exit::run(|| {
        let stop = Stop::on_signals()?;
        let socket = Datagrams::bind(&args.addr.to_listen(DEFAULT_ADDR)?, args.server.trace())?;
        wake_datagrams_on(&stop, &socket);
        announce(socket.local_addr())?;
        serve(&socket, &stop, args.server.once)
    })
}

/// Answers datagrams until a stop is requested; with `once`, until one is answered.
fn serve(socket: &Datagrams, stop: &Stop, once: bool) -> anyhow::Result<()> {
    let (journal, mut heading) = (MessageLog::new()?, Heading::default());
    let mut incoming = Incoming::new(socket);
    let mut outgoing = Outgoing::new(socket, |Unsent { to, error, .. }| {
        notice!("cannot answer {to}: {}", cause(&error));
    });
    let mut reply = Vec::with_capacity(MAX_REPLY);
    loop {
        let received = incoming.receive();
        if stop.is_requested() {
            return Ok(());
        }
        match received {
            Ok(()) => {}
            // Windows tells here that nobody was left to take an earlier reply.
            Err(error) if is_of_the_client(&error) => continue,
            Err(error) => return Err(error).context("cannot receive"),
        }
        for Datagram { bytes: request, from: client, .. } in incoming.iter() {
            journal.message(heading.of("Received", client), request);

            let Some(reply) = answer(request, client.port(), &mut reply) else {
                let shown = canonical(client);
                notice!("{shown} gets no answer, for it may be a server: two would go on for ever");
                continue;
            };
            outgoing.put(reply, client, None);
            if once {
                outgoing.flush();
                return Ok(());
            }
        }
        outgoing.flush();
    }
}
