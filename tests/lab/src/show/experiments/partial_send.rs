//! send may take less than it is given.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::show::ends::{outcome, pair};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "partial-send",
    idea: "send into a full buffer takes a part, waits, or says so",
    rows: &["D11", "D16", "F12"],
    tutorials: &[
        "002:103",
        "002:106",
        "004:54-56 ⚠ nothing is lost: send says how much it took",
        "004:38 ⚠ gevent's send takes a part",
    ],
    predict: "50 MB to a peer that does not read: a socket that may not wait takes a part, then says EAGAIN; \
              one with a timeout takes a part, too, and returns. A socket that may wait takes all 50 MB from \
              one send, once the peer reads. sendall gets all through in every case.",
    run,
    why: "send copies into the kernel's send buffer, a few MB at most, and the peer's window lets only so \
          much leave. What does not fit has not been taken: the return value says so, and the rest is still \
          the program's. A blocking send on Linux waits until all has been copied.",
    mend: "sendall (write_all in Rust), or a loop that goes on behind what was taken. Adding a timeout or \
           gevent to a program that uses bare send makes a correct program wrong.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show kernel-buffers", "cargo lab show waiting"],
};

const MUCH: usize = 50_000_000;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let message = vec![b'x'; MUCH];

    let (mut client, _server) = pair()?;
    client.set_nonblocking(true)?;
    let taken = client.write(&message)?;
    report.holds(
        "not waiting: send of 50,000,000 took",
        "a part",
        taken,
        taken > 0 && taken < MUCH,
    );
    let (mut full, mut more) = (Ok(0), 0);
    while let Ok(taken) = full {
        more += taken;
        full = client.write(&message);
    }
    report.see(format_args!("the kernels took {more} more, bit by bit"));
    report.check("and then", "EAGAIN", outcome(&full));

    let (mut client, _server) = pair()?;
    client.set_write_timeout(Some(Duration::from_millis(100)))?;
    let taken = client.write(&message)?;
    report.holds("with a limit of 100 ms: send took", "a part", taken, taken > 0 && taken < MUCH);

    let (client, server) = pair()?;
    let got = read_all(server);
    let taken = (&client).write(&message)?;
    if cfg!(target_os = "linux") {
        report.check("waiting, and the peer reads: send took", MUCH, taken);
    } else {
        report.see(format_args!("waiting, and the peer reads: send took {taken}"));
    }
    (&client).write_all(message.get(taken..).unwrap_or_default())?;
    drop(client);
    report.check("the peer got", MUCH, got.join().unwrap_or(0));

    let (mut client, server) = pair()?;
    client.set_write_timeout(Some(Duration::from_millis(100)))?;
    let got = read_all(server);
    send_all(&mut client, &message)?;
    drop(client);
    report.check("with a limit, by a loop: the peer got", MUCH, got.join().unwrap_or(0));
    Ok(())
}

/// What `sendall` does: goes on behind what was taken. A limit that passes without a byte is tried
/// again, since the reader here is only slow.
fn send_all(client: &mut TcpStream, mut rest: &[u8]) -> io::Result<()> {
    while !rest.is_empty() {
        match client.write(rest) {
            Ok(taken) => rest = rest.get(taken..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
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
