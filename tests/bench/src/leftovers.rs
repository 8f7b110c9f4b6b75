//! What must not outlive a bench: processes that it has started, and folders with their files. Both
//! go when they are dropped; a signal ends the bench where it stands, and [`clear`] sees to all
//! that there is.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, mem, thread};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;

static LEFTOVERS: Mutex<Leftovers> =
    Mutex::new(Leftovers { groups: Vec::new(), folders: Vec::new() });

struct Leftovers {
    groups: Vec<Pid>,
    folders: Vec<PathBuf>,
}

/// A process group, which is killed when this is dropped.
#[derive(Debug)]
pub struct Group(Pid);

impl Group {
    /// Starts a command in a group of its own, whose id is that of the child.
    ///
    /// # Errors
    ///
    /// The command cannot be started.
    pub fn spawn(command: &mut Command) -> io::Result<(Child, Group)> {
        // Under the lock, so that `clear` does not miss what is just being started.
        let mut leftovers = leftovers();
        let child = command.process_group(0).spawn()?;
        // A process id is positive and fits, on every system there is.
        let id = Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX));
        leftovers.groups.push(id);
        Ok((child, Group(id)))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Pid {
        self.0
    }

    /// Kills all its processes.
    pub fn kill(&self) {
        let _ = killpg(self.0, Signal::SIGKILL);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
        leftovers().groups.retain(|&other| other != self.0);
    }
}

/// Runs a command in a group of its own to its end, and tells what it said.
///
/// # Errors
///
/// The command cannot be started.
pub fn output(command: &mut Command) -> io::Result<Output> {
    let (child, _group) =
        Group::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    child.wait_with_output()
}

/// A folder for files of a bench, which is removed when this is dropped.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// Where the system has such folders.
    ///
    /// # Errors
    ///
    /// There is no room for one.
    pub fn new() -> io::Result<Self> {
        Self::within(&std::env::temp_dir())
    }

    /// In another folder.
    ///
    /// # Errors
    ///
    /// There is none, or no room in it.
    pub fn within(place: &Path) -> io::Result<Self> {
        let mut leftovers = leftovers();
        let folder = tempfile::tempdir_in(place)?;
        leftovers.folders.push(folder.path().to_owned());
        Ok(Self(folder))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        leftovers().folders.retain(|path| path != self.0.path());
    }
}

/// Kills and removes all that there is, at the end of the process: nothing can be started
/// afterwards.
pub fn clear() {
    let leftovers = leftovers();
    leftovers.end();
    mem::forget(leftovers);
}

impl Leftovers {
    fn end(&self) {
        for &group in &self.groups {
            let _ = killpg(group, Signal::SIGKILL);
        }
        for folder in &self.folders {
            // Who has just been killed may still end a system call that makes a file.
            for _ in 0..100 {
                match fs::remove_dir_all(folder) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        thread::sleep(Duration::from_millis(5));
                    }
                    _ => break,
                }
            }
        }
    }
}

fn leftovers() -> MutexGuard<'static, Leftovers> {
    // No code that could panic runs under this lock.
    LEFTOVERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt as _;

    #[test]
    fn what_a_bench_has_started_and_written_is_killed_and_removed() {
        let folder = Folder::new().unwrap();
        fs::write(folder.path().join("file"), "bytes").unwrap();
        let (mut child, _group) = Group::spawn(Command::new("sleep").arg("1000")).unwrap();
        leftovers().end();
        assert_eq!(child.wait().unwrap().signal(), Some(Signal::SIGKILL as i32));
        assert!(!folder.path().exists());
    }

    #[test]
    fn what_is_dropped_is_gone_and_forgotten() {
        let folder = Folder::new().unwrap();
        let path = folder.path().to_owned();
        drop(folder);
        let (mut child, group) = Group::spawn(Command::new("sleep").arg("1000")).unwrap();
        let id = group.id();
        drop(group);
        assert_eq!(child.wait().unwrap().signal(), Some(Signal::SIGKILL as i32));
        assert!(!path.exists());
        let left = leftovers();
        assert!(!left.groups.contains(&id) && !left.folders.contains(&path));
    }
}
