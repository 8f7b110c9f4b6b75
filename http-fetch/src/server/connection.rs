//! A client's connection, inside a task of its own: `recv`, `send`, `shutdown` and `close`, none of
//! which can wait for ever.
//!
//! A task that waits costs what it holds, so nothing waits here with room for bytes in its hand:
//! [`Connection::readable`] first, then [`Connection::recv`] into a buffer that was taken for it.

use std::fs::File;
use std::future::ready;
use std::io::{self, ErrorKind};
use std::net::{Shutdown, SocketAddr};
use std::ops::Range;
use std::time::Duration;

use common::addr::canonical;
use common::trace::{CallResult, Endpoints, Trace};
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::TcpStream;
use tokio::task::consume_budget;
use tokio::time::{Instant, timeout_at};

use crate::files::page_cache;
use crate::linux_tcp;
use crate::time_limits::TimeLimits;

/// How many bytes to make room for in one `recv`.
const RECV_SIZE: usize = 8 * 1024;

/// What a client must take at least in the time that it has for that: so many bytes for each
/// second, and never more than [`ENOUGH`]. One that takes less is holding the server up.
const SLOWEST: u64 = 4 * 1024;

/// What is enough however long that time is, in bytes.
const ENOUGH: u64 = 40 * 1024;

/// How long to wait after the last answer for what the client may still be sending.
const LINGERING_CLOSE: Duration = Duration::from_secs(2);

/// An accepted connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    trace: Trace,
    limits: TimeLimits,
    /// When the client's time for what it is doing is over.
    deadline: Instant,
    /// How many bytes the client has taken since the clock was started for it.
    taken: u64,
}

impl Connection {
    /// Takes over a connection from `accept`.
    pub(crate) fn new(
        stream: TcpStream,
        peer: SocketAddr,
        trace: Trace,
        limits: TimeLimits,
    ) -> Self {
        // Nagle's algorithm would hold back the end of a long answer, or the second of two (RFC
        // 9293, section 3.7.4).
        let _ = stream.set_nodelay(true);
        Self { stream, peer, trace, limits, deadline: Instant::now() + limits.request, taken: 0 }
    }

    /// Both ends, for who wants to see them.
    fn ends(&self) -> Endpoints {
        let local =
            if self.trace.is_on() { self.stream.local_addr().ok().map(canonical) } else { None };
        Endpoints { local, peer: Some(self.peer) }
    }

    /// Who is at the other end.
    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Gives the client the time for a whole head or a whole body, from now on.
    pub(crate) fn start_clock(&mut self) {
        self.deadline = Instant::now() + self.limits.request;
    }

    /// Gives the client the time to take some of its answer, from now on.
    fn await_reader(&mut self) {
        self.deadline = Instant::now() + self.limits.reader;
        self.taken = 0;
    }

    /// Waits until the client has sent something, or has left.
    pub(crate) async fn readable(&self) {
        // An error shows itself at the next `recv`.
        let _ = self.stream.readable().await;
    }

    /// Appends what has come to `buffer`, 0 bytes at the end; `None` is nothing yet, as it may be
    /// after [`Connection::readable`] all the same.
    ///
    /// # Errors
    /// Those of `man 2 recv`.
    pub(crate) async fn recv(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<usize>> {
        buffer.reserve(RECV_SIZE);
        let before = buffer.len();
        let result = tokio::select! {
            biased;
            result = self.stream.read_buf(buffer) => result,
            () = ready(()) => return Ok(None),
        };
        let received = buffer.get(before..).unwrap_or_default();
        self.trace.call("recv", self.ends(), CallResult::of_bytes(&result, received));
        result.map(Some)
    }

    /// Waits for bytes and appends them to `buffer`; 0 bytes mean that the client has sent its
    /// last.
    ///
    /// # Errors
    /// `TimedOut` when the clock has run down, and those of `man 2 recv`.
    pub(crate) async fn recv_in_time(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        loop {
            // A client that sends without pause never makes this task wait, and the others want
            // their turn, too.
            consume_budget().await;
            // No room is kept for what may take its time: thousands may have sent half a head.
            buffer.shrink_to_fit();
            in_time(self.deadline, self.stream.readable()).await?;
            if let Some(received) = self.recv(buffer).await? {
                return Ok(received);
            }
        }
    }

    /// Sends all of `bytes` to a client that keeps taking them.
    ///
    /// # Errors
    /// `TimedOut` when it takes them too slowly, and those of `man 2 send`.
    pub(crate) async fn send_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.await_reader();
        let mut rest = bytes;
        while !rest.is_empty() {
            let result = in_time(self.deadline, self.stream.write(rest)).await;
            let sent = self.sent(rest, result)?;
            rest = rest.get(sent..).unwrap_or_default();
        }
        Ok(())
    }

    /// Waits until the client takes more, without the bytes for it.
    ///
    /// # Errors
    /// `TimedOut` when it takes too little.
    pub(crate) async fn writable(&mut self) -> io::Result<()> {
        in_time(self.deadline, self.stream.writable()).await
    }

    /// Sends as many of `bytes` as can leave at once, which may be none.
    ///
    /// # Errors
    /// Those of `man 2 send`.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = tokio::select! {
            biased;
            result = self.stream.write(bytes) => result,
            () = ready(()) => return Ok(0),
        };
        self.sent(bytes, result)
    }

    /// Sends what fits of bytes that are to leave together with what follows them; how many that
    /// were.
    pub(crate) fn send_before_more(&mut self, bytes: &[u8]) -> usize {
        if bytes.is_empty() || self.trace.is_on() {
            return 0;
        }
        linux_tcp::send_before_more(&self.stream, bytes)
    }

    /// Sends as many of these bytes of a file as can leave at once, without reading them; `None` if
    /// they would have to be fetched from a disk first, or are to be shown in a trace.
    ///
    /// # Errors
    /// Those of `man 2 sendfile`.
    pub(crate) fn send_file(
        &mut self,
        file: &File,
        range: &Range<u64>,
    ) -> io::Result<Option<usize>> {
        if self.trace.is_on() || !page_cache::has(file, range) {
            return Ok(None);
        }
        let send = || page_cache::send(&self.stream, file, range);
        match self.stream.try_io(Interest::WRITABLE, send) {
            // The file has been cut since; who reads it finds out.
            Ok(0) => Ok(None),
            Ok(sent) => {
                self.keep_pace(sent);
                Ok(Some(sent))
            }
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock => Ok(Some(0)),
                ErrorKind::InvalidInput | ErrorKind::Unsupported => Ok(None),
                _ => Err(error),
            },
        }
    }

    /// Prepares for an answer of so many bytes.
    pub(crate) fn expect_answer_of(&mut self, bytes: u64) {
        linux_tcp::limit_unsent(&self.stream, bytes);
        self.await_reader();
    }

    /// Takes note of a `send`.
    fn sent(&mut self, bytes: &[u8], result: io::Result<usize>) -> io::Result<usize> {
        self.trace.call("send", self.ends(), CallResult::of_bytes(&result, bytes));
        let sent = result?;
        self.keep_pace(sent);
        Ok(sent)
    }

    /// Gives a client that has taken so many bytes the time for more. Not each byte buys it time:
    /// that would let it make an hour out of a page.
    fn keep_pace(&mut self, sent: usize) {
        self.taken = self.taken.saturating_add(sent as u64);
        let seconds = self.limits.reader.as_secs().max(1);
        if self.taken >= SLOWEST.saturating_mul(seconds).min(ENOUGH) {
            self.await_reader();
        }
    }

    /// Tells the client that nothing follows.
    pub(crate) fn end(&self) {
        // Who has gone already need not be told.
        let _ = socket2::SockRef::from(&self.stream).shutdown(Shutdown::Write);
    }

    /// Closes the connection.
    pub(crate) fn close(self) {
        let (trace, ends) = (self.trace, self.ends());
        drop(self);
        trace.call("close", ends, CallResult::Done);
    }

    /// Closes the connection of a client that may be sending still.
    ///
    /// `close` with bytes unread makes the kernel send a reset, and a reset makes the client's
    /// kernel throw away the answer that it has not read yet. So the end is told first, and what
    /// comes is read and thrown away for a while (RFC 9112, section 9.6).
    pub(crate) async fn close_lingering(mut self) {
        let told = self.stream.shutdown().await;
        self.trace.call("shutdown", self.ends(), CallResult::of(&told));
        if told.is_ok() {
            self.deadline = Instant::now() + LINGERING_CLOSE.min(self.limits.request);
            let mut unread = Vec::new();
            while self.recv_in_time(&mut unread).await.is_ok_and(|length| length > 0) {
                unread.clear();
            }
        }
        self.close();
    }
}

/// What `call` gives, if it gives it before the time is over.
async fn in_time<T>(deadline: Instant, call: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    // Asked first, because a client that never stops sending would never let the alarm have its
    // turn.
    if Instant::now() >= deadline {
        return Err(ErrorKind::TimedOut.into());
    }
    timeout_at(deadline, call).await.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
}
