//! The screen of a terminal: what a program has drawn on it, and what it answers by itself.

use std::io::Read;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::output::{Output, each_chunk};
use crate::watched::Watched;

pub(super) struct Screen {
    parser: vt100::Parser<Answers>,
    /// Whether nobody can draw on it any more.
    pub(super) ended: bool,
}

impl Screen {
    /// An empty one. What it answers goes to `keyboard`.
    #[track_caller]
    pub(super) fn new(cols: u16, rows: u16, keyboard: Sender<Vec<u8>>) -> Self {
        let (rows, cols) = size(cols, rows);
        let parser = vt100::Parser::new_with_callbacks(rows, cols, 10_000, Answers(keyboard));
        Screen { parser, ended: false }
    }

    pub(super) fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// The cursor's column and row, from 0.
    pub(super) fn cursor(&self) -> (u16, u16) {
        let (row, column) = self.parser.screen().cursor_position();
        (column, row)
    }

    pub(super) fn resize(&mut self, cols: u16, rows: u16) {
        let (rows, cols) = size(cols, rows);
        self.parser.set_size(rows, cols);
    }
}

#[track_caller]
fn size(cols: u16, rows: u16) -> (NonZeroU16, NonZeroU16) {
    (NonZeroU16::new(rows).expect("rows"), NonZeroU16::new(cols).expect("columns"))
}

/// What a terminal answers by itself, as if typed: where its cursor is (line editors ask).
struct Answers(Sender<Vec<u8>>);

impl vt100::Callbacks for Answers {
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        intermediate: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        command: char,
    ) {
        if intermediate.is_none() && command == 'n' && params == [[6]] {
            let (row, column) = screen.cursor_position();
            let _ = self.0.send(format!("\x1b[{};{}R", row + 1, column + 1).into_bytes());
        }
    }
}

/// Draws all that comes from `reader`, on a thread of its own; what came is in `raw`, too.
pub(super) fn draw(reader: Box<dyn Read + Send>, screen: Arc<Watched<Screen>>, raw: Output) {
    std::thread::spawn(move || {
        each_chunk(reader, |chunk| {
            screen.update(|screen| screen.parser.process(chunk));
            raw.update(|raw| raw.bytes.extend_from_slice(chunk));
        });
        screen.update(|screen| screen.ended = true);
        raw.update(|raw| raw.ended = true);
    });
}
