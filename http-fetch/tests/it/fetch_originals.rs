//! The client in the place of the tutorials' HTTP clients, and against their web server.
use crate::play::Play;
use harness::peer;

/// All that the tutorial's web server ever answers: 77 bytes of head, one line of it without a
/// colon, …
const HEAD: &str =
    "HTTP/1.1 200 OK\r\nContent-Type:text/html\r\ncharset=utf-8\r\nServer:testServer\r\n\r\n";
/// … and 19 of body, which only the end of the connection ends.
const BODY: &str = "欢迎来此访问!";

#[test]
fn the_request_is_the_tutorials_but_for_the_host() {
    let play = Play::new();
    let (exit, requests) = play.fetch("", &[], &[b"HTTP/1.1 200 OK\r\n\r\n"]);
    exit.assert_code(0);
    let host = play.server.addr();
    assert_eq!(requests, [format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")]);
}

#[test]
fn the_request_is_one_segment_and_then_the_client_listens() {
    let play = Play::new();
    let client = play.client("/", &[]);
    let mut stream = play.server.accept();
    // One recv(1024) of a server that, like the tutorials' programs, does not ask for more.
    let request = peer::recv(&mut stream, 1024);
    assert!(request.ends_with(b"\r\n\r\n"), "{}", request.escape_ascii());
    peer::assert_nothing_within(&mut stream, 100);
    peer::send(&mut stream, "HTTP/1.1 200 OK\r\n\r\n");
    drop(stream);
    client.wait().assert_code(0);
}

#[test]
fn a_page_that_ends_with_the_connection_is_saved_and_its_head_is_shown() {
    let play = Play::new();
    let (exit, _) = play.fetch(
        "/",
        &[],
        &["HTTP/1.1 200 OK\r\nServer: BWS\r\n\r\n<html>百度一下</html>\r\n\r\nend".as_bytes()],
    );
    exit.assert_code(0);
    // As it came: into a pipe, with CR LF and the empty line.
    assert_eq!(exit.out(), "HTTP/1.1 200 OK\r\nServer: BWS\r\n\r\n");
    assert_eq!(exit.err(), "");
    assert_eq!(play.text("index.html"), "<html>百度一下</html>\r\n\r\nend");
    assert_eq!(play.files(), ["index.html"]);
}

#[test]
fn the_tutorials_web_server_is_read_with_a_notice() {
    let play = Play::new();
    let client = play.client("/", &["-o", "-"]);
    let mut stream = play.server.accept();
    let request = peer::recv(&mut stream, 512);
    assert!(request.starts_with(b"GET / HTTP/1.1\r\n"));
    assert_eq!((HEAD.len(), BODY.len()), (77, 19));
    peer::send(&mut stream, HEAD.to_owned() + BODY);
    drop(stream);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), BODY);
    let err = exit.err();
    assert!(err.starts_with(HEAD), "{err}");
    assert!(
        err.ends_with("notice: passed over a line of the head that has no colon: charset=utf-8\n"),
        "{err}"
    );
}

#[test]
fn a_browser_page_cut_into_single_bytes_arrives_whole() {
    let play = Play::new();
    let client = play.client("/", &[]);
    let mut stream = play.server.accept();
    stream.set_nodelay(true).unwrap();
    peer::recv_until(&mut stream, "\r\n\r\n");
    for byte in HEAD.bytes().chain(BODY.bytes()) {
        peer::send(&mut stream, [byte]);
    }
    drop(stream);
    client.wait().assert_code(0);
    assert_eq!(play.text("index.html"), BODY);
}
