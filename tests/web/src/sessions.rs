//! All sessions of this server: at most so many run, some of those that have ended are kept, and
//! who has nobody left to listen is ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::session::Session;
use crate::text;
use crate::wrong::Wrong;

/// How many sessions may run.
pub(crate) const MOST_SESSIONS: usize = 8;
/// How many that have ended are kept, and how many bytes they may have together. The running ones
/// have at most [`MOST_BYTES`](crate::event_log::MOST_BYTES) each.
const KEPT: usize = 16;
const KEPT_BYTES: usize = 64 << 20;
/// How long a page may be away: as long as a reload takes, or a connection that is lost.
pub(crate) const CLOSED: Duration = Duration::from_secs(5);
/// How long it may take to listen at all.
const FIRST: Duration = Duration::from_secs(15);
/// How often it is looked who is still there.
const LOOK: Duration = Duration::from_millis(250);

/// The sessions, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    all: Mutex<Vec<Arc<Session>>>,
}

impl Sessions {
    fn all(&self) -> MutexGuard<'_, Vec<Arc<Session>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what `start` starts, if there is room for it.
    ///
    /// # Errors
    /// There is none, or it does not start.
    pub(crate) fn add(
        &self,
        start: impl FnOnce() -> Result<Arc<Session>, Wrong>,
    ) -> Result<Arc<Session>, Wrong> {
        let mut all = self.all();
        if all.iter().filter(|session| !session.log.has_ended()).count() >= MOST_SESSIONS {
            return Err(Wrong::new(429, "sessions", || text::too_many_sessions(MOST_SESSIONS)));
        }
        let session = start()?;
        all.push(Arc::clone(&session));
        forget_oldest(&mut all);
        Ok(session)
    }

    /// The one of this name.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn find(&self, id: &str) -> Result<Arc<Session>, Wrong> {
        let found = self.all().iter().find(|session| session.id == id).cloned();
        found.ok_or_else(|| Wrong::new(404, "session", || text::no_such_session().to_owned()))
    }

    /// Ends one and forgets it.
    pub(crate) fn forget(&self, session: &Arc<Session>) {
        session.end("stopped");
        self.all().retain(|other| !Arc::ptr_eq(other, session));
    }

    pub(crate) fn list(&self) -> Value {
        let one = |session: &Arc<Session>| {
            json!({
                "session": session.id,
                "kind": session.about.kind,
                "name": session.about.name,
                "lesson": session.about.lesson.map(|lesson| lesson.name),
                "running": !session.log.has_ended(),
                "events": session.log.len(),
            })
        };
        json!({ "sessions": self.all().iter().map(one).collect::<Vec<_>>() })
    }

    /// Ends, as long as it is called, who takes too long and whose page has gone.
    pub(crate) async fn watch(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            let running: Vec<_> = {
                let mut all = self.all();
                forget_oldest(&mut all);
                all.iter().filter(|s| !s.log.has_ended()).cloned().collect()
            };
            for session in running {
                let patience = |heard| if heard { CLOSED } else { FIRST };
                let left = session.silence().is_some_and(|(time, heard)| time > patience(heard));
                if left {
                    session.end("closed");
                } else if session.began.elapsed() > session.about.limit {
                    session.end("time");
                }
            }
        }
    }

    /// Ends all, and kills who has not ended in time.
    pub(crate) async fn end_all(&self, limit: Duration) {
        let all = self.all().clone();
        for session in &all {
            session.end("stopped");
        }
        let until = Instant::now() + limit;
        while Instant::now() < until && all.iter().any(|session| !session.log.has_ended()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        for session in &all {
            session.kill();
        }
    }
}

/// Forgets the oldest of those that have ended, where they are too many or too long.
fn forget_oldest(all: &mut Vec<Arc<Session>>) {
    let ended = |one: &Arc<Session>| one.log.has_ended().then(|| one.log.bytes());
    let lengths: Vec<_> = all.iter().map(ended).collect();
    let mut stays = stay(&lengths).into_iter();
    all.retain(|_| stays.next().unwrap_or(true));
}

/// Which of them stay, the oldest first: all that run, whose length is none, and of the others the
/// newest. The newest of all does, however long it is.
fn stay(lengths: &[Option<usize>]) -> Vec<bool> {
    let (mut count, mut bytes) = (0, 0);
    let mut stays: Vec<_> = lengths
        .iter()
        .rev()
        .map(|length| {
            length.is_none_or(|length| {
                (count, bytes) = (count + 1, bytes + length);
                count == 1 || (count <= KEPT && bytes <= KEPT_BYTES)
            })
        })
        .collect();
    stays.reverse();
    stays
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_where_there_are_too_many_or_they_are_too_long() {
        assert_eq!(stay(&[]), [false; 0]);
        assert_eq!(stay(&[Some(0); KEPT]), [true; KEPT]);
        let mut many = vec![Some(0); KEPT + 2];
        many.insert(0, None);
        let kept = stay(&many);
        assert_eq!(kept[..4], [true, false, false, true]);
        assert_eq!(kept.iter().filter(|stays| **stays).count(), KEPT + 1);
        // What runs takes no room from the others.
        let half = Some(KEPT_BYTES / 2);
        assert_eq!(stay(&[Some(1), half, None, half]), [false, true, true, true]);
        assert_eq!(stay(&[Some(1), None, Some(KEPT_BYTES + 1)]), [false, true, true]);
    }
}
