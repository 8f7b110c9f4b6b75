//! Both sides speak whenever they like: one thread sends what is typed, another shows what arrives.

use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::input::{Input, Typed};
use common::socket::Stream;
use common::{cause, notice};
use tcp_chat::{EndWord, Unsaid};

use crate::leave;
use crate::listening::{End, listen};
use crate::pace::Pace;

/// How long the other side has to say its last words and close, once we have said ours.
const FAREWELL: Duration = Duration::from_secs(1);

/// What is over.
enum Over {
    Talking(anyhow::Result<()>),
    Listening(anyhow::Result<End>),
}

/// One conversation, until either side has had enough.
pub(crate) fn converse(stream: Stream, input: Input, word: &EndWord) -> anyhow::Result<()> {
    let peer = stream.peer();
    let (mut listening, talking) = (stream.try_clone()?, stream.try_clone()?);
    let printer = input.printer();
    let (report, over) = channel();

    let (talked, our_word) = (report.clone(), word.clone());
    let leaving = Arc::new(AtomicBool::new(false));
    let we_leave = Arc::clone(&leaving);
    let talk = move || _ = talked.send(Over::Talking(talk(&talking, input, &our_word, &we_leave)));
    thread::Builder::new().name("send".to_owned()).spawn(talk).context("cannot start a thread")?;

    let their_word = word.clone();
    let hear = move || {
        let heard = listen(&mut listening, None, &their_word, |text| printer.line("", text));
        let _ = report.send(Over::Listening(heard));
    };
    thread::Builder::new().name("recv".to_owned()).spawn(hear).context("cannot start a thread")?;

    let mut last = over.recv().context("both threads have failed")?;
    if let Over::Talking(talked) = last {
        talked?;
        let _ = stream.shutdown(Shutdown::Write);
        // What the other side says meanwhile is still shown. The tutorial's server never closes, so not for ever.
        match over.recv_timeout(FAREWELL) {
            Ok(listened) => last = listened,
            Err(_) => {
                stream.close();
                return Ok(());
            }
        }
    }
    stream.close();
    match last {
        Over::Listening(Ok(End::Goodbye)) => notice!("{peer} said {word}"),
        // The other side closes because we are leaving.
        Over::Listening(Ok(End::Closed)) if leaving.load(Ordering::Relaxed) => {}
        Over::Listening(Ok(End::Closed)) => notice!("{peer} has left"),
        Over::Listening(Ok(End::Broken(error))) => notice!("{peer} has left: {}", cause::cause(&error)),
        Over::Listening(Err(error)) => return Err(error),
        Over::Talking(_) => {}
    }
    Ok(())
}

/// Sends what is typed, to its end.
fn talk(stream: &Stream, mut input: Input, word: &EndWord, leaving: &AtomicBool) -> anyhow::Result<()> {
    let mut pace = Pace::default();
    loop {
        match input.next_line()? {
            Typed::Line(line) if line.is_empty() => notice!("{}", Unsaid::Empty),
            Typed::Line(line) => {
                pace.wait();
                let goodbye = line == word.as_bytes();
                leaving.store(goodbye, Ordering::Relaxed);
                // That a line cannot be sent is told by the thread that listens: the other side has left.
                if stream.send_all(&line).is_err() || goodbye {
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
