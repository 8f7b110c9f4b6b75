//! The protocol of the chat: what the bytes mean that the two sides send.
//!
//! Three modes, each with its own answer to the question *where does a message end?* TCP has none: it carries a
//! stream of bytes, and `recv` returns whatever part of it has arrived.
//!
//! | mode | a message is | why that works, or does not |
//! | --- | --- | --- |
//! | duplex | what one `recv` returned | it does not: two messages sent in quick succession stick together ([`Hearing`]) |
//! | turns | all that comes in one turn | nobody may speak twice in a row ([`Turns`]) |
//! | room | one line | a message cannot hold the newline that ends it ([`room`]) |
//!
//! Nothing here knows of sockets, clocks or terminals.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

pub mod dialogue;
pub mod listening;
pub mod pace;
pub mod room;

/// Where the server listens unless it is told otherwise.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9999);

/// The most that is kept of a message whose end has not come, in bytes. What is longer is shown in parts.
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

/// The word that ends a conversation: `bye` in tutorial 002, `byebye` in 004. It counts only as a whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndWord(String);

impl FromStr for EndWord {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "" => Err("an empty message cannot be sent, so it cannot end anything"),
            _ if word.contains(['\n', '\r']) => Err("the end word is one line"),
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
        if message == self.as_bytes() { Heard::Goodbye } else { Heard::Message(message) }
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
    /// The end word.
    Goodbye,
}

/// The receiving half of a duplex conversation: makes messages of what each `recv` brings.
///
/// A piece is a message, as it is for the tutorial's programs, with two exceptions. One that ends in the middle of a
/// character is not complete: its rest is waited for. And newlines in it, which only other programs such
/// as `nc` send, end messages, so that nobody can put words into another's mouth by sending a line that looks
/// like the server's own `127.0.0.1:41234: …`.
#[derive(Debug)]
pub struct Hearing {
    word: EndWord,
    held: Vec<u8>,
    ended: bool,
}

impl Hearing {
    /// A conversation that ends with `word`.
    pub fn new(word: EndWord) -> Self {
        Self { word, held: Vec::new(), ended: false }
    }

    /// Takes what one `recv` brought. `more` says that it filled its buffer, so that the message may go on.
    ///
    /// After a [`Heard::Goodbye`] nothing more is heard.
    pub fn hear(&mut self, piece: &[u8], more: bool) -> Vec<Heard> {
        self.held.extend_from_slice(piece);
        let rest = match self.held.iter().rposition(|&byte| byte == b'\n') {
            Some(end) => self.held.split_off(end + 1),
            None => std::mem::take(&mut self.held),
        };
        let lines = std::mem::replace(&mut self.held, rest);
        let mut heard = Vec::new();
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            self.understand(without_end(line), &mut heard);
        }
        if !((more || is_cut(&self.held)) && self.held.len() < MAX_HELD) {
            heard.extend(self.give_up_waiting());
        }
        heard
    }

    /// Whether the beginning of a message waits for its rest.
    pub fn waits(&self) -> bool {
        !self.held.is_empty()
    }

    /// Stops waiting for the rest of a message and takes what is there for the whole; also at the end of the stream.
    pub fn give_up_waiting(&mut self) -> Option<Heard> {
        let mut heard = Vec::new();
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            self.understand(&held, &mut heard);
        }
        heard.pop()
    }

    fn understand(&mut self, message: &[u8], heard: &mut Vec<Heard>) {
        if self.ended {
            return;
        }
        let meaning = self.word.meaning(message.to_vec());
        self.ended = meaning == Heard::Goodbye;
        heard.push(meaning);
    }
}

/// Whether text ends in the middle of a character, so that its rest is still under way.
///
/// Bytes that are no UTF-8 anyway, such as those of a GBK terminal, are never waited for.
pub fn is_cut(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_err_and(|error| error.error_len().is_none())
}

/// A line without its `\n` or `\r\n`.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A conversation in turns: who may speak, and whether it is over.
///
/// All that comes while it is the other side's turn is one message, however `recv` cuts it. What comes out of turn (a
/// program that does not keep to the rules) is heard too, and changes nobody's turn.
#[derive(Debug)]
pub struct Turns {
    word: EndWord,
    ours: bool,
}

/// Why a line cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsaid {
    /// Nothing would be sent, and both sides would wait for each other for ever.
    #[error("an empty line cannot be sent")]
    Empty,
    /// The other side speaks first.
    #[error("it is the other side's turn")]
    NotOurTurn,
}

impl Turns {
    /// The client's half: it speaks first.
    pub fn client(word: EndWord) -> Self {
        Self { word, ours: true }
    }

    /// The server's half.
    pub fn server(word: EndWord) -> Self {
        Self { word, ours: false }
    }

    /// Whether we may speak.
    pub fn is_ours(&self) -> bool {
        self.ours
    }

    /// The word that ends it.
    pub fn end_word(&self) -> &EndWord {
        &self.word
    }

    /// Says a line. Its bytes are what is to be sent; [`Heard::Goodbye`] is how the other side will take it.
    ///
    /// # Errors
    /// [`Unsaid`]; nothing has changed then.
    pub fn say(&mut self, line: &[u8]) -> Result<Heard, Unsaid> {
        if line.is_empty() {
            return Err(Unsaid::Empty);
        }
        if !self.ours {
            return Err(Unsaid::NotOurTurn);
        }
        self.ours = false;
        Ok(self.word.meaning(line.to_vec()))
    }

    /// Takes all that the other side sent in its turn.
    pub fn hear(&mut self, turn: &[u8]) -> Vec<Heard> {
        let mut hearing = Hearing::new(self.word.clone());
        let mut heard = hearing.hear(turn, false);
        heard.extend(hearing.give_up_waiting());
        self.ours |= !heard.is_empty();
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bye() -> EndWord {
        "bye".parse().unwrap()
    }

    fn message(text: &str) -> Heard {
        Heard::Message(text.into())
    }

    #[test]
    fn the_end_word_is_a_line_that_can_be_sent() {
        assert_eq!("再见".parse::<EndWord>().unwrap().as_bytes(), [0xe5, 0x86, 0x8d, 0xe8, 0xa7, 0x81]);
        assert!("".parse::<EndWord>().is_err());
        assert!("bye\n".parse::<EndWord>().is_err());
    }

    #[test]
    fn the_end_word_counts_only_as_a_whole_message() {
        for text in ["byebye", " bye", "Bye", "by", "hibye", "bye!"] {
            assert_eq!(Hearing::new(bye()).hear(text.as_bytes(), false), [message(text)], "{text}");
        }
        assert_eq!(Hearing::new(bye()).hear(b"bye", false), [Heard::Goodbye]);
    }

    #[test]
    fn each_piece_is_a_message() {
        let mut hearing = Hearing::new(bye());
        assert_eq!(hearing.hear(b"one", false), [message("one")]);
        assert_eq!(hearing.hear(b"twothree", false), [message("twothree")]);
        assert!(!hearing.waits());
    }

    #[test]
    fn a_character_cut_by_the_buffer_holds_its_message_back_until_it_is_whole() {
        let (head, tail) = "你好".as_bytes().split_at(4);
        let mut hearing = Hearing::new(bye());
        assert_eq!(hearing.hear(head, false), []);
        assert!(hearing.waits());
        assert_eq!(hearing.hear(tail, false), [message("你好")]);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_not_waited_for() {
        let gbk = b"\xc4\xe3\xba\xc3";
        assert_eq!(Hearing::new(bye()).hear(gbk, false), [Heard::Message(gbk.to_vec())]);
    }

    #[test]
    fn the_beginning_of_a_character_that_is_never_finished_is_shown_in_the_end() {
        let mut hearing = Hearing::new(bye());
        assert_eq!(hearing.hear(b"a\xe4", false), []);
        assert_eq!(hearing.give_up_waiting(), Some(Heard::Message(b"a\xe4".to_vec())));
        assert_eq!(hearing.give_up_waiting(), None);
    }

    #[test]
    fn a_full_buffer_means_that_the_message_goes_on() {
        let mut hearing = Hearing::new(bye());
        assert_eq!(hearing.hear(b"long", true), []);
        assert_eq!(hearing.hear(b"er", false), [message("longer")]);
    }

    #[test]
    fn what_never_ends_is_shown_in_parts() {
        let mut hearing = Hearing::new(bye());
        let part = vec![b'x'; MAX_HELD - 1];
        assert_eq!(hearing.hear(&part, true), []);
        assert_eq!(hearing.hear(b"yz", true).len(), 1);
        assert!(!hearing.waits());
    }

    #[test]
    fn a_newline_ends_a_message_and_forges_none() {
        let mut hearing = Hearing::new(bye());
        let heard = hearing.hear(b"hi\r\n10.0.0.1:1: forged\n\nrest", false);
        assert_eq!(heard, [message("hi"), message("10.0.0.1:1: forged"), message(""), message("rest")]);
    }

    #[test]
    fn the_end_word_of_a_program_that_sends_lines_is_understood() {
        let mut hearing = Hearing::new(bye());
        assert_eq!(hearing.hear(b"so\r\nbye\r\nmore", false), [message("so"), Heard::Goodbye]);
        assert_eq!(hearing.hear(b"x", false), []);
    }

    #[test]
    fn the_client_speaks_first_and_then_they_alternate() {
        let (mut client, mut server) = (Turns::client(bye()), Turns::server(bye()));
        assert_eq!(server.say(b"me first"), Err(Unsaid::NotOurTurn));
        for _ in 0..3 {
            assert_eq!(client.say("你好".as_bytes()), Ok(message("你好")));
            assert_eq!(client.say(b"again"), Err(Unsaid::NotOurTurn));
            assert_eq!(server.hear("你好".as_bytes()), [message("你好")]);
            assert_eq!(server.say(b"hello"), Ok(message("hello")));
            assert_eq!(client.hear(b"hello"), [message("hello")]);
        }
        assert_eq!(client.say(b"bye"), Ok(Heard::Goodbye));
        assert_eq!(server.hear(b"bye"), [Heard::Goodbye]);
    }

    #[test]
    fn an_empty_line_cannot_be_said_and_takes_nobodys_turn() {
        let mut client = Turns::client(bye());
        assert_eq!(client.say(b""), Err(Unsaid::Empty));
        assert!(client.is_ours());
        assert_eq!(client.say(b" "), Ok(message(" ")));
    }

    #[test]
    fn what_is_said_out_of_turn_is_heard_and_changes_no_turn() {
        let mut client = Turns::client(bye());
        assert_eq!(client.hear(b"early"), [message("early")]);
        assert!(client.is_ours());
        client.say(b"x").unwrap();
        assert_eq!(client.hear(b""), []);
        assert!(!client.is_ours());
    }

    proptest! {
        /// However a text is cut, the messages together are the text, and none of them is cut in a character.
        #[test]
        fn no_cut_breaks_a_character(text in "[^\n\r]{0,40}", size in 1_usize..9) {
            let mut hearing = Hearing::new("\u{1}".parse().unwrap());
            let mut said = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                for heard in hearing.hear(piece, false) {
                    let Heard::Message(message) = heard else { continue };
                    prop_assert!(std::str::from_utf8(&message).is_ok());
                    said.extend(message);
                }
            }
            prop_assume!(!text.contains('\u{1}'));
            prop_assert!(!hearing.waits());
            prop_assert_eq!(said, text.as_bytes());
        }

        /// No bytes are lost or invented, whatever a peer sends.
        #[test]
        fn every_byte_is_shown(bytes in any::<Vec<u8>>(), size in 1_usize..9, more in any::<bool>()) {
            let mut hearing = Hearing::new("\u{1}\u{1}\u{1}\u{1}".parse().unwrap());
            let mut said = Vec::new();
            let mut heard = Vec::new();
            for piece in bytes.chunks(size) {
                heard.extend(hearing.hear(piece, more));
            }
            heard.extend(hearing.give_up_waiting());
            for heard in heard {
                let Heard::Message(message) = heard else { return Ok(()) };
                said.extend(message);
            }
            let without_ends = |bytes: &[u8]| -> Vec<u8> {
                bytes.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect()
            };
            prop_assert_eq!(without_ends(&said), without_ends(&bytes));
        }
    }
}
