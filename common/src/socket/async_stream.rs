//! One TCP connection where tasks serve: the calls of [`Stream`](super::Stream), with `.await`.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::TcpStream;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::keepalive::questions;
use crate::addr::canonical;
use crate::trace::{CallResult, Endpoints, Trace};

/// A connected TCP socket that holds up its own task, and no thread. `TCP_NODELAY` is set.
#[derive(Debug)]
pub struct AsyncStream {
    inner: TcpStream,
    peer: SocketAddr,
    trace: Trace,
    idle: Option<Duration>,
    /// The runtime takes a new socket, and one of which a full buffer was received, for readable
    /// until somebody has looked.
    unsure: bool,
}

impl AsyncStream {
    /// What `accept` returned.
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn new(inner: TcpStream, peer: SocketAddr, trace: Trace) -> io::Result<Self> {
        inner.set_nodelay(true)?;
        Ok(Self { inner, peer, trace, idle: None, unsure: true })
    }

    /// The other end's address.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// As [`Stream::keep_alive`](super::Stream::keep_alive).
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn keep_alive(&self) -> io::Result<()> {
        SockRef::from(&self.inner).set_tcp_keepalive(&questions())
    }

    /// The limit for each single call: a peer that neither sends nor takes anything for that long
    /// ends the conversation. `None` is no limit.
    pub fn set_idle(&mut self, limit: Option<Duration>) {
        self.idle = limit;
    }

    /// Waits until there is something to receive, or the end, and takes nothing of it.
    ///
    /// # Errors
    /// `TimedOut` where the limit has passed.
    pub async fn readable(&mut self) -> io::Result<()> {
        loop {
            // Smaller than `TcpStream::readable`, and ten thousand may wait here.
            let readable = poll_fn(|context| self.inner.poll_read_ready(context));
            match self.idle {
                None => readable.await?,
                Some(limit) => timeout(limit, readable).await.unwrap_or_else(late)?,
            }
            if !self.unsure || self.look() {
                self.unsure = false;
                return Ok(());
            }
        }
    }

    /// Asks the kernel whether there is anything. If not, the runtime knows it, too, from then on.
    fn look(&self) -> bool {
        let peek = || SockRef::from(&self.inner).peek(&mut [MaybeUninit::uninit()]);
        let peeked = self.inner.try_io(Interest::READABLE, peek);
        peeked.map_err(|error| error.kind()).err() != Some(ErrorKind::WouldBlock)
    }

    /// Takes what has come, at most as many bytes as the buffer holds, once the stream is
    /// [`readable`](Self::readable). 0 is the end: the peer has closed its side.
    ///
    /// # Errors
    /// Those of `man 2 recv`.
    pub async fn recv(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.inner.read(buffer).await;
        self.trace.call("recv", self.ends(), CallResult::of_bytes(&result, buffer));
        self.unsure = matches!(result, Ok(received) if received == buffer.len());
        result
    }

    /// Sends all of the bytes: `send` until nothing is left.
    ///
    /// # Errors
    /// `TimedOut` where the limit has passed; otherwise those of `man 2 send`.
    pub async fn send_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            // Mostly the kernel takes all of it at once, and nothing is to be waited for.
            let result = match self.inner.try_write(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    Box::pin(within(self.idle, self.inner.write(bytes))).await
                }
                result => result,
            };
            self.trace.call("send", self.ends(), CallResult::of_bytes(&result, bytes));
            match result? {
                0 => return Err(ErrorKind::WriteZero.into()),
                sent => bytes = bytes.get(sent..).unwrap_or_default(),
            }
        }
        Ok(())
    }

    /// Closes the connection, which dropping it does as well, unseen.
    pub fn close(self) {
        let (trace, ends) = (self.trace, self.ends());
        drop(self);
        trace.call("close", ends, CallResult::Done);
    }

    /// As [`Stream::close_gently`](super::Stream::close_gently): half-close, then read what still
    /// comes, for at most `patience`. Boxed, since it comes once, and a task has room for all that
    /// it may wait for.
    pub fn close_gently(mut self, patience: Duration) -> Pin<Box<impl Future<Output = ()>>> {
        Box::pin(async move {
            let shut = SockRef::from(&self.inner).shutdown(Shutdown::Write);
            self.trace.call("shutdown", self.ends(), CallResult::of(&shut));
            if shut.is_ok() {
                let mut unread = [0; 1024];
                let rest =
                    async { while self.recv(&mut unread).await.is_ok_and(|read| read > 0) {} };
                let _ = timeout(patience, rest).await;
            }
            self.close();
        })
    }

    /// Its own address is asked for when a trace wants it: ten thousand need not remember it.
    fn ends(&self) -> Endpoints {
        let local =
            self.trace.is_on().then(|| self.inner.local_addr().ok().map(canonical)).flatten();
        Endpoints { local, peer: Some(self.peer) }
    }
}

async fn within<T>(
    limit: Option<Duration>,
    call: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    match limit {
        None => call.await,
        Some(limit) => timeout(limit, call).await.unwrap_or_else(late),
    }
}

fn late<T>(_: Elapsed) -> io::Result<T> {
    Err(ErrorKind::TimedOut.into())
}
