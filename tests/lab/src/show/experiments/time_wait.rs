//! Who closes first keeps the address for a while.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::Context as _;
use socket2::{Domain, SockRef, Socket, Type};

use super::text::time_wait as said;
use crate::show::ends::{connect, outcome, recv, until};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, state};
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "time-wait",
    rows: &["B6"],
    tutorials: &["004:12", "004:15"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("time_wait.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    if !kernel::TELLS {
        report.cannot(kernel::silent());
        return Ok(());
    }
    for (old, new, predicted) in
        [(false, false, "EADDRINUSE"), (false, true, "EADDRINUSE"), (true, true, "ok")]
    {
        let addr = conversation(First::Server, old)?;
        let with = |reuse| if reuse { said::with() } else { said::without() };
        let what = said::server_first(with(old), with(new));
        let bound = outcome(&bind(addr, new));
        if (old, new) == (false, false) {
            report.answer(&bound);
        }
        report.check(&what, predicted, bound);
    }
    let std = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    report.check(said::rust_sets_it(), true, SockRef::from(&std).reuse_address()?);
    let addr = conversation(First::Client, false)?;
    report.check(said::client_first(), "ok", outcome(&bind(addr, false)));
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
    let here = listener.local_addr()?.as_socket().context(text::no_address())?;
    let client = connect(here)?;
    let there = client.local_addr()?;
    let (server, _) = listener.accept()?;
    if first == First::Server {
        drop(server);
        recv(&client, 1)?;
        drop(client);
        until(text::time_wait_at_the_server(), || Ok(state(here, there) == "TIME-WAIT"))?;
    } else {
        drop(client);
        until(text::the_clients_fin(), || Ok(state(here, there) == "CLOSE-WAIT"))?;
        drop(server);
        until(text::the_servers_end_to_go(), || Ok(state(here, there) == "none"))?;
    }
    Ok(here)
}

fn bind(addr: SocketAddr, reuse: bool) -> std::io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?;
    socket.bind(&addr.into())?;
    Ok(socket)
}
