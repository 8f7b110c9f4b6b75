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

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Parser;
use common::addr::Addr;
use common::cause::cause;
use common::cli::{self, ServerOptions};
use common::journal::Journal;
use common::notice;
use common::serve::{announce, is_of_the_client, wake_datagrams_on};
use common::shutdown::Stop;
use common::socket::{Datagrams, canonical};
use later::Later;
use udp_echo::impair::{Fate, Impairments, Network, milliseconds, percent};
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
    network: NetworkOptions,
    #[command(flatten)]
    server: ServerOptions,
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
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let args: Args = cli::parse();
    cli::run(|| {
        let stop = Stop::on_signals()?;
        let socket = Datagrams::bind(&args.addr.to_listen(DEFAULT_ADDR)?, args.server.trace())?;
        wake_datagrams_on(&stop, &socket);
        announce(socket.local_addr())?;
        serve(&socket, &stop, args.dialect, args.network.network(), args.server.once)
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
    stop: &Stop,
    dialect: Dialect,
    mut network: Network,
    once: bool,
) -> anyhow::Result<()> {
    let journal = Arc::new(Journal::new()?);
    let sender = Sender::new(socket, &journal, &network)?;
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
        let fate = network.fate();
        let verb = if fate == Fate::Dropped { "Dropped" } else { "Received" };
        journal.line(format_args!("{verb} from {shown}: "), request);

        if let Some(refusal) = dialect.refuses(request, client, own_port) {
            journal
                .notice(format_args!("{shown} gets no answer: {refusal}; two servers would go on for ever"));
            continue;
        }
        let now = if dialect == Dialect::Time { clock.now() } else { "" };
        let reply = dialect.reply(request, now, &mut reply);
        match fate {
            Fate::Dropped => {}
            Fate::Once(late) => sender.send(reply, client, late),
            Fate::Twice(one, other) => {
                sender.send(reply, client, one);
                sender.send(reply, client, other);
            }
        }
        if once {
            return Ok(());
        }
    }
}

/// Sends replies, now or later. Dropping it waits until the last has left.
struct Sender<'a> {
    socket: &'a Datagrams,
    journal: &'a Arc<Journal>,
    /// Where nothing is held back, no thread is needed.
    later: Option<Later>,
}

impl<'a> Sender<'a> {
    fn new(socket: &'a Datagrams, journal: &'a Arc<Journal>, network: &Network) -> anyhow::Result<Self> {
        let mut sender = Self { socket, journal, later: None };
        if network.holds_back() {
            let second = socket.try_clone().context("cannot share the socket")?;
            let lines = Arc::clone(journal);
            let later = Later::new(move |reply, client| send(&second, reply, client, &lines));
            sender.later = Some(later.context("cannot start a thread")?);
        }
        Ok(sender)
    }

    fn send(&self, reply: &[u8], client: SocketAddr, late: Duration) {
        let Some(later) = &self.later else {
            return send(self.socket, reply, client, self.journal);
        };
        if !later.put(Instant::now() + late, reply, client) {
            let client = canonical(client);
            self.journal
                .notice(format_args!("too many replies wait for --delay: that to {client} is dropped"));
        }
    }
}

/// That one client cannot be reached is no reason to end.
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
