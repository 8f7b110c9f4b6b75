//! The lines that members say: each ends with its number, by which one that hears it knows when it
//! was sent.

use std::io::{self, Write as _};
use std::time::Instant;

use crate::load::latency::Latencies;

/// Digits of a line's number, at its end.
const DIGITS: usize = 8;

/// Appends line `number`, `size` bytes and an end of line, to what is to be sent.
pub(super) fn write(unsent: &mut Vec<u8>, size: usize, number: usize) -> io::Result<()> {
    let words = size.saturating_sub(DIGITS);
    writeln!(unsent, "{:x<words$}{number:0DIGITS$}", "")
}

/// How many lines of ours end in these bytes, `before` being the one in front of them: ours end
/// with a digit, what the room itself says does not.
pub(super) fn count(before: u8, bytes: &[u8]) -> u64 {
    let ends = |last: u8, end: u8| u8::from(end == b'\n' && last.is_ascii_digit());
    let first = bytes.first().map_or(0, |&end| ends(before, end));
    let later = bytes.get(1..).unwrap_or_default();
    // By short pieces, which the compiler counts many bytes at a time.
    let pieces = bytes.chunks(255).zip(later.chunks(255));
    let ends_in = |(lasts, later): (&[u8], &[u8])| -> u8 {
        lasts.iter().zip(later).map(|(&last, &end)| ends(last, end)).sum()
    };
    u64::from(first) + pieces.map(|piece| u64::from(ends_in(piece))).sum::<u64>()
}

/// Looks how long the lines that are complete now have taken; whether one of them says that
/// somebody does not read.
pub(super) fn look(
    begun: &mut Vec<u8>,
    piece: &[u8],
    sent: &[Instant],
    took: &mut Latencies,
) -> bool {
    begun.extend_from_slice(piece);
    let Some(end) = begun.iter().rposition(|&byte| byte == b'\n') else { return false };
    let (now, mut is_dropped) = (Instant::now(), false);
    for line in begun.drain(..=end).as_slice().split(|&byte| byte == b'\n') {
        let number = line
            .last_chunk::<DIGITS>()
            .and_then(|digits| str::from_utf8(digits).ok()?.parse().ok());
        if let Some(sent) = number.and_then(|number: usize| sent.get(number)) {
            took.record(now.duration_since(*sent));
        }
        is_dropped |= line.ends_with(b" has been dropped: it does not read");
    }
    is_dropped
}
