//! What the user has to say.

use std::process::ExitCode;

use common::terminal::{Input, Printer, Typed};
use common::{exit, notice};
use tcp_echo::Dialect;

use crate::text;

/// The messages of the command line, or else the lines of standard input.
pub(crate) struct Messages {
    input: Input,
    dialect: Dialect,
    interrupted: bool,
}

impl Messages {
    pub(crate) fn new(given: Vec<String>, dialect: Dialect) -> anyhow::Result<Self> {
        Ok(Self { input: Input::given_or_typed(given, ">>> ")?, dialect, interrupted: false })
    }

    /// The next message, never an empty one: TCP carries bytes, and none of them are no message.
    /// The tutorial's client sends nothing, waits for a reply to it, and so waits for ever.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        loop {
            match self.input.next_line()? {
                Typed::Line(message) if self.dialect.ends_at(&message) => return Ok(None),
                Typed::Line(message) if message.is_empty() => {
                    notice!("{}", text::empty_message());
                }
                Typed::Line(message) => return Ok(Some(message)),
                Typed::End => return Ok(None),
                Typed::Interrupted => {
                    self.interrupted = true;
                    return Ok(None);
                }
            }
        }
    }

    /// Whether they come from a pipe or a file.
    pub(crate) fn is_pipe(&self) -> bool {
        self.input.is_pipe()
    }

    /// Prints lines beside the one that is being typed.
    pub(crate) fn printer(&self) -> Printer {
        self.input.printer()
    }

    /// The client's exit status when all went well.
    pub(crate) fn status(&self) -> ExitCode {
        ExitCode::from(if self.interrupted { exit::INTERRUPTED } else { 0 })
    }
}
