//! Lines that are written without ever waiting for whoever reads them.
//!
//! A pipe holds 64 KiB. A server that prints a line for each message, and whose reader pauses (a
//! pager, a script that wanted the first line only), would stand still for all its clients as soon
//! as the pipe is full. Here a channel takes the lines, and a thread of its own writes what has
//! gathered there.

use std::io::{self, Write};
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// While so many bytes wait to be written, further lines are left out. A line that finds less
/// waiting is taken whole, however long it is.
const CAPACITY: usize = 4 << 20;

/// How long lines gather after a write. To wake a thread takes some 5 µs, as long as a web server
/// needs for a whole request, so the writer is woken once for all that come within this time.
const FLUSH_INTERVAL: Duration = Duration::from_millis(1);

/// How long the end of the program waits for the last lines to be written.
const LAST_LINES: Duration = Duration::from_millis(500);

/// A thread that writes lines, and the lines that wait for it. Dropping it writes what is left.
#[derive(Debug)]
pub(super) struct NonBlockingWriter {
    channel: Sender<Order>,
    fill: Arc<Fill>,
}

/// What the writer is to do.
#[derive(Debug)]
enum Order {
    Write(Vec<u8>),
    /// Drop this once all that was ordered before is written.
    Tell(Sender<()>),
}

/// How full the channel is.
#[derive(Debug, Default)]
struct Fill {
    /// Bytes that wait to be written.
    waiting: AtomicUsize,
    /// Lines that found no room, and were not yet reported.
    left_out: AtomicU64,
}

impl NonBlockingWriter {
    /// Starts the thread. It calls `report` with the number of lines that had to be left out.
    pub(super) fn new(out: impl Write + Send + 'static, report: fn(u64)) -> io::Result<Self> {
        let (channel, orders) = channel();
        let fill = Arc::new(Fill::default());
        let drained = Arc::clone(&fill);
        let writer = thread::Builder::new().name("lines".to_owned());
        writer.spawn(move || drain(&orders, &drained, out, report))?;
        Ok(Self { channel, fill })
    }

    /// Adds one line, which has its end. Returns at once.
    pub(super) fn line(&self, line: Vec<u8>) {
        if self.fill.waiting.load(Ordering::Relaxed) >= CAPACITY {
            self.fill.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.fill.waiting.fetch_add(line.len(), Ordering::Relaxed);
        // It fails where nobody reads any more: then nobody misses it.
        let _ = self.channel.send(Order::Write(line));
    }

    /// Waits until what there is has been written, or for half a second.
    pub(super) fn flush(&self) {
        let (tell, told) = channel();
        if self.channel.send(Order::Tell(tell)).is_ok() {
            let _ = told.recv_timeout(LAST_LINES);
        }
    }
}

impl Drop for NonBlockingWriter {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Writes until nothing more can come, or nobody reads any more.
fn drain(orders: &Receiver<Order>, fill: &Fill, mut out: impl Write, report: fn(u64)) {
    while let Ok(first) = orders.recv() {
        let (mut lines, mut to_tell) = (Vec::new(), Vec::new());
        for order in iter::once(first).chain(orders.try_iter()) {
            match order {
                Order::Write(line) => lines.extend(line),
                Order::Tell(whom) => to_tell.push(whom),
            }
        }
        if out.write_all(&lines).and_then(|()| out.flush()).is_err() {
            return;
        }
        fill.waiting.fetch_sub(lines.len(), Ordering::Relaxed);
        match fill.left_out.swap(0, Ordering::Relaxed) {
            0 => {}
            count => report(count),
        }
        drop(to_tell);
        thread::sleep(FLUSH_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn reporting(report: fn(u64)) -> (NonBlockingWriter, Receiver<Vec<u8>>, Sender<io::Result<()>>) {
        let ((written, lines), (permit, leave)) = (channel(), channel());
        (NonBlockingWriter::new(Reader { written, leave }, report).unwrap(), lines, permit)
    }

    #[test]
    fn lines_come_out_in_order_and_the_last_ones_before_the_end() {
        let (writer, lines, permit) = writer();
        drop(permit);
        for number in 0..1000 {
            writer.line(format!("{number}: hi\n").into_bytes());
        }
        drop(writer);
        let wanted: String = (0..1000).map(|number| format!("{number}: hi\n")).collect();
        let written: Vec<u8> = lines.try_iter().flatten().collect();
        assert_eq!(String::from_utf8(written).unwrap(), wanted);
    }

    #[test]
    fn a_reader_that_pauses_holds_nobody_up_and_gets_whole_lines() {
        static LEFT_OUT: AtomicU64 = AtomicU64::new(0);
        let (writer, lines, permit) = reporting(|count| _ = LEFT_OUT.fetch_add(count, Ordering::Relaxed));
        writer.line(b"first\n".to_vec());
        assert_eq!(lines.recv().unwrap(), b"first\n");
        // The writer is in the middle of its write, and stays there; this loop ends all the same.
        let count = 3 * CAPACITY / 1000;
        for _ in 0..count {
            writer.line([&[b'x'; 999][..], b"\n"].concat());
        }
        drop(permit);
        let store = lines.recv().unwrap();
        assert!(store.len() > CAPACITY - 1000 && store.len() < CAPACITY + 1000);
        assert!(store.chunks(1000).all(|line| line.len() == 1000 && line.ends_with(b"x\n")));
        drop(writer);
        assert_eq!(LEFT_OUT.load(Ordering::Relaxed) as usize, count - store.len() / 1000);
    }

    #[test]
    fn a_line_longer_than_the_store_is_taken_whole() {
        let (writer, lines, permit) = writer();
        drop(permit);
        writer.line(vec![b'x'; 2 * CAPACITY]);
        drop(writer);
        assert_eq!(lines.try_iter().map(|written| written.len()).sum::<usize>(), 2 * CAPACITY);
    }

    #[test]
    fn what_was_said_is_written_when_somebody_has_waited_for_it() {
        let (writer, lines, permit) = writer();
        drop(permit);
        for line in ["first\n", "second\n"] {
            writer.line(line.into());
            writer.flush();
            assert_eq!(lines.try_iter().flatten().collect::<Vec<u8>>(), line.as_bytes());
        }
    }

    #[test]
    fn a_reader_that_is_gone_is_forgotten() {
        let (writer, lines, permit) = writer();
        permit.send(Err(io::ErrorKind::BrokenPipe.into())).unwrap();
        writer.line(b"first\n".to_vec());
        assert_eq!(lines.recv().unwrap(), b"first\n");
        assert!(lines.recv().is_err(), "the writer has ended");
        // Once there is no receiver, nothing is kept.
        while writer.channel.send(Order::Write(b"second\n".to_vec())).is_ok() {
            thread::yield_now();
        }
        writer.line(b"third\n".to_vec());
        writer.flush();
    }
}
