//! Texts that keep to a number of columns: quoted, cut, in several rows.

use std::time::Duration;

use common::terminal::{self, escape_line, words};

/// The beginning of a message in quotation marks, in that many columns; `…` where there is more.
pub(crate) fn quoted(bytes: &[u8], room: usize) -> String {
    let room = room.saturating_sub(2);
    let mut text = String::new();
    let mut columns = 0;
    let mut fits = String::new();
    for unit in units(bytes) {
        columns += terminal::columns(&unit);
        if columns < room {
            fits.clone_from(&text);
            fits.push_str(&unit);
        }
        if columns > room {
            return format!("\"{fits}\"…");
        }
        text.push_str(&unit);
    }
    format!("\"{text}\"")
}

/// What is never cut: a character or its escape, a byte that is no text.
fn units(bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes.utf8_chunks().flat_map(|chunk| {
        let letters = chunk.valid().chars().map(|letter| match letter {
            '"' => "\\\"".to_owned(),
            _ => escape_line(letter.encode_utf8(&mut [0; 4])).into_owned(),
        });
        letters.chain(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")))
    })
}

/// As much of a text as that many columns hold; the last is `…` where it is not all.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if terminal::columns(text) <= columns {
        return text.to_owned();
    }
    let mut fits = String::new();
    for letter in text.chars() {
        fits.push(letter);
        if terminal::columns(&fits) >= columns {
            fits.pop();
            break;
        }
    }
    if columns > 0 {
        fits.push('…');
    }
    fits
}

/// A text in rows of that many columns, parted where [`words::pieces`] are; what is longer than a
/// row is parted anywhere.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    for (blank, piece) in words::pieces(text) {
        let together = terminal::columns(&row) + blank.len() + terminal::columns(piece);
        if !row.is_empty() && together > columns {
            rows.push(std::mem::take(&mut row));
        } else if !row.is_empty() {
            row.push_str(blank);
        }
        for letter in piece.chars() {
            row.push(letter);
            if terminal::columns(&row) > columns {
                row.pop();
                rows.push(std::mem::replace(&mut row, letter.to_string()));
            }
        }
    }
    rows.push(row);
    rows
}

/// An interval in three or four digits: `213 µs`, `40.1 ms`, `1.25 s`.
pub(crate) fn interval(time: Duration) -> String {
    let micros = time.as_micros();
    let ms = time.as_secs_f64() * 1000.0;
    match micros {
        0..1_000 => format!("{micros} µs"),
        // What would round to the next unit is shown in it.
        1_000..999_950 => format!("{ms:.1} ms"),
        999_950..99_995_000 => format!("{:.2} s", ms / 1000.0),
        _ => format!("{} s", time.as_secs()),
    }
}
