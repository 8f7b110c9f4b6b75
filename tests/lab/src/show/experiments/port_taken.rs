//! A port leads to one program.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

use crate::show::ends::{listen, outcome, pair_on, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "port-taken",
    idea: "the port says which program gets the data, and only one may have it",
    rows: &["A9", "A10"],
    tutorials: &["002:49", "002:52"],
    predict: "Two servers at one address on two ports each get their own client. A second server on the same \
              port fails with EADDRINUSE, also with SO_REUSEADDR, as long as the first one listens. At \
              another address of the machine the same port is free.",
    run,
    why: "The system finds the socket for a segment by its destination address and port. Two listening \
          sockets there would be two answers. SO_REUSEADDR forgives what is left of old connections, not a \
          living server.",
    mend: "Say which address was taken, and offer another port. `ss -ltnp` (Linux) or `lsof -i` show who has \
           it.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show time-wait", "cargo run -q -p tcp-echo   (in two terminals)"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let mut heard = Vec::new();
    let servers = [(listen()?, "first"), (listen()?, "second")];
    for (server, name) in &servers {
        let (client, mut accepted) = pair_on(server)?;
        accepted.write_all(name.as_bytes())?;
        heard.push(quoted(&recv(&client, 1024)?));
    }
    report.check(
        "two ports, two programs: their clients hear",
        "\"first\" \"second\"",
        heard.join(" "),
    );

    let [(first, _), _] = &servers;
    let addr = first.local_addr()?;
    report.check(
        "a second server on the port of the first",
        "EADDRINUSE",
        outcome(&listen_at(addr, false)),
    );
    report.check("the same with SO_REUSEADDR", "EADDRINUSE", outcome(&listen_at(addr, true)));
    if cfg!(target_os = "linux") {
        report.check("the same port at 127.0.0.2", "ok", outcome(&same_port_elsewhere()));
    } else {
        report.cannot("only Linux has all of 127.0.0.0/8 on its loopback interface");
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
