//! Accepting clients, with a task for each: [`Clients`](super::Clients), with `.await`.

use std::io;

use super::acceptor::Acceptor;
use super::capacity::Needs;
use super::clients::notice_failure;
use super::limits::{Limits, TURNED_AWAY_AT_ONCE};
use super::seats::Seats;
use super::shutdown::Stop;
use crate::error_text::cause;
use crate::notice;
use crate::socket::async_stream::AsyncStream;
use crate::socket::lingering_close::LINGERING_CLOSE;
use crate::socket::listener::Listener;
use crate::text::words;
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

    /// What each client takes: see [`Clients`](super::Clients::each_needs).
    pub fn each_needs(self, needs: Needs) -> Self {
        Self { acceptor: self.acceptor.each_needs(needs), ..self }
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
                    if self.limits.ask_silent_clients() {
                        // Without, one is served all the same, and found to be gone later.
                        let _ = client.keep_alive();
                    }
                    return Some(client);
                }
                Err(error) => notice!("{}", words::because(peer, cause(&error))),
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
        self.acceptor.notice_refused(client.peer());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::listener::BACKLOG;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::thread::{JoinHandle, spawn};
    use std::time::Duration;

    const LIMITS: Limits = Limits { max_clients: 1, idle_timeout: None, once: false };

    struct Running {
        addr: SocketAddr,
        stop: Stop,
        thread: JoinHandle<()>,
    }

    impl Running {
        fn start(limits: Limits) -> Self {
            let addr = SocketAddr::from(([127, 0, 0, 1], 0));
            let listener = Listener::bind(&[addr], BACKLOG, Trace::default()).unwrap();
            let (addr, stop) = (listener.local_addr(), Stop::new());
            let stopped = stop.clone();
            let thread = spawn(move || {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async move {
                    let clients = AsyncClients::new(listener, &limits, &stopped).unwrap();
                    let mut clients = clients.when_full(b"full");
                    while let Some(client) = clients.accept().await {
                        clients.spawn(client, echo);
                    }
                    clients.close().await;
                });
            });
            Self { addr, stop, thread }
        }

        fn connect(&self) -> TcpStream {
            let stream = TcpStream::connect(self.addr).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream
        }

        fn stop(self) {
            self.stop.request();
            self.thread.join().unwrap();
        }
    }

    async fn echo(mut client: AsyncStream) -> anyhow::Result<()> {
        let mut byte = [0];
        loop {
            client.readable().await?;
            if client.recv(&mut byte).await? == 0 {
                return Ok(());
            }
            anyhow::ensure!(byte != *b"e", "the test's own error");
            client.send_all(&byte).await?;
        }
    }

    fn answer(stream: &mut TcpStream) -> u8 {
        stream.write_all(b"x").unwrap();
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        byte[0]
    }

    #[test]
    fn a_client_that_is_one_too_many_hears_the_words_and_those_who_are_there_are_waited_for() {
        let server = Running::start(LIMITS);
        let mut only = server.connect();
        assert_eq!(answer(&mut only), b'x');
        let mut words = Vec::new();
        server.connect().read_to_end(&mut words).unwrap();
        assert_eq!(words, b"full");
        server.stop.request();
        while TcpStream::connect(server.addr).is_ok() {
            std::thread::yield_now();
        }
        assert_eq!(answer(&mut only), b'x');
        drop(only);
        server.stop();
    }

    #[test]
    fn a_failure_and_a_silence_end_one_client_each_and_not_the_server() {
        let limits =
            Limits { max_clients: 9, idle_timeout: Some(Duration::from_millis(20)), ..LIMITS };
        let server = Running::start(limits);
        let mut failing = server.connect();
        failing.write_all(b"e").unwrap();
        assert_eq!(failing.read(&mut [0]).unwrap(), 0);
        for _ in 0..2 {
            assert_eq!(server.connect().read(&mut [0]).unwrap(), 0);
        }
        server.stop();
    }
}
