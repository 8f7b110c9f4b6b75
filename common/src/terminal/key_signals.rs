//! Signals that end or stop a program in the middle of whatever it does: Ctrl+\, Ctrl+Z, and those
//! that somebody sends.
//!
//! Left to themselves they would leave the terminal in the mode in which it is at the moment: a
//! shell that does not look (dash) shows nothing of what is typed then. So they are blocked, a
//! thread of its own takes them (`man 3 sigwait`), puts the terminal back, and then lets each do
//! what it does. (SIGINT, SIGTERM and SIGHUP are the affair of `signals`.)

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nix::sys::signal::{SigSet, Signal, raise};

use super::notice::flush_stderr;
use super::screen;

/// What ends a program that does not handle it (`man 7 signal`).
const ENDING: [Signal; 7] = [
    Signal::SIGQUIT,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGALRM,
    Signal::SIGVTALRM,
    Signal::SIGPROF,
    Signal::SIGXCPU,
];

type Act = Box<dyn Fn() + Send + Sync>;

/// What Ctrl+\ does in place of ending the program.
static ON_QUIT: OnceLock<Act> = OnceLock::new();
static QUIT_IS_TAKEN: AtomicBool = AtomicBool::new(false);
static STOP_IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// From now on these signals leave the terminal as it was found. To be called before the first
/// thread, for each has a mask of its own, which it inherits. What was ignored before, as under
/// nohup(1), stays so.
pub(crate) fn take_key_signals(is_ignored: impl Fn(Signal) -> bool) {
    let mut signals = SigSet::empty();
    let all = ENDING.into_iter().chain([Signal::SIGTSTP]);
    all.filter(|signal| !is_ignored(*signal)).for_each(|signal| signals.add(signal));
    take(signals);
}

/// From now on Ctrl+\ (SIGQUIT) does this, and the program goes on. To be called before the first
/// thread that is not to be ended by it.
pub(crate) fn on_quit(act: impl Fn() + Send + Sync + 'static) {
    let _ = ON_QUIT.set(Box::new(act));
    if !QUIT_IS_TAKEN.load(Ordering::SeqCst) {
        let mut quit = SigSet::empty();
        quit.add(Signal::SIGQUIT);
        take(quit);
    }
}

/// Whether Ctrl+Z is taken by a thread of ours.
pub(super) fn stop_is_taken() -> bool {
    STOP_IS_TAKEN.load(Ordering::SeqCst)
}

fn take(signals: SigSet) {
    // Where one of these fails, the signals do what they do, without our care.
    if signals.thread_block().is_err() {
        return;
    }
    let thread = thread::Builder::new().name("key-signals".to_owned());
    match thread.spawn(move || while act_on_next(&signals) {}) {
        Ok(_) => {
            QUIT_IS_TAKEN.fetch_or(signals.contains(Signal::SIGQUIT), Ordering::SeqCst);
            STOP_IS_TAKEN.fetch_or(signals.contains(Signal::SIGTSTP), Ordering::SeqCst);
        }
        Err(_) => _ = signals.thread_unblock(),
    }
}

fn act_on_next(signals: &SigSet) -> bool {
    match signals.wait() {
        Ok(Signal::SIGTSTP) => screen::stop(|| let_act(Signal::SIGTSTP)),
        Ok(signal) => match ON_QUIT.get().filter(|_| signal == Signal::SIGQUIT) {
            Some(act) => act(),
            None => end_by(signal),
        },
        Err(error) => return error == nix::errno::Errno::EINTR,
    }
    true
}

/// Ends the program by that signal, so that whoever waits for it is told.
fn end_by(signal: Signal) {
    screen::restore_terminal();
    flush_stderr();
    let_act(signal);
}

/// Lets a blocked signal do what it does to a program that does not handle it.
fn let_act(signal: Signal) {
    let mut one = SigSet::empty();
    one.add(signal);
    let _ = raise(signal);
    let _ = one.thread_unblock();
    // Only after a stop is there something to go on with.
    let _ = one.thread_block();
}
