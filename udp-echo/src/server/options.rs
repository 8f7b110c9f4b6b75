//! What the server can be told on its command line.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use clap::Parser;
use common::addr::Addr;
use common::cli::{NETWORK, ServerOptions, milliseconds, percent, whole};
use common::notice;
use udp_echo::Dialect;
use udp_echo::impair::{Impairments, Network};

use crate::text;

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
pub(crate) struct Options {
    /// Where to listen: HOST:PORT, HOST, :PORT (every interface) or PORT; port 0 is any free one
    #[arg(short, long, value_name = "ADDR", help_heading = NETWORK, default_value = "127.0.0.1:9999")]
    pub(crate) addr: Addr,
    /// What to reply
    #[arg(long, value_enum, default_value_t = Dialect::Greet)]
    pub(crate) dialect: Dialect,
    #[command(flatten)]
    pub(crate) server: ServerOptions,
    // Last, for all that follows would stand under its heading.
    #[command(flatten)]
    pub(crate) network: NetworkOptions,
}

/// What the network is to do to the datagrams
#[derive(clap::Args)]
#[command(next_help_heading = "Impairments")]
pub(crate) struct NetworkOptions {
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

impl NetworkOptions {
    /// The network with these impairments, and a notice how to have the same again.
    pub(crate) fn network(&self) -> Network {
        let &Self { drop, duplicate, delay, jitter, seed } = self;
        let impairments = Impairments { drop, duplicate, delay, jitter };
        let seed = seed.unwrap_or_else(|| {
            // The keys of a hash map are the random numbers that the standard library has.
            let seed = RandomState::new().hash_one(()) % 1_000_000;
            if impairments.any() {
                notice!("{}", text::once_more(seed));
            }
            seed
        });
        Network::new(impairments, seed)
    }
}
