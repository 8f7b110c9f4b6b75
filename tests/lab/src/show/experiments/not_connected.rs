//! A socket is not yet a connection.

use socket2::{Domain, Socket, Type};

use super::text::not_connected as said;
use crate::show::ends::{LIMIT, connect, listen, outcome};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "not-connected",
    rows: &["D1", "D2", "D3"],
    tutorials: &["001:23", "002:135", "002:66-70", "002:72-93", "003:17", "003:6"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("not_connected.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    for (ty, name) in [(Type::STREAM, "stream (TCP)"), (Type::DGRAM, "datagram (UDP)")] {
        let socket = Socket::new(Domain::IPV4, ty, None)?;
        let seen = if socket.r#type()? == Type::STREAM { "stream (TCP)" } else { "datagram (UDP)" };
        report.check(said::type_of(), name, seen);
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd as _;
            let link = std::fs::read_link(format!("/proc/self/fd/{}", socket.as_raw_fd()))?;
            report.see(said::descriptor(socket.as_raw_fd(), link.display()));
        }
    }

    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    report.check(said::peer_before(), "ENOTCONN", outcome(&socket.peer_addr()));
    socket.set_read_timeout(Some(LIMIT))?;
    report.decide(
        said::recv_before(),
        "ENOTCONN",
        outcome(&socket.recv(&mut [std::mem::MaybeUninit::uninit(); 16])),
    );
    let unsent = if cfg!(target_os = "linux") { "EPIPE" } else { "ENOTCONN" };
    report.check(said::send_before(), unsent, outcome(&socket.send(b"hello?")));
    let listener = listen()?;
    let client = connect(listener.local_addr()?)?;
    report.check(
        said::peer_after(),
        listener.local_addr()?.to_string(),
        client.peer_addr()?.to_string(),
    );
    Ok(())
}
