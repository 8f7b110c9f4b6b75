//! A request by hand.

use std::io::Write as _;
use std::net::TcpStream;

use httparse::{EMPTY_HEADER, Request, Status};

use crate::show::ends::{LIMIT, SILENCE, arrived, outcome, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "http-request",
    idea: "HTTP is text on TCP; a server waits for the empty line, and close can end the body",
    rows: &["B15", "F7", "F8", "F11"],
    tutorials: &[
        "002:45",
        "002:147",
        "002:152",
        "003:21",
        "003:24 ⚠ 004's server answers anything, after one recv",
    ],
    predict: "A request of 58 bytes without its last \\r\\n is not complete, and a server that reads heads \
              waits for more: no answer. The two bytes bring it. After `Connection: close` the server ends \
              the connection behind the body, and recv returns 0. A head in pieces of 5 bytes is complete \
              when the last has come.",
    run,
    why: "The head's length is nowhere given; it ends with an empty line, \\r\\n\\r\\n. A server that looks \
          at one recv only, as 004's, takes any cut for the whole. Nothing else is between HTTP and TCP: \
          what you type is what the server reads.",
    mend: "Read until the empty line, with a limit of bytes and of time; then as many bytes of body as \
           Content-Length says.",
    lesson: "http-fetch",
    try_next: &[
        "cargo lab show http-head",
        "cargo run -q -p http-fetch   (printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' | nc 127.0.0.1 8080)",
    ],
};

/// The tutorial's request.
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: www.baidu.com\r\nConnection: close\r\n\r\n";

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    report.check("the tutorial's request", "58 bytes", format!("{} bytes", REQUEST.len()));
    let (most, last) = REQUEST.split_at(REQUEST.len() - 2);

    let (mut client, mut server) = pair()?;
    client.write_all(most)?;
    arrived(&server, most.len())?;
    let mut head = recv(&server, 1024)?;
    report.check("the server has 56 of its bytes: the head is", "not complete", complete(&head));
    client.set_read_timeout(Some(SILENCE))?;
    report.check("the client's recv, after 100 ms", "EAGAIN", outcome(&recv(&client, 1024)));
    client.set_read_timeout(Some(LIMIT))?;

    client.write_all(last)?;
    head.extend(recv(&server, 1024)?);
    report.check("with the last two", "complete: GET /", complete(&head));
    server.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello")?;
    drop(server);
    report.check(
        "the answer",
        "\"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\nhello\"",
        quoted(&to_end(&client)?),
    );
    report.check("behind it recv returns", 0, recv(&client, 1024)?.len());

    let (mut client, server) = pair()?;
    let (mut head, mut pieces) = (Vec::new(), 0);
    for piece in REQUEST.chunks(5) {
        client.write_all(piece)?;
        arrived(&server, piece.len())?;
        head.extend(recv(&server, 1024)?);
        pieces += 1;
        if complete(&head) != "not complete" {
            break;
        }
    }
    report.check("the same in pieces of 5 bytes: complete after", 12, pieces);
    Ok(())
}

fn to_end(stream: &TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut &*stream, &mut bytes)?;
    Ok(bytes)
}

fn complete(head: &[u8]) -> String {
    let mut headers = [EMPTY_HEADER; 16];
    let mut request = Request::new(&mut headers);
    match request.parse(head) {
        Ok(Status::Complete(_)) => {
            format!(
                "complete: {} {}",
                request.method.unwrap_or_default(),
                request.path.unwrap_or_default()
            )
        }
        Ok(Status::Partial) => "not complete".to_owned(),
        Err(error) => error.to_string(),
    }
}
