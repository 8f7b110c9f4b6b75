//! The line that a person watches during a download.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Bytes, rate and time left on standard error, if that is a terminal; otherwise nothing at all.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
    wanted: bool,
}

impl Progress {
    /// Not shown yet. `wanted` is false where something else is being written to the terminal.
    pub(crate) fn new(wanted: bool) -> Self {
        Self { bar: ProgressBar::hidden(), wanted: wanted && io::stderr().is_terminal() }
    }

    /// Begins at `from` bytes of `total`, if that is known.
    pub(crate) fn start(&self, name: &str, from: u64, total: Option<u64>) {
        if !self.wanted {
            return;
        }
        let template = match total {
            Some(_) => "{msg} {bytes}/{total_bytes} [{wide_bar}] {binary_bytes_per_sec} {eta} left",
            None => UNTIL_NOW,
        };
        self.set_template(template);
        if let Some(total) = total {
            self.bar.set_length(total);
        }
        self.bar.set_message(name.to_owned());
        self.bar.set_position(from);
        self.bar.reset_eta();
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        // The time goes on when no bytes come.
        self.bar.enable_steady_tick(Duration::from_millis(250));
    }

    /// So many bytes are there now.
    pub(crate) fn at(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    /// Says how far it came, and leaves the cursor on the next line.
    pub(crate) fn stop(&self) {
        if self.bar.is_hidden() || self.bar.is_finished() {
            return;
        }
        self.set_template(UNTIL_NOW);
        self.bar.abandon();
        let _ = io::stderr().write_all(b"\n");
    }

    fn set_template(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
    }
}

const UNTIL_NOW: &str = "{msg} {bytes} {binary_bytes_per_sec} {elapsed}";
