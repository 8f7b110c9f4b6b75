//! Names are turned into addresses before anything is sent.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Instant;

use common::addr::{Addr, RESOLVE_LIMIT};
use common::text::list;

use super::text::names as said;
use crate::show::ends::{ms, outcome};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "names",
    rows: &["A15"],
    tutorials: &["002:137"],
    lesson: "http-fetch",
    words: &said::WORDS,
    run,
    source: source!("names.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let start = Instant::now();
    let found: Vec<_> = ("localhost", 80).to_socket_addrs()?.collect();
    report.see(said::localhost(ms(start.elapsed()), list(&found)));
    let loopback = !found.is_empty() && found.iter().all(|addr| addr.ip().is_loopback());
    report.check(said::all_loopback(), true, loopback);

    let found: Vec<_> = ("192.0.2.7", 80).to_socket_addrs()?.collect();
    report.check(said::text_v4(), "192.0.2.7:80", list(&found));
    let found: Vec<_> = ("::1", 80).to_socket_addrs()?.collect();
    report.check(said::text_v6(), "[::1]:80", list(&found));

    let impossible = format!("{}.invalid", "n".repeat(64));
    let connected = TcpStream::connect((impossible.as_str(), 80));
    report.answer(match &connected {
        Err(error) if error.raw_os_error().is_none_or(is_of_look_up) => "lookup".to_owned(),
        other => outcome(other),
    });
    let failed = (impossible.as_str(), 80).to_socket_addrs();
    let seen = if failed.is_err() { "an error" } else { "addresses" };
    report.check(said::too_long(), "an error", seen);
    if let Err(error) = failed {
        report.see(said::system_words(error));
    }
    let ours: Addr = impossible.parse()?;
    if let Err(error) = ours.to_connect(SocketAddr::from(([127, 0, 0, 1], 80)), RESOLVE_LIMIT) {
        let words = error.to_string().replace(&"n".repeat(64), "nnn…");
        report.see(said::our_words(words));
    }
    Ok(())
}

/// Whether a number of the system's is that of a failed look-up. On Unix such an error has none; on
/// Windows it is one of WSAHOST_NOT_FOUND to WSANO_DATA.
fn is_of_look_up(number: i32) -> bool {
    cfg!(windows) && (11001..=11004).contains(&number)
}
