//! The datagrams of one client, both ways, until it is forgotten.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use common::addr::canonical;
use common::error_text::cause;
use tokio::sync::mpsc;
use tokio::time::sleep_until;

use super::clients::{Client, Seat};
use super::direction::Direction;
use super::{Plan, RECEIVED};
use crate::tap::back::Back;
use crate::tap::control::{Control, Watch, switched};
use crate::tap::front::Front;
use crate::tap::log::Log;
use crate::tap::log::exchange::Exchange;
use crate::tap::network::Departure;
use crate::tap::script::Script;
use crate::tap::settings::Faults;
use crate::tap::side::{Addresses, Side};
use crate::tap::text;

/// The datagrams of one client, both ways.
pub(super) struct Relay<'a> {
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
    pub(super) fn new(
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
            up: direction(up, 0),
            down: direction(down, 1),
            began: Instant::now(),
            told: Exchange::new(log, seat.number, addresses, meddles),
            forget: plan.forget,
            watch,
        })
    }

    /// Until the client is forgotten.
    pub(super) async fn run(&mut self, datagrams: &mut mpsc::Receiver<Vec<u8>>) {
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
            direction.set(faults);
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
