//! What a student's program may use. It inherits the limits of the process that judges it
//! (`man 2 setrlimit`).

/// Sets the limits for this process and all that it starts.
#[cfg(unix)]
pub(super) fn set() -> anyhow::Result<()> {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    /// Of processor time, for each process.
    const SECONDS: u64 = 60;
    /// Of memory that a process has written to. Address space is no measure: the runtimes of Java,
    /// Go and JavaScript reserve much more than they use.
    const MEMORY: u64 = 2 << 30;
    /// The longest file.
    const FILE: u64 = 64 << 20;
    const OPEN_FILES: u64 = 1024;

    let limits = [
        (Resource::RLIMIT_CPU, SECONDS),
        (Resource::RLIMIT_DATA, MEMORY),
        (Resource::RLIMIT_FSIZE, FILE),
        (Resource::RLIMIT_NOFILE, OPEN_FILES),
    ];
    for (resource, limit) in limits {
        let (_, hard) = getrlimit(resource)?;
        let limit = limit.min(hard);
        setrlimit(resource, limit, limit)?;
    }
    Ok(())
}

/// There are none of this kind; the time limit of the whole holds.
#[cfg(not(unix))]
pub(super) fn set() -> anyhow::Result<()> {
    Ok(())
}
