//! The time of an answer, as its `Date` and as the access log write it.

use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use httpdate::HttpDate;

/// A second of the clock: `Sat, 21 Nov 2026 08:14:05 GMT` (RFC 9110 §5.6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    second: u64,
    http: [u8; 29],
    log: [u8; 26],
}

thread_local! {
    static LATEST: Cell<Date> = Cell::new(Date::at(0));
}

impl Date {
    /// The second that is so many seconds after 1970.
    pub fn at(second: u64) -> Self {
        // The form ends with the year 9999; a clock that is beyond it is wrong anyway.
        let second = second.min(253_402_300_799);
        let http = HttpDate::from(UNIX_EPOCH + Duration::from_secs(second)).to_string();
        let [day, month, year, time] = words(&http);
        let log = format!("{day}/{month}/{year}:{time} +0000");
        Self { second, http: bytes(&http), log: bytes(&log) }
    }

    /// The present second. Its texts are made once a second on each thread, not once a request.
    pub fn now() -> Self {
        let second = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        LATEST.with(|latest| {
            if latest.get().second != second {
                latest.set(Self::at(second));
            }
            latest.get()
        })
    }

    /// How many seconds after 1970.
    pub fn second(&self) -> u64 {
        self.second
    }

    /// The form that HTTP uses.
    pub fn http(&self) -> &str {
        std::str::from_utf8(&self.http).unwrap_or_default()
    }

    /// The form that access logs use: `21/Nov/2026:08:14:05 +0000`.
    pub fn log(&self) -> &str {
        std::str::from_utf8(&self.log).unwrap_or_default()
    }
}

/// Day, month, year and time.
fn words(http: &str) -> [&str; 4] {
    let mut words = http.split(' ').skip(1);
    std::array::from_fn(|_| words.next().unwrap_or_default())
}

fn bytes<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
    text.as_bytes().try_into().unwrap_or([b' '; LENGTH])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_second_is_written_in_two_forms() {
        let stamp = Date::at(784_111_777);
        assert_eq!(stamp.http(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(stamp.log(), "06/Nov/1994:08:49:37 +0000");
    }

    #[test]
    fn a_clock_beyond_the_year_9999_still_has_a_date() {
        assert_eq!(Date::at(u64::MAX).http(), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn the_present_second_is_not_1970() {
        assert!(Date::now().second() > 1_700_000_000);
    }
}
