//! HTTP/1.1 by hand: the bytes of requests and responses, without a socket.

pub mod body;
pub mod request;
pub mod response;
pub mod resume;
pub mod target;
