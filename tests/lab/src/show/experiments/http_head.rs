//! A head with a line that has no colon.

use std::str;

use httparse::{EMPTY_HEADER, Response, Status};

use super::text::http_head as said;
use crate::show::experiment::Experiment;
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "http-head",
    rows: &["F8", "F9", "F10"],
    tutorials: &["002:176-184", "004:38"],
    lesson: "http-fetch",
    words: &said::WORDS,
    run,
    source: source!("http_head.rs"),
};

/// What the tutorial's server sends, byte for byte.
const TUTORIAL: &str = "HTTP/1.1 200 OK\r\nContent-Type:text/html\r\ncharset=utf-8\r\nServer:testServer\r\n\r\n欢迎来此访问!";

const RIGHT: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: testServer\r\n\
                     Content-Length: 19\r\n\r\n欢迎来此访问!";

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    report.check(said::length(), text::bytes(96), text::bytes(TUTORIAL.len()));
    let (head, body) = TUTORIAL.split_once("\r\n\r\n").unwrap_or_default();
    report.check(said::body(), "欢迎来此访问!", body);
    let mut lines = head.split("\r\n");
    report.check(said::status_line(), "HTTP/1.1 200 OK", lines.next().unwrap_or_default());
    let broken: Vec<_> = lines.filter(|line| !line.contains(':')).collect();
    report.check(said::without_colon(), "charset=utf-8", broken.join(", "));

    report.answer(match parse(TUTORIAL.as_bytes()).as_str() {
        "complete, 2 headers" => "skipped",
        "complete, 3 headers" => "taken",
        _ => "refused",
    });
    report.check(said::strictly(), "invalid header name", parse(TUTORIAL.as_bytes()));
    report.check(said::in_its_place(), "complete, 3 headers", parse(RIGHT.as_bytes()));
    let unfinished = RIGHT.split("\r\n\r\n").next().unwrap_or_default();
    report.check(said::without_end(), "not complete", parse(unfinished.as_bytes()));
    report.check(
        said::line_feeds(),
        "complete, 3 headers",
        parse(RIGHT.replace("\r\n", "\n").as_bytes()),
    );
    report.check(said::no_http(), "invalid HTTP version", parse(b"hello\r\n\r\n"));
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
