//! The question before an experiment, and what became of the prediction.
//!
//! The terminal stays in the mode in which it was found: it edits the line and makes a signal of
//! Ctrl+C, so that nothing has to be put back, whatever ends the program.

use std::io::{self, BufRead, Read as _, Write};

use common::terminal::escape_line;

use super::experiment::{Choice, Experiment};
use super::text;
use crate::page::Page;

/// What a line may have; more is no answer.
const LONGEST: u64 = 4096;

/// Who predicts.
pub(crate) struct Learner<'a> {
    /// What is typed.
    pub(crate) keys: &'a mut dyn BufRead,
    /// Whether the terminal shows what is typed.
    pub(crate) echoes: bool,
}

/// What the learner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prediction {
    /// The choice with this number, from 0.
    Choice(usize),
    Skipped,
}

/// How a prediction compares with what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    Right,
    Wrong,
    /// There was none, or nothing to compare it with.
    Uncompared,
}

/// Puts the question and waits for a prediction.
pub(crate) fn ask<W: Write>(
    experiment: &Experiment,
    learner: &mut Learner<'_>,
    page: &mut Page<W>,
) -> io::Result<Prediction> {
    let choices = experiment.words.choices;
    page.paragraph(text::question(), experiment.words.question.words())?;
    for (choice, letter) in choices.iter().zip('a'..) {
        page.item(&format!("    {letter}) "), choice.words.words())?;
    }
    page.blank()?;
    let last = letter(choices.len().saturating_sub(1));
    loop {
        page.prompt(&text::prompt(last))?;
        let mut line = Vec::new();
        let mut limited = (&mut *learner.keys).take(LONGEST);
        if limited.read_until(b'\n', &mut line)? == 0 {
            // Ctrl+D, or the end of a pipe: the cursor stands behind the prompt.
            page.blank()?;
            return Ok(Prediction::Skipped);
        }
        let line = String::from_utf8_lossy(&line);
        if !learner.echoes {
            page.prompt(&format!("{}\n", escape_line(line.trim_end())))?;
        }
        match understood(&line, choices.len()) {
            Some(prediction) => return Ok(prediction),
            None => page.item("  ", &text::not_a_choice(last))?,
        }
    }
}

/// The letter of a choice, or its number from 1; an input method for Chinese may have made wide
/// characters of them.
fn understood(line: &str, choices: usize) -> Option<Prediction> {
    let narrow = |letter| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        _ => letter,
    };
    let typed: String = line.trim().chars().map(narrow).collect();
    let mut letters = typed.strip_suffix(')').unwrap_or(&typed).chars();
    let (Some(one), None) = (letters.next(), letters.next()) else { return None };
    let one = one.to_ascii_lowercase();
    let nth = match one {
        'q' => return Some(Prediction::Skipped),
        'a'..='z' => u32::from(one) - u32::from('a'),
        _ => one.to_digit(10)?.checked_sub(1)?,
    };
    let nth = usize::try_from(nth).ok().filter(|nth| *nth < choices)?;
    Some(Prediction::Choice(nth))
}

fn letter(nth: usize) -> char {
    ('a'..='z').nth(nth).unwrap_or('z')
}

/// Says whether it was measured as predicted.
pub(crate) fn compare<W: Write>(
    choices: &[Choice],
    prediction: Prediction,
    measured: Option<&str>,
    page: &mut Page<W>,
) -> io::Result<Compared> {
    page.heading(text::your_prediction())?;
    let named = |nth: usize| {
        let words = choices.get(nth).map_or("", |choice| choice.words.words());
        format!("{}) {words}", letter(nth))
    };
    let Some(measured) = measured else {
        page.item("  – ", text::not_measured())?;
        return Ok(Compared::Uncompared);
    };
    let right = choices.iter().position(|choice| choice.measured == measured);
    let seen = right.map_or_else(|| text::no_choice(text::value(measured)), named);
    match prediction {
        Prediction::Skipped => {
            page.item("  · ", &text::measured(seen))?;
            Ok(Compared::Uncompared)
        }
        Prediction::Choice(nth) if Some(nth) == right => {
            page.item("  = ", &text::right(seen))?;
            Ok(Compared::Right)
        }
        Prediction::Choice(nth) => {
            page.item("  ≠ ", &text::not_right(named(nth)))?;
            page.item("    ", &text::measured(seen))?;
            Ok(Compared::Wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_or_a_number_of_any_width_is_understood_and_nothing_else() {
        for line in ["b\n", "B\r\n", " 2 \n", "b)", "ｂ\n", "２", "Ｂ）"] {
            assert_eq!(understood(line, 3), Some(Prediction::Choice(1)), "{line:?}");
        }
        assert_eq!(understood("q\n", 3), Some(Prediction::Skipped));
        assert_eq!(understood("Ｑ\n", 3), Some(Prediction::Skipped));
        for line in ["", "\n", "d", "4", "0", "ab", "12", "é", "中", "\u{1b}[A", ")"] {
            assert_eq!(understood(line, 3), None, "{line:?}");
        }
    }
}
