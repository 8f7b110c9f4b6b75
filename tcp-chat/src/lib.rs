//! The protocol of the chat: what the bytes mean that the two sides send.
//!
//! Three modes, each with its own answer to the question *where does a message end?* TCP has none:
//! it carries a stream of bytes, and `recv` returns whatever part of it has arrived.
//!
//! | mode | a message is | why that works, or does not |
//! | --- | --- | --- |
//! | [`turns`] | all that comes in one turn | nobody may speak twice in a row |
//! | [`duplex`] | what one `recv` returned | it does not: two messages sent quickly stick together |
//! | [`room`] | one line | a message cannot hold the newline that ends it |
//!
//! These three know of no socket, clock or terminal. [`both_sides`] does: there is what server and
//! client do alike.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

pub mod both_sides;
pub mod duplex;
pub mod farewell;
pub mod first_line;
pub mod held_text;
pub mod membership;
pub mod names;
pub mod room;
pub mod telnet;
pub mod text;
pub mod turns;

/// Where the server listens unless it is told otherwise.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9999);

/// The most that is kept of a message whose end has not come, in bytes. Longer ones are shown in
/// parts.
pub const MAX_HELD: usize = 1 << 20;

/// Who may speak when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// Both sides whenever they like (tutorial 004)
    Duplex,
    /// One after the other; the client begins (tutorials 002 and 004)
    Turns,
    /// Many clients with names, in lines of text
    Room,
}

/// The word that ends a conversation: `bye` in tutorial 002, `byebye` in 004. It counts only as a
/// whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndWord(String);

impl FromStr for EndWord {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "" => Err(text::empty_word()),
            _ if word.contains(['\n', '\r']) => Err(text::word_of_lines()),
            _ => Ok(Self(word.to_owned())),
        }
    }
}

impl EndWord {
    /// The bytes that are sent.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// What a message means: the end word exactly, or something else.
    pub fn meaning(&self, message: Vec<u8>) -> Heard {
        if message == self.as_bytes() { Heard::EndWord } else { Heard::Message(message) }
    }
}

impl std::fmt::Display for EndWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What the other side has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// One message, without a line end.
    Message(Vec<u8>),
    /// The word that ends the conversation.
    EndWord,
}

/// Why a typed line is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsaid {
    /// Nothing would be sent, and in turns both sides would wait for each other for ever.
    #[error("{}", text::empty_line())]
    Empty,
    /// The other side speaks first.
    #[error("{}", text::not_our_turn())]
    NotOurTurn,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_word_is_a_line_that_can_be_sent() {
        assert_eq!(
            "再见".parse::<EndWord>().unwrap().as_bytes(),
            [0xe5, 0x86, 0x8d, 0xe8, 0xa7, 0x81]
        );
        assert!("".parse::<EndWord>().is_err());
        assert!("bye\n".parse::<EndWord>().is_err());
    }
}
