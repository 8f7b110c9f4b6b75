//! A head, taken apart.

use httparse::EMPTY_HEADER;

use super::fields::Seen;
use super::target;
use super::types::{Expectation, Method, Refusal, Request, Version};
use crate::http::status::Status;
use crate::text;

/// Up to so many fields are taken apart without asking for memory.
const FEW_FIELDS: usize = 64;

/// The request line of a head, or what there is of one, for the log.
pub fn request_line(received: &[u8]) -> &[u8] {
    let line = received
        .split(|&byte| byte == b'\n')
        .find(|line| !matches!(*line, b"" | b"\r"))
        .unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Takes apart a head that a [`Scanner`](super::head_end::Scanner) has found.
///
/// # Errors
///
/// Whatever leaves a doubt about what is asked or where the request ends (400), and what this
/// server does not speak: 431, 501, 505.
pub fn parse(head: &[u8]) -> Result<Request<'_>, Refusal> {
    let line = request_line(head);
    let (method_name, target, version) = split_request_line(line)?;
    let after_line =
        head.iter().position(|&byte| byte == b'\n').map_or(0, |line_feed| line_feed + 1);
    let field_lines = head.get(after_line..).unwrap_or_default();
    // There may be as many as there is room for in a head, and there are nearly always a few.
    let (mut few, mut many) = ([EMPTY_HEADER; FEW_FIELDS], Vec::new());
    let lines = field_lines.iter().filter(|byte| **byte == b'\n').count();
    let room: &mut [_] = if lines <= FEW_FIELDS {
        &mut few
    } else {
        many.resize(lines, EMPTY_HEADER);
        &mut many
    };
    let headers = match httparse::parse_headers(field_lines, room) {
        Ok(httparse::Status::Complete((length, headers))) if length == field_lines.len() => headers,
        Ok(_) => return Err(Refusal::bad(text::ENDLESS_HEAD)),
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
        expectation: if version == Version::Http10 {
            Expectation::None
        } else {
            seen.expectation()
        },
        fields: seen.fields,
    })
}

fn refuse_field(error: httparse::Error) -> Refusal {
    match error {
        httparse::Error::HeaderName => Refusal::bad(text::BAD_FIELD),
        _ => Refusal::bad(text::BAD_VALUE),
    }
}

fn split_request_line(line: &[u8]) -> Result<(&[u8], &[u8], Version), Refusal> {
    let mut words = line.split(|&byte| byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Refusal::bad(text::BAD_REQUEST_LINE));
    };
    if method.is_empty() || !method.iter().all(|&byte| is_token(byte)) {
        return Err(Refusal::bad(text::BAD_METHOD));
    }
    let version = match version.strip_prefix(b"HTTP/") {
        Some(b"1.0") => Version::Http10,
        Some([b'1', b'.', minor]) if minor.is_ascii_digit() => Version::Http11,
        Some([major, b'.', minor]) if major.is_ascii_digit() && minor.is_ascii_digit() => {
            return Err(Refusal {
                status: Status::VERSION_NOT_SUPPORTED,
                why: text::OTHER_VERSION,
            });
        }
        _ => return Err(Refusal::bad(text::NO_VERSION)),
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
        b"POST" | b"PUT" | b"DELETE" | b"CONNECT" | b"OPTIONS" | b"TRACE" | b"PATCH" => {
            Method::NotAllowed
        }
        _ => Method::Unknown,
    }
}
