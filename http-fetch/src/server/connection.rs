//! A client's connection, inside a task of its own: `recv`, `send`, `shutdown` and `close`, none of which can
//! wait for ever.
//!
//! A task that waits costs what it holds, so a silent client is waited for without a buffer
//! ([`Connection::idle`]), and one timer and one place in the queue of those who wait for the server's end
//! serve the connection all its life.

use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::net::{Shutdown, SocketAddr};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use common::addr::canonical;
use common::socket::Listener;
use common::trace::{CallResult, Endpoints, Trace};
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::TcpStream;
use tokio::task::consume_budget;
use tokio::time::{Instant, Sleep, sleep};

use crate::stopping::{Bell, Stopping};

/// How many bytes to make room for in one `recv`.
const READ: usize = 8 * 1024;

/// What a client must take at least, in bytes a second; one that takes less is holding the server up.
const SLOWEST: u64 = 4 * 1024;

/// How long to wait after the last answer for what the client may still be sending.
const LINGER: Duration = Duration::from_secs(2);

/// How much may lie in the kernel unsent. With the megabytes that it would take otherwise, a slow
/// reader would show itself only in steps of minutes.
const UNSENT: u32 = 256 * 1024;

/// Never, as far as a connection is concerned.
const NEVER: Duration = Duration::from_secs(100 * 366 * 86_400);

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For the next request to begin; `None` is for ever.
    pub(crate) idle: Option<Duration>,
    /// For the whole of a head, for the whole of a body, and for taking what it must take at least.
    pub(crate) busy: Duration,
}

/// Why a silent client is waited for no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// It has sent something, or left.
    Readable,
    /// It has been silent for too long, or the server is to stop.
    Nothing,
}

/// Makes the kernel give up a client of this listener that has not taken what was sent to it for so long.
///
/// What a client does not take stays in the kernel after `close`, and while the client says that it is still there
/// (and has no room), Linux keeps it for ever: 400 clients that asked for a file and read nothing left 140 MB behind. So the limit of the
/// program is told to the kernel as well, once: those who are accepted inherit it (`TCP_USER_TIMEOUT`, `man 7 tcp`).
pub(crate) fn keep_nothing_for_ever(listener: &Listener, limit: Duration) {
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(listener).set_tcp_user_timeout(Some(limit));
    #[cfg(not(target_os = "linux"))]
    let _ = (listener, limit);
}

/// An accepted connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    trace: Trace,
    patience: Patience,
    /// Whether the runtime has had the time to find out if there is something to read.
    is_known: bool,
    alarm: Pin<Box<Sleep>>,
    /// How many bytes the client has taken since the clock was started for it.
    taken: u64,
    has_sent: bool,
    is_undelayed: bool,
    is_limited: bool,
    stopping: Stopping,
    bell: Pin<Box<Bell>>,
    is_in_queue: bool,
}

impl Connection {
    /// Takes over a connection from `accept`.
    pub(crate) fn new(
        stream: TcpStream,
        peer: SocketAddr,
        trace: Trace,
        patience: Patience,
        stopping: &Stopping,
    ) -> Self {
        Self {
            stream,
            peer,
            trace,
            patience,
            is_known: false,
            alarm: Box::pin(sleep(patience.busy)),
            taken: 0,
            has_sent: false,
            is_undelayed: false,
            is_limited: false,
            bell: Box::pin(stopping.bell()),
            stopping: stopping.clone(),
            is_in_queue: false,
        }
    }

    /// Both ends, for who wants to see them.
    fn ends(&self) -> Endpoints {
        let local = if self.trace.is_on() { self.stream.local_addr().ok().map(canonical) } else { None };
        Endpoints { local, peer: Some(self.peer) }
    }

    /// Who is at the other end.
    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Whether the server is to stop, and this connection with it.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.has_begun()
    }

    /// Gives the client the time for a head or a body, from now on.
    pub(crate) fn start_clock(&mut self) {
        self.alarm.as_mut().reset(Instant::now() + self.patience.busy);
    }

    /// Waits for the first byte of a request, without a buffer for it.
    pub(crate) async fn idle(&mut self) -> Awaited {
        if !std::mem::replace(&mut self.is_known, true) {
            // The first request comes right behind the connection, but whether it is here is not known until the runtime has asked the
            // kernel once. A client that leaves after one answer then needs neither an alarm nor a place in the queue.
            tokio::task::yield_now().await;
        }
        if poll_fn(|cx| Poll::Ready(self.stream.poll_read_ready(cx).is_ready())).await {
            return Awaited::Readable;
        }
        self.alarm.as_mut().reset(Instant::now() + self.patience.idle.unwrap_or(NEVER));
        poll_fn(|cx| {
            // Once is enough: all of a task's polls have the same waker.
            if !self.is_in_queue {
                let _ = self.bell.as_mut().poll(cx);
                self.is_in_queue = true;
            }
            if self.stream.poll_read_ready(cx).is_ready() {
                Poll::Ready(Awaited::Readable)
            } else if self.stopping.has_begun() || self.alarm.as_mut().poll(cx).is_ready() {
                Poll::Ready(Awaited::Nothing)
            } else {
                Poll::Pending
            }
        })
        .await
    }

    /// Appends what has already come to `buffer`; `None` is nothing yet, as it is now and then after
    /// [`Awaited::Readable`] all the same.
    ///
    /// # Errors
    /// Those of `man 2 recv`.
    pub(crate) async fn recv_now(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<usize>> {
        buffer.reserve(READ);
        let before = buffer.len();
        let mut call = pin!(self.stream.read_buf(buffer));
        let result = match poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await {
            Poll::Ready(result) => result,
            Poll::Pending => return Ok(None),
        };
        let received = buffer.get(before..).unwrap_or_default();
        self.trace.call("recv", self.ends(), CallResult::of_bytes(&result, received));
        result.map(Some)
    }

    /// Waits for bytes and appends them to `buffer`; 0 bytes mean that the client has sent its last.
    ///
    /// # Errors
    /// `TimedOut` when the clock has run down, and those of `man 2 recv`.
    pub(crate) async fn recv(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let before = buffer.len();
        let result = loop {
            // A client that sends without pause never makes this task wait, and the others want their turn, too.
            consume_budget().await;
            // No room is kept for what may take its time: thousands may have sent half a head.
            buffer.shrink_to_fit();
            if let Err(error) = in_time(self.alarm.as_mut(), self.stream.readable()).await {
                break Err(error);
            }
            buffer.reserve(READ);
            match self.stream.try_read_buf(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                result => break result,
            }
        };
        let received = buffer.get(before..).unwrap_or_default();
        self.trace.call("recv", self.ends(), CallResult::of_bytes(&result, received));
        result
    }

    /// Sends all of `bytes` to a client that keeps taking them.
    ///
    /// # Errors
    /// `TimedOut` when it takes them too slowly, and those of `man 2 send`.
    pub(crate) async fn send_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Nearly always the kernel takes it all at once, and no clock is needed.
        let sent = self.send_now(bytes).await?;
        let mut rest = bytes.get(sent..).unwrap_or_default();
        if !rest.is_empty() {
            self.undelay();
            self.start_pace();
        }
        while !rest.is_empty() {
            let result = in_time(self.alarm.as_mut(), self.stream.write(rest)).await;
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
        in_time(self.alarm.as_mut(), self.stream.writable()).await
    }

    /// Sends as many of `bytes` as can leave at once, which may be none.
    ///
    /// # Errors
    /// Those of `man 2 send`.
    pub(crate) async fn send_now(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if std::mem::replace(&mut self.has_sent, true) {
            self.undelay();
        }
        let mut call = pin!(self.stream.write(bytes));
        match poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await {
            Poll::Ready(result) => self.sent(bytes, result),
            Poll::Pending => Ok(0),
        }
    }

    /// Sends what fits of a head before more is sent at once, so that the kernel need not make a packet of its own for it. How
    /// many bytes that were; what went wrong shows itself at the next call.
    pub(crate) fn send_before_more(&mut self, bytes: &[u8]) -> usize {
        #[cfg(target_os = "linux")]
        if !bytes.is_empty() && !self.trace.is_on() {
            let more = rustix::net::SendFlags::MORE | rustix::net::SendFlags::NOSIGNAL;
            let send = || Ok(rustix::net::send(&self.stream, bytes, more)?);
            let sent = self.stream.try_io(Interest::WRITABLE, send).unwrap_or(0);
            self.has_sent |= sent > 0;
            self.keep_pace(sent);
            return sent;
        }
        let _ = bytes;
        0
    }

    /// Tells the client that nothing follows.
    pub(crate) fn end(&self) {
        // Who has gone already need not be told.
        let _ = socket2::SockRef::from(&self.stream).shutdown(Shutdown::Write);
    }

    /// Sends by another call than `send`, as many bytes as can leave at once; `None` if `call` declines, or if there is a trace,
    /// which shows the bytes.
    ///
    /// # Errors
    /// Those of the call.
    pub(crate) fn send_by(
        &mut self,
        call: impl FnOnce(&TcpStream) -> Option<io::Result<usize>>,
    ) -> io::Result<Option<usize>> {
        if self.trace.is_on() {
            return Ok(None);
        }
        self.undelay();
        let mut is_declined = false;
        let result = self.stream.try_io(Interest::WRITABLE, || {
            call(&self.stream).unwrap_or_else(|| {
                is_declined = true;
                Ok(0)
            })
        });
        match result {
            _ if is_declined => Ok(None),
            Ok(sent) => {
                self.keep_pace(sent);
                Ok(Some(sent))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Some(0)),
            Err(error) => Err(error),
        }
    }

    /// Turns Nagle's algorithm off before the second `send`. It only ever holds back what follows something
    /// unacknowledged: the end of a long answer, or the second of two. A connection for one short answer is
    /// spared the call.
    fn undelay(&mut self) {
        if !std::mem::replace(&mut self.is_undelayed, true) {
            let _ = self.stream.set_nodelay(true);
        }
    }

    /// Gives the client the time for its first step.
    pub(crate) fn start_pace(&mut self) {
        self.start_clock();
        self.taken = 0;
    }

    /// Takes note of a `send`.
    fn sent(&mut self, bytes: &[u8], result: io::Result<usize>) -> io::Result<usize> {
        self.trace.call("send", self.ends(), CallResult::of_bytes(&result, bytes));
        let sent = result?;
        self.keep_pace(sent);
        if sent == 0 { Err(ErrorKind::WriteZero.into()) } else { Ok(sent) }
    }

    /// Gives a client that has taken so many bytes the time for more. Not each byte buys it time: that would
    /// let it make an hour out of a page.
    fn keep_pace(&mut self, sent: usize) {
        self.taken = self.taken.saturating_add(sent as u64);
        if self.taken >= SLOWEST.saturating_mul(self.patience.busy.as_secs().max(1)) {
            self.start_pace();
        }
    }

    /// Makes the speed of a long answer, of so many bytes, the speed of the client rather than that of the kernel's buffer.
    pub(crate) fn expect_answer_of(&mut self, bytes: u64) {
        if bytes > u64::from(UNSENT) && !std::mem::replace(&mut self.is_limited, true) {
            #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
            let _ = socket2::SockRef::from(&self.stream).set_tcp_notsent_lowat(UNSENT);
        }
    }

    /// Closes the connection.
    pub(crate) fn close(self: Box<Self>) {
        let (trace, ends) = (self.trace, self.ends());
        drop(self);
        trace.call("close", ends, CallResult::Done);
    }

    /// Closes the connection of a client that may be sending still.
    ///
    /// `close` with bytes unread makes the kernel send a reset, and a reset makes the client's kernel throw
    /// away the answer that it has not read yet. So the end is told first, and what comes is read and thrown
    /// away for a while (RFC 9112 §9.6).
    pub(crate) async fn close_lingering(mut self: Box<Self>) {
        let told = self.stream.shutdown().await;
        self.trace.call("shutdown", self.ends(), CallResult::of(&told));
        if told.is_ok() {
            self.alarm.as_mut().reset(Instant::now() + LINGER.min(self.patience.busy));
            let mut unread = Vec::new();
            while self.recv(&mut unread).await.is_ok_and(|length| length > 0) {
                unread.clear();
            }
        }
        self.close();
    }
}

/// What `call` gives, if it gives it before the alarm goes off.
async fn in_time<T>(mut alarm: Pin<&mut Sleep>, call: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let mut call = pin!(call);
    poll_fn(|cx| {
        // First, because a client that never stops sending would never let it have its turn.
        if alarm.as_mut().poll(cx).is_ready() {
            Poll::Ready(Err(ErrorKind::TimedOut.into()))
        } else {
            call.as_mut().poll(cx)
        }
    })
    .await
}
