//! The server under test, and its answers taken apart by other means than its own.

use std::net::TcpStream;

use harness::{Server, peer};

pub(crate) const WELCOME: &[u8] = "欢迎来此访问!".as_bytes();

pub(crate) fn server(args: &[&str]) -> Server {
    Server::start(env!("CARGO_BIN_EXE_http-fetch-server"), args)
}

/// A response, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The next response on a connection: a head, and as many bytes as its Content-Length says.
    #[track_caller]
    pub(crate) fn read(stream: &mut TcpStream) -> Self {
        let mut answer = Self::read_head(stream);
        let length = answer.field("Content-Length").map_or(0, |length| length.parse().unwrap());
        answer.body = peer::recv_exact(stream, length);
        answer
    }

    /// The next response to a HEAD request.
    #[track_caller]
    pub(crate) fn read_head(stream: &mut TcpStream) -> Self {
        let head = String::from_utf8(peer::recv_until(stream, "\r\n\r\n")).unwrap();
        for line in head.split_terminator("\r\n").skip(1).filter(|line| !line.is_empty()) {
            assert!(line.contains(": "), "a field without a colon: {line:?}");
        }
        Self { head, body: Vec::new() }
    }

    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// The value of a field.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let is_wanted = |line: &&str| {
            line.split(':').next().is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        let mut lines = self.head.split("\r\n").filter(is_wanted);
        let value = lines.next().and_then(|line| line.split_once(": ")).map(|(_, value)| value);
        assert!(lines.next().is_none(), "{name} twice: {}", self.head);
        value
    }

    pub(crate) fn closes(&self) -> bool {
        self.field("Connection") == Some("close")
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Sends these bytes on a connection of their own and reads one answer.
#[track_caller]
pub(crate) fn ask(server: &Server, request: impl AsRef<[u8]>) -> Answer {
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, request);
    Answer::read(&mut stream)
}

/// Sends these bytes, and asserts that the answer is this status, that it is the only one, and that
/// the connection ends in good order: with an end of stream after the answer, not with a reset that
/// could have swallowed it.
#[track_caller]
pub(crate) fn assert_refused(server: &Server, request: impl AsRef<[u8]>, status: u16) {
    let shown = request.as_ref().escape_ascii().to_string();
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, request);
    let answer = Answer::read(&mut stream);
    assert_eq!(answer.status(), status, "{shown}");
    assert!(answer.closes(), "{shown}: {}", answer.head);
    let rest = peer::recv_to_end(&mut stream);
    assert!(rest.is_empty(), "{shown} got a second answer: {}", rest.escape_ascii());
}

/// Asserts that the server still does its work.
#[track_caller]
pub(crate) fn assert_serves(server: &Server) {
    assert_eq!(ask(server, "GET / HTTP/1.0\r\n\r\n").status(), 200);
}
