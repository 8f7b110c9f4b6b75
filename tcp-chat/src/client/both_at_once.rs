//! Sending what is typed and showing what arrives, at the same time: a thread for each.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow};
use common::error_text::cause;
use common::notice;
use common::socket::{LINGERING_CLOSE, Stream, has_vanished};
use common::terminal::{Input, Typed};
use common::text::cannot_start_thread;
use tcp_chat::Unsaid;
use tcp_chat::both_sides::{End, LinePrefix};
use tcp_chat::farewell::{in_our_language, is_farewell};
use tcp_chat::text::has_left_because;

use crate::interrupt::leave;
use crate::text;

/// What is sent of a typed line.
pub(crate) struct Words {
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether they are our last.
    pub(crate) are_last: bool,
}

/// Shows one message.
pub(crate) type Show<'a> = &'a mut dyn FnMut(&[u8]) -> io::Result<()>;

/// Whether we are on our way out.
#[derive(Default)]
struct Leaving {
    has_begun: AtomicBool,
    /// By the word for that, and not by the end of the input.
    by_word: AtomicBool,
}

/// Which of the two threads has ended, and how.
enum Ended {
    Speaking(anyhow::Result<()>),
    Hearing(anyhow::Result<End>),
}

/// One conversation: `to_words` makes bytes of each typed line, and `hear` receives and shows until
/// the other side leaves; `prefix` stands before what is shown. After our last words it may be
/// silent for `patience` before we leave, too.
pub(crate) fn converse(
    stream: Stream,
    input: Input,
    prefix: LinePrefix,
    patience: Duration,
    to_words: impl FnMut(Vec<u8>) -> Words + Send + 'static,
    hear: impl FnOnce(Stream, Show<'_>) -> anyhow::Result<End> + Send + 'static,
) -> anyhow::Result<End> {
    let peer = stream.peer();
    let (from, to) = (stream.try_clone()?, stream.try_clone()?);
    let (printer, (report, ended)) = (input.printer(), channel());

    let leaving = Arc::new(Leaving::default());
    let (we_leave, speaking_ended) = (Arc::clone(&leaving), report.clone());
    let speak = move || {
        let result = speak(&to, input, to_words, &we_leave);
        if result.is_err() {
            // The other side would close at the half-close, and that be taken for the reason.
            let _ = speaking_ended.send(Ended::Speaking(result));
            return;
        }
        // The other side gets the end of the stream, and may still speak: a half-close.
        let _ = to.shutdown(Shutdown::Write);
        let _ = speaking_ended.send(Ended::Speaking(result));
    };
    start("send", speak)?;

    let shown = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&shown);
    let hear = move || {
        let mut last_words = None;
        let result = hear(from, &mut |text| {
            count.fetch_add(1, Ordering::Relaxed);
            last_words = is_farewell(text).then(|| String::from_utf8_lossy(text).into_owned());
            printer.line(&prefix.now(), text)
        });
        let result = match (result, last_words) {
            (Ok(End::Closed | End::Broken(_)), Some(words)) => {
                Err(anyhow!(text::has_closed(peer, in_our_language(&words))))
            }
            (result, _) => result,
        };
        let _ = report.send(Ended::Hearing(result));
    };
    start("recv", hear)?;

    let end = match ended.recv().context(text::both_threads_failed())? {
        Ended::Speaking(result) => {
            result?;
            hear_the_rest(&ended, &shown, patience)
        }
        Ended::Hearing(end) => {
            if leaving.has_begun.load(Ordering::Relaxed) {
                // It has answered our last words while they were still being sent.
                let _ = ended.recv_timeout(LINGERING_CLOSE);
            }
            end
        }
    };
    stream.close();
    if leaving.has_begun.load(Ordering::Relaxed) {
        return Ok(as_we_leave(end?, leaving.by_word.load(Ordering::Relaxed), peer));
    }
    end
}

/// How a conversation has ended that we were about to leave, by the word for that or because the
/// input had ended.
pub(crate) fn as_we_leave(end: End, by_word: bool, peer: SocketAddr) -> End {
    match end {
        // The other side closes because we are leaving.
        End::Closed => End::Ours,
        // Nobody owes anybody anything after the word. Without it, what we said may be lost.
        End::Broken(error) if by_word && !has_vanished(&error) => {
            notice!("{}", has_left_because(peer, cause(&error)));
            End::Ours
        }
        end => end,
    }
}

/// After our last words, shows what the other side still says, as long as it is not silent for
/// longer than `patience`. The tutorial's server never closes.
fn hear_the_rest(
    ended: &Receiver<Ended>,
    shown: &AtomicU64,
    patience: Duration,
) -> anyhow::Result<End> {
    loop {
        let before = shown.load(Ordering::Relaxed);
        match ended.recv_timeout(patience) {
            Ok(Ended::Hearing(end)) => return end,
            Err(RecvTimeoutError::Timeout) if shown.load(Ordering::Relaxed) != before => {}
            Ok(Ended::Speaking(_)) | Err(_) => return Ok(End::Closed),
        }
    }
}

/// Sends what is typed, to its end.
fn speak(
    stream: &Stream,
    mut input: Input,
    mut to_words: impl FnMut(Vec<u8>) -> Words,
    leaving: &Leaving,
) -> anyhow::Result<()> {
    loop {
        match input.next_line()? {
            Typed::Line(line) if line.is_empty() => notice!("{}", Unsaid::Empty),
            Typed::Line(line) => {
                let words = to_words(line);
                leaving.has_begun.store(words.are_last, Ordering::Relaxed);
                leaving.by_word.store(words.are_last, Ordering::Relaxed);
                match stream.send_all(&words.bytes) {
                    Ok(()) if !words.are_last => {}
                    Err(error) if has_vanished(&error) => {
                        return Err(error).context(text::other_side_does_not_answer());
                    }
                    // If they cannot be sent, it has left: the thread that hears tells it.
                    Ok(()) | Err(_) => return Ok(()),
                }
            }
            Typed::End => {
                leaving.has_begun.store(true, Ordering::Relaxed);
                return Ok(());
            }
            Typed::Interrupted => leave(),
        }
    }
}

/// Starts a thread.
pub(crate) fn start(name: &str, run: impl FnOnce() + Send + 'static) -> anyhow::Result<()> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(run).context(cannot_start_thread())?;
    Ok(())
}
