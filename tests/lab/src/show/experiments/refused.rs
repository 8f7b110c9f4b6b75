//! Nobody is there: TCP says so, UDP does not.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use anyhow::Context as _;
use socket2::{Domain, Socket, Type};

use crate::show::ends::{LIMIT, SILENCE, listen, outcome, udp, until};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "refused",
    idea: "TCP is told when nobody listens; UDP sends into nothing",
    rows: &["B1", "C1", "C2", "D8"],
    tutorials: &["000:29", "000:126", "001:5", "001:7", "002:101", "004:51"],
    predict: "connect to a port without a server: ECONNREFUSED, and not a byte of data is sent. sendto a UDP \
              port without a socket: succeeds, again and again, and recvfrom waits for ever. Only a UDP \
              socket that was connect()ed is told. A connect that may not wait says EINPROGRESS.",
    run,
    why: "TCP agrees with the peer's kernel before any data, and that kernel answers a SYN for a port where \
          nobody listens with RST. UDP agrees on nothing. The peer's kernel does send an ICMP message “port \
          unreachable”, but an unconnected socket may have sent to many, so the kernel does not say which \
          one failed; a connected socket has one peer.",
    mend: "A UDP client connects its socket (nothing is sent by that) and sets a timeout. A TCP client says \
           in its error which address refused, and how to start a server there.",
    lesson: "udp-echo",
    try_next: &[
        "cargo lab show retries",
        "cargo run -q -p udp-temp --bin udp-temp-client -- 25   (without its server)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    // Bound but not listening: nobody else can take the port, and nobody answers on it.
    let holder = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    holder.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let dead = holder.local_addr()?;
    let tcp = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    report.check("TCP: connect", "ECONNREFUSED", outcome(&tcp.connect_timeout(&dead, LIMIT)));

    // A socket that is connected elsewhere takes nothing from us, and keeps the port from others.
    let elsewhere = udp()?;
    let holder = udp()?;
    holder.connect(elsewhere.local_addr()?)?;
    let dead = holder.local_addr()?;
    let socket = udp()?;
    for n in ["first", "second"] {
        let sent = socket.send_to(b"hello", dead);
        report.check(&format!("UDP: {n} sendto"), "ok", outcome(&sent));
    }
    report.check("UDP: recvfrom, after 100 ms", "EAGAIN", outcome(&nothing_from(&socket)?));
    let socket = udp()?;
    socket.connect(dead)?;
    report.check("UDP, connected: send", "ok", outcome(&socket.send(b"hello")));
    report.check("UDP, connected: recv", "ECONNREFUSED", outcome(&socket.recv(&mut [0; 16])));

    let listener = listen()?;
    let addr = listener.local_addr()?;
    let tcp = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    tcp.set_nonblocking(true)?;
    report.check(
        "TCP, not waiting: connect to a server",
        "EINPROGRESS",
        outcome(&tcp.connect(&addr.into())),
    );
    until("the connection", || Ok(tcp.peer_addr().is_ok()))?;
    let pending = tcp.take_error()?;
    report.check(
        "a moment later its pending error is",
        "none",
        pending.map_or("none".to_owned(), |e| e.to_string()),
    );
    listener.accept().context("accept")?;
    Ok(())
}

fn nothing_from(socket: &UdpSocket) -> std::io::Result<std::io::Result<usize>> {
    socket.set_read_timeout(Some(SILENCE))?;
    Ok(socket.recv(&mut [0; 16]))
}
