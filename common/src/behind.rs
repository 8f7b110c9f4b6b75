//! Lines that are written without ever waiting for whoever reads them.
//!
//! A pipe holds 64 KiB. A server that prints a line for each message, and whose reader pauses (a pager, a
//! script that wanted the first line only), would stand still for all its clients as soon as the pipe is
//! full. Here a thread of its own writes, behind a bounded store; lines beyond that are left out and counted.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// While so many bytes wait to be written, further lines are left out. A line that finds less waiting is taken
/// whole, however long it is.
const ROOM: usize = 1 << 20;

/// How long the end of the program waits for the last lines to be written.
const LAST_LINES: Duration = Duration::from_millis(500);

/// A thread that writes lines, and the lines that wait for it. Dropping it writes what is left.
#[derive(Debug)]
pub(crate) struct Behind {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    pending: Mutex<Pending>,
    filled: Condvar,
    written: Condvar,
}

#[derive(Debug, Default)]
struct Pending {
    lines: Vec<u8>,
    /// How many lines found no room since the last were written.
    left_out: u64,
    /// Nobody reads any more.
    closed: bool,
    writer: Writer,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Writer {
    #[default]
    Waits,
    Writes,
}

impl Behind {
    /// Starts the thread.
    pub(crate) fn new(mut out: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let writer = Arc::clone(&shared);
        thread::Builder::new().name("lines".to_owned()).spawn(move || writer.write_to(&mut out))?;
        Ok(Self { shared })
    }

    /// Adds one line, which `write` appends to what is given to it, with its end. Returns at once.
    pub(crate) fn line(&self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut pending = self.shared.lock();
        if pending.closed {
            return;
        }
        if pending.lines.len() < ROOM {
            write(&mut pending.lines);
        } else {
            pending.left_out += 1;
        }
        // A wake-up is a system call: it is made only for a writer that sleeps.
        if pending.writer == Writer::Waits {
            pending.writer = Writer::Writes;
            self.shared.filled.notify_one();
        }
    }

    /// Waits until what there is has been written, or for half a second.
    pub(crate) fn flush(&self) {
        let pending = self.shared.lock();
        let busy = |pending: &mut Pending| pending.writer == Writer::Writes && !pending.closed;
        let _ = self.shared.written.wait_timeout_while(pending, LAST_LINES, busy);
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, out: &mut impl Write) {
        let mut lines = Vec::new();
        loop {
            let mut pending = self.lock();
            if pending.lines.is_empty() && pending.left_out == 0 {
                pending.writer = Writer::Waits;
                self.written.notify_all();
                let sleeps = |pending: &mut Pending| pending.writer == Writer::Waits;
                pending = self.filled.wait_while(pending, sleeps).unwrap_or_else(PoisonError::into_inner);
            }
            mem::swap(&mut lines, &mut pending.lines);
            let left_out = mem::take(&mut pending.left_out);
            drop(pending);

            if out.write_all(&lines).and_then(|()| out.flush()).is_err() {
                let mut pending = self.lock();
                pending.closed = true;
                pending.lines = Vec::new();
                self.written.notify_all();
                return;
            }
            lines.clear();
            if left_out > 0 {
                crate::notice!("{left_out} lines left out: they are not read fast enough");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// Says what is written, and waits for leave before each write.
    struct Reader {
        written: Sender<Vec<u8>>,
        leave: Receiver<io::Result<()>>,
    }

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.written.send(bytes.to_vec());
            self.leave.recv().unwrap_or(Ok(()))?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn behind() -> (Behind, Receiver<Vec<u8>>, Sender<io::Result<()>>) {
        let ((written, lines), (permit, leave)) = (channel(), channel());
        (Behind::new(Reader { written, leave }).unwrap(), lines, permit)
    }

    #[test]
    fn lines_come_out_in_order_and_the_last_ones_before_the_end() {
        let (behind, lines, permit) = behind();
        drop(permit);
        for number in 0..1000 {
            behind.line(|lines| lines.extend(format!("{number}: hi\n").bytes()));
        }
        drop(behind);
        let wanted: String = (0..1000).map(|number| format!("{number}: hi\n")).collect();
        let written: Vec<u8> = lines.try_iter().flatten().collect();
        assert_eq!(String::from_utf8(written).unwrap(), wanted);
    }

    #[test]
    fn a_reader_that_pauses_holds_nobody_up_and_gets_whole_lines() {
        let (behind, lines, permit) = behind();
        behind.line(|lines| lines.extend(b"first\n"));
        assert_eq!(lines.recv().unwrap(), b"first\n");
        // The writer is in the middle of its write, and stays there; this loop ends all the same.
        for _ in 0..3 * ROOM / 1000 {
            behind.line(|lines| {
                lines.extend([b'x'; 999]);
                lines.push(b'\n');
            });
        }
        drop(permit);
        let store = lines.recv().unwrap();
        assert!(store.len() >= ROOM && store.len() < ROOM + 1000);
        assert!(store.chunks(1000).all(|line| line.len() == 1000 && line.ends_with(b"x\n")));
        drop(behind);
    }

    #[test]
    fn a_line_longer_than_the_store_is_taken_whole() {
        let (behind, lines, permit) = behind();
        drop(permit);
        behind.line(|lines| lines.resize(2 * ROOM, b'x'));
        drop(behind);
        assert_eq!(lines.try_iter().map(|written| written.len()).sum::<usize>(), 2 * ROOM);
    }

    #[test]
    fn a_reader_that_is_gone_is_forgotten() {
        let (behind, lines, permit) = behind();
        permit.send(Err(io::ErrorKind::BrokenPipe.into())).unwrap();
        behind.line(|lines| lines.extend(b"first\n"));
        assert_eq!(lines.recv().unwrap(), b"first\n");
        assert!(lines.recv().is_err(), "the writer has ended");
        behind.line(|lines| lines.extend(b"second\n"));
        assert!(behind.shared.lock().lines.is_empty());
    }
}
