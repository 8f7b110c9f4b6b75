//! A [job]: who is in it cannot leave, and it ends with its last handle, which this process has. So
//! nothing outlives this process, however that ends.
//!
//! [job]: https://learn.microsoft.com/windows/win32/procthread/job-objects

use std::io::{self, ErrorKind};
use std::os::windows::io::{AsHandle, BorrowedHandle, OwnedHandle};
use std::os::windows::process::CommandExt as _;
use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};

use process_wrap::tokio::{ChildWrapper, CommandWrap, CommandWrapper as _, JobObject, KillOnDrop};

/// The first thread of a process waits until it is told to go on.
const CREATE_SUSPENDED: u32 = 0x0000_0004;
/// Ctrl+C at the console reaches the server alone, which then ends its sessions in order.
const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;

/// A process, and all that it has started.
#[derive(Debug)]
pub(crate) struct Group(Mutex<Box<dyn ChildWrapper>>);

impl Group {
    /// Starts the first process. It runs only when it is in the job, so that nothing that it starts
    /// is left out.
    pub(crate) fn spawn(command: &mut Command, _name: &str) -> io::Result<(Child, Self)> {
        let mut child =
            command.creation_flags(CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP).spawn()?;
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
        // Of the command only this is looked at: that the job is to end with its handle.
        let mut ends = CommandWrap::with_new("", |_| {});
        ends.wrap(KillOnDrop);
        Ok(Self(Mutex::new(JobObject.wrap_child(Box::new(process), &ends)?)))
    }

    /// Kills all of it.
    pub(crate) fn kill(&self) {
        // It fails where all have ended already, and then nothing is left to do.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).start_kill();
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
}
