//! A pause between two messages, so that they do not stick together.

use std::thread;
use std::time::{Duration, Instant};

/// In duplex a message ends where the other side's `recv` does, and two that arrive before it is called come
/// out as one. So three lines that are pasted, or come from a pipe, leave one by one, with a pause in which the
/// other side can take each. That makes sticking unlikely, not impossible: nothing short of a delimiter does.
const PAUSE: Duration = Duration::from_millis(50);

/// When the last message was sent.
#[derive(Debug, Default)]
pub(crate) struct Pace(Option<Instant>);

impl Pace {
    /// Waits until the next message may be sent. Who types by hand never waits.
    pub(crate) fn wait(&mut self) {
        if let Some(last) = self.0 {
            thread::sleep(PAUSE.saturating_sub(last.elapsed()));
        }
        self.0 = Some(Instant::now());
    }
}
