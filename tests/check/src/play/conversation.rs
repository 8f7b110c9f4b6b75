//! Steps on the check's own sockets: who comes, what is sent.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use common::text::list;
use harness::Process;

use super::starting::Starting;
use super::{Stage, cannot};
use crate::diagnosis;
use crate::program::Target;
use crate::report::Failure;
use crate::script::{Peer, Transport};
use crate::socket::Socket;
use crate::text;

/// How often a server that does not listen yet is tried again.
pub(super) const AGAIN: Duration = Duration::from_millis(20);
/// Between the pieces of a message, and between very many of them.
const BETWEEN: Duration = Duration::from_millis(200);
const BETWEEN_MANY: Duration = Duration::from_millis(3);
/// How long a piece may stay where it is.
const UNTAKEN: Duration = Duration::from_secs(2);
/// So many times as long as the slowest answer so far may take what the program does next, but no
/// longer than that.
const SLOWER: u32 = 3;
const SLOWEST: Duration = Duration::from_secs(1);
/// How long a program that listens elsewhere is given to listen where it should.
const ELSEWHERE: Duration = Duration::from_secs(2);

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
            let socket = match self.third_party()? {
                Some(socket) => socket,
                None => Socket::datagrams(self.addr).map_err(cannot(text::open_socket()))?,
            };
            self.join(who, socket);
            return Ok(());
        }
        let socket = self.connected(Socket::stream)?;
        self.join(who, socket);
        Ok(())
    }

    /// A connection to the server under trial, made by `connect`.
    pub(super) fn connected(
        &mut self,
        connect: fn(SocketAddr, Duration) -> io::Result<Socket>,
    ) -> Result<Socket, Failure> {
        let starting = self.starting();
        loop {
            match connect(self.addr, self.trial.patience.answer()) {
                Ok(socket) => {
                    self.listens = true;
                    return Ok(socket);
                }
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                    if !self.may_still_start(&starting) {
                        return Err(self.refused());
                    }
                    std::thread::sleep(AGAIN);
                }
                Err(error) => return Err(cannot(&text::connect_to(self.addr))(error)),
            }
        }
    }

    /// Where a client is on trial, whoever else connects is a third party.
    fn third_party(&self) -> Result<Option<Socket>, Failure> {
        let client = self.peers.iter().find_map(|(_, peer)| match &peer.socket {
            Socket::Serving { client, .. } => *client,
            _ => None,
        });
        let Some(client) = client else { return Ok(None) };
        let socket =
            UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map_err(cannot(text::open_socket()))?;
        Ok(Some(Socket::ThirdParty(socket, client)))
    }

    pub(super) fn accept(&mut self, who: Peer) -> Result<(), Failure> {
        let starting = self.starting();
        let Some(listener) = &self.listener else { return Ok(()) };
        let waits = |program: &Process| program.is_running() && starting.goes_on(program);
        let goes_on = || self.program.as_ref().is_some_and(waits);
        match Socket::accept(listener, goes_on).map_err(cannot(text::accept()))? {
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
        // Long enough to be taken alone, also by a program on a busy machine; a message in very
        // many pieces need not take for ever, for some of them will be.
        let are_many = pieces.len() > 8;
        let pause = if are_many { BETWEEN_MANY } else { self.patiently(BETWEEN) };
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                std::thread::sleep(pause);
                if !are_many {
                    self.wait_until_taken(who)?;
                }
            }
            self.send_piece(who, piece)?;
        }
        Ok(())
    }

    /// Waits until the program has called `recv` for what was sent, where the system tells.
    fn wait_until_taken(&mut self, who: Peer) -> Result<(), Failure> {
        let Some((own, its)) = self.peer(who)?.socket.ends() else { return Ok(()) };
        let deadline = Instant::now() + UNTAKEN;
        while Instant::now() < deadline && diagnosis::unread(its, own).is_some_and(|left| left > 0)
        {
            std::thread::sleep(AGAIN);
        }
        Ok(())
    }

    pub(super) fn send_piece(&mut self, who: Peer, piece: &[u8]) -> Result<(), Failure> {
        let limit = self.trial.patience.answer();
        let starting = self.starting();
        self.acted = Some(Instant::now());
        loop {
            let peer = self.peer(who)?;
            let Err(error) = peer.socket.send(piece, limit) else {
                piece.clone_into(&mut peer.sent);
                return Ok(());
            };
            match error.kind() {
                ErrorKind::ConnectionRefused if self.may_still_start(&starting) => {
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
    pub(super) fn may_still_start(&self, starting: &Starting) -> bool {
        let Some(program) = &self.program else { return false };
        if self.listens || !program.is_running() || !starting.goes_on(program) {
            return false;
        }
        self.begun.elapsed() < ELSEWHERE || self.listens_elsewhere().is_empty()
    }

    /// Waits for the program from now on.
    pub(super) fn starting(&self) -> Starting {
        Starting::new(&self.trial.patience)
    }

    /// At least so long, and longer on a machine that is so busy that the program has taken its
    /// time before: what is to come at once comes within that, and what is sent is taken.
    pub(super) fn patiently(&self, limit: Duration) -> Duration {
        limit.max((self.slowest * SLOWER).min(SLOWEST))
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
