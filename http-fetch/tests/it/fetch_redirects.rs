//! Where an answer sends the client elsewhere.
use crate::play::{Play, error};

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

fn to(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 4\r\n\r\ngone")
        .into_bytes()
}

fn path(request: &str) -> &str {
    request.split(' ').nth(1).unwrap()
}

#[test]
fn a_relative_redirect_is_followed_and_the_name_stays_the_users() {
    let play = Play::new();
    let (exit, requests) = play.fetch("/a/b?c", &[], &[&to("../d/e"), &to("?f"), HELLO]);
    exit.assert_code(0);
    assert_eq!(
        requests.iter().map(|request| path(request)).collect::<Vec<_>>(),
        ["/a/b?c", "/d/e", "/d/e?f"]
    );
    assert_eq!(play.text("b"), "hello");
    assert_eq!(play.files(), ["b"]);
    // Each head is shown.
    assert_eq!(exit.out().matches("HTTP/1.1 302 Found\r\n").count(), 2);
    assert!(exit.out().ends_with("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
}

#[test]
fn every_redirect_status_is_followed() {
    for status in [300, 301, 302, 303, 307, 308] {
        let play = Play::new();
        let answer = format!("HTTP/1.1 {status} X\r\nLocation: /x\r\n\r\n");
        let (exit, requests) = play.fetch("/page", &[], &[answer.as_bytes(), HELLO]);
        exit.assert_code(0);
        assert!(requests[1].starts_with("GET /x "), "{status}");
    }
    for status in [304, 305, 306, 399] {
        let play = Play::new();
        let answer = format!("HTTP/1.1 {status} X\r\nLocation: /x\r\n\r\n");
        let (exit, _) = play.fetch("/page", &[], &[answer.as_bytes()]);
        exit.assert_code(1);
        assert!(error(&exit).contains(&format!("the server answers {status} X")), "{}", exit.err());
    }
}

#[test]
fn another_host_is_asked_by_its_own_name() {
    let (first, second) = (Play::new(), Play::new());
    let client = first.client("/page", &[]);
    first.answer(to(&second.url("/other")));
    let request = second.answer(HELLO);
    client.wait().assert_code(0);
    assert!(
        request.starts_with(&format!("GET /other HTTP/1.1\r\nHost: {}\r\n", second.server.addr()))
    );
    assert_eq!(first.text("page"), "hello");
}

#[test]
fn a_circle_is_told() {
    let play = Play::new();
    let (exit, _) = play.fetch("/a", &[], &[&to("/b"), &to("/a")]);
    exit.assert_code(1);
    let error = error(&exit);
    assert!(
        error.contains("the redirects go round in a circle, back to http://127.0.0.1:"),
        "{error}"
    );
}

#[test]
fn the_number_of_redirects_is_limited() {
    for (max, hops) in [("0", 1), ("2", 3)] {
        let play = Play::new();
        let answers: Vec<_> = (0..hops).map(|hop| to(&format!("/{hop}"))).collect();
        let answers: Vec<_> = answers.iter().map(Vec::as_slice).collect();
        let (exit, _) = play.fetch("/page", &["--max-redirects", max], &answers);
        exit.assert_code(1);
        assert!(
            error(&exit).contains(&format!("more than {max} redirects (--max-redirects)")),
            "{}",
            exit.err()
        );
        assert_eq!(play.files(), [""; 0]);
    }
}

#[test]
fn a_redirect_that_leads_nowhere_is_an_error() {
    for location in [
        "http://",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://a/",
        "http://me:pw@a/",
        "http://[::1",
    ] {
        let play = Play::new();
        let (exit, _) = play.fetch("/page", &[], &[&to(location)]);
        exit.assert_code(1);
        // What may be a password is shown in no error.
        let shown = location.replace("http://me:pw@", "…@");
        assert!(
            error(&exit).contains(&format!("the redirect leads to \"{shown}\"")),
            "{}",
            exit.err()
        );
        assert_eq!(play.files(), [""; 0]);
    }
    for fields in ["", "Location: /a\r\nLocation: /b\r\n"] {
        let play = Play::new();
        let exit = play.fetch_once(format!("HTTP/1.1 301 Moved\r\n{fields}\r\n"));
        exit.assert_code(1);
        assert!(error(&exit).contains("the redirect does not say where to"), "{}", exit.err());
    }
}

#[test]
fn the_redirects_own_body_is_not_waited_for() {
    let play = Play::new();
    let client = play.client("/page", &["--timeout", "3600"]);
    let mut first = play.server.accept();
    harness::peer::recv_until(&mut first, "\r\n\r\n");
    harness::peer::send(
        &mut first,
        "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 1000000\r\n\r\n",
    );
    play.answer(HELLO);
    client.wait().assert_code(0);
}
