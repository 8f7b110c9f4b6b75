//! Ctrl+C: the first interrupts the command, a second one leaves.

use std::io::Write;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use common::exit::INTERRUPTED;
use common::{signals, terminal};
use remote_cmd::stream::Request;

/// What the client sends with, from two threads: the one that has commands, and the one that has
/// signals.
pub(crate) type Writer = Box<dyn Write + Send>;

/// A Ctrl+C that comes this soon after the end of a command was meant for the command.
const LATE_INTERRUPT: Duration = Duration::from_millis(500);

/// What a Ctrl+C means at the moment.
#[derive(Clone, Default)]
pub(crate) struct Interrupts(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    writer: Option<Writer>,
    now: Now,
}

/// What there is to interrupt.
#[derive(Default)]
enum Now {
    /// Nothing but this program.
    #[default]
    Nothing,
    /// A command.
    Command,
    /// A command that has been interrupted once.
    Interrupted,
    /// A command that has ended, and when.
    Ended(Instant),
}

impl Interrupts {
    /// From now on a signal ends the program, until there is something else to interrupt.
    ///
    /// # Errors
    /// The system refuses a handler.
    pub(crate) fn catch() -> anyhow::Result<Self> {
        let interrupts = Self::default();
        let caught = interrupts.clone();
        signals::on_each_signal(move |_| caught.interrupt())?;
        Ok(interrupts)
    }

    /// From now on there is a connection.
    pub(crate) fn connect(&self, writer: Writer) {
        self.lock().writer = Some(writer);
    }

    /// Sends a request. Until it is [`done`](Interrupts::done), a signal interrupts it.
    ///
    /// # Errors
    /// Those of sending.
    pub(crate) fn send(&self, request: &Request<'_>) -> anyhow::Result<()> {
        let mut state = self.lock();
        if let Some(writer) = &mut state.writer {
            request.write(writer)?;
        }
        state.now = Now::Command;
        Ok(())
    }

    /// The command has ended.
    pub(crate) fn done(&self) {
        self.lock().now = Now::Ended(Instant::now());
    }

    fn interrupt(&self) {
        // Whoever holds it sends a command, and the server does not take it: there is nothing to
        // wait for.
        let Ok(mut state) = self.0.try_lock() else { leave() };
        let State { writer: Some(writer), now } = &mut *state else { leave() };
        match now {
            Now::Ended(when) if when.elapsed() < LATE_INTERRUPT => return,
            Now::Command if Request::Interrupt.write(writer).is_ok() => {
                *now = Now::Interrupted;
                return;
            }
            _ => {}
        }
        leave()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn leave() -> ! {
    terminal::restore_terminal();
    process::exit(INTERRUPTED.into())
}
