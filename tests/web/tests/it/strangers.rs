//! Who connects and does not show the token.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use common::server::raise_open_files;
use harness::patience;
use serde_json::json;

use crate::client::Web;

/// The seats of strangers.
const SEATS: usize = 128;
/// More than have a seat by far.
const FLOOD: usize = 2000;

/// A connection, which has said this much.
fn connect(web: &Web, said: &str) -> TcpStream {
    let mut stream = TcpStream::connect(web.addr).unwrap();
    stream.set_read_timeout(Some(patience())).unwrap();
    stream.write_all(said.as_bytes()).unwrap();
    stream
}

/// Waits until the server has closed it, without a byte.
#[track_caller]
fn assert_closed(mut stream: &TcpStream) {
    match stream.read(&mut [0]) {
        Ok(0) => {}
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted
            ) => {}
        other => panic!("it is still open: {other:?}"),
    }
}

/// Asks on a connection that stays, and waits for the answer.
fn asks_again(mut stream: &TcpStream, web: &Web) {
    let head = format!(
        "GET /api/sessions HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
        web.addr, web.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"]}") {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).unwrap();
        assert_ne!(count, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&part[..count]);
    }
    assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn a_tab_and_its_programs_go_on_while_two_thousand_strangers_hold_on() {
    raise_open_files(2 * FLOOD);
    let web = Web::start(&[]);
    let mut tab = web.pair("tcp-echo", json!({}));
    let known = connect(&web, "");
    asks_again(&known, &web);
    let half = format!("GET / HTTP/1.1\r\nhost: {}\r\n", web.addr);
    let strangers: Vec<_> =
        (0..FLOOD).map(|number| connect(&web, if number % 2 == 0 { &half } else { "" })).collect();
    // Newcomers have the seats of those who have sat longest, and so has whoever opens the page.
    strangers.iter().take(FLOOD - SEATS).for_each(assert_closed);
    assert_eq!(web.get(&format!("/?token={}", web.token)).status, 200);
    assert_eq!(web.ask("GET", "/app.css", &[], b"").status, 200);
    tab.type_line("client", "hello");
    tab.until_printed("client", "hello");
    asks_again(&known, &web);
    // The others have no seat for ever.
    strangers.iter().for_each(assert_closed);
    asks_again(&known, &web);
    tab.type_line("client", "still there");
    tab.until_printed("client", "still there");
}

#[test]
fn a_stranger_has_ten_seconds_for_a_head_however_it_dawdles() {
    let web = Web::start(&[]);
    let begins = Instant::now();
    let known = connect(&web, "");
    asks_again(&known, &web);
    let silent = connect(&web, "");
    // Who may not, and has been told so, is a stranger still.
    let refused = connect(&web, &format!("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", web.addr));
    let mut slow = connect(&web, "GET / HTTP/1.1\r\n");
    slow.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    // A byte every tenth of a second.
    let longest = Duration::from_secs(10) + patience();
    while begins.elapsed() < longest {
        match slow.read(&mut [0]) {
            Err(error)
                if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            _ => break,
        }
        if slow.write_all(b"x").is_err() {
            break;
        }
    }
    let took = begins.elapsed();
    assert!(took >= Duration::from_secs(10) && took < longest, "{took:?}");
    assert_closed(&silent);
    let mut answer = Vec::new();
    (&refused).read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 403 "), "{}", String::from_utf8_lossy(&answer));
    asks_again(&known, &web);
}
