//! One program of a scene, run for real: what it calls, what it prints, and when it ends.
//!
//! Its standard output and its standard error are one pipe, as they are one terminal for whoever
//! runs it: so what it prints is known in its order. The lines of the trace are taken out of it.

use std::io::{self, BufRead, BufReader, PipeReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use common::text::cannot_start_thread;
use common::trace::tells_states;

use super::call::{Call, Effect, is_ruler};
use super::text;

/// How long one conversation of the tour may take; they take a second or less.
const LIMIT: Duration = Duration::from_secs(20);

/// What was heard of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A line of its trace.
    Call(Call),
    /// A line that it printed.
    Printed(String),
    /// Nothing more will come: it has ended.
    Ended(Duration),
}

/// A program that runs; it is killed when this is dropped.
pub(super) struct Program {
    name: String,
    child: Child,
    heard: Receiver<Heard>,
    so_far: Vec<Heard>,
    deadline: Instant,
}

/// All that a program said and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) calls: Vec<Call>,
    pub(crate) printed: Vec<String>,
    /// When it ended, since midnight (UTC), as calls have it.
    pub(crate) ended: Duration,
    /// `None` if it was killed.
    pub(crate) status: Option<i32>,
}

impl Program {
    /// Starts it, types what there is to type, and ends its input.
    pub(super) fn start(mut command: Command, typed: Option<&str>) -> anyhow::Result<Self> {
        let path = std::path::Path::new(command.get_program());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (reader, writer) = io::pipe().context(text::cannot_make_pipe())?;
        let input = if typed.is_some() { Stdio::piped() } else { Stdio::null() };
        command.stdin(input).stdout(writer.try_clone().context(text::cannot_make_pipe())?);
        command.stderr(writer);
        let mut child = command.spawn().with_context(|| text::cannot_start(&name))?;
        // It holds the writing end of the pipe, which has to end with the program.
        drop(command);
        if let (Some(mut input), Some(typed)) = (child.stdin.take(), typed) {
            // A program that has ended already does not read; its own words say why.
            let _ = input.write_all(typed.as_bytes());
        }
        let (tell, heard) = channel();
        let program =
            Self { name, child, heard, so_far: Vec::new(), deadline: Instant::now() + LIMIT };
        thread::Builder::new()
            .spawn(move || listen(reader, &tell))
            .context(cannot_start_thread())?;
        Ok(program)
    }

    /// The number of its process.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until what was heard of it is enough.
    fn until(&mut self, enough: impl Fn(&[Heard]) -> bool) -> anyhow::Result<()> {
        while !enough(&self.so_far) {
            let left = self.deadline.saturating_duration_since(Instant::now());
            match self.heard.recv_timeout(left) {
                Ok(heard) => self.so_far.push(heard),
                Err(RecvTimeoutError::Disconnected) => {
                    let said: Vec<&str> = printed(&self.so_far).collect();
                    bail!(text::ended_too_early(&self.name, said.join("; ")))
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!(text::not_there_within(&self.name, LIMIT.as_secs()))
                }
            }
        }
        Ok(())
    }

    /// Waits until a server listens.
    pub(super) fn listens(&mut self) -> anyhow::Result<()> {
        self.until(|heard| printed(heard).any(|line| line.starts_with("listening on ")))
    }

    /// Waits until it has made so many calls of that name that worked.
    pub(super) fn has_called(&mut self, name: &str, count: usize) -> anyhow::Result<()> {
        let is_one = |heard: &&Heard| match heard {
            Heard::Call(call) => call.name == name && !matches!(call.outcome, Effect::Failed(_)),
            _ => false,
        };
        self.until(|heard| heard.iter().filter(is_one).count() >= count)
    }

    /// Kills it, as `kill -9` does, and tells when.
    pub(super) fn kill(&mut self) -> anyhow::Result<Duration> {
        let now = time_of_day();
        self.child.kill().with_context(|| text::cannot_kill(&self.name))?;
        Ok(now)
    }

    /// Asks a server to end, if it has not done so.
    pub(super) fn stop(&mut self) {
        #[cfg(unix)]
        {
            use nix::sys::signal::{Signal, kill};
            use nix::unistd::Pid;

            if let Ok(pid) = i32::try_from(self.child.id()) {
                // It is ours and not waited for yet, so the number is still its own.
                let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
            }
        }
        #[cfg(not(unix))]
        {
            self.finish();
            let _ = self.child.kill();
        }
    }

    /// Lets a server say what it still has to say, where no signal asks it to end: all that it has
    /// accepted is closed, and nothing more comes.
    #[cfg(not(unix))]
    fn finish(&mut self) {
        const SILENCE: Duration = Duration::from_millis(300);
        let count = |heard: &[Heard], name: &str| {
            let is_one = |heard: &&Heard| matches!(heard, Heard::Call(call) if call.name == name);
            heard.iter().filter(is_one).count()
        };
        let _ = self.until(|heard| count(heard, "close") >= count(heard, "accept"));
        while let Ok(heard) = self.heard.recv_timeout(SILENCE) {
            self.so_far.push(heard);
        }
    }

    /// Everything that it says until its end.
    pub(super) fn wait(mut self) -> anyhow::Result<Said> {
        self.until(|heard| matches!(heard.last(), Some(Heard::Ended(_))))?;
        let status = self.child.wait().with_context(|| text::cannot_wait_for(&self.name))?;
        let mut said = Said { status: status.code(), ..Said::default() };
        for heard in std::mem::take(&mut self.so_far) {
            match heard {
                Heard::Call(call) => said.calls.push(call),
                Heard::Printed(line) => said.printed.push(line),
                Heard::Ended(at) => said.ended = at,
            }
        }
        Ok(said)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines that were printed.
fn printed(heard: &[Heard]) -> impl Iterator<Item = &str> {
    heard.iter().filter_map(|heard| match heard {
        Heard::Printed(line) => Some(line.as_str()),
        _ => None,
    })
}

/// Reads to the end, line by line.
fn listen(pipe: PipeReader, tell: &Sender<Heard>) {
    for heard in Lines::new(pipe) {
        if tell.send(heard).is_err() {
            return;
        }
    }
    let _ = tell.send(Heard::Ended(time_of_day()));
}

/// What the lines of a pipe are.
struct Lines<R> {
    pipe: BufReader<R>,
    /// What the line before has left: a call behind printed text that had no end of line.
    next: Option<Heard>,
    /// The line before was a call, so that a ruler may follow.
    after_call: bool,
}

impl<R: Read> Lines<R> {
    fn new(pipe: R) -> Self {
        Self { pipe: BufReader::new(pipe), next: None, after_call: false }
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = Heard;

    fn next(&mut self) -> Option<Heard> {
        if let Some(next) = self.next.take() {
            return Some(next);
        }
        loop {
            let mut bytes = Vec::new();
            if self.pipe.read_until(b'\n', &mut bytes).ok()? == 0 {
                return None;
            }
            let text = String::from_utf8_lossy(&bytes);
            let line = text.trim_end_matches(['\n', '\r']);
            if std::mem::take(&mut self.after_call) && (is_ruler(line) || is_remark(line)) {
                continue;
            }
            let Some((before, call)) = parted(line) else {
                return Some(Heard::Printed(line.to_owned()));
            };
            self.after_call = true;
            if before.is_empty() {
                return Some(Heard::Call(call));
            }
            self.next = Some(Heard::Call(call));
            return Some(Heard::Printed(before.to_owned()));
        }
    }
}

/// The call in a line, and what was printed before it without an end of line.
fn parted(line: &str) -> Option<(&str, Call)> {
    let mut clocks = line.match_indices(':').filter_map(|(colon, _)| colon.checked_sub(2));
    clocks.find_map(|at| {
        let (before, rest) = line.split_at_checked(at)?;
        Some((before, Call::parse(rest)?))
    })
}

/// That a trace has no states, said once where it is so (`common::trace`): the tour says it itself.
fn is_remark(line: &str) -> bool {
    line.starts_with(" (") && !tells_states()
}

/// Since midnight (UTC), as traces have it.
fn time_of_day() -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Duration::from_secs(now.as_secs() % (24 * 60 * 60))
        + Duration::from_nanos(now.subsec_nanos().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(text: &str) -> Vec<Heard> {
        Lines::new(text.as_bytes()).collect()
    }

    fn call(line: &str) -> Heard {
        Heard::Call(Call::parse(line).unwrap())
    }

    const SEND: &str = "08:41:24.435270 send - - 2 \"hi\" 6869";

    #[test]
    fn calls_are_told_from_what_is_printed() {
        let text = format!("listening on 127.0.0.1:1\n{SEND}\n  12:30 is no call\n");
        let printed = |line: &str| Heard::Printed(line.to_owned());
        assert_eq!(
            heard(&text),
            [printed("listening on 127.0.0.1:1"), call(SEND), printed("  12:30 is no call")]
        );
    }

    #[test]
    fn a_page_without_an_end_of_line_is_told_from_the_call_behind_it() {
        let text = format!("a 12:30: 欢迎来此访问!{SEND}\nnext");
        let printed = |line: &str| Heard::Printed(line.to_owned());
        assert_eq!(heard(&text), [printed("a 12:30: 欢迎来此访问!"), call(SEND), printed("next")]);
    }

    #[test]
    fn the_ruler_beneath_a_framed_call_is_left_out_and_a_printed_line_like_it_is_not() {
        let text = format!("{SEND}\n           LLLL....\n   LL..\n");
        assert_eq!(heard(&text), [call(SEND), Heard::Printed("   LL..".to_owned())]);
    }
}
