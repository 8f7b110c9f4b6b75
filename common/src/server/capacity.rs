//! How many clients the system has room for.
//!
//! `std` ends the whole process where a thread that has just begun finds no room for its signal
//! stack, or where an allocation fails. So the room is counted before, in mappings
//! (`vm.max_map_count`, 65,530 on Linux) and in bytes (`ulimit -v`); and so are the threads and
//! processes of its [cgroup](super::cgroup), or clients would hold them all, and leave none for
//! what is to be done for them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;

use super::cgroup;
use super::limits::TURNED_AWAY_AT_ONCE;
use crate::memory;
use crate::text::words;

/// The stack of a client's thread, in bytes: buffers are on the heap, and the 2 MiB that `std`
/// takes would be 8 GiB of addresses for 4,096 clients. All threads of clients have the same, so
/// that the C library lends the stack of one that has ended to any other.
pub const STACK: usize = 256 * 1024;

/// A stack, a stack for signals, and before each a page that nobody may touch.
const MAPPINGS_OF_A_THREAD: usize = 4;
/// A piece of memory from this size on is a mapping of its own (`man 3 mallopt`,
/// `M_MMAP_THRESHOLD`).
const LARGE: usize = 128 * 1024;
/// So many large pieces one client has at most; most have fewer, and those grow.
const LARGE_PIECES: usize = 4;
const SPARE_MAPPINGS: usize = 1024;

/// A stack and a stack for signals, with what surrounds them.
const BYTES_OF_A_THREAD: usize = STACK + 64 * 1024;
const SPARE_HEAP: usize = 16 << 20;
const SPARE_BYTES: usize = SPARE_HEAP + TURNED_AWAY_AT_ONCE * BYTES_OF_A_THREAD;

/// Threads of those who are leaving, and as many of the server's own.
const SPARE_THREADS: usize = 2 * TURNED_AWAY_AT_ONCE;

/// What serving one client takes.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// Threads that run at the same time, the one that the client is handed to included; none where
    /// a task serves it.
    pub threads: usize,
    /// Processes besides.
    pub processes: usize,
    /// Bytes of memory besides the stacks of threads.
    pub heap: usize,
}

impl Default for Needs {
    fn default() -> Self {
        Self { threads: 1, processes: 0, heap: 256 * 1024 }
    }
}

/// How many clients there is room for, and by which limit of the system's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    pub(super) clients: usize,
    limit: SystemLimit,
}

/// Of what there is not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SystemLimit {
    /// Bytes of addresses, or mappings.
    Memory,
    /// Threads and processes of a cgroup.
    Processes,
}

/// What is left in a limit of the system's, and what each client takes of it.
#[derive(Clone, Copy, Debug)]
struct Share {
    left: usize,
    /// For whatever else the program does, and for those who are leaving.
    spare: usize,
    client: usize,
}

impl Share {
    fn clients(self) -> usize {
        (self.left - self.spare()) / self.client.max(1)
    }

    /// Where there is little, half of it is for clients all the same.
    fn spare(self) -> usize {
        self.spare.min(self.left / 2)
    }
}

/// Why a client is one too many; `fit` is how many there is room for, where that is what counts.
pub(super) fn one_too_many(peer: SocketAddr, fit: Option<Fit>) -> String {
    match fit {
        None => words::no_more_clients(peer),
        Some(Fit { clients, limit: SystemLimit::Memory }) => words::no_more_memory(peer, clients),
        Some(Fit { clients, limit: SystemLimit::Processes }) => {
            words::no_more_processes(peer, clients)
        }
    }
}

/// How many clients fit, where that is less than `max_clients`.
pub(super) fn fewer_that_fit(max_clients: usize, needs: Needs) -> Option<Fit> {
    clients_that_fit(needs).filter(|fit| fit.clients < max_clients)
}

/// How many clients that are one too many may be leaving at one time, each with a thread: they take
/// no more than a half of what is spare, and the other half is for what the server itself does.
pub(super) fn leaving_that_fit() -> usize {
    let needs = Needs { threads: 1, processes: 0, heap: 0 };
    let bytes = bytes(needs).map(|share| share.spare() / 2 / BYTES_OF_A_THREAD);
    let threads = processes(needs).map(|share| share.spare() / 2);
    bytes.into_iter().chain(threads).min().unwrap_or(usize::MAX).min(TURNED_AWAY_AT_ONCE)
}

/// How many clients fit, where anything limits them. Only Linux is asked, which tells in files.
fn clients_that_fit(needs: Needs) -> Option<Fit> {
    let shares = [
        (mappings(needs), SystemLimit::Memory),
        (bytes(needs), SystemLimit::Memory),
        (processes(needs), SystemLimit::Processes),
    ];
    let fits = shares
        .into_iter()
        .filter_map(|(share, limit)| Some(Fit { clients: share?.clients(), limit }));
    fits.min()
}

fn mappings(needs: Needs) -> Option<Share> {
    if needs.threads == 0 {
        // What tasks hold lies in a few pieces for all of them.
        return None;
    }
    let most: usize = fs::read_to_string("/proc/sys/vm/max_map_count").ok()?.trim().parse().ok()?;
    let taken = BufReader::new(fs::File::open("/proc/self/maps").ok()?).lines().count();
    let large = needs.heap.div_ceil(LARGE).min(LARGE_PIECES);
    let client = needs.threads.saturating_mul(MAPPINGS_OF_A_THREAD).saturating_add(large);
    Some(Share { left: most.saturating_sub(taken), spare: SPARE_MAPPINGS, client })
}

fn bytes(needs: Needs) -> Option<Share> {
    let left = memory::left()?;
    let threads = needs.threads.saturating_mul(BYTES_OF_A_THREAD);
    let spare = if needs.threads == 0 { SPARE_HEAP } else { SPARE_BYTES };
    Some(Share { left, spare, client: threads.saturating_add(needs.heap) })
}

fn processes(needs: Needs) -> Option<Share> {
    let client = needs.threads.saturating_add(needs.processes);
    if client == 0 {
        return None;
    }
    let cgroups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let left = cgroup::processes_left(&cgroups, |path| fs::read_to_string(path).ok())?;
    Some(Share { left, spare: SPARE_THREADS, client })
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
        let fit = |needs: Needs| clients_that_fit(needs).map_or(usize::MAX, |fit| fit.clients);
        let clients = |threads| fit(Needs { threads, heap: 0, ..Needs::default() });
        assert!(clients(1) > clients(2) && clients(2) > clients(5));
        // With Linux's own limits (65,530 mappings) ten thousand have a thread each.
        let mappings = std::fs::read_to_string("/proc/sys/vm/max_map_count").unwrap();
        let needs = Needs { threads: 1, processes: 0, heap: 256 * 1024 };
        if mappings.trim() == "65530" && processes(needs).is_none() {
            assert!(fit(needs) > 10_000);
        }
        assert_eq!(clients(usize::MAX), 0);
        // Of tasks there are as many as memory holds, which is not limited here.
        assert!(fit(Needs { threads: 0, processes: 0, heap: 1 << 20 }) > 100_000);
    }
}
