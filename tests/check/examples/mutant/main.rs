//! Programs on which the judge is tried: small ones that are right, and the same with one defect.
//!
//! `mutant list` names them: a suite, a defect, and the check that must find it, in a line; where
//! that is `-`, it is no defect but another way to be right. `mutant SUITE DEFECT ADDR FILE` is one
//! of them; without a defect (`-`) it is right.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "they die of what goes wrong, as a learner's program does"
)]

mod http_client;
mod http_server;
#[cfg(unix)]
mod remote;
mod remote_client;
mod room;
mod room_client;
#[cfg(unix)]
mod stream;
mod stream_client;
mod tcp;
mod tcp_chat;
mod tcp_echo;
mod tcp_echo_client;
mod udp_echo;
mod udp_echo_client;
mod udp_temp;

use std::io;
use std::net::SocketAddr;
use std::sync::OnceLock;

/// A program of a lesson.
#[derive(Clone, Copy)]
struct Program {
    /// What it is to be, as the suite is written.
    suite: &'static str,
    /// What can be wrong with it, and which check finds it: `-` where nothing is wrong.
    defects: &'static [(&'static str, &'static str)],
    /// Those that any program of its kind may have.
    also: &'static [(&'static str, &'static str)],
    run: fn(SocketAddr, &str) -> io::Result<()>,
}

static DEFECT: OnceLock<String> = OnceLock::new();

/// Whether this program has that defect.
fn has(defect: &str) -> bool {
    DEFECT.get().is_some_and(|it| it == defect)
}

/// What some libraries make of a text by themselves, where that is the defect.
fn tidied(text: &str) -> Option<String> {
    Some(match () {
        () if has("drops-marks") => text.replace('\u{feff}', ""),
        () if has("composes") => text.replace("e\u{301}", "é").replace('\u{212b}', "Å"),
        () if has("decomposes") => text.replace('Ü', "U\u{308}"),
        () if has("narrows") => text.replace('Ａ', "A").replace('ﬁ', "fi"),
        () if has("sixteen-bits") => text.replace(|letter| letter > '\u{ffff}', "??"),
        () => return None,
    })
}

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let programs = [
        udp_temp::PROGRAMS,
        udp_echo::PROGRAMS,
        udp_echo_client::PROGRAMS,
        tcp_echo::PROGRAMS,
        tcp_echo_client::PROGRAMS,
        tcp_chat::PROGRAMS,
        room::PROGRAMS,
        room_client::PROGRAMS,
        #[cfg(unix)]
        remote::PROGRAMS,
        remote_client::PROGRAMS,
        #[cfg(unix)]
        stream::PROGRAMS,
        stream_client::PROGRAMS,
        http_server::PROGRAMS,
        http_client::PROGRAMS,
    ]
    .concat();
    match args.as_slice() {
        [list] if list == "list" => {
            for Program { suite, defects, also, .. } in programs {
                for (defect, check) in defects.iter().chain(also) {
                    println!("{suite}\t{defect}\t{check}");
                }
            }
            Ok(())
        }
        [suite, defect, addr, rest @ ..] => {
            let program = programs.into_iter().find(|program| program.suite == suite).unwrap();
            DEFECT.set(defect.clone()).unwrap();
            let file = rest.first().cloned().unwrap_or_default();
            (program.run)(addr.parse().unwrap(), &file)
        }
        _ => panic!("mutant list, or mutant SUITE DEFECT ADDR [FILE]"),
    }
}
