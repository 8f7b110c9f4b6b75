//! Several URLs in one run of the client.
use std::io::Write;
use std::net::TcpStream;

use crate::play::{Play, error};
use harness::peer;

fn answer(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The next request on a connection that may have had others.
#[track_caller]
fn request(stream: &mut TcpStream) -> String {
    String::from_utf8(peer::recv_until(stream, "\r\n\r\n")).unwrap()
}

#[test]
fn each_goes_into_its_own_file_and_all_over_one_connection() {
    let play = Play::new();
    let client = play.client("/a", &[&play.url("/b"), &play.url("/c")]);
    let mut stream = play.server.accept();
    for (path, is_last) in [("/a", false), ("/b", false), ("/c", true)] {
        let request = request(&mut stream);
        assert!(request.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{request}");
        assert_eq!(request.contains("\r\nConnection: close\r\n"), is_last, "{request}");
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n/b\r\n0\r\n\r\n";
        let answer = if path == "/b" { chunked.to_owned() } else { answer(path) };
        peer::send(&mut stream, answer);
    }
    peer::assert_closed(&mut stream);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(play.files(), ["a", "b", "c"]);
    for name in ["a", "b", "c"] {
        assert_eq!(play.text(name), format!("/{name}"));
    }
    assert_eq!(exit.out().matches("HTTP/1.1 200 OK\r\n").count(), 3);
}

#[test]
fn a_connection_that_is_gone_is_made_anew() {
    // Without a word, with one, and by an end that the body needs.
    for first in [
        answer("1"),
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1".to_owned(),
        "HTTP/1.1 200 OK\r\n\r\n1".to_owned(),
        "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1".to_owned(),
    ] {
        let play = Play::new();
        let client = play.client("/a", &[&play.url("/b")]);
        play.answer(&first);
        assert!(play.answer(answer("2")).starts_with("GET /b HTTP/1.1\r\n"));
        client.wait().assert_code(0);
        assert_eq!((play.text("a"), play.text("b")), ("1".to_owned(), "2".to_owned()), "{first}");
    }
}

#[test]
fn what_a_server_says_unasked_is_not_the_next_answer() {
    let play = Play::new();
    let client = play.client("/a", &[&play.url("/b")]);
    play.answer(answer("1") + &answer("forged"));
    play.answer(answer("2"));
    client.wait().assert_code(0);
    assert_eq!((play.text("a"), play.text("b")), ("1".to_owned(), "2".to_owned()));
}

#[test]
fn another_server_has_a_connection_of_its_own() {
    let (play, other) = (Play::new(), Play::new());
    let client = play.client("/a", &[&other.url("/b"), "-H", "Cookie: a=b"]);
    // The user's lines are for all servers that the user names.
    assert!(play.answer(answer("1")).contains("\r\nConnection: close\r\nCookie: a=b\r\n"));
    assert!(other.answer(answer("2")).contains("\r\nConnection: close\r\nCookie: a=b\r\n"));
    client.wait().assert_code(0);
    assert_eq!(play.files(), ["a", "b"]);
}

#[test]
fn one_that_fails_does_not_keep_the_others_away() {
    let play = Play::new();
    play.write("a", "old");
    std::fs::create_dir(play.path("c")).unwrap();
    let client = play.client("/a", &[&play.url("/c"), &play.url("/b")]);
    play.answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    play.answer(answer("2"));
    let exit = client.wait();
    exit.assert_code(1);
    let err = exit.err();
    let errors: Vec<&str> = err.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 2, "{err}");
    assert!(errors[0].contains("/a: the server answers 404 Not Found"), "{err}");
    assert!(errors[1].contains("c: is a directory"), "{err}");
    assert_eq!((play.text("a"), play.text("b")), ("old".to_owned(), "2".to_owned()));
}

#[test]
fn each_may_have_a_name_from_the_user() {
    let play = Play::new();
    let client = play.client("/x", &["-o", "1", &play.url("/x"), "-o", "2"]);
    let mut stream = play.server.accept();
    for body in ["one", "two"] {
        request(&mut stream);
        peer::send(&mut stream, answer(body));
    }
    client.wait().assert_code(0);
    assert_eq!(play.files(), ["1", "2"]);
    assert_eq!((play.text("1"), play.text("2")), ("one".to_owned(), "two".to_owned()));
    let client = play.client("/x", &["-o", "-", &play.url("/x")]);
    let mut stream = play.server.accept();
    for body in ["one", "two"] {
        request(&mut stream);
        let _ = stream.write_all(answer(body).as_bytes());
    }
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "onetwo");
}

#[test]
fn two_of_one_name_and_names_for_some_are_refused_before_anything_is_asked() {
    let play = Play::new();
    play.write("x", "old");
    let (same, other) = (play.url("/dir/x"), play.url("/y"));
    for (args, words) in [
        (&[&*same][..], "both be saved as x"),
        (&["-o", "x", &other], "--output"),
        (&["-o", "1", "-o", "2"], "--output"),
        (&[&*other, "--sha256", &"0".repeat(64)], "--sha256"),
        (&["-c", "-o-", &other], "--continue"),
        (&[&*other, "http://a:b@c/"], "password"),
    ] {
        let exit = play.program("/x", args).run();
        let line = exit.assert_one_error(2);
        assert!(line.contains(words), "{line}");
    }
    assert_eq!(play.files(), ["x"]);
    assert_eq!(play.text("x"), "old");
}

#[test]
fn heads_alone_are_asked_for_over_one_connection_too() {
    let play = Play::new();
    let client = play.client("/a", &["-I", &play.url("/b")]);
    let mut stream = play.server.accept();
    for path in ["/a", "/b"] {
        assert!(request(&mut stream).starts_with(&format!("HEAD {path} ")));
        peer::send(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    }
    client.wait().assert_code(0);
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn a_form_is_never_sent_over_a_connection_that_may_be_closed() {
    let play = Play::new();
    let client = play.client("/a", &["-d", "x=1", "-d", "", &play.url("/b")]);
    for path in ["/a", "/b"] {
        let mut stream = play.server.accept();
        let request = request(&mut stream);
        assert!(request.starts_with(&format!("POST {path} ")), "{request}");
        assert!(request.contains("\r\nConnection: close\r\n"), "{request}");
        assert_eq!(peer::recv_exact(&mut stream, 4), b"x=1&");
        peer::send(&mut stream, answer("1"));
    }
    client.wait().assert_code(0);
    let client = play.client("/a", &["-d", "", "-o", "a"]);
    assert!(play.answer(answer("1")).contains("\r\nContent-Length: 0\r\n"));
    client.wait().assert_code(0);
    let exit = client_error(&play);
    assert!(exit.contains("refused"), "{exit}");
}

/// Of a server that is not there, told once for each URL.
fn client_error(play: &Play) -> String {
    let nobody = "http://127.0.0.1:1/z";
    let client = play.client("/a", &[nobody]);
    play.answer(answer("1"));
    let exit = client.wait();
    exit.assert_code(1);
    error(&exit)
}
