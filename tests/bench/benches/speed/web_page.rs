//! One small page over HTTP: our server, which writes a line for each request, beside nginx, which
//! need not.

use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use bench::{Bench, Better, Contest, Goal, Metric, Sample, Turn};
use bench::{leftovers, wrk};

use crate::load::{self, Exchange, Reply, latency};
use crate::nginx::{Log, Nginx};
use crate::peers::{self, Missing, Peer, Ready};
use crate::trouble;

const REQUESTS: Metric =
    Metric { name: "requests/s", better: Better::Higher, digits: 0, steady: false };

const NGINX: &str = "nginx, one worker, no log";
const LOGGING: &str = "nginx, one worker, buffered log";
const OURS: &str = "http-fetch-server";

/// The page of the tutorial, which is the one that our server has.
const PAGE: &str = "欢迎来此访问!";

const KEEP_ALIVE: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const CLOSE: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    bench.hold(kept_alive(64)?)?;
    bench.hold(kept_alive(500)?)?;
    bench.hold(closed_each(64)?)?;
    bench.hold(at_a_rate(500, bench.rate(20_000))?)?;
    for connections in [64, 500] {
        bench.hold(seen_by_wrk(connections)?)?;
    }
    Ok(())
}

/// How long an answer takes where nobody is at his limit.
fn at_a_rate(connections: usize, a_second: u32) -> anyhow::Result<Contest<'static>> {
    let name = format!("{connections} connections, kept alive, {a_second} due a second");
    let mut contest = load::pinned(Contest::new(name, &latency::ALL)).with_spreads();
    for (name, log) in [(NGINX, Log::Off), (LOGGING, Log::Buffered)] {
        contest.enter(name, Nginx::page(PAGE, log), move |server, turn| {
            due(server, connections, a_second, turn)
        });
    }
    contest.enter(OURS, Ok(Peer::ours(OURS, &[])?), move |server, turn| {
        due(server, connections, a_second, turn)
    });
    contest.goal(OURS, &latency::P99, Goal::ratio(1.5, NGINX));
    contest.goal(OURS, &latency::P50, Goal::ratio(1.5, NGINX));
    Ok(contest)
}

fn due(server: &Peer, connections: usize, a_second: u32, turn: Turn) -> anyhow::Result<Sample> {
    let requests = [KEEP_ALIVE.to_vec()];
    let what = Exchange { server, connections, requests: &requests, reply: Reply::Http };
    Ok(load::at_a_rate(&what, a_second, turn)?.sample())
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
            contest.enter(name, python("http_pieces.py", how), move |server, turn| {
                run(server, connections, KEEP_ALIVE, Reply::Bytes(length), turn)
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
        contest.enter(name, server, move |server: &mut Peer, turn| {
            run(server, connections, CLOSE, Reply::Close, turn)
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
    let mut contest = load::pinned_if_it_swings(Contest::new(name, &[REQUESTS]));
    for (name, log) in [(NGINX, Log::Off), (LOGGING, Log::Buffered)] {
        contest.enter(name, Nginx::page(PAGE, log), move |server, turn| {
            run(server, connections, request, reply, turn)
        });
    }
    contest.enter(OURS, Ok(Peer::ours(OURS, &[])?), move |server, turn| {
        run(server, connections, request, reply, turn)
    });
    contest.goal(OURS, &REQUESTS, Goal::ratio(1.0, NGINX));
    Ok(contest)
}

fn run(
    server: &Peer,
    connections: usize,
    request: &[u8],
    reply: Reply,
    turn: Turn,
) -> anyhow::Result<Sample> {
    let requests = [request.to_vec()];
    let what = Exchange { server, connections, requests: &requests, reply };
    Ok(load::exchange(&what, turn)?.sample(&REQUESTS))
}

/// What half of the answers, and all but a hundredth, were sooner than: as wrk counts it, from when
/// a request was sent, which is when the last answer had come.
const WRK_P99: Metric =
    Metric { name: "p99 ms, closed loop", better: Better::Lower, digits: 1, steady: false };
const WRK_P50: Metric =
    Metric { name: "p50 ms, closed loop", better: Better::Lower, digits: 1, steady: false };

/// A second opinion on our own load.
fn seen_by_wrk(connections: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = Contest::new(
        format!("{connections} connections, kept alive, asked and counted by wrk"),
        &[REQUESTS, WRK_P99, WRK_P50],
    )
    .with_spreads();
    contest.enter(
        NGINX,
        peers::installed("wrk").and_then(|_| Nginx::page(PAGE, Log::Off)),
        move |server, turn| asked_by_wrk(server, connections, turn.length),
    );
    let ours = Peer::ours(OURS, &[])?;
    contest.enter(OURS, peers::installed("wrk").map(|_| ours), move |server, turn| {
        asked_by_wrk(server, connections, turn.length)
    });
    contest.goal(OURS, &REQUESTS, Goal::ratio(1.0, NGINX));
    contest.goal(OURS, &WRK_P99, Goal::ratio(1.5, NGINX));
    Ok(contest)
}

fn asked_by_wrk(server: &Peer, connections: usize, time: Duration) -> anyhow::Result<Sample> {
    // It counts in whole seconds.
    let seconds = time.as_secs().max(1);
    let mut command = Command::new("wrk");
    command.args(["--latency", "-t1", &format!("-c{connections}"), &format!("-d{seconds}s")]);
    let output = leftovers::output(command.arg(format!("http://{}/", server.addr())))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let wrk::Report { rate, p50, p99 } = wrk::report(&said).with_context(trouble::no_wrk_report)?;
    Ok(Sample::of(&REQUESTS, rate).and(&WRK_P99, p99).and(&WRK_P50, p50))
}

fn python(file: &str, how: &str) -> Result<Peer, Missing> {
    let mut command = peers::python(file, None)?;
    let addr = peers::free_port()?;
    command.arg(addr.port().to_string()).arg(how);
    Peer::start(command, &Ready::Listens(addr))
}

fn gevent() -> Result<Peer, Missing> {
    Peer::on_port(peers::python("http_gevent.py", Some("gevent"))?, Ready::Listens)
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
