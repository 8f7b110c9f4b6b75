//! The UDP echo server: a reply to each datagram, nothing remembered in between.
//!
//! It shows that UDP needs no connection: `socket`, `bind`, then `recvfrom` and `sendto` for ever, and one socket
//! serves everybody, since each datagram says who sent it. With `--drop`, `--duplicate`, `--delay` and `--jitter` it
//! shows what a network may do to datagrams.
//!
//! ```text
//! cargo run -p udp-echo
//! cargo run -p udp-echo -- --dialect time --trace
//! cargo run -p udp-echo -- --drop 30 --seed 1
//! ```

mod later;
mod outbox;

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use common::addr::Addr;
use common::addr::canonical;
use common::cli::{self, ServerOptions, milliseconds, percent, whole};
use common::server::{Stop, announce, is_of_the_client, wake_datagrams_on};
use common::socket::{Datagram, Datagrams, Incoming};
use common::terminal::{Heading, MessageLog};
use common::{exit, notice};
use outbox::{Outbox, To};
use udp_echo::impair::{Fate, Impairments, Network};
use udp_echo::{DEFAULT_ADDR, Dialect, ctime, reply_hops};

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
  udp-echo-server --drop 30 --seed 1        loses 30 % of the datagrams, the same ones each time
  udp-echo-server --delay 50 --jitter 100   replies late, and not always in order
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
    // Last, for all that follows would stand under its heading.
    #[command(flatten)]
    network: NetworkOptions,
}

/// What the network is to do to the datagrams
#[derive(clap::Args)]
#[command(next_help_heading = "Impairments")]
struct NetworkOptions {
    /// Drop that many of 100 datagrams
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent)]
    drop: f64,
    /// Send that many of 100 replies twice
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent)]
    duplicate: f64,
    /// Hold each reply back that long
    #[arg(long, value_name = "MS", default_value = "0", value_parser = milliseconds)]
    delay: Duration,
    /// Hold each reply back a random time longer, up to that
    #[arg(long, value_name = "MS", default_value = "0", value_parser = milliseconds)]
    jitter: Duration,
    /// Decide the same as another run with this seed; without it each run differs
    #[arg(long, value_name = "N", value_parser = whole(0..=u64::MAX))]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let args: Args = cli::parse();
    exit::run(|| {
        let stop = Stop::on_signals()?;
        let socket = Datagrams::bind(&args.addr.to_listen(DEFAULT_ADDR)?, args.server.trace())?;
        // Before anybody may send: what the kernel has taken without its hops never tells them.
        let incoming = room_for(args.dialect, &socket).context("cannot ask for the hops of datagrams")?;
        wake_datagrams_on(&stop, &socket);
        announce(socket.local_addr())?;
        serve(&socket, incoming, &stop, args.dialect, args.network.network(), args.server.once)
    })
}

impl NetworkOptions {
    /// The network with these impairments, and a notice how to have the same again.
    fn network(&self) -> Network {
        let &Self { drop, duplicate, delay, jitter, seed } = self;
        let impairments = Impairments { drop, duplicate, delay, jitter };
        let seed = seed.unwrap_or_else(|| {
            // The keys of a hash map are the random numbers that the standard library has.
            let seed = RandomState::new().hash_one(()) % 1_000_000;
            if impairments.any() {
                notice!("--seed {seed} does the same to the datagrams again");
            }
            seed
        });
        Network::new(impairments, seed)
    }
}

/// Replies to datagrams until a stop is requested; with `once`, until one has its reply, or was dropped.
fn serve(
    socket: &Datagrams,
    mut incoming: Incoming<'_>,
    stop: &Stop,
    dialect: Dialect,
    mut network: Network,
    once: bool,
) -> anyhow::Result<()> {
    let journal = MessageLog::new()?;
    // These are used again and again: nothing is allocated for a datagram.
    let mut outbox = Outbox::new(socket, &network)?;
    let mut reply = Vec::new();
    let own_port = socket.local_addr().port();
    let (mut heading, mut clock) = (Heading::default(), Clock::default());
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
        for Datagram { bytes: request, from: client, hops } in incoming.iter() {
            let fate = network.fate();
            let verb = if fate == Fate::Dropped { "Dropped" } else { "Received" };
            journal.message(heading.of(verb, client), request);

            if let Some(why) = dialect.refuses(request, client, own_port, hops) {
                let shown = canonical(client);
                notice!("{shown} gets no answer: {why}; two servers would go on for ever");
                continue;
            }
            let now = if dialect == Dialect::Time { clock.now() } else { "" };
            let reply = dialect.reply(request, now, &mut reply);
            outbox.put(reply, To { client, hops: hops.map(reply_hops) }, fate);
            if once {
                outbox.flush();
                return Ok(());
            }
        }
        outbox.flush();
    }
}

/// Room for datagrams. Their hops matter to the dialect alone that cannot know a server's answer by its bytes.
fn room_for(dialect: Dialect, socket: &Datagrams) -> io::Result<Incoming<'_>> {
    match dialect {
        Dialect::Raw => Incoming::with_hops(socket),
        Dialect::Greet | Dialect::Time => Ok(Incoming::new(socket)),
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
