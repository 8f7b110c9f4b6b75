//! A client that sends much before it reads anything.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::{RECV_SIZE, Socket};

/// The other side takes no more when nothing has moved for so long.
const STUCK: Duration = Duration::from_millis(100);
/// How long is waited where nothing moves.
const MOMENT: Duration = Duration::from_millis(1);
/// Of a program that never stops so much is enough.
const MOST: usize = 64 << 20;

impl Socket {
    /// Sends all of it and ends its half; it reads when the other side takes no more, and not
    /// before, for then that side has met a full buffer. Returns what came until the end, or until
    /// nothing moved for `limit`.
    pub(crate) fn flood(&mut self, bytes: &[u8], limit: Duration) -> io::Result<Vec<u8>> {
        let Socket::Stream(stream) = self else { return Ok(Vec::new()) };
        stream.set_nonblocking(true)?;
        let came = exchange(stream, bytes, limit);
        stream.set_nonblocking(false)?;
        came
    }
}

fn exchange(stream: &mut TcpStream, bytes: &[u8], limit: Duration) -> io::Result<Vec<u8>> {
    let (mut rest, mut came, mut buffer) = (bytes, Vec::new(), vec![0; RECV_SIZE]);
    let (mut reads, mut moved) = (false, Instant::now());
    while came.len() < MOST {
        let sent = if rest.is_empty() { 0 } else { now_or_not(stream.write(rest))?.unwrap_or(0) };
        rest = rest.get(sent..).unwrap_or_default();
        if sent > 0 && rest.is_empty() {
            stream.shutdown(Shutdown::Write)?;
        }
        reads |= rest.is_empty() || moved.elapsed() >= STUCK;
        let got = if reads { now_or_not(stream.read(&mut buffer))? } else { None };
        if got == Some(0) {
            break;
        }
        came.extend_from_slice(buffer.get(..got.unwrap_or(0)).unwrap_or_default());
        if sent > 0 || got.is_some() {
            moved = Instant::now();
        } else if moved.elapsed() < limit {
            std::thread::sleep(MOMENT);
        } else if rest.is_empty() {
            break;
        } else {
            return Err(ErrorKind::TimedOut.into());
        }
    }
    Ok(came)
}

/// `None` where the call would have had to wait.
fn now_or_not(done: io::Result<usize>) -> io::Result<Option<usize>> {
    match done {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            Ok(None)
        }
        done => done.map(Some),
    }
}
