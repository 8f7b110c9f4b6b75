//! A command and all that it starts: a session. (On Windows a job.)

use std::io;
use std::process::{Child, Command};

use process_wrap::std::{CommandWrap, CommandWrapper, ProcessSession};

/// Something that can be ended as a whole, for as long as its first process has not been reaped.
#[derive(Clone, Debug)]
pub(crate) struct ProcessGroup(u32);

impl ProcessGroup {
    /// Starts a command at the head of a group and a session of its own. The terminal of the server
    /// is not that session's: what opens `/dev/tty` fails, where it would wait for ever for a line
    /// that is typed at the server, or write on the server's screen.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<(Child, Self)> {
        // Only its part before the start. The child that it makes waits for all of the group.
        ProcessSession.pre_spawn(command, &CommandWrap::with_new("", |_| {}))?;
        let child = command.spawn()?;
        let group = Self(child.id());
        Ok((child, group))
    }

    /// The one that a process with this number leads.
    pub(crate) fn of(id: u32) -> Self {
        Self(id)
    }

    /// The number of its first process.
    pub(crate) fn id(&self) -> u32 {
        self.0
    }

    /// Kills its group.
    pub(crate) fn kill(&self) {
        self.signal(nix::sys::signal::Signal::SIGKILL);
    }

    /// Asks it to end, as `kill` does. What is stopped has to go on for that.
    pub(crate) fn terminate(&self) {
        self.signal(nix::sys::signal::Signal::SIGTERM);
        self.signal(nix::sys::signal::Signal::SIGCONT);
    }

    /// Asks it to end, as Ctrl+C on a terminal does.
    pub(crate) fn interrupt(&self) {
        self.signal(nix::sys::signal::Signal::SIGINT);
    }

    fn signal(&self, signal: nix::sys::signal::Signal) {
        // It fails where all have ended already, and then nothing is left to do.
        if let Ok(id) = i32::try_from(self.0) {
            let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), signal);
        }
    }

    /// Whether the first process has ended. It is left to be reaped.
    #[cfg(target_os = "linux")]
    pub(crate) fn has_ended(&self) -> bool {
        use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};

        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG;
        let id = i32::try_from(self.0).unwrap_or_default();
        !matches!(
            waitid(Id::Pid(nix::unistd::Pid::from_raw(id)), flags),
            Ok(WaitStatus::StillAlive) | Err(nix::errno::Errno::EINTR)
        )
    }

    /// Takes the status of the first process, which has ended; its number is free then.
    #[cfg(target_os = "linux")]
    pub(crate) fn reap(&self) -> io::Result<std::process::ExitStatus> {
        use std::os::unix::process::ExitStatusExt;

        use nix::sys::wait::{WaitStatus, waitpid};

        let id = i32::try_from(self.0).map_err(io::Error::other)?;
        // `WIFEXITED` and `WIFSIGNALED`, the other way round (`man 2 wait`).
        let status = match waitpid(nix::unistd::Pid::from_raw(id), None)? {
            WaitStatus::Signaled(_, signal, _) => signal as i32,
            WaitStatus::Exited(_, status) => status << 8,
            _ => 0,
        };
        Ok(ExitStatusExt::from_raw(status))
    }

    /// Elsewhere one waits for it.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn has_ended(&self) -> bool {
        false
    }

    /// Elsewhere who waits for it does this.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn reap(&self) -> io::Result<std::process::ExitStatus> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Waits until the first process has ended, and leaves it to be reaped.
    #[cfg(target_os = "linux")]
    pub(crate) fn wait_unreaped(child: &mut Child) -> io::Result<()> {
        use nix::errno::Errno;
        use nix::sys::wait::{Id, WaitPidFlag, waitid};
        use nix::unistd::Pid;

        let id = Pid::from_raw(i32::try_from(child.id()).map_err(io::Error::other)?);
        loop {
            match waitid(Id::Pid(id), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {
                Err(Errno::EINTR) => {}
                ended => return Ok(ended.map(drop)?),
            }
        }
    }

    /// Waits until the first process has ended. Here that reaps it; `std` keeps its status.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn wait_unreaped(child: &mut Child) -> io::Result<()> {
        child.wait().map(drop)
    }
}
