//! A command and all that it starts: a process group. (On Windows a job.)

use std::io;
use std::process::{Child, Command};

use process_wrap::std::{CommandWrap, CommandWrapper, ProcessSession};

/// Something that can be killed as a whole, for as long as its first process has not been reaped.
#[derive(Clone, Copy, Debug)]
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

    /// Kills all of it.
    pub(crate) fn kill(self) {
        self.signal(nix::sys::signal::Signal::SIGKILL);
    }

    /// Asks it to end, as Ctrl+C on a terminal does.
    pub(crate) fn interrupt(self) {
        self.signal(nix::sys::signal::Signal::SIGINT);
    }

    fn signal(self, signal: nix::sys::signal::Signal) {
        // It fails where all have ended already, and then nothing is left to do.
        if let Ok(id) = i32::try_from(self.0) {
            let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), signal);
        }
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
