//! HTTP/1.1 by hand: the bytes of requests and responses.
//!
//! One request and its response, as they travel:
//!
//! ```text
//! GET / HTTP/1.1\r\n                         HTTP/1.1 200 OK\r\n
//! Host: localhost:8080\r\n                   Content-Type: text/html; charset=utf-8\r\n
//! \r\n                                       Content-Length: 19\r\n
//!                                            \r\n
//!                                            欢迎来此访问!
//! ```
//!
//! Both consist of a first line, fields, an empty line that ends the head, and a body whose end the
//! head tells.
//!
//! | | the client's side | the server's side |
//! | --- | --- | --- |
//! | the request | [`url`](http::url), [`request::write`](http::request::write) | [`request::parse`](http::request::parse) |
//! | the response | [`response::parse`](http::response::parse) | [`response::write`](http::response::write), [`date`](http::date) |
//! | either's body | [`body`](http::body) | [`body`](http::body) |
//! | a part of a file, or only a newer one | [`resume`](http::resume) | [`range`](http::range), [`conditional`](http::conditional) |
//!
//! None of these has a socket in it, or a file. Sockets and files are in the folders of the two
//! programs, `client/` and `server/`, with what only one of them needs.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

pub mod http;
mod text;

/// Where the server listens unless it is told otherwise.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8080));
