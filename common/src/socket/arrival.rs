//! What the kernel tells of a datagram besides its bytes.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;
#[cfg(any(target_os = "linux", target_os = "android"))]
use std::time::Instant;

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

    let day = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (began, day_at_begin) = (Instant::now(), day());
    let mut control = nix::cmsg_space!(TimeSpec);
    let mut parts = [IoSliceMut::new(buffer)];
    let received =
        recvmsg::<()>(socket.as_raw_fd(), &mut parts, Some(&mut control), MsgFlags::empty())?;
    let noted = received.cmsgs()?.find_map(|message| match message {
        ControlMessageOwned::ScmTimestampns(time) => Some(Duration::from(time)),
        _ => None,
    });
    let (waited, now) = (began.elapsed(), day());
    let age = noted.filter(|_| !was_set(day_at_begin, now, waited));
    Ok((received.bytes, age.map_or(Duration::ZERO, |noted| now.saturating_sub(noted))))
}

/// Whether somebody has set the time of day, by which the kernel notes, while another clock counted
/// so much: then it does not tell how long ago anything was. What NTP does bit by bit is less.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn was_set(before: Duration, after: Duration, waited: Duration) -> bool {
    const MOST: Duration = Duration::from_millis(1);
    let by_day = before.saturating_add(waited);
    by_day.abs_diff(after) > MOST.max(waited / 1000)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn note_times(_: &UdpSocket) -> bool {
    false
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn recv_noted(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, Duration)> {
    Ok((socket.recv(buffer)?, Duration::ZERO))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_tells_no_age() {
        let at = Duration::from_secs(1_800_000_000);
        let second = Duration::from_secs(1);
        for (after, waited) in [
            (at + second, second),
            (at + Duration::from_micros(1_000_400), second),
            (at + 60 * second - Duration::from_millis(30), 60 * second),
            (at, Duration::from_nanos(100)),
        ] {
            assert!(!was_set(at, after, waited), "{after:?}");
        }
        let hour = 3600 * second;
        for after in [at + hour, at - hour, at, at + 2 * second, Duration::ZERO] {
            assert!(was_set(at, after, second), "{after:?}");
        }
    }
}
