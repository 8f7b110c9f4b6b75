//! Trying once more: what may be gone the next time, and how long to wait for that.

use std::time::{Duration, SystemTime};

use common::error_text::chain;
use http_fetch::http::response::parse::Head;

/// A failure that may be gone the next time.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub(crate) struct Passing {
    words: String,
    pub(crate) stage: Stage,
    /// How long the server wants us to wait.
    after: Option<Duration>,
}

/// How far a request had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It was not sent.
    Connecting,
    /// Nobody knows whether the server has done what it asks.
    Sent,
    /// The server has not done it, and says so.
    Refused,
}

/// The longest that a server may have us wait.
const LONGEST: Duration = Duration::from_secs(3600);

/// The longest pause that we choose ourselves.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

impl Passing {
    pub(crate) fn new(error: impl Into<anyhow::Error>, stage: Stage) -> Self {
        Self { words: chain(&error.into()), stage, after: None }
    }

    /// What a server answers that has a bad moment; nothing for an answer that will stay the same.
    pub(crate) fn refusal(head: &Head, words: &str, now: SystemTime) -> Option<Self> {
        // Two clocks differ; by its own the server says when it has answered.
        let answered = head.text("date").and_then(|date| httpdate::parse_http_date(date).ok());
        let now = answered.unwrap_or(now);
        matches!(head.status(), 408 | 429 | 500 | 502..=504).then(|| Self {
            words: words.to_owned(),
            stage: Stage::Refused,
            after: head.text("retry-after").and_then(|text| wait(text, now)),
        })
    }
}

/// `Retry-After` in seconds, or as a date (RFC 9110, section 10.2.3), which is one of the server's
/// clock.
fn wait(text: &str, now: SystemTime) -> Option<Duration> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

/// The tries that are left.
#[derive(Debug)]
pub(crate) struct Retries {
    left: u32,
    pause: Duration,
}

impl Retries {
    pub(crate) fn new(retries: u32) -> Self {
        Self { left: retries, pause: Duration::from_secs(1) }
    }

    pub(crate) fn left(&self) -> u32 {
        self.left
    }

    /// How long to wait before the next try, if there is to be one.
    pub(crate) fn next(&mut self, failure: &Passing) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let pause = self.pause;
        self.pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        match failure.after {
            Some(after) => (after <= LONGEST).then_some(after.max(pause)),
            None => Some(pause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(lines: &str) -> Option<Passing> {
        let head = Head::parse(format!("HTTP/1.1 {lines}\r\n\r\n").as_bytes()).unwrap();
        let now = httpdate::parse_http_date("Sat, 21 Nov 2026 06:00:00 GMT").unwrap();
        Passing::refusal(&head, "no", now)
    }

    fn pauses(retries: u32, failure: &Passing) -> Vec<u64> {
        let mut retries = Retries::new(retries);
        std::iter::from_fn(|| retries.next(failure)).map(|pause| pause.as_secs()).collect()
    }

    #[test]
    fn pauses_grow_up_to_ten_minutes() {
        let failure = Passing::new(anyhow::anyhow!("cut"), Stage::Sent);
        assert_eq!(pauses(0, &failure), [0; 0]);
        assert_eq!(pauses(4, &failure), [1, 2, 4, 8]);
        assert_eq!(pauses(12, &failure)[9..], [512, 600, 600]);
    }

    #[test]
    fn a_server_may_say_when() {
        for (line, first) in [
            ("Retry-After: 7", 7),
            ("Retry-After: 0", 1),
            ("Retry-After: Sat, 21 Nov 2026 06:00:30 GMT", 30),
            ("Retry-After: Sat, 21 Nov 2026 05:00:00 GMT", 1),
            // By the server's own clock, however wrong that is.
            (
                "Date: Fri, 20 Nov 2026 00:00:00 GMT\r\nRetry-After: Fri, 20 Nov 2026 00:00:20 GMT",
                20,
            ),
            (
                "Date: Sun, 21 Nov 2027 06:00:00 GMT\r\nRetry-After: Sun, 21 Nov 2027 06:00:40 GMT",
                40,
            ),
            ("Date: today\r\nRetry-After: Sat, 21 Nov 2026 06:00:30 GMT", 30),
            ("Retry-After: soon", 1),
            ("Retry-After: -7", 1),
            ("A: b", 1),
        ] {
            let failure = refusal(&format!("503 X\r\n{line}")).unwrap();
            assert_eq!(pauses(1, &failure), [first], "{line}");
        }
        for line in ["Retry-After: 3601", "Retry-After: 99999999999999999999999"] {
            assert_eq!(pauses(3, &refusal(&format!("503 X\r\n{line}")).unwrap()), [0; 0], "{line}");
        }
    }

    #[test]
    fn only_some_refusals_pass() {
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(refusal(&format!("{status} X")).is_some(), "{status}");
        }
        for status in [304, 400, 401, 403, 404, 410, 501, 505] {
            assert!(refusal(&format!("{status} X")).is_none(), "{status}");
        }
    }
}
