//! TCP 9999 and UDP 9999 are two ports.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

use anyhow::Context as _;

use super::text::same_port as said;
use crate::show::ends::{LIMIT, listen, pair_on, quoted, recv, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "same-port",
    rows: &["A17"],
    tutorials: &["000:198"],
    lesson: "udp-echo",
    words: &said::WORDS,
    run,
    source: source!("same_port.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let both = both();
    report.answer(if both.is_ok() { "ok" } else { "EADDRINUSE" });
    let (tcp, udp_server) = both?;
    let port = tcp.local_addr()?.port();
    report.see(said::both_bound(port));
    report.check(said::same_number(), port, udp_server.local_addr()?.port());

    let (client, mut accepted) = pair_on(&tcp)?;
    accepted.write_all(b"by TCP")?;
    report.check(said::tcp_hears(), "\"by TCP\"", quoted(&recv(&client, 1024)?));
    let client = udp()?;
    client.send_to(b"hello", udp_server.local_addr()?)?;
    let (_, from) = recv_from(&udp_server, 1024)?;
    udp_server.send_to(b"by UDP", from)?;
    report.check(said::udp_hears(), "\"by UDP\"", quoted(&recv_from(&client, 1024)?.0));
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
    None.context(text::no_port_for_both())
}
