//! Who may draw on the terminal: the line editor while a line is being typed, all others between
//! two lines.

use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

#[cfg(unix)]
use super::job_control::{ask_group_to_stop, wait_for_foreground};
use super::mode::Mode;
use super::stdout::write_out;

/// The one terminal, for [`restore_terminal`] and [`show_above`]: they are called from where no
/// `Input` is at hand.
static SCREEN: OnceLock<Arc<Screen>> = OnceLock::new();

/// Gives the terminal back as it was found: its modes, bracketed paste off, the cursor on a fresh
/// line, and everything shown that was printed before.
///
/// To be called, from any thread, before every exit of a program that has an
/// [`Input`](super::Input); the first call counts and others do nothing. Without a terminal it does
/// nothing at all.
pub fn restore_terminal() {
    if let Some(screen) = SCREEN.get() {
        screen.leave();
    }
}

/// Stops the program by this call, as Ctrl+Z does: the shell gets its terminal back until we are
/// continued in the foreground.
#[cfg(unix)]
pub(super) fn stop(act: impl FnOnce()) {
    match SCREEN.get() {
        Some(screen) => screen.stop(act),
        None => act(),
    }
}

/// Shows `line`, which has its end, above the line being typed, if one is being typed and stderr
/// goes to that terminal.
///
/// For notices and traces, which would be written into the middle of it otherwise. Returns whether
/// it did; otherwise the caller writes it where it belongs.
pub(crate) fn show_above(line: &str) -> bool {
    let Some(screen) = SCREEN.get() else { return false };
    // Redirected notices go where they were sent.
    io::stderr().is_terminal() && screen.print_if_busy(line)
}

/// Bracketed paste, which rustyline asks for on Unix alone: a console of Windows that is back in
/// its own mode may show this where others obey it.
#[cfg(unix)]
const PASTE_ON: &str = "\x1b[?2004h";
const PASTE_OFF: &str = if cfg!(unix) { "\x1b[?2004l" } else { "" };

/// How much may wait to be shown before whoever prints has to wait too, in bytes.
const MAX_WAITING: usize = 1 << 20;

/// What printers, the thread at the prompt and [`restore_terminal`] share.
pub(super) struct Screen {
    state: Mutex<State>,
    changed: Condvar,
    wake: SyncSender<()>,
}

#[derive(Default)]
struct State {
    phase: Phase,
    /// Lines to be shown above the line being typed, each with its end.
    waiting: String,
    /// The prompt, and what has been typed behind it.
    prompt: String,
    typed: String,
    original: Option<Mode>,
    /// [`restore_terminal`] has begun.
    leaving: bool,
    /// rustyline's thread has come to rest, in the middle of a redraw or when Enter was pressed.
    parked: bool,
    /// [`restore_terminal`] is done.
    restored: bool,
    /// How often the program has been stopped, and continued.
    #[cfg(unix)]
    stops: u64,
}

/// Who owns the screen.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    /// Nobody: no prompt is shown.
    #[default]
    Idle,
    /// rustyline, but it has not yet switched the terminal over.
    Entering,
    Editing,
    /// rustyline, but Enter has been pressed and it is about to switch the terminal back.
    Leaving,
}

impl Screen {
    /// The screen of a terminal as it was found. `wake` makes rustyline draw prompt and line once
    /// more.
    pub(super) fn new(wake: SyncSender<()>) -> Arc<Self> {
        let state = State { original: Mode::now(), ..State::default() };
        state.without_echo();
        let screen = Arc::new(Self { state: Mutex::new(state), changed: Condvar::new(), wake });
        // A second `Input` would be a bug, but not one to leave a terminal broken for.
        let _ = SCREEN.set(Arc::clone(&screen));
        screen
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops rustyline's thread for good: it would put the terminal into a mode of its own again,
    /// just before the process exits.
    fn park(&self, mut state: MutexGuard<'_, State>) -> ! {
        state.parked = true;
        drop(state);
        self.changed.notify_all();
        loop {
            thread::park();
        }
    }

    /// Hands the screen to rustyline, unless the program is leaving.
    pub(super) fn begin(&self) -> bool {
        let mut state = self.lock();
        if !state.leaving {
            state.phase = Phase::Entering;
            state.typed.clear();
            // Once more: a shell that has stopped and continued us in between has put its own mode
            // in place.
            state.without_echo();
        }
        !state.leaving
    }

    /// Takes the screen back from rustyline; says whether the program goes on.
    pub(super) fn finish(&self) -> bool {
        let mut state = self.lock();
        state.phase = Phase::Idle;
        let waiting = std::mem::take(&mut state.waiting);
        if !waiting.is_empty() {
            // Nobody is left to tell; the next one who prints meets the same error.
            let _ = write_out(waiting.as_bytes());
        }
        if state.leaving {
            // rustyline has just put back what it found, which is the mode between two prompts.
            state.original_mode();
        }
        self.changed.notify_all();
        !state.leaving
    }

    /// Prints whole lines, each with its end.
    pub(super) fn print(&self, lines: &str) -> io::Result<()> {
        let mut state = self.lock();
        while state.waiting.len() > MAX_WAITING && state.is_busy() {
            self.wake_up();
            let waited = self.changed.wait_timeout(state, Duration::from_millis(100));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if !state.is_busy() {
            return write_out(lines.as_bytes());
        }
        state.waiting.push_str(lines);
        self.wake_up();
        Ok(())
    }

    /// Prints lines if rustyline owns the screen and there is room for them; never waits.
    fn print_if_busy(&self, lines: &str) -> bool {
        let mut state = self.lock();
        let takes = state.is_busy() && state.waiting.len() <= MAX_WAITING;
        if takes {
            state.waiting.push_str(lines);
            self.wake_up();
        }
        takes
    }

    fn leave(&self) {
        // A terminal that does not take our output must not keep us here.
        let limit = Duration::from_millis(250);
        let mut state = self.lock();
        if std::mem::replace(&mut state.leaving, true) {
            // A second caller waits for the first, or the process would exit in the middle of it.
            drop(self.changed.wait_timeout_while(state, limit, |state| !state.restored));
            return;
        }
        // rustyline cannot be stopped, only met: at its next redraw, or when it is done with a
        // line.
        self.wake_up();
        let on_its_way = |state: &mut State| state.phase != Phase::Idle && !state.parked;
        let met = self.changed.wait_timeout_while(state, limit, on_its_way);
        let mut state = met.unwrap_or_else(PoisonError::into_inner).0;
        state.original_mode();
        let last_words = state.last_words();
        state.phase = Phase::Idle;
        drop(state);
        if !last_words.is_empty() {
            let _ = write_out(last_words.as_bytes());
        }
        self.lock().restored = true;
        self.changed.notify_all();
    }

    /// The prompt as rustyline is to draw it: what waits goes before it, above the line being
    /// typed.
    pub(super) fn prompt<'p>(&self, prompt: &'p str) -> Cow<'p, str> {
        let mut state = self.lock();
        if state.leaving {
            self.park(state);
        }
        if state.phase == Phase::Entering {
            state.phase = Phase::Editing;
        }
        prompt.clone_into(&mut state.prompt);
        self.changed.notify_all();
        match state.waiting.as_str() {
            "" => Cow::Borrowed(prompt),
            _ => Cow::Owned(std::mem::take(&mut state.waiting) + prompt),
        }
    }

    /// What has been typed so far.
    pub(super) fn typed(&self, line: &str) {
        line.clone_into(&mut self.lock().typed);
    }

    /// Enter has been pressed.
    pub(super) fn entered(&self) {
        let mut state = self.lock();
        if state.leaving {
            self.park(state);
        }
        state.phase = Phase::Leaving;
    }

    /// Ctrl+Z has been pressed at the prompt. The thread that takes the signal stops the program;
    /// nothing may be drawn before it has gone on.
    #[cfg(unix)]
    pub(super) fn suspend(&self) {
        let state = self.lock();
        let before = state.stops;
        ask_group_to_stop();
        drop(self.changed.wait_while(state, |state| state.stops == before && !state.leaving));
    }

    #[cfg(unix)]
    fn stop(&self, act: impl FnOnce()) {
        let mode = Mode::now();
        let state = self.lock();
        state.original_mode();
        let at_prompt = state.is_busy();
        drop(state);
        if at_prompt {
            let _ = write_out(PASTE_OFF.as_bytes());
        }
        act();
        // Continued in the background, where nothing can be typed, we wait for our turn.
        wait_for_foreground();
        let mut state = self.lock();
        if let Some(mode) = mode.filter(|_| !state.leaving) {
            mode.apply();
        }
        state.stops += 1;
        drop(state);
        self.changed.notify_all();
        if at_prompt {
            let _ = write_out(PASTE_ON.as_bytes());
            self.wake_up();
        }
    }

    /// One request that waits already is enough: a redraw takes all there is.
    fn wake_up(&self) {
        let _ = self.wake.try_send(());
    }
}

impl State {
    /// Whether rustyline draws on the screen, so that nobody else may.
    fn is_busy(&self) -> bool {
        self.phase != Phase::Idle
    }

    /// What is still to be shown, and the cursor on a fresh line behind it.
    fn last_words(&mut self) -> String {
        let waiting = std::mem::take(&mut self.waiting);
        match self.phase {
            Phase::Idle => waiting,
            // The redraw that was stopped has cleared the line: it is drawn once more, to stay.
            Phase::Editing if self.parked => {
                format!("\r\x1b[J{waiting}{}{}\r\n{PASTE_OFF}", self.prompt, self.typed)
            }
            Phase::Entering if self.parked => waiting + PASTE_OFF,
            _ => format!("\r\n\x1b[J{waiting}{PASTE_OFF}"),
        }
    }

    fn without_echo(&self) {
        if let Some(original) = &self.original {
            original.without_echo().apply();
        }
    }

    fn original_mode(&self) {
        if let Some(original) = &self.original {
            original.apply();
        }
    }
}
