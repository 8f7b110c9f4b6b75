//! send and recv only talk to their own kernel.

use std::io::Write as _;
use std::time::Instant;

use crate::show::ends::{arrived, ms, pair, recv, settle};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, Queues, tcp_queues};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "kernel-buffers",
    idea: "send and recv copy to and from the kernel; the peer may be asleep",
    rows: &["E1"],
    tutorials: &["003:127-128", "000:48", "000:69"],
    predict: "send of 5000 bytes returns at once, although nobody reads. They lie in the receive queue of \
              the peer's kernel; recv(1000) takes 1000 away and leaves 4000. After the sender has closed, \
              and its process could be gone, the rest still arrives whole.",
    run,
    why: "send copies into the send buffer of one's own kernel and returns; the kernels move the bytes on by \
          themselves; recv copies from the receive buffer of one's own kernel. close lets the kernel deliver \
          what is left, then the FIN.",
    mend: "Take a send that succeeded for what it is: a promise to try. Whoever must know that the peer has \
           something needs an answer from the peer's program.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show partial-send", "cargo lab show reset"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    let ports = (server.local_addr()?.port(), client.local_addr()?.port());

    let start = Instant::now();
    let sent = client.write(&[b'x'; 5000])?;
    let took = start.elapsed();
    report.check("send, and nobody reads: bytes taken", 5000, sent);
    report.see(format_args!("it returned after {}", ms(took)));
    arrived(&server, 5000)?;

    queues(report, "at the reader", ports, Queues { send: 0, receive: 5000 })?;
    report.check("recv(1000)", 1000, recv(&server, 1000)?.len());
    queues(report, "at the reader then", ports, Queues { send: 0, receive: 4000 })?;

    drop(client);
    let mut rest = 0;
    loop {
        let piece = recv(&server, 1024)?;
        if piece.is_empty() {
            break;
        }
        rest += piece.len();
    }
    report.check("after the sender's close, up to its end", 4000, rest);
    Ok(())
}

/// The kernel counts the bytes a moment after they can be read or have been.
fn queues(
    report: &mut Report<'_>,
    whose: &str,
    ports: (u16, u16),
    predicted: Queues,
) -> anyhow::Result<()> {
    if !kernel::TELLS {
        report.cannot(kernel::SILENT);
        return Ok(());
    }
    let mut seen = None;
    settle(|| {
        seen = tcp_queues(ports.0, ports.1);
        seen == Some(predicted)
    });
    let seen = seen.map_or("nothing".to_owned(), |queues| queues.to_string());
    report.check(&format!("/proc/net/tcp {whose}"), predicted.to_string(), seen);
    Ok(())
}
