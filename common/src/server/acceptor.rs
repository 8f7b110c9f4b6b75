//! Accepting clients that tasks serve.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::accept_errors::{ACCEPT_BACKOFF, is_of_the_client};
use super::capacity::{Fit, Needs, fewer_that_fit, one_too_many};
use super::limits::Limits;
use super::open_files::raise_open_files;
use super::seats::{Seat, Seats};
use super::shutdown::{GRACE, Stop};
use crate::addr::canonical;
use crate::error_text::cause;
use crate::notice;
use crate::socket::listener::Listener;
use crate::text::words;
use crate::trace::{CallResult, Endpoints, Trace};

/// What `accept` returns, one client after the other: as [`Clients`](super::Clients), but whoever
/// waits here is a task and holds up no other.
#[derive(Debug)]
pub struct Acceptor {
    /// `None` once no more clients are to come.
    listener: Option<TcpListener>,
    local: SocketAddr,
    trace: Trace,
    once: bool,
    stop: Stop,
    seats: Seats,
    max_clients: usize,
    /// How many clients the system has room for, where that is less than `max_clients`.
    fit: Option<Fit>,
    in_trouble: bool,
}

impl Acceptor {
    /// Hands a listener to the runtime that this is called in. Clients are accepted until the stop.
    ///
    /// # Errors
    /// The runtime cannot watch the socket.
    pub fn new(listener: Listener, limits: &Limits, stop: &Stop) -> io::Result<Self> {
        raise_open_files(limits.max_clients);
        let (local, trace) = (listener.local_addr(), listener.trace());
        let listener = listener.into_std();
        listener.set_nonblocking(true)?;
        Ok(Self {
            listener: Some(TcpListener::from_std(listener)?),
            local,
            trace,
            once: limits.once,
            stop: stop.clone(),
            seats: Seats::new(limits.max_clients),
            max_clients: limits.max_clients,
            fit: None,
            in_trouble: false,
        })
    }

    /// What each client takes, as [`Clients`](super::Clients) wants to know it.
    pub fn each_needs(self, needs: Needs) -> Self {
        let fit = fewer_that_fit(self.max_clients, needs);
        Self { seats: Seats::new(fit.map_or(self.max_clients, |fit| fit.clients)), fit, ..self }
    }

    /// Says of a client that it is one too many, and why.
    pub fn notice_refused(&self, peer: SocketAddr) {
        notice!("{}", one_too_many(peer, self.fit));
    }

    /// The next client; `None` when a stop is requested, and after the first with `--once`. It
    /// needs a [`seat`](Self::seat).
    ///
    /// Where the system has run out of something, a notice says so once, and clients wait in the
    /// backlog until one that is served leaves.
    pub async fn accept(&mut self) -> Option<(TcpStream, SocketAddr)> {
        let stop = self.stop.clone();
        let client = tokio::select! {
            biased;
            () = stop.requested() => None,
            client = self.next_client() => client,
        };
        if client.is_none() || self.once {
            self.listener = None;
        }
        client
    }

    async fn next_client(&mut self) -> Option<(TcpStream, SocketAddr)> {
        let listener = self.listener.as_ref()?;
        loop {
            let accepted = listener.accept().await.map(|(stream, peer)| (stream, canonical(peer)));
            let peer = accepted.as_ref().ok().map(|(_, peer)| *peer);
            self.trace.call(
                "accept",
                Endpoints { local: Some(self.local), peer },
                CallResult::of(&accepted),
            );
            match accepted {
                Ok(accepted) => {
                    self.in_trouble = false;
                    return Some(accepted);
                }
                // The client was gone again before it was accepted (`man 2 accept`).
                Err(error) if is_of_the_client(&error) => {}
                Err(error) => {
                    if !std::mem::replace(&mut self.in_trouble, true) {
                        notice!("{}", words::cannot_accept(cause(&error)));
                    }
                    // Trying again at once would only burn the time in which others could finish.
                    sleep(ACCEPT_BACKOFF).await;
                }
            }
        }
    }

    /// A seat for a client, to be dropped when it has left; `None` where there are as many clients
    /// as `max_clients` or memory allows.
    pub fn seat(&self) -> Option<Seat> {
        self.seats.take()
    }

    /// Closes the listening socket, so that a client that comes now is refused. Then waits until
    /// all clients have left, after a stop for at most [`GRACE`].
    pub async fn close(self) {
        drop(self.listener);
        let grace = async {
            self.stop.requested().await;
            sleep(GRACE).await;
        };
        tokio::select! {
            () = self.seats.all_free() => {}
            () = grace => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::listener::BACKLOG;
    use std::net::TcpStream as Client;
    use std::time::Duration;
    use tokio::runtime::{Builder, Runtime};
    use tokio::time::timeout;

    const LIMITS: Limits = Limits { max_clients: 2, idle_timeout: None, once: false };

    fn runtime() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    fn acceptor(limits: &Limits, stop: &Stop) -> (Acceptor, SocketAddr) {
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::bind(&[addr], BACKLOG, Trace::default()).unwrap();
        let addr = listener.local_addr();
        (Acceptor::new(listener, limits, stop).unwrap(), addr)
    }

    #[test]
    fn clients_come_until_a_stop_is_requested_and_the_next_is_refused() {
        runtime().block_on(async {
            let stop = Stop::new();
            let (mut acceptor, addr) = acceptor(&LIMITS, &stop);
            let client = Client::connect(addr).unwrap();
            assert_eq!(acceptor.accept().await.unwrap().1, client.local_addr().unwrap());
            let request = tokio::spawn(async move { stop.request() });
            assert!(acceptor.accept().await.is_none(), "which waits, and is woken");
            request.await.unwrap();
            assert!(Client::connect(addr).is_err());
            assert!(acceptor.accept().await.is_none());
            acceptor.close().await;
        });
    }

    #[test]
    fn once_is_one_client_and_the_next_is_refused() {
        runtime().block_on(async {
            let (mut acceptor, addr) = acceptor(&Limits { once: true, ..LIMITS }, &Stop::new());
            let _client = Client::connect(addr).unwrap();
            assert!(acceptor.accept().await.is_some());
            assert!(Client::connect(addr).is_err());
            assert!(acceptor.accept().await.is_none());
        });
    }

    #[test]
    fn at_the_end_those_who_have_a_seat_are_waited_for() {
        runtime().block_on(async {
            let stop = Stop::new();
            let (acceptor, _) = acceptor(&LIMITS, &stop);
            let (first, second) = (acceptor.seat().unwrap(), acceptor.seat().unwrap());
            assert!(acceptor.seat().is_none());
            drop(first);
            let closing = tokio::spawn(acceptor.close());
            tokio::task::yield_now().await;
            stop.request();
            tokio::task::yield_now().await;
            assert!(!closing.is_finished());
            drop(second);
            timeout(Duration::from_secs(60), closing).await.unwrap().unwrap();
        });
    }
}
