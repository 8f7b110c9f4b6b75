//! A session as a file: the capture that its tap has made, and its ladder as a picture or a page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use common::text::speaking;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{Server, language};
use crate::drawing::Drawing;
use crate::session::Session;
use crate::text;
use crate::wrong::Wrong;

fn attached(kind: &'static str, name: &str, body: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body)
        .into_response()
}

fn nothing() -> Wrong {
    Wrong::new(404, "nothing", || text::nothing_to_save().to_owned())
}

pub(super) async fn capture(
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let session = server.sessions.find(&id)?;
    let packets = session.log.packets();
    if packets.is_empty() {
        return Err(nothing());
    }
    let name = format!("{}.pcapng", session.about.name);
    Ok(attached("application/x-pcapng", &name, packets))
}

pub(super) async fn picture(
    State(server): State<Server>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Wrong> {
    let session = server.sessions.find(&id)?;
    let name = format!("{}.svg", session.about.name);
    Ok(attached("image/svg+xml", &name, drawn(session, &uri, Drawing::picture).await?))
}

pub(super) async fn page(
    State(server): State<Server>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Wrong> {
    let session = server.sessions.find(&id)?;
    let name = format!("{}.html", session.about.name);
    Ok(attached("text/html; charset=utf-8", &name, drawn(session, &uri, Drawing::page).await?))
}

/// Draws in a thread of its own, one at a time: a long conversation takes seconds and room, and the
/// events of all sessions go on meanwhile.
async fn drawn(
    session: Arc<Session>,
    uri: &Uri,
    draw: impl FnOnce(&Drawing) -> Option<String> + Send + 'static,
) -> Result<Vec<u8>, Wrong> {
    static ONE: Semaphore = Semaphore::const_new(1);
    let language = language(uri, &session);
    let turn = ONE.acquire().await;
    let drawn = spawn_blocking(move || speaking(language, || draw(&Drawing::of(&session))));
    let drawn = drawn.await.ok().flatten();
    drop(turn);
    drawn.map(String::into_bytes).ok_or_else(nothing)
}
