//! Noticing that a silent peer is no longer there: the kernel asks it, and gives it up when it
//! acknowledges nothing.

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};

use super::stream::Stream;

/// How long what was sent may stay without an acknowledgement before
/// [`Stream::watch_for_vanished_peer`] gives the peer up.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNACKNOWLEDGED_LIMIT: Duration = Duration::from_secs(75);

/// When a silent peer is asked whether it is there, and how often.
pub(super) fn questions() -> TcpKeepalive {
    TcpKeepalive::new().with_time(Duration::from_secs(45)).with_interval(Duration::from_secs(10))
}

impl Stream {
    /// Has the kernel ask a peer that is silent whether it is still there (`SO_KEEPALIVE`, `man 7
    /// tcp`): for a conversation in which silence is right, and a machine that has lost its power
    /// would never be missed. After 45 s of silence it asks every 10 s; when no answer comes for
    /// some time, calls fail with `TimedOut`.
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn keep_alive(&self) -> io::Result<()> {
        SockRef::from(&self.inner).set_tcp_keepalive(&questions())
    }

    /// As [`Stream::keep_alive`], and also gives a peer up that does not acknowledge what was sent
    /// to it for 75 s (`TCP_USER_TIMEOUT`, RFC 5482, where the system has it).
    ///
    /// Keepalive alone is not enough: its questions are asked only while nothing is on its way. Who
    /// says something into a cut cable would wait for the last repetition, a quarter of an hour.
    ///
    /// The two limits may follow each other: what is said just before keepalive gives up stops its
    /// questions, and has 75 s of its own. So a peer that has vanished is noticed within three
    /// minutes, whatever was said to it meanwhile.
    ///
    /// A peer that is there but takes nothing (its window is 0) is given up after 75 s, too (`man 7
    /// tcp`): that is for conversations in which reading is expected.
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn watch_for_vanished_peer(&self) -> io::Result<()> {
        self.keep_alive()?;
        #[cfg(any(target_os = "linux", target_os = "android"))]
        SockRef::from(&self.inner).set_tcp_user_timeout(Some(UNACKNOWLEDGED_LIMIT))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::stream::tests::stream;

    #[test]
    fn a_vanished_peer_is_asked_for_and_given_up() {
        let (stream, _peer) = stream();
        stream.watch_for_vanished_peer().unwrap();
        let socket = SockRef::from(&stream.inner);
        assert!(socket.keepalive().unwrap());
        #[cfg(unix)]
        {
            let (first, then) =
                (socket.tcp_keepalive_time().unwrap(), socket.tcp_keepalive_interval().unwrap());
            let questions = socket.tcp_keepalive_retries().unwrap();
            assert!(
                first + then * questions <= Duration::from_secs(180),
                "{first:?} {then:?} {questions}"
            );
        }
        #[cfg(target_os = "linux")]
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(UNACKNOWLEDGED_LIMIT));
    }
}
