//! The judge, at work on our program or the learner's.

use std::time::Duration;

use anyhow::Context as _;
use check::{
    Check, Patience, Progress, Report, Side, Suite, Target, Verdict, aligned, judge_and_tell, words,
};
use serde_json::{Value, json};

use super::tell::Tell;
use crate::own::Own;
use crate::text;

/// How long an answer may take at first, as with `lab check`.
const ANSWER: Duration = Duration::from_secs(10);

pub(super) fn run(order: &Value, tell: &Tell) -> anyhow::Result<()> {
    let told = |name: &str| order[name].as_str().unwrap_or_default();
    let which = if told("side") == "client" { Side::Client } else { Side::Server };
    let suite = Suite::of(told("lesson"), which)
        .find(|suite| suite.option == told("option") && suite.variant == told("value"))
        .context(text::no_order())?;
    let own = Own::read(&order["own"]);
    let target = match &own {
        Some(own) => Target::Command { words: own.words.clone(), addr: None },
        None => ours(suite)?,
    };
    let only = order["only"].as_array().cloned().unwrap_or_default();
    let mut checks = (suite.checks)();
    checks.retain(|check| only.is_empty() || only.iter().any(|name| name == check.name));
    let names: Vec<_> = checks.iter().map(|check| check.name).collect();
    let program = own.map_or_else(|| format!("{}-{}", suite.lesson, which.name()), |own| own.line);
    tell.event(
        "begin",
        json!({
            "lesson": suite.lesson, "side": which.name(), "suite": suite.to_string(),
            "program": program, "checks": names,
        }),
    );
    let telling = Telling { tell, suite };
    let patience = Patience::at_first(ANSWER);
    let findings = judge_and_tell(suite, &target, patience, &checks, &telling);
    let speaks = findings.speaks;
    tell.event(
        "summary",
        json!({
            "held": findings.held(),
            "failed": findings.failed(),
            "not_tried": findings.not_tried,
            "speaks": speaks.map(|suite| json!({ "option": suite.option, "value": suite.variant })),
            "text": findings.summary(),
        }),
    );
    Ok(())
}

/// This workspace's program, as it does what this suite asks.
fn ours(suite: &Suite) -> anyhow::Result<Target> {
    let name = format!("{}-{}", suite.lesson, suite.side.name());
    let path = harness::find_binary(&name).map_err(lab::not_built)?;
    let mut arguments = match (suite.lesson, suite.side) {
        ("http-fetch", Side::Client) => vec!["http://{addr}/page", "-o", "{file}"],
        _ => vec!["--addr", "{addr}"],
    };
    let option = format!("--{}", suite.option);
    match suite.option {
        "" => {}
        // The word ends a conversation in turns.
        "bye" => arguments.extend(["--mode", "turns", "--bye", suite.variant]),
        _ => arguments.extend([option.as_str(), suite.variant]),
    }
    Ok(Target::program(path, &arguments))
}

struct Telling<'a> {
    tell: &'a Tell,
    suite: &'static Suite,
}

impl Progress for Telling<'_> {
    fn begins(&self, check: &Check) {
        self.tell.event("checking", json!({ "check": check.name }));
    }

    fn ends(&self, report: &Report) {
        let result = match &report.verdict {
            Verdict::Held => "ok",
            Verdict::Failed(_) => "failed",
            Verdict::Skipped(_) => "skipped",
        };
        let failure = report.failure();
        let rows = failure.and_then(|failure| failure.difference.as_ref()).map(aligned);
        self.tell.event(
            "checked",
            json!({
                "check": report.name,
                "stage": self.suite.stage(report.name),
                "result": result,
                "says": report.says.words(),
                "why": report.why.words(),
                "what": failure.map(|failure| &failure.what),
                "report": report.text(words::WIDTH),
                "steps": report.steps,
                "rows": rows,
                "program": failure.map(|failure| &failure.program),
            }),
        );
    }
}
