//! The UDP echo server: a reply to each datagram, nothing remembered in between.
//!
//! It shows that UDP needs no connection: `socket`, `bind`, then `recvfrom` and `sendto` for ever, and one socket
//! serves everybody, since each datagram says who sent it.
//!
//! ```text
//! cargo run -p udp-echo
//! cargo run -p udp-echo -- --dialect time --trace
//! ```

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use common::addr::Addr;
use common::cause::cause;
use common::cli::{self, ServerOptions};
use common::journal::Journal;
use common::serve::{announce, is_of_the_client, wake_datagrams_on};
use common::shutdown::Stop;
use common::socket::{Datagrams, canonical};
use udp_echo::{DEFAULT_ADDR, Dialect, RECEIVE_BUFFER, ctime};

/// Replies to datagrams
#[derive(Parser)]
#[command(
    name = "udp-echo-server",
    version,
    after_help = "\
Examples:
  udp-echo-server                   greets, at 127.0.0.1:9999
  udp-echo-server --dialect time    says what time it is
  udp-echo-server -a :7777 --dialect raw    for everybody, by IPv6 and IPv4
  printf Tracy | nc -u -w1 127.0.0.1 9999    talks to it without the client"
)]
struct Args {
    /// Where to listen: HOST:PORT, HOST, :PORT (every interface) or PORT; port 0 is any free one
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:9999")]
    addr: Addr,
    /// What to reply
    #[arg(long, value_enum, default_value_t = Dialect::Greet)]
    dialect: Dialect,
    #[command(flatten)]
    server: ServerOptions,
}

fn main() -> ExitCode {
    let args: Args = cli::parse();
    cli::run(|| {
        let stop = Stop::on_signals()?;
        let socket = Datagrams::bind(&args.addr.to_listen(DEFAULT_ADDR)?, args.server.trace())?;
        wake_datagrams_on(&stop, &socket);
        announce(socket.local_addr())?;
        serve(&socket, &stop, args.dialect, args.server.once)
    })
}

/// Replies to datagrams until a stop is requested; with `once`, until one has its reply.
fn serve(socket: &Datagrams, stop: &Stop, dialect: Dialect, once: bool) -> anyhow::Result<()> {
    let journal = Journal::new()?;
    let own_port = socket.local_addr().port();
    let mut clock = Clock::default();
    // Both are used again and again: nothing is allocated for a datagram.
    let mut request = vec![0; RECEIVE_BUFFER];
    let mut reply = Vec::new();
    loop {
        let received = socket.recv_from(&mut request);
        if stop.is_requested() {
            return Ok(());
        }
        let (length, client) = match received {
            Ok(received) => received,
            // Windows tells here that nobody was left to take an earlier reply.
            Err(error) if is_of_the_client(&error) => continue,
            Err(error) => return Err(error).context("cannot receive"),
        };
        let shown = canonical(client);
        let request = request.get(..length).unwrap_or_default();
        journal.line(format_args!("Received from {shown}: "), request);

        if let Some(refusal) = dialect.refuses(request, client, own_port) {
            journal
                .notice(format_args!("{shown} gets no answer: {refusal}; two servers would go on for ever"));
            continue;
        }
        let now = if dialect == Dialect::Time { clock.now() } else { "" };
        let reply = dialect.reply(request, now, &mut reply);
        send(socket, reply, client, &journal);
        if once {
            return Ok(());
        }
    }
}

/// Sends a reply. That one client cannot be reached is no reason to end.
fn send(socket: &Datagrams, reply: &[u8], client: SocketAddr, journal: &Journal) {
    if let Err(error) = socket.send_to(reply, client) {
        let client = canonical(client);
        journal.notice(format_args!("cannot send {} bytes to {client}: {}", reply.len(), cause(&error)));
    }
}

/// The time in words, made anew only when the second has changed.
#[derive(Default)]
struct Clock {
    second: i64,
    words: String,
}

impl Clock {
    fn now(&mut self) -> &str {
        let now = jiff::Timestamp::now();
        if self.words.is_empty() || now.as_second() != self.second {
            self.second = now.as_second();
            self.words = ctime(&now.to_zoned(jiff::tz::TimeZone::system()));
        }
        &self.words
    }
}
