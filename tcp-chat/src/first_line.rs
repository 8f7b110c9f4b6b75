//! The first line of a member: whether it is one of a person.
//!
//! Whoever speaks HTTP is no person but a web page that its reader's browser has sent here, or
//! somebody who mistyped an address. What stands in the request is said by nobody.

use common::sniff::{is_http_request, is_tls};

use crate::room::MAX_LINE;

/// Watches the first line until it is complete, or so long that it is none.
#[derive(Debug, Default)]
pub struct FirstLine {
    begun: Vec<u8>,
    is_over: bool,
}

impl FirstLine {
    /// Takes what has come. Returns whether the first line, now complete, is that of an HTTP
    /// request, or the beginning of it that of a TLS connection; the lines in these bytes are not
    /// to be said then.
    pub fn is_http_request(&mut self, piece: &[u8]) -> bool {
        if self.is_over {
            return false;
        }
        // Empty lines before a request are skipped by servers of HTTP, too.
        let blank =
            if self.begun.is_empty() { piece.len() - piece.trim_ascii_start().len() } else { 0 };
        let piece = piece.get(blank..).unwrap_or_default();
        let left = MAX_LINE.saturating_sub(self.begun.len());
        let end = piece.iter().position(|&byte| byte == b'\n');
        self.begun
            .extend_from_slice(piece.get(..left.min(end.unwrap_or(piece.len()))).unwrap_or(piece));
        self.is_over = end.is_some() || self.begun.len() >= MAX_LINE;
        if is_tls(&self.begun) {
            // The same at `https://`, where a line may never end.
            self.is_over = true;
            return true;
        }
        self.is_over && is_http_request(&std::mem::take(&mut self.begun))
    }

    /// Whether the first line, of which no more will come, is that of an HTTP request.
    pub fn was_http_request(&self) -> bool {
        is_http_request(&self.begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a request is found if it comes in pieces of that size.
    fn found(text: &str, size: usize) -> bool {
        let mut first = FirstLine::default();
        text.as_bytes().chunks(size).any(|piece| first.is_http_request(piece))
            || first.was_http_request()
    }

    #[test]
    fn a_request_is_found_however_it_is_cut() {
        let long = format!("POST /{} HTTP/1.1\r\n\r\n/nick root\nhi\n", "x".repeat(3 * MAX_LINE));
        for size in [1, 3, 1000, 100_000] {
            assert!(found("POST / HTTP/1.1\r\nHost: x\r\n\r\n/nick root\nhi\n", size));
            assert!(found("\r\n\r\nGET /x HTTP/1.1\r\n", size));
            assert!(found("GET /", size), "{size}");
            assert!(found(&long, size));
            assert!(!found("hi\nGET / HTTP/1.1\n", size));
            assert!(!found("GET me a beer\n", size));
            assert!(!found(&"x".repeat(10 * MAX_LINE), size));
        }
    }
}
