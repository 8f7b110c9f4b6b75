//! Starts a program, and holds it while it runs: its standard streams are in the test's hands.

use std::io::Write;
use std::ops::Deref;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::output::collect;
use crate::witness::{Ended, Witness};
use crate::{Exit, Program, Running, Wanted, patience};

impl Program {
    /// Starts it in a process group of its own.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    #[track_caller]
    pub fn start(self) -> Process {
        let line = self.command_line();
        Process::try_start(self).unwrap_or_else(|e| panic!("cannot start {line}: {e}"))
    }

    /// Starts it with no input at all and waits for its exit: for programs that end by themselves.
    ///
    /// # Panics
    ///
    /// When it cannot be started, or runs on past [`patience`].
    #[track_caller]
    pub fn run(self) -> Exit {
        let program = if self.stdin.is_none() { self.stdin(Stdio::null()) } else { self };
        program.start().wait()
    }
}

/// A program that runs. Dropped, it is killed with all its process group and reaped.
pub struct Process {
    running: Running,
    /// To the thread that feeds standard input, so that a program that does not read cannot hang
    /// the test.
    stdin: Mutex<Option<Sender<Vec<u8>>>>,
}

impl Process {
    /// Starts a program that may not be there.
    ///
    /// # Errors
    ///
    /// The system cannot start it.
    pub fn try_start(program: Program) -> std::io::Result<Self> {
        let line = program.command_line();
        let mut command = Command::new(&program.path);
        command.args(&program.args);
        for (name, value) in &program.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(dir) = &program.dir {
            command.current_dir(dir);
        }
        command.stdin(program.stdin.unwrap_or_else(Stdio::piped));
        command.stdout(program.stdout.unwrap_or_else(Stdio::piped));
        command.stderr(program.stderr.unwrap_or_else(Stdio::piped));
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        #[cfg(windows)]
        crate::console::give_one(&mut command);

        let mut child = command.spawn()?;
        let stdin = child.stdin.take().map(feed);
        let witness = Witness::new(
            line,
            child.id(),
            collect(child.stdout.take(), program.most_output),
            collect(child.stderr.take(), program.most_output),
        );
        let witness = Arc::new(witness);
        reap(child, Arc::clone(&witness));
        Ok(Process { running: Running(witness), stdin: Mutex::new(stdin) })
    }

    /// Writes to its standard input. Never blocks; a program that has closed its input is no error.
    ///
    /// # Panics
    ///
    /// When the test itself has closed it, or gave the program another input.
    #[track_caller]
    pub fn write(&self, bytes: impl AsRef<[u8]>) {
        let stdin = self.stdin.lock().unwrap();
        // The other end hangs up when the program has closed its input.
        let _ = stdin.as_ref().expect("standard input is open").send(bytes.as_ref().to_vec());
    }

    /// Types `text` and Enter.
    #[track_caller]
    pub fn line(&self, text: impl AsRef<[u8]>) {
        self.write([text.as_ref(), b"\n"].concat());
    }

    /// Ends its standard input, once all that was written before is read.
    pub fn close_stdin(&self) {
        self.stdin.lock().unwrap().take();
    }

    /// Waits until standard output shows `wanted`, and returns all of it so far.
    ///
    /// # Panics
    ///
    /// When it ends without, or [`patience`] does.
    #[track_caller]
    pub fn wait_stdout(&self, wanted: impl Wanted) -> Vec<u8> {
        self.wait_stdout_within(wanted, patience())
    }

    /// The same with a limit of the test's own, for what takes long by its nature.
    ///
    /// # Panics
    ///
    /// When standard output ends without, or the limit passes.
    #[track_caller]
    pub fn wait_stdout_within(&self, wanted: impl Wanted, limit: Duration) -> Vec<u8> {
        self.witness().stdout.wait_for("stdout", limit, &wanted)
    }

    /// Waits until standard error shows `wanted`, and returns all of it so far.
    ///
    /// # Panics
    ///
    /// When it ends without, or [`patience`] does.
    #[track_caller]
    pub fn wait_stderr(&self, wanted: impl Wanted) -> Vec<u8> {
        self.wait_stderr_within(wanted, patience())
    }

    /// The same with a limit of the test's own, for what takes long by its nature.
    ///
    /// # Panics
    ///
    /// When standard error ends without, or the limit passes.
    #[track_caller]
    pub fn wait_stderr_within(&self, wanted: impl Wanted, limit: Duration) -> Vec<u8> {
        self.witness().stderr.wait_for("stderr", limit, &wanted)
    }

    /// Standard output so far.
    pub fn stdout(&self) -> Vec<u8> {
        self.witness().stdout.so_far()
    }

    /// Standard error so far.
    pub fn stderr(&self) -> Vec<u8> {
        self.witness().stderr.so_far()
    }
}

impl Deref for Process {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

fn feed(mut stdin: impl Write + Send + 'static) -> Sender<Vec<u8>> {
    let (sender, receiver) = channel::<Vec<u8>>();
    std::thread::spawn(move || {
        for bytes in receiver {
            if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
                return;
            }
        }
    });
    sender
}

fn reap(mut child: Child, witness: Arc<Witness>) {
    std::thread::spawn(move || {
        let status = child.wait().ok();
        witness.ended.update(|ended| *ended = Some(Ended::from(status)));
    });
}

impl From<Option<ExitStatus>> for Ended {
    fn from(status: Option<ExitStatus>) -> Self {
        #[cfg(unix)]
        let signal =
            status.and_then(|status| std::os::unix::process::ExitStatusExt::signal(&status));
        #[cfg(not(unix))]
        let signal = None;
        Ended { code: status.and_then(|status| status.code()), signal }
    }
}
