//! How the body after the head of a response is framed (RFC 9112, section 6.3).

use super::parse::Head;
use crate::http::body::Framing;
use crate::text;

/// Why nobody can say for certain where a body ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FramingError {
    /// A `Content-Length` that is not a number of bytes.
    #[error("{}", text::bad_length(.0))]
    BadLength(String),
    /// Two lengths that differ.
    #[error("{}", text::lengths_differ(.0, .1))]
    TwoLengths(u64, u64),
    /// `Content-Length` and `Transfer-Encoding` together.
    #[error("{}", text::length_and_coding())]
    LengthAndCoding,
    /// A transfer coding that is not `chunked`, or not that alone.
    #[error("{}", text::other_coding(.0))]
    Coding(String),
    /// `Transfer-Encoding` under HTTP/1.0, which does not have it.
    #[error("{}", text::coding_in_http_10())]
    CodingInHttp10,
}

impl Head {
    /// How the body of this answer to a GET is framed (RFC 9112, section 6.3).
    ///
    /// # Errors
    /// [`FramingError`], whose every variant leaves the end of the body in doubt.
    pub fn framing(&self) -> Result<Framing, FramingError> {
        if matches!(self.status(), 100..200 | 204 | 304) {
            return Ok(Framing::Length(0));
        }
        let length = self.content_length()?;
        let codings = joined(self.values("transfer-encoding"));
        // `identity` is how old servers say that there is no coding (RFC 2616, section 3.6).
        let is_plain = codings.trim().eq_ignore_ascii_case("identity");
        if is_plain || self.values("transfer-encoding").next().is_none() {
            return Ok(length.map_or(Framing::UntilClose, Framing::Length));
        }
        if length.is_some() {
            return Err(FramingError::LengthAndCoding);
        }
        if self.minor_version == 0 {
            return Err(FramingError::CodingInHttp10);
        }
        if codings.trim().eq_ignore_ascii_case("chunked") {
            Ok(Framing::Chunked)
        } else {
            Err(FramingError::Coding(codings))
        }
    }

    /// The one length that all `Content-Length` lines agree on: several lines, or a list in one,
    /// may repeat it.
    fn content_length(&self) -> Result<Option<u64>, FramingError> {
        let mut length = None;
        for value in
            self.values("content-length").flat_map(|value| value.split(|byte| *byte == b','))
        {
            let this = number(value.trim_ascii())
                .ok_or_else(|| FramingError::BadLength(value.escape_ascii().to_string()))?;
            match length {
                Some(other) if other != this => return Err(FramingError::TwoLengths(other, this)),
                _ => length = Some(this),
            }
        }
        Ok(length)
    }
}

/// Digits and nothing else: `str::parse` would take a `+`.
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    let text = str::from_utf8(digits).ok()?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn joined<'a>(values: impl Iterator<Item = &'a [u8]>) -> String {
    values.map(|value| value.escape_ascii().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(lines: &str) -> Head {
        Head::parse(lines.as_bytes()).unwrap()
    }

    fn framing(fields: &str) -> Result<Framing, FramingError> {
        head(&format!("HTTP/1.1 200 OK\r\n{fields}\r\n")).framing()
    }

    #[test]
    fn identity_is_no_coding() {
        assert_eq!(framing("Transfer-Encoding: identity\r\n"), Ok(Framing::UntilClose));
        assert_eq!(
            framing("Transfer-Encoding: Identity\r\nContent-Length: 5\r\n"),
            Ok(Framing::Length(5))
        );
        let old = head("HTTP/1.0 200 OK\r\nTransfer-Encoding: identity\r\n\r\n").framing();
        assert_eq!(old, Ok(Framing::UntilClose));
    }

    #[test]
    fn framing_follows_the_rfc() {
        assert_eq!(framing(""), Ok(Framing::UntilClose));
        assert_eq!(framing("Content-Length: 5\r\n"), Ok(Framing::Length(5)));
        assert_eq!(framing("Content-Length: 5\r\ncontent-length: 5\r\n"), Ok(Framing::Length(5)));
        assert_eq!(framing("Content-Length: 5, 5\r\n"), Ok(Framing::Length(5)));
        assert_eq!(framing("Transfer-Encoding: Chunked\r\n"), Ok(Framing::Chunked));
        assert_eq!(
            head("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n").framing(),
            Ok(Framing::Length(0))
        );
        assert_eq!(
            head("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").framing(),
            Ok(Framing::Length(0))
        );
    }

    #[test]
    fn lengths_that_cannot_be_trusted_are_refused() {
        use FramingError::*;
        assert_eq!(framing("Content-Length: 5\r\nContent-Length: 6\r\n"), Err(TwoLengths(5, 6)));
        assert_eq!(framing("Content-Length: 5, 6\r\n"), Err(TwoLengths(5, 6)));
        for bad in ["+5", "-5", "0x5", "5 5", "", "5,", "18446744073709551616", "abc"] {
            assert!(
                matches!(framing(&format!("Content-Length: {bad}\r\n")), Err(BadLength(_))),
                "{bad}"
            );
        }
        assert_eq!(
            framing("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
            Err(LengthAndCoding)
        );
        for bad in [
            "gzip, chunked",
            "chunked, gzip",
            "identity, chunked",
            "chunked, chunked",
            "",
            "chunked;q=1",
        ] {
            assert!(
                matches!(framing(&format!("Transfer-Encoding: {bad}\r\n")), Err(Coding(_))),
                "{bad}"
            );
        }
        let twice = framing("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n");
        assert_eq!(twice, Err(Coding("chunked, chunked".to_owned())));
        let old = head("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").framing();
        assert_eq!(old, Err(CodingInHttp10));
    }
}
