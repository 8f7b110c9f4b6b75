//! Commands run on another computer, and what it takes to know where an answer ends.
//!
//! TCP is a stream of bytes. Two answers sent one after the other arrive as one piece, or as five:
//! the tutorial calls that sticky packets, and this crate shows what comes of it and three ways to
//! say where an answer ends.
//!
//! | framing  | where an answer ends                                        | here              |
//! | -------- | ----------------------------------------------------------- | ----------------- |
//! | `none`   | nobody says                                                 |                   |
//! | `ack`    | length in digits, the client's `ready!`, answer             | [`ack`]           |
//! | `prefix` | 4 bytes of length (signed, little-endian), answer           | [`common::frame`] |
//! | `stream` | it does not: it comes in pieces, and the last one says so   | [`stream`]        |
//!
//! In the first three, the tutorial's, the client sends a command as it was typed, in UTF-8, with
//! nothing before or after it, and waits for the answer, which is one text:
//! [`command_end::answer`].
//!
//! Nothing in this library touches a socket, a clock or a process; the two programs do.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use common::encoding::Encoding;

pub mod ack;
pub mod command_end;
pub mod directory;
pub mod key;
pub mod key_file;
pub mod noise;
pub mod sniff;
pub mod stream;
mod text;

/// Where the server listens if it is told nothing else: the tutorial's address.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8000);

/// How answers are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Framing {
    /// Pieces of output as they are produced, and how the command ended.
    Stream,
    /// 4 bytes of length before each answer (the tutorial's second way).
    Prefix,
    /// The length, then `ready!` from the client, then the answer (the tutorial's first way).
    Ack,
    /// Nothing: answers stick together.
    None,
}

/// The longest command that the server takes in the tutorial's framings, in bytes.
///
/// Nothing marks the end of a command there: it is what one `recv` brings. A buffer that one `recv`
/// fills leaves the rest for the next, which would run the rest as a command of its own, so the
/// server refuses a command that fills it.
pub const MAX_COMMAND: usize = 65_536;

/// The longest command that the client sends in the tutorial's framings, in bytes: the tutorial's
/// server receives no more at once, and takes the rest for an acknowledgement (`ack`) or for
/// another command (`prefix`).
pub const MAX_TUTORIAL_COMMAND: usize = 1024;

/// An answer in the encoding that the tutorial's client expects. UTF-8 goes as it is, whatever it
/// holds.
pub fn encoded(answer: Vec<u8>, encoding: Encoding) -> Vec<u8> {
    if encoding == Encoding::Utf8 {
        return answer;
    }
    let mut decoder = Encoding::Utf8.decoder();
    let text = decoder.push(&answer) + &decoder.finish();
    encoding.encode(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorials_client_gets_its_encoding() {
        assert_eq!(encoded("echo 你好\n".into(), Encoding::Gbk), b"echo \xc4\xe3\xba\xc3\n");
        assert_eq!(encoded(b"\xff\xfe".to_vec(), Encoding::Gbk), b"\\xff\\xfe");
        assert_eq!(encoded(b"\xff\xfe".to_vec(), Encoding::Utf8), b"\xff\xfe");
    }
}
