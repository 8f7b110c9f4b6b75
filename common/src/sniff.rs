//! Protocol sniffing: whether a client speaks HTTP to a server of another protocol.
//!
//! A web page can make the browser of its reader send a request to 127.0.0.1, and what stands in it
//! would be taken for commands or for words of the reader.

/// What HTTP clients start their requests with (RFC 9110 §9, RFC 5789), and HTTP/2 its connections
/// (RFC 9113 §3.4).
const METHODS: [&[u8]; 10] = [
    b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"CONNECT", b"TRACE", b"PRI",
];

/// Whether the first bytes of a message are those of an HTTP request.
///
/// A request line is three words: a method, what a request may ask for, which is a path, a URL, `*`
/// or, for `CONNECT`, a host, and ` HTTP/1.1`. Of these the second is enough with a method that is
/// known or with the third. The only other messages that are taken for one begin like `GET /`.
pub fn is_http_request(message: &[u8]) -> bool {
    // A browser's request may follow empty lines, which servers of HTTP skip (RFC 9112 §2.2).
    let line = message.trim_ascii_start().split(|&byte| byte == b'\n').next().unwrap_or_default();
    let mut words = line.trim_ascii_end().split(|&byte| byte == b' ');
    let method = words.next().unwrap_or_default();
    let target = words.next().unwrap_or_default();
    let ends_as_request = words.next_back().is_some_and(|word| word.starts_with(b"HTTP/"));
    let is_target = target.starts_with(b"/")
        || target.starts_with(b"*")
        || target.starts_with(b"http")
        || method == b"CONNECT";
    is_target && (ends_as_request || METHODS.contains(&method))
}

/// Whether a message begins as a client of TLS does, a browser at `https://` among them: with a
/// handshake record of version 3 (RFC 8446 §5.1).
pub fn is_tls(message: &[u8]) -> bool {
    message.starts_with(&[22, 3])
}

#[cfg(test)]
mod tests {
    use super::{is_http_request, is_tls};

    #[test]
    fn requests_are_told_from_words() {
        for request in [
            "GET / HTTP/1.1\r\n",
            "\r\nPOST /x HTTP/1.0\r\n",
            "PROPFIND /x HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "GET /a/path/whose/end/has/not/come",
        ] {
            assert!(is_http_request(request.as_bytes()), "{request}");
        }
        for words in [
            "",
            "GET",
            "get / out",
            "I sent GET / HTTP/1.1 to it",
            "HTTP/1.1",
            "POST it",
            "I like HTTP/1.1",
            "what is HTTP/2?",
        ] {
            assert!(!is_http_request(words.as_bytes()), "{words}");
        }
    }

    #[test]
    fn tls_is_told_from_words() {
        assert!(is_tls(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"));
        for words in [&b""[..], b"\x16", b"\x16\x04", b"hi", b"\x03\x16"] {
            assert!(!is_tls(words));
        }
    }
}
