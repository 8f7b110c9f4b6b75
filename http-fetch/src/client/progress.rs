//! The line that a person watches during a download.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use common::terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::text;

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
        if self.bar.is_finished() {
            // Of an earlier try.
            self.bar.reset();
        }
        let (name, is_narrow) = fit(name, columns());
        let template = match total {
            Some(_) if is_narrow => text::bar_on_a_narrow_screen(),
            Some(_) => text::bar(),
            None => UNTIL_NOW,
        };
        self.set_template(template);
        if let Some(total) = total {
            self.bar.set_length(total);
        }
        self.bar.set_message(name);
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

    /// Takes the line away, as if it had never been.
    pub(crate) fn erase(&self) {
        if !self.bar.is_hidden() && !self.bar.is_finished() {
            self.bar.finish_and_clear();
        }
    }

    fn set_template(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
    }
}

/// Columns that the figures take at most, with a short bar between them.
const FIGURES: usize = 56;

/// As much of the name as fits before the figures on a line, with a blank; whether none does, nor
/// the bar.
fn fit(name: &str, columns: usize) -> (String, bool) {
    const LEAST: usize = 4;
    let Some(room) = columns.checked_sub(FIGURES).filter(|&room| room >= LEAST) else {
        return (String::new(), true);
    };
    if terminal::columns(name) <= room {
        return (format!("{name} "), false);
    }
    let mut short = String::new();
    for letter in name.chars() {
        short.push(letter);
        if terminal::columns(&short) >= room {
            short.pop();
            break;
        }
    }
    (short + "… ", false)
}

/// How wide the terminal is, or what most are.
fn columns() -> usize {
    terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| usize::from(width.0))
}

const UNTIL_NOW: &str = "{msg}{bytes} {binary_bytes_per_sec} {elapsed}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_takes_what_the_figures_leave() {
        assert_eq!(fit("page", 80), ("page ".to_owned(), false));
        assert_eq!(
            fit("a-very-long-name-of-a-file.tar.gz", 80),
            ("a-very-long-name-of-a-f… ".to_owned(), false)
        );
        assert_eq!(
            fit("一个名字很长的文件.tar.gz", 80),
            ("一个名字很长的文件.tar.… ".to_owned(), false)
        );
        assert_eq!(fit("page", 60), ("page ".to_owned(), false));
        assert_eq!(fit("pages", 60), ("pag… ".to_owned(), false));
        assert_eq!(fit("page", 59), (String::new(), true));
        assert_eq!(fit("page", 0), (String::new(), true));
    }
}
