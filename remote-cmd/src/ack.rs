//! The framing `ack`: the tutorial's first cure for sticky packets.
//!
//! The length of the answer and the answer itself must not stick together, so the server waits
//! between the two until the client has said that it holds the length:
//!
//! | step | direction       | bytes |
//! | ---- | --------------- | --- |
//! | 1    | client → server | the command, UTF-8, nothing after it |
//! | 2    | server → client | the length of the answer in decimal digits, nothing after it |
//! | 3    | client → server | [`READY`] |
//! | 4    | server → client | the answer |
//!
//! It costs a round trip per answer, and nothing says where the command and the digits end: each is
//! taken to be what one `recv` brings. On loopback, where this framing is allowed to listen, it is.

use crate::command_end::MAX_ANSWER;
use crate::text;

/// The acknowledgement, exactly.
pub const READY: &[u8] = b"ready!";

/// What the server sends in step 2.
pub fn length_of(answer: &[u8]) -> Vec<u8> {
    answer.len().to_string().into_bytes()
}

/// What the client makes of step 2: the length that `piece`, which one `recv` brought, announces.
///
/// Only digits are a length. `-5`, ` 15`, `1hello` and nothing at all are not, and neither is a
/// number above [`MAX_ANSWER`] bytes.
pub fn parse_length(piece: &[u8]) -> Result<usize, LengthError> {
    let digits = str::from_utf8(piece)
        .ok()
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .ok_or_else(|| LengthError::NotDigits(piece.escape_ascii().to_string()))?;
    match digits.parse() {
        Ok(length) if length <= MAX_ANSWER => Ok(length),
        _ => Err(LengthError::TooLong(digits.to_owned())),
    }
}

/// A length that the client does not accept.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LengthError {
    /// Not decimal digits and nothing else.
    #[error("{}", text::not_a_length(.0))]
    NotDigits(String),
    /// More than the client is willing to hold.
    #[error("{}", text::answer_too_long(.0, MAX_ANSWER))]
    TooLong(String),
}

/// What the server knows of the acknowledgement after the bytes received so far.
#[derive(Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// It may still become one.
    Incomplete,
    /// The answer may go.
    Given,
    /// Something else: the rest of a long command, or a second command. The two sides are out of
    /// step.
    Wrong,
}

/// Compares what came after the length with [`READY`].
pub fn acknowledgement(received: &[u8]) -> Acknowledgement {
    if received == READY {
        Acknowledgement::Given
    } else if READY.starts_with(received) {
        Acknowledgement::Incomplete
    } else {
        Acknowledgement::Wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_decimal_digits_and_nothing_else() {
        assert_eq!(length_of(b"hi\n"), b"3");
        assert_eq!(parse_length(b"3"), Ok(3));
        assert_eq!(parse_length(b"0"), Ok(0));
        for wrong in ["", "-5", "+5", " 5", "5\n", "1hello", "abc", "五", "0x3"] {
            let told = wrong.as_bytes().escape_ascii().to_string();
            assert_eq!(
                parse_length(wrong.as_bytes()),
                Err(LengthError::NotDigits(told)),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_length_above_the_cap_is_refused_before_anything_is_kept() {
        assert_eq!(parse_length(MAX_ANSWER.to_string().as_bytes()), Ok(MAX_ANSWER));
        let longer = (MAX_ANSWER + 1).to_string();
        assert_eq!(parse_length(longer.as_bytes()), Err(LengthError::TooLong(longer)));
        let huge = "9".repeat(40);
        assert_eq!(parse_length(huge.as_bytes()), Err(LengthError::TooLong(huge)));
    }

    #[test]
    fn every_prefix_of_the_acknowledgement_may_still_become_it() {
        for cut in 0..READY.len() {
            assert_eq!(acknowledgement(&READY[..cut]), Acknowledgement::Incomplete);
        }
        assert_eq!(acknowledgement(READY), Acknowledgement::Given);
    }

    #[test]
    fn a_second_command_is_no_acknowledgement() {
        for wrong in ["ls", "ready", "ready?", "ready!!", "READY!", "ready!ls"] {
            let seen = acknowledgement(wrong.as_bytes());
            let expected =
                if wrong == "ready" { Acknowledgement::Incomplete } else { Acknowledgement::Wrong };
            assert_eq!(seen, expected, "{wrong}");
        }
    }
}
