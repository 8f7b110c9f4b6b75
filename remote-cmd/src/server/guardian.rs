//! A process beside the server that ends its commands if the server is killed.
//!
//! SIGKILL, and the system when memory is short, leave the server no time for anything, and a
//! command does not notice. (A signal at the death of one's parent, `PR_SET_PDEATHSIG`, would reach
//! the shell alone, and none that it has started.) So the server tells the guardian through a pipe
//! which sessions there are; the end of that pipe is the end of the server.
//!
//! Windows has none: what runs there when its server is killed runs on. A job can be made to end
//! with its last handle, the server's, but not by `process-wrap` yet.

#[cfg(unix)]
pub(crate) use self::unix::{Guardian, run};
#[cfg(windows)]
pub(crate) use self::windows::{Guardian, run};

#[cfg(unix)]
mod unix {
    use std::collections::HashSet;
    use std::io::{self, PipeWriter, Write};
    use std::path::PathBuf;
    use std::process::{Command, Stdio};
    use std::time::Instant;
    use std::{env, process, thread};

    use common::error_text::cause;
    use common::notice;
    use nix::fcntl::{FcntlArg, OFlag, fcntl};

    use crate::ending::{GRACE, LOOK_AGAIN, LOOKS_FOR_KILLED};
    use crate::process_group::ProcessGroup;
    use crate::session::{begun_since, clock, members};
    use crate::text;

    /// The server's end. `None`: there is none, which is no reason not to serve.
    pub(crate) struct Guardian(Option<PipeWriter>);

    impl Guardian {
        /// Starts one. Where that fails, as where there is no `/bin/sh`, it is told.
        pub(crate) fn start() -> Self {
            let started = start();
            if let Err(error) = &started {
                notice!("{}", text::no_guardian(cause(error)));
            }
            Self(started.ok())
        }

        /// A command is about to be started, and until it is watched nobody knows its number.
        pub(crate) fn expect(&mut self) {
            self.say("*\n");
        }

        /// A command that was expected could not be started.
        pub(crate) fn expect_no_more(&mut self) {
            self.say("/\n");
        }

        /// A command runs that was expected.
        pub(crate) fn watch(&mut self, group: &ProcessGroup) {
            self.tell('+', group);
        }

        /// It has ended.
        pub(crate) fn forget(&mut self, group: &ProcessGroup) {
            self.tell('-', group);
        }

        /// It has been asked to end, and is not to be asked twice.
        pub(crate) fn has_been_asked(&mut self, group: &ProcessGroup) {
            self.tell('~', group);
        }

        /// Whether there still is one.
        pub(crate) fn is_there(&self) -> bool {
            self.0.is_some()
        }

        fn tell(&mut self, sign: char, group: &ProcessGroup) {
            self.say(&format!("{sign}{}\n", group.id()));
        }

        fn say(&mut self, line: &str) {
            // One that has been killed, or stopped, is none.
            self.0.take_if(|pipe| pipe.write_all(line.as_bytes()).is_err());
        }
    }

    fn start() -> io::Result<PipeWriter> {
        let (reader, writer) = io::pipe()?;
        // Whoever starts a command must not wait here.
        fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        // The shell ends at once, so that the guardian is not among the children of the server.
        // What a shell starts in the background has no input by itself.
        let mut shell = Command::new("/bin/sh");
        let script = "exec 3<&0; \"$0\" --end-commands <&3 3<&- &";
        shell.args(["-c", script]).arg(this_program()?);
        shell.stdin(reader).stdout(Stdio::null()).stderr(Stdio::null());
        // What is meant for the server and its group, such as Ctrl+C, is not meant for this.
        let (mut child, _) = ProcessGroup::spawn(&mut shell)?;
        match child.wait()?.success() {
            true => Ok(writer),
            false => Err(io::Error::other(text::shell_failed())),
        }
    }

    /// Where this program is. By its number a program is found also when its file has been
    /// replaced, and whoever kills all of its name does not find its guardian.
    fn this_program() -> io::Result<PathBuf> {
        match cfg!(target_os = "linux") {
            true => Ok(format!("/proc/{}/exe", process::id()).into()),
            false => env::current_exe(),
        }
    }

    /// What the guardian does: hears which sessions there are, and ends those that are left when
    /// the server is no more.
    pub(crate) fn run() {
        #[cfg(target_os = "linux")]
        let _ = nix::sys::prctl::set_name(c"command-guard");
        let (mut sessions, mut asked) = (HashSet::new(), HashSet::new());
        // How many are just being started, and when the first of them was.
        let (mut expected, mut since) = (0_u32, 0);
        for line in io::stdin().lines() {
            let Ok(line) = line else { break };
            let id = || line.get(1..).and_then(|id| id.parse().ok());
            match line.chars().next() {
                Some('*') => {
                    since = if expected == 0 { clock().saturating_sub(10) } else { since };
                    expected += 1;
                }
                Some('/') => expected = expected.saturating_sub(1),
                Some('+') => {
                    expected = expected.saturating_sub(1);
                    sessions.extend(id());
                }
                Some('-') => _ = id().map(|id| sessions.remove(&id)),
                Some('~') => asked.extend(id()),
                _ => {}
            }
        }
        let begun = Instant::now();
        // They have lost their parent, as this process has.
        let parent = std::os::unix::process::parent_id();
        while expected > 0 && begun.elapsed() < GRACE / 4 {
            sessions.extend(begun_since(since, parent).filter(|id| *id != process::id()));
            ask_once(&sessions, &mut asked);
            thread::sleep(LOOK_AGAIN);
        }
        ask_once(&sessions, &mut asked);
        end(&sessions);
    }

    /// Asks those to end that have not been asked.
    fn ask_once(sessions: &HashSet<u32>, asked: &mut HashSet<u32>) {
        let others = sessions - asked;
        others.iter().for_each(|id| ProcessGroup::of(*id).terminate());
        members(&others).iter().filter(|member| member.is_apart()).for_each(|apart| apart.ask());
        asked.extend(others);
    }

    /// Waits for those who have been asked, and kills who is left.
    fn end(sessions: &HashSet<u32>) {
        let begun = Instant::now();
        while !members(sessions).is_empty() && begun.elapsed() < GRACE {
            thread::sleep(LOOK_AGAIN);
        }
        // Where there is no /proc, nobody knows whether they are gone.
        if cfg!(not(target_os = "linux")) && !sessions.is_empty() {
            thread::sleep(GRACE);
            sessions.iter().for_each(|id| ProcessGroup::of(*id).kill());
        }
        for _ in 0..LOOKS_FOR_KILLED {
            let left = members(sessions);
            if left.is_empty() {
                return;
            }
            left.iter().for_each(|member| member.kill());
            thread::sleep(LOOK_AGAIN);
        }
    }
}

#[cfg(windows)]
mod windows {
    use crate::running_command::ProcessGroup;

    pub(crate) struct Guardian;

    impl Guardian {
        pub(crate) fn start() -> Self {
            Self
        }

        pub(crate) fn expect(&mut self) {}

        pub(crate) fn expect_no_more(&mut self) {}

        pub(crate) fn watch(&mut self, _: &ProcessGroup) {}

        pub(crate) fn forget(&mut self, _: &ProcessGroup) {}

        pub(crate) fn has_been_asked(&mut self, _: &ProcessGroup) {}

        /// Nobody need wait for one: a job that was asked to end has been killed.
        pub(crate) fn is_there(&self) -> bool {
            true
        }
    }

    pub(crate) fn run() {}
}
