//! The beginning of a connection in the framing `stream`: hello, and with a key the handshake.
//!
//! Until a client has shown who it is, it gets little: time is short, and only so many may stand in the door
//! at once. When one more comes, the one that has stood there longest must go. Who has the key is through in
//! a moment; so nobody can keep it out by standing in its way.

use std::collections::VecDeque;
use std::io;
use std::net::Shutdown;
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// How many clients may be in their handshake at once.
const MAX_AT_ONCE: usize = 64;

/// How long a client with a wrong key waits for the answer. Nobody guesses 256 bits; but whoever tries takes
/// one of the places in the door, and shall not take the processor as well.
const DELAY: Duration = Duration::from_secs(1);

/// What is said to somebody who speaks another protocol.
const STRANGER: &[u8] =
    b"error: this server speaks the framing stream (remote-cmd-client without --framing)\n";

/// Who is let in.
pub(crate) struct Door {
    key: Option<Key>,
    inside: Mutex<Inside>,
}

/// Who stands in the door, longest first.
#[derive(Default)]
struct Inside {
    clients: VecDeque<(u64, Stream)>,
    count: u64,
}

impl Door {
    /// Lets in who holds the key; without a key, everybody.
    pub(crate) fn new(key: Option<Key>) -> Self {
        Self { key, inside: Mutex::default() }
    }

    /// Lets a client in, and returns the secrets of a connection with a key.
    ///
    /// # Errors
    /// It is no client of ours. It has been told so.
    pub(crate) fn enter(
        &self,
        stream: &mut Stream,
        idle: Option<Duration>,
    ) -> anyhow::Result<Option<Secrets>> {
        // Without a key there is no handshake, and everybody is let in who says hello.
        let _place = self.key.as_ref().map(|_| Place::take(&self.inside, stream)).transpose()?;
        let limit = idle.map_or(LIMIT, |idle| idle.min(LIMIT));
        stream.set_deadline(Instant::now().checked_add(limit))?;
        let secrets = self.introduce(stream).context("not let in")?;
        stream.set_deadline(None)?;
        Ok(secrets)
    }

    fn introduce(&self, stream: &mut Stream) -> anyhow::Result<Option<Secrets>> {
        let theirs = match Hello::read(stream) {
            Err(HelloError::Stranger(said)) => {
                let (farewell, reason) = match stranger::recognise(&said) {
                    Some(stranger) => (stranger.farewell(), stranger.reason()),
                    None => (STRANGER, "a client of another protocol was turned away"),
                };
                stream.send_all(farewell)?;
                bail!(reason);
            }
            hello => hello?,
        };
        let ours = Hello::new(if self.key.is_some() { Mode::Keyed } else { Mode::Plain });
        stream.send_all(&ours.bytes())?;
        if theirs.version != ours.version {
            bail!("the client speaks version {} of the framing stream", theirs.version);
        }
        if theirs != ours {
            bail!("of the client and this server only one uses a key");
        }
        let Some(key) = &self.key else { return Ok(None) };
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
struct Place<'a> {
    inside: &'a Mutex<Inside>,
    id: u64,
}

impl<'a> Place<'a> {
    fn take(inside: &'a Mutex<Inside>, stream: &Stream) -> io::Result<Self> {
        let handle = stream.try_clone()?;
        let mut state = lock(inside);
        state.count += 1;
        let id = state.count;
        state.clients.push_back((id, handle));
        if state.clients.len() > MAX_AT_ONCE
            && let Some((_, longest)) = state.clients.pop_front()
        {
            // Its own thread finds the end of the stream.
            let _ = longest.shutdown(Shutdown::Both);
        }
        Ok(Self { inside, id })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        lock(self.inside).clients.retain(|(id, _)| *id != self.id);
    }
}

fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}
