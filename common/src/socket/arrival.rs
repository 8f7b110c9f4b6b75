//! What the kernel tells of a datagram besides its bytes.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

/// What is known of a datagram besides its bytes.
pub(super) struct Arrival {
    pub(super) length: usize,
    pub(super) from: SocketAddr,
    /// At which of this machine's addresses it came in, where that was asked for.
    pub(super) asked: Option<IpAddr>,
}

/// From now on the kernel notes when each datagram arrives (`man 7 socket`). `false`: it cannot.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn note_times(socket: &UdpSocket) -> bool {
    use nix::sys::socket::{setsockopt, sockopt::ReceiveTimestampns};

    setsockopt(socket, ReceiveTimestampns, &true).is_ok()
}

/// Receives a datagram, and tells how long ago it arrived: a program that was stopped meanwhile
/// finds it later.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn recv_noted(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, Duration)> {
    use std::io::IoSliceMut;
    use std::os::fd::AsRawFd;
    use std::time::{SystemTime, UNIX_EPOCH};

    use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg};
    use nix::sys::time::TimeSpec;

    let mut control = nix::cmsg_space!(TimeSpec);
    let mut parts = [IoSliceMut::new(buffer)];
    let received =
        recvmsg::<()>(socket.as_raw_fd(), &mut parts, Some(&mut control), MsgFlags::empty())?;
    let noted = received.cmsgs()?.find_map(|message| match message {
        ControlMessageOwned::ScmTimestampns(time) => Some(Duration::from(time)),
        _ => None,
    });
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok((received.bytes, noted.map_or(Duration::ZERO, |noted| now.saturating_sub(noted))))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn note_times(_: &UdpSocket) -> bool {
    false
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn recv_noted(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, Duration)> {
    Ok((socket.recv(buffer)?, Duration::ZERO))
}
