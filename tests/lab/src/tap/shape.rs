//! What happens to one direction of a TCP connection: when which bytes are sent on, and in what
//! pieces.
//!
//! Pure: bytes and the time go in, what to do next comes out. TCP repairs whatever IP loses,
//! doubles or reorders, so nothing of that can happen to a stream. What can happen is that it
//! arrives in other pieces, later, slower, or not to its end.

use std::collections::VecDeque;
use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use common::random::Random;

use super::script::Timetable;

/// How many bytes one direction holds at most. When it is full, nothing more is taken, and the
/// sender has to wait like one whose receiver does not read.
pub(super) const CAPACITY: usize = 256 * 1024;

/// What a piece counts besides its bytes, so that many small ones have an end, too.
const OVERHEAD: usize = 64;

/// How long a piece lasts under a limited rate: what is longer is parted.
const SLICE: Duration = Duration::from_millis(20);

/// What is to happen to a stream; the default is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Shape {
    /// Send at most so many bytes at a time.
    pub(super) split: Option<NonZeroUsize>,
    /// Wait between two pieces of what was split, so that they are received one by one.
    pub(super) gap: Duration,
    /// Send what arrives within that time in one piece.
    pub(super) merge: Duration,
    /// Hold everything back for that time.
    pub(super) delay: Duration,
    /// Hold each piece back for a random part of this, besides. The order stays: it is a stream.
    pub(super) jitter: Duration,
    /// Send so many bytes in a second.
    pub(super) rate: Option<NonZeroU64>,
    /// Close the connection after so many bytes.
    pub(super) cut_after: Option<u64>,
}

impl Shape {
    /// Whether bytes go on as they come.
    pub(super) fn is_plain(&self) -> bool {
        // The gap is nothing by itself.
        Self { gap: Duration::ZERO, ..*self } == Self::default()
    }
}

/// How a direction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// Orderly: the end of the stream.
    Fin,
    /// At once: whatever is still on its way is lost.
    Reset,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Send [`Shaper::piece`].
    Send,
    /// Nothing, before that time.
    WaitUntil(Duration),
    /// Nothing, before something arrives.
    Wait,
    /// Pass the end on; comes once.
    Close(Close),
    /// Close the connection on both sides.
    Cut(Cut),
}

/// Why a connection is closed on both sides, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) after: After,
    /// `None`: as the option says.
    pub(super) how: Option<Close>,
}

/// After what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    Bytes(u64),
    Time(Duration),
}

/// Bytes that are sent together, but for [`Shape::split`] and [`Shape::rate`].
#[derive(Debug)]
struct Held {
    bytes: Vec<u8>,
    /// Until when more may join them.
    open_until: Duration,
    /// When they may be sent.
    due: Duration,
}

/// One direction of a connection. All times are since its beginning.
#[derive(Debug)]
pub(super) struct Shaper {
    shape: Shape,
    random: Random,
    held: VecDeque<Held>,
    /// How many bytes of the first one have been sent.
    offset: usize,
    /// What is held, each piece with its overhead.
    load: usize,
    /// How many bytes have been sent in all.
    sent: u64,
    /// Before that time nothing more is sent, for the gap or the rate.
    free: Duration,
    /// When the last of what is held is due.
    latest: Duration,
    end: Option<(Duration, Close)>,
    /// What is still to come of a script.
    script: Timetable,
}

impl Shaper {
    /// A direction of this shape; equal chances make equal decisions.
    pub(super) fn new(shape: Shape, script: Timetable, random: Random) -> Self {
        Self {
            script,
            shape,
            random,
            held: VecDeque::new(),
            offset: 0,
            load: 0,
            sent: 0,
            free: Duration::ZERO,
            latest: Duration::ZERO,
            end: None,
        }
    }

    /// How many bytes it would take now.
    pub(super) fn room(&self) -> usize {
        CAPACITY.saturating_sub(self.load + OVERHEAD)
    }

    /// How many bytes it holds.
    pub(super) fn holds(&self) -> usize {
        self.held.iter().map(|held| held.bytes.len()).sum::<usize>() - self.offset
    }

    /// These have arrived.
    pub(super) fn take(&mut self, now: Duration, bytes: &[u8]) {
        self.load += bytes.len();
        match self.held.back_mut().filter(|last| now < last.open_until) {
            Some(last) => last.bytes.extend_from_slice(bytes),
            None => {
                self.load += OVERHEAD;
                let open_until = now + self.shape.merge;
                let late = self.shape.delay + self.shape.jitter.mul_f64(self.random.part());
                // What was sent later cannot arrive earlier.
                self.latest = self.latest.max(open_until + late);
                self.held.push_back(Held { bytes: bytes.to_vec(), open_until, due: self.latest });
            }
        }
        if self.room() == 0 {
            self.stop_merging(now);
        }
        self.pause(now);
    }

    /// The pause that the script has before the next byte begins.
    fn pause(&mut self, now: Duration) {
        if let Some(pause) = self.script.pauses.remove(&self.sent) {
            self.free = self.free.max(now + pause);
        }
    }

    /// Nothing more can join: there is no room for it, or nothing more will come.
    fn stop_merging(&mut self, now: Duration) {
        if let Some(last) = self.held.back_mut().filter(|last| now < last.open_until) {
            last.due = last.due.saturating_sub(last.open_until - now);
            last.open_until = now;
            self.latest = last.due;
        }
    }

    /// The sender has ended. A reset comes even after an orderly end.
    pub(super) fn end(&mut self, now: Duration, end: Close) {
        self.stop_merging(now);
        self.latest = self.latest.max(now + self.shape.delay);
        self.end = Some((self.latest, end));
    }

    /// From now on nothing is held back any more: the tap is to end.
    pub(super) fn hurry(&mut self, now: Duration) {
        self.shape = Shape { cut_after: self.shape.cut_after, ..Shape::default() };
        self.free = now;
        self.script.pauses.clear();
        self.script.timed_pauses.clear();
        for held in &mut self.held {
            (held.open_until, held.due) = (now, now);
        }
        self.latest = now;
        if let Some((due, _)) = &mut self.end {
            *due = now;
        }
    }

    /// What to do now.
    pub(super) fn next(&self, now: Duration) -> Step {
        if let Some(cut) = self.cut_now(now) {
            return Step::Cut(cut);
        }
        let step = match (self.held.front(), self.end) {
            (Some(first), _) => match first.due.max(self.free_at(now)) {
                due if due <= now => Step::Send,
                due => Step::WaitUntil(due),
            },
            (None, Some((due, end))) => match due.max(self.free_at(now)) {
                due if due <= now => Step::Close(end),
                due => Step::WaitUntil(due),
            },
            (None, None) => Step::Wait,
        };
        match (step, self.script.cut_at_time) {
            (Step::Wait, Some((at, _))) => Step::WaitUntil(at),
            (Step::WaitUntil(due), Some((at, _))) => Step::WaitUntil(due.min(at)),
            (step, _) => step,
        }
    }

    fn cut_now(&self, now: Duration) -> Option<Cut> {
        let option = self.shape.cut_after.map(|limit| (limit, None));
        let script = self.script.cut_at_byte.map(|(limit, how)| (limit, Some(how)));
        let reached = |(limit, how): (u64, Option<Close>)| {
            (self.sent >= limit).then_some(Cut { after: After::Bytes(limit), how })
        };
        let timed = |(at, how): (Duration, Close)| {
            (at <= now).then_some(Cut { after: After::Time(at), how: Some(how) })
        };
        option
            .and_then(reached)
            .or_else(|| script.and_then(reached))
            .or_else(|| self.script.cut_at_time.and_then(timed))
    }

    /// Before that time nothing leaves, for the gap, the rate, or a pause.
    fn free_at(&self, now: Duration) -> Duration {
        let pauses = self.script.timed_pauses.iter();
        let lasts = pauses.filter(|(begin, _)| *begin <= now).map(|(begin, time)| *begin + *time);
        lasts.fold(self.free, Duration::max)
    }

    /// When a reset must not wait any longer for a receiver that takes nothing.
    pub(super) fn reset_due(&self) -> Option<Duration> {
        self.end.filter(|(_, end)| *end == Close::Reset).map(|(due, _)| due)
    }

    /// What is held will never be sent.
    pub(super) fn discard(&mut self) {
        self.held.clear();
        (self.offset, self.load) = (0, 0);
    }

    /// The end has been passed on.
    pub(super) fn ended(&mut self) {
        self.end = None;
    }

    /// What to send in one call; empty if nothing is held.
    pub(super) fn piece(&self) -> &[u8] {
        let Some(first) = self.held.front() else { return &[] };
        let mut end = first.bytes.len();
        if let Some(split) = self.shape.split {
            // Counted from the beginning, so that a piece of which a full buffer took a part is
            // ended first.
            end = end.min((self.offset / split + 1) * split.get());
        }
        if let Some(rate) = self.shape.rate {
            let slice = (rate.get() as f64 * SLICE.as_secs_f64()) as usize;
            end = end.min(self.offset + slice.max(1));
        }
        let pause = self.script.pauses.range(self.sent + 1..).next().map(|(at, _)| *at);
        let cut = self.script.cut_at_byte.map(|(at, _)| at);
        for limit in [self.shape.cut_after, cut, pause].into_iter().flatten() {
            let left = usize::try_from(limit.saturating_sub(self.sent)).unwrap_or(usize::MAX);
            end = end.min(self.offset.saturating_add(left));
        }
        first.bytes.get(self.offset..end).unwrap_or_default()
    }

    /// So many bytes of the piece have been sent.
    pub(super) fn sent(&mut self, now: Duration, count: usize) {
        let whole = count == self.piece().len();
        self.sent += count as u64;
        self.offset += count;
        self.load = self.load.saturating_sub(count);
        if self.held.front().is_some_and(|first| self.offset >= first.bytes.len()) {
            self.held.pop_front();
            self.offset = 0;
            self.load = self.load.saturating_sub(OVERHEAD);
        }
        if whole && self.shape.split.is_some() {
            self.free = now + self.shape.gap;
        }
        if let Some(rate) = self.shape.rate {
            let takes = Duration::from_secs_f64(count as f64 / rate.get() as f64);
            self.free = self.free.max(now + takes);
        }
        self.pause(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZERO: Duration = Duration::ZERO;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn shaper(shape: Shape) -> Shaper {
        Shaper::new(shape, Timetable::default(), Random::new(1))
    }

    fn cut_after(bytes: u64) -> Step {
        Step::Cut(Cut { after: After::Bytes(bytes), how: None })
    }

    #[test]
    fn the_script_pauses_and_cuts_at_its_bytes_and_times() {
        let script = Timetable {
            pauses: [(0, ms(5)), (2, ms(7))].into(),
            timed_pauses: vec![(ms(11), ms(9))],
            cut_at_byte: Some((4, Close::Reset)),
            ..Timetable::default()
        };
        let mut shaper = Shaper::new(Shape::default(), script, Random::new(1));
        shaper.take(ZERO, b"abc");
        let (sent, _) = run(&mut shaper, ZERO);
        assert_eq!(sent, [(ms(5), b"ab".to_vec()), (ms(20), b"c".to_vec())]);
        shaper.take(ms(20), b"def");
        let (sent, end) = run(&mut shaper, ms(20));
        assert_eq!(sent, [(ms(20), b"d".to_vec())]);
        assert_eq!(end, Step::Cut(Cut { after: After::Bytes(4), how: Some(Close::Reset) }));
        let script = Timetable { cut_at_time: Some((ms(30), Close::Fin)), ..Timetable::default() };
        let shaper = Shaper::new(Shape::default(), script, Random::new(1));
        assert_eq!(shaper.next(ms(1)), Step::WaitUntil(ms(30)));
        let cut = Cut { after: After::Time(ms(30)), how: Some(Close::Fin) };
        assert_eq!(shaper.next(ms(30)), Step::Cut(cut));
    }

    /// Everything that is sent, when, and in what pieces, by a receiver that always reads, up to an
    /// end.
    fn run(shaper: &mut Shaper, mut now: Duration) -> (Vec<(Duration, Vec<u8>)>, Step) {
        let mut sent = Vec::new();
        loop {
            match shaper.next(now) {
                Step::Send => {
                    let piece = shaper.piece().to_vec();
                    assert!(!piece.is_empty());
                    shaper.sent(now, piece.len());
                    sent.push((now, piece));
                }
                Step::WaitUntil(then) => {
                    assert!(then > now);
                    now = then;
                }
                end => return (sent, end),
            }
        }
    }

    fn pieces(sent: &[(Duration, Vec<u8>)]) -> Vec<&str> {
        sent.iter().map(|(_, piece)| std::str::from_utf8(piece).unwrap()).collect()
    }

    #[test]
    fn nothing_happens_unless_asked() {
        assert!(Shape { gap: ms(2), ..Shape::default() }.is_plain());
        let mut shaper = shaper(Shape::default());
        shaper.take(ms(1), b"one");
        shaper.take(ms(1), b"two");
        shaper.end(ms(1), Close::Fin);
        let (sent, end) = run(&mut shaper, ms(1));
        assert_eq!(sent, [(ms(1), b"one".to_vec()), (ms(1), b"two".to_vec())]);
        assert_eq!(end, Step::Close(Close::Fin));
        shaper.ended();
        assert_eq!(shaper.next(ms(1)), Step::Wait);
    }

    #[test]
    fn split_parts_each_piece_and_waits_between_the_parts() {
        let mut shaper =
            shaper(Shape { split: NonZeroUsize::new(2), gap: ms(5), ..Shape::default() });
        shaper.take(ZERO, b"hello");
        shaper.take(ZERO, b"!");
        let (sent, _) = run(&mut shaper, ZERO);
        assert_eq!(pieces(&sent), ["he", "ll", "o", "!"]);
        assert_eq!(
            sent.iter().map(|(at, _)| *at).collect::<Vec<_>>(),
            [ms(0), ms(5), ms(10), ms(15)]
        );
    }

    #[test]
    fn a_part_that_was_taken_in_part_is_ended_first() {
        let mut shaper = shaper(Shape { split: NonZeroUsize::new(4), ..Shape::default() });
        shaper.take(ZERO, b"abcdefgh");
        shaper.sent(ZERO, 1);
        assert_eq!(shaper.piece(), b"bcd");
    }

    #[test]
    fn merge_collects_what_arrives_in_time() {
        let mut shaper = shaper(Shape { merge: ms(10), ..Shape::default() });
        shaper.take(ms(0), b"a");
        shaper.take(ms(9), b"b");
        assert_eq!(shaper.next(ms(9)), Step::WaitUntil(ms(10)));
        shaper.take(ms(10), b"c");
        let (sent, _) = run(&mut shaper, ms(10));
        assert_eq!(sent, [(ms(10), b"ab".to_vec()), (ms(20), b"c".to_vec())]);
    }

    #[test]
    fn merging_ends_with_the_stream() {
        let mut shaper = shaper(Shape { merge: ms(1000), ..Shape::default() });
        shaper.take(ms(0), b"a");
        shaper.end(ms(3), Close::Fin);
        assert_eq!(
            run(&mut shaper, ms(3)),
            (vec![(ms(3), b"a".to_vec())], Step::Close(Close::Fin))
        );
    }

    #[test]
    fn merging_ends_when_there_is_no_room() {
        let mut shaper = shaper(Shape { merge: ms(1000), ..Shape::default() });
        shaper.take(ms(0), &vec![0; shaper.room()]);
        assert_eq!((shaper.room(), shaper.next(ms(0))), (0, Step::Send));
    }

    #[test]
    fn delay_holds_bytes_and_the_end_back() {
        let mut shaper = shaper(Shape { delay: ms(50), ..Shape::default() });
        shaper.take(ms(0), b"a");
        shaper.end(ms(20), Close::Fin);
        assert_eq!(run(&mut shaper, ms(20)).0, [(ms(50), b"a".to_vec())]);
        assert_eq!(shaper.next(ms(50)), Step::WaitUntil(ms(70)));
        assert_eq!(shaper.next(ms(70)), Step::Close(Close::Fin));
    }

    #[test]
    fn a_rate_is_kept_also_by_one_long_piece() {
        let mut shaper = shaper(Shape { rate: NonZeroU64::new(1000), ..Shape::default() });
        shaper.take(ZERO, &[b'x'; 500]);
        let (sent, _) = run(&mut shaper, ZERO);
        assert_eq!(sent.len(), 25, "20 bytes each 20 ms");
        assert_eq!(sent.last().unwrap().0, ms(480));
        let mut slow = self::shaper(Shape { rate: NonZeroU64::new(1), ..Shape::default() });
        slow.take(ZERO, b"ab");
        assert_eq!(run(&mut slow, ZERO).0, [(ms(0), b"a".to_vec()), (ms(1000), b"b".to_vec())]);
    }

    #[test]
    fn a_cut_comes_after_exactly_so_many_bytes() {
        let mut shaper = shaper(Shape { cut_after: Some(5), ..Shape::default() });
        shaper.take(ZERO, b"abc");
        shaper.take(ZERO, b"def");
        let (sent, end) = run(&mut shaper, ZERO);
        assert_eq!((pieces(&sent), end), (vec!["abc", "de"], cut_after(5)));
        let cut_at_once = self::shaper(Shape { cut_after: Some(0), ..Shape::default() });
        assert_eq!(cut_at_once.next(ZERO), cut_after(0));
    }

    #[test]
    fn a_reset_follows_what_was_sent_before_it_but_waits_for_no_receiver() {
        let mut shaper = shaper(Shape { delay: ms(5), ..Shape::default() });
        shaper.take(ZERO, b"a");
        shaper.end(ZERO, Close::Reset);
        assert_eq!((shaper.next(ms(5)), shaper.reset_due()), (Step::Send, Some(ms(5))));
        shaper.discard();
        assert_eq!((shaper.next(ms(5)), shaper.holds()), (Step::Close(Close::Reset), 0));
    }

    #[test]
    fn a_reset_comes_even_after_an_orderly_end() {
        let mut shaper = shaper(Shape::default());
        shaper.end(ZERO, Close::Fin);
        shaper.ended();
        shaper.end(ms(1), Close::Reset);
        assert_eq!(shaper.next(ms(1)), Step::Close(Close::Reset));
    }

    #[test]
    fn in_a_hurry_nothing_is_held_back() {
        let shape = Shape { delay: ms(5000), rate: NonZeroU64::new(1), ..Shape::default() };
        let mut shaper = shaper(shape);
        shaper.take(ms(1), b"abc");
        shaper.hurry(ms(2));
        shaper.end(ms(2), Close::Fin);
        assert_eq!(
            run(&mut shaper, ms(2)),
            (vec![(ms(2), b"abc".to_vec())], Step::Close(Close::Fin))
        );
        let mut ended = self::shaper(shape);
        ended.end(ms(1), Close::Fin);
        ended.hurry(ms(2));
        assert_eq!(ended.next(ms(2)), Step::Close(Close::Fin));
    }

    fn any_shape() -> impl Strategy<Value = Shape> {
        let time = || prop_oneof![Just(ZERO), (0_u64..50).prop_map(ms)];
        let split = prop::option::of((1_usize..10).prop_map(|n| NonZeroUsize::new(n).unwrap()));
        let rate = prop::option::of((1_u64..100_000).prop_map(|n| NonZeroU64::new(n).unwrap()));
        (split, time(), time(), time(), time(), rate).prop_map(
            |(split, gap, merge, delay, jitter, rate)| Shape {
                split,
                gap,
                merge,
                delay,
                jitter,
                rate,
                cut_after: None,
            },
        )
    }

    /// Messages, each so many milliseconds after the one before.
    fn any_messages() -> impl Strategy<Value = Vec<(u64, Vec<u8>)>> {
        prop::collection::vec((0_u64..20, prop::collection::vec(any::<u8>(), 1..40)), 0..20)
    }

    /// Feeds the messages at their times to a receiver that takes at most `takes` bytes a call.
    fn converse(
        shape: Shape,
        seed: u64,
        messages: &[(u64, Vec<u8>)],
        takes: usize,
    ) -> Vec<(Duration, Vec<u8>)> {
        let mut shaper = Shaper::new(shape, Timetable::default(), Random::new(seed));
        let mut sent = Vec::new();
        let (mut now, mut arrives) = (ZERO, ZERO);
        let mut rest = messages.iter();
        let mut next = rest.next();
        let mut over = false;
        loop {
            let arrival = next.map(|(after, bytes)| (arrives + ms(*after), bytes));
            match (shaper.next(now), arrival) {
                (_, Some((at, bytes))) if at <= now => {
                    shaper.take(now, bytes);
                    (arrives, next) = (at, rest.next());
                }
                (Step::Send, _) => {
                    let piece = shaper.piece();
                    let piece = piece[..piece.len().min(takes)].to_vec();
                    shaper.sent(now, piece.len());
                    sent.push((now, piece));
                }
                (Step::WaitUntil(then), Some((at, _))) => now = then.min(at),
                (Step::WaitUntil(then), None) => now = then,
                (_, Some((at, _))) => now = at,
                (Step::Close(_), None) => return sent,
                (_, None) => {
                    assert!(!std::mem::replace(&mut over, true), "the end comes by itself");
                    shaper.end(now, Close::Fin);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_the_shape_the_bytes_arrive_unchanged(
            shape in any_shape(), messages in any_messages(), seed in any::<u64>(), takes in 1_usize..50,
        ) {
            let sent = converse(shape, seed, &messages, takes);
            let received: Vec<u8> = sent.into_iter().flat_map(|(_, piece)| piece).collect();
            let wanted: Vec<u8> = messages.into_iter().flat_map(|(_, bytes)| bytes).collect();
            prop_assert_eq!(received, wanted);
        }

        #[test]
        fn no_piece_is_longer_than_the_split(
            mut shape in any_shape(), messages in any_messages(), split in 1_usize..10,
        ) {
            shape.split = NonZeroUsize::new(split);
            prop_assert!(converse(shape, 1, &messages, usize::MAX).iter().all(|(_, piece)| piece.len() <= split));
        }

        #[test]
        fn the_same_seed_decides_the_same(
            shape in any_shape(), messages in any_messages(), seed in any::<u64>(),
        ) {
            prop_assert_eq!(converse(shape, seed, &messages, 9), converse(shape, seed, &messages, 9));
        }

        #[test]
        fn a_cut_lets_exactly_so_many_bytes_through(
            mut shape in any_shape(), message in prop::collection::vec(any::<u8>(), 1..200), limit in 0_u64..300,
        ) {
            shape.cut_after = Some(limit);
            let mut shaper = shaper(shape);
            shaper.take(ZERO, &message);
            let (sent, end) = run(&mut shaper, ZERO);
            let count: usize = sent.iter().map(|(_, piece)| piece.len()).sum();
            prop_assert_eq!(count as u64, limit.min(message.len() as u64));
            prop_assert_eq!(matches!(end, Step::Cut(_)), limit <= message.len() as u64);
        }

        #[test]
        fn what_it_holds_is_bounded(shape in any_shape(), sizes in prop::collection::vec(1_usize..9000, 0..200)) {
            let mut shaper = shaper(shape);
            for size in sizes {
                let size = size.min(shaper.room());
                if size > 0 {
                    shaper.take(ZERO, &vec![0; size]);
                }
                prop_assert!(shaper.holds() <= CAPACITY && shaper.load <= CAPACITY);
                prop_assert!(shaper.held.len() <= CAPACITY / OVERHEAD);
            }
        }

        #[test]
        fn a_rate_is_never_exceeded(rate in 1_u64..10_000, length in 1_usize..2_000) {
            let mut shaper = shaper(Shape { rate: NonZeroU64::new(rate), ..Shape::default() });
            shaper.take(ZERO, &vec![0; length]);
            let mut before = 0.0;
            for (at, piece) in run(&mut shaper, ZERO).0 {
                prop_assert!(before <= at.as_secs_f64() * rate as f64 + 0.01);
                before += piece.len() as f64;
            }
        }
    }
}
