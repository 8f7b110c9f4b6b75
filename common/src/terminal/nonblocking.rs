//! Lines that are written without ever waiting for whoever reads them.
//!
//! A pipe holds 64 KiB. A server that prints a line for each message, and whose reader pauses (a pager, a
//! script that wanted the first line only), would stand still for all its clients as soon as the pipe is
//! full. Here a thread of its own writes, behind a bounded store; lines beyond that are left out and counted.
//!
//! To wake a thread is a system call and two changes of what the processor works on: some 5 µs, as much as a
//! web server needs for a whole request. So the first line after a silence wakes the writer and is there at
//! once, and after each write the writer naps for a few milliseconds in which lines gather unheard. A server
//! that prints 100,000 lines a second is then written out by 200 writes and not by 50,000.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// While so many bytes wait to be written, further lines are left out. A line that finds less waiting is taken
/// whole, however long it is.
const CAPACITY: usize = 1 << 20;

/// How long the writer leaves lines alone after a write.
const FLUSH_INTERVAL: Duration = Duration::from_millis(5);

/// So many bytes are not left alone: the store must not run full because its writer naps.
const MUCH: usize = CAPACITY / 4;

/// How long the end of the program waits for the last lines to be written.
const LAST_LINES: Duration = Duration::from_millis(500);

/// A thread that writes lines, and the lines that wait for it. Dropping it writes what is left.
#[derive(Debug)]
pub(crate) struct NonBlockingWriter {
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
    /// Somebody waits until all is written.
    is_awaited: bool,
    writer: Writer,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Writer {
    /// Until there is a line.
    #[default]
    Waits,
    /// For a while, whatever comes.
    Naps,
    Writes,
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.left_out == 0
    }
}

impl NonBlockingWriter {
    /// Starts the thread.
    pub(crate) fn new(out: impl Write + Send + 'static) -> io::Result<Self> {
        Self::with_nap(out, FLUSH_INTERVAL)
    }

    fn with_nap(mut out: impl Write + Send + 'static, nap: Duration) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let writer = Arc::clone(&shared);
        thread::Builder::new().name("lines".to_owned()).spawn(move || writer.write_to(&mut out, nap))?;
        Ok(Self { shared })
    }

    /// Adds one line, which `write` appends to what is given to it, with its end. Returns at once.
    pub(crate) fn line(&self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut pending = self.shared.lock();
        if pending.closed {
            return;
        }
        if pending.lines.len() < CAPACITY {
            write(&mut pending.lines);
        } else {
            pending.left_out += 1;
        }
        match pending.writer {
            Writer::Waits => self.shared.wake(&mut pending),
            Writer::Naps if pending.lines.len() >= MUCH => self.shared.wake(&mut pending),
            Writer::Naps | Writer::Writes => {}
        }
    }

    /// Waits until what there is has been written, or for half a second.
    pub(crate) fn flush(&self) {
        let mut pending = self.shared.lock();
        if pending.is_empty() && pending.writer != Writer::Writes {
            return;
        }
        pending.is_awaited = true;
        if pending.writer == Writer::Naps {
            self.shared.wake(&mut pending);
        }
        let lasts = |pending: &mut Pending| pending.is_awaited && !pending.closed;
        let _ = self.shared.written.wait_timeout_while(pending, LAST_LINES, lasts);
    }
}

impl Drop for NonBlockingWriter {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self, pending: &mut Pending) {
        pending.writer = Writer::Writes;
        self.filled.notify_one();
    }

    fn write_to(&self, out: &mut impl Write, nap: Duration) {
        let mut lines = Vec::new();
        loop {
            let left_out = self.take(&mut lines);
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
            self.nap(nap);
        }
    }

    /// Waits for lines and moves them into `lines`, which is empty; how many others were left out.
    fn take(&self, lines: &mut Vec<u8>) -> u64 {
        let mut pending = self.lock();
        if pending.is_empty() {
            pending.writer = Writer::Waits;
            let waits = |pending: &mut Pending| pending.writer == Writer::Waits;
            pending = self.filled.wait_while(pending, waits).unwrap_or_else(PoisonError::into_inner);
        }
        pending.writer = Writer::Writes;
        mem::swap(lines, &mut pending.lines);
        mem::take(&mut pending.left_out)
    }

    /// Lets lines gather, until the time is over, there are many, or somebody waits for them to be written.
    fn nap(&self, time: Duration) {
        let mut pending = self.lock();
        if pending.is_empty() {
            pending.is_awaited = false;
            self.written.notify_all();
        }
        if pending.lines.len() < MUCH && !pending.is_awaited {
            pending.writer = Writer::Naps;
            let naps = |pending: &mut Pending| pending.writer == Writer::Naps;
            let _ = self.filled.wait_timeout_while(pending, time, naps);
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

    fn writer() -> (NonBlockingWriter, Receiver<Vec<u8>>, Sender<io::Result<()>>) {
        with_nap(FLUSH_INTERVAL)
    }

    fn with_nap(nap: Duration) -> (NonBlockingWriter, Receiver<Vec<u8>>, Sender<io::Result<()>>) {
        let ((written, lines), (permit, leave)) = (channel(), channel());
        (NonBlockingWriter::with_nap(Reader { written, leave }, nap).unwrap(), lines, permit)
    }

    #[test]
    fn lines_come_out_in_order_and_the_last_ones_before_the_end() {
        let (writer, lines, permit) = writer();
        drop(permit);
        for number in 0..1000 {
            writer.line(|lines| lines.extend(format!("{number}: hi\n").bytes()));
        }
        drop(writer);
        let wanted: String = (0..1000).map(|number| format!("{number}: hi\n")).collect();
        let written: Vec<u8> = lines.try_iter().flatten().collect();
        assert_eq!(String::from_utf8(written).unwrap(), wanted);
    }

    #[test]
    fn a_reader_that_pauses_holds_nobody_up_and_gets_whole_lines() {
        let (writer, lines, permit) = writer();
        writer.line(|lines| lines.extend(b"first\n"));
        assert_eq!(lines.recv().unwrap(), b"first\n");
        // The writer is in the middle of its write, and stays there; this loop ends all the same.
        for _ in 0..3 * CAPACITY / 1000 {
            writer.line(|lines| {
                lines.extend([b'x'; 999]);
                lines.push(b'\n');
            });
        }
        drop(permit);
        let store = lines.recv().unwrap();
        assert!(store.len() >= CAPACITY && store.len() < CAPACITY + 1000);
        assert!(store.chunks(1000).all(|line| line.len() == 1000 && line.ends_with(b"x\n")));
        drop(writer);
    }

    #[test]
    fn a_line_longer_than_the_store_is_taken_whole() {
        let (writer, lines, permit) = writer();
        drop(permit);
        writer.line(|lines| lines.resize(2 * CAPACITY, b'x'));
        drop(writer);
        assert_eq!(lines.try_iter().map(|written| written.len()).sum::<usize>(), 2 * CAPACITY);
    }

    #[test]
    fn a_nap_ends_when_there_is_plenty_to_write_or_somebody_waits_for_it() {
        let (writer, lines, permit) = with_nap(Duration::from_secs(3600));
        drop(permit);
        writer.line(|lines| lines.extend(b"wakes\n"));
        assert_eq!(lines.recv().unwrap(), b"wakes\n");
        writer.line(|lines| lines.extend(b"first\n"));
        writer.line(|lines| lines.extend(b"second\n"));
        writer.flush();
        assert_eq!(lines.try_iter().flatten().collect::<Vec<u8>>(), b"first\nsecond\n");
        for _ in 0..MUCH {
            writer.line(|lines| lines.extend(b"x\n"));
        }
        // Twice as much as ends a nap, so that one ends, wherever the writer was.
        let mut written = 0;
        while written < MUCH {
            written += lines.recv().unwrap().len();
        }
    }

    #[test]
    fn a_reader_that_is_gone_is_forgotten() {
        let (writer, lines, permit) = writer();
        permit.send(Err(io::ErrorKind::BrokenPipe.into())).unwrap();
        writer.line(|lines| lines.extend(b"first\n"));
        assert_eq!(lines.recv().unwrap(), b"first\n");
        assert!(lines.recv().is_err(), "the writer has ended");
        writer.line(|lines| lines.extend(b"second\n"));
        assert!(writer.shared.lock().lines.is_empty());
    }
}
