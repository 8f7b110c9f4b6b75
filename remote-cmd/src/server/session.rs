//! Who belongs to a session: a command may put what it starts into groups of its own, as `timeout`
//! and shells with jobs do, and a signal to its own group does not reach those.

use std::collections::HashSet;
use std::fs;

#[cfg(unix)]
use nix::sys::signal::{Signal, kill};
#[cfg(unix)]
use nix::unistd::Pid;

/// A process that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    id: i32,
    parent: u32,
    group: i32,
    session: u32,
    /// When it was started, in hundredths of a second since the system was.
    start: u64,
}

impl Member {
    /// The session that it belongs to.
    pub(crate) fn session(self) -> u32 {
        self.session
    }

    /// Whether a signal to the session's first group leaves it out.
    pub(crate) fn is_apart(self) -> bool {
        u32::try_from(self.group) != Ok(self.session)
    }

    /// Asks it alone to end. What is stopped has to go on for that.
    pub(crate) fn ask(self) {
        #[cfg(unix)]
        {
            self.signal(Signal::SIGTERM);
            self.signal(Signal::SIGCONT);
        }
    }

    /// Kills it alone.
    pub(crate) fn kill(self) {
        #[cfg(unix)]
        self.signal(Signal::SIGKILL);
    }

    #[cfg(unix)]
    fn signal(self, signal: Signal) {
        // It may have ended meanwhile.
        let _ = kill(Pid::from_raw(self.id), signal);
    }
}

/// The members of these sessions, from `/proc`; none where there is no such thing.
pub(crate) fn members(sessions: &HashSet<u32>) -> Vec<Member> {
    processes().into_iter().filter(|member| sessions.contains(&member.session)).collect()
}

/// The sessions that a child of this parent leads and that were begun since then.
#[cfg(unix)]
pub(crate) fn begun_since(start: u64, parent: u32) -> impl Iterator<Item = u32> {
    let leads = move |member: &Member| {
        u32::try_from(member.id) == Ok(member.session)
            && member.parent == parent
            && member.start >= start
    };
    processes().into_iter().filter(leads).map(Member::session)
}

/// What the clock says by which processes are started.
#[cfg(unix)]
pub(crate) fn clock() -> u64 {
    let uptime = fs::read_to_string("/proc/uptime").unwrap_or_default();
    let seconds = uptime.split(' ').next().and_then(|seconds| seconds.parse::<f64>().ok());
    // What has no number is later than anything.
    seconds.map_or(u64::MAX, |seconds| (seconds * 100.0) as u64)
}

fn processes() -> Vec<Member> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let stat = |id: i32| fs::read_to_string(format!("/proc/{id}/stat")).ok();
    ids.filter_map(|id| member(&stat(id)?)).collect()
}

/// What a line of `/proc/PID/stat` says (`man 5 proc_pid_stat`): the number, the name in brackets,
/// in which anything may stand, the state, the parent, the group, the session, and further on the
/// start. A zombie is none.
fn member(stat: &str) -> Option<Member> {
    let (id, _) = stat.split_once(' ')?;
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let [state, parent, group, session, ..] = fields[..] else { return None };
    let member = Member {
        id: id.parse().ok()?,
        parent: parent.parse().ok()?,
        group: group.parse().ok()?,
        session: session.parse().ok()?,
        start: fields.get(19)?.parse().ok()?,
    };
    (!["Z", "X"].contains(&state)).then_some(member)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(head: &str) -> String {
        format!("{head} 0 -1 0 0 0 0 0 0 0 0 20 0 1 0 4321 9 9 9")
    }

    #[test]
    fn a_name_may_hold_anything() {
        let here = Member { id: 7, parent: 1, group: 6, session: 5, start: 4321 };
        assert_eq!(member(&line("7 (sh) S 1 6 5 0")), Some(here));
        assert_eq!(member(&line("7 (a) S 9 9 (b) R 1 6 5 0")), Some(here));
        assert_eq!(member(&line("7 (sh) Z 1 6 5 0")), None);
        assert_eq!(member("7 (sh) S 1 6 5 0"), None);
        assert_eq!(member("7 (sh"), None);
        assert_eq!(member(""), None);
    }

    #[test]
    fn who_leads_a_group_of_its_own_is_apart() {
        let apart = Member { id: 7, parent: 1, group: 7, session: 5, start: 0 };
        assert!(apart.is_apart());
        assert!(!Member { group: 5, ..apart }.is_apart());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_very_process_is_found() {
        let own = std::process::id();
        let found = processes().into_iter().find(|member| u32::try_from(member.id) == Ok(own));
        assert!(found.is_some_and(|own| own.start <= clock()));
    }
}
