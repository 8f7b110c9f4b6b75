//! What the process of a session says.

use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Tells events. They are numbered from 1, as the log of the server numbers them.
#[derive(Debug)]
pub(super) struct Tell {
    began: Instant,
    count: Mutex<u64>,
}

impl Tell {
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), count: Mutex::new(0) }
    }

    /// Microseconds since the beginning.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// The number of the next event, where one thread tells them all.
    pub(super) fn next(&self) -> u64 {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) + 1
    }

    /// Tells of something that happens now, and its number.
    pub(super) fn event(&self, kind: &str, fields: Value) -> u64 {
        self.event_at(self.now(), kind, fields)
    }

    /// The same of something that happened then.
    pub(super) fn event_at(&self, t: u64, kind: &str, fields: Value) -> u64 {
        let sign = if matches!(kind, "started" | "exit") { 'S' } else { 'E' };
        let mut event = json!({ "kind": kind, "t": t });
        if let (Some(event), Value::Object(fields)) = (event.as_object_mut(), fields) {
            event.extend(fields);
        }
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        say(format_args!("{sign}{event}"));
        *count
    }

    /// The next bytes of a capture.
    pub(super) fn packets(&self, bytes: &[u8]) {
        say(format_args!("P{}", STANDARD.encode(bytes)));
    }

    pub(super) fn all_went_well(&self) {
        say(format_args!("X"));
    }
}

/// An object with more fields.
pub(super) fn with<const N: usize>(mut object: Value, more: [(&str, Value); N]) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
    object
}

/// Where nobody reads it any more, standard input has ended, too, and that is heeded.
fn say(line: std::fmt::Arguments<'_>) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
