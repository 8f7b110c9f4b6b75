//! One of the experiments.

use std::io;

use anyhow::Context as _;
use lab::page::Print;
use lab::show::experiments::ALL;
use lab::show::{measure, value};
use serde_json::{Value, json};

use super::tell::Tell;
use crate::text;

pub(super) fn run(order: &Value, tell: &Tell) -> anyhow::Result<()> {
    let name = order["name"].as_str();
    let experiment = ALL.iter().find(|experiment| Some(experiment.name) == name);
    let experiment = experiment.context(text::no_order())?;
    tell.event("begin", json!({ "name": experiment.name }));
    let verdict = measure(experiment, &mut Lines(tell))?;
    let measured = verdict.measured.as_deref();
    let choices = experiment.words.choices;
    let choice = choices.iter().position(|choice| Some(choice.measured) == measured);
    tell.event(
        "verdict",
        json!({
            "tally": verdict.tally.words(),
            "as_predicted": verdict.tally.is_as_predicted(),
            "measured": measured,
            "shown": measured.map(value),
            "choice": choice,
        }),
    );
    Ok(())
}

/// What an experiment prints, a line each.
struct Lines<'a>(&'a Tell);

impl Print for Lines<'_> {
    fn print_item(&mut self, mark: &str, words: &str) -> io::Result<()> {
        self.0.event("line", json!({ "mark": mark.trim(), "words": words }));
        Ok(())
    }
}
