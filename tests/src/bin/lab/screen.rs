//! What standard output is: a person's terminal of some width, or a pipe or a file.

use std::env;
use std::io::{self, IsTerminal};

use terminal_size::{Width, terminal_size_of};

use crate::ladder::Look;

/// The width where there is no terminal to ask.
const WIDTH: usize = 100;
/// Arrows that are longer are no easier to read.
const WIDEST: usize = 140;

/// How ladders look on standard output: as wide as the terminal, and coloured only there (<https://no-color.org>).
pub(crate) fn look() -> Look {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let width = terminal_size_of(&stdout).map_or(WIDTH, |(Width(columns), _)| usize::from(columns));
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Look { width: width.min(WIDEST), colour: terminal && !no_colour, ..Look::default() }
}
