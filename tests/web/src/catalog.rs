//! All that there is to choose from, in both languages: what the lessons, the tour, the experiments
//! and the judge have as data.

use check::{SUITES, Suite};
use common::text::lang;
use common::trace::tells_states;
use lab::show::experiment::Experiment;
use lab::show::experiments::ALL as EXPERIMENTS;
use lab::tour::LESSONS;
use serde_json::{Value, json};

use crate::event_log::{MOST_BYTES, MOST_EVENTS};
use crate::lessons::{Choice, both, find};
use crate::own::Own;
use crate::session::{MOST_TYPED, TYPED_IN_ALL};
use crate::sessions::{CLOSED, MOST_SESSIONS};
use crate::tap;
use crate::work::SHOWN;

/// The catalog; `own` is the learner's program.
pub(crate) fn catalog(own: Option<&Own>) -> Value {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "lang": lang().code(),
        "states": tells_states(),
        "own": own.map(Own::json),
        "limits": {
            "sessions": MOST_SESSIONS,
            "line": MOST_TYPED,
            "typed": TYPED_IN_ALL,
            "events": MOST_EVENTS,
            "log": MOST_BYTES,
            "shown": SHOWN,
            "idle_s": CLOSED.as_secs(),
        },
        "lessons": LESSONS.iter().map(lesson).collect::<Vec<_>>(),
        "tap": tap::catalog(),
        "experiments": EXPERIMENTS.iter().map(|experiment| one(experiment)).collect::<Vec<_>>(),
    })
}

fn lesson(shown: &lab::tour::Lesson) -> Value {
    let scenes = shown.scenes.iter().enumerate();
    let scenes = scenes.map(|(number, scene)| {
        json!({ "number": number, "says": both(scene.says), "notice": both(scene.notice) })
    });
    let next = shown.next.iter();
    let next = next.map(|(command, remark)| json!({ "command": command, "remark": both(*remark) }));
    let suites = SUITES.iter().filter(|suite| suite.lesson == shown.name).map(suite);
    let mut object = json!({
        "name": shown.name,
        "title": both(shown.title),
        "scenes": scenes.collect::<Vec<_>>(),
        "next": next.collect::<Vec<_>>(),
        "suites": suites.collect::<Vec<_>>(),
    });
    if let (Some(lesson), Some(object)) = (find(shown.name), object.as_object_mut()) {
        let reads = |reads| if reads { "lines" } else { "none" };
        let example = lesson.example.iter().map(|text| both(*text)).collect::<Vec<_>>();
        let more = [
            ("udp", json!(lesson.udp)),
            ("framed", json!(lesson.is_framed())),
            (
                "typing",
                json!({ "client": reads(lesson.client_reads), "server": reads(lesson.server_reads) }),
            ),
            ("again", json!(lesson.again)),
            ("options", lesson.options.iter().map(Choice::json).collect()),
            ("example", json!(example)),
            ("tap", json!(tap::names(lesson.udp))),
        ];
        object.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
    object
}

fn suite(suite: &Suite) -> Value {
    let checks = (suite.checks)();
    let checks = checks.iter().map(
        |check| json!({ "name": check.name, "says": both(check.says), "why": both(check.why) }),
    );
    json!({
        "side": suite.side.name(),
        "option": suite.option,
        "value": suite.variant,
        "checks": checks.collect::<Vec<_>>(),
    })
}

fn one(experiment: &Experiment) -> Value {
    let words = experiment.words;
    let title = |number: &str| {
        let documents = lab::show::documents_of(&[number]);
        documents.first().map_or("", |document| document.short)
    };
    let choices = words.choices.iter();
    let choices = choices
        .map(|choice| json!({ "measured": choice.measured, "words": both(choice.words) }))
        .collect::<Vec<_>>();
    let wrong = words.wrong.iter().map(|wrong| {
        json!({ "document": wrong.document, "title": title(wrong.document), "words": both(wrong.words) })
    });
    let tutorials = lab::show::documents_of(experiment.tutorials).into_iter();
    let tutorials =
        tutorials.map(|document| json!({ "number": document.number, "title": document.short }));
    let next = words.next.iter();
    let next = next.map(|next| json!({ "command": next.command, "about": next.about.map(both) }));
    json!({
        "name": experiment.name,
        "lesson": experiment.lesson,
        "idea": both(words.idea),
        "question": both(words.question),
        "choices": choices,
        "predict": both(words.predict),
        "why": both(words.why),
        "mend": both(words.mend),
        "wrong": wrong.collect::<Vec<_>>(),
        "tutorials": tutorials.collect::<Vec<_>>(),
        "sources": words.sources,
        "next": next.collect::<Vec<_>>(),
        "code": { "path": experiment.source.path, "lines": experiment.source.lines() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_all_lessons_scenes_experiments_and_checks() {
        let catalog = catalog(None);
        let lessons = catalog["lessons"].as_array().unwrap();
        assert_eq!(lessons.len(), LESSONS.len());
        for (told, lesson) in lessons.iter().zip(&LESSONS) {
            assert_eq!(told["name"], lesson.name);
            assert_eq!(told["scenes"].as_array().unwrap().len(), lesson.scenes.len());
            assert!(told["tap"].as_array().unwrap().len() > 5, "{told}");
            assert!(!told["suites"].as_array().unwrap().is_empty(), "{told}");
        }
        let experiments = catalog["experiments"].as_array().unwrap();
        assert_eq!(experiments.len(), EXPERIMENTS.len());
        for experiment in experiments {
            assert!(!experiment["code"]["lines"].as_array().unwrap().is_empty(), "{experiment}");
            assert!(experiment["choices"].as_array().unwrap().len() > 1, "{experiment}");
            assert_ne!(experiment["question"]["zh"], "");
        }
    }
}
