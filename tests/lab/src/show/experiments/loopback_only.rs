//! Where a server can be reached is decided by bind.

use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream, UdpSocket};

use common::text::list;

use super::text::loopback_only as said;
use crate::show::ends::{LIMIT, outcome};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "loopback-only",
    rows: &["A14", "A5"],
    tutorials: &["000:42", "002:238", "003:51", "004:23"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("loopback_only.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        report.cannot(said::linux_alone());
        return Ok(());
    }
    let mut addresses = vec![Ipv4Addr::new(127, 0, 0, 1), Ipv4Addr::new(127, 0, 0, 2)];
    match own_address() {
        Some(own) => addresses.push(own),
        None => report.cannot(said::no_other()),
    }
    for bound in &addresses {
        let predicted =
            addresses.iter().map(|target| answer(*target, target == bound)).collect::<Vec<_>>();
        report.check(said::bound_to(bound), list(predicted), reached(*bound, &addresses)?);
    }
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let neighbour = (Ipv4Addr::new(127, 0, 0, 2), server.local_addr()?.port());
    report.answer(outcome(&TcpStream::connect_timeout(&neighbour.into(), LIMIT)));
    let predicted = addresses.iter().map(|target| answer(*target, true)).collect::<Vec<_>>();
    report.check(
        said::bound_to_all(),
        list(predicted),
        reached(Ipv4Addr::UNSPECIFIED, &addresses)?,
    );
    Ok(())
}

fn answer(target: Ipv4Addr, answers: bool) -> String {
    if answers { said::answers(target) } else { said::refuses(target) }
}

fn reached(bound: Ipv4Addr, targets: &[Ipv4Addr]) -> anyhow::Result<String> {
    let server = TcpListener::bind((bound, 0))?;
    let port = server.local_addr()?.port();
    let tried = targets.iter().map(|target| {
        answer(*target, TcpStream::connect_timeout(&(*target, port).into(), LIMIT).is_ok())
    });
    Ok(list(tried))
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
