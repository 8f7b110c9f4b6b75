//! `--sha256`: a file is what somebody has vouched for, or it does not get its name.

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use anyhow::{Result, bail};
use ring::digest::{Context, SHA256, SHA256_OUTPUT_LEN};

use crate::text;

/// A SHA-256 sum (FIPS 180-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sum([u8; SHA256_OUTPUT_LEN]);

impl FromStr for Sum {
    type Err = String;

    /// Reads 64 hexadecimal digits.
    fn from_str(digits: &str) -> Result<Self, String> {
        let mut sum = [0; SHA256_OUTPUT_LEN];
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !is_hex || digits.len() != 2 * sum.len() {
            return Err(text::not_a_sum(digits.chars().count()));
        }
        for (byte, two) in sum.iter_mut().zip(digits.as_bytes().chunks(2)) {
            let two = str::from_utf8(two).ok().and_then(|two| u8::from_str_radix(two, 16).ok());
            *byte = two.unwrap_or_default();
        }
        Ok(Self(sum))
    }
}

impl fmt::Display for Sum {
    /// The digits as `sha256sum` writes them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Adds up the bytes of a file as they pass by.
pub(crate) struct Check {
    wanted: Sum,
    so_far: Context,
}

impl Check {
    /// Nothing has passed yet.
    pub(crate) fn new(wanted: Sum) -> Self {
        Self { wanted, so_far: Context::new(&SHA256) }
    }

    /// The next bytes of the file.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.so_far.update(bytes);
    }

    /// All that is at hand of the file, from where it is read now to its end.
    ///
    /// # Errors
    /// Those of reading.
    pub(crate) fn take_all(&mut self, mut file: impl Read) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => self.take(buffer.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The file is complete.
    ///
    /// # Errors
    /// It is another one than was wanted.
    pub(crate) fn end(self) -> Result<()> {
        let wanted = self.wanted;
        let mut found = Sum([0; SHA256_OUTPUT_LEN]);
        for (byte, digest) in found.0.iter_mut().zip(self.so_far.finish().as_ref()) {
            *byte = *digest;
        }
        if found != wanted {
            bail!(text::other_sum(found, wanted));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's examples: `abc`, and nothing.
    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_sum_is_64_hexadecimal_digits() {
        for digits in [OF_ABC, &OF_ABC.to_uppercase()] {
            assert_eq!(digits.parse::<Sum>().unwrap().to_string(), OF_ABC);
        }
        for wrong in [
            "",
            "abc",
            &OF_ABC.replacen('b', "", 1),
            &format!("{OF_ABC}0"),
            &OF_ABC.replace('b', "g"),
        ] {
            assert!(wrong.parse::<Sum>().is_err(), "{wrong}");
        }
        // As many bytes, but no digits.
        assert!("中".repeat(21).parse::<Sum>().is_err());
        assert!(OF_ABC.replacen('b', "+", 1).parse::<Sum>().is_err());
    }

    #[test]
    fn what_passes_in_pieces_is_added_up() {
        let mut check = Check::new(OF_ABC.parse().unwrap());
        check.take_all(&b"ab"[..]).unwrap();
        check.take(b"c");
        check.end().unwrap();
        Check::new(OF_NOTHING.parse().unwrap()).end().unwrap();
    }

    #[test]
    fn another_file_is_told_with_both_sums() {
        let mut check = Check::new(OF_NOTHING.parse().unwrap());
        check.take(b"abc");
        let error = check.end().unwrap_err().to_string();
        assert!(error.contains(OF_ABC) && error.contains(OF_NOTHING), "{error}");
    }
}
