//! Steps on the check's own sockets: who comes, what is sent.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, UdpSocket};
use std::time::{Duration, Instant};

use common::text::list;

use super::{Stage, cannot};
use crate::diagnosis;
use crate::program::Target;
use crate::report::Failure;
use crate::script::{Peer, Transport};
use crate::socket::Socket;
use crate::text;

/// How often a server that does not listen yet is tried again.
pub(super) const AGAIN: Duration = Duration::from_millis(20);
/// How long a program that listens elsewhere is given to listen where it should.
const ELSEWHERE: Duration = Duration::from_secs(2);
/// How much more time a program gets at most for the time in which others had the processors.
const KEPT_WAITING: Duration = Duration::from_secs(120);

impl Stage<'_> {
    pub(super) fn reach(&mut self, who: Peer) -> Result<(), Failure> {
        self.connect(who)?;
        match self.trial.suite.transport {
            Transport::Tcp => Ok(()),
            Transport::Udp => self.send_piece(who, b""),
        }
    }

    pub(super) fn connect(&mut self, who: Peer) -> Result<(), Failure> {
        if self.trial.suite.transport == Transport::Udp {
            let socket = match self.stranger()? {
                Some(stranger) => stranger,
                None => Socket::datagrams(self.addr).map_err(cannot(text::open_socket()))?,
            };
            self.join(who, socket);
            return Ok(());
        }
        let deadline = Instant::now() + self.trial.patience.start();
        loop {
            match Socket::stream(self.addr, self.trial.patience.answer()) {
                Ok(socket) => {
                    self.listens = true;
                    self.join(who, socket);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                    if !self.may_still_start(deadline) {
                        return Err(self.refused());
                    }
                    std::thread::sleep(AGAIN);
                }
                Err(error) => return Err(cannot(&text::connect_to(self.addr))(error)),
            }
        }
    }

    /// Where a client is on trial, whoever else connects is a stranger to it.
    fn stranger(&self) -> Result<Option<Socket>, Failure> {
        let client = self.peers.iter().find_map(|(_, peer)| match &peer.socket {
            Socket::Serving { client, .. } => *client,
            _ => None,
        });
        let Some(client) = client else { return Ok(None) };
        let socket =
            UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map_err(cannot(text::open_socket()))?;
        Ok(Some(Socket::Stranger(socket, client)))
    }

    pub(super) fn accept(&mut self, who: Peer) -> Result<(), Failure> {
        let Some(listener) = &self.listener else { return Ok(()) };
        let gone = || self.program.as_ref().is_none_or(|program| !program.is_running());
        match Socket::accept(listener, self.trial.patience.start(), gone)
            .map_err(cannot(text::accept()))?
        {
            Some(socket) => {
                // It has started, whatever it does now.
                self.listens = true;
                self.join(who, socket);
                Ok(())
            }
            None => Err(Failure::new(text::did_not_connect(self.addr))),
        }
    }

    pub(super) fn send(&mut self, who: Peer, pieces: &[Vec<u8>]) -> Result<(), Failure> {
        // Long enough to be taken alone by a program on a busy machine; a message in very many
        // pieces need not take for ever, for some of them will be.
        let pause = Duration::from_millis(if pieces.len() > 8 { 3 } else { 200 });
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                std::thread::sleep(pause);
            }
            self.send_piece(who, piece)?;
        }
        Ok(())
    }

    pub(super) fn send_piece(&mut self, who: Peer, piece: &[u8]) -> Result<(), Failure> {
        let limit = self.trial.patience.answer();
        let deadline = Instant::now() + self.trial.patience.start();
        loop {
            let peer = self.peer(who)?;
            let Err(error) = peer.socket.send(piece, limit) else {
                piece.clone_into(&mut peer.sent);
                return Ok(());
            };
            match error.kind() {
                ErrorKind::ConnectionRefused if self.may_still_start(deadline) => {
                    std::thread::sleep(AGAIN);
                }
                ErrorKind::ConnectionRefused => return Err(self.refused()),
                ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                    return Err(Failure::new(text::does_not_read()));
                }
                _ => {
                    let why = common::error_text::cause(&error);
                    return Err(Failure::new(text::has_closed(why)));
                }
            }
        }
    }

    /// Whether it is worthwhile to try once more to reach a server that nobody has reached yet.
    pub(super) fn may_still_start(&self, deadline: Instant) -> bool {
        let Some(program) = &self.program else { return false };
        if self.listens || !program.is_running() {
            return false;
        }
        let late = Instant::now().saturating_duration_since(deadline);
        if !late.is_zero() && late >= diagnosis::kept_waiting(program).min(KEPT_WAITING) {
            return false;
        }
        self.begun.elapsed() < ELSEWHERE || self.listens_elsewhere().is_empty()
    }

    fn listens_elsewhere(&self) -> Vec<String> {
        let Some(program) = &self.program else { return Vec::new() };
        diagnosis::addresses(program, self.trial.suite.transport)
            .into_iter()
            .filter(|addr| addr.port() != self.addr.port())
            .map(|addr| addr.to_string())
            .collect()
    }

    /// Why nobody is there, the likeliest cause first.
    pub(super) fn refused(&self) -> Failure {
        let addr = self.addr;
        let what = match (self.trial.target, &self.program) {
            _ if self.listens => text::nobody_any_more(addr),
            (Target::Running(_), _) | (_, None) => text::nobody(addr),
            _ if self.restarted => text::not_again(addr),
            (Target::Command { words, addr: at }, Some(program)) => {
                let elsewhere = self.listens_elsewhere();
                if let Some(end) = program.ended_within(Duration::ZERO) {
                    text::ended_first(addr, crate::program::say_end(end))
                } else if elsewhere.is_empty() {
                    let hint = if at.is_some() || diagnosis::names_the_port(words) {
                        ""
                    } else {
                        text::write_port()
                    };
                    text::listens_nowhere(addr) + hint
                } else {
                    let hint = if at.is_some() {
                        ""
                    } else if diagnosis::names_the_port(words) {
                        text::port_is_written()
                    } else {
                        text::write_port()
                    };
                    text::elsewhere(addr, list(elsewhere)) + hint
                }
            }
        };
        Failure { hopeless: !self.listens && !self.restarted, ..Failure::new(what) }
    }
}
