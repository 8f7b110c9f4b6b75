//! Where a server can be reached is decided by bind.

use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream, UdpSocket};

use crate::show::ends::LIMIT;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "loopback-only",
    idea: "0.0.0.0 is every interface, 127.0.0.1 this machine only",
    rows: &["A14", "A5"],
    tutorials: &[
        "002:238",
        "003:51",
        "000:42",
        "004:23 ⚠ '' is not “the IP of this machine” but all of its addresses",
    ],
    predict: "A server bound to one address is reached there and nowhere else, not even from the same \
              machine: 127.0.0.1 does not answer for 127.0.0.2 or for the address of the network card. Bound \
              to 0.0.0.0, or '' in Python, it is reached at all of them, from outside, too.",
    run,
    why: "bind writes the local address into the socket, and the kernel compares it with the destination of \
          each SYN. 0.0.0.0 (INADDR_ANY) compares equal to all. The loopback network 127.0.0.0/8 never \
          leaves the machine.",
    mend: "Listen on 127.0.0.1 unless others are meant to come, as all servers here do. `--addr :50000` says \
           every interface.",
    lesson: "tcp-echo",
    try_next: &["cargo run -q -p tcp-echo -- --addr :50000", "cargo lab show families"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        report.cannot("only Linux has all of 127.0.0.0/8 on its loopback interface");
        return Ok(());
    }
    let mut addresses = vec![Ipv4Addr::new(127, 0, 0, 1), Ipv4Addr::new(127, 0, 0, 2)];
    match own_address() {
        Some(own) => addresses.push(own),
        None => report.cannot("this machine has no address but those of loopback"),
    }
    for bound in &addresses {
        let predicted =
            addresses.iter().map(|target| answer(*target, target == bound)).collect::<Vec<_>>();
        report.check(
            &format!("bound to {bound}"),
            predicted.join(", "),
            reached(*bound, &addresses)?,
        );
    }
    let predicted = addresses.iter().map(|target| answer(*target, true)).collect::<Vec<_>>();
    report.check(
        "bound to 0.0.0.0",
        predicted.join(", "),
        reached(Ipv4Addr::UNSPECIFIED, &addresses)?,
    );
    Ok(())
}

fn answer(target: Ipv4Addr, answers: bool) -> String {
    format!("{target} {}", if answers { "answers" } else { "refuses" })
}

fn reached(bound: Ipv4Addr, targets: &[Ipv4Addr]) -> anyhow::Result<String> {
    let server = TcpListener::bind((bound, 0))?;
    let port = server.local_addr()?.port();
    let tried = targets.iter().map(|target| {
        answer(*target, TcpStream::connect_timeout(&(*target, port).into(), LIMIT).is_ok())
    });
    Ok(tried.collect::<Vec<_>>().join(", "))
}

/// The address from which this machine would speak to the network. Connecting a UDP socket sends
/// nothing, and the target is a documentation address (RFC 5737).
fn own_address() -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(203, 0, 113, 1), 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        IpAddr::V4(own) if !own.is_loopback() && !own.is_unspecified() => Some(own),
        _ => None,
    }
}
