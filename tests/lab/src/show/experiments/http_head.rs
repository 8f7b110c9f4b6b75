//! A head that browsers take and other programs do not.

use std::str;

use httparse::{EMPTY_HEADER, Response, Status};

use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "http-head",
    idea: "a head is lines of `name: value`, and an empty line ends it",
    rows: &["F8", "F9", "F10"],
    tutorials: &[
        "002:176-184",
        "004:38 ⚠ `charset=utf-8` is no header line, and the empty line ends the head, not the body",
    ],
    predict: "The answer of 004's web server, 96 bytes, has a line without a colon. A strict parser (curl's, \
              node's, ours for requests) refuses the whole head; Python's stops at that line and loses \
              `Server`. With the charset where it belongs it is read. Without the empty line the head never \
              ends: the reader waits.",
    run,
    why: "A header line is a name, a colon, a value (RFC 9112, section 5). What does not fit the grammar has \
          no meaning, and guessing one is how two programs come to see two different messages in the same \
          bytes. The charset is a parameter of Content-Type (RFC 9110, section 8.3).",
    mend: "Content-Type: text/html; charset=utf-8, and a Content-Length, so that the end of the body is \
           known before the connection ends. Our client reads 004's head all the same and says so in a \
           notice.",
    lesson: "http-fetch",
    try_next: &[
        "cargo lab show http-request",
        "cargo run -q -p http-fetch -- --trace   (then visit it, or use curl -v)",
    ],
};

/// What the tutorial's server sends, byte for byte.
const TUTORIAL: &str = "HTTP/1.1 200 OK\r\nContent-Type:text/html\r\ncharset=utf-8\r\nServer:testServer\r\n\r\n欢迎来此访问!";

const RIGHT: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: testServer\r\n\
                     Content-Length: 19\r\n\r\n欢迎来此访问!";

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    report.check("004's answer", "96 bytes", format!("{} bytes", TUTORIAL.len()));
    let (head, body) = TUTORIAL.split_once("\r\n\r\n").unwrap_or_default();
    report.check("parted at the empty line: the body", "欢迎来此访问!", body);
    let mut lines = head.split("\r\n");
    report.check("its status line", "HTTP/1.1 200 OK", lines.next().unwrap_or_default());
    let broken: Vec<_> = lines.filter(|line| !line.contains(':')).collect();
    report.check("its lines without a colon", "charset=utf-8", broken.join(" and "));

    report.check("a strict parser on it", "invalid header name", parse(TUTORIAL.as_bytes()));
    report.check("with the charset in its place", "complete, 3 headers", parse(RIGHT.as_bytes()));
    let unfinished = RIGHT.split("\r\n\r\n").next().unwrap_or_default();
    report.check("without the empty line", "not complete", parse(unfinished.as_bytes()));
    report.check(
        "lines that end with \\n alone, which the RFC allows to be read",
        "complete, 3 headers",
        parse(RIGHT.replace("\r\n", "\n").as_bytes()),
    );
    report.check(
        "a response that does not begin with HTTP/",
        "invalid HTTP version",
        parse(b"hello\r\n\r\n"),
    );
    Ok(())
}

fn parse(bytes: &[u8]) -> String {
    let mut headers = [EMPTY_HEADER; 16];
    let mut response = Response::new(&mut headers);
    match response.parse(bytes) {
        Ok(Status::Complete(_)) => format!("complete, {} headers", response.headers.len()),
        Ok(Status::Partial) => "not complete".to_owned(),
        Err(error) => error.to_string(),
    }
}
