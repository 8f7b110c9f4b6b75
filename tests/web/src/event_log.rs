//! All that a session has told, numbered from 1, and the packets of its capture: for whoever
//! listens, whoever comes back, and whoever saves it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// How many events are kept.
pub(crate) const MOST_EVENTS: usize = 50_000;
/// How many bytes they and the packets have together.
pub(crate) const MOST_BYTES: usize = 24 << 20;
/// By how much the room for packets grows. Doubled, it would be twice what is told here.
const CAPACITY_STEP: usize = 1 << 20;

/// What one session has told.
#[derive(Debug)]
pub(crate) struct EventLog {
    kept: Mutex<Kept>,
    news: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Kept {
    events: Vec<Arc<str>>,
    packets: Vec<u8>,
    bytes: usize,
    ended: bool,
}

impl EventLog {
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
        if kept.events.len() >= MOST_EVENTS || !kept.takes(event.len()) {
            return false;
        }
        kept.events.push(event.into());
        drop(kept);
        self.news.send_replace(());
        true
    }

    /// The same of what belongs to the capture.
    pub(crate) fn push_packets(&self, packets: &[u8]) -> bool {
        let mut kept = self.kept();
        if kept.ended {
            return true;
        }
        if !kept.takes(packets.len()) {
            return false;
        }
        if kept.packets.capacity() - kept.packets.len() < packets.len() {
            kept.packets.reserve_exact(packets.len().max(CAPACITY_STEP));
        }
        kept.packets.extend_from_slice(packets);
        true
    }

    /// The capture so far.
    pub(crate) fn packets(&self) -> Vec<u8> {
        self.kept().packets.clone()
    }

    /// How many bytes all of it has.
    pub(crate) fn bytes(&self) -> usize {
        self.kept().bytes
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

impl Kept {
    /// Counts so many more bytes, if there is room for them.
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = bytes <= MOST_BYTES.saturating_sub(self.bytes);
        self.bytes += if fits { bytes } else { 0 };
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_gets_what_it_has_missed() {
        let log = EventLog::new();
        for event in ["a", "b", "c"] {
            assert!(log.push(event));
        }
        let after = |at, most| {
            let (events, all) = log.after(at, most);
            (events.concat(), all)
        };
        assert_eq!(after(0, 9), ("abc".to_owned(), false));
        assert_eq!(after(1, 1), ("b".to_owned(), false));
        log.end("e");
        log.end("f");
        assert!(log.push("late"));
        assert_eq!(after(2, 1), ("c".to_owned(), false));
        assert_eq!(after(2, 9), ("ce".to_owned(), true));
        assert_eq!(after(7, 9), (String::new(), true));
    }

    #[test]
    fn it_has_an_end_of_bytes_and_of_events() {
        let log = EventLog::new();
        let event = "x".repeat(MOST_BYTES / 4);
        assert!(log.push_packets(event.as_bytes()));
        assert_eq!((0..5).filter(|_| log.push(&event)).count(), 3);
        assert_eq!(log.bytes(), MOST_BYTES);
        assert!(!log.push_packets(b"x"));
        assert_eq!(log.packets().len(), event.len());
        let log = EventLog::new();
        assert_eq!((0..MOST_EVENTS + 5).filter(|_| log.push("")).count(), MOST_EVENTS);
        log.end("e");
        assert_eq!(log.len(), MOST_EVENTS + 1);
    }
}
