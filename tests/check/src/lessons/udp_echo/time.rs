//! The dialect `time`: whatever is said, the answer is what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use common::text::Text;

use crate::judge::{Judge, Wrong};
use crate::script::{Answer, Check, Peer, Step};

use super::super::{A, Steps, listens, returned, send, t};
use super::every;

const WANTS: Text = t(
    "the time as `Sat Nov 21 05:47:12 2026` and ` 接收到消息` (40 bytes)",
    "形如 `Sat Nov 21 05:47:12 2026` 的时间，加上 ` 接收到消息`（40 字节）",
);
const TAIL: &[u8] = " 接收到消息".as_bytes();
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub(super) fn server() -> Vec<Check> {
    let the_time = || Answer::Judged(Judge { wants: WANTS, judge: is_the_time });
    let asks = |who: Peer, question: &'static [u8]| -> Steps {
        vec![send(who, question), Step::Expect(who, the_time())]
    };
    let own = vec![
        Check {
            name: "time",
            says: t("each message is answered with the time", "每条消息都得到当时的时间"),
            why: t(
                "24 characters as ctime() writes them, in English whatever the locale is, and the words behind them.",
                "24 个字符，就像 ctime() 写的那样，不管什么区域设置都是英文，后面跟着那几个字。",
            ),
            ideas: &["C8", "D12"],
            steps: [vec![Step::Connect(A)], asks(A, b"hello"), asks(A, "你好".as_bytes())].concat(),
        },
        Check {
            name: "cut-character",
            says: t("a long message in Chinese gets its answer", "很长的中文消息也得到回答"),
            why: t(
                "1026 bytes of Chinese, cut at 1024, end in the middle of a character: decode() raises, and the tutorial's server dies.",
                "1026 字节的中文在 1024 处截断，正好断在一个字中间：decode() 抛出异常，教程的服务端就此结束。",
            ),
            ideas: &["C4", "D12"],
            steps: vec![
                Step::Connect(A),
                send(A, "中".repeat(342)),
                Step::Expect(A, the_time()),
                send(A, "next"),
                Step::Expect(A, the_time()),
            ],
        },
    ];
    let last = Check {
        name: "no-answer-to-an-answer",
        says: t("the time is not answered with the time", "时间不会再得到时间"),
        why: t(
            "One datagram with a forged sender would make two servers tell each other the time for ever.",
            "一个伪造了发送者的数据报，就能让两个服务端没完没了地互报时间。",
        ),
        ideas: &["C7", "C9"],
        steps: [vec![Step::Connect(A)], asks(A, b"hello"), returned(A), asks(A, b"next")].concat(),
    };
    [vec![listens()], own, every(&asks), vec![last]].concat()
}

/// `ctime()`: day and month by name, the day of the month in two columns, the time, the year; and
/// it is that time now, in whatever time zone.
fn is_the_time(reply: &[u8]) -> Result<(), Wrong> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    is_time(reply, now.try_into().unwrap_or(i64::MAX))
}

fn is_time(reply: &[u8], now: i64) -> Result<(), Wrong> {
    const SHAPE: &[u8; 24] = b"Aaa Aaa 99 99:99:99 9999";
    for (at, shape) in SHAPE.iter().enumerate() {
        let Some(byte) = reply.get(at) else {
            return Err(Wrong::new(reply.len(), NOT_COMPLETE.words()));
        };
        let right = match shape {
            b'A' => byte.is_ascii_uppercase(),
            b'a' => byte.is_ascii_lowercase(),
            b'9' => byte.is_ascii_digit() || (at == 8 && *byte == b' '),
            other => byte == other,
        };
        if !right {
            return Err(Wrong::new(at, NOT_CTIME.words()));
        }
    }
    let tail = reply.get(SHAPE.len()..).unwrap_or_default();
    let same = tail.iter().zip(TAIL).take_while(|(came, wanted)| came == wanted).count();
    if same < TAIL.len() || tail.len() > TAIL.len() {
        return Err(Wrong::new(SHAPE.len() + same, OTHER_WORDS.words()));
    }
    let text = String::from_utf8_lossy(reply.get(..SHAPE.len()).unwrap_or_default());
    let told = seconds(&text).ok_or_else(|| Wrong::new(0, NOT_CTIME.words()))?;
    is_now(told - now)
}

/// A local time is ahead or behind by hours and quarters of them; the rest is the time that the
/// answer took.
fn is_now(ahead: i64) -> Result<(), Wrong> {
    const QUARTER: i64 = 15 * 60;
    const FARTHEST: i64 = 15 * 60 * 60;
    /// How long an answer may be on its way.
    const LATE: i64 = 60;
    let within = (ahead + LATE).rem_euclid(QUARTER);
    if ahead.abs() <= FARTHEST && within <= LATE + 2 {
        return Ok(());
    }
    Err(Wrong::new(11, NOT_NOW.words()))
}

/// Seconds since 1970 of a time without its zone; `None` where there is no such day.
fn seconds(text: &str) -> Option<i64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [weekday, month, day, clock, year] = words.as_slice() else { return None };
    let month: i64 = MONTHS.iter().position(|name| name == month)?.try_into().ok()?;
    let (day, year): (i64, i64) = (day.parse().ok()?, year.parse().ok()?);
    let days = days(year, month + 1, day);
    let names = usize::try_from(days.rem_euclid(7)).ok()?;
    if DAYS.get(names) != Some(weekday) {
        return None;
    }
    let clock: Option<Vec<i64>> = clock.split(':').map(|part| part.parse().ok()).collect();
    let [hours, minutes, seconds] = *clock?.as_slice() else { return None };
    Some(days * 86_400 + hours * 3600 + minutes * 60 + seconds)
}

/// Days since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

const NOT_COMPLETE: Text = t("the time is not complete", "时间不完整");
const NOT_CTIME: Text = t("this is not the time as ctime() writes it", "这不是 ctime() 写出的时间");
const OTHER_WORDS: Text = t("the words behind the time are others", "时间后面是别的字");
const NOT_NOW: Text = t("it is another time now", "现在不是这个时间");

#[cfg(test)]
mod tests {
    use super::*;

    /// Sat Nov 21 05:47:12 2026, UTC.
    const NOW: i64 = 1_795_240_032;

    fn judged(time: &str) -> Result<(), Wrong> {
        is_time(&[time.as_bytes(), TAIL].concat(), NOW)
    }

    #[test]
    fn the_time_is_right_in_every_time_zone_and_a_little_late() {
        for time in [
            "Sat Nov 21 05:47:12 2026",
            "Sat Nov 21 13:47:12 2026",
            "Fri Nov 20 17:47:12 2026",
            "Sat Nov 21 11:32:12 2026",
            "Sat Nov 21 05:46:40 2026",
        ] {
            assert_eq!(judged(time), Ok(()), "{time}");
        }
    }

    #[test]
    fn another_time_is_wrong_and_so_is_a_day_that_was_not() {
        for time in [
            "Thu Jan  1 00:00:00 1970",
            "Sat Nov 21 05:37:12 2026",
            "Sun Nov 21 05:47:12 2026",
            "Sat Nov 28 05:47:12 2026",
            "2026-11-21T05:47:12+00:0",
        ] {
            assert!(judged(time).is_err(), "{time}");
        }
        assert!(is_time(b"Sat Nov 21 05:47:12 2026", NOW).is_err());
    }
}
