//! What a session has told as a picture and as a page: its ladder, drawn as those of the tour.

use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::text::{because, list};
use lab::document::{STYLE, document};
use lab::ladder::{Column, Event, Fate, Ladder, Load, Names, States, What};
use lab::picture::{markup, svg};
use serde_json::Value;

use crate::session::Session;
use crate::text;

/// More is no picture that anybody looks at.
const MOST: usize = 2000;

/// What a session has told, to be drawn.
pub(crate) struct Drawing {
    name: String,
    events: Vec<Value>,
}

impl Drawing {
    pub(crate) fn of(session: &Session) -> Self {
        let (told, _) = session.log.after(0, usize::MAX);
        let events = told.iter().filter_map(|event| serde_json::from_str(event).ok());
        Self { name: session.about.name.clone(), events: events.collect() }
    }

    fn told<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.events.iter().filter(move |event| event["kind"] == kind)
    }

    fn ladder(&self) -> Option<Ladder> {
        match self.told("ladder").next() {
            Some(scene) => {
                let names = scene.get("names")?;
                let name = |side: &str| text_of(names, side).map(str::to_owned);
                let names = Names {
                    left: name("left").unwrap_or_default(),
                    middle: name("middle"),
                    right: name("right").unwrap_or_default(),
                };
                Some(Ladder { names, events: self.told("step").filter_map(step).collect() })
            }
            None => self.ladder_of_a_pair(),
        }
    }

    fn ladder_of_a_pair(&self) -> Option<Ladder> {
        self.told("started").next()?;
        let first = self.told("connection").next();
        let named = |side: &str| first.and_then(|first| first[side].as_str()).unwrap_or_default();
        let names = Names {
            left: text::client_at(named("client")).trim_end().to_owned(),
            middle: Some("tap".to_owned()),
            right: text::server_at(named("server")).trim_end().to_owned(),
        };
        let mut events: Vec<Event> = self.events.iter().filter_map(happened).collect();
        if events.len() > MOST {
            let more = text::more_events(events.len() - MOST);
            let at = events.get(MOST).map_or(Duration::ZERO, |event| event.at);
            events.truncate(MOST);
            events.push(Event::new(at, What::Note(more)));
        }
        Some(Ladder { names, events })
    }

    /// A picture that stands alone; none where there is nothing to be seen.
    pub(crate) fn picture(&self) -> Option<String> {
        let picture = svg(&self.ladder()?);
        // What a page would have is in it.
        let head = format!(
            "<style>\n{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"var(--back)\"/>\n"
        );
        picture.split_once('\n').map(|(first, rest)| format!("{first}\n{head}{rest}"))
    }

    /// A page with the picture, the commands and what the programs have printed.
    pub(crate) fn page(&self) -> Option<String> {
        let ladder = self.ladder()?;
        let title = because(text::two_terminals(), &self.name);
        let mut body = format!("<h1>{}</h1>\n", markup(&title));
        let commands = self.told("started").filter_map(|event| event["command"].as_str());
        let scene =
            self.told("commands").filter_map(|event| event["commands"].as_array()).flatten();
        let commands: Vec<String> = commands
            .chain(scene.filter_map(Value::as_str))
            .map(|command| format!("$ {}", markup(command)))
            .collect();
        let _ = writeln!(
            body,
            "<pre>{}</pre>\n<figure>\n{}</figure>",
            commands.join("\n"),
            svg(&ladder)
        );
        for side in ["server", "client"] {
            let said = self.told("out").filter(|event| event["side"] == side);
            let said: String = said.filter_map(|event| event["text"].as_str()).collect();
            write_printed(&mut body, &who(side), &said);
        }
        for printed in self.told("printed") {
            let lines = printed["lines"].as_array().into_iter().flatten();
            let lines: Vec<_> = lines.filter_map(Value::as_str).collect();
            let who = printed["who"].as_str().unwrap_or_default();
            write_printed(&mut body, who, &lines.join("\n"));
        }
        Some(document(&title, &body))
    }
}

fn who(side: &str) -> String {
    if side == "client" { text::the_client() } else { text::the_server() }.to_owned()
}

fn write_printed(body: &mut String, who: &str, said: &str) {
    if !said.is_empty() {
        let heading = markup(&text::printed_by(who));
        let said = markup(said.trim_end());
        let _ =
            writeln!(body, "<p class=\"who\">{heading}</p>\n<pre class=\"printed\">{said}</pre>");
    }
}

fn text_of<'a>(event: &'a Value, name: &str) -> Option<&'a str> {
    event.get(name).and_then(Value::as_str)
}

fn time(event: &Value, name: &str) -> Duration {
    Duration::from_micros(event.get(name).and_then(Value::as_u64).unwrap_or_default())
}

fn column(place: Option<&str>) -> Column {
    match place {
        Some("client" | "left") => Column::Left,
        Some("server" | "right") => Column::Right,
        _ => Column::Middle,
    }
}

/// A step of a scene.
fn step(step: &Value) -> Option<Event> {
    let words = text_of(step, "words").unwrap_or_default().to_owned();
    let what = match text_of(step, "what")? {
        "arrow" => What::Arrow {
            from: column(text_of(step, "from")),
            to: column(text_of(step, "to")),
            load: Load::Words(words),
            fate: if text_of(step, "fate") == Some("lost") { Fate::Lost } else { Fate::Arrives },
        },
        "at" => What::At(column(text_of(step, "place")), words),
        _ => What::Note(words),
    };
    let state = |side: &str| text_of(step, side).map(str::to_owned);
    let states = States { left: state("left"), right: state("right") };
    Some(Event { at: time(step, "at"), what, states })
}

/// An event of a pair, if it is one for a ladder.
fn happened(event: &Value) -> Option<Event> {
    let mut states = States::default();
    let words = text_of(event, "words").unwrap_or_default().to_owned();
    let what = match text_of(event, "kind")? {
        "piece" => {
            let bytes = STANDARD.decode(text_of(event, "data")?).ok()?;
            let remark = text_of(event, "remark").unwrap_or_default().to_owned();
            // Of a long one the first bytes are here; its count is told besides.
            let count = event.get("bytes").and_then(Value::as_u64).unwrap_or_default();
            let more = (count > bytes.len() as u64).then(|| lab::ladder::counted(count));
            let remark = [more, Some(remark).filter(|remark| !remark.is_empty())];
            let remark: Vec<_> = remark.into_iter().flatten().collect();
            arrow(event, Load::Bytes(bytes, list(remark)))
        }
        "sign" => arrow(event, Load::Words(words)),
        "at" => What::At(column(text_of(event, "place")), words),
        "note" | "error" => What::Note(words),
        "call" => {
            let name = text_of(event, "name")?;
            let told = event.get("bytes").and_then(Value::as_u64).is_some_and(|bytes| bytes > 0);
            // What has bytes is an arrow.
            if told && text_of(event, "error").is_none() {
                return None;
            }
            let side = text_of(event, "side");
            let state = text_of(event, "state").map(str::to_owned);
            match side {
                Some("client") => states.left = state,
                _ => states.right = state,
            }
            let words = match text_of(event, "error") {
                Some(cause) => text::failed_call(name, cause),
                None => name.to_owned(),
            };
            What::At(column(side), words)
        }
        _ => return None,
    };
    Some(Event { at: time(event, "t"), what, states })
}

/// The way of what travels, or of what is lost.
fn arrow(event: &Value, load: Load) -> What {
    let from = text_of(event, "from");
    let (near, far) = match from {
        Some("server") => (Column::Right, Column::Left),
        Some("client") => (Column::Left, Column::Right),
        _ => (Column::Middle, column(text_of(event, "to"))),
    };
    let lost = event.get("lost").and_then(Value::as_bool).unwrap_or_default();
    let (from, to, lost) = match text_of(event, "path") {
        Some("in") => (near, Column::Middle, lost),
        Some("out") => (Column::Middle, far, lost),
        Some("lost") => (near, far, true),
        _ => (near, far, lost),
    };
    What::Arrow { from, to, load, fate: if lost { Fate::Lost } else { Fate::Arrives } }
}
