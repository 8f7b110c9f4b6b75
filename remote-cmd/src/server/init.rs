//! The first process of a container has a duty: whatever loses its parent there becomes its child,
//! and stays a zombie until it is waited for (`man 7 pid_namespaces`). Commands leave such
//! processes behind. So there the server runs in a child, and its parent does nothing but wait.

use std::process::ExitCode;

/// Serves in a child if this is the first process, and returns how that has ended.
#[cfg(unix)]
pub(crate) fn serve_in_a_child() -> Option<ExitCode> {
    use std::env;
    use std::process::{self, Command};

    use common::signals;
    use nix::errno::Errno;
    use nix::sys::signal::{Signal, kill};
    use nix::sys::wait::{WaitStatus, waitpid};
    use nix::unistd::Pid;

    if process::id() != 1 {
        return None;
    }
    let mut words = env::args_os().skip(1);
    let program = env::current_exe().ok()?;
    let child = Command::new(program).args(words.by_ref()).spawn().ok()?;
    let server = Pid::from_raw(child.id().try_into().ok()?);
    // Where the system refuses that, only SIGKILL ends the server; it serves all the same.
    let _ = signals::on_each_signal(move |_| _ = kill(server, Signal::SIGTERM));
    loop {
        let status = match waitpid(None, None) {
            Ok(WaitStatus::Exited(id, status)) if id == server => status,
            Ok(WaitStatus::Signaled(id, signal, _)) if id == server => 128 + signal as i32,
            Err(Errno::ECHILD) => 1,
            _ => continue,
        };
        return Some(ExitCode::from(u8::try_from(status).unwrap_or(1)));
    }
}

#[cfg(not(unix))]
pub(crate) fn serve_in_a_child() -> Option<ExitCode> {
    None
}
