//! Who closes first keeps the address for a while.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use socket2::{Domain, Socket, Type};

use crate::show::ends::{connect, outcome, recv, until};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, state};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "time-wait",
    idea: "a server that closed first cannot have its port again without SO_REUSEADDR",
    rows: &["B6"],
    tutorials: &["004:15 ⚠ the remedy is not taught", "004:12 ⚠ the server may close first, too"],
    predict: "After the server has closed first, its connection lies in TIME-WAIT, and a restarted server's \
              bind fails with EADDRINUSE. It succeeds when both the old server and the new one have set \
              SO_REUSEADDR; on Linux the new one alone does not help. After the client has closed first, \
              bind succeeds without it.",
    run,
    why: "Whoever closes first waits (on Linux for 60 s) so that its last ACK can be repeated, and so that \
          late segments of this connection are not taken for those of a new one between the same ports. The \
          port counts as used all the while. Linux lets two sockets share an address only when both allow \
          it, and what is left in TIME-WAIT remembers what its socket had set.",
    mend: "Set SO_REUSEADDR before bind, in every TCP server, always, on Unix. It does not let two servers \
           listen on one port (`cargo lab show port-taken`). Rust's TcpListener::bind sets it; Python's \
           socket.bind does not.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show four-way-close", "cargo lab show port-taken"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    if !kernel::TELLS {
        report.cannot(kernel::SILENT);
        return Ok(());
    }
    for (old, new, predicted) in
        [(false, false, "EADDRINUSE"), (false, true, "EADDRINUSE"), (true, true, "ok")]
    {
        let addr = conversation(First::Server, old)?;
        let with = |reuse| if reuse { "with" } else { "without" };
        let what =
            format!("the server, {} SO_REUSEADDR, closed first: bind {} it", with(old), with(new));
        report.check(&what, predicted, outcome(&bind(addr, new)));
    }
    let addr = conversation(First::Client, false)?;
    report.check("the client closed first: bind without it", "ok", outcome(&bind(addr, false)));
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Server,
    Client,
}

/// A server's whole life with one client; returns where it was.
fn conversation(first: First, reuse: bool) -> anyhow::Result<SocketAddr> {
    let listener = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), reuse)?;
    listener.listen(1)?;
    let here = listener.local_addr()?.as_socket().context("no address")?;
    let client = connect(here)?;
    let there = client.local_addr()?;
    let (server, _) = listener.accept()?;
    if first == First::Server {
        drop(server);
        recv(&client, 1)?;
        drop(client);
        until("TIME-WAIT at the server", || Ok(state(here, there) == "TIME-WAIT"))?;
    } else {
        drop(client);
        until("the client's FIN", || Ok(state(here, there) == "CLOSE-WAIT"))?;
        drop(server);
        until("the server's end to be gone", || Ok(state(here, there) == "none"))?;
    }
    Ok(here)
}

fn bind(addr: SocketAddr, reuse: bool) -> std::io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?;
    socket.bind(&addr.into())?;
    Ok(socket)
}
