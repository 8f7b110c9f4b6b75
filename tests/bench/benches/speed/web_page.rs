//! One small page over HTTP: our server, which writes a line for each request, beside nginx, which
//! need not.

use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use bench::leftovers;
use bench::{Bench, Better, Contest, Goal, Metric, Sample};

use crate::load::{self, Exchange, Reply};
use crate::nginx::{Log, Nginx};
use crate::peers::{self, Missing, Peer, Ready};

const REQUESTS: Metric = Metric { name: "requests/s", better: Better::Higher, digits: 0 };

const NGINX: &str = "nginx, one worker, no log";
const OURS: &str = "http-fetch-server";

/// The page of the tutorial, which is the one that our server has.
const PAGE: &str = "欢迎来此访问!";

const KEEP_ALIVE: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const CLOSE: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    bench.hold(kept_alive(64)?)?;
    bench.hold(kept_alive(500)?)?;
    bench.hold(closed_each(64)?)?;
    for connections in [64, 500] {
        bench.hold(seen_by_wrk(connections)?)?;
    }
    Ok(())
}

fn kept_alive(connections: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = contest(
        format!("{connections} connections, kept alive"),
        connections,
        KEEP_ALIVE,
        Reply::Http,
    )?;
    if connections < 100 {
        // Its head does not come in one piece, so its length is known beforehand.
        let mut enter = |name: &str, how: &str, length: usize| {
            contest.enter(name, python("http_pieces.py", how), move |server, time| {
                run(server, connections, KEEP_ALIVE, Reply::Bytes(length), time)
            });
        };
        let length = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 19\r\n\r\n"
            .len() + PAGE.len();
        enter("Python threads, one write", "whole", length);
        enter("Python threads, head in pieces", "pieces", length);
    }
    Ok(contest)
}

fn closed_each(connections: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = contest(
        format!("{connections} connections, closed after each answer"),
        connections,
        CLOSE,
        Reply::Close,
    )?;
    let mut enter = |name: &str, server| {
        contest.enter(name, server, move |server: &mut Peer, time| {
            run(server, connections, CLOSE, Reply::Close, time)
        });
    };
    enter("Python gevent", gevent());
    enter("python3 -m http.server", http_server());
    Ok(contest)
}

/// nginx without a log and with one, and ours.
fn contest(
    name: String,
    connections: usize,
    request: &'static [u8],
    reply: Reply,
) -> anyhow::Result<Contest<'static>> {
    let mut contest = Contest::new(name, &[REQUESTS]);
    for (name, log) in [(NGINX, Log::Off), ("the same, buffered log", Log::Buffered)] {
        contest.enter(name, Nginx::page(PAGE, log), move |server, time| {
            run(server, connections, request, reply, time)
        });
    }
    contest.enter(OURS, Ok(Peer::ours(OURS, &[])?), move |server, time| {
        run(server, connections, request, reply, time)
    });
    contest.goal(OURS, &REQUESTS, Goal::ratio(1.0, NGINX));
    Ok(contest)
}

fn run(
    server: &Peer,
    connections: usize,
    request: &[u8],
    reply: Reply,
    time: Duration,
) -> anyhow::Result<Sample> {
    let what = Exchange { server, connections, request, reply };
    Ok(load::exchange(&what, time)?.sample(&REQUESTS))
}

/// A second opinion on our own load.
fn seen_by_wrk(connections: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = Contest::new(
        format!("{connections} connections, kept alive, asked and counted by wrk"),
        &[REQUESTS],
    );
    contest.enter(
        NGINX,
        peers::installed("wrk").and_then(|_| Nginx::page(PAGE, Log::Off)),
        move |server, time| wrk(server, connections, time),
    );
    let ours = Peer::ours(OURS, &[])?;
    contest.enter(OURS, peers::installed("wrk").map(|_| ours), move |server, time| {
        wrk(server, connections, time)
    });
    Ok(contest)
}

fn wrk(server: &Peer, connections: usize, time: Duration) -> anyhow::Result<Sample> {
    // It counts in whole seconds.
    let seconds = time.as_secs().max(1);
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", &format!("-c{connections}"), &format!("-d{seconds}s")]);
    let output = leftovers::output(wrk.arg(format!("http://{}/", server.addr())))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let rate = said.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    Ok(Sample::of(&REQUESTS, rate.context("wrk names no rate")?.trim().parse()?))
}

fn python(file: &str, how: &str) -> Result<Peer, Missing> {
    let mut command = peers::python(file, &[])?;
    let addr = peers::free_port()?;
    command.arg(addr.port().to_string()).arg(how);
    Peer::start(command, &Ready::Listens(addr))
}

fn gevent() -> Result<Peer, Missing> {
    Peer::on_port(peers::python("http_gevent.py", &["gevent"])?, Ready::Listens)
}

fn http_server() -> Result<Peer, Missing> {
    let mut command = Command::new(peers::installed("python3")?);
    command.args([
        "-m",
        "http.server",
        "--protocol",
        "HTTP/1.1",
        "--bind",
        "127.0.0.1",
        "--directory",
    ]);
    // A folder without pages: it answers with a list of them.
    command.arg(peers::reference(""));
    Peer::on_port(command, Ready::Listens)
}
