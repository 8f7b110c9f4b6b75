//! The terminal: a line being typed, and what others print meanwhile.
//!
//! A chat prints what the other side says while its own user is in the middle of a line, and the tutorial's programs print
//! it right into that line. Here the line being typed stays whole: what arrives appears above it. It also has to
//! survive a paste, and the terminal has to be given back as it was found, whatever ends the program.
//!
//! How lines get above the line being typed: [rustyline] redraws prompt and line by asking its helper for the prompt
//! right after it has cleared their rows. Ours ([`Hook`]) then answers *waiting lines + prompt*, so one write puts them
//! where they belong. rustyline's own `ExternalPrinter` only serves to wake it up: used for the text itself it
//! would hold back, or on leaving lose, a line that arrives in the moment in which Enter is pressed, and it
//! blocks its caller meanwhile.
//!
//! Between two prompts the terminal stays without echo and out of canonical mode, in which the kernel
//! keeps at most 4,095 bytes of a line (`man 3 termios`) and drops the rest of a paste. What is typed
//! early is simply there when the next prompt comes. Ctrl+C still makes a signal then.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use rustyline::completion::Completer;
use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
#[cfg(unix)]
use rustyline::{Cmd, ConditionalEventHandler, Event, EventContext, EventHandler, KeyEvent, RepeatCount};
use rustyline::{ColorMode, CompletionType, Config, Editor, ExternalPrinter, Helper};

use super::Typed;
use crate::notice;

/// The one terminal, for [`restore`] and [`show_above`]: they are called from where no `Input` is at hand.
static SCREEN: OnceLock<Arc<Screen>> = OnceLock::new();

pub(super) fn can_edit_lines() -> bool {
    // The terminals that rustyline does not know how to draw on.
    let dumb = std::env::var("TERM").is_ok_and(|term| ["dumb", "cons25", "emacs"].contains(&term.as_str()));
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

pub(super) fn restore() {
    if let Some(screen) = SCREEN.get() {
        screen.restore();
    }
}

pub(super) fn show_above(line: &str) -> bool {
    let Some(screen) = SCREEN.get() else { return false };
    // Redirected notices go where they were sent.
    io::stderr().is_terminal() && screen.print_if_busy(line)
}

/// The line being typed.
pub(super) struct Prompt {
    text: String,
    editor: Editor<Hook, DefaultHistory>,
    screen: Arc<Screen>,
    /// The rest of a paste of several lines, which arrives as one.
    pasted: VecDeque<String>,
}

impl Prompt {
    pub(super) fn new(text: &str) -> anyhow::Result<Self> {
        let config = Config::builder()
            .max_history_size(1000)?
            .auto_add_history(true)
            .completion_type(CompletionType::List)
            // Not about colour: rustyline asks its helper only when it may, and `NO_COLOR` would switch `Hook` off.
            .color_mode(ColorMode::Forced)
            .build();
        let mut editor = Editor::<Hook, DefaultHistory>::with_config(config)?;
        // A redraw that we stop halfway, on leaving, must not leave the terminal waiting for the other half.
        editor.enable_synchronized_output(false);
        let mut waker = editor.create_external_printer()?;
        let (wake, woken) = sync_channel(1);
        let screen = Arc::new(Screen {
            state: Mutex::new(State { original: Mode::now(), ..State::default() }),
            changed: Condvar::new(),
            wake,
        });
        // A thread of its own, because rustyline makes whoever wakes it wait until it looks.
        thread::Builder::new().name("waker".into()).spawn(move || {
            while let Ok(()) = woken.recv() {
                if waker.print(REDRAW.to_owned()).is_err() {
                    return;
                }
            }
        })?;
        editor.set_helper(Some(Hook { screen: Arc::clone(&screen) }));
        #[cfg(unix)]
        editor.bind_sequence(KeyEvent::ctrl('Z'), EventHandler::Conditional(Box::new(Stopper)));
        screen.lock().without_echo();
        // A second `Input` would be a bug, but not one to leave a terminal broken for.
        let _ = SCREEN.set(Arc::clone(&screen));
        Ok(Self { text: text.to_owned(), editor, screen, pasted: VecDeque::new() })
    }

    pub(super) fn screen(&self) -> Arc<Screen> {
        Arc::clone(&self.screen)
    }

    pub(super) fn next_line(&mut self) -> anyhow::Result<Typed> {
        if let Some(line) = self.pasted.pop_front() {
            return Ok(Typed::Line(line.into_bytes()));
        }
        loop {
            if !self.screen.begin() {
                return Ok(Typed::End);
            }
            let answer = self.editor.readline(&self.text);
            if !self.screen.finish() {
                return Ok(Typed::End);
            }
            return match answer {
                Ok(text) => Ok(Typed::Line(first_line(&text, &mut self.pasted))),
                Err(ReadlineError::Eof) => Ok(Typed::End),
                Err(ReadlineError::Interrupted) => Ok(Typed::Interrupted),
                Err(ReadlineError::Signal(_)) => continue,
                Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                    notice!("what was typed is not UTF-8 and was dropped");
                    continue;
                }
                // The terminal is gone, and with it whoever typed.
                #[cfg(unix)]
                Err(ReadlineError::Errno(nix::errno::Errno::EIO)) => Ok(Typed::End),
                Err(ReadlineError::Io(error)) if is_gone(&error) => Ok(Typed::End),
                Err(error) => Err(error).context("cannot read from the terminal"),
            };
        }
    }
}

#[cfg(unix)]
fn is_gone(error: &io::Error) -> bool {
    error.raw_os_error() == Some(nix::errno::Errno::EIO as i32)
}

#[cfg(not(unix))]
fn is_gone(_: &io::Error) -> bool {
    false
}

/// Splits a paste of several lines: the first is the answer, the rest wait in `later`.
fn first_line(text: &str, later: &mut VecDeque<String>) -> Vec<u8> {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    later.extend(lines.map(str::to_owned));
    first.as_bytes().to_vec()
}

/// Wakes rustyline up. It clears the rows of prompt and line, prints this, and draws both again. An empty text would
/// leave an empty row, since rustyline ends every text with a newline; so this one goes a row up first.
const REDRAW: &str = "\x1b[A\n";

#[cfg(unix)]
const PASTE_ON: &str = "\x1b[?2004h";
const PASTE_OFF: &str = "\x1b[?2004l";

/// How much may wait to be shown before whoever prints has to wait too, in bytes.
const MAX_WAITING: usize = 1 << 20;

/// What printers, the thread at the prompt and [`restore`] share.
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
    /// [`restore`] has begun.
    leaving: bool,
    /// rustyline's thread has come to rest, in the middle of a redraw or when Enter was pressed.
    parked: bool,
    /// [`restore`] is done.
    restored: bool,
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
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// rustyline's thread goes no further: all it would do is to put the terminal into a mode of its own again, just before
    /// the process exits.
    fn park(&self, mut state: MutexGuard<'_, State>) -> ! {
        state.parked = true;
        drop(state);
        self.changed.notify_all();
        loop {
            thread::park();
        }
    }

    /// Hands the screen to rustyline, unless the program is leaving.
    fn begin(&self) -> bool {
        let mut state = self.lock();
        if !state.leaving {
            state.phase = Phase::Entering;
            state.typed.clear();
            // Once more: a shell that has stopped and continued us in between has put its own mode in place.
            state.without_echo();
        }
        !state.leaving
    }

    /// Takes the screen back from rustyline; says whether the program goes on.
    fn finish(&self) -> bool {
        let mut state = self.lock();
        state.phase = Phase::Idle;
        let waiting = std::mem::take(&mut state.waiting);
        if !waiting.is_empty() {
            // Nobody is left to tell; the next one who prints meets the same error.
            let _ = write_out(&waiting);
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
            return write_out(lines);
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

    fn restore(&self) {
        // A terminal that does not take our output must not keep us here.
        let patience = Duration::from_millis(250);
        let mut state = self.lock();
        if std::mem::replace(&mut state.leaving, true) {
            // Whoever comes second waits for the first, or the process would exit in the middle of it.
            drop(self.changed.wait_timeout_while(state, patience, |state| !state.restored));
            return;
        }
        // rustyline cannot be stopped, only met: at its next redraw, or when it is done with a line.
        self.wake_up();
        let on_its_way = |state: &mut State| state.phase != Phase::Idle && !state.parked;
        let met = self.changed.wait_timeout_while(state, patience, on_its_way);
        let mut state = met.unwrap_or_else(PoisonError::into_inner).0;
        state.original_mode();
        let last_words = state.last_words();
        state.phase = Phase::Idle;
        drop(state);
        if !last_words.is_empty() {
            let _ = write_out(&last_words);
        }
        self.lock().restored = true;
        self.changed.notify_all();
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

fn write_out(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// What rustyline asks while it draws; see the head of this module.
struct Hook {
    screen: Arc<Screen>,
}

impl Highlighter for Hook {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _default: bool) -> Cow<'b, str> {
        let mut state = self.screen.lock();
        if state.leaving {
            self.screen.park(state);
        }
        if state.phase == Phase::Entering {
            state.phase = Phase::Editing;
        }
        prompt.clone_into(&mut state.prompt);
        self.screen.changed.notify_all();
        match state.waiting.as_str() {
            "" => Cow::Borrowed(prompt),
            _ => Cow::Owned(std::mem::take(&mut state.waiting) + prompt),
        }
    }

    /// Asked whenever the line or the cursor in it changes. No character is ever highlighted.
    fn highlight_char(&self, line: &str, _: usize, _: CmdKind) -> bool {
        line.clone_into(&mut self.screen.lock().typed);
        false
    }
}

impl Validator for Hook {
    /// Asked when Enter is pressed. Every line is fine.
    fn validate(&self, _: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let mut state = self.screen.lock();
        if state.leaving {
            self.screen.park(state);
        }
        state.phase = Phase::Leaving;
        Ok(ValidationResult::Valid(None))
    }
}

impl Completer for Hook {
    type Candidate = String;

    /// Nothing is completed here, so the Tab key types a tab: one in the middle of pasted text must not get lost.
    fn complete(
        &self,
        _line: &str,
        at: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Self::Candidate>)> {
        Ok((at, vec!["\t".to_owned()]))
    }
}

/// Ctrl+Z: the shell gets its terminal back, and we take it again when we are continued.
///
/// rustyline's own way is for programs of one thread: it asks for the stop and goes on, and switches the terminal over
/// again before another thread has taken the signal. What is typed after `fg` then goes nowhere.
#[cfg(unix)]
struct Stopper;

#[cfg(unix)]
impl ConditionalEventHandler for Stopper {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        use nix::sys::signal::{Signal, raise};
        let editing = Mode::now();
        if let Some(screen) = SCREEN.get() {
            screen.lock().original_mode();
        }
        let _ = write_out(PASTE_OFF);
        stop_once();
        while !Mode::is_ours() {
            // Continued in the background, where nothing can be typed.
            let _ = raise(Signal::SIGTTIN);
        }
        if let Some(editing) = editing {
            editing.apply();
        }
        let _ = write_out(PASTE_ON);
        Some(Cmd::Repaint)
    }
}

/// Stops the process group (0, `man 2 kill`), and returns when it has been continued.
///
/// The group's signal is taken by any of our threads at any time, before or after `kill` returns. So this thread has one of its own
/// waiting: let in, it stops us at once if we have not been stopped yet; and if we have been, SIGCONT has removed it
/// (`man 7 signal`). Either way that is one stop.
#[cfg(unix)]
fn stop_once() {
    use nix::sys::signal::{SigSet, Signal, kill, raise};
    let mut stop = SigSet::empty();
    stop.add(Signal::SIGTSTP);
    let _ = stop.thread_block();
    let _ = raise(Signal::SIGTSTP);
    let _ = kill(nix::unistd::Pid::from_raw(0), Signal::SIGTSTP);
    let _ = stop.thread_unblock();
}

impl Hinter for Hook {
    type Hint = String;
}

impl Helper for Hook {}

/// A terminal's mode.
#[cfg(unix)]
struct Mode(nix::sys::termios::Termios);

#[cfg(unix)]
impl Mode {
    fn now() -> Option<Self> {
        nix::sys::termios::tcgetattr(io::stdin()).ok().map(Self)
    }

    /// Keys as they come, nothing echoed, but Ctrl+C still a signal: rustyline's mode otherwise, so that nothing changes
    /// for a paste that arrives in parts.
    fn without_echo(&self) -> Self {
        use nix::sys::termios::{InputFlags, LocalFlags};
        let mut mode = self.0.clone();
        mode.input_flags &= !(InputFlags::ICRNL | InputFlags::IXON);
        mode.local_flags &= !(LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::IEXTEN);
        Self(mode)
    }

    /// Whether we are in the foreground. A terminal that has gone is nobody's, and not worth waiting for.
    fn is_ours() -> bool {
        nix::unistd::tcgetpgrp(io::stdin()).map_or(true, |group| group == nix::unistd::getpgrp())
    }

    fn apply(&self) {
        use nix::sys::termios::{SetArg, tcsetattr};
        // In the background the terminal is the shell's, and setting it would stop us (SIGTTOU).
        if Self::is_ours() {
            // Nothing can be done about a terminal that has just gone away.
            let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.0);
        }
    }
}

/// Elsewhere rustyline's own care has to do.
#[cfg(not(unix))]
struct Mode;

#[cfg(not(unix))]
impl Mode {
    fn now() -> Option<Self> {
        None
    }

    fn without_echo(&self) -> Self {
        Self
    }

    fn apply(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_of_several_lines_is_several_lines() {
        let mut later = VecDeque::new();
        assert_eq!(first_line("一\n\n三\n", &mut later), "一".as_bytes());
        assert_eq!(later, ["", "三"]);
        let mut later = VecDeque::new();
        assert_eq!(first_line("", &mut later), b"");
        assert!(later.is_empty());
    }
}
