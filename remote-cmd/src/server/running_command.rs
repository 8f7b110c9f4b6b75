//! The commands that run: each is ended when its client goes away, and all when the server ends.

use std::collections::{HashMap, HashSet};
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use common::server::STACK;

use crate::ending::Running;
use crate::guardian::Guardian;
#[cfg(windows)]
pub(crate) use crate::job::ProcessGroup;
#[cfg(unix)]
pub(crate) use crate::process_group::ProcessGroup;
use crate::session::{self, Member};

/// How long the server itself waits, when it ends, for commands that it has asked to end. The rest
/// of their time the guardian gives them.
const LAST_GRACE: Duration = Duration::from_millis(500);

/// All commands that run at the moment.
#[derive(Clone)]
pub(crate) struct RunningCommands(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Something is due earlier than before.
    due: Condvar,
    /// What a command had started is gone.
    gone: Condvar,
    /// There is a command less.
    fewer: Condvar,
}

struct State {
    /// By client: each has one command at a time.
    commands: HashMap<u64, Running>,
    clients: u64,
    server_ends: bool,
    guardian: Guardian,
    /// Whether there is a thread that does what is due.
    is_watched: bool,
}

/// The command that runs for one client, if one does.
pub(crate) struct RunningCommand {
    all: RunningCommands,
    client: u64,
    client_has_left: AtomicBool,
    /// An interrupt came while the command was just being started.
    interrupted: AtomicBool,
    was_too_long: AtomicBool,
}

impl RunningCommands {
    /// None so far.
    pub(crate) fn new() -> Self {
        let state = State {
            commands: HashMap::new(),
            clients: 0,
            server_ends: false,
            guardian: Guardian::start(),
            is_watched: false,
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            due: Condvar::new(),
            gone: Condvar::new(),
            fewer: Condvar::new(),
        }))
    }

    /// A place for the commands of a new client.
    pub(crate) fn of_new_client(&self) -> RunningCommand {
        let mut state = self.lock();
        state.clients += 1;
        RunningCommand {
            all: self.clone(),
            client: state.clients,
            client_has_left: AtomicBool::new(false),
            interrupted: AtomicBool::new(false),
            was_too_long: AtomicBool::new(false),
        }
    }

    /// Ends every command, and those that are started after this, for the server itself ends. What
    /// is not gone soon the guardian kills.
    pub(crate) fn end_all(&self) {
        let mut state = self.lock();
        state.server_ends = true;
        let now = Instant::now();
        let State { commands, guardian, .. } = &mut *state;
        for running in commands.values_mut() {
            running.ask_to_end(now);
            guardian.has_been_asked(&running.group);
            if !guardian.is_there() {
                running.kill_at = Some(now + LAST_GRACE);
            }
        }
        // Who is killed needs a moment, too.
        let limit = if guardian.is_there() { LAST_GRACE } else { 2 * LAST_GRACE };
        self.see_to_it(&mut state);
        let some_run = |state: &mut State| !state.commands.is_empty();
        drop(self.0.fewer.wait_timeout_while(state, limit, some_run));
    }

    /// Something is due, now or later: has a thread do it then.
    fn see_to_it(&self, state: &mut State) {
        if !state.is_watched {
            let all = self.clone();
            let thread = thread::Builder::new().name("command-ends".to_owned()).stack_size(STACK);
            state.is_watched = thread.spawn(move || all.do_what_is_due()).is_ok();
            if !state.is_watched {
                // Without a thread there is no time to give.
                state.commands.values().filter(|it| it.was_asked).for_each(|it| it.group.kill());
            }
        }
        self.0.due.notify_all();
    }

    /// Keeps all limits of time, until there are none. A thread of its own, for the others may wait
    /// for whatever it be.
    fn do_what_is_due(&self) {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            state.commands.values_mut().for_each(|running| running.act(now));
            state = self.see_to_others(state);
            state.commands.values_mut().for_each(Running::reap_if_gone);
            self.0.gone.notify_all();
            let Some(due) = state.commands.values().filter_map(Running::next_due).min() else {
                state.is_watched = false;
                return;
            };
            let wait = due.saturating_duration_since(Instant::now());
            let waited = self.0.due.wait_timeout(state, wait);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Asks, kills or looks for what commands have put into other groups: all of them with one
    /// look at the processes of the system, during which nobody has to wait.
    fn see_to_others<'a>(&'a self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let due = state.commands.values().filter(|running| running.others_are_due());
        let sessions: HashSet<u32> = due.map(|running| running.group.id()).collect();
        if sessions.is_empty() {
            return state;
        }
        drop(state);
        let mut members: HashMap<u32, Vec<Member>> = HashMap::new();
        for member in session::members(&sessions) {
            members.entry(member.session()).or_default().push(member);
        }
        let mut state = self.lock();
        for running in state.commands.values_mut() {
            let id = running.group.id();
            if sessions.contains(&id) && running.others_are_due() {
                running.see_to(members.get(&id).map(Vec::as_slice).unwrap_or_default());
            }
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that could panic runs under this lock.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RunningCommand {
    /// A command has been asked for: interrupts from now on are meant for it.
    pub(crate) fn expect(&self) {
        self.interrupted.store(false, Ordering::SeqCst);
    }

    /// Starts the command's process.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn spawn(&self, command: &mut Command) -> io::Result<(Child, ProcessGroup)> {
        self.all.lock().guardian.expect();
        let spawned = ProcessGroup::spawn(command);
        if spawned.is_err() {
            self.all.lock().guardian.expect_no_more();
        }
        spawned
    }

    /// A command has just been started, and may run for so long. It is ended at once if its client
    /// has left meanwhile.
    pub(crate) fn started(&self, group: ProcessGroup, limit: Option<Duration>) {
        let mut state = self.all.lock();
        state.guardian.watch(&group);
        let now = Instant::now();
        if self.interrupted.load(Ordering::SeqCst) {
            group.interrupt();
        }
        let ends_at = limit.and_then(|limit| now.checked_add(limit));
        let mut running = Running::new(group, ends_at);
        if state.server_ends || self.client_has_left.load(Ordering::SeqCst) {
            running.ask_to_end(now);
        }
        let is_due = running.next_due().is_some();
        state.commands.insert(self.client, running);
        if is_due {
            self.all.see_to_it(&mut state);
        }
    }

    /// Interrupts the command, as Ctrl+C does: the one that runs, or is just being started.
    pub(crate) fn interrupt(&self) {
        let state = self.all.lock();
        self.interrupted.store(true, Ordering::SeqCst);
        if let Some(running) = state.commands.get(&self.client) {
            running.group.interrupt();
        }
    }

    /// Ends the command, if one runs.
    pub(crate) fn end(&self) {
        let mut state = self.all.lock();
        if let Some(running) = state.commands.get_mut(&self.client) {
            running.ask_to_end(Instant::now());
            self.all.see_to_it(&mut state);
        }
    }

    /// The client has left: ends its command, and one that is just being started.
    pub(crate) fn client_left(&self) {
        self.client_has_left.store(true, Ordering::SeqCst);
        self.end();
    }

    /// Whether nothing of the command is left that is to be waited for, once it has ended.
    #[cfg(unix)]
    pub(crate) fn is_gone(&self) -> bool {
        let state = self.all.lock();
        let running = state.commands.get(&self.client).filter(|it| it.was_asked);
        cfg!(not(target_os = "linux")) || running.is_none_or(|it| it.status.is_some())
    }

    /// Whether the command was ended because its time was over.
    pub(crate) fn was_too_long(&self) -> bool {
        self.was_too_long.load(Ordering::SeqCst)
    }

    /// Waits until the command has ended, and reaps it.
    ///
    /// # Errors
    /// Those of `man 2 wait`.
    pub(crate) fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
        // What fails here fails there again.
        let _ = ProcessGroup::wait_unreaped(child);
        self.reap(child)
    }

    /// Reaps a command that has ended or was asked to. In that case all of its session is waited
    /// for.
    ///
    /// A process that has ended keeps its number until it is reaped. After that the number may
    /// become another's, which must not be killed in its place. So reaping a process and forgetting
    /// its number are one step, under the lock that killing takes.
    ///
    /// # Errors
    /// Those of `man 2 wait`.
    pub(crate) fn reap(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let mut state = self.all.lock();
        if cfg!(target_os = "linux") {
            let waits = |state: &mut State| {
                let running = state.commands.get(&self.client);
                running.is_some_and(|it| it.was_asked && it.status.is_none())
            };
            let waited = self.all.0.gone.wait_while(state, waits);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let running = state.commands.remove(&self.client);
        let mut status = None;
        if let Some(running) = running {
            state.guardian.forget(&running.group);
            self.was_too_long.store(running.was_too_long, Ordering::SeqCst);
            if running.was_asked && cfg!(not(target_os = "linux")) {
                // Nobody knows who is left. Those have had their time who end with their shell.
                running.group.kill();
            }
            status = running.status;
        }
        // A thread that has nothing more to wait for ends.
        self.all.0.due.notify_all();
        self.all.0.fewer.notify_all();
        status.unwrap_or_else(|| child.wait())
    }
}
