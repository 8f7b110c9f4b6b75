//! What is answered to which request.

mod acts;
mod begin;
mod events;
mod save;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use common::text::Lang;
use serde_json::Value;

use crate::access::{Access, check};
use crate::own::Own;
use crate::session::Session;
use crate::sessions::Sessions;
use crate::wrong::Wrong;
use crate::{assets, catalog, query, text};

/// The most bytes of a request's body.
const BODY: usize = 256 * 1024;

/// What all requests share.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) sessions: Arc<Sessions>,
    /// This program, which does the work of sessions, too.
    pub(crate) program: Arc<Path>,
    pub(crate) own: Option<Arc<Own>>,
}

/// All that can be asked for.
pub(crate) fn router(server: Server, access: Arc<Access>) -> Router {
    Router::new()
        .route("/api/catalog", get(all))
        .route("/api/sessions", get(list).post(begin::begin))
        .route("/api/sessions/{id}", axum::routing::delete(acts::forget))
        .route("/api/sessions/{id}/events", get(events::stream))
        .route("/api/sessions/{id}/events.json", get(events::array))
        .route("/api/sessions/{id}/input", post(acts::input))
        .route("/api/sessions/{id}/tap", post(acts::tap))
        .route("/api/sessions/{id}/step", post(acts::step))
        .route("/api/sessions/{id}/cut", post(acts::cut))
        .route("/api/sessions/{id}/client", post(acts::client))
        .route("/api/sessions/{id}/kill", post(acts::kill))
        .route("/api/sessions/{id}/stop", post(acts::stop))
        .route("/api/sessions/{id}/capture.pcapng", get(save::capture))
        .route("/api/sessions/{id}/picture.svg", get(save::picture))
        .route("/api/sessions/{id}/page.html", get(save::page))
        .fallback(file)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(access, check))
        .with_state(server)
}

async fn file(uri: Uri) -> Response {
    match assets::find(uri.path()) {
        Some((_, kind, text)) => ([(header::CONTENT_TYPE, *kind)], *text).into_response(),
        None => Wrong::new(404, "path", || text::nothing_here().to_owned()).into_response(),
    }
}

async fn wrong_method() -> Wrong {
    Wrong::new(405, "method", || text::wrong_method().to_owned())
}

async fn all(State(server): State<Server>) -> Response {
    json(&catalog::catalog(server.own.as_deref()))
}

async fn list(State(server): State<Server>) -> Response {
    json(&server.sessions.list())
}

/// An answer in JSON.
pub(crate) fn json(value: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (kind, value.to_string()).into_response()
}

/// Which language a request asks for, where it says so.
pub(crate) fn language(uri: &Uri, session: &Session) -> Lang {
    query::value(uri, "lang").and_then(Lang::of_code).unwrap_or(session.about.lang)
}

/// The body of a request: a JSON object.
#[derive(Debug)]
pub(crate) struct Body(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Wrong;

    async fn from_request(request: Request, state: &S) -> Result<Self, Wrong> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_json = kind.is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Wrong::new(413, "body", || text::body_too_long(BODY)))?;
        if !is_json && !bytes.is_empty() {
            return Err(Wrong::new(415, "type", || text::not_json().to_owned()));
        }
        if bytes.is_empty() {
            return Ok(Self(Value::Object(serde_json::Map::new())));
        }
        let value: Option<Value> = serde_json::from_slice(&bytes).ok();
        let object = value.filter(Value::is_object);
        object.map(Self).ok_or_else(|| Wrong::request(|| text::not_json().to_owned()))
    }
}

impl Body {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text; `None` where there is none.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Wrong> {
        self.get(name)
            .map(|value| {
                let text = value.as_str();
                text.ok_or_else(|| Wrong::request(|| text::unknown(name, value)))
            })
            .transpose()
    }

    /// A text that is one of these.
    ///
    /// # Errors
    /// It is missing, or another one.
    pub(crate) fn one_of(&self, name: &str, known: &[&'static str]) -> Result<&'static str, Wrong> {
        let told = self.text(name)?;
        let told = told.ok_or_else(|| Wrong::request(|| text::missing(name)))?;
        let found = known.iter().find(|known| **known == told).copied();
        found.ok_or_else(|| Wrong::request(|| text::unknown(name, told)))
    }

    /// A truth; false where there is none.
    ///
    /// # Errors
    /// It is something else.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Wrong> {
        let flag = self.get(name).map(Value::as_bool);
        flag.unwrap_or(Some(false)).ok_or_else(|| Wrong::request(|| text::not_a_flag(name)))
    }
}
