//! Printing while a line is being typed.

use std::io;
use std::sync::Arc;

use super::escape::bytes_as_line;
use super::screen::Screen;
use super::stdout::Stdout;

/// Prints whole lines: above the line being typed on a terminal, else plainly to stdout. Cheap to
/// clone.
#[derive(Clone)]
pub struct Printer {
    stdout: Arc<Stdout>,
    screen: Option<Arc<Screen>>,
}

impl Printer {
    /// Prints plainly, since nobody edits a line here.
    pub(super) fn plain() -> Self {
        Self { stdout: Arc::new(Stdout::new()), screen: None }
    }

    /// Prints above the line that is being typed on this screen.
    pub(super) fn above(screen: Arc<Screen>) -> Self {
        Self { screen: Some(screen), ..Self::plain() }
    }

    /// Prints `prefix` and one message on a line of its own.
    ///
    /// `bytes` are what a peer sent: on a terminal control characters in them are shown escaped,
    /// and into a pipe they go as they came. `prefix` is the program's own.
    ///
    /// # Errors
    /// When stdout cannot be written, such as when its reader has gone.
    pub fn line(&self, prefix: &str, bytes: &[u8]) -> io::Result<()> {
        if let Some(screen) = &self.screen {
            return screen.print(&format!("{prefix}{}\n", bytes_as_line(bytes)));
        }
        self.stdout.line(prefix, bytes)
    }
}
