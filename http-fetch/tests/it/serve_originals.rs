//! The tutorial's web server (system 16) is replaced by ours: the programs that asked it, byte for
//! byte and call for call, get its page, and those that refused its head get it too.

use crate::served::{WELCOME, server};
use harness::{Server, peer};

/// As both tutorials' clients do it: one `send`, then `recv(1024)` until it returns nothing.
fn as_the_tutorial_asks(server: &Server, request: &[u8]) -> Vec<u8> {
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, request);
    let mut data = Vec::new();
    loop {
        let piece = peer::recv(&mut stream, 1024);
        if piece.is_empty() {
            return data;
        }
        data.extend(piece);
    }
}

/// As the first of them takes it apart: split once at the empty line, the head decoded as UTF-8.
fn head_and_body(data: &[u8]) -> (String, Vec<u8>) {
    let split = data.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    (String::from_utf8(data[..split].to_vec()).unwrap(), data[split + 4..].to_vec())
}

#[test]
fn the_first_tutorials_client_gets_the_page_and_an_end() {
    let server = server(&[]);
    let request = b"GET / HTTP/1.1\r\nHost: www.baidu.com\r\nConnection: close\r\n\r\n";
    assert_eq!(request.len(), 58);
    let (head, page) = head_and_body(&as_the_tutorial_asks(&server, request));
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(page, WELCOME);
}

#[test]
fn the_second_tutorials_client_gets_the_page_and_an_end() {
    let server = server(&[]);
    let request = b"GET / HTTP/1.1\r\nHost: www.sina.com.cn\r\nConnection: close\r\n\r\n";
    assert_eq!(request.len(), 60);
    let (head, page) = head_and_body(&as_the_tutorial_asks(&server, request));
    assert!(head.contains("\r\nContent-Length: 19"), "{head}");
    assert_eq!(page, WELCOME);
}

#[test]
fn a_request_typed_by_hand_gets_the_page_and_an_end() {
    let server = server(&[]);
    for request in ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\n\n"] {
        let (_, page) = head_and_body(&as_the_tutorial_asks(&server, request.as_bytes()));
        assert_eq!(page, WELCOME, "{request:?}");
    }
}

#[test]
fn the_page_is_the_tutorials_19_bytes() {
    let server = server(&[]);
    let (_, page) = head_and_body(&as_the_tutorial_asks(&server, b"GET / HTTP/1.0\r\n\r\n"));
    assert_eq!(page, b"\xe6\xac\xa2\xe8\xbf\x8e\xe6\x9d\xa5\xe6\xad\xa4\xe8\xae\xbf\xe9\x97\xae!");
}

#[test]
fn the_server_says_who_came_and_what_they_asked() {
    let server = server(&[]);
    as_the_tutorial_asks(&server, b"GET / HTTP/1.0\r\n\r\n");
    server.wait_stdout("127.0.0.1 - - [");
    server.wait_stdout("] \"GET / HTTP/1.0\" 200 19 \"-\" \"-\"\n");
}
