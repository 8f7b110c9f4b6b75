//! On which processors two run that talk to each other. Linux often takes them for one task and
//! leaves them on one processor for seconds, or on two, of which each is asleep when it is needed:
//! that halves the figures of datagrams, and the round trips of two threads are 18,000 a second in
//! one case and 73,000 in the other. It hits now this one, now that one, unless it is decided.

#[cfg(target_os = "linux")]
pub(crate) use linux::Processors;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::Processors;

#[cfg(target_os = "linux")]
mod linux {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    use crate::peers::Peer;

    /// A choice that holds until this is dropped.
    pub(crate) struct Processors {
        before: CpuSet,
    }

    const THIS_THREAD: Pid = Pid::from_raw(0);

    impl Processors {
        /// This thread on one processor and a server's first thread on another, where there are
        /// two.
        pub(crate) fn apart(server: &Peer) -> Option<Self> {
            let before = sched_getaffinity(THIS_THREAD).ok()?;
            let mut allowed = allowed(&before);
            let (one, other) = (allowed.next()?, allowed.next()?);
            sched_setaffinity(server.group(), &only(one)?).ok()?;
            sched_setaffinity(THIS_THREAD, &only(other)?).ok()?;
            Some(Self { before })
        }

        /// This thread on a processor by itself and all of a server's threads on the others, where
        /// there are two.
        pub(crate) fn alone(server: &Peer) -> Option<Self> {
            let before = sched_getaffinity(THIS_THREAD).ok()?;
            let mine = allowed(&before).last()?;
            let mut others = CpuSet::new();
            for cpu in allowed(&before).filter(|&cpu| cpu != mine) {
                others.set(cpu).ok()?;
            }
            allowed(&others).next()?;
            // Those that they start inherit it.
            for thread in server.threads() {
                let _ = sched_setaffinity(thread, &others);
            }
            sched_setaffinity(THIS_THREAD, &only(mine)?).ok()?;
            Some(Self { before })
        }

        /// Whether there are two.
        pub(crate) fn can_be_chosen() -> bool {
            sched_getaffinity(THIS_THREAD).is_ok_and(|set| allowed(&set).nth(1).is_some())
        }

        /// This thread, and those that it starts meanwhile, on one processor.
        pub(crate) fn one() -> Option<Self> {
            let before = sched_getaffinity(THIS_THREAD).ok()?;
            let one = allowed(&before).next()?;
            sched_setaffinity(THIS_THREAD, &only(one)?).ok()?;
            Some(Self { before })
        }
    }

    impl Drop for Processors {
        fn drop(&mut self) {
            let _ = sched_setaffinity(THIS_THREAD, &self.before);
        }
    }

    fn allowed(set: &CpuSet) -> impl Iterator<Item = usize> {
        (0..CpuSet::count()).filter(|&cpu| set.is_set(cpu) == Ok(true))
    }

    fn only(cpu: usize) -> Option<CpuSet> {
        let mut set = CpuSet::new();
        set.set(cpu).ok()?;
        Some(set)
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use crate::peers::Peer;

    /// Not to be chosen here.
    pub(crate) struct Processors;

    impl Processors {
        pub(crate) fn apart(_: &Peer) -> Option<Self> {
            None
        }

        pub(crate) fn alone(_: &Peer) -> Option<Self> {
            None
        }

        pub(crate) fn can_be_chosen() -> bool {
            false
        }

        pub(crate) fn one() -> Option<Self> {
            None
        }
    }
}
