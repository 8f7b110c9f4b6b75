//! Accepting clients, with a task for each: [`Clients`](super::Clients), with `.await`.

use std::io;

use super::acceptor::Acceptor;
use super::clients::notice_failure;
use super::limits::{Limits, TURNED_AWAY_AT_ONCE};
use super::seats::Seats;
use super::shutdown::Stop;
use crate::error_text::cause;
use crate::notice;
use crate::socket::async_stream::AsyncStream;
use crate::socket::listener::Listener;
use crate::socket::stream::LINGERING_CLOSE;
use crate::trace::Trace;

/// What `accept` returns, one client after the other, with the chores of a server around it.
#[derive(Debug)]
pub struct AsyncClients {
    acceptor: Acceptor,
    trace: Trace,
    limits: Limits,
    words_when_full: &'static [u8],
    leaving: Seats,
}

impl AsyncClients {
    /// Those who connect to this listener until a stop is requested.
    ///
    /// # Errors
    /// The runtime that this is called in cannot watch the socket.
    pub fn new(listener: Listener, limits: &Limits, stop: &Stop) -> io::Result<Self> {
        let trace = listener.trace();
        Ok(Self {
            acceptor: Acceptor::new(listener, limits, stop)?,
            trace,
            limits: *limits,
            words_when_full: b"",
            leaving: Seats::new(TURNED_AWAY_AT_ONCE),
        })
    }

    /// What a client hears that is one too many.
    pub fn when_full(self, words: &'static [u8]) -> Self {
        Self { words_when_full: words, ..self }
    }

    /// Waits for the next client, who may be silent for as long as the limits allow. `None` when a
    /// stop is requested, and after the first client with `--once`.
    pub async fn accept(&mut self) -> Option<AsyncStream> {
        loop {
            let (client, peer) = self.acceptor.accept().await?;
            match AsyncStream::new(client, peer, self.trace) {
                Ok(mut client) => {
                    client.set_idle(self.limits.idle_timeout);
                    return Some(client);
                }
                Err(error) => notice!("{peer}: {}", cause(&error)),
            }
        }
    }

    /// Serves a client by a task of its own. A conversation that fails is told in a notice and ends
    /// that client only. One that is more than `max_clients` hears the words for that instead, and
    /// is closed.
    pub fn spawn<C>(&self, client: AsyncStream, converse: impl FnOnce(AsyncStream) -> C)
    where
        C: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let Some(seat) = self.acceptor.seat() else {
            return self.turn_away(client);
        };
        let (peer, idle_timeout) = (client.peer(), self.limits.idle_timeout);
        // Boxed, for a future that is moved into another takes its room twice.
        let conversation = Box::pin(converse(client));
        tokio::spawn(async move {
            if let Err(error) = conversation.await {
                notice_failure(peer, &error, idle_timeout);
            }
            drop(seat);
        });
    }

    /// Closes the listening socket, so that a client that comes now is refused. Then waits until
    /// all clients have left, after a stop for at most [`GRACE`](super::GRACE).
    pub async fn close(self) {
        self.acceptor.close().await;
    }

    /// Closes a client that is one too many, once the words have arrived, as
    /// [`Clients`](super::Clients) does.
    fn turn_away(&self, mut client: AsyncStream) {
        notice!("{}: refused: as many clients as --max-clients allows", client.peer());
        let (words, seat) = (self.words_when_full, self.leaving.take());
        tokio::spawn(async move {
            // Words so short fit into the kernel's buffer: nobody waits for this client.
            let told = client.send_all(words).await.is_ok() && !words.is_empty();
            match seat {
                Some(_) if told => client.close_gently(LINGERING_CLOSE).await,
                _ => client.close(),
            }
            drop(seat);
        });
    }
}
