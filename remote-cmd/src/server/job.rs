//! A command of Windows and all that it starts: a [job]. (Elsewhere a process group.)
//!
//! [job]: https://learn.microsoft.com/windows/win32/procthread/job-objects

use std::io::{self, ErrorKind};
use std::os::windows::io::{AsHandle, BorrowedHandle, OwnedHandle};
use std::os::windows::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};

use process_wrap::std::{ChildWrapper, CommandWrap, CommandWrapper, JobObject};

/// The first thread of a process waits until it is told to go on.
const CREATE_SUSPENDED: u32 = 0x0000_0004;

/// The process has a console of its own that nobody sees. The server's is not the command's: it
/// cannot read a line that is typed there, and Ctrl+C there is not meant for it.
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// Something that can be killed as a whole. What is left of it when this is dropped runs on.
#[derive(Clone, Debug)]
pub(crate) struct ProcessGroup(Arc<Mutex<Box<dyn ChildWrapper>>>);

impl ProcessGroup {
    /// Starts a command in a job of its own. It runs only when it is in there, so that nothing that
    /// it starts is left out.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<(Child, Self)> {
        let mut child = command.creation_flags(CREATE_SUSPENDED | CREATE_NO_WINDOW).spawn()?;
        match Self::of(&child) {
            Ok(group) => Ok((child, group)),
            Err(error) => {
                // It has not run at all.
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    fn of(child: &Child) -> io::Result<Self> {
        let process = Process(child.as_handle().try_clone_to_owned()?);
        // The child itself is waited for by one thread, and the job is ended by another.
        let job = JobObject.wrap_child(Box::new(process), &CommandWrap::with_new("", |_| {}))?;
        Ok(Self(Arc::new(Mutex::new(job))))
    }

    /// Kills all of it.
    pub(crate) fn kill(&self) {
        // It fails where all have ended already, and then nothing is left to do.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).start_kill();
    }

    /// The same: there is nobody whom one could ask.
    pub(crate) fn terminate(&self) {
        self.kill();
    }

    /// A job has a handle, and no number.
    pub(crate) fn id(&self) -> u32 {
        0
    }

    /// Who waits for it knows that, and takes its status.
    pub(crate) fn has_ended(&self) -> bool {
        false
    }

    /// See [`has_ended`](Self::has_ended).
    pub(crate) fn reap(&self) -> io::Result<ExitStatus> {
        Err(ErrorKind::Unsupported.into())
    }

    /// The same: only who shares a console can be sent a Ctrl+C.
    pub(crate) fn interrupt(&self) {
        self.kill();
    }

    /// Waits until the first process has ended; `std` keeps its status.
    pub(crate) fn wait_unreaped(child: &mut Child) -> io::Result<()> {
        child.wait().map(drop)
    }
}

/// The process that a job is made for. All else that one does with a child is done with the child.
#[derive(Debug)]
struct Process(OwnedHandle);

impl ChildWrapper for Process {
    fn inner(&self) -> &dyn ChildWrapper {
        self
    }

    fn inner_mut(&mut self) -> &mut dyn ChildWrapper {
        self
    }

    fn into_inner(self: Box<Self>) -> Box<dyn ChildWrapper> {
        self
    }

    fn process_handle(&self) -> Option<BorrowedHandle<'_>> {
        Some(self.0.as_handle())
    }

    fn start_kill(&mut self) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn wait(&mut self) -> io::Result<ExitStatus> {
        Err(ErrorKind::Unsupported.into())
    }
}
