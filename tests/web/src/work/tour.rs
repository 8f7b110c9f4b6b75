//! A scene of the tour.

use anyhow::Context as _;
use lab::ladder::{Column, Event, Fate, Ladder, Load, What};
use lab::tour::{LESSONS, play};
use serde_json::{Value, json};

use super::tell::{Tell, with};
use crate::lessons::both;
use crate::text;

pub(super) fn run(order: &Value, tell: &Tell) -> anyhow::Result<()> {
    let (name, number) = (order["lesson"].as_str(), order["scene"].as_u64().unwrap_or_default());
    let lesson =
        LESSONS.iter().find(|lesson| Some(lesson.name) == name).context(text::no_order())?;
    let scene = usize::try_from(number).ok().and_then(|number| lesson.scenes.get(number));
    let scene = scene.context(text::no_order())?;
    let (says, notice) = (both(scene.says), both(scene.notice));
    tell.event(
        "begin",
        json!({ "lesson": lesson.name, "scene": number, "says": says, "notice": notice }),
    );
    let played = play(scene, |name| harness::find_binary(name).map_err(lab::not_built))?;
    tell.event("commands", json!({ "commands": played.commands }));
    tell_ladder(&played.ladder, tell);
    for printed in played.printed {
        let (who, lines, end) = (printed.who, printed.lines, printed.end);
        tell.event("printed", json!({ "who": who, "lines": lines, "end": end }));
    }
    let terms = played.terms.iter();
    let terms = terms.map(|term| json!({ "word": both(term.word), "means": both(term.means) }));
    tell.event("terms", json!({ "terms": terms.collect::<Vec<_>>() }));
    Ok(())
}

fn tell_ladder(ladder: &Ladder, tell: &Tell) {
    let names = &ladder.names;
    let names = json!({ "left": names.left, "middle": names.middle, "right": names.right });
    tell.event("ladder", json!({ "names": names }));
    for event in &ladder.events {
        tell.event("step", step(event));
    }
}

fn step(event: &Event) -> Value {
    let step = match &event.what {
        What::Arrow { from, to, load, fate } => json!({
            "what": "arrow",
            "from": place(*from),
            "to": place(*to),
            "words": words(load),
            "fate": if *fate == Fate::Lost { "lost" } else { "arrives" },
        }),
        What::At(column, words) => json!({ "what": "at", "place": place(*column), "words": words }),
        What::Note(words) => json!({ "what": "note", "words": words }),
    };
    let at = u64::try_from(event.at.as_micros()).unwrap_or(u64::MAX);
    let (left, right) = (json!(event.states.left), json!(event.states.right));
    with(step, [("at", json!(at)), ("left", left), ("right", right)])
}

fn words(load: &Load) -> String {
    match load {
        Load::Words(words) => words.clone(),
        Load::Bytes(bytes, remark) => {
            let shown = common::terminal::bytes_as_line(bytes);
            [remark.as_str(), shown.as_str()].join(" ").trim().to_owned()
        }
    }
}

fn place(column: Column) -> &'static str {
    match column {
        Column::Left => "left",
        Column::Middle => "middle",
        Column::Right => "right",
    }
}
