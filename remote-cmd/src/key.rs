//! The secret that both sides of a keyed connection hold.

use std::fmt;

use snow::resolvers::{CryptoResolver, RingResolver};

use crate::text;

/// Bytes of a key.
pub const KEY_LEN: usize = 32;

/// A secret key. It cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; KEY_LEN]);

/// A text that is no key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", text::not_a_key())]
pub struct KeyError;

impl Key {
    /// A new key from the system's random numbers.
    ///
    /// # Errors
    /// The system has none.
    pub fn random() -> Result<Self, snow::Error> {
        let mut key = [0; KEY_LEN];
        let mut rng = RingResolver.resolve_rng().ok_or(snow::Error::Rng)?;
        rng.try_fill_bytes(&mut key)?;
        Ok(Self(key))
    }

    /// Reads the contents of a key file. The newline may be missing, or be that of Windows.
    ///
    /// # Errors
    /// [`KeyError`]
    pub fn parse(file: &[u8]) -> Result<Self, KeyError> {
        let line = file.strip_suffix(b"\n").unwrap_or(file);
        let digits = line.strip_suffix(b"\r").unwrap_or(line);
        if digits.len() != 2 * KEY_LEN {
            return Err(KeyError);
        }
        let mut key = [0; KEY_LEN];
        for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
            for &digit in pair {
                let value =
                    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
                *byte = *byte << 4 | value.ok_or(KeyError)?;
            }
        }
        Ok(Self(key))
    }

    /// The contents of its file.
    pub fn to_file(&self) -> String {
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        digits + "\n"
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_64_hexadecimal_digits_and_a_newline() {
        let key = Key(
            *b"\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f0123456789abcde\xff",
        );
        let file = key.to_file();
        assert_eq!(file, "000102030405060708090a0b0c0d0e0f303132333435363738396162636465ff\n");
        assert_eq!(Key::parse(file.as_bytes()).unwrap(), key);
        assert_eq!(Key::parse(file.trim().as_bytes()).unwrap(), key);
        assert_eq!(Key::parse(file.to_uppercase().replace('\n', "\r\n").as_bytes()).unwrap(), key);
    }

    #[test]
    fn anything_else_is_no_key() {
        let (good, short) = ("0".repeat(64), "0".repeat(63));
        for wrong in
            ["", "\n", &short, &format!("{good}0"), &format!("{good}\n\n"), &format!(" {short}")]
        {
            assert_eq!(Key::parse(wrong.as_bytes()), Err(KeyError), "{wrong:?}");
        }
        assert_eq!(Key::parse(good.replacen('0', "g", 1).as_bytes()), Err(KeyError));
        assert_eq!(Key::parse(good.replacen('0', "+", 1).as_bytes()), Err(KeyError));
        assert_eq!(Key::parse(&[0xff; 64]), Err(KeyError));
    }

    #[test]
    fn two_new_keys_differ_and_are_not_printed() {
        let key = Key::random().unwrap();
        assert_ne!(key, Key::random().unwrap());
        assert_eq!(format!("{key:?}"), "Key(…)");
    }
}
