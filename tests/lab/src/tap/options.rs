//! The options of `lab tap`, and what its help says of them.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use common::addr::Addr;
use common::cli::{milliseconds, percent, seconds, whole};

use super::alter::Replacement;
use super::settings::{CutWith, Settings, Whose};

/// Stand between any client and any server: show what passes, and misbehave on demand
///
/// The tap listens like a server and connects like a client. Point the client at the tap and the
/// tap at the server, whoever wrote them. Each connection is shown as a ladder, client left, server
/// right. Ctrl+C ends it with a summary.
///
/// What it does to the bytes depends on the options and on --seed alone, as far as the times at
/// which they arrive allow.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo lab tap --listen 5000 --to 50000         in front of tcp-echo-server; tcp-echo-client -a :5000
  cargo lab tap --listen 5000 --to 50000 --split 1      each byte alone: does the other end still understand?
  cargo lab tap --listen 5000 --to 50000 --merge 200    messages stick together
  cargo lab tap --listen 5000 --to 50000 --cut-after 10 --from server --cut-with rst
  cargo lab tap --udp --listen 5000 --to 9999 --drop 30 --seed 1    the same 30 % are lost each time
  cargo lab tap --udp --listen 5000 --to 9999 --reorder 50 --duplicate 20 --delay 50 --jitter 20
  cargo lab tap --listen 5000 --to 50000 --corrupt 1 --seed 7     one bit of every hundredth byte flips
  cargo lab tap --listen 5000 --to 8080 --replace 'HTTP/1.1=HTTP/1.0' --from client
  cargo lab tap --listen 5000 --to 50000 --script faults.txt      as the lines of that file say
  cargo lab tap --listen 5000 --to 8080 --save web.pcapng    Ctrl+C, then open web.pcapng in Wireshark

Lines of a script: whose bytes, when, what. Bytes and datagrams of a connection are counted from 1.
  client byte 5 corrupt                 # one bit of it flips; --seed decides which
  client byte 9 insert \"\\r\\n\"         # before it
  client byte 20 replace \"XYZ\"         # it and the two behind it
  server byte 100 pause 500ms           # before it leaves
  server byte 1000 cut rst              # behind it; or: cut fin
  both after 2s pause 1s                # 2 s after the beginning; also: cut fin, cut rst
  client datagram 3 drop                # --udp; also: duplicate, delay 300ms, corrupt, replace \"x\"
  server after 1.5s drop for 2s         # --udp: all of that time")]
pub(crate) struct Arguments {
    /// Where clients connect to: HOST:PORT, HOST, :PORT (every interface) or PORT; port 0 is any
    /// free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(super) listen: Addr,
    /// Where the server is: HOST:PORT, :PORT or PORT
    #[arg(long, value_name = "ADDR")]
    pub(super) to: Addr,
    /// Pass on UDP datagrams instead of TCP connections
    #[arg(long)]
    pub(super) udp: bool,
    /// Write what passed as a capture, rebuilt, for Wireshark
    #[arg(long, value_name = "FILE.pcapng")]
    pub(super) save: Option<PathBuf>,
    /// How many clients there may be at once
    #[arg(long, value_name = "N", default_value = "64", value_parser = whole(1..=usize::MAX))]
    pub(super) max_clients: usize,
    #[command(flatten)]
    pub(super) faults: Faults,
    #[command(flatten)]
    stream: StreamFaults,
    #[command(flatten)]
    pub(super) datagrams: DatagramFaults,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Faults")]
pub(super) struct Faults {
    /// Whose bytes the faults are for
    #[arg(long, value_name = "SIDE", value_enum, default_value_t = Whose::Both)]
    from: Whose,
    /// Hold everything back that long
    #[arg(long, value_name = "MS", default_value = "0", value_parser = milliseconds)]
    delay: Duration,
    /// Hold everything back a random time longer, up to that
    #[arg(long, value_name = "MS", default_value = "0", value_parser = milliseconds)]
    jitter: Duration,
    /// Flip one bit in that many of 100: of the bytes (TCP), of the datagrams (UDP)
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent)]
    corrupt: f64,
    /// Put TO in the place of each FROM; \n, \r, \t, \0, \\, \= and \x00 stand for bytes. May be
    /// given several times
    #[arg(long, value_name = "FROM=TO", value_parser = Replacement::parse)]
    replace: Vec<Replacement>,
    /// Do what the lines of this file say, at the bytes, datagrams and times that they name (below)
    #[arg(long, value_name = "FILE")]
    pub(super) script: Option<PathBuf>,
    /// Decide the same as another run with this seed; without it each run differs
    #[arg(long, value_name = "N", value_parser = whole(0..=u64::MAX))]
    pub(super) seed: Option<u64>,
}

/// The faults that datagrams do not have. What needs `--udp` says so of each: clap asks no more for
/// an option that excludes one which is there.
const OF_STREAMS: [&str; 4] = ["split", "merge", "rate", "cut_after"];

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Faults of a stream (TCP)")]
struct StreamFaults {
    /// Send at most N bytes at a time, each in a call of its own
    #[arg(long, value_name = "N", value_parser = whole(NonZeroUsize::MIN..=NonZeroUsize::MAX), conflicts_with = "udp")]
    split: Option<NonZeroUsize>,
    /// Wait between the pieces of --split, so that they are received one by one
    #[arg(long, value_name = "MS", default_value = "2", value_parser = milliseconds, requires = "split", conflicts_with = "udp")]
    gap: Duration,
    /// Collect what arrives within that time, and send it at once
    #[arg(long, value_name = "MS", default_value = "0", value_parser = milliseconds, conflicts_with = "udp")]
    merge: Duration,
    /// Send so many bytes in a second
    #[arg(long, value_name = "BYTES/S", value_parser = whole(NonZeroU64::MIN..=NonZeroU64::MAX), conflicts_with = "udp")]
    rate: Option<NonZeroU64>,
    /// End a connection after so many bytes from one side
    #[arg(long, value_name = "BYTES", value_parser = whole(0..=u64::MAX), conflicts_with = "udp")]
    cut_after: Option<u64>,
    /// How --cut-after ends it: in order, or by a reset, which may overtake the last bytes
    #[arg(long, value_name = "HOW", value_enum, default_value_t = CutWith::Fin, requires = "cut_after", conflicts_with = "udp")]
    cut_with: CutWith,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Faults of datagrams (UDP)")]
pub(super) struct DatagramFaults {
    /// Lose that many of 100
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent, requires = "udp", conflicts_with_all = OF_STREAMS)]
    drop: f64,
    /// Send that many of 100 twice
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent, requires = "udp", conflicts_with_all = OF_STREAMS)]
    duplicate: f64,
    /// Let that many of 100 be overtaken by the next
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent, requires = "udp", conflicts_with_all = OF_STREAMS)]
    reorder: f64,
    /// Forget a client that has been silent that long
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, requires = "udp", conflicts_with_all = OF_STREAMS)]
    pub(super) forget: Duration,
}

impl Arguments {
    /// The faults that they ask for.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            from: self.faults.from,
            delay: self.faults.delay,
            jitter: self.faults.jitter,
            corrupt: self.faults.corrupt,
            replace: self.faults.replace.clone(),
            split: self.stream.split,
            gap: self.stream.gap,
            merge: self.stream.merge,
            rate: self.stream.rate,
            cut_after: self.stream.cut_after,
            cut_with: self.stream.cut_with,
            nagle: false,
            drop: self.datagrams.drop,
            duplicate: self.datagrams.duplicate,
            reorder: self.datagrams.reorder,
        }
    }
}
