//! One direction of a connection can end before the other.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;

use crate::show::ends::{outcome, pair, quoted, recv, until};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, state_of};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "half-close",
    idea: "one direction can end while the other goes on",
    rows: &["B5", "D10"],
    tutorials: &["004:13", "002:150"],
    predict: "After shutdown(SHUT_WR) the client can send no more (EPIPE). The server's recv returns 0, \
              which says that it has everything; it then sends its answer, and the client still receives all \
              of it. Until then the client is in FIN-WAIT-2 and the server in CLOSE-WAIT.",
    run,
    why: "A connection is two streams, one each way, and each ends with a FIN of its own. shutdown sends \
          ours and keeps the socket; close gives up both directions.",
    mend: "Use it where the end of the question has no other mark: `nc -N`, an upload of unknown length, our \
           `tcp-echo --dialect raw`. A server that treats the client's FIN as its departure loses the \
           answer.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo lab show four-way-close",
        "cargo run -q -p tcp-echo -- --dialect raw   (then: printf hello | nc -N 127.0.0.1 50000)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, mut server) = pair()?;
    client.write_all(b"how many bytes is this?")?;
    client.shutdown(Shutdown::Write)?;
    report.check("client: send after shutdown(SHUT_WR)", "EPIPE", outcome(&client.write(b"?")));

    let mut question = Vec::new();
    server.read_to_end(&mut question)?;
    report.check(
        "server: read until recv returned 0",
        "23 bytes",
        format!("{} bytes", question.len()),
    );
    if kernel::TELLS {
        until("the acknowledgement of the FIN", || {
            Ok(state_of(&client).is_ok_and(|state| state == "FIN-WAIT-2"))
        })?;
        let states = format!("client {}, server {}", state_of(&client)?, state_of(&server)?);
        report.check("states", "client FIN-WAIT-2, server CLOSE-WAIT", states);
    } else {
        report.cannot(kernel::SILENT);
    }

    server.write_all(question.len().to_string().as_bytes())?;
    drop(server);
    report.check("client: the answer, after its own end", "\"23\"", quoted(&recv(&client, 1024)?));
    report.check("client: recv once more", "\"\"", quoted(&recv(&client, 1024)?));
    Ok(())
}
