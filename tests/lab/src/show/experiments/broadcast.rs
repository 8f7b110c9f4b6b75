//! One datagram to everybody on a network.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use socket2::{Domain, Socket, Type};

use super::text::broadcast as said;
use crate::show::ends::{LIMIT, outcome, quoted, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "broadcast",
    rows: &["C5"],
    tutorials: &["001:11", "001:9"],
    lesson: "udp-echo",
    words: &said::WORDS,
    run,
    source: source!("broadcast.rs"),
};

const EVERYBODY: Ipv4Addr = Ipv4Addr::new(127, 255, 255, 255);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let Ok(first) = receiver(0) else {
        report.cannot(said::linux_alone());
        return Ok(());
    };
    let port = first.local_addr()?.port();
    let receivers = [first, receiver(port)?, receiver(port)?];

    let sender = udp()?;
    report.decide(said::sendto(), "EACCES", outcome(&sender.send_to(b"hello", (EVERYBODY, port))));
    sender.set_broadcast(true)?;
    report.check(
        said::allowed(),
        "ok",
        outcome(&sender.send_to(b"hello, everybody", (EVERYBODY, port))),
    );
    for receiver in &receivers {
        let (heard, _) = recv_from(receiver, 1024)?;
        report.check(said::hears(), "\"hello, everybody\"", quoted(&heard));
    }
    Ok(())
}

/// Several sockets may share a UDP port when all of them set `SO_REUSEADDR`.
fn receiver(port: u16) -> std::io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    socket.set_reuse_address(true)?;
    socket.set_read_timeout(Some(LIMIT))?;
    socket.bind(&SocketAddr::from((EVERYBODY, port)).into())?;
    Ok(socket.into())
}
