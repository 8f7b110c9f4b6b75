//! Protocol sniffing: who else may knock at a port that runs what it is sent.
//!
//! A web page can make the browser of its reader send a request to 127.0.0.1, and a shell would run
//! the lines of that request: `GET /;id HTTP/1.1` is a shell command, too. So what looks like
//! another protocol is refused.

use common::sniff::is_http_request;

use crate::text;

/// A protocol that the server does not speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// An HTTP request, as a browser sends it.
    Http,
    /// The first record of a TLS handshake, as a browser sends it to an `https:` address.
    Tls,
    /// The hello of a client that speaks the framing `stream`.
    Stream,
}

/// Tells whether the first bytes of a message are those of another protocol.
///
/// The only shell commands that are lost by this begin like `GET /` ([`is_http_request`]).
pub fn recognise(message: &[u8]) -> Option<Protocol> {
    if message.starts_with(&crate::stream::MAGIC) {
        return Some(Protocol::Stream);
    }
    // RFC 8446 §5.1: content type 22, handshake; legacy version 3.x.
    if message.starts_with(&[22, 3]) {
        return Some(Protocol::Tls);
    }
    is_http_request(message).then_some(Protocol::Http)
}

impl Protocol {
    /// What the server says on its console.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Http => text::http_refused(),
            Self::Tls => text::tls_refused(),
            Self::Stream => text::stream_refused(),
        }
    }

    /// What the server sends before it closes the connection, as that protocol says it.
    pub fn refusal(self) -> &'static [u8] {
        match self {
            Self::Http => {
                b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 36\r\n\r\n\
                This is no web server. Nothing ran.\n"
            }
            // RFC 8446 §6: a fatal alert, unexpected_message.
            Self::Tls => &[21, 3, 3, 0, 2, 2, 10],
            Self::Stream => b"error: this server does not speak the framing stream; start both with the same --framing\n",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_request_is_recognised() {
        for request in [
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n",
            "GET /;id HTTP/1.1\r\n\r\n",
            "POST /$(id) HTTP/1.1\r\nContent-Length: 2\r\n\r\nid",
            "OPTIONS * HTTP/1.1\r\n\r\n",
            "CONNECT 127.0.0.1:8000 HTTP/1.1\r\n\r\n",
            "GET http://127.0.0.1:8000/ HTTP/1.0\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "ls / HTTP/1.1\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\n",
            "GET /a/path/whose/end/has/not/come",
        ] {
            assert_eq!(recognise(request.as_bytes()), Some(Protocol::Http), "{request}");
        }
    }

    #[test]
    fn a_tls_hello_is_recognised() {
        assert_eq!(recognise(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), Some(Protocol::Tls));
    }

    #[test]
    fn commands_are_no_other_protocol() {
        for command in [
            "",
            "ls",
            "echo GET / HTTP/1.1 is a request line",
            "GET",
            "curl http://127.0.0.1/",
            "uname -a",
            "echo 你好",
        ] {
            assert_eq!(recognise(command.as_bytes()), None, "{command}");
        }
    }

    #[test]
    fn the_refusal_in_http_has_the_length_that_it_names() {
        let text = str::from_utf8(Protocol::Http.refusal()).unwrap();
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(text.contains(&format!("Content-Length: {}\r\n", body.len())), "{}", body.len());
    }
}
