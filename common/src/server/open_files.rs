//! The limit of open files: each connection is one.

/// Raises the soft limit of open files so that a server can hold this many clients, as far as the
/// hard limit allows (`man 2 getrlimit`). Many systems start programs with 1,024.
///
/// Where that fails the server goes on: `accept` will say when the limit is reached.
pub fn raise_open_files(clients: usize) {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};

        /// Standard streams, the listener, log files, pipes.
        const OTHERS: u64 = 64;
        let wanted = u64::try_from(clients).unwrap_or(u64::MAX).saturating_add(OTHERS);
        if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
            && soft < wanted
        {
            let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted.min(hard), hard);
        }
    }
    #[cfg(not(unix))]
    let _ = clients;
}
