//! What a client sends to a server: the head of an HTTP/1.1 request.
//!
//! ```text
//! GET /index.html HTTP/1.1\r\n      the request line: method, target, version, one blank between them
//! Host: localhost:8080\r\n          fields: a name, a colon, a value
//! Accept: text/html\r\n
//! \r\n                              the empty line that ends the head
//! ```
//!
//! The client [writes](mod@write) it. The server reads it in two steps: a
//! [`Scanner`](head_end::Scanner) looks for the end of the head in whatever has arrived so far, and
//! [`parse`](parse::parse) takes the whole head apart. Both are strict, because two programs that
//! read one stream differently are how a request is smuggled past the first of them (RFC 9112,
//! section 11.2). What could be read in two ways is refused, and the connection with it: after a
//! head that is not understood, nobody knows where the next request begins.

mod fields;
pub mod head_end;
pub mod line;
pub mod parse;
mod target;
#[cfg(test)]
mod tests;
pub mod types;
pub mod write;
