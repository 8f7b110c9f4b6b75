//! Echo over TCP: our three models, the least that a server can do (C, one thread, epoll), and
//! everybody's tools.

use std::process::Command;

use bench::{Bench, Better, Contest, Goal, Metric};

use crate::load::{self, Exchange, Reply};
use crate::peers::{self, Missing, Peer, Ready};

const MESSAGES: Metric = Metric { name: "messages/s", better: Better::Higher, digits: 0 };

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
        bench.hold(contest)?;
    }
    let (connections, sizes): (&[usize], &[usize]) = if bench.is_quick() {
        (&[1, 10], &[1, 1 << 20])
    } else {
        (&[1, 10, 100, 1000, 10_000], &[1, 64, 1024, 16 * 1024, 64 * 1024, 1 << 20])
    };
    let points = connections.iter().map(|&count| Ok((count as u64, contest(count, 64)?)));
    let points = points.collect::<anyhow::Result<Vec<_>>>()?;
    bench.series("64 B, by the number of connections", "connections", points)?;
    let points = sizes.iter().map(|&size| Ok((size as u64, contest(10, size)?)));
    let points = points.collect::<anyhow::Result<Vec<_>>>()?;
    bench.series("10 connections, by the size of a message", "bytes", points)
}

fn contest(connections: usize, size: usize) -> anyhow::Result<Contest<'static>> {
    let bytes = if size < 1024 { format!("{size} B") } else { format!("{} KiB", size / 1024) };
    let plural = if connections == 1 { "" } else { "s" };
    let mut contest =
        Contest::new(format!("{connections} connection{plural}, {bytes}"), &[MESSAGES]);
    let mut enter = |name, server| enter(&mut contest, name, server, connections, size);
    enter(C, c());
    enter("tasks", Ok(ours("tasks")?));
    enter("threads", Ok(ours("threads")?));
    enter(GEVENT, python("echo_gevent.py", &["gevent"]));
    // It has not the time to accept more, beside its threads.
    if connections <= 1000 {
        enter("Python threads, 1 KiB reads", python("echo_threads.py", &[]));
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
    let message = vec![b'x'; size];
    contest.enter(name, server, move |server, length| {
        let what = Exchange { server, connections, request: &message, reply: Reply::Echo };
        Ok(load::exchange(&what, length)?.sample(&MESSAGES))
    });
}

/// Code that is plain to read may cost this much.
fn set_goals(contest: &mut Contest<'_>, connections: usize, size: usize) {
    if connections > 1 {
        let part = if connections < 500 || size < 1024 { 0.9 } else { 0.8 };
        contest.goal("tasks", &MESSAGES, Goal::ratio(part, C));
        for peer in ["socat", "ncat", GEVENT] {
            contest.goal("tasks", &MESSAGES, Goal::ratio(2.0, peer));
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

pub(crate) fn python(file: &str, modules: &[&str]) -> Result<Peer, Missing> {
    Peer::on_port(peers::python(file, modules)?, Ready::Listens)
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
