//! A socket is not yet a connection.

use socket2::{Domain, Socket, Type};

use crate::show::ends::{connect, listen, outcome};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "not-connected",
    idea: "socket() makes one end, a number for the kernel; created is not connected",
    rows: &["D1", "D2", "D3"],
    tutorials: &["002:66-70", "002:72-93", "002:135", "003:6", "003:17", "001:23"],
    predict: "A new socket is a file descriptor that knows its family and its type (stream or datagram) and \
              nothing else: getpeername says ENOTCONN, recv says ENOTCONN, send says EPIPE. Connected, it \
              has a peer.",
    run,
    why: "socket() only reserves the kernel's book-keeping for one end. Which other end it belongs to is \
          known after connect, or, at a server, from accept. Nothing has been sent before.",
    mend: "Read the error: ENOTCONN says that a step was left out, ECONNREFUSED that nobody was there.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show handshake", "cargo lab show listener"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    for (ty, name) in [(Type::STREAM, "stream (TCP)"), (Type::DGRAM, "datagram (UDP)")] {
        let socket = Socket::new(Domain::IPV4, ty, None)?;
        let seen = if socket.r#type()? == Type::STREAM { "stream (TCP)" } else { "datagram (UDP)" };
        report.check("socket(), and its type", name, seen);
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd as _;
            let link = std::fs::read_link(format!("/proc/self/fd/{}", socket.as_raw_fd()))?;
            report.see(format_args!(
                "it is file descriptor {}, which leads to {}",
                socket.as_raw_fd(),
                link.display()
            ));
        }
    }

    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    report.check("getpeername before connect", "ENOTCONN", outcome(&socket.peer_addr()));
    report.check(
        "recv before connect",
        "ENOTCONN",
        outcome(&socket.recv(&mut [std::mem::MaybeUninit::uninit(); 16])),
    );
    report.check("send before connect", "EPIPE", outcome(&socket.send(b"hello?")));
    let listener = listen()?;
    let client = connect(listener.local_addr()?)?;
    report.check(
        "getpeername after connect",
        listener.local_addr()?.to_string(),
        client.peer_addr()?.to_string(),
    );
    Ok(())
}
