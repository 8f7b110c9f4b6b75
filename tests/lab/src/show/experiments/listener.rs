//! accept returns a new socket.

use std::io::Write as _;
use std::mem::MaybeUninit;

use socket2::SockRef;

use super::text::listener as said;
use crate::show::ends::{LIMIT, bounded, connect, listen, outcome, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "listener",
    rows: &["D6", "D7"],
    tutorials: &["000:64", "001:31-37", "002:254", "003:62", "004:23"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("listener.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let listener = listen()?;
    let here = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    report.check(said::without_client(), "EAGAIN", outcome(&listener.accept()));
    listener.set_nonblocking(false)?;

    let mut first = connect(here)?;
    let (accepted, from) = listener.accept()?;
    let mut accepted = bounded(accepted)?;
    report.check(said::from(), first.local_addr()?.to_string(), from.to_string());
    #[cfg(unix)]
    {
        use std::os::fd::AsRawFd as _;
        let (old, new) = (listener.as_raw_fd(), accepted.as_raw_fd());
        report.see(said::descriptors(old, new));
        report.check(said::two(), true, old != new);
    }
    let same = accepted.local_addr()?.port() == here.port();
    report.answer(if same { "same" } else { "another" });
    report.check(said::one_address(), here.to_string(), accepted.local_addr()?.to_string());

    first.write_all(b"hello")?;
    report.check(said::recv_new(), "\"hello\"", quoted(&recv(&accepted, 1024)?));
    SockRef::from(&listener).set_read_timeout(Some(LIMIT))?;
    let wrong = SockRef::from(&listener).recv(&mut [MaybeUninit::uninit(); 16]);
    report.check(said::recv_listening(), "ENOTCONN", outcome(&wrong));
    accepted.write_all(b"bye")?;
    drop(accepted);

    let second = connect(here)?;
    let (_, from) = listener.accept()?;
    report.check(said::next_accept(), second.local_addr()?.to_string(), from.to_string());
    Ok(())
}
