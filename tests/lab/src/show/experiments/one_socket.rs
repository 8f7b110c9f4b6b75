//! One UDP socket serves everybody; TCP needs a socket for each.

use std::net::UdpSocket;

use crate::show::ends::{listen, pair_on, quoted, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::kernel::open_sockets;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "one-socket",
    idea: "one UDP socket serves everybody; a TCP server has a socket more for each client",
    rows: &["B14", "C7", "C8", "C10"],
    tutorials: &["000:130-136", "000:145", "000:147", "001:13", "001:153", "003:102"],
    predict: "10 UDP clients speak in turn to one socket; recvfrom says who each datagram is from, sendto \
              answers him, and nobody gets another's answer, with one thread and one socket at the server. \
              10 TCP clients cost the server 10 sockets more.",
    run,
    why: "A UDP server keeps nothing of its clients: each datagram carries the sender's address. A TCP \
          connection has a state, two buffers and numbers to keep, and each lives in a socket of its own.",
    mend: "Nothing to mend, but to be limited: TCP servers cap the number of their clients (`--max-clients`) \
           and close silent ones (`--idle-timeout`).",
    lesson: "udp-echo",
    try_next: &["cargo run -q -p udp-echo -- --trace", "cargo lab show models"],
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
    report.check("UDP: datagrams that came with their sender's address", CLIENTS, rightly_named);
    let mut own = 0;
    for (n, client) in clients.iter().enumerate() {
        let (answer, _) = recv_from(client, 1024)?;
        own += usize::from(answer == format!("Hello, client {n}!").as_bytes());
        if n == 0 {
            report.see(format_args!("the first client hears {}", quoted(&answer)));
        }
    }
    report.check("UDP: clients that got their own answer", CLIENTS, own);
    match (before, open_sockets()) {
        (Some(before), Some(after)) => {
            report.check("UDP: sockets that this cost the server", 0, after.saturating_sub(before));
        }
        _ => report.cannot("only Linux lists a program's sockets in /proc/self/fd"),
    }

    let listener = listen()?;
    let before = open_sockets();
    let connections: Vec<_> = (0..CLIENTS).map(|_| pair_on(&listener)).collect::<Result<_, _>>()?;
    if let (Some(before), Some(after)) = (before, open_sockets()) {
        // The other 10 are the clients' own.
        report.check(
            "TCP: sockets that this cost the server",
            CLIENTS,
            after.saturating_sub(before + connections.len()),
        );
    }
    Ok(())
}
