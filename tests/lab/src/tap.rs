//! `lab tap`: a proxy that any client and any server can be put on either side of. It shows what
//! passes, and can misbehave as networks do, in a way that can be repeated.
//!
//! | module | its one idea |
//! | --- | --- |
//! | `shape` | what may happen to a stream; pure |
//! | `network` | what may happen to datagrams; pure |
//! | `alter` | what may happen to the bytes themselves; pure |
//! | `script` | a file that says what happens when; pure |
//! | `settings` | the faults that options ask for, and who else |
//! | `stream` | TCP through the tap |
//! | `datagrams`, `front`, `back` | UDP through the tap, and its sockets towards clients and server |
//! | `live` | a tap within another program, which switches faults while it runs |
//! | `log` | what is told, to a person and to a file |
//! | `capture` | the file: pcapng, for Wireshark |

mod alter;
mod back;
mod capture;
mod datagrams;
mod front;
mod headers;
mod live;
mod log;
mod network;
mod pcapng;
mod script;
mod settings;
mod shape;
mod stream;
mod text;

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use common::addr::canonical;
use common::addr::{Addr, RESOLVE_LIMIT};
use common::cli::{milliseconds, percent, seconds, whole};
use common::server::{Stop, announce, raise_open_files};
use common::socket::{BACKLOG, BindError, Datagrams, Listener};
use common::trace::Trace;

use log::Log;
use script::{Script, Timetable};

pub use alter::Replacement;
pub use live::{Tap, Told};
pub use log::{Addresses, Side, fate};
pub use settings::{CutWith, Settings, Whose};

/// What an address leaves out: this machine, and any free port.
const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

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
    listen: Addr,
    /// Where the server is: HOST:PORT, :PORT or PORT
    #[arg(long, value_name = "ADDR")]
    to: Addr,
    /// Pass on UDP datagrams instead of TCP connections
    #[arg(long)]
    udp: bool,
    /// Write what passed as a capture, rebuilt, for Wireshark
    #[arg(long, value_name = "FILE.pcapng")]
    save: Option<PathBuf>,
    /// How many clients there may be at once
    #[arg(long, value_name = "N", default_value = "64", value_parser = whole(1..=usize::MAX))]
    max_clients: usize,
    #[command(flatten)]
    faults: Faults,
    #[command(flatten)]
    stream: StreamFaults,
    #[command(flatten)]
    datagrams: DatagramFaults,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Faults")]
struct Faults {
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
    script: Option<PathBuf>,
    /// Decide the same as another run with this seed; without it each run differs
    #[arg(long, value_name = "N", value_parser = whole(0..=u64::MAX))]
    seed: Option<u64>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Faults of a stream (TCP)")]
struct StreamFaults {
    /// Send at most N bytes at a time, each in a call of its own
    #[arg(long, value_name = "N", value_parser = whole(NonZeroUsize::MIN..=NonZeroUsize::MAX), conflicts_with = "udp")]
    split: Option<NonZeroUsize>,
    /// Wait between the pieces of --split, so that they are received one by one
    #[arg(long, value_name = "MS", default_value = "2", value_parser = milliseconds, requires = "split")]
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
    #[arg(long, value_name = "HOW", value_enum, default_value_t = CutWith::Fin, requires = "cut_after")]
    cut_with: CutWith,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Faults of datagrams (UDP)")]
struct DatagramFaults {
    /// Lose that many of 100
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent, requires = "udp")]
    drop: f64,
    /// Send that many of 100 twice
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent, requires = "udp")]
    duplicate: f64,
    /// Let that many of 100 be overtaken by the next
    #[arg(long, value_name = "PCT", default_value = "0", value_parser = percent, requires = "udp")]
    reorder: f64,
    /// Forget a client that has been silent that long
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, requires = "udp")]
    forget: Duration,
}

/// Runs until Ctrl+C.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let script = match &arguments.faults.script {
        Some(file) => read_script(file, arguments.udp)?,
        None => Script::default(),
    };
    let stop = Stop::on_signals()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context(text::cannot_carry())?;
    // A client has two sockets.
    raise_open_files(arguments.max_clients.saturating_mul(2));
    let seed = arguments.faults.seed.unwrap_or_else(|| RandomState::new().hash_one(0));
    if arguments.udp {
        run_udp(arguments, script, seed, &stop, &runtime)
    } else {
        run_tcp(arguments, script, seed, &stop, &runtime)
    }
}

/// A script of more bytes is none that anybody has written.
const LONGEST_SCRIPT: u64 = 1 << 20;

fn read_script(file: &Path, udp: bool) -> anyhow::Result<Script> {
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|opened| opened.take(LONGEST_SCRIPT + 1).read_to_end(&mut bytes))
        .with_context(|| text::cannot_read(file.display()))?;
    if bytes.len() as u64 > LONGEST_SCRIPT {
        bail!("{}", text::script_too_long(file.display(), LONGEST_SCRIPT));
    }
    let lines = str::from_utf8(&bytes).map_err(|_| anyhow!(text::not_text(file.display())))?;
    Script::parse(lines, udp)
        .map_err(|wrong| anyhow!(text::bad_script(file.display(), wrong.line, wrong.why)))
}

fn run_tcp(
    arguments: &Arguments,
    script: Script,
    seed: u64,
    stop: &Stop,
    runtime: &tokio::runtime::Runtime,
) -> anyhow::Result<()> {
    let target = arguments.to.to_connect(DEFAULT_ADDR, RESOLVE_LIMIT)?;
    let addrs = arguments.listen.to_listen(DEFAULT_ADDR)?;
    let listener = Listener::bind(&addrs, BACKLOG, Trace::default()).map_err(own_words)?;
    refuse_oneself(&target.addrs, listener.local_addr())?;
    let log = Arc::new(Log::new(arguments.save.as_deref())?);
    announce(listener.local_addr())?;
    tell_seed(arguments, &script, seed, &log);
    let settings = arguments.settings();
    let [up, down] = settings.stream_faults(script);
    let cut_with = settings.cut_with.into();
    let max_clients = arguments.max_clients;
    let plan = stream::Plan { target, up, down, cut_with, seed, max_clients, live: None };
    let shared = Arc::clone(&log);
    runtime.block_on(stream::serve(listener, plan, shared, stop.clone()))?;
    log.finish(false)
}

fn run_udp(
    arguments: &Arguments,
    script: Script,
    seed: u64,
    stop: &Stop,
    runtime: &tokio::runtime::Runtime,
) -> anyhow::Result<()> {
    let mut target = arguments.to.to_connect(DEFAULT_ADDR, RESOLVE_LIMIT)?.addrs;
    // As `common::socket::DatagramClient` does, and for the same reason: the tutorials' servers
    // know nothing but IPv4.
    target.sort_by_key(SocketAddr::is_ipv6);
    let addrs = arguments.listen.to_listen(DEFAULT_ADDR)?;
    let socket = Datagrams::bind(&addrs, Trace::default()).map_err(own_words)?;
    refuse_oneself(&target, socket.local_addr())?;
    let log = Arc::new(Log::new(arguments.save.as_deref())?);
    announce(socket.local_addr())?;
    tell_seed(arguments, &script, seed, &log);
    let [up, down] = arguments.settings().datagram_faults(script);
    let (max_clients, forget) = (arguments.max_clients, arguments.datagrams.forget);
    let plan = datagrams::Plan { target, up, down, seed, max_clients, forget, live: None };
    let shared = Arc::clone(&log);
    runtime.block_on(datagrams::serve(socket, plan, shared, stop.clone()))?;
    log.finish(true)
}

/// The hint names the option of the servers, which is another one here.
fn own_words(error: BindError) -> anyhow::Error {
    anyhow!(error.to_string().replace("--addr", "--listen"))
}

/// A tap that leads to itself would connect to itself again and again.
fn refuse_oneself(target: &[SocketAddr], own: SocketAddr) -> anyhow::Result<()> {
    let oneself = |addr: &SocketAddr| {
        canonical(*addr) == canonical(own)
            || own.ip().is_unspecified() && addr.ip().is_loopback() && addr.port() == own.port()
    };
    if target.iter().any(oneself) {
        bail!("{}", text::leads_to_itself(own));
    }
    Ok(())
}

/// So that a run can be repeated whose seed nobody chose.
fn tell_seed(arguments: &Arguments, script: &Script, seed: u64, log: &Log) {
    let scripted = [&script.client, &script.server].into_iter().any(Timetable::corrupts);
    if arguments.faults.seed.is_none() && (arguments.settings().chance() || scripted) {
        log.notice(format_args!("{}", text::seed(seed)));
    }
}

impl Arguments {
    fn settings(&self) -> Settings {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_that_leads_to_itself_is_refused() {
        let refused = |own: &str, to: &str| {
            refuse_oneself(&[to.parse().unwrap()], own.parse().unwrap()).is_err()
        };
        assert!(refused("127.0.0.1:5", "127.0.0.1:5"));
        assert!(refused("[::]:5", "127.0.0.1:5"));
        assert!(refused("0.0.0.0:5", "[::1]:5"));
        assert!(!refused("127.0.0.1:5", "127.0.0.1:6"));
        assert!(!refused("127.0.0.1:5", "127.0.0.2:5"));
        assert!(!refused("[::]:5", "192.0.2.1:5"));
    }
}
