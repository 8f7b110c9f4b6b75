//! What holds a client's command: it is killed when the client goes away, and when the server ends.

use std::collections::HashMap;
use std::io;
use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::group::Group;

/// All commands that run at the moment.
#[derive(Clone, Default)]
pub(crate) struct Leashes(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By client: each has one command at a time.
    running: HashMap<u64, Group>,
    clients: u64,
    closed: bool,
}

/// One client's end of it.
pub(crate) struct Leash {
    all: Leashes,
    client: u64,
    cut: AtomicBool,
    /// An interrupt came while the command was just being started.
    interrupted: AtomicBool,
}

impl Leashes {
    /// A leash for a new client.
    pub(crate) fn leash(&self) -> Leash {
        let mut state = self.lock();
        state.clients += 1;
        Leash {
            all: self.clone(),
            client: state.clients,
            cut: AtomicBool::new(false),
            interrupted: AtomicBool::new(false),
        }
    }

    /// Kills every command, and those that are started after this.
    pub(crate) fn kill_all(&self) {
        let mut state = self.lock();
        state.closed = true;
        for group in state.running.values() {
            group.kill();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that could panic runs under this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leash {
    /// Takes hold of a command that has just been started. It is killed at once if its client has gone
    /// meanwhile.
    pub(crate) fn take(&self, group: Group) {
        let mut state = self.all.lock();
        if state.closed || self.cut.load(Ordering::SeqCst) {
            group.kill();
        }
        if self.interrupted.load(Ordering::SeqCst) {
            group.interrupt();
        }
        state.running.insert(self.client, group);
    }

    /// A command has been asked for: interrupts from now on are meant for it.
    pub(crate) fn expect_command(&self) {
        self.interrupted.store(false, Ordering::SeqCst);
    }

    /// Interrupts the command, as Ctrl+C does: the one that runs, or the one that is just being started.
    pub(crate) fn interrupt(&self) {
        let state = self.all.lock();
        self.interrupted.store(true, Ordering::SeqCst);
        if let Some(group) = state.running.get(&self.client) {
            group.interrupt();
        }
    }

    /// Waits until the command has ended, and lets go of it.
    ///
    /// A process that has ended keeps its number until it is reaped; after that the number may become
    /// another's, who must not be killed in its place. So reaping and letting go are one step under the lock
    /// that killing takes.
    pub(crate) fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let ended = Group::wait_unreaped(child);
        let mut state = self.all.lock();
        state.running.remove(&self.client);
        ended.and_then(|()| child.wait())
    }

    /// Kills the command, if one runs.
    pub(crate) fn kill(&self) {
        if let Some(group) = self.all.lock().running.get(&self.client) {
            group.kill();
        }
    }

    /// The client has gone: kills its command, and one that is just being started.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.kill();
    }
}
