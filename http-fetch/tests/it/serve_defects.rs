//! What is wrong with the tutorial's web server (system 16), defect by defect, and the requests by
//! which others are made to run what they should only have read: none of it is so here.

use crate::served::{Answer, WELCOME, ask, assert_refused, assert_serves, server};
use harness::{eventually, peer, usage};

#[test]
fn defect_1_the_charset_is_not_a_line_without_a_colon() {
    let server = server(&[]);
    // `Answer` asserts that each line of a head has a colon.
    let answer = ask(&server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(answer.field("Content-Type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.field("Server"), Some("http-fetch-server"));
}

#[test]
fn defect_2_the_end_of_the_body_is_known_without_the_end_of_the_connection() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    for _ in 0..2 {
        peer::send(&mut stream, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        let answer = Answer::read(&mut stream);
        assert_eq!(answer.field("Content-Length"), Some("19"));
        assert_eq!(answer.body, WELCOME);
        assert!(!answer.closes());
    }
    peer::send(&mut stream, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(Answer::read(&mut stream).closes());
    peer::assert_closed(&mut stream);
}

#[test]
fn defect_3_not_everything_is_answered_with_200() {
    let server = server(&[]);
    assert_eq!(ask(&server, "GET /anything HTTP/1.0\r\n\r\n").status(), 404);
    let answer = ask(&server, "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\na=b");
    assert_eq!((answer.status(), answer.field("Allow")), (405, Some("GET, HEAD")));
    assert_eq!(ask(&server, "BREW / HTTP/1.0\r\n\r\n").status(), 501);
    assert_refused(&server, "nonsense\r\n\r\n", 400);
}

#[test]
fn defect_3_head_has_no_body() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let answer = Answer::read_head(&mut stream);
    assert_eq!((answer.status(), answer.field("Content-Length")), (200, Some("19")));
    peer::assert_closed(&mut stream);
}

#[test]
fn defect_3_a_head_without_its_end_and_an_empty_connection_get_no_page() {
    let server = server(&["--idle-timeout", "1"]);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, "GET / HTTP/1.1\r\nHost: a\r\n");
    assert_eq!(Answer::read(&mut stream).status(), 408);
    peer::assert_closed(&mut peer::connect(server.addr()));
    let mut half = peer::connect(server.addr());
    peer::send(&mut half, "GET / HTTP/1.1\r\nHo");
    half.shutdown(std::net::Shutdown::Write).unwrap();
    peer::assert_closed(&mut half);
}

#[test]
fn defect_4_a_long_request_is_read_to_its_end_and_its_answer_is_not_lost_in_a_reset() {
    let server = server(&[]);
    let post = |length: usize| {
        let mut request =
            format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n").into_bytes();
        request.resize(request.len() + length, b'x');
        request
    };
    // What a browser with cookies sends.
    let cookie = "c".repeat(8000);
    assert_eq!(
        ask(&server, format!("GET / HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n")).status(),
        200
    );
    // The tutorial's trial; the connection outlives it.
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, post(100_000));
    assert_eq!(Answer::read(&mut stream).status(), 405);
    peer::send(&mut stream, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(Answer::read(&mut stream).body, WELCOME);
    // More than the server cares to read is still no reason for a reset.
    assert_refused(&server, post(3_000_000), 405);
}

#[test]
fn defect_5_bytes_that_are_no_text_hurt_nobody() {
    let server = server(&[]);
    assert_refused(&server, b"\xff\xfe\xfd\r\n\r\n", 400);
    assert_refused(&server, b"GET / HTTP/1.1\r\nHost: \xe6\xac\r\n\r\n", 400);
    assert_eq!(ask(&server, b"GET /\xff HTTP/1.0\r\nX: \xff\r\n\r\n").status(), 404);
    server.wait_stdout("\"GET /\\xff HTTP/1.0\" 404 ");
    assert_serves(&server);
}

#[test]
fn defect_6_idle_connections_do_not_stay_for_ever() {
    let server = server(&["--idle-timeout", "1"]);
    let mut silent: Vec<_> = (0..50).map(|_| peer::connect(server.addr())).collect();
    assert_serves(&server);
    silent.iter_mut().for_each(peer::assert_closed);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn defect_6_many_silent_clients_cost_no_threads() {
    let server = server(&[]);
    let before = usage::open_files(server.id());
    let silent: Vec<_> = (0..50).map(|_| peer::connect(server.addr())).collect();
    eventually("50 clients are accepted", || usage::open_files(server.id()) >= before + 50);
    assert!(usage::threads(server.id()) < 20);
    assert_serves(&server);
    drop(silent);
}

#[test]
fn defect_7_a_long_answer_is_sent_whole() {
    const LENGTH: usize = 50_000_000;
    let root = tempfile::tempdir().unwrap();
    std::fs::File::create(root.path().join("long")).unwrap().set_len(LENGTH as u64).unwrap();
    let server = server(&["--root", root.path().to_str().unwrap()]);
    assert_eq!(ask(&server, "GET /long HTTP/1.0\r\n\r\n").body.len(), LENGTH);
}

#[test]
fn defect_8_the_empty_line_ends_the_head_and_not_the_body() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, "GET / HTTP/1.0\r\n\r\n");
    let answer = peer::recv_to_end(&mut stream);
    assert!(answer.ends_with(&[b"\r\n\r\n", WELCOME].concat()));
}

/// What each of these is: two requests, or one, depending on who reads it.
#[test]
fn a_request_cannot_be_smuggled_past_another_reader() {
    const NEXT: &str = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    let server = server(&[]);
    for head in [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 36\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 36\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +36\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x24\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551652\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 36\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n Content-Length: 36\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: y\r\n Content-Length: 36\r\n\r\n",
        "POST / HTTP/1.1\r\n Host: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent\0-Length: 36\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: y\rContent-Length: 36\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: y\nContent-Length: 36\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\x0b: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\n\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x\nX\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0 2b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nXX\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
    ] {
        assert_refused(&server, format!("{head}{NEXT}"), 400);
    }
    assert!(
        !String::from_utf8_lossy(&server.stdout()).contains("smuggled"),
        "a second request was seen"
    );
    assert_serves(&server);
}

#[test]
fn a_body_is_never_run_as_a_request() {
    let server = server(&[]);
    let inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    let length = inner.len();
    for request in [
        format!("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{inner}"),
        format!("HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{inner}"),
        format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{inner}"),
        format!(
            "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{length:x};x=y\r\n{inner}\r\n0\r\nX: y\r\n\r\n"
        ),
        format!(
            "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n{inner}"
        ),
    ] {
        let mut stream = peer::connect(server.addr());
        peer::send(
            &mut stream,
            request + "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        );
        let answers = String::from_utf8(peer::recv_to_end(&mut stream)).unwrap();
        assert_eq!(answers.matches("HTTP/1.1 404 ").count(), 1, "{answers}");
    }
    assert!(!String::from_utf8_lossy(&server.stdout()).contains("smuggled"));
}

#[test]
fn the_log_cannot_be_forged() {
    let server = server(&[]);
    let agent = "x\" 200 1 \"\x1b[2J\u{202e}";
    ask(
        &server,
        format!("GET /a\"b\\ HTTP/1.0\r\nUser-Agent: {}\r\n\r\n", agent.replace('\x1b', "\u{9b}")),
    );
    server.wait_stdout("\"GET /a\\\"b\\\\ HTTP/1.0\" 404 ");
    server.wait_stdout("\"x\\\" 200 1 \\\"\\xc2\\x9b[2J\\xe2\\x80\\xae\"\n");
    assert!(server.stdout().iter().all(|byte| byte.is_ascii_graphic() || b" \n".contains(byte)));
}
