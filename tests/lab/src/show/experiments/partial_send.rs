//! send may take less than it is given.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::text::partial_send as said;
use crate::show::ends::{outcome, pair};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "partial-send",
    rows: &["D11", "D16", "F12"],
    tutorials: &["002:103", "002:106", "004:38", "004:54-56"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("partial_send.rs"),
};

const MUCH: usize = 50_000_000;

/// What a limit that has passed is called, on Unix and on Windows.
const PASSED: [io::ErrorKind; 2] = [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut];

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let message = vec![b'x'; MUCH];

    let (mut client, _server) = pair()?;
    client.set_nonblocking(true)?;
    let first = client.write(&message);
    report.answer(match &first {
        Ok(MUCH) => "all",
        Ok(_) => "a part",
        Err(_) => "an error",
    });
    let taken = first?;
    report.holds(said::not_waiting(), said::part(), taken, taken > 0 && taken < MUCH);
    let (mut full, mut more) = (Ok(0), 0);
    while let Ok(taken) = full {
        more += taken;
        full = client.write(&message);
    }
    report.see(said::more(more));
    report.check(said::then(), "EAGAIN", outcome(&full));

    let (mut client, _server) = pair()?;
    client.set_write_timeout(Some(Duration::from_millis(100)))?;
    let taken = client.write(&message)?;
    report.holds(said::limited(), said::a_part(), taken, taken > 0 && taken < MUCH);

    let (client, server) = pair()?;
    let got = read_all(server);
    let taken = (&client).write(&message)?;
    if cfg!(target_os = "linux") {
        report.check(said::waiting(), MUCH, taken);
    } else {
        report.see(said::waiting_took(taken));
    }
    (&client).write_all(message.get(taken..).unwrap_or_default())?;
    drop(client);
    report.check(said::got(), MUCH, got.join().unwrap_or(0));

    let (mut client, server) = pair()?;
    client.set_write_timeout(Some(Duration::from_millis(100)))?;
    let got = read_all(server);
    send_all(&mut client, &message)?;
    drop(client);
    report.check(said::by_loop(), MUCH, got.join().unwrap_or(0));
    Ok(())
}

/// What `sendall` does: goes on behind what was taken. A limit that passes without a byte is tried
/// again, since the reader here is only slow.
fn send_all(client: &mut TcpStream, mut rest: &[u8]) -> io::Result<()> {
    while !rest.is_empty() {
        match client.write(rest) {
            Ok(taken) => rest = rest.get(taken..).unwrap_or_default(),
            Err(error) if PASSED.contains(&error.kind()) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Counts what comes until the end.
fn read_all(mut server: TcpStream) -> thread::JoinHandle<usize> {
    thread::spawn(move || {
        let (mut buffer, mut sum) = (vec![0; 1 << 16], 0);
        while let Ok(got @ 1..) = server.read(&mut buffer) {
            sum += got;
        }
        sum
    })
}
