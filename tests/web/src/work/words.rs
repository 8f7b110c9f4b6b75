//! What programs print, as text for a page: the page shows text alone, and nothing in it is markup;
//! but control characters would change how it reads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::terminal::escape_text;
use serde_json::{Value, json};

/// Joins characters that two reads have divided.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// The beginning of a character.
    rest: Vec<u8>,
}

impl Pieces {
    /// What can be shown of these bytes and of what was left of those before.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let whole = match str::from_utf8(&all) {
            // Only a cut character at the end, and no wrong byte, may be ended by what comes.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => match all.utf8_chunks().last() {
                Some(chunk) if is_begun(chunk.invalid()) => all.len() - chunk.invalid().len(),
                _ => all.len(),
            },
        };
        self.rest = all.split_off(whole);
        all
    }

    /// What is left at the end.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.rest)
    }
}

/// Whether these bytes, which are no character, are the beginning of one.
fn is_begun(bytes: &[u8]) -> bool {
    !bytes.is_empty() && str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// The fields of what was printed: `text`, and `base64` where text is not all of it.
pub(super) fn printed(bytes: &[u8]) -> Value {
    let mut text = String::new();
    let mut exact = true;
    for chunk in bytes.utf8_chunks() {
        let escaped = escape_text(chunk.valid());
        exact &= escaped == chunk.valid() && chunk.invalid().is_empty();
        text.push_str(&escaped);
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    match exact {
        true => json!({ "text": text }),
        false => json!({ "text": text, "base64": STANDARD.encode(bytes) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_is_cut_waits_for_its_rest_and_no_other_byte_does() {
        let mut pieces = Pieces::default();
        let [first, second] = ["a你".as_bytes(), "好".as_bytes()];
        assert_eq!(pieces.push(&first[..3]), b"a");
        assert_eq!(pieces.push(&first[3..]), "你".as_bytes());
        assert_eq!(pieces.push(b"\xff\n"), b"\xff\n");
        assert_eq!(pieces.push(&[b"\xffb", &second[..1]].concat()), b"\xffb");
        assert_eq!(pieces.push(b"c"), [&second[..1], b"c"].concat());
        assert_eq!(pieces.push(&second[..2]), b"");
        assert_eq!(pieces.finish(), &second[..2]);
    }

    #[test]
    fn what_is_no_plain_text_is_escaped_and_told_as_it_was_besides() {
        assert_eq!(printed("你好\n\t</script>".as_bytes()), json!({ "text": "你好\n\t</script>" }));
        let told = printed(b"\x1b[2J\xff");
        assert_eq!(told["text"], "\\x1b[2J\\xff");
        assert_eq!(told["base64"], STANDARD.encode(b"\x1b[2J\xff"));
    }
}
