//! What may stand behind an option, and words for the user where it is something else.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use crate::text::options;

/// A limit for silence; `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle(pub Option<Duration>);

/// Reads a time in seconds: decimals are allowed; it is finite and above 0.
///
/// # Errors
/// Words for the user where it is not.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| options::not_seconds().to_owned())?;
    if !(seconds.is_finite() && seconds > 0.0) {
        return Err(options::seconds_above_0().to_owned());
    }
    // What rounds to nothing would be no limit at all to the operating system.
    let least = Duration::from_micros(1);
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if duration <= LONGEST => Ok(duration.max(least)),
        _ => Err(options::seconds_at_most(LONGEST.as_secs())),
    }
}

/// Beyond this, adding to the present could leave the range of the clock.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);

/// Reads a limit for silence in seconds; 0 is never.
///
/// # Errors
/// Words for the user where it is neither.
pub fn idle(text: &str) -> Result<Idle, String> {
    match text.parse::<f64>() {
        Ok(0.0) => Ok(Idle(None)),
        _ => seconds(text).map(|limit| Idle(Some(limit))).map_err(or_0_for_never),
    }
}

/// The words for a value where 0 stands for no limit.
pub fn or_0_for_never(words: String) -> String {
    options::or_0_for_never(words)
}

/// Reads a time in milliseconds: decimals are allowed, from 0 to an hour.
///
/// # Errors
/// Words for the user where it is not.
pub fn milliseconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(ms) if (0.0..=3_600_000.0).contains(&ms) => Ok(Duration::from_secs_f64(ms / 1000.0)),
        _ => Err(options::not_milliseconds().to_owned()),
    }
}

/// Reads how many of 100: decimals are allowed, from 0 to 100.
///
/// # Errors
/// Words for the user where it is not.
pub fn percent(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err(options::not_percentage().to_owned()),
    }
}

/// Reads whole numbers of that range: `value_parser = whole(1..=1000)`. What it says to the user
/// where there is none tells which are allowed; the words of the standard library ("invalid digit
/// found in string") do not.
pub fn whole<N>(
    range: RangeInclusive<N>,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static
where
    N: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(options::not_whole(range.start(), range.end())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_decimals_and_are_finite_and_above_zero() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        assert_eq!(seconds("1e-12"), Ok(Duration::from_micros(1)));
        for wrong in ["0", "-1", "nan", "inf", "-0", "1e300", "", "abc", "5s"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn milliseconds_and_percentages_may_be_zero_and_have_an_end() {
        assert_eq!(milliseconds("0.5"), Ok(Duration::from_micros(500)));
        assert_eq!(percent("12.5"), Ok(12.5));
        for wrong in ["-1", "3600001", "nan", "inf", "", "5ms"] {
            assert!(milliseconds(wrong).is_err(), "{wrong}");
        }
        for wrong in ["-1", "101", "nan", "inf", "", "5%"] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_idle_timeout_of_zero_is_never() {
        assert_eq!(idle("0"), Ok(Idle(None)));
        assert_eq!(idle("0.5"), Ok(Idle(Some(Duration::from_millis(500)))));
        assert!(idle("-1").is_err());
        assert!(idle("nan").is_err());
    }

    #[test]
    fn numbers_of_things_are_whole() {
        let retries = whole(0..=u32::MAX);
        assert_eq!(retries("0"), Ok(0));
        for wrong in ["", "-1", "x", "1.5", "4294967296"] {
            assert!(
                retries(wrong).is_err_and(|words| words.starts_with("not a whole number")),
                "{wrong}"
            );
        }
        let few = whole(1..=3_u8);
        assert_eq!(few("3"), Ok(3));
        for wrong in ["0", "4", "256", "x"] {
            assert_eq!(few(wrong), Err("not a whole number from 1 to 3".to_owned()));
        }
    }
}
