//! Sockets have settings.

use socket2::SockRef;

use super::text::options as said;
use crate::show::ends::pair;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "options",
    rows: &["D15"],
    tutorials: &["004:62-63"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("options.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (client, _server) = pair()?;
    let socket = SockRef::from(&client);
    report.check(said::nodelay_first(), false, socket.tcp_nodelay()?);
    socket.set_tcp_nodelay(true)?;
    report.check(said::nodelay_set(), true, socket.tcp_nodelay()?);
    report.check(said::keepalive_first(), false, socket.keepalive()?);
    socket.set_keepalive(true)?;
    report.check(said::keepalive_set(), true, socket.keepalive()?);

    report.see(said::buffers(socket.recv_buffer_size()?, socket.send_buffer_size()?));
    socket.set_recv_buffer_size(10_000)?;
    report.answer(socket.recv_buffer_size()?);
    if cfg!(target_os = "linux") {
        report.check(said::doubled(), 20_000, socket.recv_buffer_size()?);
    } else {
        report.see(said::reads(socket.recv_buffer_size()?));
    }

    let listener = crate::show::ends::listen()?;
    SockRef::from(&listener).set_keepalive(true)?;
    let (_client, accepted) = crate::show::ends::pair_on(&listener)?;
    report.check(said::inherited(), true, SockRef::from(&accepted).keepalive()?);
    Ok(())
}
