//! How many clients fit into the addresses of this process.
//!
//! `std` ends the whole process where a thread that has just begun finds no room for its signal
//! stack, or where an allocation fails. So the room is counted before, in mappings
//! (`vm.max_map_count`, 65,530 on Linux) and in bytes (`ulimit -v`).

use super::limits::TURNED_AWAY_AT_ONCE;

/// The stack of a client's thread, in bytes: buffers are on the heap, and the 2 MiB that `std`
/// takes would be 8 GiB of addresses for 4,096 clients. All threads of clients have the same, so
/// that the C library lends the stack of one that has ended to any other.
pub const STACK: usize = 256 * 1024;

/// What serving one client takes.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// Threads that run at the same time, the one that the client is handed to included; none where
    /// a task serves it.
    pub threads: usize,
    /// Bytes of memory besides their stacks.
    pub heap: usize,
}

impl Default for Needs {
    fn default() -> Self {
        Self { threads: 1, heap: 256 * 1024 }
    }
}

/// What is left in a limit of the system's, and what each client takes of it.
#[cfg(any(target_os = "linux", test))]
#[derive(Clone, Copy, Debug)]
struct Share {
    left: usize,
    /// For whatever else the program does, and for those who are leaving.
    spare: usize,
    client: usize,
}

#[cfg(any(target_os = "linux", test))]
impl Share {
    fn clients(self) -> usize {
        (self.left - self.spare()) / self.client.max(1)
    }

    /// Where there is little, half of it is for clients all the same.
    fn spare(self) -> usize {
        self.spare.min(self.left / 2)
    }
}

/// How many clients fit, where that is less than `max_clients`.
pub(super) fn fewer_that_fit(max_clients: usize, needs: Needs) -> Option<usize> {
    Some(clients_that_fit(needs)).filter(|fit| *fit < max_clients)
}

/// How many clients that are one too many may be leaving at one time, each with a thread: they take
/// no more than a half of what is spare, and the other half is for what the server itself does.
#[cfg(target_os = "linux")]
pub(super) fn leaving_that_fit() -> usize {
    let spare = linux::bytes(Needs { threads: 1, heap: 0 }).map_or(usize::MAX, Share::spare);
    (spare / 2 / linux::BYTES_OF_A_THREAD).min(TURNED_AWAY_AT_ONCE)
}

/// How many may be leaving. Elsewhere the system is not asked.
#[cfg(not(target_os = "linux"))]
pub(super) fn leaving_that_fit() -> usize {
    TURNED_AWAY_AT_ONCE
}

/// How many clients fit.
#[cfg(target_os = "linux")]
fn clients_that_fit(needs: Needs) -> usize {
    let shares = [linux::mappings(needs), linux::bytes(needs)];
    shares.into_iter().flatten().map(Share::clients).min().unwrap_or(usize::MAX)
}

/// How many clients fit. Elsewhere the system is not asked.
#[cfg(not(target_os = "linux"))]
fn clients_that_fit(_: Needs) -> usize {
    usize::MAX
}

/// Where the addresses are limited, begins this program anew with one heap for all of its threads;
/// to be called before any of them is started. The C library would set 64 MiB of addresses aside
/// for each of the first (`man 3 mallopt`, `M_ARENA_MAX`), and leave none for the others.
pub(super) fn share_one_heap() {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::process::CommandExt;
        use std::process::Command;

        const ARENAS: &str = "MALLOC_ARENA_MAX";
        let mut words = std::env::args_os();
        if let (None, true, Some(name)) =
            (std::env::var_os(ARENAS), linux::is_limited(), words.next())
        {
            // It returns only if it fails: then this goes on as it is.
            let _ = Command::new("/proc/self/exe").arg0(name).args(words).env(ARENAS, "1").exec();
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io::{BufRead, BufReader};

    use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};

    use super::{Needs, STACK, Share, TURNED_AWAY_AT_ONCE};

    /// A stack, a stack for signals, and before each a page that nobody may touch.
    const MAPPINGS_OF_A_THREAD: usize = 4;
    /// A piece of memory from this size on is a mapping of its own (`man 3 mallopt`,
    /// `M_MMAP_THRESHOLD`).
    const LARGE: usize = 128 * 1024;
    /// So many large pieces one client has at most; most have fewer, and those grow.
    const LARGE_PIECES: usize = 4;
    const SPARE_MAPPINGS: usize = 1024;

    /// A stack and a stack for signals, with what surrounds them.
    pub(super) const BYTES_OF_A_THREAD: usize = STACK + 64 * 1024;
    const SPARE_HEAP: usize = 16 << 20;
    const SPARE_BYTES: usize = SPARE_HEAP + TURNED_AWAY_AT_ONCE * BYTES_OF_A_THREAD;

    pub(super) fn mappings(needs: Needs) -> Option<Share> {
        if needs.threads == 0 {
            // What tasks hold lies in a few pieces for all of them.
            return None;
        }
        let most: usize =
            fs::read_to_string("/proc/sys/vm/max_map_count").ok()?.trim().parse().ok()?;
        let taken = BufReader::new(fs::File::open("/proc/self/maps").ok()?).lines().count();
        let large = needs.heap.div_ceil(LARGE).min(LARGE_PIECES);
        let client = needs.threads.saturating_mul(MAPPINGS_OF_A_THREAD).saturating_add(large);
        Some(Share { left: most.saturating_sub(taken), spare: SPARE_MAPPINGS, client })
    }

    pub(super) fn bytes(needs: Needs) -> Option<Share> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        // Stacks and the heap count among both (`man 2 getrlimit`).
        let left = [(Resource::RLIMIT_AS, "VmSize:"), (Resource::RLIMIT_DATA, "VmData:")]
            .into_iter()
            .filter_map(|(resource, name)| {
                Some(limit(resource)?.saturating_sub(taken(&status, name)?))
            })
            .min()?;
        let threads = needs.threads.saturating_mul(BYTES_OF_A_THREAD);
        let spare = if needs.threads == 0 { SPARE_HEAP } else { SPARE_BYTES };
        Some(Share { left, spare, client: threads.saturating_add(needs.heap) })
    }

    /// What is taken already, in bytes.
    fn taken(status: &str, name: &str) -> Option<usize> {
        let size = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: usize = size.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kibibytes.saturating_mul(1024))
    }

    /// Whether addresses are limited at all.
    pub(super) fn is_limited() -> bool {
        [Resource::RLIMIT_AS, Resource::RLIMIT_DATA].into_iter().any(|it| limit(it).is_some())
    }

    /// A limit in bytes, if there is one.
    fn limit(resource: Resource) -> Option<usize> {
        let (soft, _) = getrlimit(resource).ok()?;
        usize::try_from(soft).ok().filter(|_| soft != RLIM_INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_share_what_is_left_beside_the_spare() {
        assert_eq!(Share { left: 1000, spare: 100, client: 9 }.clients(), 100);
        assert_eq!(Share { left: 1008, spare: 100, client: 9 }.clients(), 100);
    }

    #[test]
    fn where_there_is_little_half_is_for_clients() {
        assert_eq!(Share { left: 100, spare: 1000, client: 10 }.clients(), 5);
        assert_eq!(Share { left: 0, spare: 1000, client: 10 }.clients(), 0);
        assert_eq!(Share { left: 100, spare: 100, client: 0 }.clients(), 50);
        assert_eq!(Share { left: 100, spare: 1000, client: 10 }.spare(), 50);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn more_threads_for_each_client_are_fewer_clients() {
        let clients = |threads| clients_that_fit(Needs { threads, heap: 0 });
        assert!(clients(1) > clients(2) && clients(2) > clients(5));
        // With Linux's own limits (65,530 mappings) ten thousand have a thread each.
        if std::fs::read_to_string("/proc/sys/vm/max_map_count").unwrap().trim() == "65530" {
            assert!(clients_that_fit(Needs::default()) > 10_000);
        }
        assert_eq!(clients(usize::MAX), 0);
        // Of tasks there are as many as memory holds, which is not limited here.
        assert!(clients_that_fit(Needs { threads: 0, heap: 1 << 20 }) > 100_000);
    }
}
