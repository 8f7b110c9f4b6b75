//! The commands that run: each is killed when its client goes away, and all when the server ends.

use std::collections::HashMap;
use std::io;
use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[cfg(windows)]
pub(crate) use crate::job::ProcessGroup;
#[cfg(unix)]
pub(crate) use crate::process_group::ProcessGroup;

/// All commands that run at the moment.
#[derive(Clone, Default)]
pub(crate) struct RunningCommands(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By client: each has one command at a time.
    groups: HashMap<u64, ProcessGroup>,
    clients: u64,
    server_ends: bool,
}

/// The command that runs for one client, if one does.
pub(crate) struct RunningCommand {
    all: RunningCommands,
    client: u64,
    client_has_left: AtomicBool,
    /// An interrupt came while the command was just being started.
    interrupted: AtomicBool,
}

impl RunningCommands {
    /// A place for the commands of a new client.
    pub(crate) fn of_new_client(&self) -> RunningCommand {
        let mut state = self.lock();
        state.clients += 1;
        RunningCommand {
            all: self.clone(),
            client: state.clients,
            client_has_left: AtomicBool::new(false),
            interrupted: AtomicBool::new(false),
        }
    }

    /// Kills every command, and those that are started after this.
    pub(crate) fn kill_all(&self) {
        let mut state = self.lock();
        state.server_ends = true;
        for group in state.groups.values() {
            group.kill();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that could panic runs under this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RunningCommand {
    /// A command has been asked for: interrupts from now on are meant for it.
    pub(crate) fn expect(&self) {
        self.interrupted.store(false, Ordering::SeqCst);
    }

    /// A command has just been started. It is killed at once if its client has left meanwhile.
    pub(crate) fn started(&self, group: ProcessGroup) {
        let mut state = self.all.lock();
        if state.server_ends || self.client_has_left.load(Ordering::SeqCst) {
            group.kill();
        }
        if self.interrupted.load(Ordering::SeqCst) {
            group.interrupt();
        }
        state.groups.insert(self.client, group);
    }

    /// Interrupts the command, as Ctrl+C does: the one that runs, or is just being started.
    pub(crate) fn interrupt(&self) {
        let state = self.all.lock();
        self.interrupted.store(true, Ordering::SeqCst);
        if let Some(group) = state.groups.get(&self.client) {
            group.interrupt();
        }
    }

    /// Kills the command, if one runs.
    pub(crate) fn kill(&self) {
        if let Some(group) = self.all.lock().groups.get(&self.client) {
            group.kill();
        }
    }

    /// The client has left: kills its command, and one that is just being started.
    pub(crate) fn client_left(&self) {
        self.client_has_left.store(true, Ordering::SeqCst);
        self.kill();
    }

    /// Waits until the command has ended.
    ///
    /// A process that has ended keeps its number until it is reaped. After that the number may
    /// become another's, which must not be killed in its place. So reaping a process and forgetting
    /// its number are one step, under the lock that killing takes.
    pub(crate) fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let ended = ProcessGroup::wait_unreaped(child);
        let mut state = self.all.lock();
        state.groups.remove(&self.client);
        ended.and_then(|()| child.wait())
    }
}
