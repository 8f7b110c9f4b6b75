//! What may be chosen for a lesson's programs: nothing that is not here reaches a command line.

mod all;

use common::text::Text;
use serde_json::{Map, Value, json};

use crate::text;
use crate::wrong::Wrong;

pub(crate) use all::{ALL, COMMANDS};

/// A lesson's programs as the page starts them.
#[derive(Debug)]
pub(crate) struct Lesson {
    pub(crate) name: &'static str,
    pub(crate) udp: bool,
    pub(crate) options: &'static [Choice],
    /// Whether each reads what is typed.
    pub(crate) client_reads: bool,
    pub(crate) server_reads: bool,
    /// The client does one thing and ends.
    pub(crate) again: bool,
    /// Lines worth typing.
    pub(crate) example: &'static [Text],
}

/// Something to choose.
#[derive(Debug)]
pub(crate) struct Choice {
    /// As the option is called, without its dashes.
    pub(crate) name: &'static str,
    pub(crate) whose: Whose,
    pub(crate) label: Text,
    pub(crate) kind: Kind,
    /// It makes sense only where another option has this value.
    pub(crate) only: Option<(&'static str, &'static str)>,
}

/// Whose option it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Both,
    Server,
    Client,
}

/// What it may be.
#[derive(Debug)]
pub(crate) enum Kind {
    /// One of these; the first is what it is by itself.
    One(&'static [(&'static str, Text)]),
    /// A number; `default` is what it is by itself, and then it is not told to the program.
    Number {
        least: f64,
        most: f64,
        step: f64,
        default: f64,
        unit: &'static str,
    },
    Flag,
    /// Words that the client is given behind its options, as a shell parts them.
    Words,
    /// Part of a URL.
    Path,
}

/// The most bytes of such words.
const LONGEST: usize = 4096;

/// What was chosen, all of it in the catalog.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chosen(Map<String, Value>);

pub(crate) fn find(name: &str) -> Option<&'static Lesson> {
    ALL.iter().find(|lesson| lesson.name == name)
}

impl Lesson {
    /// Reads what was chosen.
    ///
    /// # Errors
    /// Something is not in the catalog.
    pub(crate) fn read(&self, options: &Value) -> Result<Chosen, Wrong> {
        let empty = Map::new();
        let given = match options {
            Value::Null => &empty,
            Value::Object(given) => given,
            _ => return Err(Wrong::request(|| text::unknown("options", options))),
        };
        for name in given.keys() {
            if !self.options.iter().any(|choice| choice.name == name) {
                return Err(Wrong::request(|| text::unknown("options", name)));
            }
        }
        let mut chosen = Map::new();
        for choice in self.options {
            let value = given.get(choice.name).filter(|value| !value.is_null());
            let value = value.cloned().unwrap_or_else(|| choice.kind.default());
            choice.kind.check(choice.name, &value)?;
            chosen.insert(choice.name.to_owned(), value);
        }
        let chosen = Chosen(chosen);
        for choice in self.options {
            let by_itself = chosen.get(choice.name) == Some(&choice.kind.default());
            if let Some((option, value)) = choice.only
                && !by_itself
                && chosen.text(option) != value
            {
                return Err(Wrong::request(|| text::not_then(choice.name, option, value)));
            }
        }
        Ok(chosen)
    }

    /// Whether a length stands in front of what is sent.
    pub(crate) fn is_framed(&self) -> bool {
        self.options.iter().any(|choice| choice.name == "framing")
    }
}

impl Chosen {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// The options of one of the lesson's programs, as its command line has them.
    pub(crate) fn arguments(&self, lesson: &Lesson, side: Whose) -> Vec<String> {
        let mut arguments = Vec::new();
        let own = lesson.options.iter();
        for choice in own.filter(|choice| choice.whose == Whose::Both || choice.whose == side) {
            let Some(value) = self.get(choice.name) else { continue };
            let name = || format!("--{}", choice.name);
            match &choice.kind {
                Kind::One(_) => {
                    arguments.extend([name(), self.text(choice.name).to_owned()]);
                }
                Kind::Number { .. } if *value != choice.kind.default() => {
                    arguments.extend([name(), value.to_string()]);
                }
                Kind::Flag if self.is_set(choice.name) => arguments.push(name()),
                Kind::Number { .. } | Kind::Flag | Kind::Words | Kind::Path => {}
            }
        }
        arguments
    }

    /// The words behind the options of the client.
    pub(crate) fn words(&self, lesson: &Lesson) -> Vec<String> {
        let is_words = |choice: &&Choice| matches!(choice.kind, Kind::Words);
        let choice = lesson.options.iter().find(is_words);
        let line = choice.map_or("", |choice| self.text(choice.name));
        shell_words::split(line).unwrap_or_default()
    }
}

impl Kind {
    fn default(&self) -> Value {
        match self {
            Self::One(values) => json!(values.first().map(|(value, _)| value)),
            Self::Number { default, .. } => number(*default),
            Self::Flag => json!(false),
            Self::Words => json!(""),
            Self::Path => json!("/"),
        }
    }

    fn check(&self, name: &str, value: &Value) -> Result<(), Wrong> {
        match self {
            Self::One(values) => {
                let known = values.iter().any(|(known, _)| value == known);
                known.then_some(()).ok_or_else(|| Wrong::request(|| text::unknown(name, value)))
            }
            Self::Number { least, most, step, .. } => {
                check_number(name, value, *least, *most, *step)
            }
            Self::Flag if value.is_boolean() => Ok(()),
            Self::Flag => Err(Wrong::request(|| text::not_a_flag(name))),
            Self::Words | Self::Path => {
                let words = value
                    .as_str()
                    .filter(|words| words.len() <= LONGEST && !words.chars().any(char::is_control));
                let words =
                    words.ok_or_else(|| Wrong::request(|| text::not_words(name, LONGEST)))?;
                let is_path = words.starts_with('/') && words.chars().all(|c| c.is_ascii_graphic());
                match self {
                    Self::Path if !is_path => Err(Wrong::request(|| text::not_a_path(name))),
                    Self::Words if shell_words::split(words).is_err() => {
                        Err(Wrong::request(|| text::quotes_in(name)))
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    pub(crate) fn json(&self) -> Value {
        match self {
            Self::One(values) => {
                let one = |(value, label): &(&str, Text)| json!({ "value": value, "label": both(*label) });
                json!({ "kind": "choice", "values": values.iter().map(one).collect::<Vec<_>>() })
            }
            Self::Number { least, most, step, unit, .. } => json!({
                "kind": "number", "min": number(*least), "max": number(*most), "step": number(*step),
                "unit": unit,
            }),
            Self::Flag => json!({ "kind": "flag" }),
            Self::Words => json!({ "kind": "text", "max": LONGEST }),
            Self::Path => json!({ "kind": "path", "max": LONGEST }),
        }
    }
}

impl Choice {
    pub(crate) fn json(&self) -> Value {
        let mut object = self.kind.json();
        let whose = match self.whose {
            Whose::Both => "both",
            Whose::Server => "server",
            Whose::Client => "client",
        };
        if let Some(object) = object.as_object_mut() {
            object.insert("name".to_owned(), json!(self.name));
            object.insert("for".to_owned(), json!(whose));
            object.insert("label".to_owned(), both(self.label));
            object.insert("default".to_owned(), self.kind.default());
            let only = self.only.map(|(option, value)| json!({ "option": option, "value": value }));
            object.insert("only".to_owned(), json!(only));
        }
        object
    }
}

/// A text in both languages.
pub(crate) fn both(text: Text) -> Value {
    json!({ "en": text.en, "zh": text.zh })
}

/// A whole number without a point.
pub(crate) fn number(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

/// Whether the value is a number of that range, and whole where the step is.
pub(crate) fn check_number(
    name: &str,
    value: &Value,
    least: f64,
    most: f64,
    step: f64,
) -> Result<(), Wrong> {
    let known = value.as_f64().filter(|value| (least..=most).contains(value));
    let Some(known) = known else {
        return Err(Wrong::request(|| text::not_between(name, least, most)));
    };
    // As a float it would be written as one, which no program takes for a whole number.
    if step.fract() == 0.0 && (known.fract() != 0.0 || value.is_f64()) {
        return Err(Wrong::request(|| text::not_whole(name)));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
