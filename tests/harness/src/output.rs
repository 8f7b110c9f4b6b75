//! What a program has written so far, collected by a thread as it comes.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::wanted::Wanted;
use crate::watched::Watched;

/// Bytes that arrive, and whether their stream has ended.
#[derive(Default)]
pub(crate) struct Collected {
    pub(crate) bytes: Vec<u8>,
    pub(crate) ended: bool,
}

impl Collected {
    /// What is too much is taken out of the middle, several chunks at a time.
    fn add(&mut self, chunk: &[u8], most: usize) {
        self.bytes.extend_from_slice(chunk);
        if self.bytes.len() > most {
            let from = most / 2;
            self.bytes.drain(from..from + (most / 4).max(self.bytes.len() - most));
        }
    }
}

pub(crate) type Output = Arc<Watched<Collected>>;

/// Reads `stream` to its end on a thread of its own. `None` is a stream that nobody collects. Of
/// more than `most` bytes the first and the last half are kept.
pub(crate) fn collect<R: Read + Send + 'static>(stream: Option<R>, most: usize) -> Output {
    let output = Output::default();
    let Some(stream) = stream else {
        output.update(|collected| collected.ended = true);
        return output;
    };
    let collecting = Arc::clone(&output);
    std::thread::spawn(move || {
        each_chunk(stream, |chunk| {
            collecting.update(|collected| collected.add(chunk, most));
        });
        collecting.update(|collected| collected.ended = true);
    });
    output
}

/// Hands on every chunk until the end. A PTY whose program has gone ends with EIO: an end, too.
pub(crate) fn each_chunk(mut stream: impl Read, mut f: impl FnMut(&[u8])) {
    let mut buffer = [0; 8192];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return,
            Ok(n) => f(&buffer[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

impl Watched<Collected> {
    pub(crate) fn so_far(&self) -> Vec<u8> {
        self.lock().bytes.clone()
    }

    /// Waits for `wanted` and returns everything so far. Fails at once when the stream has ended
    /// without it.
    #[track_caller]
    pub(crate) fn wait_for(&self, stream: &str, limit: Duration, wanted: &impl Wanted) -> Vec<u8> {
        let result = self.wait(limit, |collected| {
            if wanted.is_in(&collected.bytes) {
                return Some(Ok(collected.bytes.clone()));
            }
            collected.ended.then_some(Err(()))
        });
        match result {
            Some(Ok(bytes)) => bytes,
            Some(Err(())) => panic!("{stream} ended without {}", wanted.describe()),
            None => panic!("{stream} did not show {} within {limit:?}", wanted.describe()),
        }
    }

    /// Waits for the end of the stream, which a program's own child may hold open.
    pub(crate) fn wait_end(&self, deadline: Instant) {
        let limit = deadline.saturating_duration_since(Instant::now());
        self.wait(limit, |collected| collected.ended.then_some(()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_much_the_beginning_and_the_end_are_kept() {
        let mut collected = Collected::default();
        for n in 0..1000 {
            collected.add(format!("{n:03} ").as_bytes(), 400);
            assert!(collected.bytes.len() <= 400);
        }
        let text = String::from_utf8(collected.bytes).unwrap();
        assert!(text.starts_with("000 001 ") && text.ends_with(" 998 999 "), "{text}");
    }
}
