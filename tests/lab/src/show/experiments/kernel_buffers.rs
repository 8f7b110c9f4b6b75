//! send and recv only talk to their own kernel.

use std::io::Write as _;
use std::time::Instant;

use super::text::kernel_buffers as said;
use crate::show::ends::{arrived, error_name, ms, pair, recv, settle};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, Queues, tcp_queues};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "kernel-buffers",
    rows: &["E1"],
    tutorials: &["000:48", "000:69", "003:127-128"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("kernel_buffers.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    let ports = (server.local_addr()?.port(), client.local_addr()?.port());

    let start = Instant::now();
    let sent = client.write(&[b'x'; 5000]);
    let took = start.elapsed();
    report.answer(sent.as_ref().map_or_else(error_name, ToString::to_string));
    let sent = sent?;
    report.check(said::taken(), 5000, sent);
    report.see(said::returned(ms(took)));
    arrived(&server, 5000)?;

    queues(report, said::at_the_reader(), ports, Queues { send: 0, receive: 5000 })?;
    report.check(said::recv_1000(), 1000, recv(&server, 1000)?.len());
    queues(report, said::at_the_reader_then(), ports, Queues { send: 0, receive: 4000 })?;

    drop(client);
    let mut rest = 0;
    loop {
        let piece = recv(&server, 1024)?;
        if piece.is_empty() {
            break;
        }
        rest += piece.len();
    }
    report.check(said::up_to_end(), 4000, rest);
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
        report.cannot(kernel::silent());
        return Ok(());
    }
    let mut seen = None;
    settle(|| {
        seen = tcp_queues(ports.0, ports.1);
        seen == Some(predicted)
    });
    let seen = seen.map_or_else(|| "nothing".to_owned(), |queues| queues.to_string());
    report.check(said::in_proc(whose), predicted.to_string(), seen);
    Ok(())
}
