//! What only Linux's TCP can be told. Elsewhere a connection does without, and all else is the
//! same.

#[cfg(target_os = "linux")]
pub(crate) use linux::{forget_unread, limit_unsent, send_before_more};

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use common::socket::Listener;
    use rustix::net::SendFlags;
    use socket2::SockRef;
    use tokio::io::Interest;
    use tokio::net::TcpStream;

    /// How much of an answer may lie in the kernel unsent, in bytes. With the megabytes that it
    /// would take otherwise, a slow reader would show itself only in steps of minutes.
    const MAX_UNSENT: u32 = 256 * 1024;

    /// Makes the kernel give up a client of this listener that has not taken what was sent to it
    /// for so long.
    ///
    /// What a client does not take stays in the kernel after `close`, and while the client says
    /// that it is still there (and has no room), Linux keeps it for ever: 400 clients that asked
    /// for a file and read nothing left 140 MB behind. Accepted connections inherit the limit
    /// (`TCP_USER_TIMEOUT`, `man 7 tcp`).
    pub(crate) fn forget_unread(listener: &Listener, limit: Option<Duration>) {
        let _ = SockRef::from(listener).set_tcp_user_timeout(limit);
    }

    /// Makes the speed of a long answer the speed of the client rather than that of the kernel's
    /// buffer.
    pub(crate) fn limit_unsent(stream: &TcpStream, answer: u64) {
        if answer > u64::from(MAX_UNSENT) {
            let _ = SockRef::from(stream).set_tcp_notsent_lowat(MAX_UNSENT);
        }
    }

    /// Sends as much as fits, and lets the kernel wait with it for what follows at once, so that
    /// both leave in one packet (`MSG_MORE`, `man 2 send`). What goes wrong shows itself at the
    /// next call.
    pub(crate) fn send_before_more(stream: &TcpStream, bytes: &[u8]) -> usize {
        let send = || Ok(rustix::net::send(stream, bytes, SendFlags::MORE | SendFlags::NOSIGNAL)?);
        stream.try_io(Interest::WRITABLE, send).unwrap_or(0)
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{forget_unread, limit_unsent, send_before_more};

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::time::Duration;

    use common::socket::Listener;
    use tokio::net::TcpStream;

    pub(crate) fn forget_unread(_: &Listener, _: Option<Duration>) {}

    pub(crate) fn limit_unsent(_: &TcpStream, _: u64) {}

    pub(crate) fn send_before_more(_: &TcpStream, _: &[u8]) -> usize {
        0
    }
}
