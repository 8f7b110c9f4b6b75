//! Round trips: what was sent, what came back, and how long that took. The figures of `ping`.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use crate::text;

/// How many of the last requests are remembered. An answer to an older one is not known any more.
const REMEMBERED: usize = 65_536;

/// The payload of the request with this number: `ping 7`, and behind that `.` and digits up to so
/// many bytes. It is never cut.
pub fn request(number: u64, size: usize) -> String {
    let mut request = format!("ping {number}");
    if request.len() < size {
        request.push('.');
        let digits = ('0'..='9').cycle();
        request.extend(digits.take(size - request.len()));
    }
    request
}

/// The number of the request with this payload; `None` where it is not one of ours, byte for byte.
pub fn number(payload: &[u8]) -> Option<u64> {
    let digits = payload.strip_prefix(b"ping ")?;
    let digits = digits.split(|byte| *byte == b'.').next()?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    // `parse` takes `+7` and `007` too, which we do not send.
    (request(number, payload.len()).as_bytes() == payload).then_some(number)
}

/// What an answer was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The first answer to its request.
    InOrder,
    /// The first answer to its request, after that to a later one.
    Overtaken,
    /// Another answer to the same request.
    Duplicate,
}

/// Counts requests and answers. Times are measured from any one moment.
#[derive(Debug, Default)]
pub struct RoundTrips {
    sent: u64,
    received: u64,
    errors: u64,
    duplicates: u64,
    overtaken: u64,
    highest: u64,
    /// The last requests, the one with number `sent` at the back.
    requests: VecDeque<Request>,
    times: Times,
    last: Duration,
}

#[derive(Debug)]
struct Request {
    at: Duration,
    answered: bool,
}

impl RoundTrips {
    /// Counts a request that is sent now, and gives its number: 1, 2, …
    pub fn send(&mut self, now: Duration) -> u64 {
        if self.requests.len() == REMEMBERED {
            self.requests.pop_front();
        }
        self.requests.push_back(Request { at: now, answered: false });
        self.last = now;
        self.sent += 1;
        self.sent
    }

    /// Counts an answer that is found now, and has been there for so long. The time it took, from
    /// its request on; `None` where no such request is known.
    ///
    /// The clock by which the system tells how long can be set. What would have come before its
    /// request has come now.
    pub fn receive(
        &mut self,
        number: u64,
        now: Duration,
        age: Duration,
    ) -> Option<(Arrival, Duration)> {
        let back = usize::try_from(self.sent.checked_sub(number)?).ok()?;
        let at = self.requests.len().checked_sub(back.checked_add(1)?)?;
        let request = self.requests.get_mut(at)?;
        let now = now.checked_sub(age).filter(|arrived| *arrived >= request.at).unwrap_or(now);
        let took = now.saturating_sub(request.at);
        self.last = now;
        if std::mem::replace(&mut request.answered, true) {
            self.duplicates += 1;
            return Some((Arrival::Duplicate, took));
        }
        self.received += 1;
        self.times.add(took);
        if number < self.highest {
            self.overtaken += 1;
            return Some((Arrival::Overtaken, took));
        }
        self.highest = number;
        Some((Arrival::InOrder, took))
    }

    /// Counts what the network told of a request: that it has not arrived.
    pub fn error(&mut self) {
        self.errors += 1;
    }

    /// How things stand, on one line: what `ping` shows at Ctrl+\.
    pub fn so_far(&self) -> String {
        let Self { sent, received, times, .. } = self;
        let line = text::so_far(sent, received, format_args!("{:.1}", self.loss()));
        if *received == 0 {
            return line;
        }
        let Times { min, mean, max, .. } = times;
        line + &text::times_so_far(format_args!("{min:.3}/{mean:.3}/{max:.3}"))
    }

    fn loss(&self) -> f64 {
        match self.sent {
            0 => 0.0,
            sent => 100.0 * (sent - self.received) as f64 / sent as f64,
        }
    }

    /// How many requests have been sent.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// How many of them were answered.
    pub fn received(&self) -> u64 {
        self.received
    }
}

/// The two lines that users of `ping` know; the second only where something came back.
impl fmt::Display for RoundTrips {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sent, received, .. } = self;
        let loss = self.loss();
        write!(f, "{sent} sent, {received} received")?;
        if self.errors > 0 {
            write!(f, ", +{} errors", self.errors)?;
        }
        write!(f, ", {loss:.1}% loss")?;
        match self.duplicates {
            0 => {}
            1 => f.write_str(", 1 duplicate")?,
            more => write!(f, ", {more} duplicates")?,
        }
        if self.overtaken > 0 {
            write!(f, ", {} out of order", self.overtaken)?;
        }
        write!(f, ", time {} ms", self.last.as_millis())?;
        if *received > 0 {
            write!(f, "\n{}", self.times)?;
        }
        Ok(())
    }
}

/// Least, mean, greatest and standard deviation of times, in milliseconds.
#[derive(Debug, Default)]
struct Times {
    count: f64,
    min: f64,
    mean: f64,
    max: f64,
    /// The sum of the squared distances from the mean (Welford 1962), which unlike the difference
    /// of two great sums loses no digits.
    squares: f64,
}

impl Times {
    fn add(&mut self, time: Duration) {
        let ms = time.as_secs_f64() * 1000.0;
        self.min = if self.count == 0.0 { ms } else { self.min.min(ms) };
        self.max = self.max.max(ms);
        self.count += 1.0;
        let before = ms - self.mean;
        self.mean += before / self.count;
        self.squares += before * (ms - self.mean);
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { min, mean, max, .. } = self;
        let deviation = (self.squares / self.count).sqrt();
        write!(f, "rtt min/avg/max/mdev = {min:.3}/{mean:.3}/{max:.3}/{deviation:.3} ms")
    }
}

/// A time as `ping` shows it, with about three digits: `0.045`, `1.23`, `11.6`, `117`.
pub fn milliseconds(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    match ms {
        ms if ms < 1.0 => format!("{ms:.3}"),
        ms if ms < 10.0 => format!("{ms:.2}"),
        ms if ms < 100.0 => format!("{ms:.1}"),
        ms => format!("{ms:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Arrival::{Duplicate, InOrder, Overtaken};
    use common::text::{Lang, speaking};
    use proptest::prelude::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn five_of_five_come_back() {
        let mut trips = RoundTrips::default();
        for (n, took) in [(1, 2), (2, 4), (3, 4), (4, 4), (5, 5)] {
            let at = ms(1000 * (n - 1));
            assert_eq!(trips.send(at), n);
            assert_eq!(trips.receive(n, at + ms(took), Duration::ZERO), Some((InOrder, ms(took))));
        }
        assert_eq!(
            trips.to_string(),
            "5 sent, 5 received, 0.0% loss, time 4005 ms\nrtt min/avg/max/mdev = 2.000/3.800/5.000/0.980 ms"
        );
    }

    #[test]
    fn what_is_lost_doubled_and_overtaken_is_counted() {
        let mut trips = RoundTrips::default();
        for at in 0..6 {
            trips.send(ms(at));
        }
        let arrivals = [(1, 10), (3, 11), (2, 12), (3, 13), (2, 14), (5, 15)];
        let seen: Vec<Arrival> = arrivals
            .iter()
            .filter_map(|&(n, at)| trips.receive(n, ms(at), Duration::ZERO))
            .map(|(arrival, _)| arrival)
            .collect();
        assert_eq!(seen, [InOrder, InOrder, Overtaken, Duplicate, Duplicate, InOrder]);
        let first = trips.to_string();
        let first = first.lines().next().unwrap();
        assert_eq!(
            first,
            "6 sent, 4 received, 33.3% loss, 2 duplicates, 1 out of order, time 15 ms"
        );
    }

    #[test]
    fn an_answer_has_come_when_it_came_and_never_before_its_request() {
        for (age, took) in [(0, 3000), (2990, 10), (3000, 0)] {
            let mut trips = RoundTrips::default();
            trips.send(ms(1000));
            assert_eq!(trips.receive(1, ms(4000), ms(age)), Some((InOrder, ms(took))), "{age}");
        }
        // By a clock that was set an hour forward.
        for age in [3001, 4001, 3_600_000, u64::MAX] {
            let mut trips = RoundTrips::default();
            trips.send(ms(1000));
            assert_eq!(trips.receive(1, ms(4000), ms(age)), Some((InOrder, ms(3000))), "{age}");
            assert!(trips.to_string().contains("0.0% loss, time 4000 ms\n"), "{trips}");
        }
    }

    #[test]
    fn nothing_back_has_no_times() {
        let mut trips = RoundTrips::default();
        trips.send(ms(0));
        assert_eq!(trips.to_string(), "1 sent, 0 received, 100.0% loss, time 0 ms");
        assert_eq!(RoundTrips::default().to_string(), "0 sent, 0 received, 0.0% loss, time 0 ms");
    }

    #[test]
    fn how_things_stand_is_one_line() {
        let mut trips = RoundTrips::default();
        assert_eq!(trips.so_far(), "0/0 answered, 0.0% loss");
        for (n, took) in [(1, 2), (2, 4)] {
            trips.send(ms(1000 * n));
            trips.receive(n, ms(1000 * n + took), Duration::ZERO);
        }
        trips.send(ms(3000));
        trips.send(ms(4000));
        assert_eq!(trips.so_far(), "2/4 answered, 50.0% loss, min/avg/max = 2.000/3.000/4.000 ms");
        assert_eq!(
            speaking(Lang::Zh, || trips.so_far()),
            "已发出 4 个，收到 2 个回答，丢失 50.0 %，往返最短/平均/最长 = 2.000/3.000/4.000 ms"
        );
    }

    #[test]
    fn errors_stand_where_ping_has_them() {
        let mut trips = RoundTrips::default();
        for at in 0..2 {
            trips.send(ms(at));
            trips.error();
        }
        assert_eq!(trips.to_string(), "2 sent, 0 received, +2 errors, 100.0% loss, time 1 ms");
    }

    #[test]
    fn an_answer_to_what_was_never_asked_is_none() {
        let mut trips = RoundTrips::default();
        trips.send(ms(0));
        for number in [0, 2, u64::MAX] {
            assert_eq!(trips.receive(number, ms(1), Duration::ZERO), None);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut trips = RoundTrips::default();
        for _ in 0..REMEMBERED + 10 {
            trips.send(ms(0));
        }
        assert_eq!(trips.receive(10, ms(1), Duration::ZERO), None);
        assert!(trips.receive(11, ms(1), Duration::ZERO).is_some());
        assert_eq!(trips.requests.len(), REMEMBERED);
    }

    #[test]
    fn times_have_about_three_digits() {
        for (micros, shown) in
            [(45, "0.045"), (1234, "1.23"), (11_620, "11.6"), (117_400, "117"), (2_000_000, "2000")]
        {
            assert_eq!(milliseconds(Duration::from_micros(micros)), shown);
        }
    }

    #[test]
    fn only_our_own_payload_has_a_number() {
        for no_number in [
            "",
            "ping",
            "ping ",
            "ping x",
            "ping +7",
            "ping 007",
            "ping -1",
            " ping 1",
            "ping 1\n",
            "pong 1",
            "ping 1 ",
            "ping 1..",
            "ping 1.1",
            "ping 1.0123456789.",
            "ping 1.0123x56",
        ] {
            assert_eq!(number(no_number.as_bytes()), None, "{no_number:?}");
        }
    }

    proptest! {
        #[test]
        fn a_request_s_payload_gives_its_number_back(n in any::<u64>(), size in 0..2000_usize) {
            let request = request(n, size);
            prop_assert_eq!(request.len(), size.max(format!("ping {n}").len()));
            prop_assert_eq!(number(request.as_bytes()), Some(n));
        }

        #[test]
        fn no_order_of_answers_confuses_the_count(answers in prop::collection::vec(0_u64..25, 0..100)) {
            let mut trips = RoundTrips::default();
            for _ in 0..20 {
                trips.send(ms(0));
            }
            let known: Vec<u64> = answers.iter().copied().filter(|n| (1..=20).contains(n)).collect();
            for &n in &answers {
                prop_assert_eq!(trips.receive(n, ms(1), Duration::ZERO).is_some(), (1..=20).contains(&n));
            }
            let different = known.iter().collect::<std::collections::HashSet<_>>().len() as u64;
            prop_assert_eq!(trips.received(), different);
            prop_assert_eq!(trips.duplicates, known.len() as u64 - different);
        }
    }
}
