//! What stands before each line that is shown.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What stands before each line that is shown: who has said it, or when it came.
#[derive(Clone, Debug, Default)]
pub struct LinePrefix {
    name: String,
    has_time: bool,
}

impl LinePrefix {
    /// A name, and the colon behind it.
    pub fn name(name: impl ToString) -> Self {
        Self { name: format!("{}: ", name.to_string()), has_time: false }
    }

    /// The time of day here, such as `14:05`, if it is wanted.
    pub fn time(has_time: bool) -> Self {
        Self { name: String::new(), has_time }
    }

    /// What stands before a line that is shown now.
    pub fn now(&self) -> String {
        if !self.has_time {
            return self.name.clone();
        }
        let now = Timestamp::try_from(SystemTime::now()).unwrap_or_default();
        let now = TimeZone::system().to_datetime(now);
        format!("{:02}:{:02} {}", now.hour(), now.minute(), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_hours_and_minutes() {
        assert_eq!(LinePrefix::default().now(), "");
        assert_eq!(LinePrefix::name("小明").now(), "小明: ");
        let time = LinePrefix::time(true).now();
        let (hour, minute) = time.trim_end().split_once(':').unwrap();
        assert!(time.len() == 6 && time.ends_with(' '), "{time:?}");
        assert!(hour.parse::<u8>().unwrap() < 24 && minute.parse::<u8>().unwrap() < 60, "{time:?}");
    }
}
