//! Lines that are written without ever waiting for whoever reads them.
//!
//! A pipe holds 64 KiB. A server that prints a line for each message, and whose reader pauses (a
//! pager, a script that wanted the first line only), would stand still for all its clients as soon
//! as the pipe is full. Here lines are put down in a store of limited size, and a thread of its own
//! writes them.

use std::io::{self, Write};
use std::mem;
use std::time::Duration;

use crate::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use crate::sync::{Arc, Mutex, MutexGuard, PoisonError, thread};

/// While so many bytes wait to be written, further lines are left out. A line that finds less
/// waiting is taken whole, however long it is.
const CAPACITY: usize = 1 << 20;

/// How long lines gather before they are written. To wake a thread takes some 5 µs, as long as a
/// web server needs for a whole request, so the writer is woken once for all that come within this
/// time. And who is sent an answer in the same moment has a processor to itself for it, which else
/// would first write the line.
const FLUSH_INTERVAL: Duration = Duration::from_millis(1);

/// How long the end of the program waits for the last lines to be written.
const LAST_LINES: Duration = Duration::from_millis(500);

/// A thread that writes lines, and the lines that wait for it. Dropping it writes what is left.
#[derive(Debug)]
pub(super) struct NonBlockingWriter {
    store: Arc<Store>,
    /// Holds one wake-up: a writer that is going to look need not be told twice.
    wake: SyncSender<()>,
}

#[derive(Debug, Default)]
struct Store(Mutex<Waiting>);

/// What waits for the writer.
#[derive(Debug, Default)]
struct Waiting {
    /// Lines, each with its end.
    lines: Vec<u8>,
    /// How many more of them found no room.
    left_out: u64,
    /// Whoever waits for these lines learns by the end of its channel that they are written.
    to_tell: Vec<Sender<()>>,
}

impl NonBlockingWriter {
    /// Starts the thread. It calls `report` with the number of lines that had to be left out.
    pub(super) fn new(out: impl Write + Send + 'static, report: fn(u64)) -> io::Result<Self> {
        let store = Arc::new(Store::default());
        let (wake, woken) = sync_channel(1);
        let drained = Arc::clone(&store);
        let writer = thread::Builder::new().name("lines".to_owned());
        writer.spawn(move || {
            drained.drain(&woken, out, report);
            // In this order: who speaks from here on finds that nobody takes it, and who has spoken
            // just before waits no longer for what will never be written.
            drop(woken);
            *drained.lock() = Waiting::default();
        })?;
        Ok(Self { store, wake })
    }

    /// Adds one line, which `write` appends to those that wait, with its end. Returns at once.
    pub(super) fn line(&self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut waiting = self.store.lock();
        if waiting.lines.len() < CAPACITY {
            write(&mut waiting.lines);
        } else {
            waiting.left_out += 1;
        }
        self.wake_up(waiting);
    }

    /// Waits until what there is has been written, or for half a second.
    pub(super) fn flush(&self) {
        let (tell, told) = channel();
        let mut waiting = self.store.lock();
        waiting.to_tell.push(tell);
        self.wake_up(waiting);
        let _ = told.recv_timeout(LAST_LINES);
    }

    fn wake_up(&self, mut waiting: MutexGuard<'_, Waiting>) {
        if let Err(TrySendError::Disconnected(())) = self.wake.try_send(()) {
            // The writer has ended, since nobody reads any more.
            *waiting = Waiting::default();
        }
    }
}

impl Drop for NonBlockingWriter {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Store {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes until nothing more can come, or nobody reads any more.
    fn drain(&self, woken: &Receiver<()>, mut out: impl Write, report: fn(u64)) {
        // Two buffers, of which one is filled while the other is written: neither is ever made
        // anew.
        let mut lines = Vec::new();
        while let Ok(()) = woken.recv() {
            // Who waits to be told, as the program at its end, is not kept waiting.
            if self.lock().to_tell.is_empty() {
                thread::sleep(FLUSH_INTERVAL);
            }
            let mut waiting = self.lock();
            mem::swap(&mut lines, &mut waiting.lines);
            let (left_out, to_tell) =
                (mem::take(&mut waiting.left_out), mem::take(&mut waiting.to_tell));
            drop(waiting);
            if out.write_all(&lines).and_then(|()| out.flush()).is_err() {
                return;
            }
            lines.clear();
            if left_out > 0 {
                report(left_out);
            }
            drop(to_tell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

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
        reporting(|count| panic!("{count} lines were left out"))
    }

    fn reporting(
        report: fn(u64),
    ) -> (NonBlockingWriter, Receiver<Vec<u8>>, Sender<io::Result<()>>) {
        let ((written, lines), (permit, leave)) = (channel(), channel());
        (NonBlockingWriter::new(Reader { written, leave }, report).unwrap(), lines, permit)
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
        static LEFT_OUT: AtomicU64 = AtomicU64::new(0);
        let (writer, lines, permit) =
            reporting(|count| _ = LEFT_OUT.fetch_add(count, Ordering::Relaxed));
        writer.line(|lines| lines.extend(b"first\n"));
        assert_eq!(lines.recv().unwrap(), b"first\n");
        // The writer is in the middle of its write, and stays there; this loop ends all the same.
        let count = 3 * CAPACITY / 1000;
        for _ in 0..count {
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
        assert_eq!(LEFT_OUT.load(Ordering::Relaxed) as usize, count - store.len() / 1000);
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
    fn what_was_said_is_written_when_somebody_has_waited_for_it() {
        let (writer, lines, permit) = writer();
        drop(permit);
        for line in ["first\n", "second\n"] {
            writer.line(|lines| lines.extend(line.bytes()));
            writer.flush();
            assert_eq!(lines.try_iter().flatten().collect::<Vec<u8>>(), line.as_bytes());
        }
    }

    #[test]
    fn a_reader_that_is_gone_is_forgotten() {
        let (writer, lines, permit) = writer();
        permit.send(Err(io::ErrorKind::BrokenPipe.into())).unwrap();
        writer.line(|lines| lines.extend(b"first\n"));
        assert_eq!(lines.recv().unwrap(), b"first\n");
        assert!(lines.recv().is_err(), "the writer has ended");
        // Once the thread is gone, nothing is kept.
        while writer.wake.try_send(()) != Err(TrySendError::Disconnected(())) {
            thread::yield_now();
        }
        writer.line(|lines| lines.extend(b"second\n"));
        assert!(writer.store.lock().lines.is_empty());
    }
}

#[cfg(all(test, feature = "interleavings"))]
mod interleavings {
    use super::*;
    use crate::sync::{ORDERS, check_random};

    /// Keeps what is written; fails from the write on that would make it longer than this.
    struct Written(Arc<Mutex<Vec<u8>>>, usize);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if written.len() + bytes.len() > self.1 {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            written.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn nothing_left_out(count: u64) {
        assert_eq!(count, 0);
    }

    #[test]
    fn every_line_is_written_before_the_end_and_each_thread_keeps_its_order() {
        check_random(
            || {
                let written = Arc::new(Mutex::new(Vec::new()));
                let out = Written(Arc::clone(&written), usize::MAX);
                let writer = Arc::new(NonBlockingWriter::new(out, nothing_left_out).unwrap());
                let speakers = [b"ab", b"xy"].map(|said| {
                    let writer = Arc::clone(&writer);
                    thread::spawn(move || {
                        for letter in said {
                            writer.line(|lines| lines.push(*letter));
                        }
                    })
                });
                for speaker in speakers {
                    speaker.join().unwrap();
                }
                drop(writer);
                let written = written.lock().unwrap();
                let of = |said: &[u8]| -> Vec<u8> {
                    written.iter().copied().filter(|letter| said.contains(letter)).collect()
                };
                assert_eq!((written.len(), of(b"ab"), of(b"xy")), (4, b"ab".into(), b"xy".into()));
            },
            ORDERS,
        );
    }

    #[test]
    fn a_reader_that_is_gone_locks_nobody_up() {
        check_random(
            || {
                let written = Arc::new(Mutex::new(Vec::new()));
                let writer = NonBlockingWriter::new(Written(written, 0), |_| {}).unwrap();
                writer.line(|lines| lines.push(b'a'));
                writer.flush();
                writer.line(|lines| lines.push(b'b'));
                drop(writer);
            },
            ORDERS,
        );
    }
}
