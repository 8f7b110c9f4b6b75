//! Echo over TCP: our three models, the least that a server can do (C, one thread, epoll), and
//! everybody's tools.

use std::process::Command;

use bench::{Bench, Better, Contest, Goal, Metric};

use crate::load::{self, Exchange, Reply, latency};
use crate::peers::{self, Missing, Peer, Ready};

const MESSAGES: Metric =
    Metric { name: "messages/s", better: Better::Higher, digits: 0, steady: false };

pub(crate) const C: &str = "C epoll";
pub(crate) const GEVENT: &str = "Python gevent";

/// Connections, bytes of a message.
const WORK: [(usize, usize); 5] = [(1, 64), (50, 64), (50, 16 * 1024), (500, 64), (500, 16 * 1024)];

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    for (connections, size) in WORK {
        let mut contest = contest(connections, size)?;
        enter(&mut contest, "socat", socat(), connections, size);
        enter(&mut contest, "ncat", ncat(), connections, size);
        set_goals(&mut contest, connections, size);
        for peer in ["socat", "ncat"].into_iter().filter(|_| connections > 1) {
            contest.goal("tasks", &MESSAGES, Goal::ratio(2.0, peer));
        }
        bench.hold(contest)?;
    }
    bench.hold(at_a_rate(bench.rate(20_000))?)?;
    let (connections, sizes): (&[usize], &[usize]) = if bench.is_quick() {
        (&[1, 10], &[1, 1 << 20])
    } else {
        (&[1, 10, 100, 1000, 10_000], &[1, 64, 1024, 16 * 1024, 64 * 1024, 1 << 20])
    };
    let points = connections.iter().map(|&count| Ok((count as u64, with_goals(count, 64)?)));
    let points = points.collect::<anyhow::Result<Vec<_>>>()?;
    bench.series("64 B, by the number of connections", "connections", points)?;
    let points = sizes.iter().map(|&size| Ok((size as u64, with_goals(10, size)?)));
    let points = points.collect::<anyhow::Result<Vec<_>>>()?;
    bench.series("10 connections, by the size of a message", "bytes", points)
}

fn with_goals(connections: usize, size: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = contest(connections, size)?;
    set_goals(&mut contest, connections, size);
    Ok(contest)
}

/// How long an echo takes where nobody is at his limit.
fn at_a_rate(a_second: u32) -> anyhow::Result<Contest<'static>> {
    const CONNECTIONS: usize = 50;
    let name = format!("{CONNECTIONS} connections, 64 B, {a_second} due a second");
    let mut contest = load::pinned(Contest::new(name, &latency::ALL)).with_spreads();
    let mut enter = |name: &str, server: Result<Peer, Missing>| {
        let requests = [vec![b'x'; 64]];
        contest.enter(name, server, move |server, turn| {
            let connections = CONNECTIONS;
            let what = Exchange { server, connections, requests: &requests, reply: Reply::Echo };
            Ok(load::at_a_rate(&what, a_second, turn)?.sample())
        });
    };
    enter(C, c());
    enter("tasks", Ok(ours("tasks")?));
    enter("threads", Ok(ours("threads")?));
    enter(GEVENT, gevent());
    contest.goal("tasks", &latency::P99, Goal::ratio(1.5, C));
    contest.goal("threads", &latency::P99, Goal::ratio(3.0, C));
    Ok(contest)
}

fn contest(connections: usize, size: usize) -> anyhow::Result<Contest<'static>> {
    let bytes = if size < 1024 { format!("{size} B") } else { format!("{} KiB", size / 1024) };
    let plural = if connections == 1 { "" } else { "s" };
    let name = format!("{connections} connection{plural}, {bytes}");
    let mut contest = load::pinned_if_it_swings(Contest::new(name, &[MESSAGES]));
    let mut enter = |name, server| enter(&mut contest, name, server, connections, size);
    enter(C, c());
    enter("tasks", Ok(ours("tasks")?));
    enter("threads", Ok(ours("threads")?));
    enter(GEVENT, gevent());
    // It has not the time to accept more, beside its threads.
    if connections <= 1000 {
        enter("Python threads, 1 KiB reads", python("echo_threads.py", None));
    }
    Ok(contest)
}

fn enter(
    contest: &mut Contest<'_>,
    name: &str,
    server: Result<Peer, Missing>,
    connections: usize,
    size: usize,
) {
    let requests = [vec![b'x'; size]];
    contest.enter(name, server, move |server, turn| {
        let what = Exchange { server, connections, requests: &requests, reply: Reply::Echo };
        Ok(load::exchange(&what, turn)?.sample(&MESSAGES))
    });
}

/// Code that is plain to read may cost this much.
fn set_goals(contest: &mut Contest<'_>, connections: usize, size: usize) {
    if connections > 1 {
        let is_light = connections <= 500 && size < 1024 || connections < 500 && size <= 64 << 10;
        let part = if is_light { 0.9 } else { 0.8 };
        contest.goal("tasks", &MESSAGES, Goal::ratio(part, C));
        // Long messages are the kernel's work, whoever asks for it.
        if size <= 64 << 10 {
            contest.goal("tasks", &MESSAGES, Goal::ratio(2.0, GEVENT));
        }
        let part = if connections < 500 { 0.5 } else { 0.4 };
        contest.goal("threads", &MESSAGES, Goal::ratio(part, C));
    }
}

pub(crate) fn ours(model: &str) -> anyhow::Result<Peer> {
    Peer::ours("tcp-echo-server", &["--dialect", "raw", "--max-clients", "20000", "--model", model])
}

/// The yardstick.
pub(crate) fn c() -> Result<Peer, Missing> {
    Peer::on_port(Command::new(peers::c("epoll_echo")?), Ready::Listens)
}

pub(crate) fn gevent() -> Result<Peer, Missing> {
    python("echo_gevent.py", Some("gevent"))
}

pub(crate) fn python(file: &str, module: Option<&str>) -> Result<Peer, Missing> {
    Peer::on_port(peers::python(file, module)?, Ready::Listens)
}

fn socat() -> Result<Peer, Missing> {
    let mut command = Command::new(peers::installed("socat")?);
    let addr = peers::free_port()?;
    // A child for each client that sends back what it reads, in pieces as large as they come.
    command.args(["-b", "65536"]);
    command.arg(format!("TCP4-LISTEN:{},bind=127.0.0.1,fork,reuseaddr,backlog=4096", addr.port()));
    command.arg("PIPE");
    Peer::start(command, &Ready::Listens(addr))
}

fn ncat() -> Result<Peer, Missing> {
    let mut command = Command::new(peers::installed("ncat")?);
    command.args([
        "--listen",
        "--keep-open",
        "--max-conns",
        "1000",
        "--exec",
        "/bin/cat",
        "127.0.0.1",
    ]);
    Peer::on_port(command, Ready::Listens)
}
