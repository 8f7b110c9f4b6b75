//! Sending what is typed and showing what arrives, at the same time: a thread for each.

use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::notice;
use common::socket::Stream;
use common::terminal::{Input, Typed};
use tcp_chat::Unsaid;

use crate::leave;
use tcp_chat::listening::End;

/// Once we have said our last words, the other side may go on as long as it is not silent for this long.
const FAREWELL: Duration = Duration::from_secs(1);

/// What a typed line becomes.
pub(crate) struct Words {
    /// The bytes to be sent.
    pub(crate) bytes: Vec<u8>,
    /// Whether they are our last.
    pub(crate) last: bool,
}

/// Shows one message.
pub(crate) type Show<'a> = &'a mut dyn FnMut(&[u8]) -> io::Result<()>;

enum Over {
    Talking(anyhow::Result<()>),
    Listening(anyhow::Result<End>),
}

/// One conversation, until either side has had enough. Returns how the other side ended it; `None` when we did.
pub(crate) fn converse(
    stream: Stream,
    input: Input,
    speak: impl FnMut(Vec<u8>) -> Words + Send + 'static,
    listen: impl FnOnce(Stream, Show<'_>) -> anyhow::Result<End> + Send + 'static,
) -> anyhow::Result<Option<End>> {
    let (hearing, talking) = (stream.try_clone()?, stream.try_clone()?);
    let (printer, (report, over)) = (input.printer(), channel());

    let leaving = Arc::new(AtomicBool::new(false));
    let (we_leave, talked) = (Arc::clone(&leaving), report.clone());
    let talk = move || {
        let result = talk(&talking, input, speak, &we_leave);
        let _ = talking.shutdown(Shutdown::Write);
        let _ = talked.send(Over::Talking(result));
    };
    thread::Builder::new().name("send".to_owned()).spawn(talk).context("cannot start a thread")?;

    let shown = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&shown);
    let hear = move || {
        let heard = listen(hearing, &mut |text| {
            count.fetch_add(1, Ordering::Relaxed);
            printer.line("", text)
        });
        let _ = report.send(Over::Listening(heard));
    };
    thread::Builder::new().name("recv".to_owned()).spawn(hear).context("cannot start a thread")?;

    let mut last = over.recv().context("both threads have failed")?;
    if let Over::Talking(talked) = last {
        talked?;
        // What the other side still says is shown. The tutorial's server never closes, so not for ever.
        let mut before = shown.load(Ordering::Relaxed);
        last = loop {
            match over.recv_timeout(FAREWELL) {
                Ok(listened) => break listened,
                Err(RecvTimeoutError::Timeout) if shown.load(Ordering::Relaxed) != before => {
                    before = shown.load(Ordering::Relaxed);
                }
                Err(_) => break Over::Listening(Ok(End::Closed)),
            }
        };
    } else if leaving.load(Ordering::Relaxed) {
        // The other side has answered our last words while they were still being sent.
        let _ = over.recv_timeout(FAREWELL);
    }
    stream.close();
    match last {
        // The other side closes because we are leaving.
        Over::Listening(Ok(End::Closed)) if leaving.load(Ordering::Relaxed) => Ok(None),
        Over::Listening(end) => end.map(Some),
        Over::Talking(talked) => talked.map(|()| None),
    }
}

/// Sends what is typed, to its end.
fn talk(
    stream: &Stream,
    mut input: Input,
    mut speak: impl FnMut(Vec<u8>) -> Words,
    leaving: &AtomicBool,
) -> anyhow::Result<()> {
    loop {
        match input.next_line()? {
            Typed::Line(line) if line.is_empty() => notice!("{}", Unsaid::Empty),
            Typed::Line(line) => {
                let words = speak(line);
                leaving.store(words.last, Ordering::Relaxed);
                // That they cannot be sent is told by the thread that listens: the other side has left.
                if stream.send_all(&words.bytes).is_err() || words.last {
                    return Ok(());
                }
            }
            Typed::End => {
                leaving.store(true, Ordering::Relaxed);
                return Ok(());
            }
            Typed::Interrupted => leave(),
        }
    }
}
