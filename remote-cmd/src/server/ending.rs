//! How one command is ended: first it is asked, and what is still there in the end is killed.
//!
//! [`RunningCommands`](crate::running_command::RunningCommands) has all of them, and the thread
//! that does what is due.

use std::io;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use crate::running_command::ProcessGroup;
use crate::session::Member;

/// How long a command may take to end when it is asked to.
pub(crate) const GRACE: Duration = Duration::from_secs(2);

/// How often one looks whether what a command has started has ended, too, while that is waited for.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How often what has been killed is looked for: a process that waits for a dead disk cannot end.
pub(crate) const LOOKS_FOR_KILLED: u32 = 50;

/// A command that runs.
pub(crate) struct Running {
    pub(crate) group: ProcessGroup,
    /// When its time is over.
    ends_at: Option<Instant>,
    /// When it is killed, once it has been asked to end.
    pub(crate) kill_at: Option<Instant>,
    pub(crate) was_asked: bool,
    pub(crate) was_too_long: bool,
    /// Its first process has ended, and the others have the rest of their time.
    leader_has_ended: bool,
    others: Others,
    /// How it has ended, if it was asked to and all of it is gone.
    pub(crate) status: Option<io::Result<ExitStatus>>,
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

impl Running {
    /// One that has just been started, and may run until then.
    pub(crate) fn new(group: ProcessGroup, ends_at: Option<Instant>) -> Self {
        Self {
            group,
            ends_at,
            kill_at: None,
            was_asked: false,
            was_too_long: false,
            leader_has_ended: false,
            others: Others::Left,
            status: None,
        }
    }

    /// Asks it to end, unless it has been asked before.
    pub(crate) fn ask_to_end(&mut self, now: Instant) {
        if !std::mem::replace(&mut self.was_asked, true) {
            self.group.terminate();
            self.others = Others::ToAsk;
            self.kill_at = Some(now + GRACE);
        }
    }

    /// Does what is due.
    pub(crate) fn act(&mut self, now: Instant) {
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
    pub(crate) fn next_due(&self) -> Option<Instant> {
        match (self.was_asked, &self.status) {
            (false, _) => self.ends_at,
            (true, None) => Some(Instant::now() + LOOK_AGAIN),
            (true, Some(_)) => None,
        }
    }

    /// Whether its other groups are to be looked at.
    pub(crate) fn others_are_due(&self) -> bool {
        match self.others {
            Others::ToAsk | Others::ToKill(_) => true,
            Others::Asked => self.leader_has_ended,
            Others::Left | Others::Gone => false,
        }
    }

    /// These live.
    pub(crate) fn see_to(&mut self, members: &[Member]) {
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

    /// Nobody else may have the time for it: who has to pass its output on may wait for the client.
    pub(crate) fn reap_if_gone(&mut self) {
        if self.leader_has_ended && self.others == Others::Gone && self.status.is_none() {
            self.status = Some(self.group.reap());
        }
    }
}
