//! Three ways to wait for data.

use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use crate::show::ends::{ms, outcome, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "waiting",
    idea: "recv waits: for ever, for a while, or not at all",
    rows: &["D16"],
    tutorials: &["004:65-67 ⚠ “about locks” means blocking: the call waits"],
    predict: "Not waiting, recv of nothing says EAGAIN at once. With a timeout of 200 ms it says so after \
              200 ms, no earlier. Waiting, it returns when the data come, here after 100 ms. Data that are \
              already there come at once in all three ways.",
    run,
    why: "A blocking call puts the thread to sleep until there is something to return; SO_RCVTIMEO limits \
          the sleep; O_NONBLOCK forbids it. The kernel's error is EAGAIN in both cases; Python makes \
          TimeoutError of one and BlockingIOError of the other.",
    mend: "No program here waits without a limit for an answer that is owed. Many sockets at once need \
           either a thread each or sockets that do not wait, and something to wait for all of them together: \
           poll, epoll, tokio.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show models", "cargo lab show partial-send"],
};

const LIMIT: Duration = Duration::from_millis(200);
const LATER: Duration = Duration::from_millis(100);
/// Timers of kernels may be early by their grain.
const GRAIN: Duration = Duration::from_millis(5);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;

    server.set_nonblocking(true)?;
    let start = Instant::now();
    report.check("not waiting: recv of nothing", "EAGAIN", outcome(&recv(&server, 16)));
    report.see(format_args!("it took {}", ms(start.elapsed())));
    server.set_nonblocking(false)?;

    server.set_read_timeout(Some(LIMIT))?;
    let start = Instant::now();
    report.check("limit of 200 ms: recv of nothing", "EAGAIN", outcome(&recv(&server, 16)));
    let took = start.elapsed();
    report.holds("it took", "200 ms, or more on a busy machine", ms(took), took + GRAIN >= LIMIT);

    server.set_read_timeout(None)?;
    report.check(
        "waiting: the limit that gettimeout returns",
        "None",
        format!("{:?}", server.read_timeout()?),
    );
    let start = Instant::now();
    let mut writer = client.try_clone()?;
    let late = thread::spawn(move || {
        // Being late is what is shown here; nobody hopes that it suffices.
        thread::sleep(LATER);
        writer.write_all(b"at last")
    });
    report.check("waiting: recv", "\"at last\"", quoted(&recv(&server, 16)?));
    let took = start.elapsed();
    report.holds("it took", "100 ms, or more on a busy machine", ms(took), took + GRAIN >= LATER);
    late.join().unwrap_or(Ok(()))?;

    client.write_all(b"already here")?;
    crate::show::ends::arrived(&server, 12)?;
    server.set_nonblocking(true)?;
    report.check(
        "not waiting, and data are there: recv",
        "\"already here\"",
        quoted(&recv(&server, 16)?),
    );
    Ok(())
}
