//! One datagram to everybody on a network.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use socket2::{Domain, Socket, Type};

use crate::show::ends::{LIMIT, outcome, quoted, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "broadcast",
    idea: "one datagram to everybody on a network, for those who ask for the permission",
    rows: &["C5"],
    tutorials: &["001:9", "001:11 ⚠ the option that it takes is not taught"],
    predict: "sendto to a broadcast address fails with EACCES, until the socket sets SO_BROADCAST. Then one \
              send arrives at each of three receivers.",
    run,
    why: "A broadcast disturbs every machine on the network, so a program must say that it means it. The \
          last address of a network is its broadcast address: 127.255.255.255 for loopback. TCP has none: a \
          connection has two ends.",
    mend: "Prefer multicast, which reaches only those who have joined (`cargo lab show multicast`). IPv6 has \
           no broadcast any more.",
    lesson: "udp-echo",
    try_next: &["cargo lab show multicast"],
};

const EVERYBODY: Ipv4Addr = Ipv4Addr::new(127, 255, 255, 255);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let Ok(first) = receiver(0) else {
        report.cannot(
            "only Linux lets a socket have the broadcast address of its loopback interface",
        );
        return Ok(());
    };
    let port = first.local_addr()?.port();
    let receivers = [first, receiver(port)?, receiver(port)?];

    let sender = udp()?;
    report.check(
        "sendto 127.255.255.255",
        "EACCES",
        outcome(&sender.send_to(b"hello", (EVERYBODY, port))),
    );
    sender.set_broadcast(true)?;
    report.check(
        "with SO_BROADCAST",
        "ok",
        outcome(&sender.send_to(b"hello, everybody", (EVERYBODY, port))),
    );
    for receiver in &receivers {
        let (heard, _) = recv_from(receiver, 1024)?;
        report.check("a receiver hears", "\"hello, everybody\"", quoted(&heard));
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
