//! One datagram to those who have joined.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use socket2::{Domain, SockRef, Socket, Type};

use crate::show::ends::{LIMIT, SILENCE, error_name, outcome, quoted, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "multicast",
    idea: "one datagram to all who have joined a group",
    rows: &["C5"],
    tutorials: &["001:11", "002:422"],
    predict: "One send to a group's address arrives at each of three sockets that have joined the group, and \
              not at one that has not.",
    run,
    why: "224.0.0.0 to 239.255.255.255 are groups, not computers. IP_ADD_MEMBERSHIP tells one's kernel, and \
          the kernel the routers (IGMP), that here is somebody who wants this group. Linux would also hand \
          it to sockets that did not join, once anybody has; IP_MULTICAST_ALL, switched off here, ends that \
          (`man 7 ip`).",
    mend: "Take a group from 239.0.0.0/8, which stays within an organization (RFC 2365), and say through \
           which interface: here loopback, so that nothing leaves the machine.",
    lesson: "udp-echo",
    try_next: &["cargo lab show broadcast"],
};

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 77, 77);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let Ok(outsider) = receiver(0) else {
        report.cannot("this system does not bind a group's address");
        return Ok(());
    };
    let port = outsider.local_addr()?.port();
    let members = [receiver(port)?, receiver(port)?, receiver(port)?];
    for member in &members {
        if let Err(error) = member.join_multicast_v4(&GROUP, &Ipv4Addr::LOCALHOST) {
            report.cannot(format_args!("joining a group on loopback: {}", error_name(&error)));
            return Ok(());
        }
    }
    let sender = udp()?;
    SockRef::from(&sender).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
    report.check(
        &format!("1 sendto {GROUP}"),
        "ok",
        outcome(&sender.send_to(b"hello, members", (GROUP, port))),
    );
    for member in &members {
        report.check("a member hears", "\"hello, members\"", quoted(&recv_from(member, 1024)?.0));
    }
    outsider.set_read_timeout(Some(SILENCE))?;
    report.check(
        "one that did not join, within 100 ms",
        "EAGAIN",
        outcome(&recv_from(&outsider, 1024)),
    );
    Ok(())
}

fn receiver(port: u16) -> std::io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    socket.set_reuse_address(true)?;
    socket.set_read_timeout(Some(LIMIT))?;
    #[cfg(target_os = "linux")]
    socket.set_multicast_all_v4(false)?;
    socket.bind(&SocketAddr::from((GROUP, port)).into())?;
    Ok(socket.into())
}
