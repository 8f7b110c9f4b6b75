//! The terminal: a line being typed, and what others print meanwhile.
//!
//! A chat prints what the other side says while its own user is in the middle of a line, and the
//! tutorial's programs print it right into that line. Here the line being typed stays whole: what
//! arrives appears above it. It also has to survive a paste, and the terminal has to be given back
//! as it was found, whatever ends the program.
//!
//! How lines get above the line being typed: [rustyline] redraws prompt and line by asking its
//! helper for the prompt right after it has cleared their rows. Ours ([`Hook`]) then answers
//! *waiting lines + prompt*, so one write puts them where they belong. rustyline's own
//! `ExternalPrinter` only serves to wake it up: used for the text itself it would hold back, or on
//! leaving lose, a line that arrives in the moment in which Enter is pressed, and it blocks its
//! caller meanwhile.
//!
//! Between two prompts the terminal stays without echo and out of canonical mode, in which the
//! kernel keeps at most 4,095 bytes of a line (`man 3 termios`) and drops the rest of a paste. What
//! is typed early is simply there when the next prompt comes. Ctrl+C still makes a signal then.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::Context as _;
use rustyline::completion::Completer;
use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, EventHandler, KeyEvent, RepeatCount,
};
use rustyline::{ColorMode, CompletionType, Config, Editor, ExternalPrinter, Helper};

#[cfg(unix)]
use super::key_signals::stop_is_taken;
use super::screen::Screen;
use super::typed::Typed;
use crate::notice;
use crate::text::words;

pub(crate) fn can_edit_lines() -> bool {
    // The terminals that rustyline does not know how to draw on.
    let dumb = std::env::var("TERM")
        .is_ok_and(|term| ["dumb", "cons25", "emacs"].contains(&term.as_str()));
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

/// The line being typed.
pub(super) struct LineEditor {
    text: String,
    editor: Editor<Hook, DefaultHistory>,
    screen: Arc<Screen>,
    /// The rest of a paste of several lines, which arrives as one.
    pasted: VecDeque<String>,
}

impl LineEditor {
    pub(super) fn new(text: &str) -> anyhow::Result<Self> {
        let config = Config::builder()
            .max_history_size(1000)?
            .auto_add_history(true)
            .completion_type(CompletionType::List)
            // Not about colour: rustyline asks its helper only when it may, and `NO_COLOR` would
            // switch `Hook` off.
            .color_mode(ColorMode::Forced)
            .build();
        let mut editor = Editor::<Hook, DefaultHistory>::with_config(config)?;
        // A redraw that we stop halfway, on leaving, must not leave the terminal waiting for the
        // other half.
        editor.enable_synchronized_output(false);
        let mut waker = editor.create_external_printer()?;
        let (wake, woken) = sync_channel(1);
        // A thread of its own, because rustyline makes whoever wakes it wait until it looks.
        thread::Builder::new().name("waker".into()).spawn(move || {
            while let Ok(()) = woken.recv() {
                if waker.print(REDRAW.to_owned()).is_err() {
                    return;
                }
            }
        })?;
        let screen = Screen::new(wake);
        editor.set_helper(Some(Hook { screen: Arc::clone(&screen) }));
        #[cfg(unix)]
        let ctrl_z = Suspend { screen: Arc::clone(&screen) };
        #[cfg(windows)]
        let ctrl_z = EndOfInput;
        editor.bind_sequence(KeyEvent::ctrl('Z'), EventHandler::Conditional(Box::new(ctrl_z)));
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
                    notice!("{}", words::typed_no_utf8());
                    continue;
                }
                // The terminal is gone, and with it whoever typed.
                #[cfg(unix)]
                Err(ReadlineError::Errno(nix::errno::Errno::EIO)) => Ok(Typed::End),
                Err(ReadlineError::Io(error)) if is_gone(&error) => Ok(Typed::End),
                Err(error) => Err(error).context(words::cannot_read_terminal()),
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

/// Wakes rustyline up. It clears the rows of prompt and line, prints this, and draws both again. An
/// empty text would leave an empty row, since rustyline ends every text with a newline; so this one
/// goes a row up first.
const REDRAW: &str = "\x1b[A\n";

/// What rustyline asks while it draws; see the head of this module.
struct Hook {
    screen: Arc<Screen>,
}

impl Highlighter for Hook {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(
        &'s self,
        prompt: &'p str,
        _default: bool,
    ) -> Cow<'b, str> {
        self.screen.prompt(prompt)
    }

    /// Asked whenever the line or the cursor in it changes. No character is ever highlighted.
    fn highlight_char(&self, line: &str, _: usize, _: CmdKind) -> bool {
        self.screen.typed(line);
        false
    }
}

impl Validator for Hook {
    /// Asked when Enter is pressed. Every line is fine.
    fn validate(&self, _: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        self.screen.entered();
        Ok(ValidationResult::Valid(None))
    }
}

impl Completer for Hook {
    type Candidate = String;

    /// Nothing is completed here, so the Tab key types a tab: one in the middle of pasted text must
    /// not get lost.
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
/// rustyline's own way is for programs of one thread: it asks for the stop and goes on, and
/// switches the terminal over again before another thread has taken the signal (`key_signals`).
/// What is typed after `fg` then goes nowhere.
#[cfg(unix)]
struct Suspend {
    screen: Arc<Screen>,
}

#[cfg(unix)]
impl ConditionalEventHandler for Suspend {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        if stop_is_taken() {
            self.screen.suspend();
        }
        Some(Cmd::Repaint)
    }
}

/// Ctrl+Z: the end of input on an empty line, as everywhere on Windows. The Enter that belongs to
/// it there comes too late, and finds the shell.
#[cfg(windows)]
struct EndOfInput;

#[cfg(windows)]
impl ConditionalEventHandler for EndOfInput {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, line: &EventContext<'_>) -> Option<Cmd> {
        Some(if line.line().is_empty() { Cmd::EndOfFile } else { Cmd::Noop })
    }
}

impl Hinter for Hook {
    type Hint = String;
}

impl Helper for Hook {}

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
