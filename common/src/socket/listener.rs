//! The socket that a server listens on.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};

use socket2::{Protocol, Type};

use super::bind::bind_first;
use super::errors::BindError;
use super::stream::Stream;
use crate::addr::canonical;
use crate::trace::{CallResult, Endpoints, Trace};

/// How many connections may be complete and wait for `accept`.
///
/// It limits nothing else: not the clients served at once, not the messages. When it is full, Linux
/// drops the client's SYN, which the client sends again after a second; with the tutorial's 5, two
/// hundred clients that come together need half a minute. The system may lower it (`man 2 listen`:
/// `somaxconn`).
pub const BACKLOG: i32 = 4096;

/// A bound and listening TCP socket.
#[derive(Debug)]
pub struct Listener {
    inner: TcpListener,
    local: SocketAddr,
    trace: Trace,
}

impl Listener {
    /// Takes the first of these addresses that this machine has: `socket`, `bind`, `listen`.
    ///
    /// `SO_REUSEADDR` lets a server come back at once although connections of its predecessor are
    /// still in TIME-WAIT (`man 7 socket`). On Unix it does not let two servers share a port; on
    /// Windows it would, and is not set.
    ///
    /// # Errors
    /// [`BindError`], which names the address and the next step.
    pub fn bind(addrs: &[SocketAddr], backlog: i32, trace: Trace) -> Result<Self, BindError> {
        let kind = (Type::STREAM, Protocol::TCP);
        let socket = bind_first(addrs, kind, trace, |socket, addr| {
            #[cfg(unix)]
            socket.set_reuse_address(true)?;
            socket.bind(&addr.into())
        })?;
        let inner = TcpListener::from(socket);
        let failed =
            |error| BindError { addr: inner.local_addr().unwrap_or_else(|_| any()), error };
        let local = inner.local_addr().map_err(failed)?;
        let listening = socket2::SockRef::from(&inner).listen(backlog);
        trace.call(
            "listen",
            Endpoints { local: Some(local), peer: None },
            CallResult::of(&listening),
        );
        listening.map_err(failed)?;
        Ok(Self { inner, local, trace })
    }

    /// The address and port that clients connect to.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Waits for a connection that the kernel has completed: a new socket for that client alone.
    /// This one goes on listening.
    ///
    /// # Errors
    /// Those of `man 2 accept`. None of them means that the listener is lost.
    pub(crate) fn accept(&self) -> io::Result<Stream> {
        let (stream, peer) = self.inner.accept()?;
        // What fails from here on, fails because this connection is gone again; some systems say
        // EINVAL then.
        Stream::new(stream, canonical(peer), self.trace)
            .map_err(|error| io::Error::new(ErrorKind::ConnectionAborted, error))
    }

    /// Shows what [`accept`](Self::accept) returned. A call of its own, since only the caller knows
    /// whether that was a client, or the connection that wakes a server to stop.
    pub(crate) fn show_accepted(&self, accepted: &io::Result<Stream>) {
        let peer = accepted.as_ref().ok().map(Stream::peer);
        self.trace.call(
            "accept",
            Endpoints { local: Some(self.local), peer },
            CallResult::of(accepted),
        );
    }

    /// The socket as `std` has it, for a program that accepts in its own way.
    pub fn into_std(self) -> TcpListener {
        self.inner
    }

    /// Whether its calls are shown.
    pub fn trace(&self) -> Trace {
        self.trace
    }
}

/// For an option of `man 7 tcp` that one program needs. On Linux the sockets of clients inherit
/// most of them.
#[cfg(unix)]
impl std::os::fd::AsFd for Listener {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.inner.as_fd()
    }
}

fn any() -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], 0))
}
