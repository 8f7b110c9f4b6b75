//! Ctrl+C, SIGTERM and a closed terminal.
//!
//! `ctrlc` runs handlers on a thread of its own, not in signal context, so that they may lock,
//! allocate and print.

use anyhow::Context;

use crate::exit::{INTERRUPTED, exit};
use crate::text::words;

/// For clients: a signal tidies up, leaves the terminal as it was found and exits with status 130.
///
/// # Errors
/// The system refuses a handler.
pub fn exit_on_interrupt(mut before_exit: impl FnMut() + Send + 'static) -> anyhow::Result<()> {
    on_each_signal(move |_| {
        before_exit();
        exit(INTERRUPTED);
    })
}

/// Calls `act` with 1, 2, … for each SIGINT, SIGTERM or SIGHUP, on a thread of its own.
///
/// # Errors
/// The system refuses a handler, or there is one already: a process has one.
pub fn on_each_signal(mut act: impl FnMut(u32) + Send + 'static) -> anyhow::Result<()> {
    let mut count = 0_u32;
    let counted = move || {
        count = count.saturating_add(1);
        act(count);
    };
    #[cfg(not(unix))]
    let counted = key::keep(counted);
    let handled = ctrlc::set_handler(counted).map_err(|error| match error {
        // It has words of its own for that, which do not say what.
        ctrlc::Error::System(cause) => anyhow::Error::new(cause),
        other => other.into(),
    });
    handled.context(words::cannot_handle_interrupt())
}

/// Does what a Ctrl+C does, where it came as a key: while a line is edited the terminal makes no
/// signal of it.
pub fn interrupt() {
    #[cfg(unix)]
    let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGINT);
    #[cfg(not(unix))]
    key::press();
}

/// Windows raises no signal in a program, so that Ctrl+C as a key calls what it would have called.
#[cfg(not(unix))]
mod key {
    use std::sync::{Mutex, OnceLock, PoisonError};
    use std::thread;

    use super::{INTERRUPTED, exit};

    static ACT: OnceLock<Mutex<Box<dyn FnMut() + Send>>> = OnceLock::new();

    /// What a signal is to do from now on.
    pub(super) fn keep(act: impl FnMut() + Send + 'static) -> impl FnMut() + Send + 'static {
        let _ = ACT.set(Mutex::new(Box::new(act)));
        run
    }

    /// On a thread of its own, as `ctrlc` does it.
    pub(super) fn press() {
        if ACT.get().is_none() || thread::Builder::new().spawn(run).is_err() {
            exit(INTERRUPTED);
        }
    }

    fn run() {
        if let Some(act) = ACT.get() {
            act.lock().unwrap_or_else(PoisonError::into_inner)();
        }
    }
}

/// Ctrl+\ (SIGQUIT) does this, and the program goes on. To be called before any thread is started
/// that is not to be ended by it; on Windows there is no such signal.
pub fn on_quit(act: impl Fn() + Send + Sync + 'static) {
    #[cfg(unix)]
    crate::terminal::key_signals::on_quit(act);
    #[cfg(not(unix))]
    let _ = act;
}

/// At a terminal whose mode is changed for line editing, no signal may end or stop the program
/// before that mode is what it was.
pub(crate) fn leave_the_terminal_as_found() {
    #[cfg(unix)]
    if crate::terminal::line_editor::can_edit_lines() {
        let ignored = ignored();
        crate::terminal::key_signals::take_key_signals(|signal| is_in(ignored, signal));
    }
}

/// A program started by nohup(1) finds SIGHUP ignored, and it has to stay so; `ctrlc` would handle
/// it. Blocked, it never arrives. (To ignore it again would be `unsafe`.)
pub(crate) fn leave_hangups_to_nohup() {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::signal::{SigSet, Signal};

        if is_in(ignored(), Signal::SIGHUP) {
            let mut hangup = SigSet::empty();
            hangup.add(Signal::SIGHUP);
            // Where it fails, a hangup ends the server in good order, as without nohup.
            let _ = hangup.thread_block();
        }
    }
}

/// The signals that are ignored, where the system tells: a mask in which the lowest bit stands for
/// signal 1 (`man 5 proc_pid_status`).
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

#[cfg(unix)]
fn is_in(mask: u64, signal: nix::sys::signal::Signal) -> bool {
    mask >> (signal as u32 - 1) & 1 == 1
}

#[cfg(all(test, not(unix)))]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn ctrl_c_as_a_key_does_what_a_signal_does() {
        let (tell, told) = channel();
        on_each_signal(move |count| _ = tell.send(count)).unwrap();
        for press in 1..=2 {
            interrupt();
            assert_eq!(told.recv_timeout(Duration::from_secs(20)), Ok(press));
        }
    }
}
