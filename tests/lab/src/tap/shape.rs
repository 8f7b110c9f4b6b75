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

use super::close::{After, Close, Cut};
use super::timetable::Timetable;

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

    /// From now on this is the shape; what is held keeps the time at which it is due.
    pub(super) fn reshape(&mut self, now: Duration, shape: Shape) {
        self.shape = shape;
        self.free = self.free.min(now);
    }

    /// How many pieces it holds, and the end, if that waits.
    pub(super) fn waiting(&self) -> usize {
        self.held.len() + usize::from(self.end.is_some())
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
        if let Some(cut) = self.cut_by_bytes() {
            return Step::Cut(cut);
        }
        let cut = self.timed_cut();
        // What was due before a cut leaves before it, however late this is asked.
        let clock = cut.map_or(now, |(at, _)| now.min(at));
        let step = match (self.held.front(), self.end) {
            (Some(first), _) => match first.due.max(self.free_at(clock)) {
                due if due <= clock => Step::Send,
                due => Step::WaitUntil(due),
            },
            (None, Some((due, end))) => match due.max(self.free_at(clock)) {
                due if due <= clock => Step::Close(end),
                due => Step::WaitUntil(due),
            },
            (None, None) => Step::Wait,
        };
        match (step, cut) {
            (Step::Wait | Step::WaitUntil(_), Some((at, cut))) if at <= now => Step::Cut(cut),
            (Step::Wait, Some((at, _))) => Step::WaitUntil(at),
            (Step::WaitUntil(due), Some((at, _))) => Step::WaitUntil(due.min(at)),
            (step, _) => step,
        }
    }

    fn cut_by_bytes(&self) -> Option<Cut> {
        let option = self.shape.cut_after.map(|limit| (limit, None));
        let script = self.script.cut_at_byte.map(|(limit, how)| (limit, Some(how)));
        let reached = |(limit, how): (u64, Option<Close>)| {
            (self.sent >= limit).then_some(Cut { after: After::Bytes(limit), how })
        };
        option.and_then(reached).or_else(|| script.and_then(reached))
    }

    /// When the script cuts the connection, and how.
    pub(super) fn timed_cut(&self) -> Option<(Duration, Cut)> {
        let cut = |(at, how)| (at, Cut { after: After::Time(at), how: Some(how) });
        self.script.cut_at_time.map(cut)
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
mod tests;
