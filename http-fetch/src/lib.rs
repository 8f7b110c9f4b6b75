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
//! | a file among many | | [`path`], [`media`], [`listing`] |
//! | a part of a file, or only a newer one | [`resume`] | [`range`], [`conditional`] |
//! | what others are told of it | | [`access_log`] |
//!
//! None of these has a socket in it, or a file. Sockets and files are in the modules of the two programs: of the client
//! `wire`, `tls`, `save` and `progress`; of the server `connection`, `exchange`, `stopping`, `site`, `root`
//! and `at_hand`.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

pub mod access_log;
pub mod answer;
pub mod body;
pub mod conditional;
pub mod incoming;
pub mod listing;
pub mod media;
pub mod page;
pub mod path;
pub mod range;
pub mod request;
pub mod response;
pub mod resume;
pub mod stamp;
pub mod target;
pub mod verdict;

/// Where the server listens unless it is told otherwise.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8080));
