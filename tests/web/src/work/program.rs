//! One program of a pair: what is typed into it, and all that it says, as it says it.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use common::trace::tells_states;
use lab::tap::Side;
use lab::tour::{Call, Effect, bytes_shown, is_ruler};

use super::words::Pieces;
use crate::group;

/// What was heard of a program.
#[derive(Debug)]
pub(super) enum Said {
    /// A line of its trace: the call, the bytes that the line shows, and their marks.
    Call(Call, Vec<u8>, Option<String>),
    /// It printed this, on standard output or standard error.
    Printed(Stream, Vec<u8>),
    /// It has ended, and said all.
    Ended(ExitStatus),
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

impl Stream {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Err => "err",
        }
    }
}

/// Takes down what is said, and when.
pub(super) type Hear = Arc<dyn Fn(Side, SystemTime, Said) + Send + Sync>;

/// How many lines may wait for a program that does not read.
const TYPED: usize = 64;
/// The most bytes of one piece of output.
const PIECE: usize = 16 * 1024;
/// A line of standard error that is longer comes in several.
const LONGEST_LINE: u64 = 64 * 1024;
/// How often it is looked whether a program has ended.
const LOOK: Duration = Duration::from_millis(10);
/// How long what it has started may go on holding its output.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A program that runs; it is killed when this is dropped.
pub(super) struct Program {
    child: Arc<Mutex<Child>>,
    /// Lines; the end of input is none.
    typed: Option<SyncSender<Vec<u8>>>,
    pub(super) id: u32,
}

impl Program {
    /// Starts it. `traced`: its standard error has the lines of a trace.
    ///
    /// # Errors
    /// The system does not start it.
    pub(super) fn start(
        mut command: Command,
        side: Side,
        traced: bool,
        hear: &Hear,
    ) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let id = child.id();
        // From here on it is killed where something fails.
        let (typed, lines) = sync_channel(TYPED);
        let program = Self { child: Arc::new(Mutex::new(child)), typed: Some(typed), id };
        let (ended, ends) = channel();
        if let Some(stdin) = stdin {
            thread::Builder::new().spawn(move || give(stdin, &lines))?;
        }
        if let Some(stdout) = stdout {
            let reader = Reader { side, hear: Arc::clone(hear), _ended: ended.clone() };
            thread::Builder::new().spawn(move || reader.pieces(stdout, Stream::Out))?;
        }
        if let Some(stderr) = stderr {
            let reader = Reader { side, hear: Arc::clone(hear), _ended: ended.clone() };
            let read = move || match traced {
                true => reader.lines(stderr),
                false => reader.pieces(stderr, Stream::Err),
            };
            thread::Builder::new().spawn(read)?;
        }
        drop(ended);
        let (child, hear) = (Arc::clone(&program.child), Arc::clone(hear));
        thread::Builder::new().spawn(move || {
            let status = wait(&child);
            // The readers hang up when there is nothing more.
            let _ = ends.recv_timeout(LAST_WORDS);
            if let Some(status) = status {
                hear(side, SystemTime::now(), Said::Ended(status));
            }
        })?;
        Ok(program)
    }

    /// Types something; whether there was room for it.
    pub(super) fn type_bytes(&mut self, bytes: Vec<u8>) -> bool {
        match &self.typed {
            Some(typed) => !matches!(typed.try_send(bytes), Err(TrySendError::Full(_))),
            None => true,
        }
    }

    /// Ends its input.
    pub(super) fn end_input(&mut self) {
        self.typed = None;
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ask_to_end(&self) {
        group::ask_to_end(&mut self.child());
    }

    pub(super) fn kill(&self) {
        let _ = self.child().kill();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Writes what is typed, until the program reads no more or the input ends.
fn give(mut stdin: ChildStdin, lines: &Receiver<Vec<u8>>) {
    for line in lines {
        if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

/// Waits for a program that others may kill meanwhile: a `wait` would keep it to itself.
fn wait(child: &Mutex<Child>) -> Option<ExitStatus> {
    loop {
        let status = child.lock().unwrap_or_else(PoisonError::into_inner).try_wait();
        match status {
            Ok(None) => thread::sleep(LOOK),
            Ok(status) => return status,
            Err(_) => return None,
        }
    }
}

/// Reads one of a program's streams.
struct Reader {
    side: Side,
    hear: Hear,
    /// Dropped when there is nothing more.
    _ended: Sender<()>,
}

impl Reader {
    fn say(&self, said: Said) {
        (self.hear)(self.side, SystemTime::now(), said);
    }

    /// Output as it comes, but for characters that are cut.
    fn pieces(&self, mut pipe: impl Read, stream: Stream) {
        let mut buffer = vec![0; PIECE];
        let mut pieces = Pieces::default();
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    let whole = pieces.push(buffer.get(..count).unwrap_or_default());
                    if !whole.is_empty() {
                        self.say(Said::Printed(stream, whole));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let rest = pieces.finish();
        if !rest.is_empty() {
            self.say(Said::Printed(stream, rest));
        }
    }

    /// Standard error by lines: those of the trace, and all others.
    fn lines(&self, pipe: impl Read) {
        let mut reader = BufReader::with_capacity(PIECE, pipe);
        while let Some(line) = next_line(&mut reader) {
            let text = String::from_utf8_lossy(&line);
            let Some(call) = Call::parse(text.trim_end_matches(['\n', '\r'])) else {
                for piece in line.chunks(PIECE) {
                    self.say(Said::Printed(Stream::Err, piece.to_vec()));
                }
                continue;
            };
            let bytes = match call.outcome {
                Effect::Bytes(..) => bytes_shown(&text),
                Effect::Done | Effect::Failed(_) => Vec::new(),
            };
            let marks = self.marks(&mut reader);
            self.say(Said::Call(call, bytes, marks));
        }
    }

    /// What stands beneath a call, which is written with it: its marks, or why it has no state.
    fn marks(&self, reader: &mut BufReader<impl Read>) -> Option<String> {
        let beneath = reader.buffer();
        if beneath.first() != Some(&b' ') || !beneath.contains(&b'\n') {
            return None;
        }
        let line = next_line(reader)?;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        if is_ruler(text) {
            return Some(text.trim_start().chars().step_by(2).collect());
        }
        if tells_states() || !text.starts_with(" (") {
            self.say(Said::Printed(Stream::Err, line));
        }
        None
    }
}

/// A line with its end, or a part of one that is too long; none at the end.
fn next_line(reader: &mut BufReader<impl Read>) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    match reader.take(LONGEST_LINE).read_until(b'\n', &mut line) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(input: &[u8], traced: bool) -> Vec<String> {
        let all = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&all);
        let (ended, _ends) = channel();
        let reader = Reader {
            side: Side::Client,
            hear: Arc::new(move |_, _, said| {
                let said = match said {
                    Said::Call(call, bytes, marks) => {
                        format!("{} {bytes:?} {marks:?}", call.name)
                    }
                    Said::Printed(stream, bytes) => {
                        format!("{} {}", stream.name(), String::from_utf8_lossy(&bytes))
                    }
                    Said::Ended(_) => "ended".to_owned(),
                };
                kept.lock().unwrap().push(said);
            }),
            _ended: ended,
        };
        match traced {
            true => reader.lines(input),
            false => reader.pieces(input, Stream::Out),
        }
        all.lock().unwrap().clone()
    }

    const SEND: &str = "08:41:24.435270 send - - 2 \"hi\" 6869\n";

    #[test]
    fn calls_are_told_from_what_is_printed_and_have_their_marks() {
        let text = format!("notice: x\n{SEND}{:40}LL..\n{SEND}  indented\nerror: y", "");
        let wanted = [
            "err notice: x\n",
            "send [104, 105] Some(\"L.\")",
            "err   indented\n",
            "send [104, 105] None",
            "err error: y",
        ];
        assert_eq!(heard(text.as_bytes(), true), wanted);
    }

    #[test]
    fn a_line_without_an_end_comes_in_pieces() {
        let long = vec![b'x'; 1 << 20];
        for traced in [true, false] {
            let pieces = heard(&long, traced);
            assert!(pieces.len() >= 64, "{}", pieces.len());
            let all: usize = pieces.iter().map(|piece| piece.len() - 4).sum();
            assert_eq!(all, 1 << 20);
        }
    }
}
