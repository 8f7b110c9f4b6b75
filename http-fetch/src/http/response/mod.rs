//! What a server sends back: a head, and a body whose end the head tells.
//!
//! ```text
//! HTTP/1.1 200 OK\r\n                           the status line: version, status, what it is called
//! Date: Sat, 21 Nov 2026 08:14:05 GMT\r\n       fields
//! Content-Type: text/html; charset=utf-8\r\n    one field, one line: the charset belongs to the type
//! Content-Length: 19\r\n                        where the body ends, so that the connection can go on
//! \r\n
//! ```

pub mod framing;
mod header_lines;
pub mod parse;
pub mod write;
