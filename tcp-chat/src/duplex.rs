//! Duplex: both sides speak whenever they like, and nothing says where a message ends.

use crate::held_text::HeldText;
use crate::{EndWord, Heard, MAX_HELD};

/// Makes messages of what each `recv` brings.
///
/// What one `recv` brings is a message, as it is for the tutorial's programs, with two exceptions.
/// If it ends in the middle of a character, the rest is waited for. And newlines in it, which only
/// other programs such as `nc` send, end messages: so nobody can put words into another's mouth by
/// sending a line that looks like the server's own `127.0.0.1:41234: …`.
#[derive(Debug)]
pub struct Messages {
    word: EndWord,
    held: HeldText,
    ended: bool,
}

impl Messages {
    /// A conversation that ends with `word`.
    pub fn new(word: EndWord) -> Self {
        Self { word, held: HeldText::default(), ended: false }
    }

    /// Takes what one `recv` brought. `more` says that it filled its buffer, so that the message
    /// may go on.
    ///
    /// After a [`Heard::EndWord`] nothing more is heard.
    pub fn push(&mut self, piece: &[u8], more: bool) -> Vec<Heard> {
        // Only the piece is searched: in what is held no newline is.
        let (lines, rest) = match piece.iter().rposition(|&byte| byte == b'\n') {
            Some(end) => piece.split_at(end + 1),
            None => (&[][..], piece),
        };
        let mut heard = Vec::new();
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            self.held.push(line);
            let mut line = self.held.take();
            line.truncate(without_end(&line).len());
            heard.extend(self.understand(line));
        }
        self.held.push(rest);
        if !((more || self.held.cut_off() > 0) && self.held.as_bytes().len() < MAX_HELD) {
            heard.extend(self.finish_whole());
        }
        heard
    }

    /// Whether whole characters wait for the rest of their message.
    pub fn is_waiting(&self) -> bool {
        self.held.as_bytes().len() > self.held.cut_off()
    }

    /// How many bytes of one message are held when this piece comes.
    pub fn held_with(&self, piece: &[u8]) -> usize {
        let line = piece.iter().position(|&byte| byte == b'\n').unwrap_or(piece.len());
        self.held.as_bytes().len() + line
    }

    /// Goes on holding what is held in this buffer, which is empty and has room for a long message.
    /// The message comes out in it.
    pub fn hold_in(&mut self, buffer: Vec<u8>) {
        self.held.move_to(buffer);
    }

    /// Takes the whole characters that are there for a message: the rest has not come in time. What
    /// may still become a character (at most 3 bytes) waits on.
    pub fn finish_whole(&mut self) -> Option<Heard> {
        let whole = self.held.take_whole();
        self.understand_some(whole)
    }

    /// Takes all that is there for a whole message: nothing more will come.
    pub fn finish(&mut self) -> Option<Heard> {
        let held = self.held.take();
        self.understand_some(held)
    }

    fn understand_some(&mut self, message: Vec<u8>) -> Option<Heard> {
        if message.is_empty() { None } else { self.understand(message) }
    }

    fn understand(&mut self, message: Vec<u8>) -> Option<Heard> {
        if self.ended {
            return None;
        }
        let meaning = self.word.meaning(message);
        self.ended = meaning == Heard::EndWord;
        Some(meaning)
    }
}

/// A line without its `\n` or `\r\n`.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
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
    fn the_end_word_counts_only_as_a_whole_message() {
        for text in ["byebye", " bye", "Bye", "by", "hibye", "bye!"] {
            assert_eq!(
                Messages::new(bye()).push(text.as_bytes(), false),
                [message(text)],
                "{text}"
            );
        }
        assert_eq!(Messages::new(bye()).push(b"bye", false), [Heard::EndWord]);
    }

    #[test]
    fn each_piece_is_a_message() {
        let mut messages = Messages::new(bye());
        assert_eq!(messages.push(b"one", false), [message("one")]);
        assert_eq!(messages.push(b"twothree", false), [message("twothree")]);
        assert!(!messages.is_waiting());
    }

    #[test]
    fn a_character_cut_by_the_buffer_holds_its_message_back_until_it_is_whole() {
        let (head, tail) = "你好".as_bytes().split_at(4);
        let mut messages = Messages::new(bye());
        assert_eq!(messages.push(head, false), []);
        assert!(messages.is_waiting());
        assert_eq!(messages.push(tail, false), [message("你好")]);
    }

    #[test]
    fn half_a_character_is_not_shown_while_its_rest_may_come() {
        for (text, cut) in [("aé", 2), ("你", 1), ("你", 2), ("x🦀", 4)] {
            let (head, tail) = text.as_bytes().split_at(cut);
            let mut messages = Messages::new(bye());
            assert_eq!(messages.push(head, false), []);
            let early = messages.finish_whole();
            assert!(!messages.is_waiting());
            let heard: Vec<Heard> = early.into_iter().chain(messages.push(tail, false)).collect();
            let said = heard.iter().map(|heard| match heard {
                Heard::Message(said) => std::str::from_utf8(said).unwrap(),
                Heard::EndWord => panic!("nobody said it"),
            });
            assert_eq!(said.collect::<String>(), text);
        }
    }

    #[test]
    fn bytes_that_are_no_utf8_are_not_waited_for() {
        let gbk = b"\xc4\xe3\xba\xc3";
        assert_eq!(Messages::new(bye()).push(gbk, false), [Heard::Message(gbk.to_vec())]);
    }

    #[test]
    fn the_beginning_of_a_character_that_is_never_finished_is_shown_in_the_end() {
        let mut messages = Messages::new(bye());
        assert_eq!(messages.push(b"a\xe4", false), []);
        assert_eq!(messages.finish(), Some(Heard::Message(b"a\xe4".to_vec())));
        assert_eq!(messages.finish(), None);
    }

    #[test]
    fn a_full_buffer_means_that_the_message_goes_on() {
        let mut messages = Messages::new(bye());
        assert_eq!(messages.push(b"long", true), []);
        assert_eq!(messages.push(b"er", false), [message("longer")]);
    }

    #[test]
    fn what_never_ends_is_shown_in_parts() {
        let mut messages = Messages::new(bye());
        let part = vec![b'x'; MAX_HELD - 1];
        assert_eq!(messages.push(&part, true), []);
        assert_eq!(messages.push(b"yz", true).len(), 1);
        assert!(!messages.is_waiting());
    }

    #[test]
    fn a_newline_ends_a_message_and_forges_none() {
        let mut messages = Messages::new(bye());
        let heard = messages.push(b"hi\r\n10.0.0.1:1: forged\n\nrest", false);
        assert_eq!(
            heard,
            [message("hi"), message("10.0.0.1:1: forged"), message(""), message("rest")]
        );
    }

    #[test]
    fn the_end_word_of_a_program_that_sends_lines_is_understood() {
        let mut messages = Messages::new(bye());
        assert_eq!(messages.push(b"so\r\nbye\r\nmore", false), [message("so"), Heard::EndWord]);
        assert_eq!(messages.push(b"x", false), []);
    }

    proptest! {
        /// However a text is cut, the messages together are the text, and none of them is cut in a
        /// character.
        #[test]
        fn no_cut_breaks_a_character(text in "[^\n\r]{0,40}", size in 1_usize..9) {
            let mut messages = Messages::new("\u{1}".parse().unwrap());
            let mut said = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                for heard in messages.push(piece, false) {
                    let Heard::Message(message) = heard else { continue };
                    prop_assert!(std::str::from_utf8(&message).is_ok());
                    said.extend(message);
                }
            }
            prop_assume!(!text.contains('\u{1}'));
            prop_assert!(!messages.is_waiting());
            prop_assert_eq!(said, text.as_bytes());
        }

        /// No bytes are lost or invented, whatever a peer sends.
        #[test]
        fn every_byte_is_shown(bytes in any::<Vec<u8>>(), size in 1_usize..9, more in any::<bool>()) {
            let mut messages = Messages::new("\u{1}\u{1}\u{1}\u{1}".parse().unwrap());
            let mut said = Vec::new();
            let mut heard = Vec::new();
            for piece in bytes.chunks(size) {
                heard.extend(messages.push(piece, more));
            }
            heard.extend(messages.finish());
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
