//! What a server sends back: the head of a response, written into one buffer.
//!
//! ```text
//! HTTP/1.1 200 OK\r\n                           the status line: version, status, what it is called
//! Date: Sat, 21 Nov 2026 08:14:05 GMT\r\n       fields
//! Content-Type: text/html; charset=utf-8\r\n    one field, one line: the charset belongs to the type
//! Content-Length: 19\r\n                        where the body ends, so that the connection can go on
//! \r\n
//! ```
//!
//! Head and body go into the same buffer so that they leave in one write: written in pieces, each answer
//! waits 40 ms for Nagle's algorithm and the peer's delayed acknowledgement.

use std::borrow::Cow;

use crate::incoming::Refusal;
use crate::page;
use crate::stamp::Stamp;

/// What the `Server` field says.
pub const SERVER: &str = "http-fetch-server";

/// How a request ended: a number for programs and a phrase for people (RFC 9110 §15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The number.
    pub code: u16,
    /// The phrase.
    pub reason: &'static str,
}

#[expect(missing_docs, reason = "each says in its own words what it is")]
impl Status {
    pub const OK: Self = Self::new(200, "OK");
    pub const PARTIAL_CONTENT: Self = Self::new(206, "Partial Content");
    pub const MOVED_PERMANENTLY: Self = Self::new(301, "Moved Permanently");
    pub const NOT_MODIFIED: Self = Self::new(304, "Not Modified");
    pub const BAD_REQUEST: Self = Self::new(400, "Bad Request");
    pub const FORBIDDEN: Self = Self::new(403, "Forbidden");
    pub const NOT_FOUND: Self = Self::new(404, "Not Found");
    pub const METHOD_NOT_ALLOWED: Self = Self::new(405, "Method Not Allowed");
    pub const REQUEST_TIMEOUT: Self = Self::new(408, "Request Timeout");
    pub const PRECONDITION_FAILED: Self = Self::new(412, "Precondition Failed");
    pub const CONTENT_TOO_LARGE: Self = Self::new(413, "Content Too Large");
    pub const URI_TOO_LONG: Self = Self::new(414, "URI Too Long");
    pub const RANGE_NOT_SATISFIABLE: Self = Self::new(416, "Range Not Satisfiable");
    pub const EXPECTATION_FAILED: Self = Self::new(417, "Expectation Failed");
    pub const FIELDS_TOO_LARGE: Self = Self::new(431, "Request Header Fields Too Large");
    pub const INTERNAL_ERROR: Self = Self::new(500, "Internal Server Error");
    pub const NOT_IMPLEMENTED: Self = Self::new(501, "Not Implemented");
    pub const UNAVAILABLE: Self = Self::new(503, "Service Unavailable");
    pub const VERSION_NOT_SUPPORTED: Self = Self::new(505, "HTTP Version Not Supported");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason }
    }

    /// Whether the client (4xx) or the server (5xx) is to blame.
    pub const fn is_error(self) -> bool {
        self.code >= 400
    }
}

/// The interim answer that asks for the body (RFC 9110 §15.2.1).
pub const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// What becomes of the connection after the answer (RFC 9112 §9.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// It goes on, as HTTP/1.1 does unless something is said.
    GoesOn,
    /// It goes on, which has to be told to an HTTP/1.0 client.
    GoesOnIfTold,
    /// It is closed.
    Closes,
}

/// A head that is being written. The fields that every answer has are there from the start.
#[must_use = "a head ends with an empty line"]
pub struct Head<'b> {
    out: &'b mut Vec<u8>,
}

impl<'b> Head<'b> {
    /// Begins a head at the end of `out`.
    pub fn begin(out: &'b mut Vec<u8>, status: Status, now: &Stamp, persistence: Persistence) -> Self {
        out.extend_from_slice(b"HTTP/1.1 ");
        decimal(out, status.code.into());
        out.push(b' ');
        out.extend_from_slice(status.reason.as_bytes());
        out.extend_from_slice(b"\r\n");
        let head = Self { out }.field("Date", now.http()).field("Server", SERVER);
        match persistence {
            Persistence::GoesOn => head,
            Persistence::GoesOnIfTold => head.field("Connection", "keep-alive"),
            Persistence::Closes => head.field("Connection", "close"),
        }
    }

    /// Adds a field. Control characters are left out of the value, so that nobody can put a line of their own
    /// into a head.
    pub fn field(self, name: &str, value: &str) -> Self {
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b": ");
        if value.bytes().any(|byte| byte.is_ascii_control()) {
            self.out.extend(value.bytes().filter(|byte| !byte.is_ascii_control()));
        } else {
            self.out.extend_from_slice(value.as_bytes());
        }
        self.out.extend_from_slice(b"\r\n");
        self
    }

    /// Adds the length of the body that follows, or that would follow if the method were not HEAD.
    pub fn content_length(self, bytes: u64) -> Self {
        self.out.extend_from_slice(b"Content-Length: ");
        decimal(self.out, bytes);
        self.out.extend_from_slice(b"\r\n");
        self
    }

    /// Writes the empty line. What goes into the buffer now is the body.
    pub fn end(self) {
        self.out.extend_from_slice(b"\r\n");
    }
}

/// Puts a number at the end of `out`, not by way of `fmt`: a head of a file is written in 130 ns then and not in 190, and a line
/// of the log in 110 and not in 160.
pub(crate) fn decimal(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// An answer, decided but not yet written.
#[derive(Debug)]
pub struct Reply {
    /// How the request ended.
    pub status: Status,
    /// Fields beside those that every head has and those that describe the body.
    pub fields: Vec<(&'static str, Cow<'static, str>)>,
    /// What follows the head.
    pub body: Body,
}

/// What follows a head.
#[derive(Debug)]
pub enum Body {
    /// Nothing, and nothing is said of it: a 304.
    None,
    /// A page of ours.
    Page(Cow<'static, str>),
    /// Bytes that are sent after the head, as they are read.
    File {
        /// Their `Content-Type`.
        kind: Cow<'static, str>,
        /// How many they are.
        length: u64,
    },
}

impl Reply {
    /// A page of ours.
    pub fn page(page: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::OK, fields: Vec::new(), body: Body::Page(page.into()) }
    }

    /// A page that says what went wrong, or where to look.
    pub fn error(status: Status, why: &str) -> Self {
        Self { status, ..Self::page(page::error(status, why)) }
    }

    /// A page that says why a request is refused.
    pub fn refusal(refusal: Refusal) -> Self {
        Self::error(refusal.status, refusal.why)
    }

    /// A head and nothing more.
    pub fn empty(status: Status) -> Self {
        Self { status, fields: Vec::new(), body: Body::None }
    }

    /// A file, or a part of one.
    pub fn file(status: Status, kind: Cow<'static, str>, length: u64) -> Self {
        let mut fields = Vec::with_capacity(8);
        // A browser that guesses at the type runs what was meant to be read.
        fields.push(("X-Content-Type-Options", "nosniff".into()));
        Self { status, fields, body: Body::File { kind, length } }
    }

    /// With one more field.
    pub fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// Writes the head at the end of `out`, and a page after it if there is one and `with_body`, which it is
    /// not for HEAD; how many bytes of the body that was.
    pub fn write(&self, out: &mut Vec<u8>, now: &Stamp, persistence: Persistence, with_body: bool) -> u64 {
        let mut head = Head::begin(out, self.status, now, persistence);
        for (name, value) in &self.fields {
            head = head.field(name, value);
        }
        match &self.body {
            Body::None => head.end(),
            Body::File { kind, length } => head.field("Content-Type", kind).content_length(*length).end(),
            Body::Page(page) => {
                head.field("Content-Type", page::HTML).content_length(page.len() as u64).end();
                if with_body {
                    out.extend_from_slice(page.as_bytes());
                    return page.len() as u64;
                }
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_a_status_line_then_fields_then_an_empty_line() {
        let mut out = Vec::new();
        Head::begin(&mut out, Status::OK, &Stamp::at(784_111_777), Persistence::GoesOn)
            .field("Content-Type", "text/html; charset=utf-8")
            .content_length(19)
            .end();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: http-fetch-server\r\n\
             Content-Type: text/html; charset=utf-8\r\nContent-Length: 19\r\n\r\n"
        );
    }

    #[test]
    fn a_value_cannot_begin_a_line_of_its_own() {
        let mut out = Vec::new();
        Head::begin(&mut out, Status::OK, &Stamp::at(0), Persistence::Closes)
            .field("Location", "/a\r\nSet-Cookie: b")
            .end();
        let head = String::from_utf8(out).unwrap();
        assert!(head.contains("\r\nConnection: close\r\n"), "{head}");
        assert!(head.ends_with("\r\nLocation: /aSet-Cookie: b\r\n\r\n"), "{head}");
    }
}
