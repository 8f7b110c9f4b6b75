//! Where a head ends, found in a stream of bytes.

use std::ops::Range;

use super::types::{MAX_HEAD, MAX_REQUEST_LINE, Refusal};
use crate::http::status::Status;
use crate::text;

/// How the lines of a head end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnd {
    CrLf,
    /// A line feed alone, as somebody sends who types a request into `nc`; RFC 9112 §2.2 lets a
    /// server take it. Only when all lines of the head end so: the mixture is what smuggling is
    /// made of.
    Lf,
}

/// Finds the end of a head, however the bytes before it arrive.
///
/// Each byte is looked at once, so a head that drips in byte by byte costs no more than one that
/// comes in one piece.
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
    /// Looks on in `received`, which holds what it held the last time and whatever has come since.
    /// The answer is where the head lies, once all of it is there.
    ///
    /// # Errors
    ///
    /// What no further byte can mend: a head or request line that is too long, NUL, a carriage
    /// return that does not end a line, a folded field, line ends of both kinds.
    pub fn scan(&mut self, received: &[u8]) -> Result<Option<Range<usize>>, Refusal> {
        for &byte in received.get(self.seen..).unwrap_or_default() {
            self.seen += 1;
            if byte == b'\n' && self.line_feed()? {
                return Ok(Some(self.start..self.seen));
            }
            match byte {
                b'\n' => {}
                _ if self.after_cr => {
                    return Err(Refusal::bad(text::BARE_RETURN));
                }
                b'\r' => self.after_cr = true,
                0 => return Err(Refusal::bad(text::NUL)),
                b' ' | b'\t' if self.line + 1 == self.seen && self.line != self.start => {
                    return Err(Refusal::bad(text::BLANK_LINE));
                }
                _ => {}
            }
            if self.seen > MAX_HEAD {
                return Err(Refusal { status: Status::FIELDS_TOO_LARGE, why: text::LONG_HEAD });
            }
            if self.line == self.start && self.seen - self.start > MAX_REQUEST_LINE {
                return Err(endless_request_line(
                    received.get(self.start..self.seen).unwrap_or_default(),
                ));
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
            return Err(Refusal::bad(text::MIXED_ENDS));
        }
        Ok(is_empty)
    }
}

fn endless_request_line(line: &[u8]) -> Refusal {
    if line.contains(&b' ') {
        Refusal { status: Status::URI_TOO_LONG, why: text::LONG_REQUEST_LINE }
    } else {
        Refusal::bad(text::ENDLESS_LINE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::request_line;
    use super::*;

    fn found(received: &[u8]) -> Result<Option<Range<usize>>, Refusal> {
        Scanner::default().scan(received)
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
            assert_eq!(
                found(mixed.as_bytes()).unwrap_err().status,
                Status::BAD_REQUEST,
                "{mixed:?}"
            );
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
}
