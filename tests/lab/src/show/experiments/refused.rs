//! Nobody is there: TCP says so, UDP does not.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use socket2::{Domain, Socket, Type};

use super::text::refused as said;
use crate::show::ends::{LIMIT, SILENCE, listen, outcome, udp, until};
use crate::show::experiment::Experiment;
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "refused",
    rows: &["B1", "C1", "C2", "D8"],
    tutorials: &["000:126", "000:29", "001:5", "001:7", "002:101", "004:51"],
    lesson: "udp-echo",
    words: &said::WORDS,
    run,
    source: source!("refused.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    // Bound but not listening: nobody else can take the port, and nobody answers on it.
    let holder = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    holder.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let dead = holder.local_addr()?;
    let tcp = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    report.check(said::tcp_connect(), "ECONNREFUSED", outcome(&tcp.connect_timeout(&dead, LIMIT)));

    // A socket that is connected elsewhere takes nothing from us, and keeps the port from others.
    let elsewhere = udp()?;
    let holder = udp()?;
    holder.connect(elsewhere.local_addr()?)?;
    let dead = holder.local_addr()?;
    let socket = udp()?;
    for n in [said::first(), said::second()] {
        let sent = socket.send_to(b"hello", dead);
        report.answer(outcome(&sent));
        report.check(said::sendto(n), "ok", outcome(&sent));
    }
    // Windows tells every socket, and calls it a reset.
    let (unconnected, told) =
        if cfg!(windows) { ("ECONNRESET", "ECONNRESET") } else { ("EAGAIN", "ECONNREFUSED") };
    report.check(said::recvfrom(), unconnected, outcome(&nothing_from(&socket)?));
    let socket = udp()?;
    socket.connect(dead)?;
    report.check(said::connect_alone(), "EAGAIN", outcome(&nothing_from(&socket)?));
    socket.set_read_timeout(Some(LIMIT))?;
    report.check(said::connected_send(), "ok", outcome(&socket.send(b"hello")));
    report.check(said::connected_recv(), told, outcome(&socket.recv(&mut [0; 16])));

    let listener = listen()?;
    let addr = listener.local_addr()?;
    let tcp = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    tcp.set_nonblocking(true)?;
    let under_way = if cfg!(windows) { "EAGAIN" } else { "EINPROGRESS" };
    report.check(said::not_waiting(), under_way, outcome(&tcp.connect(&addr.into())));
    until(text::the_connection(), || Ok(tcp.peer_addr().is_ok()))?;
    let pending = tcp.take_error()?;
    report.check(said::pending(), "none", pending.map_or("none".to_owned(), |e| e.to_string()));
    listener.accept()?;
    Ok(())
}

fn nothing_from(socket: &UdpSocket) -> std::io::Result<std::io::Result<usize>> {
    socket.set_read_timeout(Some(SILENCE))?;
    Ok(socket.recv(&mut [0; 16]))
}
