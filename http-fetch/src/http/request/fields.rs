//! What the fields of a head say: where the body ends, whether the connection goes on, and what
//! else matters here.

use super::target;
use super::types::{Expectation, Fields, Refusal, Version};
use crate::http::body::Framing;
use crate::http::status::Status;
use crate::text;

/// What the fields of a head have said so far.
#[derive(Default)]
pub(super) struct Seen<'h> {
    has_host: bool,
    content_length: Option<u64>,
    transfer_encoding: Coding,
    says_close: bool,
    says_keep_alive: bool,
    expects: Option<&'h [u8]>,
    pub(super) fields: Fields<'h>,
}

/// What the transfer codings that were named so far come to.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Coding {
    #[default]
    None,
    Chunked,
    /// One that this server cannot undo, and that does not hide where the body ends if `chunked`
    /// comes last.
    Foreign,
    ForeignThenChunked,
}

impl<'h> Seen<'h> {
    pub(super) fn take(&mut self, name: &str, value: &'h [u8]) -> Result<(), Refusal> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        // The first letter rules out nearly all comparisons; a browser sends a dozen fields that
        // are nothing to us.
        match name.as_bytes().first().map(u8::to_ascii_lowercase) {
            Some(b'h') if is("Host") => self.take_host(value)?,
            Some(b'c') if is("Content-Length") => self.take_content_length(value)?,
            Some(b'c') if is("Connection") => self.take_connection(value),
            Some(b't') if is("Transfer-Encoding") => self.take_transfer_encoding(value)?,
            Some(b'e') if is("Expect") => self.expects = Some(value),
            Some(b'i') if is("If-Match") => first(&mut self.fields.if_match, value),
            Some(b'i') if is("If-None-Match") => first(&mut self.fields.if_none_match, value),
            Some(b'i') if is("If-Modified-Since") => {
                first(&mut self.fields.if_modified_since, value);
            }
            Some(b'i') if is("If-Unmodified-Since") => {
                first(&mut self.fields.if_unmodified_since, value);
            }
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
            return Err(Refusal::bad(text::TWO_HOSTS));
        }
        if !target::is_authority(value) {
            return Err(Refusal::bad(text::NOT_A_HOST));
        }
        self.has_host = true;
        Ok(())
    }

    /// RFC 9112 §6.3 lets a server take `5, 5` for 5. This one does not: no client that is in its
    /// senses sends it.
    fn take_content_length(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if self.content_length.is_some() {
            return Err(Refusal::bad(text::TWO_LENGTHS));
        }
        // `parse` alone would take `+5`.
        let digits = std::str::from_utf8(value)
            .ok()
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let length = digits.and_then(|digits| digits.parse().ok());
        self.content_length = Some(length.ok_or(Refusal::bad(text::NOT_A_LENGTH))?);
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
                    return Err(Refusal::bad(text::NOT_LAST));
                }
            };
        }
        if self.transfer_encoding == Coding::None {
            return Err(Refusal::bad(text::NO_CODING));
        }
        Ok(())
    }

    pub(super) fn judge_host(&self, version: Version) -> Result<(), Refusal> {
        if self.has_host || version == Version::Http10 {
            Ok(())
        } else {
            Err(Refusal::bad(text::NO_HOST_FIELD))
        }
    }

    /// RFC 9112 §9.3. Only 1.1 goes on without being asked to.
    pub(super) fn keep_alive(&self, version: Version) -> bool {
        !self.says_close && (version == Version::Http11 || self.says_keep_alive)
    }

    /// RFC 9112 §6.3, with every ambiguity refused.
    pub(super) fn body_end(&self, version: Version) -> Result<Framing, Refusal> {
        match (self.transfer_encoding, self.content_length) {
            (Coding::None, length) => Ok(Framing::Length(length.unwrap_or(0))),
            (_, Some(_)) => Err(Refusal::bad(text::LENGTH_AND_CODING)),
            (_, None) if version == Version::Http10 => Err(Refusal::bad(text::CODING_IN_HTTP_10)),
            (Coding::Chunked, None) => Ok(Framing::Chunked),
            (Coding::Foreign, None) => Err(Refusal::bad(text::NOT_LAST)),
            (Coding::ForeignThenChunked, None) => {
                Err(Refusal { status: Status::NOT_IMPLEMENTED, why: text::ONLY_CHUNKED })
            }
        }
    }

    pub(super) fn expectation(&self) -> Expectation {
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
