//! A pause between two messages, so that they do not stick together.

use std::thread;
use std::time::{Duration, Instant};

/// In duplex a message ends where the other side's `recv` does, and two that arrive before it is
/// called come out as one. So lines that are pasted, or come from a pipe, leave one by one, with a
/// pause in which the other side can take each. That makes sticking unlikely, not impossible: only
/// a delimiter does that.
///
/// This one is long enough for a machine that has ten other things to do.
const PAUSE: Duration = Duration::from_millis(150);

/// How many messages in a row get the long pause: more than anybody pastes into a conversation.
const PASTED_LINES: u32 = 20;

/// The pause after that. A whole file would take all day otherwise.
const SHORT_PAUSE: Duration = Duration::from_millis(5);

/// When the last message was sent, and how many without a break before it.
#[derive(Debug, Default)]
pub struct Pace {
    last: Option<Instant>,
    in_a_row: u32,
}

impl Pace {
    /// Waits until the next message may be sent. Who types by hand never waits.
    ///
    /// A message that means something else when it is not alone, as the end word does, gets the
    /// long pause in any case.
    pub fn wait(&mut self, must_be_alone: bool) {
        let passed = self.last.map_or(PAUSE, |last| last.elapsed());
        self.in_a_row = if passed < PAUSE { self.in_a_row.saturating_add(1) } else { 0 };
        let pause = if must_be_alone || self.in_a_row < PASTED_LINES { PAUSE } else { SHORT_PAUSE };
        thread::sleep(pause.saturating_sub(passed));
        self.last = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(of: impl FnOnce()) -> Duration {
        let began = Instant::now();
        of();
        began.elapsed()
    }

    #[test]
    fn the_first_message_does_not_wait_and_the_next_does() {
        let mut pace = Pace::default();
        assert!(time(|| pace.wait(false)) < PAUSE);
        assert!(time(|| pace.wait(false)) >= PAUSE - SHORT_PAUSE);
    }

    #[test]
    fn a_whole_file_waits_less_but_the_end_word_does_not() {
        let mut pace = Pace { last: Some(Instant::now()), in_a_row: PASTED_LINES };
        assert!(time(|| pace.wait(false)) < PAUSE);
        assert!(time(|| pace.wait(true)) >= PAUSE - SHORT_PAUSE);
    }
}
