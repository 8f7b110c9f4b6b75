//! Where an answer ends, found out by the client.
//!
//! The dialects do not say it. But a client knows what it said, and so what the answer must look
//! like: `head message tail`. A server whose buffer is smaller than the message takes it in pieces
//! and answers each: `head mes tail head sage tail`. Both are recognised here, whatever pieces they
//! arrive in; so each answer is shown with its own message, and the next one is not off by one for
//! the rest of the conversation, as in the tutorial.

use std::sync::Arc;

use crate::{Dialect, WELCOME};

/// How far the answer to one message has come.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    /// There is more to come.
    Partial,
    /// It is whole. Each number is where an answer ends in the bytes received since the message was
    /// sent; what is behind the last does not belong to it.
    Whole(Vec<usize>),
    /// These are not the words of this dialect.
    Foreign,
}

/// The answer to one message, as it arrives.
#[derive(Debug)]
pub struct Pairing<'a> {
    head: &'a [u8],
    message: &'a [u8],
    tail: &'a [u8],
    received: usize,
    /// Every way in which the bytes so far can be read, the likeliest first: a message may contain
    /// what looks like the end of an answer. Few, and none twice.
    readings: Vec<Reading>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Reading {
    at: At,
    /// How much of the message has been repeated.
    said: usize,
    /// How much of it had been when this answer began.
    begun: usize,
    /// Where earlier answers ended, but for the last while nothing of the next has come. Shared,
    /// for every byte of a message may be the end of an answer and so begins a further reading.
    ends: Arc<Vec<usize>>,
    /// That last one.
    end: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Head(usize),
    Message,
    Tail(usize),
}

impl<'a> Pairing<'a> {
    /// The answer that a dialect owes to this message.
    pub fn new(dialect: Dialect, message: &'a [u8]) -> Self {
        let (head, tail) = dialect.around();
        // An acknowledgement repeats nothing.
        let message = if dialect == Dialect::Ack { &[] } else { message };
        Self::expect(head.as_bytes(), message, tail.as_bytes())
    }

    /// What the server says first in [`Dialect::Greet`].
    pub fn welcome() -> Self {
        Self::expect(WELCOME.as_bytes(), b"", b"")
    }

    fn expect(head: &'a [u8], message: &'a [u8], tail: &'a [u8]) -> Self {
        let start = Reading { at: At::Head(0), said: 0, begun: 0, ends: Arc::default(), end: None };
        let mut pairing = Self { head, message, tail, received: 0, readings: Vec::new() };
        pairing.add(start);
        pairing
    }

    /// Takes the next bytes from the server.
    pub fn push(&mut self, bytes: &[u8]) -> Progress {
        for byte in bytes {
            self.received += 1;
            for reading in std::mem::take(&mut self.readings) {
                self.step(reading, *byte);
            }
            if let Some(whole) = self.readings.iter().find(|reading| self.is_whole(reading)) {
                return Progress::Whole(whole.ends.iter().copied().chain(whole.end).collect());
            }
            if self.readings.is_empty() {
                return Progress::Foreign;
            }
        }
        Progress::Partial
    }

    fn step(&mut self, mut reading: Reading, byte: u8) {
        let (expected, next) = match reading.at {
            At::Head(done) => (self.head.get(done), At::Head(done + 1)),
            At::Message => (self.message.get(reading.said), At::Message),
            At::Tail(done) => (self.tail.get(done), At::Tail(done + 1)),
        };
        if expected == Some(&byte) {
            reading.said += usize::from(reading.at == At::Message);
            reading.at = next;
            if let Some(end) = reading.end.take() {
                Arc::make_mut(&mut reading.ends).push(end);
            }
            self.add(reading);
        }
    }

    /// Adds a reading, and what it may turn into without a further byte.
    fn add(&mut self, reading: Reading) {
        let known = |other: &Reading| other.at == reading.at && other.said == reading.said;
        if self.readings.iter().any(known) {
            return;
        }
        let follows = match reading.at {
            At::Head(done) if done == self.head.len() => {
                Some(Reading { at: At::Message, ..reading.clone() })
            }
            // No server answers a piece of nothing, unless the message itself is nothing.
            At::Message if reading.said > reading.begun || self.message.is_empty() => {
                Some(Reading { at: At::Tail(0), ..reading.clone() })
            }
            At::Tail(done) if done == self.tail.len() => Some(Reading {
                at: At::Head(0),
                said: reading.said,
                begun: reading.said,
                end: Some(self.received),
                ..reading.clone()
            }),
            _ => None,
        };
        self.readings.push(reading);
        if let Some(follows) = follows {
            self.add(follows);
        }
    }

    /// An answer has ended, and nothing of the message is left to answer.
    fn is_whole(&self, reading: &Reading) -> bool {
        reading.at == At::Head(0)
            && reading.said == self.message.len()
            && reading.end == Some(self.received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ACK, Conversation, REPEAT_HEAD};
    use proptest::prelude::*;

    /// What a server with a buffer of `size` bytes sends for a message, and where each answer ends.
    fn answers(dialect: Dialect, message: &[u8], size: usize) -> (Vec<u8>, Vec<usize>) {
        let mut conversation = Conversation::new(dialect);
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for piece in message.chunks(size) {
            bytes.extend_from_slice(&conversation.hear(piece, false).unwrap().reply);
            ends.push(bytes.len());
        }
        // What could still have become a character.
        bytes.extend_from_slice(&conversation.end().reply);
        (bytes, ends)
    }

    fn read(pairing: &mut Pairing<'_>, bytes: &[u8], size: usize) -> Progress {
        let mut progress = Progress::Partial;
        for piece in bytes.chunks(size) {
            assert_eq!(progress, Progress::Partial);
            progress = pairing.push(piece);
        }
        progress
    }

    #[test]
    fn an_answer_in_one_piece_is_whole() {
        let (bytes, ends) = answers(Dialect::Greet, b"Michael", 1024);
        assert_eq!(
            read(&mut Pairing::new(Dialect::Greet, b"Michael"), &bytes, 1024),
            Progress::Whole(ends)
        );
        assert_eq!(Pairing::welcome().push(b"Welcome!"), Progress::Whole(vec![8]));
    }

    #[test]
    fn the_answers_to_a_message_that_the_server_took_in_pieces_are_told_apart() {
        let message = [b'a'; 600];
        let (bytes, ends) = answers(Dialect::Repeat, &message, 512);
        assert_eq!(ends, [540, 656]);
        assert_eq!(
            read(&mut Pairing::new(Dialect::Repeat, &message), &bytes, 1024),
            Progress::Whole(ends)
        );
    }

    #[test]
    fn what_comes_after_an_answer_does_not_belong_to_it() {
        let two = [ACK, ACK].concat();
        assert_eq!(
            Pairing::new(Dialect::Ack, b"x").push(two.as_bytes()),
            Progress::Whole(vec![25])
        );
    }

    #[test]
    fn other_words_are_foreign() {
        let mut pairing = Pairing::new(Dialect::Repeat, b"hello");
        assert_eq!(pairing.push(REPEAT_HEAD.as_bytes()), Progress::Partial);
        assert_eq!(pairing.push(b"help!"), Progress::Foreign);
        assert_eq!(
            Pairing::new(Dialect::Ack, b"x").push("服务端已收到消息！".as_bytes()),
            Progress::Foreign
        );
    }

    #[test]
    fn a_name_that_looks_like_the_end_of_an_answer_is_understood() {
        for name in ["a!b", "!", "!!", "x!Hello, y", "Hello, !"] {
            for size in [1, 2, 3, 1024] {
                let (bytes, _) = answers(Dialect::Greet, name.as_bytes(), size);
                let mut pairing = Pairing::new(Dialect::Greet, name.as_bytes());
                let whole = read(&mut pairing, &bytes, 1024);
                assert!(
                    matches!(whole, Progress::Whole(ref ends) if ends.last() == Some(&bytes.len())),
                    "{name} {size}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn an_answer_is_whole_with_its_last_byte_and_not_before(
            dialect in prop::sample::select(vec![Dialect::Repeat, Dialect::Raw]),
            message in prop::collection::vec(any::<u8>(), 1..200),
            server in 1_usize..100,
            client in 1_usize..50,
        ) {
            // A message may end in a part of a character, which the server answers by itself. If an
            // answer begins with the same bytes, they can be read either way.
            let (head, _) = dialect.around();
            let begins = |length| head.as_bytes().get(..length);
            prop_assume!(!(1..3).filter_map(begins).any(|begin| message.ends_with(begin)));
            let (bytes, _) = answers(dialect, &message, server);
            let mut pairing = Pairing::new(dialect, &message);
            let whole = read(&mut pairing, &bytes, client);
            prop_assert!(matches!(whole, Progress::Whole(ref ends) if ends.last() == Some(&bytes.len())));
        }
    }
}
