//! One client's failure is not the server's.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::str;
use std::thread;
use std::time::Duration;

use anyhow::bail;
use socket2::SockRef;

use crate::show::ends::{arrived, bounded, connect, listen, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "survive",
    idea: "what one client does wrong must not end the server",
    rows: &["D19", "F4"],
    tutorials: &[
        "003:153",
        "003:168",
        "004:28 ⚠ a client that vanishes does end that server",
        "000:77 ⚠ so does a byte that is no UTF-8",
    ],
    predict: "One client sends bytes that are no text, one resets its connection, one leaves without a word. \
              A server that handles the error of a conversation where the conversation ends serves the \
              fourth. One that lets it through to its accept loop, as five of the tutorials' do, serves \
              nobody after the first.",
    run,
    why: "An error travels up to whoever handles it. In the tutorials' servers nobody does, so the process \
          ends, and with it the service for all.",
    mend: "Handle errors at the edge of the conversation: say which client and why, close, accept the next. \
           Then also catch what the loop itself can meet: accept may fail, too.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo run -q -p tcp-echo   (then: head -c 99 /dev/urandom | nc -N 127.0.0.1 50000)",
        "cargo lab show reset",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    report.check(
        "errors end the conversation: the fourth client hears",
        "\"Hello, you!\"",
        fourth_client(true)?,
    );
    report.check(
        "errors end the server: the fourth client hears",
        "nothing",
        fourth_client(false)?,
    );
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
        let result = converse(bounded(listener.accept()?.0)?);
        if !survives {
            result?;
        }
    }
    Ok(())
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
