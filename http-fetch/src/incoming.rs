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

use std::net::Ipv6Addr;
use std::ops::Range;

use httparse::EMPTY_HEADER;

use crate::answer::Status;
use crate::body::Framing;

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

/// How the lines of a head end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnd {
    CrLf,
    /// A line feed alone, as somebody sends who types a request into `nc`; RFC 9112 §2.2 lets a server take
    /// it. Only when all lines of the head end so: the mixture is what smuggling is made of.
    Lf,
}

/// Finds the end of a head, however the bytes before it arrive.
///
/// Each byte is looked at once, so a head that drips in byte by byte costs no more than one that comes in one
/// piece.
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    /// How many bytes have been looked at.
    seen: usize,
    /// Where the request line begins, after the empty lines that RFC 9112 §2.2 wants ignored.
    start: usize,
    /// Where the line that is being read begins.
    line: usize,
    after_cr: bool,
    ends: Option<LineEnd>,
}

impl Scanner {
    /// Looks on in `received`, which holds what it held the last time and whatever has come since. The answer
    /// is where the head lies, once all of it is there.
    ///
    /// # Errors
    ///
    /// What no further byte can mend: a head or request line that is too long, NUL, a carriage return that
    /// does not end a line, a folded field, line ends of both kinds.
    pub fn scan(&mut self, received: &[u8]) -> Result<Option<Range<usize>>, Refusal> {
        for &byte in received.get(self.seen..).unwrap_or_default() {
            self.seen += 1;
            if byte == b'\n' && self.line_feed()? {
                return Ok(Some(self.start..self.seen));
            }
            match byte {
                b'\n' => {}
                _ if self.after_cr => return Err(Refusal::bad("a carriage return that does not end a line")),
                b'\r' => self.after_cr = true,
                0 => return Err(Refusal::bad("a NUL byte in the head")),
                b' ' | b'\t' if self.line + 1 == self.seen && self.line != self.start => {
                    return Err(Refusal::bad("a line that begins with a blank"));
                }
                _ => {}
            }
            if self.seen > MAX_HEAD {
                return Err(Refusal { status: Status::FIELDS_TOO_LARGE, why: "the head is too long" });
            }
            if self.line == self.start && self.seen - self.start > MAX_REQUEST_LINE {
                return Err(endless_request_line(received.get(self.start..self.seen).unwrap_or_default()));
            }
        }
        Ok(None)
    }

    /// Ends a line; true when it was the empty line that ends the head.
    fn line_feed(&mut self) -> Result<bool, Refusal> {
        let (ends, end_length) = if self.after_cr { (LineEnd::CrLf, 2) } else { (LineEnd::Lf, 1) };
        let is_empty = self.seen - self.line == end_length;
        let is_before_the_head = is_empty && self.line == self.start;
        self.after_cr = false;
        self.line = self.seen;
        if is_before_the_head {
            self.start = self.seen;
            return Ok(false);
        }
        if *self.ends.get_or_insert(ends) != ends {
            return Err(Refusal::bad("lines that end in CR LF and lines that end in LF alone"));
        }
        Ok(is_empty)
    }
}

fn endless_request_line(line: &[u8]) -> Refusal {
    if line.contains(&b' ') {
        Refusal { status: Status::URI_TOO_LONG, why: "the request line is too long" }
    } else {
        Refusal::bad("a line without end where a request line should be")
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

/// The fields that this server acts upon, apart from those that say where the request ends. A value is the
/// bytes after the colon without the blanks around them; of a field that comes more than once it is the
/// first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fields<'h> {
    /// `Range`.
    pub range: Option<&'h [u8]>,
    /// `If-Range`.
    pub if_range: Option<&'h [u8]>,
    /// `If-Match`.
    pub if_match: Option<&'h [u8]>,
    /// `If-None-Match`.
    pub if_none_match: Option<&'h [u8]>,
    /// `If-Modified-Since`.
    pub if_modified_since: Option<&'h [u8]>,
    /// `If-Unmodified-Since`.
    pub if_unmodified_since: Option<&'h [u8]>,
    /// `Referer`, for the log.
    pub referer: Option<&'h [u8]>,
    /// `User-Agent`, for the log.
    pub user_agent: Option<&'h [u8]>,
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
    let (path, query) = split_target(target, method_name)?;
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

/// The path and the query of a target in any of its four forms (RFC 9112 §3.2).
fn split_target<'h>(target: &'h [u8], method: &[u8]) -> Result<(&'h [u8], Option<&'h [u8]>), Refusal> {
    // Bytes above 127 belong in percent-encoding, but `curl http://localhost:8080/中文` sends them as they are.
    if target.iter().any(|&byte| byte <= b' ' || byte == 0x7f || byte == b'#') {
        return Err(Refusal::bad("the target is not a path"));
    }
    if method == b"CONNECT" {
        return if is_authority(target) {
            Ok((target, None))
        } else {
            Err(Refusal::bad("no host to connect to"))
        };
    }
    if method == b"OPTIONS" && target == b"*" {
        return Ok((target, None));
    }
    let path_and_query = if target.starts_with(b"/") { target } else { after_authority(target)? };
    let mut parts = path_and_query.splitn(2, |&byte| byte == b'?');
    let path = parts.next().filter(|path| !path.is_empty()).unwrap_or(b"/");
    Ok((path, parts.next()))
}

/// What follows `http://localhost:8080` in a target that is a whole URL, as clients send it to a proxy and as
/// every server must understand (RFC 9112 §3.2.2).
fn after_authority(target: &[u8]) -> Result<&[u8], Refusal> {
    let scheme_end = target.iter().position(|&byte| byte == b':').unwrap_or_default();
    let (scheme, rest) = target.split_at_checked(scheme_end).unwrap_or_default();
    let is_web = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
    let Some(rest) = rest.strip_prefix(b"://").filter(|_| is_web) else {
        return Err(Refusal::bad("the target is not a path that begins with /"));
    };
    let authority_end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    match rest.split_at_checked(authority_end) {
        Some((authority, path)) if !authority.is_empty() && is_authority(authority) => Ok(path),
        _ => Err(Refusal::bad("the target's host is not one")),
    }
}

/// Whether this is `host` or `host:port`, with nothing in it that a host cannot have (RFC 3986 §3.2.2).
fn is_authority(value: &[u8]) -> bool {
    let colon = value.iter().rposition(|&byte| byte == b':').filter(|_| !value.ends_with(b"]"));
    let (host, port) = colon.and_then(|colon| value.split_at_checked(colon)).unwrap_or((value, b""));
    let is_host = match host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")) {
        Some(address) => {
            std::str::from_utf8(address).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok())
        }
        None => host.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(byte)),
    };
    is_host && port.iter().skip(1).all(u8::is_ascii_digit)
}

/// What the fields of a head have said so far.
#[derive(Default)]
struct Seen<'h> {
    has_host: bool,
    content_length: Option<u64>,
    transfer_encoding: Coding,
    says_close: bool,
    says_keep_alive: bool,
    expects: Option<&'h [u8]>,
    fields: Fields<'h>,
}

/// What the transfer codings that were named so far come to.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Coding {
    #[default]
    None,
    Chunked,
    /// One that this server cannot undo, and that does not hide where the body ends if `chunked` comes last.
    Foreign,
    ForeignThenChunked,
}

impl<'h> Seen<'h> {
    fn take(&mut self, name: &str, value: &'h [u8]) -> Result<(), Refusal> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        // The first letter rules out nearly all comparisons; a browser sends a dozen fields that are nothing
        // to us.
        match name.as_bytes().first().map(u8::to_ascii_lowercase) {
            Some(b'h') if is("Host") => self.take_host(value)?,
            Some(b'c') if is("Content-Length") => self.take_content_length(value)?,
            Some(b'c') if is("Connection") => self.take_connection(value),
            Some(b't') if is("Transfer-Encoding") => self.take_transfer_encoding(value)?,
            Some(b'e') if is("Expect") => self.expects = Some(value),
            Some(b'i') if is("If-Match") => first(&mut self.fields.if_match, value),
            Some(b'i') if is("If-None-Match") => first(&mut self.fields.if_none_match, value),
            Some(b'i') if is("If-Modified-Since") => first(&mut self.fields.if_modified_since, value),
            Some(b'i') if is("If-Unmodified-Since") => first(&mut self.fields.if_unmodified_since, value),
            Some(b'i') if is("If-Range") => first(&mut self.fields.if_range, value),
            Some(b'r') if is("Range") => first(&mut self.fields.range, value),
            Some(b'r') if is("Referer") => first(&mut self.fields.referer, value),
            Some(b'u') if is("User-Agent") => first(&mut self.fields.user_agent, value),
            _ => {}
        }
        Ok(())
    }

    fn take_host(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if self.has_host {
            return Err(Refusal::bad("more than one Host"));
        }
        if !is_authority(value) {
            return Err(Refusal::bad("the Host is not a host"));
        }
        self.has_host = true;
        Ok(())
    }

    /// RFC 9112 §6.3 lets a server take `5, 5` for 5. This one does not: no client that is in its senses
    /// sends it.
    fn take_content_length(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if self.content_length.is_some() {
            return Err(Refusal::bad("more than one Content-Length"));
        }
        // `parse` alone would take `+5`.
        let digits =
            std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let length = digits.and_then(|digits| digits.parse().ok());
        self.content_length =
            Some(length.ok_or(Refusal::bad("the Content-Length is not a number of bytes"))?);
        Ok(())
    }

    fn take_connection(&mut self, value: &[u8]) {
        for option in list(value) {
            self.says_close |= option.eq_ignore_ascii_case(b"close");
            self.says_keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
        }
    }

    fn take_transfer_encoding(&mut self, value: &[u8]) -> Result<(), Refusal> {
        for coding in list(value) {
            let is_chunked = coding.eq_ignore_ascii_case(b"chunked");
            self.transfer_encoding = match (self.transfer_encoding, is_chunked) {
                (Coding::None, true) => Coding::Chunked,
                (Coding::None | Coding::Foreign, false) => Coding::Foreign,
                (Coding::Foreign, true) => Coding::ForeignThenChunked,
                (Coding::Chunked | Coding::ForeignThenChunked, _) => {
                    return Err(Refusal::bad("chunked is not the last transfer coding"));
                }
            };
        }
        if self.transfer_encoding == Coding::None {
            return Err(Refusal::bad("a Transfer-Encoding without a coding"));
        }
        Ok(())
    }

    fn judge_host(&self, version: Version) -> Result<(), Refusal> {
        if self.has_host || version == Version::Http10 { Ok(()) } else { Err(Refusal::bad("no Host")) }
    }

    /// RFC 9112 §9.3. Only 1.1 goes on without being asked to.
    fn keep_alive(&self, version: Version) -> bool {
        !self.says_close && (version == Version::Http11 || self.says_keep_alive)
    }

    /// RFC 9112 §6.3, with every ambiguity refused.
    fn body_end(&self, version: Version) -> Result<Framing, Refusal> {
        match (self.transfer_encoding, self.content_length) {
            (Coding::None, length) => Ok(Framing::Length(length.unwrap_or(0))),
            (_, Some(_)) => Err(Refusal::bad("both Transfer-Encoding and Content-Length")),
            (_, None) if version == Version::Http10 => Err(Refusal::bad("Transfer-Encoding in HTTP/1.0")),
            (Coding::Chunked, None) => Ok(Framing::Chunked),
            (Coding::Foreign, None) => Err(Refusal::bad("chunked is not the last transfer coding")),
            (Coding::ForeignThenChunked, None) => Err(Refusal {
                status: Status::NOT_IMPLEMENTED,
                why: "the only transfer coding here is chunked",
            }),
        }
    }

    fn expectation(&self) -> Expectation {
        match self.expects {
            None => Expectation::None,
            Some(value) if value.eq_ignore_ascii_case(b"100-continue") => Expectation::Continue,
            Some(_) => Expectation::Unknown,
        }
    }
}

fn first<'h>(field: &mut Option<&'h [u8]>, value: &'h [u8]) {
    field.get_or_insert(value);
}

/// The members of a comma-separated list; empty ones do not count (RFC 9110 §5.6.1).
fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).filter(|member| !member.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(received: &[u8]) -> Result<Option<Range<usize>>, Refusal> {
        Scanner::default().scan(received)
    }

    fn judged(head: &str) -> Result<Request<'_>, Refusal> {
        assert_eq!(found(head.as_bytes()), Ok(Some(0..head.len())), "{head:?}");
        parse(head.as_bytes())
    }

    /// A request with these lines between its Host and its end.
    fn with(lines: &str) -> String {
        format!("GET / HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n")
    }

    fn status(head: &str) -> u16 {
        match judged(head) {
            Ok(_) => 200,
            Err(refusal) => refusal.status.code,
        }
    }

    #[test]
    fn the_tutorials_request_is_understood() {
        let head = "GET / HTTP/1.1\r\nHost: www.baidu.com\r\nConnection: close\r\n\r\n";
        let request = judged(head).unwrap();
        assert_eq!((request.method, request.path, request.query), (Method::Get, &b"/"[..], None));
        assert_eq!((request.version, request.keep_alive), (Version::Http11, false));
        assert_eq!(request.body, Framing::Length(0));
        assert_eq!(request.line, b"GET / HTTP/1.1");
    }

    #[test]
    fn a_head_ends_with_an_empty_line_and_not_before() {
        let head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET";
        assert_eq!(found(head), Ok(Some(0..head.len() - 3)));
        assert_eq!(found(b"GET / HTTP/1.1\r\nHost: a\r\n"), Ok(None));
        assert_eq!(found(b"GET / HTTP/1.1\r\nHost: a\r\n\r"), Ok(None));
    }

    #[test]
    fn empty_lines_before_a_request_are_ignored() {
        let received = b"\r\n\r\nGET / HTTP/1.0\r\n\r\n";
        assert_eq!(found(received), Ok(Some(4..received.len())));
        assert_eq!(request_line(received), b"GET / HTTP/1.0");
    }

    #[test]
    fn lines_may_all_end_in_lf_alone_but_not_some_of_them() {
        assert_eq!(found(b"GET / HTTP/1.0\n\n"), Ok(Some(0..16)));
        for mixed in [
            "GET / HTTP/1.1\r\nA: b\nHost: c\r\n\r\n",
            "GET / HTTP/1.1\nA: b\r\n\r\n",
            "GET / HTTP/1.1\r\n\n",
        ] {
            assert_eq!(found(mixed.as_bytes()).unwrap_err().status, Status::BAD_REQUEST, "{mixed:?}");
        }
    }

    #[test]
    fn what_no_line_may_hold_is_refused_as_soon_as_it_is_there() {
        for bad in [
            "GET /\0",
            "\x16\x03\x01\0",
            "GET / HTTP/1.1\r\nA: b\rX",
            "GET / HTTP/1.1\r\n ",
            "GET / HTTP/1.1\r\nA: b\r\n\t",
        ] {
            assert_eq!(found(bad.as_bytes()).unwrap_err().status, Status::BAD_REQUEST, "{bad:?}");
        }
    }

    #[test]
    fn a_head_and_its_first_line_have_a_longest_length() {
        let endless = |head: &str| found(head.as_bytes()).unwrap_err().status.code;
        let line = "a".repeat(MAX_REQUEST_LINE);
        assert_eq!(endless(&format!("GET /{line}")), 414);
        assert_eq!(endless(&format!("GET /{line} HTTP/1.1\r\n\r\n")), 414);
        assert_eq!(endless(&line.repeat(2)), 400);
        assert_eq!(endless(&format!("GET / HTTP/1.1\r\nA: {}", line.repeat(4))), 431);
        assert_eq!(endless(&"\r\n".repeat(MAX_HEAD)), 431);
        let longest = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(8000));
        assert_eq!(status(&longest), 200);
        assert_eq!(status(&with(&"A: b\r\n".repeat(MAX_FIELDS - 1))), 200);
        assert_eq!(status(&with(&"A: b\r\n".repeat(MAX_FIELDS))), 431);
    }

    #[test]
    fn the_request_line_has_three_words() {
        for (line, code) in [
            ("GET / HTTP/1.1", 200),
            ("GET / HTTP/1.0", 200),
            ("GET / HTTP/1.9", 200),
            ("get / HTTP/1.1", 200),
            ("GET / HTTP/2.0", 505),
            ("GET / HTTP/0.9", 505),
            ("GET /", 400),
            ("nonsense", 400),
            ("GET  / HTTP/1.1", 400),
            ("GET /  HTTP/1.1", 400),
            ("GET / HTTP/1.1 ", 400),
            (" GET / HTTP/1.1", 400),
            ("GET\t/ HTTP/1.1", 400),
            ("GET /a b HTTP/1.1", 400),
            ("GET / http/1.1", 400),
            ("GET / HTTP/1.10", 400),
            ("GET / HTTP/11", 400),
            ("GET / HTTP/1", 400),
            ("GET / HTTP/x.1", 400),
            ("G(T / HTTP/1.1", 400),
            ("GET /a#b HTTP/1.1", 400),
            ("GET /a\x7f HTTP/1.1", 400),
            ("GET a HTTP/1.1", 400),
            ("GET * HTTP/1.1", 400),
            ("OPTIONS * HTTP/1.1", 200),
            ("CONNECT localhost:80 HTTP/1.1", 200),
            ("CONNECT / HTTP/1.1", 400),
            ("GET localhost:80 HTTP/1.1", 400),
            ("GET ftp://localhost/ HTTP/1.1", 400),
            ("GET http:///a HTTP/1.1", 400),
            ("GET http://user@localhost/ HTTP/1.1", 400),
        ] {
            assert_eq!(status(&format!("{line}\r\nHost: a\r\n\r\n")), code, "{line:?}");
        }
    }

    #[test]
    fn methods_are_known_by_their_case() {
        for (name, wanted) in [
            ("GET", Method::Get),
            ("HEAD", Method::Head),
            ("POST", Method::NotAllowed),
            ("get", Method::Unknown),
            ("BREW", Method::Unknown),
        ] {
            assert_eq!(judged(&format!("{name} / HTTP/1.0\r\n\r\n")).unwrap().method, wanted, "{name}");
        }
    }

    #[test]
    fn a_target_is_a_path_or_a_whole_url() {
        for (target, path, query) in [
            ("/a/b?c=d?e", "/a/b", Some("c=d?e")),
            ("/?", "/", Some("")),
            ("/中文", "/中文", None),
            ("http://localhost", "/", None),
            ("HTTP://localhost:80/a?b", "/a", Some("b")),
            ("http://[::1]:8080?b", "/", Some("b")),
        ] {
            let head = format!("GET {target} HTTP/1.0\r\n\r\n");
            let request = judged(&head).unwrap();
            assert_eq!(
                (request.path, request.query),
                (path.as_bytes(), query.map(str::as_bytes)),
                "{target}"
            );
        }
    }

    #[test]
    fn there_is_one_host_and_it_is_one() {
        assert_eq!(status("GET / HTTP/1.1\r\n\r\n"), 400);
        assert_eq!(status("GET / HTTP/1.0\r\n\r\n"), 200);
        assert_eq!(status("GET http://a/ HTTP/1.1\r\n\r\n"), 400);
        assert_eq!(status(&with("Host: localhost\r\n")), 400);
        for good in ["", "a", "a.b-c_d:80", "127.0.0.1:8080", "[::1]", "[::1]:80", "a:"] {
            assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {good}\r\n\r\n")), 200, "{good}");
        }
        for bad in
            ["a b", "a, b", "a/b", "user@a", "a:b", "::1", "[::1", "[x]", "[::1]x", "中文", "a?b", "a\"b"]
        {
            assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {bad}\r\n\r\n")), 400, "{bad}");
        }
    }

    #[test]
    fn the_end_of_a_body_is_told_once_and_clearly() {
        for (lines, wanted) in [
            ("Content-Length: 5\r\n", Ok(Framing::Length(5))),
            ("Content-Length: 18446744073709551615\r\n", Ok(Framing::Length(u64::MAX))),
            ("Transfer-Encoding: chunked\r\n", Ok(Framing::Chunked)),
            ("transfer-encoding: , Chunked ,\r\n", Ok(Framing::Chunked)),
            ("Content-Length: 18446744073709551616\r\n", Err(400)),
            ("Content-Length: 5\r\nContent-Length: 5\r\n", Err(400)),
            ("Content-Length: 5\r\nContent-Length: 6\r\n", Err(400)),
            ("Content-Length: 5, 5\r\n", Err(400)),
            ("Content-Length: +5\r\n", Err(400)),
            ("Content-Length: -5\r\n", Err(400)),
            ("Content-Length: 0x5\r\n", Err(400)),
            ("Content-Length: 5 5\r\n", Err(400)),
            ("Content-Length:\r\n", Err(400)),
            ("Content-Length: ５\r\n", Err(400)),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", Err(400)),
            ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", Err(400)),
            ("Transfer-Encoding: gzip\r\n", Err(400)),
            ("Transfer-Encoding: xchunked\r\n", Err(400)),
            ("Transfer-Encoding: \"chunked\"\r\n", Err(400)),
            ("Transfer-Encoding: identity\r\n", Err(400)),
            ("Transfer-Encoding:\r\n", Err(400)),
            ("Transfer-Encoding: chunked, chunked\r\n", Err(400)),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", Err(400)),
            ("Transfer-Encoding: chunked, gzip\r\n", Err(400)),
            ("Transfer-Encoding: gzip, chunked\r\n", Err(501)),
            ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", Err(501)),
        ] {
            let head = with(lines);
            let judged = judged(&head).map(|request| request.body).map_err(|refusal| refusal.status.code);
            assert_eq!(judged, wanted, "{lines:?}");
        }
        assert_eq!(status("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    }

    #[test]
    fn a_field_that_two_readers_could_read_differently_is_refused() {
        for line in [
            "Content-Length : 5",
            "Content-Length\t: 5",
            "No colon here",
            "charset=utf-8",
            ": no name",
            "Tränsfer: x",
            "A: b\x01c",
            "A: b\x7f",
            "A\x0b: b",
            "X(y): z",
        ] {
            assert_eq!(status(&with(&format!("{line}\r\n"))), 400, "{line:?}");
        }
    }

    #[test]
    fn a_connection_goes_on_as_its_version_has_it() {
        for (version, lines, wanted) in [
            ("1.1", "", true),
            ("1.1", "Connection: close\r\n", false),
            ("1.1", "Connection: Upgrade, CLOSE\r\n", false),
            ("1.1", "Connection: keep-alive\r\nConnection: close\r\n", false),
            ("1.0", "", false),
            ("1.0", "Connection: Keep-Alive\r\n", true),
            ("1.0", "Connection: keep-alive, close\r\n", false),
        ] {
            let head = format!("GET / HTTP/{version}\r\nHost: a\r\n{lines}\r\n");
            assert_eq!(judged(&head).unwrap().keep_alive, wanted, "{version} {lines:?}");
        }
    }

    #[test]
    fn what_the_client_expects_is_heard_in_1_1_alone() {
        let expectation = |head: &str| judged(head).unwrap().expectation;
        assert_eq!(expectation(&with("Expect: 100-Continue\r\n")), Expectation::Continue);
        assert_eq!(expectation(&with("Expect: a miracle\r\n")), Expectation::Unknown);
        assert_eq!(expectation("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"), Expectation::None);
    }

    #[test]
    fn of_a_field_that_comes_twice_the_first_counts() {
        let head = with("Range: bytes=0-1\r\nrange: bytes=5-\r\nUser-Agent:  x y \r\n");
        let fields = judged(&head).unwrap().fields;
        assert_eq!((fields.range, fields.user_agent), (Some(&b"bytes=0-1"[..]), Some(&b"x y"[..])));
    }

    /// Bytes of which requests, nearly requests and nonsense are made.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(b"GET / HTTP/1.1\r\n".to_vec()),
            Just(b"Host: a\r\n".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\n".to_vec()),
            Just(b"A: b".to_vec()),
            prop::collection::vec(any::<u8>(), 0..6),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn it_is_the_same_head_however_it_is_cut(stream in stream(), size in 1_usize..9) {
            let mut scanner = Scanner::default();
            let mut in_pieces = Ok(None);
            for end in (0..stream.len()).step_by(size).skip(1).chain([stream.len()]) {
                in_pieces = scanner.scan(&stream[..end]);
                if in_pieces != Ok(None) {
                    break;
                }
            }
            prop_assert_eq!(in_pieces, found(&stream));
        }

        #[test]
        fn no_bytes_at_all_upset_it(stream in stream()) {
            if let Ok(Some(range)) = found(&stream) {
                let _ = parse(&stream[range]);
            }
            let _ = parse(&stream);
        }
    }
}
