//! Backslashes in a text that somebody has typed, and the bytes that they stand for.

use super::text;

/// The bytes of a text with `\n`, `\r`, `\t`, `\0`, `\\`, `\"`, `\=` and `\x00` in it.
///
/// # Errors
/// Words for the user where a backslash is followed by something else.
pub(super) fn unescaped(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        match letters.next() {
            Some('n') => bytes.push(b'\n'),
            Some('r') => bytes.push(b'\r'),
            Some('t') => bytes.push(b'\t'),
            Some('0') => bytes.push(0),
            Some(same @ ('\\' | '"' | '=')) => bytes.push(same as u8),
            Some('x') => {
                let digits: String = letters.by_ref().take(2).collect();
                let byte = u8::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 2);
                bytes.push(byte.ok_or_else(|| text::bad_escape(format!("\\x{digits}")))?);
            }
            other => {
                let after = other.map_or(String::new(), |letter| letter.to_string());
                return Err(text::bad_escape(format!("\\{after}")));
            }
        }
    }
    Ok(bytes)
}
