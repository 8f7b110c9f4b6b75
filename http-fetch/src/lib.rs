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
//! Both consist of a first line, fields, an empty line that ends the head, and a body whose end the head tells.
//!
//! | | the client's side | the server's side |
//! | --- | --- | --- |
//! | the request | [`target`], [`request`] | [`incoming`] |
//! | the response | [`response`], [`verdict`], [`resume`] | [`answer`], [`page`], [`stamp`] |
//! | either's body | [`body`] | [`body`] |
//!
//! None of these has a socket in it, nor a clock, except [`stamp`]. What a server needs beside them is in [`connection`], its
//! `recv` and `send` with a limit of time for each, and in [`access_log`], which tells of its requests.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

pub mod access_log;
pub mod answer;
pub mod body;
pub mod connection;
pub mod incoming;
pub mod page;
pub mod request;
pub mod response;
pub mod resume;
pub mod stamp;
pub mod target;
pub mod verdict;

/// Where the server listens unless it is told otherwise.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8080));
