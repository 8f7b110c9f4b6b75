//! Which bytes of a file a client wants (RFC 9110 §14).

use std::ops::RangeInclusive;

/// What a `Range` field comes to, for a file of a certain length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The whole file: there is no such field, or one that may be ignored.
    Whole,
    /// These bytes; the last one is among them.
    Part(RangeInclusive<u64>),
    /// Bytes that the file does not have.
    Nothing,
}

/// Reads the value of a `Range` field, such as `bytes=0-499`, `bytes=500-` or `bytes=-500` (the
/// last 500).
///
/// A request for several ranges at once gets the whole file, which RFC 9110 §14.2 allows: the
/// clients that ask so can do without, and the ones that ask for a thousand overlapping ranges want
/// to do harm.
pub fn wanted(range: Option<&[u8]>, length: u64) -> Wanted {
    let Some(set) = range.and_then(after_unit) else { return Wanted::Whole };
    let mut halves = set.splitn(2, |&byte| byte == b'-');
    let (Some(first), Some(last)) = (halves.next(), halves.next()) else { return Wanted::Whole };
    match (number(first), number(last)) {
        (Some(_), Some(_)) if is_above(first, last) => Wanted::Whole,
        (Some(first), _) if first >= length && (last.is_empty() || number(last).is_some()) => {
            Wanted::Nothing
        }
        (Some(first), Some(last)) => Wanted::Part(first..=last.min(length - 1)),
        (Some(first), None) if last.is_empty() => Wanted::Part(first..=length - 1),
        (None, Some(0)) if first.is_empty() => Wanted::Nothing,
        // Of a file that is shorter than so many bytes all is wanted (§14.1.2), here nothing.
        (None, Some(_)) if first.is_empty() && length == 0 => Wanted::Whole,
        (None, Some(count)) if first.is_empty() => {
            Wanted::Part(length.saturating_sub(count)..=length - 1)
        }
        _ => Wanted::Whole,
    }
}

fn after_unit(range: &[u8]) -> Option<&[u8]> {
    let (unit, set) = range.split_at_checked("bytes=".len())?;
    unit.eq_ignore_ascii_case(b"bytes=").then_some(set.trim_ascii())
}

/// A number of any length; one that is beyond every file is as good as the largest.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0_u64, |value, digit| {
        value.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    }))
}

/// Compares digits that may say more than a `u64` holds.
fn is_above(one: &[u8], other: &[u8]) -> bool {
    let significant = |digits: &[u8]| -> Vec<u8> {
        digits.iter().copied().skip_while(|digit| *digit == b'0').collect()
    };
    let (one, other) = (significant(one), significant(other));
    (one.len(), one) > (other.len(), other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of_1000(range: &str) -> Wanted {
        wanted(Some(range.as_bytes()), 1000)
    }

    #[test]
    fn a_part_may_be_at_the_beginning_in_the_middle_or_at_the_end() {
        for (range, part) in [
            ("bytes=0-499", 0..=499),
            ("bytes=500-999", 500..=999),
            ("bytes=500-", 500..=999),
            ("bytes=-500", 500..=999),
            ("bytes=-5000", 0..=999),
            ("bytes=0-0", 0..=0),
            ("bytes=-1", 999..=999),
            ("bytes=999-99999999999999999999999", 999..=999),
            ("Bytes= 1-2 ", 1..=2),
        ] {
            assert_eq!(of_1000(range), Wanted::Part(part), "{range}");
        }
    }

    #[test]
    fn what_the_file_does_not_have_is_told() {
        for range in ["bytes=1000-", "bytes=1000-1001", "bytes=99999999999999999999-", "bytes=-0"] {
            assert_eq!(of_1000(range), Wanted::Nothing, "{range}");
        }
        for range in ["bytes=0-", "bytes=0-0", "bytes=-0"] {
            assert_eq!(wanted(Some(range.as_bytes()), 0), Wanted::Nothing, "{range}");
        }
        for range in ["bytes=-1", "bytes=-5", "bytes=-99999999999999999999"] {
            assert_eq!(
                wanted(Some(range.as_bytes()), 0),
                Wanted::Whole,
                "all of an empty file: {range}"
            );
        }
    }

    #[test]
    fn what_is_no_range_is_ignored() {
        for range in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-4",
            "bytes=99999999999999999999999-88888888888888888888888",
            "bytes=000099999999999999999999-99999999999999999998",
            "bytes=1000-a",
            "bytes=0x1-2",
            "bytes=+1-2",
            "bytes=1-2-3",
            "bytes=1 - 2",
            "bytes=0-1,5-6",
            "bytes=-5,1-2",
            "lines=1-2",
            "0-1",
        ] {
            assert_eq!(of_1000(range), Wanted::Whole, "{range}");
        }
        assert_eq!(wanted(None, 1000), Wanted::Whole);
    }

    proptest! {
        #[test]
        fn a_part_is_never_empty_and_never_beyond_the_file(
            range in "bytes=[0-9]{0,20}-[0-9]{0,20}",
            length in prop_oneof![0..20_u64, any::<u64>()],
        ) {
            if let Wanted::Part(part) = wanted(Some(range.as_bytes()), length) {
                prop_assert!(part.start() <= part.end() && *part.end() < length);
            }
        }

        #[test]
        fn no_bytes_at_all_upset_it(range: Vec<u8>, length: u64) {
            let _ = wanted(Some(&range), length);
            let _ = wanted(Some(&[b"bytes=".as_slice(), &range].concat()), length);
        }
    }
}
