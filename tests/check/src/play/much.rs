//! Steps that move much, or many.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use super::Stage;
use crate::bytes::Difference;
use crate::judge::Judge;
use crate::report::Failure;
use crate::script::Peer;
use crate::socket::{Came, Socket};
use crate::text;

/// Between two silent clients: a server whose queue holds few has accepted the one.
const APART: Duration = Duration::from_millis(2);
/// A connection that took so long was refused at first, for the queue was full.
const REFUSED: Duration = Duration::from_millis(300);
/// What is left for a server whose queue was full.
const FARTHER_APART: Duration = Duration::from_millis(50);
/// What has been sent is read when nothing came for so long, or all together took so long.
const REST: Duration = Duration::from_millis(300);
const ALL_OF_IT: Duration = Duration::from_secs(3);

impl Stage<'_> {
    /// They stay until the check ends.
    pub(super) fn crowd(&mut self, count: usize) -> Result<(), Failure> {
        let mut apart = APART;
        for at in 0..count {
            let begun = Instant::now();
            let socket = self.connected(Socket::stream)?;
            self.silent.push(socket);
            // The first one may have waited for the program to start.
            if at > 0 && begun.elapsed() >= REFUSED {
                apart = FARTHER_APART;
            }
            std::thread::sleep(apart);
        }
        Ok(())
    }

    pub(super) fn flood(&mut self, who: Peer, bytes: &[u8]) -> Result<(), Failure> {
        let limit = self.trial.patience.answer();
        let peer = self.peer(who)?;
        match peer.socket.flood(bytes, limit) {
            Ok(came) => {
                peer.inbox.extend(came);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                Err(Failure::new(text::does_not_read()))
            }
            Err(error) => Err(Failure::new(text::has_closed(common::error_text::cause(&error)))),
        }
    }

    /// What has come is kept, so that the next look is at all of it.
    pub(super) fn expect_rest(&mut self, who: Peer, judge: &Judge) -> Result<(), Failure> {
        let peer = self.peer(who)?;
        let deadline = Instant::now() + ALL_OF_IT;
        while let Came::Bytes(bytes) = peer.socket.recv(deadline.min(Instant::now() + REST)) {
            peer.inbox.extend(bytes);
            if Instant::now() >= deadline {
                break;
            }
        }
        (judge.judge)(&peer.inbox).map_err(|wrong| {
            let came = peer.inbox.clone();
            Failure::new(wrong.why).at(Difference { expected: None, came, at: wrong.at })
        })
    }

    /// A client with little room for what it is sent.
    pub(super) fn connect_narrowly(&mut self, who: Peer) -> Result<(), Failure> {
        let socket = self.connected(Socket::narrow_stream)?;
        self.join(who, socket);
        Ok(())
    }
}
