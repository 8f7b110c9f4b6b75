//! TCP 9999 and UDP 9999 are two ports.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

use anyhow::Context as _;

use crate::show::ends::{LIMIT, listen, pair_on, quoted, recv, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "same-port",
    idea: "a TCP port and a UDP port of the same number do not clash",
    rows: &["A17"],
    tutorials: &["000:198"],
    predict: "A TCP server and a UDP server bind the same address and the same port, and each answers its \
              own client.",
    run,
    why: "The IP header says which protocol is inside (TCP is 6, UDP is 17), and each protocol has 65,536 \
          ports of its own. What identifies a server is protocol, address and port.",
    mend: "Nothing to mend. It is used: DNS answers short questions on UDP 53 and long ones on TCP 53; \
           HTTP/3 has UDP 443 beside TCP 443.",
    lesson: "udp-echo",
    try_next: &[
        "cargo run -q -p tcp-chat & cargo run -q -p udp-echo   (both at port 9999)",
        "cargo lab show port-taken",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (tcp, udp_server) = both()?;
    let port = tcp.local_addr()?.port();
    report.see(format_args!("TCP and UDP are both bound to 127.0.0.1:{port}"));
    report.check("the same number", port, udp_server.local_addr()?.port());

    let (client, mut accepted) = pair_on(&tcp)?;
    accepted.write_all(b"by TCP")?;
    report.check("the TCP client hears", "\"by TCP\"", quoted(&recv(&client, 1024)?));
    let client = udp()?;
    client.send_to(b"hello", udp_server.local_addr()?)?;
    let (_, from) = recv_from(&udp_server, 1024)?;
    udp_server.send_to(b"by UDP", from)?;
    report.check("the UDP client hears", "\"by UDP\"", quoted(&recv_from(&client, 1024)?.0));
    Ok(())
}

/// A free TCP port whose number is free for UDP, too.
fn both() -> anyhow::Result<(TcpListener, UdpSocket)> {
    for _ in 0..20 {
        let tcp = listen()?;
        let same = SocketAddr::from((Ipv4Addr::LOCALHOST, tcp.local_addr()?.port()));
        if let Ok(udp) = UdpSocket::bind(same) {
            udp.set_read_timeout(Some(LIMIT))?;
            return Ok((tcp, udp));
        }
    }
    None.context("20 free TCP ports were all taken for UDP")
}
