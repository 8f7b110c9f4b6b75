//! A connection on which silence is right, and slowness too, for as long as the peer is there.
//!
//! `TCP_USER_TIMEOUT` gives a peer up that takes nothing for so long, and asks nobody whether it is
//! there: a pager at the other end that shows its first page for an hour has a window of 0, and its
//! kernel answers every question about that. So the kernel is asked when the peer last acknowledged
//! anything (`tcpi_last_ack_recv`, `linux/tcp.h`). A peer that lives does so every minute in
//! silence, which is keepalive, and at least every two minutes with a window of 0, since questions
//! about that are asked ever less often, up to `TCP_RTO_MAX`.

use std::borrow::Borrow;
use std::io::{self, IoSlice, Read, Write};
use std::time::Duration;

use super::errors::is_own_limit;
use super::stream::Stream;
use crate::trace::sock_diag::{Answer, find};

/// How long a peer may acknowledge nothing: more than those two minutes.
const UNHEARD_LIMIT: Duration = Duration::from_secs(150);

/// How often one looks.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// Where `tcpi_last_ack_recv` stands in a `struct tcp_info`: four bytes, milliseconds.
const LAST_ACK: usize = 56;

/// Reads and writes for as long as the peer is there, be it silent or slow.
#[derive(Debug)]
pub struct PatientStream<S>(S);

impl<S: Borrow<Stream>> PatientStream<S> {
    /// From now on a call on this connection may take any time. All handles to a connection have to
    /// be patient: it has one limit of time.
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn new(stream: S) -> io::Result<Self> {
        let watched: &Stream = stream.borrow();
        if last_heard(watched).is_some() {
            watched.keep_alive()?;
            watched.set_idle(Some(LOOK_AGAIN))?;
        } else {
            // Where the kernel does not say, its own limit has to do.
            watched.watch_for_vanished_peer()?;
            watched.set_idle(None)?;
        }
        Ok(Self(stream))
    }

    fn retry<T>(&self, mut call: impl FnMut(&Stream) -> io::Result<T>) -> io::Result<T> {
        loop {
            match call(self.0.borrow()) {
                Err(error) if is_own_limit(&error) && !self.has_vanished() => {}
                Err(error) if is_own_limit(&error) => return Err(vanished()),
                result => return result,
            }
        }
    }

    fn has_vanished(&self) -> bool {
        last_heard(self.0.borrow()).is_some_and(|ago| ago >= UNHEARD_LIMIT)
    }
}

/// How long ago the peer has acknowledged anything, where the kernel tells.
fn last_heard(stream: &Stream) -> Option<Duration> {
    match find(stream.local(), Some(stream.peer())) {
        Answer::Found(found) => ago(&found.info),
        Answer::Nothing | Answer::Unknown => None,
    }
}

fn ago(info: &[u8]) -> Option<Duration> {
    let milliseconds = u32::from_ne_bytes(*info.get(LAST_ACK..)?.first_chunk()?);
    Some(Duration::from_millis(milliseconds.into()))
}

/// What the kernel says where it notices by itself.
fn vanished() -> io::Error {
    #[cfg(unix)]
    return io::Error::from_raw_os_error(nix::errno::Errno::ETIMEDOUT as i32);
    #[cfg(not(unix))]
    io::ErrorKind::TimedOut.into()
}

impl<S: Borrow<Stream>> Read for PatientStream<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.retry(|stream| stream.recv(buffer))
    }
}

impl<S: Borrow<Stream>> Write for PatientStream<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.retry(|stream| stream.send(bytes))
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.retry(|mut stream| stream.write_vectored(slices))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::Target;
    use crate::trace::Trace;
    use std::net::TcpListener;

    #[test]
    fn the_time_stands_where_the_kernel_puts_it() {
        let mut info = vec![0; LAST_ACK + 8];
        info[LAST_ACK..LAST_ACK + 4].copy_from_slice(&150_000_u32.to_ne_bytes());
        assert_eq!(ago(&info), Some(UNHEARD_LIMIT));
        assert_eq!(ago(&info[..LAST_ACK + 3]), None);
        assert_eq!(ago(&[]), None);
    }

    #[test]
    fn a_peer_that_has_vanished_is_told_from_a_limit_of_ours() {
        assert!(cfg!(not(unix)) || crate::socket::has_vanished(&vanished()));
    }

    #[test]
    fn who_is_there_and_takes_nothing_is_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let target = Target { name: addr.to_string(), addrs: vec![addr] };
        let stream = Stream::connect(&target, Duration::from_secs(10), Trace::default()).unwrap();
        let (mut peer, _) = listener.accept().unwrap();
        let mut patient = PatientStream::new(&stream).unwrap();
        // So short that it passes many times while the peer takes nothing.
        stream.set_idle(Some(Duration::from_millis(2))).unwrap();
        let sent: Vec<u8> = (0..=250).cycle().take(20_000_000).collect();
        let mut come = Vec::new();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                patient.write_all(&sent).unwrap();
                stream.shutdown(std::net::Shutdown::Write).unwrap();
            });
            let mut first = [0; 1000];
            peer.read_exact(&mut first).unwrap();
            // It looks away until the sender must have waited several times.
            std::thread::sleep(Duration::from_millis(30));
            come.extend_from_slice(&first);
            peer.read_to_end(&mut come).unwrap();
        });
        assert!(come == sent);
    }
}
