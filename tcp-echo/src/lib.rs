//! The protocols of the TCP echo: what a server answers, and where an answer ends.
//!
//! Pure: bytes in, bytes out. The same [`Conversation`] is driven by a loop that serves one client
//! after the other, by a thread for each client, by a task for each client, and by tests that feed
//! it one byte at a time.
//!
//! None of the dialects marks where a message ends: what one `recv` brings counts as one message.
//! That is the lesson, and the reason for everything odd below.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

mod pairing;
mod text;

pub use pairing::{Pairing, Progress};

/// Where the tutorial's server listens.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 50_000);

/// What stands before the repeated bytes in [`Dialect::Repeat`], 28 bytes.
pub const REPEAT_HEAD: &str = "服务端接收到了信息 ";
/// The whole answer of [`Dialect::Ack`], 25 bytes.
pub const ACK: &str = "服务端已收到消息!";
/// What the server of [`Dialect::Greet`] says first, 8 bytes.
pub const WELCOME: &str = "Welcome!";
/// What stands before the name in [`Dialect::Greet`].
pub const GREET_HEAD: &str = "Hello, ";
/// What stands behind the name in [`Dialect::Greet`].
pub const GREET_TAIL: &str = "!";
/// What ends a conversation: sent in [`Dialect::Greet`], only typed in [`Dialect::Repeat`].
pub const EXIT: &str = "exit";

/// What a client past the cap is told.
pub const FULL: &str = "the server is full: try again later";

/// The longest message of [`Dialect::Oneway`], in bytes. It is kept until it is whole, and
/// thousands of clients may never end theirs.
pub const ONEWAY_MAX: usize = 64 * 1024;

/// Who says what. Each of the tutorials' echo-like programs has its own idea.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dialect {
    /// The server repeats each message behind some words (tutorial 000)
    Repeat,
    /// The server acknowledges each message with the same words (tutorial 001)
    Ack,
    /// The server speaks first and greets each name; `exit` ends it (tutorials 002 and 003)
    Greet,
    /// The client says one thing and gets no answer (tutorial 004)
    Oneway,
    /// The server sends back every byte, and nothing else (RFC 862)
    Raw,
}

/// A message that the server will not keep.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", text::too_long(ONEWAY_MAX))]
pub struct TooLong;

/// What the server makes of the bytes that it received.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Turn<'a> {
    /// The message that they are or complete, to be shown; `None` where there is nothing to show.
    pub said: Option<Cow<'a, [u8]>>,
    /// What to send, in one call; empty is nothing.
    pub reply: Cow<'a, [u8]>,
    /// Whether the conversation ends with that.
    pub over: bool,
}

/// The server's side of one conversation.
#[derive(Debug)]
pub struct Conversation {
    dialect: Dialect,
    /// The beginning of a character whose rest is still to come (at most 3 bytes), or of the
    /// message of [`Dialect::Oneway`].
    held: Vec<u8>,
}

impl Conversation {
    /// A conversation that has not begun.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, held: Vec::new() }
    }

    /// What the server says before it has heard anything.
    pub fn opening(&self) -> &'static [u8] {
        match self.dialect {
            Dialect::Greet => WELCOME.as_bytes(),
            _ => b"",
        }
    }

    /// Takes what one `recv` brought. A character that ends too early is held back until the rest
    /// of it has come: the network may cut anywhere. `cut` tells that the buffer was full, so that
    /// it has cut the message, too.
    ///
    /// Whole characters, and bytes that are no text, are never held back: their sender may be
    /// waiting for the answer.
    ///
    /// # Errors
    /// [`TooLong`], after which the conversation is to be closed.
    pub fn hear<'a>(&mut self, piece: &'a [u8], cut: bool) -> Result<Turn<'a>, TooLong> {
        match self.dialect {
            Dialect::Raw => Ok(Turn { said: None, reply: piece.into(), over: false }),
            Dialect::Oneway if self.held.len() + piece.len() > ONEWAY_MAX => Err(TooLong),
            Dialect::Oneway => {
                self.held.extend_from_slice(piece);
                Ok(Turn::default())
            }
            _ if self.held.is_empty() && to_wait_for(piece, cut) == 0 => {
                Ok(self.answer(piece.into()))
            }
            _ => {
                // A character was cut, here or before.
                let mut message = std::mem::take(&mut self.held);
                message.extend_from_slice(piece);
                self.held = message.split_off(message.len() - to_wait_for(&message, cut));
                Ok(self.answer(message.into()))
            }
        }
    }

    /// Takes the end of the stream: the client has nothing more to say.
    pub fn end(&mut self) -> Turn<'static> {
        let message = std::mem::take(&mut self.held);
        let turn = match self.dialect {
            Dialect::Oneway if message.is_empty() => Turn::default(),
            Dialect::Oneway => Turn { said: Some(message.into()), ..Turn::default() },
            _ => self.answer(message.into()),
        };
        Turn { over: true, ..turn }
    }

    fn answer<'a>(&self, message: Cow<'a, [u8]>) -> Turn<'a> {
        if message.is_empty() {
            return Turn::default();
        }
        let over = self.dialect == Dialect::Greet && is_exit(&message);
        let (head, tail) = self.dialect.around();
        let reply = match self.dialect {
            _ if over => Cow::default(),
            Dialect::Ack => ACK.as_bytes().into(),
            _ => [head.as_bytes(), &message, tail.as_bytes()].concat().into(),
        };
        Turn { said: Some(message), reply, over }
    }
}

impl Dialect {
    /// What stands before and behind the repeated message in an answer.
    fn around(self) -> (&'static str, &'static str) {
        match self {
            Self::Repeat => (REPEAT_HEAD, ""),
            Self::Ack => (ACK, ""),
            Self::Greet => (GREET_HEAD, GREET_TAIL),
            Self::Oneway | Self::Raw => ("", ""),
        }
    }

    /// Whether a client that types this line means the end.
    pub fn ends_at(self, line: &[u8]) -> bool {
        match self {
            Self::Repeat | Self::Greet => line == EXIT.as_bytes(),
            // As the tutorial's client has it. Elsewhere an empty line is no message, and is not
            // sent.
            Self::Ack => line.is_empty(),
            Self::Oneway | Self::Raw => false,
        }
    }

    /// What the client sends at the end, before it closes.
    pub fn farewell(self) -> &'static [u8] {
        match self {
            Self::Greet => EXIT.as_bytes(),
            _ => b"",
        }
    }

    /// Words for a client past the cap, where the dialect has a place for words of the server's
    /// own.
    pub fn full(self) -> &'static [u8] {
        match self {
            Self::Repeat | Self::Ack | Self::Greet => FULL.as_bytes(),
            Self::Oneway | Self::Raw => b"",
        }
    }
}

/// `exit`, also with the line end that `nc` and telnet add.
fn is_exit(message: &[u8]) -> bool {
    let line = message.strip_suffix(b"\n").unwrap_or(message);
    line.strip_suffix(b"\r").unwrap_or(line) == EXIT.as_bytes()
}

/// How many bytes at the end may still become a character, at most 3. Bytes that are no text, such
/// as those of a GBK terminal, are not waited for unless the buffer has cut them.
fn to_wait_for(message: &[u8], cut: bool) -> usize {
    match str::from_utf8(message) {
        // An error without a length: the bytes are right so far, and end too early.
        Err(error) if error.error_len().is_none() => message.len() - error.valid_up_to(),
        Err(_) if cut => incomplete_tail(message),
        _ => 0,
    }
}

/// How many bytes at the end begin a UTF-8 character without completing it, at most 3 (RFC 3629,
/// section 3).
fn incomplete_tail(bytes: &[u8]) -> usize {
    for (back, byte) in bytes.iter().rev().take(3).enumerate() {
        let length = match byte {
            0b1000_0000..=0b1011_1111 => continue,
            0b1100_0000..=0b1101_1111 => 2,
            0b1110_0000..=0b1110_1111 => 3,
            0b1111_0000..=0b1111_0111 => 4,
            _ => 1,
        };
        return if length > back + 1 { back + 1 } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The replies to a stream that arrives through a buffer of `size` bytes, and what was shown of
    /// it.
    fn replies(dialect: Dialect, stream: &[u8], size: usize) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let mut conversation = Conversation::new(dialect);
        let (mut replies, mut said) = (Vec::new(), Vec::new());
        let mut note = |turn: Turn<'_>| {
            replies.extend((!turn.reply.is_empty()).then(|| turn.reply.into_owned()));
            said.extend(turn.said.map(Cow::into_owned));
        };
        for piece in stream.chunks(size) {
            note(conversation.hear(piece, piece.len() == size).unwrap());
        }
        note(conversation.end());
        (replies, said)
    }

    fn one(dialect: Dialect, message: &str) -> String {
        let (replies, _) = replies(dialect, message.as_bytes(), 65_536);
        assert_eq!(replies.len(), 1);
        String::from_utf8(replies.concat()).unwrap()
    }

    #[test]
    fn the_bytes_are_the_tutorials() {
        assert_eq!(one(Dialect::Repeat, "hello"), "服务端接收到了信息 hello");
        assert_eq!(one(Dialect::Repeat, "hello").len(), 33);
        assert_eq!(one(Dialect::Repeat, "你好").len(), 34);
        assert_eq!(
            one(Dialect::Ack, "你好").as_bytes(),
            b"\xe6\x9c\x8d\xe5\x8a\xa1\xe7\xab\xaf\xe5\xb7\xb2\xe6\x94\xb6\xe5\x88\xb0\xe6\xb6\x88\xe6\x81\xaf!"
        );
        assert_eq!(one(Dialect::Greet, "Michael"), "Hello, Michael!");
        assert_eq!(Conversation::new(Dialect::Greet).opening(), b"Welcome!");
        assert_eq!(Conversation::new(Dialect::Repeat).opening(), b"");
    }

    #[test]
    fn exit_ends_a_greeting_and_is_text_elsewhere() {
        for exit in ["exit", "exit\n", "exit\r\n"] {
            let mut greet = Conversation::new(Dialect::Greet);
            let turn = greet.hear(exit.as_bytes(), false).unwrap();
            assert_eq!((turn.over, &turn.reply[..]), (true, &b""[..]));
        }
        assert_eq!(one(Dialect::Repeat, "exit"), "服务端接收到了信息 exit");
        assert_eq!(one(Dialect::Greet, "Sarahexit"), "Hello, Sarahexit!");
    }

    #[test]
    fn a_character_cut_by_the_buffer_is_not_broken() {
        let message = "中".repeat(171);
        let (replies, said) = replies(Dialect::Repeat, message.as_bytes(), 512);
        for reply in &replies {
            assert!(std::str::from_utf8(reply).is_ok(), "{reply:?}");
        }
        assert_eq!(said.concat(), message.as_bytes());
    }

    #[test]
    fn a_character_cut_by_the_network_waits_for_its_rest_in_every_dialect_that_is_text() {
        for dialect in [Dialect::Repeat, Dialect::Ack, Dialect::Greet] {
            for character in ["é", "你", "🦀"] {
                let mut conversation = Conversation::new(dialect);
                let (last, first) = character.as_bytes().split_last().unwrap();
                for byte in first {
                    assert_eq!(
                        conversation.hear(&[*byte], false),
                        Ok(Turn::default()),
                        "{character}"
                    );
                }
                let last = [*last];
                let turn = conversation.hear(&last, false).unwrap();
                assert_eq!(turn.said.as_deref(), Some(character.as_bytes()));
                assert_eq!(turn.reply, one(dialect, character).as_bytes());
            }
        }
    }

    #[test]
    fn what_stands_before_a_cut_character_is_answered_at_once() {
        let mut repeat = Conversation::new(Dialect::Repeat);
        assert!(repeat.hear(b"a\xe4\xbd", false).unwrap().reply.ends_with(b" a"));
        assert!(repeat.hear(b"\xa0b", false).unwrap().reply.ends_with(" 你b".as_bytes()));
    }

    #[test]
    fn what_cannot_become_a_character_is_answered_at_once() {
        for bytes in [&b"\xff"[..], b"\x80", b"\xc0", b"\xe0\x80", b"\xed\xa0", b"\xc4\xe3\xba\xc3"]
        {
            let mut repeat = Conversation::new(Dialect::Repeat);
            assert!(repeat.hear(bytes, false).unwrap().reply.ends_with(bytes), "{bytes:?}");
        }
        let mut repeat = Conversation::new(Dialect::Repeat);
        assert_eq!(repeat.hear(b"\xe4", false), Ok(Turn::default()));
        assert!(repeat.hear(b"a", false).unwrap().reply.ends_with(b"\xe4a"));
    }

    #[test]
    fn the_end_of_the_stream_gives_up_what_waits() {
        let mut repeat = Conversation::new(Dialect::Repeat);
        assert_eq!(repeat.hear(b"\xf0\x9f\xa6", false), Ok(Turn::default()));
        let turn = repeat.end();
        assert!(turn.over && turn.reply.ends_with(b" \xf0\x9f\xa6"));
    }

    #[test]
    fn a_oneway_message_is_whole_at_the_end_of_the_stream() {
        let message = "python学习笔记".as_bytes();
        let (replies, said) = replies(Dialect::Oneway, message, 5);
        assert_eq!((replies.len(), said), (0, vec![message.to_vec()]));
        assert_eq!(
            Conversation::new(Dialect::Oneway).end(),
            Turn { over: true, ..Turn::default() }
        );
    }

    #[test]
    fn a_oneway_message_has_a_limit() {
        let mut oneway = Conversation::new(Dialect::Oneway);
        let half = vec![b'a'; ONEWAY_MAX / 2];
        assert!(oneway.hear(&half, true).is_ok());
        assert!(oneway.hear(&half, true).is_ok());
        assert_eq!(oneway.hear(b"a", false), Err(TooLong));
    }

    proptest! {
        #[test]
        fn raw_gives_back_every_byte(stream in any::<Vec<u8>>(), size in 1_usize..9) {
            prop_assert_eq!(replies(Dialect::Raw, &stream, size).0.concat(), stream);
        }

        #[test]
        fn nothing_of_a_message_is_lost_or_added(stream in any::<Vec<u8>>(), size in 1_usize..9) {
            let (replies, said) = replies(Dialect::Repeat, &stream, size);
            prop_assert_eq!(said.concat(), stream.clone());
            let repeated: Vec<u8> =
                replies.iter().flat_map(|reply| reply[REPEAT_HEAD.len()..].to_vec()).collect();
            prop_assert_eq!(repeated, stream);
        }

        #[test]
        fn text_is_cut_between_characters_wherever_the_network_cuts(text in any::<String>(), size in 1_usize..9) {
            let mut conversation = Conversation::new(Dialect::Repeat);
            for piece in text.as_bytes().chunks(size) {
                let turn = conversation.hear(piece, false).unwrap();
                prop_assert!(std::str::from_utf8(&turn.reply).is_ok());
            }
            prop_assert_eq!(conversation.end(), Turn { over: true, ..Turn::default() });
        }

        #[test]
        fn text_is_cut_between_characters_at_every_buffer_size(text in any::<String>(), size in 1_usize..9) {
            for reply in replies(Dialect::Greet, text.as_bytes(), size).0 {
                prop_assert!(std::str::from_utf8(&reply).is_ok());
            }
        }

        #[test]
        fn only_the_beginning_of_a_character_is_held(bytes in any::<Vec<u8>>()) {
            let tail = incomplete_tail(&bytes);
            prop_assert!(tail <= 3 && tail <= bytes.len());
        }
    }
}
