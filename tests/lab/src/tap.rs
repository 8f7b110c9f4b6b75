//! `lab tap`: a proxy that any client and any server can be put on either side of. It shows what
//! passes, and can misbehave as networks do, in a way that can be repeated.
//!
//! | module | its one idea |
//! | --- | --- |
//! | `options` | the command line |
//! | `side`, `close` | who sends, and how a connection ends |
//! | `timetable` | what is to happen to one side at which byte, datagram or time |
//! | `shape` | what may happen to a stream; pure |
//! | `network` | what may happen to datagrams; pure |
//! | `alter` | what may happen to the bytes themselves; pure |
//! | `script` | a file that says what happens when; pure |
//! | `settings` | the faults that options ask for, and who else |
//! | `control` | what somebody switches while the tap runs |
//! | `stream` | TCP through the tap |
//! | `datagrams`, `front`, `back` | UDP through the tap, and its sockets towards clients and server |
//! | `live` | a tap within another program, which switches faults while it runs |
//! | `log` | what is told, to a person, to a file and to another program |
//! | `capture` | the file: pcapng, for Wireshark |

mod alter;
mod back;
mod capture;
mod close;
mod control;
mod datagrams;
mod escapes;
mod front;
mod headers;
mod live;
mod log;
mod network;
mod options;
mod pcapng;
mod script;
mod settings;
mod shape;
mod side;
mod stream;
mod text;
mod timetable;

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use common::addr::{RESOLVE_LIMIT, canonical};
use common::server::{Stop, announce, raise_open_files};
use common::socket::{BACKLOG, BindError, Datagrams, Listener};
use common::trace::Trace;

use log::Log;
use script::Script;
use timetable::Timetable;

pub use alter::Replacement;
pub use live::Tap;
pub use log::exchange::fate;
pub use log::told::Told;
pub(crate) use options::Arguments;
pub use settings::{CutWith, Settings, Whose};
pub use side::{Addresses, Side};

/// What an address leaves out: this machine, and any free port.
const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

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
