//! How long a test waits for what must happen.

use std::time::{Duration, Instant};

/// The limit of every wait: 20 s, or `HARNESS_TIMEOUT` seconds on a machine that is slower than
/// that.
///
/// # Panics
///
/// When `HARNESS_TIMEOUT` is no number of seconds.
pub fn patience() -> Duration {
    match std::env::var("HARNESS_TIMEOUT") {
        Ok(seconds) => {
            Duration::from_secs_f64(seconds.parse().expect("HARNESS_TIMEOUT is seconds"))
        }
        Err(_) => Duration::from_secs(20),
    }
}

/// Waits until `condition` holds, for facts that no event announces (a thread count, a file that
/// another program writes). Where there is an event, wait for that instead.
///
/// # Panics
///
/// When it does not hold within [`patience`]; `what` says in the message what was waited for.
#[track_caller]
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience();
    while !condition() {
        assert!(Instant::now() < deadline, "never came true: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
