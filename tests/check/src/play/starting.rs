//! How long a program may take until it is there.

use std::time::{Duration, Instant};

use crate::diagnosis;
use crate::patience::Patience;
use harness::Process;

/// How much more time a program gets at most for the time in which others had the processors.
const KEPT_WAITING: Duration = Duration::from_secs(120);

/// Waits for a program to listen, to connect, or to ask first.
pub(super) struct Starting {
    deadline: Instant,
}

impl Starting {
    pub(super) fn new(patience: &Patience) -> Self {
        Starting { deadline: Instant::now() + patience.start() }
    }

    /// Whether it is worthwhile to wait on.
    pub(super) fn goes_on(&self, program: &Process) -> bool {
        let late = Instant::now().saturating_duration_since(self.deadline);
        late.is_zero() || late < diagnosis::kept_waiting(program).min(KEPT_WAITING)
    }
}
