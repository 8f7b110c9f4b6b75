//! Accepting clients where tasks serve them.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::accept_errors::{ACCEPT_BACKOFF, is_of_the_client};
use crate::addr::canonical;
use crate::error_text::cause;
use crate::notice;
use crate::socket::listener::Listener;
use crate::trace::{CallResult, Endpoints, Trace};

/// A listener whose `accept` holds up nobody but the task that waits for it.
#[derive(Debug)]
pub struct Acceptor {
    listener: TcpListener,
    local: SocketAddr,
    trace: Trace,
    in_trouble: bool,
}

impl Acceptor {
    /// Hands a listener to the runtime that this is called in.
    ///
    /// # Errors
    /// The runtime cannot watch the socket.
    pub fn new(listener: Listener) -> io::Result<Self> {
        let (local, trace) = (listener.local_addr(), listener.trace());
        let listener = listener.into_std();
        listener.set_nonblocking(true)?;
        Ok(Self { listener: TcpListener::from_std(listener)?, local, trace, in_trouble: false })
    }

    /// The next client. Where the system has run out of something, a notice says so once, and clients wait in the
    /// backlog until one that is served leaves.
    ///
    /// It may be dropped while it waits, as `tokio::select!` does: no client is lost by that.
    pub async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            let accepted = self.listener.accept().await.map(|(stream, peer)| (stream, canonical(peer)));
            let peer = accepted.as_ref().ok().map(|(_, peer)| *peer);
            self.trace.call("accept", Endpoints { local: Some(self.local), peer }, CallResult::of(&accepted));
            match accepted {
                Ok(accepted) => {
                    self.in_trouble = false;
                    return accepted;
                }
                Err(error) if is_of_the_client(&error) => {}
                Err(error) => {
                    if !std::mem::replace(&mut self.in_trouble, true) {
                        notice!("cannot accept: {}; new clients wait", cause(&error));
                    }
                    // Trying again at once would only burn the time in which others could finish.
                    sleep(ACCEPT_BACKOFF).await;
                }
            }
        }
    }
}
