//! A request by hand.

use std::io::Write as _;
use std::net::TcpStream;

use httparse::{EMPTY_HEADER, Request, Status};

use super::text::http_request as said;
use crate::show::ends::{LIMIT, SILENCE, arrived, outcome, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "http-request",
    rows: &["B15", "F7", "F8", "F11"],
    tutorials: &["002:147", "002:152", "002:45", "003:21", "003:24", "004:38"],
    lesson: "http-fetch",
    words: &said::WORDS,
    run,
    source: source!("http_request.rs"),
};

/// The tutorial's request.
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: www.baidu.com\r\nConnection: close\r\n\r\n";

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    report.check(said::length(), text::bytes(58), text::bytes(REQUEST.len()));
    let (most, last) = REQUEST.split_at(REQUEST.len() - 2);

    let (mut client, mut server) = pair()?;
    client.write_all(most)?;
    arrived(&server, most.len())?;
    let mut head = recv(&server, 1024)?;
    report.decide(said::without_end(), "not complete", complete(&head));
    client.set_read_timeout(Some(SILENCE))?;
    report.check(said::hears_nothing(), "EAGAIN", outcome(&recv(&client, 1024)));
    client.set_read_timeout(Some(LIMIT))?;

    client.write_all(last)?;
    head.extend(recv(&server, 1024)?);
    report.check(said::with_end(), "complete: GET /", complete(&head));
    server.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello")?;
    drop(server);
    report.check(
        said::answer(),
        "\"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\nhello\"",
        quoted(&to_end(&client)?),
    );
    report.check(said::behind(), 0, recv(&client, 1024)?.len());

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
    report.check(said::in_pieces(), 12, pieces);
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
