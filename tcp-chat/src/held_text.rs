//! Text that has come in pieces, the last of which may have cut a character.
//!
//! What was found to be text is not looked at again: a peer that sends a few bytes at a time would
//! otherwise have all that is held read through for each of them.

/// The bytes so far, and how many of them are whole characters.
#[derive(Clone, Debug, Default)]
pub struct HeldText {
    bytes: Vec<u8>,
    /// The bytes before this are whole characters.
    whole: usize,
    /// There are bytes that can be no UTF-8, whatever comes.
    is_no_text: bool,
}

impl HeldText {
    /// Adds a piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
        if self.is_no_text {
            return;
        }
        match std::str::from_utf8(self.bytes.get(self.whole..).unwrap_or_default()) {
            Ok(_) => self.whole = self.bytes.len(),
            Err(error) => {
                self.whole += error.valid_up_to();
                // An error without a length: the bytes are right so far, and end too early.
                self.is_no_text = error.error_len().is_some();
            }
        }
    }

    /// All bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Moves the bytes into another buffer, which is empty.
    pub fn move_to(&mut self, mut buffer: Vec<u8>) {
        buffer.extend_from_slice(&self.bytes);
        self.bytes = buffer;
    }

    /// How many bytes at the end may still become a character, at most 3.
    ///
    /// Bytes that are no UTF-8 anyway, such as those of a GBK terminal, are never waited for.
    pub fn cut_off(&self) -> usize {
        if self.is_no_text { 0 } else { self.bytes.len() - self.whole }
    }

    /// Takes all bytes.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(self).bytes
    }

    /// Takes all but those that may still become a character.
    pub fn take_whole(&mut self) -> Vec<u8> {
        let cut_off = self.bytes.split_off(self.bytes.len() - self.cut_off());
        let whole = self.take();
        self.push(&cut_off);
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How many bytes at the end may still become a character, found at once.
    fn cut_off(text: &[u8]) -> usize {
        match std::str::from_utf8(text) {
            Err(error) if error.error_len().is_none() => text.len() - error.valid_up_to(),
            _ => 0,
        }
    }

    #[test]
    fn much_that_is_held_costs_nothing_for_each_further_piece() {
        let mut held = HeldText::default();
        // One byte of a character, and then pieces that each end in the middle of the next one.
        held.push(&"你".as_bytes()[..1]);
        let piece = [0xbd, 0xa0, 0xe4];
        for _ in 0..2_000_000 {
            held.push(&piece);
        }
        // Read through from its beginning each time, this would take hours.
        assert_eq!((held.as_bytes().len(), held.cut_off()), (6_000_001, 1));
    }

    proptest! {
        #[test]
        fn the_pieces_do_not_matter(text in ".{0,20}", bytes in any::<Vec<u8>>(), mixed in any::<bool>(), size in 1_usize..5) {
            let all = if mixed { [text.as_bytes(), &bytes].concat() } else { text.into_bytes() };
            let mut held = HeldText::default();
            let mut seen = 0;
            for piece in all.chunks(size) {
                held.push(piece);
                seen += piece.len();
                prop_assert_eq!(held.cut_off(), cut_off(&all[..seen]));
            }
            let whole = held.take_whole();
            prop_assert_eq!([&whole[..], held.as_bytes()].concat(), all);
        }
    }
}
