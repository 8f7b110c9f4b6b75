//! One datagram to those who have joined.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use socket2::{Domain, SockRef, Socket, Type};

use super::text::multicast as said;
use crate::show::ends::{LIMIT, SILENCE, error_name, outcome, quoted, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "multicast",
    rows: &["C5"],
    tutorials: &["001:11", "002:422"],
    lesson: "udp-echo",
    words: &said::WORDS,
    run,
    source: source!("multicast.rs"),
};

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 77, 77);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let Ok(outsider) = receiver(0) else {
        report.cannot(said::no_group());
        return Ok(());
    };
    let port = outsider.local_addr()?.port();
    let members = [receiver(port)?, receiver(port)?, receiver(port)?];
    for member in &members {
        if let Err(error) = member.join_multicast_v4(&GROUP, &Ipv4Addr::LOCALHOST) {
            report.cannot(said::no_join(error_name(&error)));
            return Ok(());
        }
    }
    let sender = udp()?;
    SockRef::from(&sender).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
    report.check(
        said::sendto(GROUP),
        "ok",
        outcome(&sender.send_to(b"hello, members", (GROUP, port))),
    );
    let mut heard = 0;
    for member in &members {
        let (message, _) = recv_from(member, 1024)?;
        report.check(said::member(), "\"hello, members\"", quoted(&message));
        heard += 1;
    }
    outsider.set_read_timeout(Some(SILENCE))?;
    let outside = recv_from(&outsider, 1024);
    report.answer(heard + usize::from(outside.is_ok()));
    report.check(said::outsider(), "EAGAIN", outcome(&outside));
    #[cfg(target_os = "linux")]
    as_linux_has_it(report, &sender, port)?;
    Ok(())
}

/// One that did not join, and has not changed `IP_MULTICAST_ALL`.
#[cfg(target_os = "linux")]
fn as_linux_has_it(report: &mut Report<'_>, sender: &UdpSocket, port: u16) -> anyhow::Result<()> {
    let outsider = receiver(port)?;
    SockRef::from(&outsider).set_multicast_all_v4(true)?;
    sender.send_to(b"hello, all", (GROUP, port))?;
    report.check(said::unasked(), "\"hello, all\"", quoted(&recv_from(&outsider, 1024)?.0));
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
