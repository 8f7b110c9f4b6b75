//! Standard streams that somebody else has made non-blocking.
//!
//! `O_NONBLOCK` belongs to the open file and not to a program (`man 2 fcntl`). ssh, socat and
//! others set it on a terminal or a pipe that we share with them, and need it there. So it is left
//! as it is, and where a call says `EAGAIN`, we wait until the stream is ready (`man 2 poll`).

use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read, Write};
#[cfg(unix)]
use std::os::fd::AsFd;

/// A stream that is waited for where it would not wait itself.
#[derive(Debug)]
pub struct Patient<S>(pub S);

/// What can be waited for: on Unix whatever has a descriptor. Other systems have no such streams.
#[cfg(unix)]
pub trait Waitable: AsFd {}
#[cfg(unix)]
impl<S: AsFd> Waitable for S {}

/// What can be waited for: on Unix whatever has a descriptor. Other systems have no such streams.
#[cfg(not(unix))]
pub trait Waitable {}
#[cfg(not(unix))]
impl<S> Waitable for S {}

/// Standard output without the buffer that `std` puts before it: that looks for the last newline in
/// every piece, and writes what stands before and after it in two calls.
///
/// # Errors
/// Too many open files.
pub fn raw_stdout() -> io::Result<Patient<File>> {
    #[cfg(unix)]
    let duplicate = io::stdout().as_fd().try_clone_to_owned()?;
    #[cfg(windows)]
    let duplicate =
        std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned()?;
    Ok(Patient(File::from(duplicate)))
}

#[derive(Clone, Copy)]
enum For {
    Input,
    Room,
}

impl<S: Waitable> Patient<S> {
    /// Repeats a call until it does not say that it would have to wait.
    fn retry<T>(&mut self, what: For, call: impl Fn(&mut S) -> io::Result<T>) -> io::Result<T> {
        loop {
            match call(&mut self.0) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait(&self.0, what, error)?,
                result => return result,
            }
        }
    }
}

#[cfg(unix)]
fn wait(stream: &impl AsFd, what: For, _: io::Error) -> io::Result<()> {
    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    let events = match what {
        For::Input => PollFlags::POLLIN,
        For::Room => PollFlags::POLLOUT,
    };
    match poll(&mut [PollFd::new(stream.as_fd(), events)], PollTimeout::NONE) {
        // A signal; the call that is repeated will wait again.
        Err(Errno::EINTR) => Ok(()),
        result => result.map(drop).map_err(io::Error::from),
    }
}

#[cfg(not(unix))]
fn wait<S>(_: &S, _: For, error: io::Error) -> io::Result<()> {
    Err(error)
}

impl<S: Write + Waitable> Write for Patient<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.retry(For::Room, |stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.retry(For::Room, Write::flush)
    }
}

impl<S: Read + Waitable> Read for Patient<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    wait(&self.0, For::Input, error)?;
                }
                result => return result,
            }
        }
    }
}

impl<S: BufRead + Waitable> BufRead for Patient<S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let is_end = self.retry(For::Input, |stream| stream.fill_buf().map(<[u8]>::is_empty))?;
        // Asked once more, a terminal would take the next line for the end.
        if is_end { Ok(&[]) } else { self.0.fill_buf() }
    }

    fn consume(&mut self, bytes: usize) {
        self.0.consume(bytes);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::io::BufReader;
    use std::os::unix::net::UnixStream;
    use std::thread;

    fn pair() -> (UnixStream, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        (ours, theirs)
    }

    /// As standard input is: a buffer before a descriptor.
    struct Buffered(BufReader<UnixStream>);

    impl AsFd for Buffered {
        fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
            self.0.get_ref().as_fd()
        }
    }

    impl Read for Buffered {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl BufRead for Buffered {
        fn fill_buf(&mut self) -> io::Result<&[u8]> {
            self.0.fill_buf()
        }

        fn consume(&mut self, bytes: usize) {
            self.0.consume(bytes);
        }
    }

    #[test]
    fn a_stream_without_room_is_waited_for_and_nothing_is_lost() {
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|at| at as u8).collect();
        {
            let (mut ours, _theirs) = pair();
            // So many do not fit.
            assert_eq!(ours.write_all(&bytes).unwrap_err().kind(), ErrorKind::WouldBlock);
        }
        let (ours, mut theirs) = pair();
        let sent = bytes.clone();
        let sender = thread::spawn(move || {
            let mut patient = Patient(ours);
            patient.write_all(&sent).and_then(|()| patient.flush())
        });
        let mut received = Vec::new();
        theirs.read_to_end(&mut received).unwrap();
        sender.join().unwrap().unwrap();
        assert!(received == bytes, "{} of {} bytes", received.len(), bytes.len());
    }

    #[test]
    fn a_stream_without_input_is_waited_for_to_its_end() {
        let (ours, mut theirs) = pair();
        let reader = thread::spawn(move || {
            let mut patient = Patient(Buffered(BufReader::new(ours)));
            std::iter::from_fn(|| next_line(&mut patient)).collect::<Vec<_>>()
        });
        for piece in ["fi", "rst\nsec", "ond\n", "last"] {
            theirs.write_all(piece.as_bytes()).unwrap();
            thread::yield_now();
        }
        drop(theirs);
        assert_eq!(reader.join().unwrap(), ["first\n", "second\n", "last"]);
    }

    fn next_line(from: &mut impl BufRead) -> Option<String> {
        let mut line = String::new();
        (from.read_line(&mut line).unwrap() > 0).then_some(line)
    }

    #[test]
    fn who_has_gone_is_told_and_not_waited_for() {
        let (ours, theirs) = pair();
        drop(theirs);
        let error = Patient(&ours).write_all(b"hello").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        assert_eq!(Patient(&ours).read(&mut [0]).unwrap(), 0);
    }
}
