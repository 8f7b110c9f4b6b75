//! How much memory there is, so that a program says when there is too little.
//!
//! Where an allocation fails, `std` ends the whole program without a word of ours; and so does a
//! thread that has just begun and finds no room for its signal stack. That happens where addresses
//! are limited (`ulimit -v`). So a program looks before, and what grows with what others send asks
//! each time.

use std::io::{self, ErrorKind, Read};

use anyhow::bail;

use crate::text::words;

/// What a client has at its beginning, in bytes, or it does not begin: three threads, its buffers,
/// and [`SPARE`].
const CLIENT: usize = 24 << 20;

/// So much is left to whatever else the program does, in bytes, when something has grown.
const SPARE: usize = 8 << 20;

/// Whether there is memory enough for a client, which is to be asked before it has any thread but
/// those of the terminal.
///
/// # Errors
/// There is too little, and how little.
pub fn enough_for_a_client() -> anyhow::Result<()> {
    share_one_heap();
    match left() {
        Some(left) if left < CLIENT => bail!(words::too_little_memory(CLIENT >> 20, left >> 20)),
        _ => Ok(()),
    }
}

/// Makes room for so many bytes more.
///
/// # Errors
/// `OutOfMemory`, and the program goes on.
pub fn reserve(bytes: &mut Vec<u8>, more: usize) -> io::Result<()> {
    let (length, room) = (bytes.len(), bytes.capacity() - bytes.len());
    if more <= room {
        return Ok(());
    }
    // It grows to twice its length at least.
    let fits = left().is_none_or(|left| more.max(length).saturating_add(SPARE) <= left);
    if fits && bytes.try_reserve(more).is_ok() {
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::OutOfMemory, words::no_memory_beyond(length)))
}

/// Reads up to the end, but no more bytes than `most`.
///
/// # Errors
/// Those of reading, and those of [`reserve`].
pub fn read_to_end(from: &mut impl Read, most: usize) -> io::Result<Vec<u8>> {
    const FIRST: usize = 8192;
    let mut bytes = Vec::new();
    loop {
        let piece = bytes.len().max(FIRST).min(most - bytes.len());
        reserve(&mut bytes, piece)?;
        let piece = u64::try_from(piece).unwrap_or(u64::MAX);
        let read = from.by_ref().take(piece).read_to_end(&mut bytes)?;
        if u64::try_from(read).is_ok_and(|read| read < piece) || bytes.len() == most {
            return Ok(bytes);
        }
    }
}

/// Where the addresses are limited, begins this program anew with one heap for all of its threads;
/// to be called before any of them is started. The C library would set 64 MiB of addresses aside
/// for each of the first (`man 3 mallopt`, `M_ARENA_MAX`), and leave none for the others.
pub(crate) fn share_one_heap() {
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

/// How many bytes of addresses are left; `None` where they are not limited.
#[cfg(target_os = "linux")]
pub(crate) fn left() -> Option<usize> {
    linux::left()
}

/// Elsewhere the system is not asked.
#[cfg(not(target_os = "linux"))]
pub(crate) fn left() -> Option<usize> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;

    use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};

    /// Stacks and the heap count among both (`man 2 getrlimit`).
    const LIMITS: [(Resource, &str); 2] =
        [(Resource::RLIMIT_AS, "VmSize:"), (Resource::RLIMIT_DATA, "VmData:")];

    /// Whether addresses are limited at all.
    pub(super) fn is_limited() -> bool {
        LIMITS.into_iter().any(|(resource, _)| limit(resource).is_some())
    }

    pub(super) fn left() -> Option<usize> {
        if !is_limited() {
            return None;
        }
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let left = LIMITS.into_iter().filter_map(|(resource, name)| {
            Some(limit(resource)?.saturating_sub(taken(&status, name)?))
        });
        left.min()
    }

    /// What is taken already, in bytes.
    fn taken(status: &str, name: &str) -> Option<usize> {
        let size = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: usize = size.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kibibytes.saturating_mul(1024))
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
    fn what_is_read_is_all_of_it_or_as_much_as_may_be() {
        let text: Vec<u8> = (0..100_000_u32).map(|number| number as u8).collect();
        for length in [0, 1, 8191, 8192, 8193, 16_384, 50_000, 100_000] {
            let text = &text[..length];
            assert!(read_to_end(&mut &text[..], usize::MAX).unwrap() == text, "{length}");
            for most in [0, 1, 8192, length] {
                let wanted = &text[..most.min(length)];
                assert!(read_to_end(&mut &text[..], most).unwrap() == wanted, "{length} {most}");
            }
        }
    }

    #[test]
    fn more_than_there_can_be_is_an_error_and_nothing_is_lost() {
        let mut bytes = b"hello".to_vec();
        let error = reserve(&mut bytes, usize::MAX).unwrap_err();
        assert_eq!((error.kind(), &bytes[..]), (ErrorKind::OutOfMemory, &b"hello"[..]));
        reserve(&mut bytes, 1000).unwrap();
        assert!(bytes.capacity() >= 1005);
    }
}
