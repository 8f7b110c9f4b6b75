//! Whole heads, and what is made of them.

use std::ops::Range;

use proptest::prelude::*;

use super::head_end::Scanner;
use super::parse::parse;
use super::types::{Expectation, MAX_HEAD, MAX_REQUEST_LINE, Method, Refusal, Request, Version};
use crate::http::body::Framing;

fn found(received: &[u8]) -> Result<Option<Range<usize>>, Refusal> {
    Scanner::default().scan(received)
}

fn judged(head: &str) -> Result<Request<'_>, Refusal> {
    assert_eq!(found(head.as_bytes()), Ok(Some(0..head.len())), "{head:?}");
    parse(head.as_bytes())
}

/// A request with these lines between its Host and its end.
fn with(lines: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n")
}

fn status(head: &str) -> u16 {
    match judged(head) {
        Ok(_) => 200,
        Err(refusal) => refusal.status.code,
    }
}

#[test]
fn the_tutorials_request_is_understood() {
    let head = "GET / HTTP/1.1\r\nHost: www.baidu.com\r\nConnection: close\r\n\r\n";
    let request = judged(head).unwrap();
    assert_eq!((request.method, request.path, request.query), (Method::Get, &b"/"[..], None));
    assert_eq!((request.version, request.keep_alive), (Version::Http11, false));
    assert_eq!(request.body, Framing::Length(0));
    assert_eq!(request.line, b"GET / HTTP/1.1");
}

#[test]
fn a_head_and_its_first_line_have_a_longest_length() {
    let endless = |head: &str| found(head.as_bytes()).unwrap_err().status.code;
    let line = "a".repeat(MAX_REQUEST_LINE);
    assert_eq!(endless(&format!("GET /{line}")), 414);
    assert_eq!(endless(&format!("GET /{line} HTTP/1.1\r\n\r\n")), 414);
    assert_eq!(endless(&line.repeat(2)), 400);
    assert_eq!(endless(&format!("GET / HTTP/1.1\r\nA: {}", line.repeat(4))), 431);
    assert_eq!(endless(&"\r\n".repeat(MAX_HEAD)), 431);
    let longest = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(8000));
    assert_eq!(status(&longest), 200);
}

#[test]
fn fields_are_limited_by_their_bytes_and_not_by_their_number() {
    for line in ["A:\r\n", "A: b\r\n", "Cookie: a=b; c=d\r\n", "If-Match: \"a\"\r\n"] {
        let room = MAX_HEAD - with("").len();
        let head = with(&line.repeat(room / line.len()));
        assert_eq!((status(&head), head.len() > MAX_HEAD - line.len()), (200, true), "{line}");
        let more = with(&line.repeat(room / line.len() + 1));
        assert_eq!(found(more.as_bytes()).unwrap_err().status.code, 431, "{line}");
    }
}

#[test]
fn the_request_line_has_three_words() {
    for (line, code) in [
        ("GET / HTTP/1.1", 200),
        ("GET / HTTP/1.0", 200),
        ("GET / HTTP/1.9", 200),
        ("get / HTTP/1.1", 200),
        ("GET / HTTP/2.0", 505),
        ("GET / HTTP/0.9", 505),
        ("GET /", 400),
        ("nonsense", 400),
        ("GET  / HTTP/1.1", 400),
        ("GET /  HTTP/1.1", 400),
        ("GET / HTTP/1.1 ", 400),
        (" GET / HTTP/1.1", 400),
        ("GET\t/ HTTP/1.1", 400),
        ("GET /a b HTTP/1.1", 400),
        ("GET / http/1.1", 400),
        ("GET / HTTP/1.10", 400),
        ("GET / HTTP/11", 400),
        ("GET / HTTP/1", 400),
        ("GET / HTTP/x.1", 400),
        ("G(T / HTTP/1.1", 400),
        ("GET /a#b HTTP/1.1", 400),
        ("GET /a\x7f HTTP/1.1", 400),
        ("GET a HTTP/1.1", 400),
        ("GET * HTTP/1.1", 400),
        ("OPTIONS * HTTP/1.1", 200),
        ("CONNECT localhost:80 HTTP/1.1", 200),
        ("CONNECT / HTTP/1.1", 400),
        ("GET localhost:80 HTTP/1.1", 400),
        ("GET ftp://localhost/ HTTP/1.1", 400),
        ("GET http:///a HTTP/1.1", 400),
        ("GET http://user@localhost/ HTTP/1.1", 400),
    ] {
        assert_eq!(status(&format!("{line}\r\nHost: a\r\n\r\n")), code, "{line:?}");
    }
}

#[test]
fn methods_are_known_by_their_case() {
    for (name, wanted) in [
        ("GET", Method::Get),
        ("HEAD", Method::Head),
        ("POST", Method::NotAllowed),
        ("get", Method::Unknown),
        ("BREW", Method::Unknown),
    ] {
        assert_eq!(judged(&format!("{name} / HTTP/1.0\r\n\r\n")).unwrap().method, wanted, "{name}");
    }
}

#[test]
fn a_target_is_a_path_or_a_whole_url() {
    for (target, path, query) in [
        ("/a/b?c=d?e", "/a/b", Some("c=d?e")),
        ("/?", "/", Some("")),
        ("/中文", "/中文", None),
        ("http://localhost", "/", None),
        ("HTTP://localhost:80/a?b", "/a", Some("b")),
        ("http://[::1]:8080?b", "/", Some("b")),
    ] {
        let head = format!("GET {target} HTTP/1.0\r\n\r\n");
        let request = judged(&head).unwrap();
        assert_eq!(
            (request.path, request.query),
            (path.as_bytes(), query.map(str::as_bytes)),
            "{target}"
        );
    }
}

#[test]
fn there_is_one_host_and_it_is_one() {
    assert_eq!(status("GET / HTTP/1.1\r\n\r\n"), 400);
    assert_eq!(status("GET / HTTP/1.0\r\n\r\n"), 200);
    assert_eq!(status("GET http://a/ HTTP/1.1\r\n\r\n"), 400);
    assert_eq!(status(&with("Host: localhost\r\n")), 400);
    for good in ["", "a", "a.b-c_d:80", "127.0.0.1:8080", "[::1]", "[::1]:80", "a:"] {
        assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {good}\r\n\r\n")), 200, "{good}");
    }
    for bad in [
        "a b", "a, b", "a/b", "user@a", "a:b", "::1", "[::1", "[x]", "[::1]x", "中文", "a?b",
        "a\"b",
    ] {
        assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {bad}\r\n\r\n")), 400, "{bad}");
    }
}

#[test]
fn the_end_of_a_body_is_told_once_and_clearly() {
    for (lines, wanted) in [
        ("Content-Length: 5\r\n", Ok(Framing::Length(5))),
        ("Content-Length: 18446744073709551615\r\n", Ok(Framing::Length(u64::MAX))),
        ("Transfer-Encoding: chunked\r\n", Ok(Framing::Chunked)),
        ("transfer-encoding: , Chunked ,\r\n", Ok(Framing::Chunked)),
        ("Content-Length: 18446744073709551616\r\n", Err(400)),
        ("Content-Length: 5\r\nContent-Length: 5\r\n", Err(400)),
        ("Content-Length: 5\r\nContent-Length: 6\r\n", Err(400)),
        ("Content-Length: 5, 5\r\n", Err(400)),
        ("Content-Length: +5\r\n", Err(400)),
        ("Content-Length: -5\r\n", Err(400)),
        ("Content-Length: 0x5\r\n", Err(400)),
        ("Content-Length: 5 5\r\n", Err(400)),
        ("Content-Length:\r\n", Err(400)),
        ("Content-Length: ５\r\n", Err(400)),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", Err(400)),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", Err(400)),
        ("Transfer-Encoding: gzip\r\n", Err(400)),
        ("Transfer-Encoding: xchunked\r\n", Err(400)),
        ("Transfer-Encoding: \"chunked\"\r\n", Err(400)),
        ("Transfer-Encoding: identity\r\n", Err(400)),
        ("Transfer-Encoding:\r\n", Err(400)),
        ("Transfer-Encoding: chunked, chunked\r\n", Err(400)),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", Err(400)),
        ("Transfer-Encoding: chunked, gzip\r\n", Err(400)),
        ("Transfer-Encoding: gzip, chunked\r\n", Err(501)),
        ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", Err(501)),
    ] {
        let head = with(lines);
        let judged =
            judged(&head).map(|request| request.body).map_err(|refusal| refusal.status.code);
        assert_eq!(judged, wanted, "{lines:?}");
    }
    assert_eq!(status("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

#[test]
fn a_field_that_two_readers_could_read_differently_is_refused() {
    for line in [
        "Content-Length : 5",
        "Content-Length\t: 5",
        "No colon here",
        "charset=utf-8",
        ": no name",
        "Tränsfer: x",
        "A: b\x01c",
        "A: b\x7f",
        "A\x0b: b",
        "X(y): z",
    ] {
        assert_eq!(status(&with(&format!("{line}\r\n"))), 400, "{line:?}");
    }
}

#[test]
fn a_connection_goes_on_as_its_version_has_it() {
    for (version, lines, wanted) in [
        ("1.1", "", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.1", "Connection: Upgrade, CLOSE\r\n", false),
        ("1.1", "Connection: keep-alive\r\nConnection: close\r\n", false),
        ("1.0", "", false),
        ("1.0", "Connection: Keep-Alive\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false),
    ] {
        let head = format!("GET / HTTP/{version}\r\nHost: a\r\n{lines}\r\n");
        assert_eq!(judged(&head).unwrap().keep_alive, wanted, "{version} {lines:?}");
    }
}

#[test]
fn what_the_client_expects_is_heard_in_1_1_alone() {
    let expectation = |head: &str| judged(head).unwrap().expectation;
    assert_eq!(expectation(&with("Expect: 100-Continue\r\n")), Expectation::Continue);
    assert_eq!(expectation(&with("Expect: a miracle\r\n")), Expectation::Unknown);
    assert_eq!(expectation("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"), Expectation::None);
}

#[test]
fn of_a_field_that_comes_twice_the_first_counts() {
    let head = with("Range: bytes=0-1\r\nrange: bytes=5-\r\nUser-Agent:  x y \r\n");
    let fields = judged(&head).unwrap().fields;
    assert_eq!((fields.range, fields.user_agent), (Some(&b"bytes=0-1"[..]), Some(&b"x y"[..])));
}

/// Bytes of which requests, nearly requests and nonsense are made.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"GET / HTTP/1.1\r\n".to_vec()),
        Just(b"Host: a\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"A: b".to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn it_is_the_same_head_however_it_is_cut(stream in stream(), size in 1_usize..9) {
        let mut scanner = Scanner::default();
        let mut in_pieces = Ok(None);
        for end in (0..stream.len()).step_by(size).skip(1).chain([stream.len()]) {
            in_pieces = scanner.scan(&stream[..end]);
            if in_pieces != Ok(None) {
                break;
            }
        }
        prop_assert_eq!(in_pieces, found(&stream));
    }

    #[test]
    fn no_bytes_at_all_upset_it(stream in stream()) {
        if let Ok(Some(range)) = found(&stream) {
            let _ = parse(&stream[range]);
        }
        let _ = parse(&stream);
    }
}
