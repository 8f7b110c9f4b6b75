//! All that a session has told, numbered from 1: for whoever listens, whoever comes back, and
//! whoever saves it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// How many events are kept.
pub(crate) const MOST_EVENTS: usize = 50_000;
/// How many bytes they have at most, and the packets of a capture besides.
pub(crate) const MOST_BYTES: usize = 16 << 20;

/// The events of one session.
#[derive(Debug)]
pub(crate) struct Journal {
    kept: Mutex<Kept>,
    news: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Kept {
    events: Vec<Arc<str>>,
    bytes: usize,
    ended: bool,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self { kept: Mutex::default(), news: watch::Sender::new(()) }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one more, and tells whether there was room. After the end nothing is kept.
    pub(crate) fn push(&self, event: &str) -> bool {
        let mut kept = self.kept();
        if kept.ended {
            return true;
        }
        if kept.events.len() >= MOST_EVENTS || kept.bytes + event.len() > MOST_BYTES {
            return false;
        }
        kept.bytes += event.len();
        kept.events.push(event.into());
        drop(kept);
        self.news.send_replace(());
        true
    }

    /// Keeps the last one, for which there is always room.
    pub(crate) fn end(&self, event: &str) {
        let mut kept = self.kept();
        if !kept.ended {
            kept.events.push(event.into());
            kept.ended = true;
        }
        drop(kept);
        self.news.send_replace(());
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.kept().ended
    }

    pub(crate) fn len(&self) -> usize {
        self.kept().events.len()
    }

    /// Those behind the first `after` of them, at most so many, and whether no more will come.
    pub(crate) fn after(&self, after: usize, most: usize) -> (Vec<Arc<str>>, bool) {
        let kept = self.kept();
        let events: Vec<_> = kept.events.iter().skip(after).take(most).cloned().collect();
        let all = kept.ended && after + events.len() >= kept.events.len();
        (events, all)
    }

    /// Is told when there are more.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_gets_what_it_has_missed() {
        let journal = Journal::new();
        for event in ["a", "b", "c"] {
            assert!(journal.push(event));
        }
        let after = |at, most| {
            let (events, all) = journal.after(at, most);
            (events.concat(), all)
        };
        assert_eq!(after(0, 9), ("abc".to_owned(), false));
        assert_eq!(after(1, 1), ("b".to_owned(), false));
        journal.end("e");
        journal.end("f");
        assert!(journal.push("late"));
        assert_eq!(after(2, 1), ("c".to_owned(), false));
        assert_eq!(after(2, 9), ("ce".to_owned(), true));
        assert_eq!(after(7, 9), (String::new(), true));
    }

    #[test]
    fn it_has_an_end_of_bytes_and_of_events() {
        let journal = Journal::new();
        let event = "x".repeat(MOST_BYTES / 4);
        assert_eq!((0..5).filter(|_| journal.push(&event)).count(), 4);
        let journal = Journal::new();
        assert_eq!((0..MOST_EVENTS + 5).filter(|_| journal.push("")).count(), MOST_EVENTS);
        journal.end("e");
        assert_eq!(journal.len(), MOST_EVENTS + 1);
    }
}
