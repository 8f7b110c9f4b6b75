//! What a client sends to a server: the head of an HTTP/1.1 request, found in a stream of bytes and judged.
//!
//! ```text
//! GET /index.html HTTP/1.1\r\n      the request line: method, target, version, one blank between them
//! Host: localhost:8080\r\n          fields: a name, a colon, a value
//! Accept: text/html\r\n
//! \r\n                              the empty line that ends the head
//! ```
//!
//! Reading goes in two steps. A [`Scanner`] looks for the end of the head in whatever has arrived so far;
//! [`parse`] then takes the whole head apart. Both are strict, because two programs that read one stream
//! differently are how a request is smuggled past the first of them (RFC 9112 §11.2). What could be read in
//! two ways is refused, and the connection with it: after a head that is not understood, nobody knows where
//! the next request begins.

mod fields;
mod scanner;
mod target;
#[cfg(test)]
mod tests;

use httparse::EMPTY_HEADER;

use crate::answer::Status;
use crate::body::Framing;
use fields::Seen;

pub use fields::Fields;
pub use scanner::Scanner;

/// The longest head that is read, in bytes. A browser with many cookies sends about 8 KiB.
pub const MAX_HEAD: usize = 32 * 1024;

/// The longest request line, in bytes. RFC 9112 §3 asks for at least 8,000.
pub const MAX_REQUEST_LINE: usize = 8 * 1024;

/// The most fields that a head may have.
pub const MAX_FIELDS: usize = 100;

/// Why a request gets an error for an answer and its connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    /// The status to answer with.
    pub status: Status,
    /// What is wrong with the request, for whoever wrote the client.
    pub why: &'static str,
}

impl Refusal {
    /// A request that breaks the grammar.
    pub const fn bad(why: &'static str) -> Self {
        Self { status: Status::BAD_REQUEST, why }
    }
}

/// What is to be done with the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Send it.
    Get,
    /// Send what would come before it.
    Head,
    /// A method of RFC 9110 or RFC 5789 that this server has no use for: 405.
    NotAllowed,
    /// A method that this server has never heard of: 501.
    Unknown,
}

/// The version of the protocol that the client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// One request a connection, unless both sides say otherwise.
    Http10,
    /// 1.1 and whatever 1.x may follow: many requests a connection, unless one side says otherwise.
    Http11,
}

/// What the client wants to know before it sends a body (RFC 9110 §10.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Nothing.
    None,
    /// An interim `100 Continue`.
    Continue,
    /// Something that only the client has heard of: 417.
    Unknown,
}

/// A request, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'h> {
    /// The request line, for the log.
    pub line: &'h [u8],
    /// What is asked.
    pub method: Method,
    /// The path, still percent-encoded.
    pub path: &'h [u8],
    /// What follows the path's question mark.
    pub query: Option<&'h [u8]>,
    /// The client's version.
    pub version: Version,
    /// Whether the client will go on with this connection.
    pub keep_alive: bool,
    /// Where the body ends; a request never lasts until its client closes the connection.
    pub body: Framing,
    /// What the client expects before it sends the body.
    pub expectation: Expectation,
    /// Everything else.
    pub fields: Fields<'h>,
}

/// The request line of a head, or what there is of one, for the log.
pub fn request_line(received: &[u8]) -> &[u8] {
    let line =
        received.split(|&byte| byte == b'\n').find(|line| !matches!(*line, b"" | b"\r")).unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Takes apart a head that a [`Scanner`] has found.
///
/// # Errors
///
/// Whatever leaves a doubt about what is asked or where the request ends (400), and what this server does not
/// speak: 431, 501, 505.
pub fn parse(head: &[u8]) -> Result<Request<'_>, Refusal> {
    let line = request_line(head);
    let (method_name, target, version) = split_request_line(line)?;
    let mut headers = [EMPTY_HEADER; MAX_FIELDS];
    let after_line = head.iter().position(|&byte| byte == b'\n').map_or(0, |line_feed| line_feed + 1);
    let field_lines = head.get(after_line..).unwrap_or_default();
    let headers = match httparse::parse_headers(field_lines, &mut headers) {
        Ok(httparse::Status::Complete((length, headers))) if length == field_lines.len() => headers,
        Ok(_) => return Err(Refusal::bad("a head without an end")),
        Err(error) => return Err(refuse_field(error)),
    };
    let mut seen = Seen::default();
    for header in headers.iter() {
        seen.take(header.name, header.value)?;
    }
    let (path, query) = target::split(target, method_name)?;
    seen.judge_host(version)?;
    Ok(Request {
        line,
        method: method(method_name),
        path,
        query,
        version,
        keep_alive: seen.keep_alive(version),
        body: seen.body_end(version)?,
        expectation: if version == Version::Http10 { Expectation::None } else { seen.expectation() },
        fields: seen.fields,
    })
}

fn refuse_field(error: httparse::Error) -> Refusal {
    match error {
        httparse::Error::TooManyHeaders => {
            Refusal { status: Status::FIELDS_TOO_LARGE, why: "the head has too many fields" }
        }
        httparse::Error::HeaderName => {
            Refusal::bad("a field without a name, or with a blank in it or after it")
        }
        _ => Refusal::bad("a field value with a control character in it"),
    }
}

fn split_request_line(line: &[u8]) -> Result<(&[u8], &[u8], Version), Refusal> {
    let mut words = line.split(|&byte| byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Refusal::bad("the first line is not METHOD TARGET VERSION with one blank between"));
    };
    if method.is_empty() || !method.iter().all(|&byte| is_token(byte)) {
        return Err(Refusal::bad("the method is not a word"));
    }
    let version = match version.strip_prefix(b"HTTP/") {
        Some(b"1.0") => Version::Http10,
        Some([b'1', b'.', minor]) if minor.is_ascii_digit() => Version::Http11,
        Some([major, b'.', minor]) if major.is_ascii_digit() && minor.is_ascii_digit() => {
            return Err(Refusal {
                status: Status::VERSION_NOT_SUPPORTED,
                why: "this server speaks HTTP/1.1",
            });
        }
        _ => return Err(Refusal::bad("the version is not HTTP/1.1")),
    };
    Ok((method, target, version))
}

/// The characters of a token (RFC 9110 §5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn method(name: &[u8]) -> Method {
    match name {
        b"GET" => Method::Get,
        b"HEAD" => Method::Head,
        b"POST" | b"PUT" | b"DELETE" | b"CONNECT" | b"OPTIONS" | b"TRACE" | b"PATCH" => Method::NotAllowed,
        _ => Method::Unknown,
    }
}
