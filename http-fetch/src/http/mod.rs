//! The protocol: bytes of requests and answers, read and written. No socket, no file, no clock of
//! its own.

pub mod body;
pub mod conditional;
pub mod date;
pub mod file_name;
pub mod proxy;
pub mod range;
pub mod request;
pub mod response;
pub mod resume;
pub mod status;
pub mod url;
mod zone;
