//! Ctrl+C: the first interrupts the command, a second one leaves.

use std::io::Write;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use common::exit::INTERRUPTED;
use common::{signals, terminal};
use remote_cmd::stream::Request;

/// What the client sends with, from three threads: the one that has commands, the one that has
/// input for them, and the one that has signals.
pub(crate) type Writer = Box<dyn Write + Send>;

/// A Ctrl+C that comes this soon after the end of a command was meant for the command.
const LATE_INTERRUPT: Duration = Duration::from_millis(500);

/// What a Ctrl+C means at the moment.
#[derive(Clone, Default)]
pub(crate) struct Interrupts(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// A Ctrl+C has come while somebody was sending, who has to see to it.
    is_pending: AtomicBool,
}

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
        self.see_to_pending(state);
        Ok(())
    }

    /// Sends a piece of the command's input; whether there may be more, for the command may have
    /// ended.
    ///
    /// # Errors
    /// Those of sending.
    pub(crate) fn send_input(&self, piece: &[u8]) -> anyhow::Result<bool> {
        let mut state = self.lock();
        let runs = matches!(state.now, Now::Command | Now::Interrupted);
        if let Some(writer) = state.writer.as_mut().filter(|_| runs) {
            Request::Input(piece).write(writer)?;
        }
        self.see_to_pending(state);
        Ok(runs)
    }

    /// The command has ended.
    pub(crate) fn done(&self) {
        self.lock().now = Now::Ended(Instant::now());
    }

    fn interrupt(&self) {
        match self.0.state.try_lock() {
            Ok(state) => Self::interrupt_now(state),
            Err(TryLockError::Poisoned(state)) => Self::interrupt_now(state.into_inner()),
            // Whoever holds it is sending. If the server takes nothing, a second one leaves.
            Err(TryLockError::WouldBlock) if !self.0.is_pending.swap(true, Ordering::SeqCst) => {
                // It may have been let go of just before.
                if let Ok(state) = self.0.state.try_lock() {
                    self.see_to_pending(state);
                }
            }
            Err(TryLockError::WouldBlock) => leave(),
        }
    }

    fn see_to_pending(&self, state: MutexGuard<'_, State>) {
        if self.0.is_pending.swap(false, Ordering::SeqCst) {
            Self::interrupt_now(state);
        }
    }

    fn interrupt_now(mut state: MutexGuard<'_, State>) {
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
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn leave() -> ! {
    terminal::restore_terminal();
    process::exit(INTERRUPTED.into())
}
