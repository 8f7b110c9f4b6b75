//! Fuzz targets: see "Fuzzing" in tests/README.md.

use std::cmp::Ordering;

use udp_temp::number::{Python, parse, round_to_hundredths};
use udp_temp::{MAX_REPLY, Unanswerable, answer, convert, read_reply};

/// Random inputs of a run of `cargo test`, beside the corpus.
const RANDOM: usize = 200;

const CLIENT_PORT: u16 = 40_000;

/// A natural number of any size: digits to the base of 2^32, the lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Natural(Vec<u32>);

impl Natural {
    fn of(number: u64) -> Self {
        Self(vec![number as u32, (number >> 32) as u32]).trimmed()
    }

    fn of_digits(digits: &[u8]) -> Self {
        digits
            .iter()
            .fold(Self(Vec::new()), |number, digit| number.times_plus(10, u32::from(digit - b'0')))
    }

    fn times_plus(mut self, factor: u32, summand: u32) -> Self {
        let mut carry = u64::from(summand);
        for digit in &mut self.0 {
            carry += u64::from(*digit) * u64::from(factor);
            *digit = carry as u32;
            carry >>= 32;
        }
        self.0.push(carry as u32);
        self.trimmed()
    }

    fn times_power(self, base: u32, exponent: u32) -> Self {
        (0..exponent).fold(self, |number, _| number.times_plus(base, 0))
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    fn is_odd(&self) -> bool {
        self.0.first().is_some_and(|digit| digit % 2 == 1)
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `number * 2^two * 10^ten`, exactly.
struct Exact {
    number: Natural,
    two: i32,
    ten: i32,
}

impl Exact {
    /// Half-way from the size of `x` to the next greater float's, or to where it would be.
    fn half_above(x: f64) -> Self {
        let (mantissa, two) = parts(x);
        Self { number: Natural::of(2 * mantissa + 1), two: two - 1, ten: 0 }
    }

    fn compare(&self, other: &Self) -> Ordering {
        // Both sides are multiplied by what makes all exponents natural.
        let (two, ten) = (self.two.min(other.two), self.ten.min(other.ten));
        let whole = |it: &Self| {
            let number = it.number.clone().times_power(2, (it.two - two).unsigned_abs());
            number.times_power(10, (it.ten - ten).unsigned_abs())
        };
        whole(self).cmp(&whole(other))
    }
}

/// The size of a float: `mantissa * 2^exponent`.
fn parts(x: f64) -> (u64, i32) {
    let bits = x.abs().to_bits();
    let (exponent, mantissa) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    if exponent == 0 { (mantissa, -1074) } else { (mantissa | 1 << 52, exponent - 1075) }
}

/// Whether `x` is the float nearest to the size of a decimal number, the even one of two equally
/// near (IEEE 754-2019, 4.3.1).
fn is_nearest(x: f64, decimal: &Exact) -> bool {
    let x = x.abs();
    let odd = x.to_bits() % 2 == 1;
    let fits =
        |order: Ordering, outside: Ordering| order != outside && !(odd && order == Ordering::Equal);
    let below =
        x == 0.0 || fits(decimal.compare(&Exact::half_above(x.next_down())), Ordering::Less);
    // Infinite is what is as large as the float after the greatest would be, half-way to it.
    let above = x.is_infinite() || fits(decimal.compare(&Exact::half_above(x)), Ordering::Greater);
    below && above
}

/// The sign and the size of a decimal number, read by hand.
fn decimal(text: &[u8]) -> Option<(bool, Exact)> {
    let blank = |byte: &u8| b" \t\n\x0b\x0c\r".contains(byte);
    let begin = text.iter().position(|byte| !blank(byte))?;
    let end = text.iter().rposition(|byte| !blank(byte))?;
    let (negative, number) = match &text[begin..=end] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut halves = number.splitn(2, |byte| matches!(byte, b'e' | b'E'));
    let (digits, exponent) = (halves.next()?, halves.next());
    let exponent = match exponent {
        None => 0,
        Some(exponent) => {
            let (sign, digits) = match exponent {
                [b'-', rest @ ..] => (-1, rest),
                [b'+', rest @ ..] => (1, rest),
                rest => (1, rest),
            };
            if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            // As good as infinite, beside at most some hundred digits.
            let add = |number: i32, digit: &u8| (10 * number + i32::from(digit - b'0')).min(5_000);
            sign * digits.iter().fold(0, add)
        }
    };
    let mut halves = digits.splitn(2, |byte| *byte == b'.');
    let (whole, part) = (halves.next()?, halves.next().unwrap_or_default());
    let digits = [whole, part].concat();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let ten = exponent - i32::try_from(part.len()).ok()?;
    Some((negative, Exact { number: Natural::of_digits(&digits), two: 0, ten }))
}

#[test]
fn numbers() {
    bolero::check!(name = "numbers").with_iterations(RANDOM).with_max_len(64).for_each(
        |text: &[u8]| {
            // Longer ones take the oracle too long; the parser has no such limit.
            let text = &text[..text.len().min(64)];
            match (parse(text), decimal(text)) {
                (None, None) => {}
                (Some(x), Some((negative, exact))) => {
                    assert_eq!(x.is_sign_negative(), negative);
                    let small = exact.ten.abs() < 500;
                    assert!(
                        if small { is_nearest(x, &exact) } else { x == 0.0 || x.is_infinite() },
                        "{x:?}"
                    );
                }
                other => panic!("{:?} but {:?}", other.0, other.1.is_some()),
            }
        },
    );
}

/// The float's size in hundredths, the even one of two equally near: exactly.
fn hundredths(x: f64) -> Natural {
    let (mantissa, two) = parts(x);
    let number = Natural::of(mantissa).times_plus(100, 0);
    if two >= 0 {
        return number.times_power(2, two.unsigned_abs());
    }
    // Bit after bit goes, and what has gone is remembered: whether it was a half, or more or less.
    let (mut number, mut half, mut below_half) = (number, false, false);
    for _ in 0..two.unsigned_abs() {
        below_half |= half;
        half = number.is_odd();
        let mut carry = 0;
        for digit in number.0.iter_mut().rev() {
            (carry, *digit) = ((*digit & 1) << 31, *digit >> 1 | carry);
        }
        number = number.trimmed();
    }
    let up = half && (below_half || number.is_odd());
    if up { number.times_plus(1, 1) } else { number }
}

#[test]
fn roundings() {
    bolero::check!(name = "roundings").with_iterations(RANDOM).with_max_len(8).for_each(
        |bytes: &[u8]| {
            let Some(bits) = bytes.first_chunk::<8>() else { return };
            let x = f64::from_bits(u64::from_be_bytes(*bits));
            if !x.is_finite() {
                return;
            }
            let rounded = round_to_hundredths(x);
            assert_eq!(rounded.is_sign_negative(), x.is_sign_negative());
            let exact = Exact { number: hundredths(x), two: 0, ten: -2 };
            assert!(is_nearest(rounded, &exact), "{x:?} gave {rounded:?}");

            let shown = Python(x).to_string();
            let (negative, exact) = decimal(shown.as_bytes()).unwrap();
            assert_eq!(negative, x.is_sign_negative());
            assert!(is_nearest(x, &exact), "{x:?} is shown as {shown}");
            let digits = shown
                .split('e')
                .next()
                .unwrap()
                .trim_start_matches(['-', '0', '.'])
                .replace('.', "");
            let digits = digits.trim_end_matches('0').len();
            if digits > 1 {
                let fewer = format!("{x:.*e}", digits - 2);
                assert!(
                    !is_nearest(x, &decimal(fewer.as_bytes()).unwrap().1),
                    "{fewer} would do for {shown}"
                );
            }
        },
    );
}

#[test]
fn requests() {
    bolero::check!(name = "requests").with_iterations(RANDOM).for_each(|request: &[u8]| {
        let converted = convert(request);
        if let Ok(fahrenheit) = converted {
            assert!(fahrenheit.is_finite() && fahrenheit >= -459.67);
        }
        let is_number = converted != Err(Unanswerable::NotANumber);
        assert_eq!(is_number, decimal(request).is_some() || parse(request).is_some());
        // Two servers that a forged sender has brought together fall silent soon.
        let mut said = request.to_vec();
        for _ in 0..2 {
            let Some(reply) = answer(&said, CLIENT_PORT) else { return };
            assert!(reply.len() <= MAX_REPLY);
            assert_eq!(read_reply(reply.as_bytes()).is_ok(), convert(&said).is_ok());
            said = reply.into_bytes();
        }
        assert_eq!(answer(&said, CLIENT_PORT), None);
    });
}
