//! listen(n) lets n + 1 connections wait.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use anyhow::Context as _;
use common::text::list;
use socket2::{Domain, Socket, Type};

use super::text::backlog as said;
use crate::show::ends::{connect, ms, until};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, in_state, tcp_queues};
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "backlog",
    rows: &["B3", "B16"],
    tutorials: &["000:60", "002:309", "002:99", "003:58", "004:23"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("backlog.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    if kernel::TELLS {
        for n in [1, 5, 8] {
            fill(report, n)?;
        }
    } else {
        report.cannot(kernel::silent());
    }

    let (listener, addr) = listening(2)?;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push((connect(addr)?, listener.accept()?));
    }
    report.check(said::accepted_at_once(), 20, open.len());
    Ok(())
}

fn listening(backlog: i32) -> anyhow::Result<(Socket, SocketAddr)> {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    listener.listen(backlog)?;
    let addr = listener.local_addr()?.as_socket().context(text::no_address())?;
    Ok((listener, addr))
}

/// `n + 3` clients for a queue of `n`.
fn fill(report: &mut Report<'_>, n: i32) -> anyhow::Result<()> {
    let (listener, addr) = listening(n)?;
    let room = usize::try_from(n)? + 1;
    let (mut clients, mut locals) = (Vec::new(), Vec::new());
    for nth in 1..=room + 2 {
        let client = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        client.set_nonblocking(true)?;
        // It always says "in progress": the socket does not wait.
        let _ = client.connect(&addr.into());
        locals.push(client.local_addr()?.as_socket().context(text::no_address())?);
        clients.push(client);
        if nth <= room {
            until(text::the_handshake(), || {
                Ok(tcp_queues(addr.port(), 0).is_some_and(|queue| queue.receive == nth))
            })?;
        }
    }
    let count = |wanted| in_state(wanted, |local, peer| peer == addr && locals.contains(&local));
    let states = |established, asking| {
        list([format!("{established} ESTABLISHED"), format!("{asking} SYN-SENT")])
    };
    let seen = states(count("ESTABLISHED"), count("SYN-SENT"));
    if n == 1 {
        report.answer(count("ESTABLISHED"));
    }
    report.check(said::filled(n, n + 3), states(room, 2), seen);

    if n == 1 {
        let start = Instant::now();
        listener.accept()?;
        until(text::the_next_client(), || Ok(count("ESTABLISHED") > room))?;
        report.see(said::got_in(ms(start.elapsed())));
        report.check(said::in_now(), room + 1, count("ESTABLISHED"));
    }
    Ok(())
}
