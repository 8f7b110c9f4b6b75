//! The kernel makes the connection; accept only fetches it.

use std::io::Write as _;

use crate::show::ends::{arrived, connect, listen, outcome, quoted, recv, settle};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, state, tcp_queues, tcp_state};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "handshake",
    idea: "the kernel makes the handshake; a client is connected before accept is called",
    rows: &["B1", "B2", "B3", "B4"],
    tutorials: &[
        "000:31",
        "002:36-43 ⚠ SYN_SEND is called SYN-SENT",
        "004:6-10 ⚠ the listening socket stays in LISTEN",
        "002:102 ⚠ accept does not connect",
    ],
    predict: "After listen the server's socket is in LISTEN. A client's connect returns although nobody has \
              called accept: both ends are ESTABLISHED, one connection waits in the queue, and what the \
              client sends arrives in the kernel. accept then returns at once, and the data are there. The \
              listening socket stays in LISTEN all the while.",
    run,
    why: "SYN, SYN+ACK and ACK are the kernels' business, without any program. Each side names its first \
          sequence number in its SYN and sees it acknowledged plus one. accept takes a connection that is \
          complete from the queue, or waits for one.",
    mend: "A successful connect proves that a kernel has answered, not that a program will. A client that \
           must know waits for a greeting, or for an answer, with a limit.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo lab show backlog   (SYN-SENT)",
        "cargo lab show four-way-close",
        "cargo lab tour   (the states beside each step)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let listener = listen()?;
    let here = listener.local_addr()?;
    if kernel::TELLS {
        report.check("after bind and listen", "LISTEN", tcp_state(here, None).unwrap_or("none"));
    } else {
        report.cannot(kernel::SILENT);
    }

    let connected = connect(here);
    report.check(
        "connect, nobody has called accept",
        "ok",
        if connected.is_ok() { "ok" } else { "an error" },
    );
    let mut client = connected?;
    let there = client.local_addr()?;
    if kernel::TELLS {
        settle(|| state(here, there) == "ESTABLISHED");
        let states = format!("client {}, server {}", state(there, here), state(here, there));
        report.check(
            "the ends of the connection",
            "client ESTABLISHED, server ESTABLISHED",
            states,
        );
        let waiting = tcp_queues(here.port(), 0).map_or(0, |queues| queues.receive);
        report.check("connections in the queue for accept", 1, waiting);
    }
    report.check("send, still before accept", "ok", outcome(&client.write(b"hello")));
    let (server, from) = listener.accept()?;
    report.check("accept returns a connection from", there.to_string(), from.to_string());
    arrived(&server, 5)?;
    report.check("and the data are there", "\"hello\"", quoted(&recv(&server, 1024)?));
    if kernel::TELLS {
        report.check(
            "connections in the queue now",
            0,
            tcp_queues(here.port(), 0).map_or(1, |queues| queues.receive),
        );
        report.check("the listening socket", "LISTEN", tcp_state(here, None).unwrap_or("none"));
    }
    Ok(())
}
