//! One client's failure is not the server's.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::str;
use std::thread;
use std::time::Duration;

use anyhow::bail;
use socket2::SockRef;

use super::text::survive as said;
use crate::show::ends::{arrived, bounded, connect, listen, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "survive",
    rows: &["D19", "F4"],
    tutorials: &["000:77", "003:153", "003:168", "004:28"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("survive.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    report.check(said::conversation_ends(), "\"Hello, you!\"", fourth_client(true)?);
    report.decide(said::server_ends(), "nothing", fourth_client(false)?);
    Ok(())
}

/// What the fourth client of such a server hears.
fn fourth_client(survives: bool) -> anyhow::Result<String> {
    let listener = listen()?;
    let addr = listener.local_addr()?;
    let server = thread::spawn(move || serve(&listener, survives));

    let mut no_text = connect(addr)?;
    no_text.write_all(&[0xff, 0xfe, b'!'])?;
    // Its end, in good order or not.
    let _ = recv(&no_text, 16);
    if let Ok(mut resets) = connect(addr) {
        SockRef::from(&resets).set_linger(Some(Duration::ZERO))?;
        let _ = resets.write_all(b"I");
        drop(resets);
    }
    drop(connect(addr));
    let heard = match connect(addr) {
        Ok(mut fourth) => {
            let _ = fourth.write_all(b"you");
            recv(&fourth, 1024).ok().filter(|heard| !heard.is_empty())
        }
        Err(_) => None,
    };
    let _ = server.join();
    Ok(heard.map_or("nothing".to_owned(), |heard| quoted(&heard)))
}

/// Four clients, one after the other.
fn serve(listener: &TcpListener, survives: bool) -> anyhow::Result<()> {
    for _ in 0..4 {
        let result = next(listener);
        if !survives {
            result?;
        }
    }
    Ok(())
}

/// Where a client was reset before it was accepted, some systems tell that by `accept` (`man 2
/// accept`, ECONNABORTED).
fn next(listener: &TcpListener) -> anyhow::Result<()> {
    converse(bounded(listener.accept()?.0)?)
}

/// One question, one answer.
fn converse(mut stream: TcpStream) -> anyhow::Result<()> {
    let mut buffer = [0; 64];
    let got = stream.read(&mut buffer)?;
    if got == 0 {
        bail!("left without a word");
    }
    let name = str::from_utf8(buffer.get(..got).unwrap_or_default())?;
    stream.write_all(format!("Hello, {name}!").as_bytes())?;
    arrived(&stream, 0)
}
