//! The beginning of a connection in the framing `stream`: hello, and with a key the handshake.
//!
//! Until a client has shown who it is, it gets little: time is short, and only so many may stand in the door at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use common::socket::Stream;
use remote_cmd::key::Key;
use remote_cmd::noise::{self, NoiseError, Secrets};
use remote_cmd::stranger;
use remote_cmd::stream::{Hello, HelloError, Mode};

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(10);

/// How many clients may stand in the door at once.
const MAX_AT_ONCE: usize = 64;

/// How long a client with a wrong key waits for the answer. Nobody guesses 256 bits; but whoever tries takes one of the
/// places in the door, and shall not take the processor as well.
const DELAY: Duration = Duration::from_secs(1);

/// What is said to somebody who speaks another protocol.
const STRANGER: &[u8] =
    b"error: this server speaks the framing stream (remote-cmd-client without --framing)\n";

/// What is said when too many stand in the door.
const CROWDED: &[u8] = b"error: too many clients are about to connect; try again\n";

/// Who is let in.
pub(crate) struct Door {
    key: Option<Key>,
    inside: AtomicUsize,
}

impl Door {
    /// Lets in who holds the key; without a key, everybody.
    pub(crate) fn new(key: Option<Key>) -> Self {
        Self { key, inside: AtomicUsize::new(0) }
    }

    /// Lets a client in, and returns the secrets of a connection with a key.
    ///
    /// # Errors
    /// It is no client of ours. It has been told so.
    pub(crate) fn enter(&self, stream: &mut Stream) -> anyhow::Result<Option<Secrets>> {
        let place = Place::take(&self.inside);
        if place.is_none() {
            stream.send_all(CROWDED)?;
            bail!("refused: too many clients stand in the door");
        }
        stream.set_deadline(Instant::now().checked_add(LIMIT))?;
        let secrets = self.introduce(stream).context("not let in")?;
        stream.set_deadline(None)?;
        Ok(secrets)
    }

    fn introduce(&self, stream: &mut Stream) -> anyhow::Result<Option<Secrets>> {
        let theirs = match Hello::read(stream) {
            Err(HelloError::Stranger(said)) => {
                let stranger = stranger::recognise(&said);
                stream.send_all(stranger.map_or(STRANGER, |stranger| stranger.farewell()))?;
                bail!(
                    stranger
                        .map_or("a client of another protocol was turned away", |stranger| stranger.reason())
                );
            }
            hello => hello?,
        };
        let ours = Hello::new(if self.key.is_some() { Mode::Keyed } else { Mode::Plain });
        stream.send_all(&ours.bytes())?;
        if theirs.version != ours.version {
            bail!("the client speaks version {} of the framing stream", theirs.version);
        }
        let Some(key) = self.key.as_ref().filter(|_| theirs == ours) else {
            return if theirs == ours {
                Ok(None)
            } else {
                bail!("of the client and this server only one uses a key")
            };
        };
        match noise::respond(stream, key, &[theirs.bytes(), ours.bytes()].concat()) {
            Err(NoiseError::WrongKey) => {
                thread::sleep(DELAY);
                noise::refuse(stream)?;
                bail!("wrong key, and nothing run")
            }
            secrets => Ok(Some(secrets?)),
        }
    }
}

/// A place in the door, left when it is dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(inside: &'a AtomicUsize) -> Option<Self> {
        let taken = inside.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
            (taken < MAX_AT_ONCE).then_some(taken + 1)
        });
        taken.ok().map(|_| Self(inside))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
