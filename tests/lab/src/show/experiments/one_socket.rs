//! One UDP socket serves everybody; TCP needs a socket for each.

use std::net::UdpSocket;

use super::text::one_socket as said;
use crate::show::ends::{listen, pair_on, quoted, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::kernel::open_sockets;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "one-socket",
    rows: &["B14", "C7", "C8", "C10"],
    tutorials: &["000:130-136", "000:145", "000:147", "001:13", "001:153", "003:102"],
    lesson: "udp-echo",
    words: &said::WORDS,
    run,
    source: source!("one_socket.rs"),
};

const CLIENTS: usize = 10;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let server = udp()?;
    let clients: Vec<UdpSocket> = (0..CLIENTS).map(|_| udp()).collect::<Result<_, _>>()?;
    let before = open_sockets();
    for (n, client) in clients.iter().enumerate() {
        client.send_to(format!("client {n}").as_bytes(), server.local_addr()?)?;
    }
    let mut rightly_named = 0;
    for _ in &clients {
        let (message, from) = recv_from(&server, 1024)?;
        let named = clients.iter().any(|client| client.local_addr().is_ok_and(|addr| addr == from));
        rightly_named += usize::from(named);
        server.send_to(&[b"Hello, ", &message[..], b"!"].concat(), from)?;
    }
    report.check(said::named(), CLIENTS, rightly_named);
    let mut own = 0;
    for (n, client) in clients.iter().enumerate() {
        let (answer, _) = recv_from(client, 1024)?;
        own += usize::from(answer == format!("Hello, client {n}!").as_bytes());
        if n == 0 {
            report.see(said::first_hears(quoted(&answer)));
        }
    }
    report.check(said::own(), CLIENTS, own);
    match (before, open_sockets()) {
        (Some(before), Some(after)) => {
            report.decide(said::udp_cost(), 0, after.saturating_sub(before));
        }
        _ => report.cannot(said::linux_alone()),
    }

    let listener = listen()?;
    let before = open_sockets();
    let connections: Vec<_> = (0..CLIENTS).map(|_| pair_on(&listener)).collect::<Result<_, _>>()?;
    if let (Some(before), Some(after)) = (before, open_sockets()) {
        // The other 10 are the clients' own.
        report.check(said::tcp_cost(), CLIENTS, after.saturating_sub(before + connections.len()));
    }
    Ok(())
}
