//! What is known about one program, shared by its handles, and told when a test fails.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::output::Output;
use crate::watched::Watched;

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The number of the signal that ended it.
    pub signal: Option<i32>,
}

pub(crate) struct Witness {
    pub(crate) command: String,
    pub(crate) id: u32,
    pub(crate) stdout: Output,
    pub(crate) stderr: Output,
    pub(crate) ended: Watched<Option<Ended>>,
    told: AtomicBool,
}

impl Witness {
    pub(crate) fn new(command: String, id: u32, stdout: Output, stderr: Output) -> Self {
        Witness {
            command,
            id,
            stdout,
            stderr,
            ended: Watched::new(None),
            told: AtomicBool::new(false),
        }
    }

    /// Waits for the exit, then for the last output. A background child may keep the streams open:
    /// after 2 s what is there is taken for all.
    #[track_caller]
    pub(crate) fn wait_exit(&self, limit: Duration) -> Ended {
        let Some(ended) = self.ended.wait(limit, |ended| *ended) else {
            panic!("still running after {limit:?}: {}", self.command);
        };
        let last = Instant::now() + Duration::from_secs(2);
        self.stdout.wait_end(last);
        self.stderr.wait_end(last);
        ended
    }

    /// Sends `signal` to the program, if it still runs.
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: nix::sys::signal::Signal) {
        let ended = self.ended.lock();
        if ended.is_none() {
            let _ = nix::sys::signal::kill(self.pid(), signal);
        }
    }

    /// Ends the program and all of its process group, and waits until it is reaped.
    #[cfg(unix)]
    pub(crate) fn kill(&self) {
        // The group outlives its leader as long as a child of it runs.
        let _ = nix::sys::signal::killpg(self.pid(), nix::sys::signal::Signal::SIGKILL);
        self.ended.wait(crate::patience(), |ended| *ended);
    }

    /// Ends the program, if it still runs, or presses Ctrl+C at its console. Windows has no other
    /// signal.
    #[cfg(not(unix))]
    #[track_caller]
    pub(crate) fn signal(&self, signal: crate::Signal) {
        match signal {
            crate::Signal::SIGKILL => self.task_kill(&[]),
            crate::Signal::SIGINT => {
                let pressed = crate::console::press_ctrl_c(self.id);
                let ended = self.ended.lock().is_some();
                assert!(pressed.is_ok() || ended, "cannot press Ctrl+C: {pressed:?}");
            }
            other => panic!("Windows has no {other:?}"),
        }
    }

    /// Ends the program and what it has started, and waits until it is reaped.
    #[cfg(not(unix))]
    pub(crate) fn kill(&self) {
        self.task_kill(&["/T"]);
        self.ended.wait(crate::patience(), |ended| *ended);
    }

    #[cfg(not(unix))]
    fn task_kill(&self, arguments: &[&str]) {
        let ended = self.ended.lock();
        let call = |arguments: &[&str]| {
            let mut command = std::process::Command::new("taskkill");
            command.args(["/F", "/PID", &self.id.to_string()]).args(arguments).output()
        };
        if ended.is_none() && !call(arguments).is_ok_and(|output| output.status.success()) {
            // Wine's knows no /T.
            let _ = call(&[]);
        }
    }

    #[cfg(unix)]
    fn pid(&self) -> nix::unistd::Pid {
        nix::unistd::Pid::from_raw(self.id as i32)
    }

    /// Prints all that is known, once, if the test is failing now. `cargo test` shows it with the
    /// failure.
    pub(crate) fn tell_if_failing(&self) {
        if std::thread::panicking() && !self.told.swap(true, Ordering::Relaxed) {
            eprintln!("{self}");
        }
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "---- process {}: {}", self.id, self.command)?;
        match *self.ended.lock() {
            None => writeln!(f, "status: still running")?,
            Some(Ended { code: Some(code), .. }) => writeln!(f, "status: {code}")?,
            Some(Ended { signal: Some(signal), .. }) => {
                writeln!(f, "status: ended by signal {signal}")?;
            }
            Some(_) => writeln!(f, "status: unknown")?,
        }
        stream(f, "stdout", &self.stdout.so_far())?;
        stream(f, "stderr", &self.stderr.so_far())
    }
}

/// One stream, each line behind a bar; of a flood the first and the last part.
fn stream(f: &mut fmt::Formatter<'_>, name: &str, bytes: &[u8]) -> fmt::Result {
    const SHOWN: usize = 8 * 1024;
    writeln!(f, "{name} ({} bytes):", bytes.len())?;
    if bytes.len() <= 2 * SHOWN {
        return lines(f, bytes);
    }
    lines(f, &bytes[..SHOWN])?;
    writeln!(f, "    … {} bytes …", bytes.len() - 2 * SHOWN)?;
    lines(f, &bytes[bytes.len() - SHOWN..])
}

fn lines(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    for line in String::from_utf8_lossy(bytes).lines() {
        writeln!(f, "    | {}", line.escape_debug())?;
    }
    Ok(())
}
