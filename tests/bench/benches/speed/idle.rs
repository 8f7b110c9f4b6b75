//! What it costs to be connected and silent: ten thousand clients that say nothing, and how long a
//! new one waits.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bench::{Bench, Better, Contest, Goal, Metric, Sample};
use socket2::SockRef;

use crate::memory::mebibytes;
use crate::peers::{Missing, Peer};
use crate::tcp_echo;
use crate::trouble;

/// The most connections of any bench.
pub(crate) const CLIENTS: usize = 10_000;

const RESIDENT: Metric =
    Metric { name: "MiB resident", better: Better::Lower, digits: 1, steady: true };
const EACH: Metric =
    Metric { name: "KiB a connection", better: Better::Lower, digits: 1, steady: true };
const NEW: Metric = Metric {
    name: "ms until a new one is served",
    better: Better::Lower,
    digits: 1,
    steady: false,
};

/// How long one client may wait, and how long what is resident may take to settle.
const WAIT_LIMIT: Duration = Duration::from_secs(10);

/// All of them are served once before they fall silent: whoever needs a buffer for that has had
/// one.
const MESSAGE: [u8; 64] = [b'x'; 64];

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    let clients = if bench.is_quick() { 100 } else { CLIENTS };
    let mut contest = contest(clients)?;
    if !bench.is_quick() {
        contest.goal("tasks", &RESIDENT, Goal::limit(18.0));
        contest.goal("threads", &EACH, Goal::limit(14.0));
    }
    for model in ["tasks", "threads"] {
        contest.goal(model, &NEW, Goal::limit(50.0));
    }
    bench.hold_once(contest)
}

fn contest(clients: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = Contest::new(format!("{clients} silent connections"), &[RESIDENT, EACH, NEW]);
    let mut enter = |name: &str, server: Result<Peer, Missing>| {
        contest.enter(name, server, move |server, _| silence(server, clients));
    };
    enter(tcp_echo::C, tcp_echo::c());
    enter("tasks", Ok(tcp_echo::ours("tasks")?));
    enter("threads", Ok(tcp_echo::ours("threads")?));
    enter(tcp_echo::GEVENT, tcp_echo::gevent());
    enter("Python threads", tcp_echo::python("echo_threads.py", None));
    Ok(contest)
}

fn silence(server: &Peer, clients: usize) -> anyhow::Result<Sample> {
    let before = server.resident();
    let mut connected = Vec::with_capacity(clients);
    for index in 0..clients {
        let client = connect(server).with_context(|| trouble::client_of(index + 1, clients))?;
        exchange(&client)?;
        connected.push(client);
    }
    let resident = settled(server)?;
    let started = Instant::now();
    exchange(&connect(server)?)?;
    let served = started.elapsed();
    #[expect(clippy::cast_precision_loss, reason = "some thousand")]
    let each = mebibytes(resident.saturating_sub(before)) * 1024.0 / clients as f64;
    Ok(Sample::of(&RESIDENT, mebibytes(resident))
        .and(&EACH, each)
        .and(&NEW, served.as_secs_f64() * 1000.0))
}

fn connect(server: &Peer) -> anyhow::Result<TcpStream> {
    let client = TcpStream::connect_timeout(&server.addr(), WAIT_LIMIT)?;
    client.set_read_timeout(Some(WAIT_LIMIT))?;
    client.set_nodelay(true)?;
    // Closed by a reset, none of them leaves its port in TIME-WAIT, where the next run would find
    // none free.
    SockRef::from(&client).set_linger(Some(Duration::ZERO))?;
    Ok(client)
}

fn exchange(mut client: &TcpStream) -> anyhow::Result<()> {
    let mut echo = MESSAGE;
    client.write_all(&MESSAGE)?;
    client.read_exact(&mut echo)?;
    if echo != MESSAGE {
        bail!(trouble::other_echo());
    }
    Ok(())
}

/// What is resident once that has stopped changing.
fn settled(server: &Peer) -> anyhow::Result<u64> {
    let (mut last, started) = (server.resident(), Instant::now());
    while started.elapsed() < WAIT_LIMIT {
        thread::sleep(Duration::from_millis(200));
        let now = server.resident();
        if now == last {
            return Ok(now);
        }
        last = now;
    }
    bail!(trouble::memory_unsettled())
}
