//! Lengths and times as people read them.

use std::fmt;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A length in bytes with about three digits and one kind of unit, the one that counts by 1,024
/// (IEC 80000-13): `5 B`, `1.5 KiB`, `123 MiB`.
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1024 {
            return write!(f, "{} B", self.0);
        }
        let mut size = self.0 as f64;
        for unit in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
            size /= 1024.0;
            // What rounds to 1024 is 1.0 of the next one.
            if size < 99.95 {
                return write!(f, "{size:.1} {unit}");
            } else if size < 1023.5 {
                return write!(f, "{size:.0} {unit}");
            }
        }
        write!(f, "{:.1} EiB", size / 1024.0)
    }
}

/// The clock on the wall where the server runs.
#[derive(Debug)]
pub(crate) struct Clock(TimeZone);

impl Clock {
    pub(crate) fn here() -> Self {
        Self(TimeZone::system())
    }

    #[cfg(test)]
    pub(crate) fn of(zone: TimeZone) -> Self {
        Self(zone)
    }

    /// What its time is called: `Asia/Shanghai`, or how far it is from UTC.
    pub(crate) fn name(&self) -> String {
        let is_utc = self.0.is_unknown() || self.0 == TimeZone::UTC;
        match self.0.iana_name().filter(|_| !is_utc) {
            Some(name) => name.to_owned(),
            None if is_utc => "UTC".to_owned(),
            None => {
                let now = Timestamp::try_from(SystemTime::now()).unwrap_or_default();
                now.to_zoned(self.0.clone()).strftime("UTC%:z").to_string()
            }
        }
    }

    /// A time in seconds after 1970, for programs and for people: `2026-11-21T08:14:05Z`,
    /// `2026-11-21 16:14`.
    pub(crate) fn time(&self, second: u64) -> (Timestamp, String) {
        // Nobody's clock goes beyond the year 9999.
        let second = i64::try_from(second).unwrap_or(i64::MAX);
        let time = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        let here = self.0.to_datetime(time);
        let (year, month, day) = (here.year(), here.month(), here.day());
        let (hour, minute) = (here.hour(), here.minute());
        (time, format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits_and_one_kind_of_unit() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (102_348, "99.9 KiB"),
            (102_349, "100 KiB"),
            (1_048_063, "1023 KiB"),
            (1_048_064, "1.0 MiB"),
            (5_000_000_000, "4.7 GiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), shown, "{bytes}");
        }
    }

    #[test]
    fn times_are_those_of_the_wall() {
        let clock = Clock::of(TimeZone::fixed(jiff::tz::offset(8)));
        let (time, shown) = clock.time(784_111_777);
        assert_eq!(time.to_string(), "1994-11-06T08:49:37Z");
        assert_eq!(shown, "1994-11-06 16:49");
        assert_eq!(clock.name(), "UTC+08:00");
        assert_eq!(Clock::of(TimeZone::UTC).name(), "UTC");
        assert_eq!(Clock::of(TimeZone::UTC).time(u64::MAX).1.get(..4), Some("9999"));
    }
}
