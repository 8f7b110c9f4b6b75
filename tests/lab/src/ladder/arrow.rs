//! The arrow of a message in a line of text: what travels stands on its shaft.

use common::terminal::{self, escape_line};

use super::fit::{cut, quoted};
use super::{Fate, Load};
use crate::text;

/// An arrow of that many columns. One that is lost ends in a cross before it gets there.
pub(super) fn shaft(columns: usize, to_the_right: bool, load: &Load, fate: Fate) -> String {
    let (tip, gap) = match (fate, to_the_right) {
        (Fate::Arrives, true) => ('▶', 0),
        (Fate::Arrives, false) => ('◀', 0),
        (Fate::Lost, _) => ('✗', columns / 8),
    };
    // A stroke and a blank on each side of the label, the tip, and what is missing of an arrow that
    // is lost.
    let label = label(load, columns.saturating_sub(5 + gap));
    let line = columns.saturating_sub(terminal::columns(&label) + 4 + gap);
    if to_the_right {
        format!("─ {label} {}{tip}{:gap$}", "─".repeat(line), "")
    } else {
        format!("{:gap$}{tip}{} {label} ─", "", "─".repeat(line))
    }
}

fn label(load: &Load, room: usize) -> String {
    match load {
        Load::Words(words) => cut(&escape_line(words), room),
        Load::Bytes(bytes, remark) => {
            let mut label = text::bytes(bytes.len() as u64);
            if !remark.is_empty() {
                label += &text::and_so(escape_line(remark));
            }
            let label = cut(&label, room);
            // Quotation marks with nothing in between would look like an empty message.
            match room.saturating_sub(terminal::columns(&label) + 1) {
                rest if rest >= 6 => format!("{label} {}", quoted(bytes, rest)),
                _ => label,
            }
        }
    }
}
