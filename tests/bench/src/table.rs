//! Figures as people write them, and tables of them.

use std::fmt::Write as _;

use common::terminal::columns;

use super::metric::Metric;
use super::spread::Spread;
use super::text;

pub(super) fn median(spread: Option<Spread>, metric: &Metric) -> String {
    spread.map_or_else(|| "–".to_owned(), |spread| number(spread.median, metric.digits))
}

/// The median, and the least and the most, where they differ.
pub(super) fn range(spread: Spread, metric: &Metric) -> String {
    let [median, min, max] =
        [spread.median, spread.min, spread.max].map(|value| number(value, metric.digits));
    if min == max { median } else { text::figure_between(median, min, max) }
}

/// With a comma between thousands.
pub(super) fn number(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let whole = grouped(whole);
    rest.map_or_else(|| whole.clone(), |rest| format!("{whole}.{rest}"))
}

pub(super) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(super) fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
        cells.filter_map(|row| row.get(column)).map(|cell| columns(cell)).max().unwrap_or(0).max(3)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let mut line = String::from("|");
        for (index, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(columns(cell)));
            // Names to the left, figures to the right.
            let _ = if index == 0 {
                write!(line, " {cell}{blanks} |")
            } else {
                write!(line, " {blanks}{cell} |")
            };
        }
        line + "\n"
    };
    let rule: Vec<String> =
        widths.iter().enumerate().map(|(index, &width)| rule(index, width)).collect();
    let mut text = line(head) + &line(&rule);
    text.extend(rows.iter().map(|row| line(row)));
    text
}

fn rule(column: usize, width: usize) -> String {
    if column == 0 { "-".repeat(width) } else { "-".repeat(width - 1) + ":" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let numbers = [0.0, 999.0, 1_000.0, 1_234_567.0, -1_000.0].map(|value| number(value, 0));
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567", "-1,000"]);
        assert_eq!(number(-100.5, 1), "-100.5");
        assert_eq!(number(1234.56, 1), "1,234.6");
    }
}
