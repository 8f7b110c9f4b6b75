//! UDP through the tap: for each client a socket of its own towards the server, so that answers
//! find their way.
//!
//! UDP has no connection, and nobody says goodbye. Whoever sends a first datagram is a client until
//! it has been silent for some time, or until another one needs its place. Each is a task of its
//! own.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use common::addr::canonical;
use common::error_text::cause;
use common::random::Random;
use common::server::{Stop, is_of_the_client};
use common::socket::Datagrams;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{sleep, sleep_until};

use super::alter::{AlterDatagrams, Changes, Done};
use super::back::{self, Back};
use super::front::Front;
use super::live::{Control, Watch, switched};
use super::log::{Addresses, Exchange, Log, Side};
use super::network::{Also, Departure, Fate, Impairments, Network};
use super::script::{Script, Timetable};
use super::text;

/// More than any datagram has.
const RECEIVED: usize = 65_536;

/// How many datagrams of one client may wait for its task; what comes then is lost, as in a
/// socket's buffer.
const WAITING: usize = 256;

/// How long to leave `recvfrom` alone when the system has run out of something.
const RECEIVE_BACKOFF: Duration = Duration::from_millis(100);

/// What is done with every datagram.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The server's addresses, the one to use first.
    pub(super) target: Vec<SocketAddr>,
    pub(super) up: Faults,
    pub(super) down: Faults,
    pub(super) seed: u64,
    pub(super) max_clients: usize,
    /// How long a client may be silent before it is forgotten.
    pub(super) forget: Duration,
    /// Who switches faults while it runs, if anybody does: it has them all, and there is no script.
    pub(super) live: Option<Arc<Control>>,
}

impl Plan {
    fn faults(&self) -> [Faults; 2] {
        match &self.live {
            Some(control) => control.settings().datagram_faults(Script::default()),
            None => [self.up.clone(), self.down.clone()],
        }
    }
}

/// What is to happen to the datagrams of one side.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Faults {
    pub(super) impairments: Impairments,
    pub(super) changes: Changes,
    pub(super) script: Timetable,
}

/// Who a client is: its address, and which of the tap's it asks, where there are several.
type Client = (SocketAddr, Option<IpAddr>);

/// Clients, and the ways to their tasks.
#[derive(Default)]
struct Clients {
    known: HashMap<Client, Known>,
    count: u64,
}

struct Known {
    number: u64,
    datagrams: mpsc::Sender<Vec<u8>>,
    heard: Instant,
}

/// Serves clients until it is stopped.
pub(super) async fn serve(
    socket: Datagrams,
    plan: Plan,
    log: Arc<Log>,
    stop: Stop,
) -> anyhow::Result<()> {
    let front = Arc::new(Front::new(socket).context(text::cannot_wait_for_datagrams())?);
    let plan = Arc::new(plan);
    let mut clients = Clients::default();
    let (leave, mut left) = mpsc::unbounded_channel();
    let mut buffer = vec![0; RECEIVED];
    loop {
        let received = tokio::select! {
            () = stop.requested() => return Ok(()),
            Some((client, number)) = left.recv() => {
                clients.forget(client, number);
                continue;
            }
            received = front.recv(&mut buffer) => received,
        };
        let (datagram, client) = match received {
            Ok((count, client, asked)) => {
                (buffer.get(..count).unwrap_or_default().to_vec(), (client, asked))
            }
            Err(error) if is_of_the_client(&error) => continue,
            Err(error) => {
                log.notice(format_args!("{}", text::cannot_receive(cause(&error))));
                sleep(RECEIVE_BACKOFF).await;
                continue;
            }
        };
        let Some(datagram) = clients.hand_over(client, datagram, &log) else { continue };
        clients.make_room(plan.max_clients, &log);
        let (seat, datagrams) = clients.seat(client, leave.clone());
        let shared = (Arc::clone(&front), Arc::clone(&plan), Arc::clone(&log), stop.clone());
        tokio::spawn(attend(seat, datagrams, shared));
        clients.hand_over(client, datagram, &log);
    }
}

impl Clients {
    /// Gives a datagram to its client's task, or back where there is none, or one that has just
    /// ended.
    fn hand_over(&mut self, client: Client, datagram: Vec<u8>, log: &Log) -> Option<Vec<u8>> {
        let Some(known) = self.known.get_mut(&client) else { return Some(datagram) };
        known.heard = Instant::now();
        match known.datagrams.try_send(datagram) {
            Ok(()) => None,
            Err(TrySendError::Full(_)) => {
                log.count(|totals| totals.dropped += 1);
                None
            }
            Err(TrySendError::Closed(datagram)) => {
                self.known.remove(&client);
                Some(datagram)
            }
        }
    }

    /// A place for a new client, and what its task is to read.
    fn seat(
        &mut self,
        client: Client,
        leave: mpsc::UnboundedSender<(Client, u64)>,
    ) -> (Seat, mpsc::Receiver<Vec<u8>>) {
        let (sender, datagrams) = mpsc::channel(WAITING);
        self.count += 1;
        let number = self.count;
        self.known.insert(client, Known { number, datagrams: sender, heard: Instant::now() });
        (Seat { client, number, leave }, datagrams)
    }

    /// Forgets whoever has been silent longest until one more has room. Its task ends when it finds
    /// itself forgotten.
    fn make_room(&mut self, max: usize, log: &Log) {
        while self.known.len() >= max {
            let silent =
                self.known.iter().min_by_key(|(_, known)| known.heard).map(|(client, _)| *client);
            let Some(client) = silent else { return };
            self.known.remove(&client);
            log.notice(format_args!("{}", text::made_room(canonical(client.0))));
        }
    }

    /// Its task has ended. The same address may be known again by now, under another number.
    fn forget(&mut self, client: Client, number: u64) {
        if self.known.get(&client).is_some_and(|known| known.number == number) {
            self.known.remove(&client);
        }
    }
}

/// Who a task is for; tells when it has ended.
struct Seat {
    client: Client,
    number: u64,
    leave: mpsc::UnboundedSender<(Client, u64)>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let _ = self.leave.send((self.client, self.number));
    }
}

type Shared = (Arc<Front>, Arc<Plan>, Arc<Log>, Stop);

/// One client, from its first datagram until it is forgotten.
async fn attend(seat: Seat, mut datagrams: mpsc::Receiver<Vec<u8>>, shared: Shared) {
    let (front, plan, log, stop) = shared;
    let ready = async {
        let back = Back::connect(&plan.target).await?;
        let addr = address_towards(seat.client, &front).await?;
        Relay::new(&seat, (&front, addr), back, &plan, &log)
    };
    let mut relay = match ready.await {
        Ok(relay) => relay,
        Err(error) => {
            let words = text::not_served(canonical(seat.client.0), cause(&error));
            log.notice(format_args!("{words}"));
            return;
        }
    };
    tokio::select! {
        () = stop.requested() => {}
        () = relay.run(&mut datagrams) => {}
    }
}

/// Which address of the tap a client talks to. Where the system does not tell which one was asked,
/// its kernel answers from the address that leads back to the client.
async fn address_towards((client, asked): Client, front: &Front) -> io::Result<SocketAddr> {
    let mut addr = front.local_addr();
    if let Some(ip) = asked {
        addr.set_ip(ip);
    } else if addr.ip().is_unspecified() {
        addr.set_ip(back::connect(canonical(client)).await?.local_addr()?.ip());
    }
    Ok(addr)
}

/// What one side of a client's exchange sends.
struct Direction {
    network: Network,
    alter: AlterDatagrams,
    script: Timetable,
    /// How many datagrams have come.
    count: u64,
}

impl Direction {
    fn new(faults: &Faults, seed: u64, stream: u64) -> Self {
        // Chances of their own: what is lost does not depend on what is changed.
        let changes = Random::stream(seed, CHANGES + stream);
        Self {
            network: Network::new(faults.impairments, Random::stream(seed, stream)),
            alter: AlterDatagrams::new(faults.changes.clone(), changes),
            script: faults.script.clone(),
            count: 0,
        }
    }

    /// Takes a datagram: what becomes of it, and what was changed in it.
    fn take(&mut self, now: Duration, datagram: &[u8], holds: bool) -> (Fate, Done) {
        let script = self.script.datagrams.remove(&self.count).unwrap_or_default();
        self.count += 1;
        let (bytes, done) = self.alter.take(datagram, &script);
        let dark = |(begin, time): &(Duration, Duration)| (*begin..*begin + *time).contains(&now);
        let drop = self.script.blackouts.iter().any(dark);
        let also = Also { script: &script, drop, changed: bytes != datagram || holds };
        (self.network.take(now, &bytes, also), done)
    }
}

/// The streams of chance from which changes are drawn begin there.
const CHANGES: u64 = 1 << 40;

/// The datagrams of one client, both ways.
struct Relay<'a> {
    client: Client,
    /// Towards the client; all clients share it.
    front: &'a Front,
    /// Towards the server, for this client alone.
    back: Back,
    /// The server's address, as far as it is known.
    server: SocketAddr,
    up: Direction,
    down: Direction,
    began: Instant,
    told: Exchange<'a>,
    forget: Duration,
    watch: Option<Watch>,
}

impl<'a> Relay<'a> {
    fn new(
        seat: &Seat,
        (front, front_addr): (&'a Front, SocketAddr),
        back: Back,
        plan: &Plan,
        log: &'a Log,
    ) -> io::Result<Self> {
        let (own, server) = back.ends()?;
        let (client, front_addr) = (canonical(seat.client.0), canonical(front_addr));
        let addresses = Addresses { client, front: front_addr, back: own, server };
        let watch = plan.live.as_ref().map(Control::watch);
        let [up, down] = plan.faults();
        let plain = Faults::default();
        let meddles = plan.live.is_some() || up != plain || down != plain;
        let direction =
            |faults, stream| Direction::new(faults, plan.seed, 2 * seat.number + stream);
        Ok(Self {
            client: seat.client,
            front,
            back,
            server,
            up: direction(&up, 0),
            down: direction(&down, 1),
            began: Instant::now(),
            told: Exchange::new(log, seat.number, addresses, meddles),
            forget: plan.forget,
            watch,
        })
    }

    /// Until the client is forgotten.
    async fn run(&mut self, datagrams: &mut mpsc::Receiver<Vec<u8>>) {
        let mut buffer = vec![0; RECEIVED];
        let mut last = Instant::now();
        loop {
            self.send_what_is_due().await;
            let wakes = [Side::Client, Side::Server].map(|from| self.wake(from));
            let wake = wakes.into_iter().flatten().min();
            let held = [&self.up, &self.down].map(|direction| direction.network.holds());
            let [up, down] = if self.holds() { held } else { [0, 0] };
            self.told.holds(up, down);
            tokio::select! {
                // Otherwise a client could be forgotten while its datagram is waiting.
                biased;
                () = switched(&mut self.watch) => {
                    self.adjust();
                    continue;
                }
                datagram = datagrams.recv() => match datagram {
                    Some(datagram) => self.take(Side::Client, &datagram),
                    // Somebody else needs the place.
                    None => return,
                },
                received = self.back.recv(&mut buffer) => {
                    self.look_who_it_is();
                    match received {
                        Ok(count) => {
                            self.take(Side::Server, buffer.get(..count).unwrap_or_default());
                        }
                        Err(error) => self.told.at(Side::Server, &trouble(&error)),
                    }
                }
                () = sleep_until((self.began + wake.unwrap_or_default()).into()), if wake.is_some() => continue,
                () = sleep_until((last + self.forget).into()), if wake.is_none() && up + down == 0 => {
                    self.told.note(&text::forgotten(self.forget.as_secs_f64()));
                    return;
                }
            }
            last = Instant::now();
        }
    }

    /// Tells where the server is, if it is elsewhere than was thought.
    fn look_who_it_is(&mut self) {
        let Ok((own, server)) = self.back.ends() else { return };
        if std::mem::replace(&mut self.server, server) != server {
            self.told.server_is(own, server);
            self.told.note(&text::answers_at(server));
        }
    }

    fn take(&mut self, from: Side, datagram: &[u8]) {
        // What was switched before this was sent is for this.
        if self.watch.as_ref().is_some_and(Watch::has_news) {
            self.adjust();
        }
        let (holds, now) = (self.holds(), self.began.elapsed());
        let (fate, done) = self.direction(from).take(now, datagram, holds);
        self.told.arrived(from, datagram, fate, done);
    }

    fn direction(&mut self, from: Side) -> &mut Direction {
        match from {
            Side::Client => &mut self.up,
            Side::Server => &mut self.down,
        }
    }

    /// Whether each datagram waits until it is told to pass.
    fn holds(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.control().holds())
    }

    fn may_pass(&self, from: Side) -> bool {
        self.watch.as_ref().is_none_or(|watch| watch.control().may_pass(from))
    }

    /// When to look again, unless somebody holds what is due.
    fn wake(&mut self, from: Side) -> Option<Duration> {
        if self.may_pass(from) { self.direction(from).network.wake() } else { None }
    }

    /// Takes over the faults as they are now.
    fn adjust(&mut self) {
        let Some(control) = self.watch.as_mut().map(Watch::seen) else { return };
        let faults = control.settings().datagram_faults(Script::default());
        for (direction, faults) in [&mut self.up, &mut self.down].into_iter().zip(faults) {
            direction.network.set(faults.impairments);
            direction.alter.set(faults.changes);
        }
    }

    /// The next datagram that is due from there and may leave, unless somebody wants it lost.
    fn next(&mut self, from: Side) -> Option<Departure> {
        let now = self.began.elapsed();
        while self.may_pass(from) {
            let datagram = self.direction(from).network.next(now)?;
            let control = self.watch.as_ref().map(Watch::control);
            if !control.is_some_and(|control| control.has_passed(from)) {
                return Some(datagram);
            }
            self.told.lost_here(from, &datagram.bytes);
        }
        None
    }

    async fn send_what_is_due(&mut self) {
        while let Some(datagram) = self.next(Side::Client) {
            self.told.sent(Side::Client, &datagram.bytes, datagram.held);
            if let Err(error) = self.back.send(&datagram.bytes).await {
                self.told.at(Side::Server, &trouble(&error));
            }
        }
        while let Some(datagram) = self.next(Side::Server) {
            self.told.sent(Side::Server, &datagram.bytes, datagram.held);
            let (client, asked) = self.client;
            if let Err(error) = self.front.send(asked, &datagram.bytes, client).await {
                self.told.at(Side::Client, &trouble(&error));
            }
        }
    }
}

/// An error that a UDP socket reports belongs to an earlier datagram (`man 7 udp`).
fn trouble(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => text::nobody_has_this_port().to_owned(),
        _ => cause(error),
    }
}
