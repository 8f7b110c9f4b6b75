//! `POST /api/sessions`: all that is told is looked up, so that the process of the session gets
//! nothing but what is in the catalog.

use std::io::ErrorKind;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use check::{Side, Suite};
use common::text::Lang;
use lab::show::experiments::ALL as EXPERIMENTS;
use lab::tour::LESSONS;
use serde_json::{Value, json};

use super::{Body, Server};
use crate::lessons::{Lesson, find};
use crate::own::Own;
use crate::session::{About, Session};
use crate::tap::Switches;
use crate::text;
use crate::wrong::Wrong;

/// How long a pair may run, and everything else.
const PAIR: Duration = Duration::from_secs(3600);
const WORK: Duration = Duration::from_secs(300);

/// Bytes of chance in the name of a session.
const NAME: usize = 9;

pub(super) async fn begin(State(server): State<Server>, body: Body) -> Result<Response, Wrong> {
    let kind = body.one_of("kind", &["pair", "tour", "experiment", "check"])?;
    let lang = match body.text("lang")? {
        None => Lang::En,
        Some(code) => {
            Lang::of_code(code).ok_or_else(|| Wrong::request(|| text::unknown("lang", code)))?
        }
    };
    let about = |name: &str, lesson| About {
        kind,
        name: name.to_owned(),
        limit: if kind == "pair" { PAIR } else { WORK },
        lesson,
        lang,
    };
    let own = server.own.as_deref();
    let (about, order, switches) = match kind {
        "pair" => {
            let lesson = lesson(&body)?;
            let (order, switches) = pair(&body, lesson, own)?;
            (about(lesson.name, Some(lesson)), order, switches)
        }
        "tour" => {
            let (name, scene) = scene(&body)?;
            let order = json!({ "do": "tour", "lesson": name, "scene": scene });
            (about(name, None), order, Switches::new(false))
        }
        "experiment" => {
            let names: Vec<_> = EXPERIMENTS.iter().map(|experiment| experiment.name).collect();
            let name = body.one_of("name", &names)?;
            let order = json!({ "do": "experiment", "name": name });
            (about(name, None), order, Switches::new(false))
        }
        _ => {
            let lesson = lesson(&body)?;
            (about(lesson.name, None), judged(&body, lesson, own)?, Switches::new(false))
        }
    };
    let session = server.sessions.add(|| {
        let mut name = [0; NAME];
        getrandom::fill(&mut name).map_err(|_| failed(|| text::no_random_numbers().to_owned()))?;
        let id = URL_SAFE_NO_PAD.encode(name);
        Session::start(id, about, &server.program, &order, switches).map_err(|error| {
            match error.kind() {
                ErrorKind::NotFound => failed(|| text::is_gone(kind)),
                _ => failed(|| text::cannot_start(kind)),
            }
        })
    })?;
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    let body = json!({ "session": session.id }).to_string();
    Ok((StatusCode::CREATED, kind, body).into_response())
}

fn failed(words: impl Fn() -> String) -> Wrong {
    Wrong::new(500, "system", words)
}

fn lesson(body: &Body) -> Result<&'static Lesson, Wrong> {
    let name = body.text("lesson")?.ok_or_else(|| Wrong::request(|| text::missing("lesson")))?;
    find(name).ok_or_else(|| Wrong::request(|| text::unknown("lesson", name)))
}

/// The learner's program, if it is asked for; it must be one of this lesson, and of this side.
fn own_one<'a>(
    body: &Body,
    lesson: &Lesson,
    side: Option<&str>,
    own: Option<&'a Own>,
) -> Result<Option<&'a Own>, Wrong> {
    if !body.flag("own")? {
        return Ok(None);
    }
    let fits = |own: &&Own| own.lesson == lesson.name && side.is_none_or(|side| side == own.side);
    own.filter(fits).map(Some).ok_or_else(|| Wrong::request(|| text::not_yours().to_owned()))
}

fn pair(
    body: &Body,
    lesson: &'static Lesson,
    own: Option<&Own>,
) -> Result<(Value, Switches), Wrong> {
    let chosen = lesson.read(body.get("options").unwrap_or(&Value::Null))?;
    let own = own_one(body, lesson, None, own)?;
    let mut switches = Switches::new(lesson.udp);
    switches.change(body.get("tap").unwrap_or(&Value::Null), lesson.udp)?;
    if body.flag("hold")? {
        switches.change(&json!({ "hold": true }), lesson.udp)?;
    }
    let order = json!({
        "do": "pair", "lesson": lesson.name, "options": chosen.json(), "own": own.map(Own::order),
        "tap": switches.json(),
    });
    Ok((order, switches))
}

fn scene(body: &Body) -> Result<(&'static str, usize), Wrong> {
    let names: Vec<_> = LESSONS.iter().map(|lesson| lesson.name).collect();
    let name = body.one_of("lesson", &names)?;
    let scenes = LESSONS.iter().find(|lesson| lesson.name == name).map_or(0, |l| l.scenes.len());
    let told = body.get("scene").cloned().unwrap_or_else(|| json!(0));
    let scene = told.as_u64().and_then(|scene| usize::try_from(scene).ok());
    let scene = scene.filter(|scene| *scene < scenes);
    Ok((name, scene.ok_or_else(|| Wrong::request(|| text::unknown("scene", &told)))?))
}

fn judged(body: &Body, lesson: &Lesson, own: Option<&Own>) -> Result<Value, Wrong> {
    let side = body.one_of("side", &["server", "client"])?;
    let own = own_one(body, lesson, Some(side), own)?;
    let (option, value) = (body.text("option")?, body.text("value")?);
    let suite = Suite::of(lesson.name, if side == "client" { Side::Client } else { Side::Server })
        .find(|suite| {
            option.is_none_or(|option| suite.option == option)
                && value.is_none_or(|value| suite.variant == value)
        });
    let unknown = || text::unknown(option.unwrap_or("side"), value.unwrap_or(side));
    let suite = suite.ok_or_else(|| Wrong::request(unknown))?;
    let known: Vec<_> = (suite.checks)().iter().map(|check| check.name).collect();
    let only = body.get("only").cloned().unwrap_or_else(|| json!([]));
    let names = only.as_array().map(|names| {
        names
            .iter()
            .map(|name| known.iter().find(|known| name == **known))
            .collect::<Option<Vec<_>>>()
    });
    let names = names.flatten();
    let names = names.ok_or_else(|| Wrong::request(|| text::unknown("only", &only)))?;
    Ok(json!({
        "do": "check", "lesson": lesson.name, "side": side, "option": suite.option,
        "value": suite.variant, "only": names, "own": own.map(Own::order),
    }))
}
