//! What a session tells, as it happens (server-sent events) and as a whole.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use super::Server;
use crate::session::Listening;
use crate::wrong::Wrong;
use crate::{query, text};

/// How many events are taken from the log at a time.
const AT_A_TIME: usize = 256;
/// How soon who has lost the connection comes back, and how long there is silence on it.
const RETRY: Duration = Duration::from_millis(500);
const ALIVE: Duration = Duration::from_secs(10);

pub(super) async fn stream(
    State(server): State<Server>,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Wrong> {
    let session = server.sessions.find(&id)?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let after = last.or(query::value(&uri, "after")).and_then(|after| after.parse().ok());
    let after = after.unwrap_or(0);
    // A browser comes back until it is told not to (HTML, section 9.2).
    if session.log.has_ended() && after >= session.log.len() && after > 0 {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let news = session.log.news();
    let many = || Wrong::new(429, "streams", || text::too_many_streams().to_owned());
    let listening = session.listen().ok_or_else(many)?;
    let reader = Reader { listening, news, after, read: Vec::new(), first: true };
    let alive = KeepAlive::new().interval(ALIVE);
    Ok(Sse::new(events(reader)).keep_alive(alive).into_response())
}

/// Somebody who reads a log.
struct Reader {
    listening: Listening,
    news: watch::Receiver<()>,
    /// How many have been read.
    after: usize,
    /// What comes next, the last of it first.
    read: Vec<std::sync::Arc<str>>,
    first: bool,
}

fn events(reader: Reader) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(reader, |mut reader| async move {
        loop {
            if let Some(told) = reader.read.pop() {
                reader.after += 1;
                let mut event = Event::default().id(reader.after.to_string()).data(&*told);
                if std::mem::take(&mut reader.first) {
                    event = event.retry(RETRY);
                }
                return Some((Ok(event), reader));
            }
            reader.news.mark_unchanged();
            let log = &reader.listening.session().log;
            let (told, all) = log.after(reader.after, AT_A_TIME);
            if !told.is_empty() {
                reader.read = told.into_iter().rev().collect();
            } else if all || reader.news.changed().await.is_err() {
                return None;
            }
        }
    })
}

pub(super) async fn array(
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let session = server.sessions.find(&id)?;
    let (told, _) = session.log.after(0, usize::MAX);
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    let body = format!("[{}]", told.join(",\n"));
    Ok((kind, body).into_response())
}
