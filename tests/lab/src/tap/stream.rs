//! TCP through the tap: two connections for each client, and what the shape of each direction says
//! in between.
//!
//! One task has both sockets of a client, so that an end, a reset and a receiver that does not read
//! are passed on as they are: a half-close is a half-close on the other side, a reset closes the
//! other side by a reset, and who reads nothing makes the other wait, once the bounded store of
//! [`Shaper`] and the kernel's buffers are full.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use common::addr::Target;
use common::addr::canonical;
use common::error_text::cause;
use common::random::Random;
use common::server::{Acceptor, GRACE, Limits, Seat, Stop};
use common::socket::{LINGERING_CLOSE, Listener};
use common::text::because;
use socket2::SockRef;
use tokio::io::{Interest, Ready};
use tokio::net::TcpStream;
use tokio::time::{sleep_until, timeout};

use super::alter::{Alter, Changes};
use super::live::{Control, Watch, switched};
use super::log::{Addresses, Connection, Log, Side};
use super::script::{Script, Timetable};
use super::shape::{After, Close, Cut, Shape, Shaper, Step};
use super::text;

/// How long the server may take to answer a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a receiver may take nothing before that is shown.
const STALL: Duration = Duration::from_millis(500);

/// The most bytes of one `recv`.
const RECEIVED: usize = 64 * 1024;

/// What is done with every connection.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) target: Target,
    pub(super) up: Faults,
    pub(super) down: Faults,
    pub(super) cut_with: Close,
    pub(super) seed: u64,
    pub(super) max_clients: usize,
    /// Who switches faults while it runs, if anybody does: it has them all, and there is no script.
    pub(super) live: Option<Arc<Control>>,
}

impl Plan {
    fn faults(&self) -> [Faults; 2] {
        match &self.live {
            Some(control) => control.settings().stream_faults(Script::default()),
            None => [self.up.clone(), self.down.clone()],
        }
    }
}

/// What is to happen to the bytes of one side.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Faults {
    pub(super) shape: Shape,
    pub(super) changes: Changes,
    pub(super) script: Timetable,
}

impl Faults {
    /// Whether bytes go on as they come.
    fn is_plain(&self) -> bool {
        self.shape.is_plain() && self.changes.is_none() && self.script.is_empty()
    }
}

/// The streams of chance from which changes are drawn begin there.
const CHANGES: u64 = 1 << 40;

/// Serves clients until it is stopped.
pub(super) async fn serve(
    listener: Listener,
    plan: Plan,
    log: Arc<Log>,
    stop: Stop,
) -> anyhow::Result<()> {
    let limits = Limits { max_clients: plan.max_clients, idle_timeout: None, once: false };
    let mut clients =
        Acceptor::new(listener, &limits, &stop).context(text::cannot_wait_for_clients())?;
    let plan = Arc::new(plan);
    let mut number = 0;
    while let Some((client, addr)) = clients.accept().await {
        let Some(seat) = clients.seat() else {
            log.notice(format_args!("{}", text::refused(addr)));
            log.count(|totals| totals.refused += 1);
            let _ = client.set_zero_linger();
            continue;
        };
        number += 1;
        tokio::spawn(attend(
            client,
            number,
            Arc::clone(&plan),
            Arc::clone(&log),
            stop.clone(),
            seat,
        ));
    }
    // Nothing is held back any more, so that only a receiver that does not read takes longer. What
    // is left of the time of grace is for the summary.
    let _ = timeout(GRACE / 2, clients.close()).await;
    Ok(())
}

/// One client, from its connection to the last byte.
async fn attend(
    client: TcpStream,
    number: u64,
    plan: Arc<Plan>,
    log: Arc<Log>,
    stop: Stop,
    seat: Seat,
) {
    if let Err(error) = relay(client, number, &plan, &log, &stop).await {
        log.notice(format_args!("{}", because(format_args!("#{number}"), cause(&error))));
    }
    drop(seat);
}

async fn relay(
    client: TcpStream,
    number: u64,
    plan: &Plan,
    log: &Log,
    stop: &Stop,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    let front = canonical(client.local_addr()?);
    let own = canonical(client.peer_addr()?);
    let addresses = Addresses { client: own, front, back: front, server: front };
    let watch = plan.live.as_ref().map(Control::watch);
    let [up, down] = plan.faults();
    let plain = [(Side::Client, up.is_plain()), (Side::Server, down.is_plain())];
    let middle = plan.live.is_some() || plain.iter().any(|(_, plain)| !plain);
    let mut told = Connection::new(log, number, addresses, &plan.target.name, plain, middle);
    let server = tokio::select! {
        server = connect(&plan.target) => server,
        () = stop.requested() => Err(ErrorKind::Interrupted.into()),
    };
    let server = match server {
        Ok(server) => server,
        Err(error) => {
            told.not_connected(&cause(&error));
            return client.set_zero_linger();
        }
    };
    told.connected(canonical(server.local_addr()?), canonical(server.peer_addr()?));
    let half = |from, faults: &Faults, stream| Half {
        from,
        shaper: Shaper::new(
            faults.shape,
            faults.script.clone(),
            Random::stream(plan.seed, 2 * number + stream),
        ),
        alter: Alter::new(
            faults.changes.clone(),
            &faults.script,
            Random::stream(plan.seed, CHANGES + 2 * number + stream),
        ),
        reads: true,
        reset: false,
        blocked: None,
        over: false,
        gate: plan.live.clone(),
        seen: 0,
    };
    let mut relay = Relay {
        up: half(Side::Client, &up, 0),
        down: half(Side::Server, &down, 1),
        client,
        server,
        began: Instant::now(),
        told,
        buffer: vec![0; RECEIVED],
        watch,
    };
    relay.set_nodelay();
    let finish = relay.run(stop).await;
    relay.told.holds(0, 0);
    match finish {
        Finish::Closed => Ok(()),
        Finish::Reset => relay.reset(),
        Finish::Cut(from, cut) => relay.cut(from, cut, plan).await,
    }
}

/// Each address in turn, all within one limit.
async fn connect(target: &Target) -> io::Result<TcpStream> {
    let server = timeout(CONNECT_LIMIT, TcpStream::connect(target.addrs.as_slice()))
        .await
        .unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))?;
    server.set_nodelay(true)?;
    Ok(server)
}

/// Both connections of a client.
struct Relay<'a> {
    client: TcpStream,
    server: TcpStream,
    /// From the client to the server.
    up: Half,
    /// From the server to the client.
    down: Half,
    began: Instant,
    told: Connection<'a>,
    buffer: Vec<u8>,
    watch: Option<Watch>,
}

/// How it came to an end.
enum Finish {
    /// Both directions have ended in order.
    Closed,
    /// One side has reset its connection.
    Reset,
    /// What came from there has been cut, as was asked for.
    Cut(Side, Cut),
}

/// One direction.
struct Half {
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
    over: bool,
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
struct Progress {
    /// Something was moved: look again before waiting.
    moved: bool,
    /// When to look again, whatever happens.
    wake: Option<Duration>,
    /// The receiver has reset the connection.
    receiver_gone: bool,
    /// The sender's reset is to be passed on.
    reset: bool,
    /// The connection is to be cut.
    cut: Option<Cut>,
}

impl Relay<'_> {
    async fn run(&mut self, stop: &Stop) -> Finish {
        let mut hurries = false;
        loop {
            if let Some(how) = self.watch.as_mut().and_then(Watch::cut) {
                let cut = Cut { after: After::Asked, how: Some(how.into()) };
                return Finish::Cut(Side::Client, cut);
            }
            let began = self.began;
            let (client, server) = (&self.client, &self.server);
            let up = self.up.advance(began, client, server, &mut self.told, &mut self.buffer);
            let down = self.down.advance(began, server, client, &mut self.told, &mut self.buffer);
            let now = began.elapsed();
            if let Some(cut) = up.cut {
                return Finish::Cut(Side::Client, cut);
            }
            if let Some(cut) = down.cut {
                return Finish::Cut(Side::Server, cut);
            }
            if up.reset || down.reset {
                return Finish::Reset;
            }
            if up.receiver_gone {
                self.down.sender_has_reset(now, &mut self.told);
            }
            if down.receiver_gone {
                self.up.sender_has_reset(now, &mut self.told);
            }
            if self.up.over && self.down.over {
                return Finish::Closed;
            }
            if up.moved || down.moved || up.receiver_gone || down.receiver_gone {
                tokio::task::yield_now().await;
                continue;
            }
            self.told.holds(self.up.holds_back(), self.down.holds_back());
            let wake = [up.wake, down.wake].into_iter().flatten().min();
            tokio::select! {
                () = switched(&mut self.watch) => self.set_nodelay(),
                () = stop.requested(), if !hurries => {
                    hurries = true;
                    let now = self.began.elapsed();
                    self.told.stopped();
                    self.up.hurry(now, &mut self.told);
                    self.down.hurry(now, &mut self.told);
                }
                ready = ready(&self.client, interest(&self.up, &self.down)) => {
                    if ready.is_error() {
                        self.up.sender_has_reset(self.began.elapsed(), &mut self.told);
                    }
                }
                ready = ready(&self.server, interest(&self.down, &self.up)) => {
                    if ready.is_error() {
                        self.down.sender_has_reset(self.began.elapsed(), &mut self.told);
                    }
                }
                () = sleep_until((self.began + wake.unwrap_or_default()).into()), if wake.is_some() => {}
            }
        }
    }

    /// Nagle's algorithm holds small pieces back, and so is off unless somebody asks for it.
    fn set_nodelay(&mut self) {
        let Some(control) = self.watch.as_mut().map(Watch::seen) else { return };
        let nodelay = !control.settings().nagle;
        // One that is gone is about to be noticed.
        let _ = self.client.set_nodelay(nodelay).and_then(|()| self.server.set_nodelay(nodelay));
    }

    /// Closes both sides by a reset. Closing a socket with a linger time of 0 does that (`man 7
    /// socket`).
    fn reset(&self) -> io::Result<()> {
        self.client.set_zero_linger()?;
        self.server.set_zero_linger()
    }

    async fn cut(&mut self, from: Side, cut: Cut, plan: &Plan) -> io::Result<()> {
        // Who switches the tap while it runs has said how, too.
        let switched = plan.live.as_ref().map(|control| control.settings().cut_with.into());
        let how = cut.how.or(switched).unwrap_or(plan.cut_with);
        self.told.cut(from, cut.after, how);
        if how == Close::Reset {
            return self.reset();
        }
        let _ = end_stream(&self.client);
        let _ = end_stream(&self.server);
        // Bytes that nobody reads would turn the end into a reset (RFC 1122, section 4.2.2.13).
        let both = async { tokio::join!(read_to_end(&self.client), read_to_end(&self.server)) };
        let _ = timeout(LINGERING_CLOSE, both).await;
        Ok(())
    }
}

impl Half {
    /// Takes what has arrived and sends what is due, without waiting.
    fn advance(
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
                let due = self.shaper.reset_due();
                progress.wake = [progress.wake, due].into_iter().flatten().min();
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
        self.shaper.reshape(now, faults.shape);
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
    fn holds_back(&self) -> usize {
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
    fn sender_has_reset(&mut self, now: Duration, told: &mut Connection<'_>) {
        let known = std::mem::replace(&mut self.reset, true);
        if !self.reads && !known || self.reads && self.shaper.room() == 0 {
            self.end(now, Close::Reset, told);
        }
    }

    /// The tap is to end: nothing more is taken, and what is held goes now.
    fn hurry(&mut self, now: Duration, told: &mut Connection<'_>) {
        self.gate = None;
        self.let_go(now, true, told);
        self.shaper.hurry(now);
        if std::mem::replace(&mut self.reads, false) {
            self.shaper.end(now, Close::Fin);
        }
    }
}

/// What to wait for at a socket that one direction is read from and the other written to.
fn interest(read: &Half, written: &Half) -> Option<Interest> {
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

async fn ready(stream: &TcpStream, interest: Option<Interest>) -> Ready {
    match interest {
        Some(interest) => stream.ready(interest).await.unwrap_or(Ready::EMPTY),
        None => std::future::pending().await,
    }
}

/// Half-close: the peer sees the end of the stream, and may still send.
fn end_stream(stream: &TcpStream) -> io::Result<()> {
    SockRef::from(stream).shutdown(Shutdown::Write)
}

async fn read_to_end(stream: &TcpStream) {
    let mut unread = [0; 4096];
    while stream.readable().await.is_ok() {
        match stream.try_read(&mut unread) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
