//! Turns: one side speaks, then the other, until one of them says the end word.

use crate::duplex::Messages;
use crate::{EndWord, Heard, Unsaid};

/// Whose turn it is.
///
/// All that comes while it is the other side's turn is one message, however `recv` cuts it. What
/// comes out of turn (from a program that does not keep to the rules) is heard too, and changes
/// nobody's turn.
#[derive(Debug)]
pub struct Turns {
    word: EndWord,
    ours: bool,
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

    /// Says a line. Its bytes are what is to be sent; the result is how the other side will take
    /// it.
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
        let mut messages = Messages::new(self.word.clone());
        let mut heard = messages.push(turn, false);
        heard.extend(messages.finish());
        self.ours |= !heard.is_empty();
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bye() -> EndWord {
        "bye".parse().unwrap()
    }

    fn message(text: &str) -> Heard {
        Heard::Message(text.into())
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
        assert_eq!(client.say(b"bye"), Ok(Heard::EndWord));
        assert_eq!(server.hear(b"bye"), [Heard::EndWord]);
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
}
