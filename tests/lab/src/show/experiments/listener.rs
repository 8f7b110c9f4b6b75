//! accept returns a new socket.

use std::io::Write as _;
use std::mem::MaybeUninit;

use socket2::SockRef;

use crate::show::ends::{bounded, connect, listen, outcome, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "listener",
    idea: "accept waits for a client and returns a new socket; the old one goes on listening",
    rows: &["D6", "D7"],
    tutorials: &[
        "001:31-37",
        "004:23",
        "002:254",
        "003:62",
        "000:64 ⚠ called once, it serves one client",
    ],
    predict: "Without a client, accept has nothing to return: it would wait, and a socket that may not wait \
              says EAGAIN. With one it returns a socket with a number of its own; both have the same local \
              port. The conversation runs on the new one, recv on the listening one is an error (ENOTCONN), \
              and a second accept fetches the second client.",
    run,
    why: "A listening socket has no peer. It is the queue of finished connections, and accept makes a socket \
          for the oldest. Closing one leaves the other alone.",
    mend: "accept in an endless loop, and give each new socket away: to the end of the queue, to a thread, \
           to a task (`cargo lab show models`).",
    lesson: "tcp-echo",
    try_next: &["cargo lab show four-tuple", "cargo run -q -p tcp-echo -- --trace"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let listener = listen()?;
    let here = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    report.check("accept without a client, not waiting", "EAGAIN", outcome(&listener.accept()));
    listener.set_nonblocking(false)?;

    let mut first = connect(here)?;
    let (accepted, from) = listener.accept()?;
    let mut accepted = bounded(accepted)?;
    report.check(
        "accept with a client: its address is the client's",
        first.local_addr()?.to_string(),
        from.to_string(),
    );
    #[cfg(unix)]
    {
        use std::os::fd::AsRawFd as _;
        let (old, new) = (listener.as_raw_fd(), accepted.as_raw_fd());
        report.see(format_args!(
            "the listening socket is file descriptor {old}, the new one is {new}"
        ));
        report.check("two sockets", true, old != new);
    }
    report.check("with one local address", here.to_string(), accepted.local_addr()?.to_string());

    first.write_all(b"hello")?;
    report.check("recv on the new socket", "\"hello\"", quoted(&recv(&accepted, 1024)?));
    let wrong = SockRef::from(&listener).recv(&mut [MaybeUninit::uninit(); 16]);
    report.check("recv on the listening one", "ENOTCONN", outcome(&wrong));
    accepted.write_all(b"bye")?;
    drop(accepted);

    let second = connect(here)?;
    let (_, from) = listener.accept()?;
    report.check("the next accept fetches", second.local_addr()?.to_string(), from.to_string());
    Ok(())
}
