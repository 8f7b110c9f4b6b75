//! The commands that run: each is ended when its client goes away, and all when the server ends.
//!
//! To end a command is to ask it, as `kill` does (SIGTERM), so that it can tidy up; what is still
//! there after [`GRACE`] is killed.

use std::collections::{HashMap, HashSet};
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use common::server::STACK;

use crate::guardian::Guardian;
#[cfg(windows)]
pub(crate) use crate::job::ProcessGroup;
#[cfg(unix)]
pub(crate) use crate::process_group::ProcessGroup;
use crate::session::{self, Member};

/// How long a command may take to end when it is asked to.
pub(crate) const GRACE: Duration = Duration::from_secs(2);

/// The same for all of them when the server itself ends, whose clients have waited already.
const LAST_GRACE: Duration = Duration::from_millis(500);

/// How often one looks whether what a command has started has ended, too, while that is waited for.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How often what has been killed is looked for: a process that waits for a dead disk cannot end.
pub(crate) const LOOKS_FOR_KILLED: u32 = 50;

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

/// One of them.
struct Running {
    group: ProcessGroup,
    /// When its time is over.
    ends_at: Option<Instant>,
    /// When it is killed, once it has been asked to end.
    kill_at: Option<Instant>,
    was_asked: bool,
    was_too_long: bool,
    /// Its first process has ended, and the others have the rest of their time.
    leader_has_ended: bool,
    others: Others,
    /// How it has ended, if it was asked to and all of it is gone.
    status: Option<io::Result<ExitStatus>>,
}

/// The rest of a command's session, in groups of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    /// Nothing is to be done about them.
    Left,
    ToAsk,
    Asked,
    /// With how many more looks.
    ToKill(u32),
    Gone,
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
    ///
    /// # Errors
    /// The system has no process for the one who ends commands when the server cannot.
    pub(crate) fn new() -> io::Result<Self> {
        let state = State {
            commands: HashMap::new(),
            clients: 0,
            server_ends: false,
            guardian: Guardian::start()?,
            is_watched: false,
        };
        Ok(Self(Arc::new(Shared {
            state: Mutex::new(state),
            due: Condvar::new(),
            gone: Condvar::new(),
            fewer: Condvar::new(),
        })))
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

    /// Ends every command, and those that are started after this. The server itself ends: what is
    /// not gone soon is killed.
    pub(crate) fn end_all(&self) {
        let mut state = self.lock();
        state.server_ends = true;
        let now = Instant::now();
        for running in state.commands.values_mut() {
            running.ask_to_end(now);
            running.kill_at = Some(now + LAST_GRACE);
        }
        self.see_to_it(&mut state);
        // Who is killed needs a moment, too.
        let some_run = |state: &mut State| !state.commands.is_empty();
        drop(self.0.fewer.wait_timeout_while(state, 2 * LAST_GRACE, some_run));
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

impl Running {
    fn ask_to_end(&mut self, now: Instant) {
        if !std::mem::replace(&mut self.was_asked, true) {
            self.group.terminate();
            self.others = Others::ToAsk;
            self.kill_at = Some(now + GRACE);
        }
    }

    /// Does what is due.
    fn act(&mut self, now: Instant) {
        if self.ends_at.is_some_and(|at| at <= now) && !self.was_asked {
            self.was_too_long = true;
            self.ask_to_end(now);
        }
        if self.kill_at.is_some_and(|at| at <= now) {
            self.group.kill();
            self.others = Others::ToKill(LOOKS_FOR_KILLED);
            self.kill_at = None;
        }
        if self.was_asked && !self.leader_has_ended {
            self.leader_has_ended = self.group.has_ended();
        }
    }

    /// When there is something to do or to look for.
    fn next_due(&self) -> Option<Instant> {
        match (self.was_asked, &self.status) {
            (false, _) => self.ends_at,
            (true, None) => Some(Instant::now() + LOOK_AGAIN),
            (true, Some(_)) => None,
        }
    }

    fn others_are_due(&self) -> bool {
        match self.others {
            Others::ToAsk | Others::ToKill(_) => true,
            Others::Asked => self.leader_has_ended,
            Others::Left | Others::Gone => false,
        }
    }

    /// These live.
    fn see_to(&mut self, members: &[Member]) {
        self.others = match self.others {
            Others::Asked | Others::ToKill(_) if members.is_empty() => Others::Gone,
            Others::ToAsk => {
                members.iter().filter(|member| member.is_apart()).for_each(|apart| apart.ask());
                Others::Asked
            }
            Others::ToKill(looks) => {
                members.iter().for_each(|member| member.kill());
                looks.checked_sub(1).map_or(Others::Gone, Others::ToKill)
            }
            others => others,
        };
    }
}

impl Running {
    /// Nobody else may have the time for it: who has to pass its output on may wait for the client.
    fn reap_if_gone(&mut self) {
        if self.leader_has_ended && self.others == Others::Gone && self.status.is_none() {
            self.status = Some(self.group.reap());
        }
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
        let mut running = Running {
            group,
            ends_at: limit.and_then(|limit| now.checked_add(limit)),
            kill_at: None,
            was_asked: false,
            was_too_long: false,
            leader_has_ended: false,
            others: Others::Left,
            status: None,
        };
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
