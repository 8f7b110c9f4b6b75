//! How far a build is, while it takes long enough for somebody to wonder.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Says what is built, from half a second on: of a minute of silence nobody knows what it is for.
/// On a terminal it is one line, with how far it is; cargo's own would stay, and say each time that
/// nothing had to be done. Elsewhere it is one notice, as soon as something had to be.
pub(crate) struct Progress {
    crates: Arc<AtomicUsize>,
    ended: Option<Sender<()>>,
    shown: Option<JoinHandle<()>>,
}

/// How long a build may be silent, and how often its line is written anew.
const SILENCE: Duration = Duration::from_millis(500);

/// How long to find out that nothing has to be done may take on a busy machine.
const LOOK: Duration = Duration::from_secs(5);

/// Words for what is built.
static WORDS: OnceLock<fn(what: &str) -> String> = OnceLock::new();

/// From now on this says what is built: in another language, or in the program's own words.
pub fn say_what_is_built(words: fn(what: &str) -> String) {
    let _ = WORDS.set(words);
}

impl Progress {
    pub(crate) fn new(what: &str) -> Self {
        let words = WORDS.get().map_or_else(|| format!("building {what}"), |words| words(what));
        let crates = Arc::new(AtomicUsize::new(0));
        let (ended, end) = channel();
        let done = Arc::clone(&crates);
        let shown = thread::Builder::new().spawn(move || show(&words, &done, &end)).ok();
        Self { crates, ended: Some(ended), shown }
    }

    /// A crate is ready; one that was ready before is not worth a word.
    pub(crate) fn tell(&self, message: &str) {
        if message.contains("\"fresh\":false") {
            self.crates.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Until the end: then the line goes.
fn show(words: &str, done: &AtomicUsize, end: &Receiver<()>) {
    let begun = Instant::now();
    let mut told = false;
    while end.recv_timeout(SILENCE) == Err(RecvTimeoutError::Timeout) {
        let (mut to, done) = (io::stderr(), done.load(Ordering::Relaxed));
        if to.is_terminal() {
            let seconds = begun.elapsed().as_secs();
            let _ = write!(to, "\r{:78}\r   {words:.50} · {done} ✓ · {seconds} s", "");
            told = true;
        } else if !told && (done > 0 || begun.elapsed() > LOOK) {
            let _ = writeln!(to, "notice: {words}");
            told = true;
        }
    }
    if told && io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r{:78}\r", "");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.ended.take());
        self.shown.take().map(JoinHandle::join);
    }
}
