//! The beginning of a connection in the framing `stream`: hello, and with a key the handshake.
//!
//! Until a client has shown who it is, it gets little: the time is short, and only so many clients
//! may be in the handshake at once. When one more comes, the one that has been in it longest must
//! go. Who has the key is through in a moment, so that nobody can keep it out by filling the
//! places.

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
use remote_cmd::sniff;
use remote_cmd::stream::{Hello, HelloError, Mode};

use crate::text;

/// How long all of it may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How many clients may be in their handshake at once.
const MAX_AT_ONCE: usize = 64;

/// How long a client with a wrong key waits for the answer. Nobody guesses 256 bits; but a client
/// that tries takes one of the places, and shall not take the processor as well.
const WRONG_KEY_DELAY: Duration = Duration::from_secs(1);

/// What a client hears that speaks another protocol.
const NOT_HELLO: &[u8] =
    b"error: this server speaks the framing stream (remote-cmd-client without --framing)\n";

/// What a client hears for whom there is not even a file.
const NO_ROOM: &[u8] = b"error: the server has too many open files, try again later\n";

/// Lets in who holds the key; without a key, everybody who says hello.
pub(crate) struct Handshake {
    key: Option<Key>,
    limit: HandshakeLimit,
}

impl Handshake {
    /// With this key, or with none.
    pub(crate) fn new(key: Option<Key>) -> Self {
        Self { key, limit: HandshakeLimit::default() }
    }

    /// Lets a client in, and returns the secrets of a connection with a key.
    ///
    /// # Errors
    /// It is no client of ours. It has been told so.
    pub(crate) fn let_in(
        &self,
        stream: &mut Stream,
        idle: Option<Duration>,
    ) -> anyhow::Result<Option<Secrets>> {
        // Without a key there is nothing to prove, and no limit.
        let place = self.key.as_ref().map(|_| self.limit.enter(stream)).transpose();
        let _place = place.inspect_err(|_| _ = stream.send_all(NO_ROOM))?;
        let limit = idle.map_or(TIME_LIMIT, |idle| idle.min(TIME_LIMIT));
        stream.set_deadline(Instant::now().checked_add(limit))?;
        let secrets = self.shake_hands(stream).context(text::not_let_in())?;
        stream.set_deadline(None)?;
        Ok(secrets)
    }

    fn shake_hands(&self, stream: &mut Stream) -> anyhow::Result<Option<Secrets>> {
        let theirs = match Hello::read(stream) {
            Err(HelloError::NotHello(said)) => {
                let (refusal, reason) = match sniff::recognise(&said) {
                    Some(protocol) => (protocol.refusal(), protocol.reason()),
                    None => (NOT_HELLO, text::other_protocol()),
                };
                stream.send_all(refusal)?;
                bail!(reason);
            }
            hello => hello?,
        };
        let ours = Hello::new(if self.key.is_some() { Mode::Keyed } else { Mode::Plain });
        stream.send_all(&ours.bytes())?;
        if theirs.version != ours.version {
            bail!(text::other_version(theirs.version));
        }
        if theirs != ours {
            bail!(text::one_key_only());
        }
        let Some(key) = &self.key else { return Ok(None) };
        match noise::respond(stream, key, &[theirs.bytes(), ours.bytes()].concat()) {
            Err(NoiseError::WrongKey) => {
                thread::sleep(WRONG_KEY_DELAY);
                noise::refuse(stream)?;
                bail!(text::wrong_key())
            }
            secrets => Ok(Some(secrets?)),
        }
    }
}

/// Limits how many clients are in the handshake at the same time.
#[derive(Default)]
struct HandshakeLimit(Mutex<InHandshake>);

#[derive(Default)]
struct InHandshake {
    /// The one that has been in it longest comes first.
    clients: VecDeque<(u64, Stream)>,
    count: u64,
}

impl HandshakeLimit {
    /// Takes a place for a client, and the place of another one if all are taken.
    fn enter(&self, stream: &Stream) -> io::Result<HandshakePlace<'_>> {
        let handle = stream.try_clone()?;
        let mut state = self.lock();
        state.count += 1;
        let id = state.count;
        state.clients.push_back((id, handle));
        if state.clients.len() > MAX_AT_ONCE
            && let Some((_, longest)) = state.clients.pop_front()
        {
            // Its own thread finds the end of the stream.
            let _ = longest.shutdown(Shutdown::Both);
        }
        Ok(HandshakePlace { limit: self, id })
    }

    fn lock(&self) -> MutexGuard<'_, InHandshake> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client's place, which is free again when this is dropped.
struct HandshakePlace<'a> {
    limit: &'a HandshakeLimit,
    id: u64,
}

impl Drop for HandshakePlace<'_> {
    fn drop(&mut self) {
        self.limit.lock().clients.retain(|(id, _)| *id != self.id);
    }
}
