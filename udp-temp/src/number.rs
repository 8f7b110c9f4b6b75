//! Numbers as Python has them: what `float(text)` reads, what `round(x, 2)` gives, what `str(x)`
//! writes.
//!
//! The tutorial's server is one line of Python, so its answer depends on three conversions of
//! CPython that are easily got almost right. `2.675` is stored as
//! 2.67499999999999982236431605997495353221893310546875, so that it rounds to 2.67; a value exactly
//! half-way between two hundredths goes to the even one; and `str` changes to an exponent at 1e16,
//! not at the 1e21 of other languages.

use std::fmt;

/// Reads a decimal number as Python's `float()` does: ASCII blanks around it, a sign, digits with a
/// point somewhere, an exponent. Not its other spellings: `1_0`, `nan`, `inf`.
///
/// The value is the `f64` nearest to the text, hence infinite for `1e400`; it is never NaN.
pub fn parse(text: &[u8]) -> Option<f64> {
    let number = trim_blanks(text);
    // Rust reads `inf` and `nan` too, and nothing else with a letter: with these characters it
    // cannot.
    let decimal = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    if !number.iter().all(decimal) {
        return None;
    }
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// The six blanks that `bytes.strip()` takes away; `trim_ascii` would leave the vertical tab.
fn trim_blanks(mut text: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    while let [first, rest @ ..] = text
        && blank(first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && blank(last)
    {
        text = rest;
    }
    text
}

/// `round(x, 2)`: the hundredth nearest to the exact binary value of `x`, the even one of two
/// equally near.
///
/// By way of decimal text, as CPython does (`double_round` in Objects/floatobject.c): `x * 100`
/// would be rounded itself and hide on which side of the half the value lies.
pub fn round_to_hundredths(x: f64) -> f64 {
    format!("{x:.2}").parse().unwrap_or(x)
}

/// Shows a number as Python's `str()` does: the shortest digits that read back as the same value,
/// `32.0` with its point, an exponent of at least two digits from 1e16 on and below 1e-4
/// (`1.8e+20`, `5e-05`).
#[derive(Debug, Clone, Copy)]
pub struct Python(pub f64);

impl fmt::Display for Python {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(x) = *self;
        if x == 0.0 || !x.is_finite() {
            return write!(f, "{x:?}");
        }
        // Rust's own shortest form, `9.788e1`. It tells how many digits are needed.
        let shortest = format!("{x:e}");
        let (digits, exponent) = shortest.split_once('e').ok_or(fmt::Error)?;
        if !(1e-4..1e16).contains(&x.abs()) {
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            return write!(f, "{digits}e{sign}{exponent:0>2}");
        }
        // 703687441776640.25 needs one decimal, and .2 and .3 are equally near: Python takes the
        // even one, Rust's shortest form the greater. Rounding to so many decimals is to even in
        // Rust too.
        let needed = digits.bytes().filter(u8::is_ascii_digit).count();
        let exponent: isize = exponent.parse().map_err(|_| fmt::Error)?;
        let decimals = needed.saturating_add_signed(-1 - exponent).max(1);
        let rounded = format!("{x:.decimals$}");
        if rounded.parse() == Ok(x) {
            return f.write_str(&rounded);
        }
        // At a power of two the floats below are nearer than those above, so that the nearest short
        // text may read back as one of those, and only a farther one as this.
        write!(f, "{x:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blanks_around_a_number_are_taken_away_and_no_others() {
        assert_eq!(parse(b" \t\n\x0b\x0c\r36.6\r\n"), Some(36.6));
        for not_blank in ["\u{a0}1", "\u{3000}1", "\x1c1", "1\0", "1 1", "- 1"] {
            assert_eq!(parse(not_blank.as_bytes()), None, "{not_blank:?}");
        }
    }

    #[test]
    fn only_decimal_digits_make_a_number() {
        for (text, value) in
            [("1e3", 1000.0), ("1E+3", 1000.0), (".5", 0.5), ("5.", 5.0), ("+5", 5.0), ("007", 7.0)]
        {
            assert_eq!(parse(text.as_bytes()), Some(value), "{text}");
        }
        for text in [
            "",
            " ",
            "abc",
            "36,6",
            "36.6℃",
            "３６．６",
            "0x10",
            "1_0",
            "nan",
            "NaN",
            "inf",
            "-inf",
            "infinity",
            "1e",
            "e5",
            ".",
            "-",
            "+.",
            ".e1",
            "1.2.3",
            "--1",
            "1e1.5",
            "1f",
            "0b1",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(parse(b"\xff\xfe"), None);
    }

    #[test]
    fn text_too_large_for_a_float_is_infinite() {
        assert_eq!(parse(b"1e400"), Some(f64::INFINITY));
        assert_eq!(parse(b"-1e400"), Some(f64::NEG_INFINITY));
        assert_eq!(parse(b"1e-400"), Some(0.0));
        assert_eq!(parse(b"1e99999999999999999999"), Some(f64::INFINITY));
    }

    /// Made with Python 3.11: `print(round(x, 2))`.
    #[test]
    fn rounding_agrees_with_python() {
        for (x, rounded) in [
            (2.675, "2.67"),
            (1.005, "1.0"),
            (0.125, "0.12"),
            (0.375, "0.38"),
            (0.625, "0.62"),
            (0.875, "0.88"),
            (-0.125, "-0.12"),
            (-0.375, "-0.38"),
            (0.005, "0.01"),
            (-0.001, "-0.0"),
            (5e-324, "0.0"),
            (1e15, "1000000000000000.0"),
            (9999999999999998.0, "9999999999999998.0"),
            (9999999999999999.0, "1e+16"),
            (4503599627370495.5, "4503599627370495.5"),
            (2251799813685247.2, "2251799813685247.2"),
            (562949953421311.9, "562949953421311.9"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
        ] {
            assert_eq!(Python(round_to_hundredths(x)).to_string(), rounded, "{x:?}");
        }
    }

    /// Made with Python 3.11: `print(x)`.
    #[test]
    fn numbers_are_shown_as_python_shows_them() {
        for (x, shown) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (0.0001, "0.0001"),
            (0.00012207031250000003, "0.00012207031250000003"),
            (703687441776640.0 + 0.25, "703687441776640.2"),
            (703687441776640.0 + 0.75, "703687441776640.8"),
            (70368744177664.0 + 0.125, "70368744177664.12"),
            (-(70368744177664.0 + 0.375), "-70368744177664.38"),
            (0.001953125, "0.001953125"),
            (0.00009999, "9.999e-05"),
            (1e-5, "1e-05"),
            (1.5e-10, "1.5e-10"),
            (5e-324, "5e-324"),
            (2.2250738585072014e-308, "2.2250738585072014e-308"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (-1.8e20, "-1.8e+20"),
            (1e22, "1e+22"),
            (9007199254740993.0, "9007199254740992.0"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
        ] {
            assert_eq!(Python(x).to_string(), shown);
        }
    }

    /// `x` as `mantissa * 2^exponent`, exactly.
    fn exact(x: f64) -> (i128, i32) {
        let bits = x.to_bits();
        let (biased, fraction) = ((bits >> 52 & 0x7ff) as i32, (bits & ((1 << 52) - 1)) as i128);
        let (mantissa, exponent) =
            if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
        (if x < 0.0 { -mantissa } else { mantissa }, exponent)
    }

    /// Hundredths in `x`, half to even, in integers alone. For |x| < 2^52, so that the exponent is
    /// negative.
    fn hundredths(x: f64) -> i128 {
        let (mantissa, exponent) = exact(x);
        let (scaled, shift) = (mantissa.abs() * 100, exponent.unsigned_abs());
        if shift > 100 {
            return 0; // below 2^-40
        }
        let (floor, rest, half) = (scaled >> shift, scaled & ((1 << shift) - 1), 1 << (shift - 1));
        let up = rest > half || (rest == half && floor % 2 == 1);
        (floor + i128::from(up)) * mantissa.signum()
    }

    /// How far `x` is from `hundredths`/100, in units of 2^-60/100. `None` where it is no whole
    /// number of them.
    fn distance(x: f64, hundredths: i128) -> Option<i128> {
        let (mantissa, exponent) = exact(x);
        let shift = u32::try_from(exponent + 60).ok()?;
        Some((mantissa * 100 * (1 << shift) - hundredths * (1 << 60)).abs())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn rounding_agrees_with_exact_integers(x in prop_oneof![
            -1e3..1e3_f64,
            -1e9..1e9_f64,
            (-4_503_599_627_370_495_i64..4_503_599_627_370_495).prop_map(|n| n as f64 / 8.0), // many ties
            (-100_000_i64..100_000).prop_map(|n| n as f64 / 1000.0),                        // near ties
            (-4_503_599_627_370_495.0..4_503_599_627_370_495.0_f64),
        ]) {
            let rounded = round_to_hundredths(x);
            let wanted = hundredths(x);
            prop_assert_eq!(rounded.is_sign_negative(), x.is_sign_negative());
            if wanted == 0 {
                prop_assert_eq!(rounded, 0.0);
            } else {
                // No float is nearer to the wanted hundredth than the one we gave.
                let ours = distance(rounded, wanted);
                prop_assert!(ours.is_some());
                for other in [rounded.next_up(), rounded.next_down()] {
                    if let Some(other) = distance(other, wanted) {
                        prop_assert!(ours <= Some(other), "{x:?} gave {rounded:?}");
                    }
                }
            }
        }

        #[test]
        fn shown_digits_are_the_fewest_that_read_back(x in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            let shown = Python(x).to_string();
            prop_assert_eq!(shown.parse::<f64>().unwrap().to_bits(), x.to_bits());
            let digits = shown.split('e').next().unwrap().trim_start_matches(['-', '0', '.']).replace('.', "");
            let digits = digits.trim_end_matches('0').len();
            if digits > 1 {
                let fewer = format!("{x:.*e}", digits - 2);
                prop_assert_ne!(fewer.parse::<f64>().unwrap(), x, "{} would do for {}", fewer, shown);
            }
        }

        #[test]
        fn of_two_short_texts_equally_near_the_even_one_is_shown(
            eighths in (1_i64 << 46)..(1_i64 << 54), denominator in prop::sample::select(vec![8.0, 16.0, 64.0]),
        ) {
            let x = eighths as f64 / denominator;
            let shown = Python(x).to_string();
            prop_assert_eq!(shown.parse::<f64>().unwrap(), x);
            // In units of 2^-20 of the last decimal shown.
            let decimals = shown.split_once('.').unwrap().1.len() as u32;
            let (mantissa, exponent) = exact(x);
            prop_assume!(decimals <= 3 && (-20..0).contains(&exponent));
            let x_units = mantissa * 10_i128.pow(decimals) * (1 << (20 + exponent));
            let shown_units: i128 = shown.replace('.', "").parse().unwrap();
            let error = (x_units - shown_units * (1 << 20)).abs();
            let half = 1 << 19;
            let whole = shown.ends_with(".0");
            prop_assert!(whole || error < half || (error == half && shown_units % 2 == 0), "{x:?} shown as {shown}");
        }

        #[test]
        fn an_exponent_stands_where_python_puts_one(x in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            let shown = Python(x).to_string();
            let size = x.abs();
            let plain = size == 0.0 || (1e-4..1e16).contains(&size);
            match shown.split_once('e') {
                None => {
                    prop_assert!(plain);
                    prop_assert!(shown.contains('.'));
                }
                Some((_, exponent)) => {
                    prop_assert!(!plain);
                    prop_assert!(exponent.starts_with(['+', '-']) && exponent.len() >= 3, "{shown}");
                    prop_assert!(exponent.len() == 3 || exponent.as_bytes()[1] != b'0', "{shown}");
                }
            }
        }

        #[test]
        fn whole_hundredths_are_shown_with_as_few_digits_as_they_have(hundredths in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
            let text = format!("{}{}.{:02}", if hundredths < 0 { "-" } else { "" }, hundredths.abs() / 100, hundredths.abs() % 100);
            let wanted = text.strip_suffix('0').unwrap_or(&text);
            prop_assert_eq!(Python(text.parse().unwrap()).to_string(), wanted);
        }

        #[test]
        fn every_way_to_write_a_number_is_read(
            before in "[ \t\n\x0b\x0c\r]{0,3}", sign in "[+-]?", whole in "[0-9]{0,20}", part in "(\\.[0-9]{0,20})?",
            exponent in "([eE][+-]?[0-9]{1,3})?", after in "[ \t\n\x0b\x0c\r]{0,3}",
        ) {
            prop_assume!(!whole.is_empty() || part.len() > 1);
            let number = format!("{sign}{whole}{part}{exponent}");
            let text = format!("{before}{number}{after}");
            prop_assert_eq!(parse(text.as_bytes()), number.parse().ok());
        }

        #[test]
        fn no_bytes_whatever_are_read_as_not_a_number(text in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert!(!parse(&text).is_some_and(f64::is_nan));
        }
    }
}
