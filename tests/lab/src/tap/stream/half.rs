//! One direction of a TCP connection through the tap: what has arrived is taken, altered, shaped
//! and sent on as it is due.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::random::Random;
use socket2::SockRef;
use tokio::io::Interest;
use tokio::net::TcpStream;

use super::Plan;
use crate::tap::alter::{Alter, CHANGES};
use crate::tap::close::{Close, Cut};
use crate::tap::control::Control;
use crate::tap::log::connection::Connection;
use crate::tap::script::Script;
use crate::tap::settings::Faults;
use crate::tap::shape::{Shape, Shaper, Step};
use crate::tap::side::Side;

/// How long a receiver may take nothing before that is shown.
const STALL: Duration = Duration::from_millis(500);

/// One direction.
pub(super) struct Half {
    /// Who sends.
    from: Side,
    alter: Alter,
    shaper: Shaper,
    /// The sender's end has not been seen yet.
    reads: bool,
    /// The sender has reset the connection; what it sent before may still be there to be read.
    reset: bool,
    /// The receiver takes nothing at present.
    blocked: Option<Blocked>,
    /// The end has been passed on.
    pub(super) over: bool,
    /// Who may hold each piece until it is told to pass.
    gate: Option<Arc<Control>>,
    /// Which version of its faults is heeded.
    seen: u64,
}

/// A receiver that takes nothing.
#[derive(Clone, Copy)]
struct Blocked {
    since: Duration,
    shown: bool,
}

/// What one look at a direction brought about.
#[derive(Default)]
pub(super) struct Progress {
    /// Something was moved: look again before waiting.
    pub(super) moved: bool,
    /// When to look again, whatever happens.
    pub(super) wake: Option<Duration>,
    /// The receiver has reset the connection.
    pub(super) receiver_gone: bool,
    /// The sender's reset is to be passed on.
    pub(super) reset: bool,
    /// The connection is to be cut.
    pub(super) cut: Option<Cut>,
}

impl Half {
    /// What comes from there in a connection with these faults; `stream` is that of its chances.
    pub(super) fn new(from: Side, faults: Faults<Shape>, plan: &Plan, stream: u64) -> Self {
        let Faults { delivery, changes, script } = faults;
        let alter = Alter::new(changes, &script, Random::stream(plan.seed, CHANGES + stream));
        Self {
            from,
            alter,
            shaper: Shaper::new(delivery, script, Random::stream(plan.seed, stream)),
            reads: true,
            reset: false,
            blocked: None,
            over: false,
            gate: plan.live.clone(),
            seen: 0,
        }
    }

    /// Takes what has arrived and sends what is due, without waiting.
    pub(super) fn advance(
        &mut self,
        began: Instant,
        from: &TcpStream,
        to: &TcpStream,
        told: &mut Connection<'_>,
        buffer: &mut [u8],
    ) -> Progress {
        let mut progress = Progress::default();
        self.heed(began.elapsed(), told);
        self.receive(began, from, told, buffer, &mut progress);
        let now = began.elapsed();
        self.let_go(now, false, told);
        progress.wake = self.alter.due();
        loop {
            let step = self.shaper.next(now);
            if matches!(step, Step::Send | Step::Close(_)) && !self.may_pass() {
                break;
            }
            match step {
                Step::Send => {
                    if !self.send(now, to, told, &mut progress) {
                        break;
                    }
                }
                Step::Close(Close::Fin) => {
                    progress.moved = true;
                    progress.receiver_gone = end_stream(to).is_err();
                    told.end_sent(self.from, Close::Fin);
                    self.shaper.ended();
                    self.over = true;
                    self.has_passed();
                }
                Step::Close(Close::Reset) => {
                    self.has_passed();
                    told.end_sent(self.from, Close::Reset);
                    progress.reset = true;
                    break;
                }
                Step::WaitUntil(wake) => {
                    progress.wake = Some(progress.wake.map_or(wake, |due| due.min(wake)));
                    break;
                }
                Step::Wait => break,
                Step::Cut(cut) => {
                    progress.cut = Some(cut);
                    break;
                }
            }
        }
        progress
    }

    fn receive(
        &mut self,
        began: Instant,
        from: &TcpStream,
        told: &mut Connection<'_>,
        buffer: &mut [u8],
        progress: &mut Progress,
    ) {
        let room = self.alter.room(self.shaper.room()).min(buffer.len());
        if !self.reads || room == 0 {
            if self.reads && self.reset {
                self.end(began.elapsed(), Close::Reset, told);
            }
            return;
        }
        let Some(buffer) = buffer.get_mut(..room) else { return };
        let end = match from.try_read(buffer) {
            // After a reset the kernel says so only once, perhaps to a `send`.
            Ok(0) if self.reset => Close::Reset,
            Ok(0) => Close::Fin,
            Ok(count) => {
                let bytes = buffer.get(..count).unwrap_or_default();
                // What was switched before these were sent is for these.
                self.heed(began.elapsed(), told);
                told.arrived(self.from, bytes);
                // A delay begins when the bytes are there and that has been told. A time from
                // before the `recv` would make it shorter than it is said to be, by as long as
                // other programs had the processor meanwhile.
                let now = began.elapsed();
                let altered = self.alter.take(now, bytes);
                self.pass_on(now, &altered, told);
                progress.moved = true;
                return;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                progress.moved = true;
                return;
            }
            Err(_) => Close::Reset,
        };
        self.end(began.elapsed(), end, told);
        progress.moved = true;
    }

    /// What has waited long enough for its rest goes on; all that waits, if `at_once`.
    fn let_go(&mut self, now: Duration, at_once: bool, told: &mut Connection<'_>) {
        let altered = self.alter.flush(now, at_once);
        self.pass_on(now, &altered, told);
    }

    fn pass_on(&mut self, now: Duration, altered: &[u8], told: &mut Connection<'_>) {
        told.changed(self.alter.done());
        if !altered.is_empty() {
            self.shaper.take(now, altered);
        }
    }

    /// Sends one piece; whether to go on.
    fn send(
        &mut self,
        now: Duration,
        to: &TcpStream,
        told: &mut Connection<'_>,
        progress: &mut Progress,
    ) -> bool {
        let piece = self.shaper.piece();
        match to.try_write(piece) {
            Ok(count) => {
                told.sent(self.from, piece.get(..count).unwrap_or(piece));
                self.shaper.sent(now, count);
                if self.shaper.holds() == 0 && self.alter.is_empty() {
                    told.settled(self.from);
                }
                self.has_passed();
                self.blocked = None;
                progress.moved = true;
                return true;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                // Neither a reset nor a cut waits for a receiver that takes nothing.
                let (due, cut) = (self.shaper.reset_due(), self.shaper.timed_cut());
                progress.cut = cut.filter(|(at, _)| *at <= now).map(|(_, cut)| cut);
                let times = [progress.wake, due, cut.map(|(at, _)| at)];
                progress.wake = times.into_iter().flatten().min();
                if due.is_some_and(|due| due <= now) {
                    told.end_sent(self.from, Close::Reset);
                    progress.reset = true;
                }
                self.stalls(now, told, progress);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => progress.moved = true,
            Err(_) => {
                progress.receiver_gone = true;
                self.reads = false;
                self.over = true;
                self.blocked = None;
                self.shaper.discard();
            }
        }
        false
    }

    /// Takes over the faults that somebody has switched.
    fn heed(&mut self, now: Duration, told: &mut Connection<'_>) {
        let Some(gate) = &self.gate else { return };
        let version = gate.version();
        if std::mem::replace(&mut self.seen, version) == version {
            return;
        }
        let [up, down] = gate.settings().stream_faults(Script::default());
        let faults = if self.from == Side::Client { up } else { down };
        told.set_plain(self.from, faults.is_plain() && !gate.holds());
        self.shaper.reshape(now, faults.delivery);
        self.alter.set(faults.changes);
    }

    /// Whether the next piece may leave, for all that is asked for.
    fn may_pass(&self) -> bool {
        self.gate.as_ref().is_none_or(|gate| gate.may_pass(self.from))
    }

    fn has_passed(&self) {
        if let Some(gate) = &self.gate {
            gate.has_passed(self.from);
        }
    }

    /// How many pieces wait for somebody to let them through.
    pub(super) fn holds_back(&self) -> usize {
        let holds = self.gate.as_ref().is_some_and(|gate| gate.holds());
        if holds { self.shaper.waiting() } else { 0 }
    }

    /// The receiver takes nothing: shown when that has lasted, since it also happens in between in
    /// every long transfer.
    fn stalls(&mut self, now: Duration, told: &mut Connection<'_>, progress: &mut Progress) {
        let blocked = self.blocked.get_or_insert(Blocked { since: now, shown: false });
        if blocked.shown {
            return;
        }
        let show_at = blocked.since + STALL;
        if now >= show_at {
            blocked.shown = true;
            told.stalled(self.from, self.shaper.holds());
        } else {
            progress.wake = Some(progress.wake.map_or(show_at, |wake| wake.min(show_at)));
        }
    }

    fn end(&mut self, now: Duration, end: Close, told: &mut Connection<'_>) {
        self.let_go(now, true, told);
        told.end_arrived(self.from, end);
        self.reads = false;
        self.reset = end == Close::Reset;
        self.shaper.end(now, end);
    }

    /// The sender's connection is no more. What it sent before comes first, if there is room for
    /// it.
    pub(super) fn sender_has_reset(&mut self, now: Duration, told: &mut Connection<'_>) {
        let known = std::mem::replace(&mut self.reset, true);
        if !self.reads && !known || self.reads && self.shaper.room() == 0 {
            self.end(now, Close::Reset, told);
        }
    }

    /// The tap is to end: nothing more is taken, and what is held goes now.
    pub(super) fn hurry(&mut self, now: Duration, told: &mut Connection<'_>) {
        self.gate = None;
        self.let_go(now, true, told);
        self.shaper.hurry(now);
        if std::mem::replace(&mut self.reads, false) {
            self.shaper.end(now, Close::Fin);
        }
    }
}

/// What to wait for at a socket that one direction is read from and the other written to.
pub(super) fn interest(read: &Half, written: &Half) -> Option<Interest> {
    let reads = read.reads && read.shaper.room() > 0;
    let wanted = [
        (reads, Interest::READABLE),
        (written.blocked.is_some(), Interest::WRITABLE),
        // Otherwise a reset would not be noticed while nothing is read.
        (!read.reset, Interest::ERROR),
    ];
    wanted
        .into_iter()
        .filter(|(wanted, _)| *wanted)
        .map(|(_, interest)| interest)
        .reduce(Interest::add)
}

/// Half-close: the peer sees the end of the stream, and may still send.
pub(super) fn end_stream(stream: &TcpStream) -> io::Result<()> {
    SockRef::from(stream).shutdown(Shutdown::Write)
}
