//! One TCP connection.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::connect::race;
use super::errors::{ConnectError, is_own_limit};
use super::wake_recv::WakeRecv;
use crate::addr::{Target, canonical};
use crate::frame::Prefix;
use crate::trace::{CallResult, Endpoints, FrameMarks, Trace};

/// A connected TCP socket.
///
/// `TCP_NODELAY` is set: the programs here send each message in one call, so that Nagle's algorithm
/// could only delay them.
#[derive(Debug)]
pub struct Stream {
    pub(super) inner: TcpStream,
    local: SocketAddr,
    peer: SocketAddr,
    trace: Trace,
    deadline: Option<Instant>,
    marks: Marks,
    wake: WakeRecv,
}

/// For a trace of a stream of frames: where in a frame each direction is.
#[derive(Clone, Debug, Default)]
struct Marks {
    received: Option<Arc<Mutex<FrameMarks>>>,
    sent: Option<Arc<Mutex<FrameMarks>>>,
}

/// For who waits for several at once.
#[cfg(unix)]
impl std::os::fd::AsFd for Stream {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.inner.as_fd()
    }
}

impl Stream {
    /// Connects to one of the target's addresses: `socket`, `connect`. Each further address is
    /// tried 250 ms after the one before, or as soon as that has failed (RFC 8305), so that a dead
    /// route does not hold the user up.
    ///
    /// # Errors
    /// [`ConnectError`], which names the target and the next step; `TimedOut` after `limit`.
    pub fn connect(target: &Target, limit: Duration, trace: Trace) -> Result<Self, ConnectError> {
        let failed = |attempts| ConnectError { target: target.name.clone(), attempts };
        let (stream, addr) = race(&target.addrs, limit, trace).map_err(failed)?;
        Self::new(stream, addr, trace).map_err(|error| failed(vec![(addr, error)]))
    }

    pub(super) fn new(inner: TcpStream, peer: SocketAddr, trace: Trace) -> io::Result<Self> {
        inner.set_nodelay(true)?;
        let local = canonical(inner.local_addr()?);
        let (marks, wake) = (Marks::default(), WakeRecv::default());
        Ok(Self { inner, local, peer, trace, deadline: None, marks, wake })
    }

    /// This end's address.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// The other end's address.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Whether its calls are shown.
    pub fn trace(&self) -> Trace {
        self.trace
    }

    /// Another handle to the same connection, for a second thread. Limits of time that are set on
    /// one hold for both.
    ///
    /// # Errors
    /// Too many open files.
    pub fn try_clone(&self) -> io::Result<Self> {
        let (inner, marks, wake) = (self.inner.try_clone()?, self.marks.clone(), self.wake.clone());
        Ok(Self { inner, marks, wake, ..*self })
    }

    /// From now on every call must be finished by that time, whatever the peer sends meanwhile: for
    /// a reply that is owed. `None` lifts it.
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn set_deadline(&mut self, deadline: Option<Instant>) -> io::Result<()> {
        self.deadline = deadline;
        match deadline {
            Some(_) => Ok(()),
            None => self.set_idle(None),
        }
    }

    /// The limit for each single call: a peer that neither sends nor takes anything for that long
    /// ends the conversation. `None` is no limit.
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn set_idle(&self, limit: Option<Duration>) -> io::Result<()> {
        let limit = limit.map(|limit| limit.max(Duration::from_micros(1)));
        self.wake.set_idle(&self.inner, limit)?;
        self.inner.set_write_timeout(limit)
    }

    /// Waits for bytes and takes at most as many as the buffer holds. 0 is the end: the peer has
    /// closed its side.
    ///
    /// # Errors
    /// `TimedOut` where a limit has passed; otherwise those of `man 2 recv`.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let received = self
            .wake
            .wait(&self.inner, self.deadline)
            .and_then(|()| self.retry(WakeRecv::set_limit, |mut socket| socket.read(buffer)));
        let result = self.wake.end(received);
        self.show("recv", CallResult::of_bytes(&result, buffer));
        result
    }

    /// Waits until there is something to receive, or the end, and takes nothing of it: `recv` with
    /// `MSG_PEEK`. Whoever needs a buffer only while there is something in it waits here.
    ///
    /// # Errors
    /// As [`Stream::recv`].
    pub fn readable(&self) -> io::Result<()> {
        let peeked = self
            .wake
            .wait(&self.inner, self.deadline)
            .and_then(|()| self.retry(WakeRecv::set_limit, |socket| socket.peek(&mut [0])));
        let result = self.wake.end(peeked);
        if result.is_err() {
            self.show("recv", CallResult::of_bytes(&result, b""));
        }
        result.map(drop)
    }

    /// Sends some of the bytes, and tells how many: a full kernel buffer takes only a part.
    ///
    /// # Errors
    /// `TimedOut` where a limit has passed; otherwise those of `man 2 send`.
    pub fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.retry(TcpStream::set_write_timeout, |mut socket| socket.write(bytes));
        self.show("send", CallResult::of_bytes(&result, bytes));
        result
    }

    /// Sends all of the bytes: `send` until nothing is left.
    ///
    /// # Errors
    /// As [`Stream::send`].
    pub fn send_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.send(bytes)? {
                0 => return Err(ErrorKind::WriteZero.into()),
                sent => bytes = bytes.get(sent..).unwrap_or_default(),
            }
        }
        Ok(())
    }

    /// Sends what the system's buffer has room for at once, several pieces by one call: `send` with
    /// `MSG_DONTWAIT`, which waits for nobody.
    ///
    /// # Errors
    /// `WouldBlock` where there is no room; otherwise those of `man 2 send`.
    #[cfg(unix)]
    pub fn send_now(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        use nix::sys::socket::{MsgFlags, sendmsg};

        let socket = std::os::fd::AsRawFd::as_raw_fd(&self.inner);
        let send = || sendmsg::<()>(socket, pieces, &[], MsgFlags::MSG_DONTWAIT, None);
        let result = loop {
            match send().map_err(io::Error::from) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        let has_waited = |error: &io::Error| error.kind() == ErrorKind::WouldBlock;
        if self.trace.is_on() && !result.as_ref().is_err_and(has_waited) {
            let all: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
            self.show("send", CallResult::of_bytes(&result, &all));
        }
        result
    }

    /// How long the peer may take nothing: see [`Stream::set_idle`].
    #[cfg(unix)]
    pub fn idle_limit(&self) -> Option<Duration> {
        self.inner.write_timeout().unwrap_or_default()
    }

    fn send_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let result =
            self.retry(TcpStream::set_write_timeout, |mut socket| socket.write_vectored(slices));
        if self.trace.is_on() {
            let all: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
            self.show("send", CallResult::of_bytes(&result, &all));
        }
        result
    }

    /// Repeats a call that a signal interrupted, and keeps to the deadline.
    fn retry(
        &self,
        set_limit: impl Fn(&TcpStream, Option<Duration>) -> io::Result<()>,
        mut call: impl FnMut(&TcpStream) -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            if let Some(deadline) = self.deadline {
                match deadline.checked_duration_since(Instant::now()) {
                    Some(left) if !left.is_zero() => set_limit(&self.inner, Some(left))?,
                    _ => return Err(ErrorKind::TimedOut.into()),
                }
            }
            match call(&self.inner) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Unix says «would block» when the time is over, Windows «timed out», in words of
                // its own.
                Err(error) if error.kind() == ErrorKind::WouldBlock || is_own_limit(&error) => {
                    return Err(ErrorKind::TimedOut.into());
                }
                result => return result,
            }
        }
    }

    /// Ends one direction or both, and wakes who waits in `recv` for what is to come no more. After
    /// `Shutdown::Write` the peer sees the end of the stream, and may still send: a half-close.
    ///
    /// # Errors
    /// `NotConnected` where the peer has reset the connection.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        let result = self.inner.shutdown(how);
        self.wake.note(how);
        self.trace.call("shutdown", self.ends(), CallResult::of(&result));
        result
    }

    /// Closes the connection, which dropping it does as well, unseen.
    pub fn close(self) {
        let (trace, ends) = (self.trace, self.ends());
        drop(self);
        trace.call("close", ends, CallResult::Done);
    }

    /// What is received from now on are frames, and a trace marks their parts.
    pub fn show_received_frames(&mut self, prefix: Prefix) {
        self.marks.received =
            self.trace.is_on().then(|| Arc::new(Mutex::new(FrameMarks::new(prefix))));
    }

    /// What is sent from now on are frames, and a trace marks their parts.
    pub fn show_sent_frames(&mut self, prefix: Prefix) {
        self.marks.sent = self.trace.is_on().then(|| Arc::new(Mutex::new(FrameMarks::new(prefix))));
    }

    fn show(&self, call: &str, outcome: CallResult<'_>) {
        let marks = if call == "recv" { &self.marks.received } else { &self.marks.sent };
        let Some(marks) = marks else {
            return self.trace.call(call, self.ends(), outcome);
        };
        let mut marks = marks.lock().unwrap_or_else(PoisonError::into_inner);
        self.trace.framed_call(call, self.ends(), outcome, &mut marks);
    }

    fn ends(&self) -> Endpoints {
        Endpoints { local: Some(self.local), peer: Some(self.peer) }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.recv(buffer)
    }
}

impl Read for &Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.recv(buffer)
    }
}

impl Write for &Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.send_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.send_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A connection to a listener that accepts nobody.
    pub(in crate::socket) fn stream() -> (Stream, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let stream = Stream::new(TcpStream::connect(addr).unwrap(), addr, Trace::default());
        (stream.unwrap(), listener)
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_limit_of_ours_is_told_from_a_peer_that_has_vanished() {
        let (stream, _peer) = stream();
        stream.set_idle(Some(Duration::from_millis(1))).unwrap();
        let ours = stream.recv(&mut [0]).unwrap_err();
        let errors = [ours, io::Error::from_raw_os_error(110), io::Error::from_raw_os_error(113)];
        assert_eq!(errors.each_ref().map(crate::socket::is_own_limit), [true, false, false]);
        assert_eq!(errors.each_ref().map(crate::socket::has_vanished), [false, true, true]);
        let reset = ErrorKind::ConnectionReset.into();
        assert!(!crate::socket::is_own_limit(&reset) && !crate::socket::has_vanished(&reset));
    }
}
