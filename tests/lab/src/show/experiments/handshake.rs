//! The kernel makes the connection; accept only fetches it.

use std::io::Write as _;
use std::net::TcpStream;

use super::text::handshake as said;
use crate::show::ends::{LIMIT, arrived, bounded, listen, outcome, quoted, recv, settle};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, state, tcp_queues, tcp_state};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "handshake",
    rows: &["B1", "B2", "B3", "B4"],
    tutorials: &["000:31", "002:102", "002:36-43", "004:6-10"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("handshake.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let listener = listen()?;
    let here = listener.local_addr()?;
    if kernel::TELLS {
        report.check(said::listening(), "LISTEN", tcp_state(here, None).unwrap_or("none"));
    } else {
        report.cannot(kernel::silent());
    }

    let connected = TcpStream::connect_timeout(&here, LIMIT);
    report.decide(said::connect(), "ok", outcome(&connected));
    let mut client = bounded(connected?)?;
    let there = client.local_addr()?;
    if kernel::TELLS {
        settle(|| state(here, there) == "ESTABLISHED");
        let states = said::states(state(there, here), state(here, there));
        report.check(said::ends(), said::states("ESTABLISHED", "ESTABLISHED"), states);
        let waiting = tcp_queues(here.port(), 0).map_or(0, |queues| queues.receive);
        report.check(said::queue(), 1, waiting);
    }
    report.check(said::send(), "ok", outcome(&client.write(b"hello")));
    let (server, from) = listener.accept()?;
    report.check(said::accepted(), there.to_string(), from.to_string());
    arrived(&server, 5)?;
    report.check(said::data(), "\"hello\"", quoted(&recv(&server, 1024)?));
    if kernel::TELLS {
        report.check(
            said::queue_now(),
            0,
            tcp_queues(here.port(), 0).map_or(1, |queues| queues.receive),
        );
        report.check(said::listener(), "LISTEN", tcp_state(here, None).unwrap_or("none"));
    }
    Ok(())
}
