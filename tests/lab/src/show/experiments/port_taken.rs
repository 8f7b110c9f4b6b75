//! A port leads to one program.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

use super::text::port_taken as said;
use crate::show::ends::{listen, outcome, pair_on, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "port-taken",
    rows: &["A9", "A10"],
    tutorials: &["002:49", "002:52"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("port_taken.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let mut heard = Vec::new();
    let servers = [(listen()?, "first"), (listen()?, "second")];
    for (server, name) in &servers {
        let (client, mut accepted) = pair_on(server)?;
        accepted.write_all(name.as_bytes())?;
        heard.push(quoted(&recv(&client, 1024)?));
    }
    report.check(said::two_ports(), "\"first\" \"second\"", heard.join(" "));

    let [(first, _), _] = &servers;
    let addr = first.local_addr()?;
    report.check(said::second(), "EADDRINUSE", outcome(&listen_at(addr, false)));
    let refused = if cfg!(windows) { "EACCES" } else { "EADDRINUSE" };
    report.decide(said::with_reuse(), refused, outcome(&listen_at(addr, true)));
    if cfg!(target_os = "linux") {
        report.check(said::elsewhere(), "ok", outcome(&same_port_elsewhere()));
    } else {
        report.cannot(said::linux_alone());
    }
    Ok(())
}

/// Two servers on one port, at two addresses. Now and then somebody else has that port at the other
/// one.
fn same_port_elsewhere() -> std::io::Result<(Socket, Socket)> {
    let mut last = Err(std::io::ErrorKind::AddrInUse.into());
    for _ in 0..20 {
        let first = listen_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), false)?;
        let port = first.local_addr()?.as_socket().map_or(0, |addr| addr.port());
        last = listen_at(SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port)), false)
            .map(|second| (first, second));
        if last.is_ok() {
            break;
        }
    }
    last
}

fn listen_at(addr: SocketAddr, reuse: bool) -> std::io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?;
    socket.bind(&addr.into())?;
    socket.listen(1)?;
    Ok(socket)
}
