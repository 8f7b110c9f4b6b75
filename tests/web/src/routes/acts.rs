//! What is done with a session.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use std::sync::Arc;

use super::{Body, Server};
use crate::lessons::Lesson;
use crate::session::{MOST_TYPED, Refused, Session, TYPED_IN_ALL};
use crate::text;
use crate::wrong::Wrong;

type Done = Result<StatusCode, Wrong>;

const DONE: Done = Ok(StatusCode::NO_CONTENT);

const SIDES: [&str; 2] = ["client", "server"];

impl From<Refused> for Wrong {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Ended => Self::new(409, "ended", || text::has_ended().to_owned()),
            Refused::Enough => Self::new(413, "typed", || text::typed_enough(TYPED_IN_ALL)),
            Refused::Busy => Self::new(429, "busy", || text::too_busy().to_owned()),
        }
    }
}

/// A pair of programs.
fn pair(server: &Server, id: &str) -> Result<(Arc<Session>, &'static Lesson), Wrong> {
    let session = server.sessions.find(id)?;
    let lesson = session.about.lesson;
    let lesson = lesson.ok_or_else(|| Wrong::request(|| text::not_a_pair().to_owned()))?;
    Ok((session, lesson))
}

pub(super) async fn forget(State(server): State<Server>, Path(id): Path<String>) -> Done {
    let session = server.sessions.find(&id)?;
    server.sessions.forget(&session);
    DONE
}

pub(super) async fn stop(State(server): State<Server>, Path(id): Path<String>) -> Done {
    server.sessions.find(&id)?.end("stopped");
    DONE
}

pub(super) async fn input(
    State(server): State<Server>,
    Path(id): Path<String>,
    body: Body,
) -> Done {
    let (session, _) = pair(&server, &id)?;
    let side = body.one_of("side", &SIDES)?;
    let eof = body.flag("eof")?;
    let mut bytes = match (body.text("text")?, body.text("base64")?) {
        (Some(text), _) => {
            let line = body.get("eol").is_none_or(|eol| eol != &Value::Bool(false));
            [text, if line { "\n" } else { "" }].concat().into_bytes()
        }
        (None, Some(coded)) => {
            STANDARD.decode(coded).map_err(|_| Wrong::request(|| text::unknown("base64", "…")))?
        }
        (None, None) if eof => Vec::new(),
        (None, None) => return Err(Wrong::request(|| text::missing("text"))),
    };
    if bytes.len() > MOST_TYPED + 1 {
        return Err(Wrong::new(413, "typed", || text::typed_too_much(MOST_TYPED)));
    }
    bytes.shrink_to_fit();
    session.type_bytes(side, &bytes, eof)?;
    DONE
}

pub(super) async fn tap(State(server): State<Server>, Path(id): Path<String>, body: Body) -> Done {
    let (session, lesson) = pair(&server, &id)?;
    let mut switches = session.switches();
    switches.change(&body.0, lesson.udp)?;
    session.set_switches(switches)?;
    DONE
}

pub(super) async fn step(State(server): State<Server>, Path(id): Path<String>, body: Body) -> Done {
    let (session, lesson) = pair(&server, &id)?;
    let from = match body.get("from") {
        Some(_) => Some(body.one_of("from", &SIDES)?),
        None => None,
    };
    let lose = body.flag("drop")?;
    if lose && !lesson.udp {
        return Err(Wrong::request(|| text::not_over_tcp("drop")));
    }
    session.order(&json!({ "do": "step", "from": from, "drop": lose }))?;
    DONE
}

pub(super) async fn cut(State(server): State<Server>, Path(id): Path<String>, body: Body) -> Done {
    let (session, lesson) = pair(&server, &id)?;
    let with = match body.get("with") {
        Some(_) => body.one_of("with", &["fin", "rst"])?,
        None => "fin",
    };
    if lesson.udp {
        return Err(Wrong::request(|| text::not_over_udp("cut")));
    }
    session.order(&json!({ "do": "cut", "with": with }))?;
    DONE
}

pub(super) async fn client(
    State(server): State<Server>,
    Path(id): Path<String>,
    body: Body,
) -> Done {
    let (session, lesson) = pair(&server, &id)?;
    if session.runs("client") {
        return Err(Wrong::new(409, "running", || text::still_runs().to_owned()));
    }
    if !session.runs("server") {
        return Err(Refused::Ended.into());
    }
    let options = body.get("options").map(|options| lesson.read(options)).transpose()?;
    session.order(&json!({ "do": "client", "options": options.map(|chosen| chosen.json()) }))?;
    DONE
}

pub(super) async fn kill(State(server): State<Server>, Path(id): Path<String>, body: Body) -> Done {
    let (session, _) = pair(&server, &id)?;
    let side = body.one_of("side", &SIDES)?;
    if !session.runs(side) {
        return Err(Refused::Ended.into());
    }
    session.order(&json!({ "do": "kill", "side": side }))?;
    DONE
}
