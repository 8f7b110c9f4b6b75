//! listen(n) lets n + 1 connections wait.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use anyhow::Context as _;
use socket2::{Domain, Socket, Type};

use crate::show::ends::{connect, ms, until};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, in_state, tcp_queues};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "backlog",
    idea: "listen(n) lets n + 1 connections wait for accept, and limits no clients",
    rows: &["B3", "B16"],
    tutorials: &[
        "000:60",
        "002:99",
        "003:58",
        "002:309 ⚠ it is not the number of clients at once",
        "004:23 ⚠ it is not the number of messages",
    ],
    predict: "With listen(n) and nobody calling accept, Linux completes n + 1 connections; further ones stay \
              in SYN-SENT. After one accept there is room, but the next client notices only when it repeats \
              its SYN, about 1 s later. Called in time, accept gets 20 clients at once from listen(2).",
    run,
    why: "The backlog is the length of the queue of connections that the kernel has completed and the \
          program has not accepted yet. Linux compares with “more than”, hence the one extra. A SYN that \
          finds the queue full is dropped without a word, and the client's kernel sends it again a second \
          later, and again.",
    mend: "Accept at once and do the work elsewhere, and ask for a long queue: our servers say 4096. With \
           the tutorial's 5, 200 clients that come at the same moment take half a minute.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show handshake", "cargo lab show models"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    if kernel::TELLS {
        for n in [1, 5, 8] {
            fill(report, n)?;
        }
    } else {
        report.cannot(kernel::SILENT);
    }

    let (listener, addr) = listening(2)?;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push((connect(addr)?, listener.accept()?));
    }
    report.check(
        "listen(2), each accepted at once: clients connected at the same time",
        20,
        open.len(),
    );
    Ok(())
}

fn listening(backlog: i32) -> anyhow::Result<(Socket, SocketAddr)> {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    listener.listen(backlog)?;
    let addr = listener.local_addr()?.as_socket().context("no address")?;
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
        locals.push(client.local_addr()?.as_socket().context("no address")?);
        clients.push(client);
        if nth <= room {
            until("the handshake", || {
                Ok(tcp_queues(addr.port(), 0).is_some_and(|queue| queue.receive == nth))
            })?;
        }
    }
    let count = |wanted| in_state(wanted, |local, peer| peer == addr && locals.contains(&local));
    let seen = format!("{} ESTABLISHED, {} SYN-SENT", count("ESTABLISHED"), count("SYN-SENT"));
    report.check(
        &format!("listen({n}), {} clients, no accept", n + 3),
        format!("{room} ESTABLISHED, 2 SYN-SENT"),
        seen,
    );

    if n == 1 {
        let start = Instant::now();
        listener.accept()?;
        until("the next client to get in", || Ok(count("ESTABLISHED") > room))?;
        report.see(format_args!(
            "after one accept the next client was in after {}",
            ms(start.elapsed())
        ));
        report.check("clients in now", room + 1, count("ESTABLISHED"));
    }
    Ok(())
}
