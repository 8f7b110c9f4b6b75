//! Waking a thread that waits in `recv`, by a `shutdown` of another thread's.
//!
//! On Unix the call returns at once. On Windows it does not: a blocked call goes on until the peer
//! sends or closes. So there one waits for a moment at a time, and looks in between whether it is
//! over. It is `peek` that waits: a call that is given up when its time is over takes no bytes
//! along then.

#[cfg(unix)]
pub(super) use unix::WakeRecv;
#[cfg(windows)]
pub(super) use windows::WakeRecv;

#[cfg(unix)]
mod unix {
    use std::io;
    use std::net::{Shutdown, TcpStream};
    use std::time::{Duration, Instant};

    /// Nothing is needed: the socket has the limits.
    #[derive(Clone, Debug, Default)]
    pub(in super::super) struct WakeRecv(());

    impl WakeRecv {
        pub(in super::super) fn set_idle(
            &self,
            socket: &TcpStream,
            limit: Option<Duration>,
        ) -> io::Result<()> {
            socket.set_read_timeout(limit)
        }

        pub(in super::super) fn wait(&self, _: &TcpStream, _: Option<Instant>) -> io::Result<()> {
            Ok(())
        }

        pub(in super::super) fn set_limit(
            socket: &TcpStream,
            limit: Option<Duration>,
        ) -> io::Result<()> {
            socket.set_read_timeout(limit)
        }

        pub(in super::super) fn note(&self, _: Shutdown) {}

        pub(in super::super) fn end(&self, received: io::Result<usize>) -> io::Result<usize> {
            received
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::io::{self, ErrorKind};
    use std::net::{Shutdown, TcpStream};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::{Duration, Instant};

    /// How long a thread may go on waiting after it has been told to stop.
    const MOMENT: Duration = Duration::from_millis(100);

    /// What all handles to one connection share.
    #[derive(Clone, Debug, Default)]
    pub(in super::super) struct WakeRecv(Arc<Shared>);

    #[derive(Debug, Default)]
    struct Shared {
        /// Nothing more is to be received.
        is_over: AtomicBool,
        idle: Mutex<Option<Duration>>,
        /// The limit that the socket has at present.
        set: Mutex<Option<Duration>>,
    }

    impl WakeRecv {
        /// The limit for each call; the socket's own is that of a moment.
        pub(in super::super) fn set_idle(
            &self,
            _: &TcpStream,
            limit: Option<Duration>,
        ) -> io::Result<()> {
            *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner) = limit;
            Ok(())
        }

        /// Waits until there is something to receive, or the end, or until nobody wants to know any
        /// more; until `deadline`, or else as long as a peer may be silent.
        pub(in super::super) fn wait(
            &self,
            socket: &TcpStream,
            deadline: Option<Instant>,
        ) -> io::Result<()> {
            let idle = *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
            let until = deadline.or_else(|| Instant::now().checked_add(idle?));
            while !self.0.is_over.load(Ordering::Acquire) {
                let now = Instant::now();
                let left = until.map_or(MOMENT, |until| until.saturating_duration_since(now));
                if left.is_zero() {
                    return Err(ErrorKind::TimedOut.into());
                }
                let moment = left.clamp(Duration::from_millis(1), MOMENT);
                self.set_moment(socket, moment)?;
                match socket.peek(&mut [0]) {
                    // The same is said of a peer that has vanished; but then at once.
                    Err(error) if is_time(&error) && now.elapsed() >= moment / 2 => {}
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    peeked => return self.end(peeked).map(drop),
                }
            }
            Ok(())
        }

        /// A call of the system's only where something changes.
        fn set_moment(&self, socket: &TcpStream, moment: Duration) -> io::Result<()> {
            let mut set = self.0.set.lock().unwrap_or_else(PoisonError::into_inner);
            if *set != Some(moment) {
                socket.set_read_timeout(Some(moment))?;
                *set = Some(moment);
            }
            Ok(())
        }

        /// Sets nothing: `wait` has kept the limit, and the call behind it returns at once.
        pub(in super::super) fn set_limit(_: &TcpStream, _: Option<Duration>) -> io::Result<()> {
            Ok(())
        }

        /// This has been shut down.
        pub(in super::super) fn note(&self, how: Shutdown) {
            if how != Shutdown::Write {
                self.0.is_over.store(true, Ordering::Release);
            }
        }

        /// Where nothing more is to be received, that is the end of the stream and no error, as on
        /// Unix.
        pub(in super::super) fn end(&self, received: io::Result<usize>) -> io::Result<usize> {
            received.or_else(|error| match self.0.is_over.load(Ordering::Acquire) {
                true => Ok(0),
                false => Err(error),
            })
        }
    }

    fn is_time(error: &io::Error) -> bool {
        matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::{Duration, Instant};

    use crate::socket::Stream;
    use crate::trace::Trace;

    /// A connected pair: ours, and what the peer holds.
    fn pair() -> (Stream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (ours, addr) = listener.accept().unwrap();
        (Stream::new(ours, addr, Trace::default()).unwrap(), peer)
    }

    #[test]
    fn a_shutdown_of_another_thread_ends_a_recv_that_waits() {
        for how in [Shutdown::Read, Shutdown::Both] {
            let (ours, peer) = pair();
            let other = ours.try_clone().unwrap();
            let (waits, waiting) = channel();
            let receiver = thread::spawn(move || {
                waits.send(()).unwrap();
                other.recv(&mut [0; 16])
            });
            waiting.recv().unwrap();
            // Before or after it waits: either way it has to end, though the peer does nothing.
            ours.shutdown(how).unwrap();
            assert_eq!(receiver.join().unwrap().unwrap(), 0, "{how:?}");
            drop(peer);
        }
    }

    #[test]
    fn a_half_close_ends_no_recv() {
        use std::io::Write as _;

        let (ours, mut peer) = pair();
        let other = ours.try_clone().unwrap();
        let receiver = thread::spawn(move || {
            let mut buffer = [0; 16];
            other.recv(&mut buffer).map(|read| buffer[..read].to_vec())
        });
        ours.shutdown(Shutdown::Write).unwrap();
        peer.write_all(b"late").unwrap();
        assert_eq!(receiver.join().unwrap().unwrap(), b"late");
    }

    #[test]
    fn a_limit_holds_for_every_handle() {
        let (ours, _peer) = pair();
        let other = ours.try_clone().unwrap();
        ours.set_idle(Some(Duration::from_millis(250))).unwrap();
        let begun = Instant::now();
        let error = other.recv(&mut [0; 16]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        assert!(begun.elapsed() >= Duration::from_millis(200), "{:?}", begun.elapsed());
    }
}
