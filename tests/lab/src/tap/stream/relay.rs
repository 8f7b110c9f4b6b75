//! Both connections of a client, and what passes from the one to the other until both are closed.

use std::io::{self, ErrorKind};
use std::time::Instant;

use common::server::Stop;
use common::socket::LINGERING_CLOSE;
use tokio::io::{Interest, Ready};
use tokio::net::TcpStream;
use tokio::time::{sleep_until, timeout};

use super::Plan;
use super::half::{Half, end_stream, interest};
use crate::tap::close::{After, Close, Cut};
use crate::tap::control::{Watch, switched};
use crate::tap::log::connection::Connection;
use crate::tap::side::Side;

/// Both connections of a client.
pub(super) struct Relay<'a> {
    pub(super) client: TcpStream,
    pub(super) server: TcpStream,
    /// From the client to the server.
    pub(super) up: Half,
    /// From the server to the client.
    pub(super) down: Half,
    pub(super) began: Instant,
    pub(super) told: Connection<'a>,
    pub(super) buffer: Vec<u8>,
    pub(super) watch: Option<Watch>,
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

impl Relay<'_> {
    /// Until both connections are closed.
    pub(super) async fn run(mut self, plan: &Plan, stop: &Stop) -> io::Result<()> {
        self.set_nodelay();
        let finish = self.carry(stop).await;
        self.told.holds(0, 0);
        match finish {
            Finish::Closed => Ok(()),
            Finish::Reset => self.reset(),
            Finish::Cut(from, cut) => self.cut(from, cut, plan).await,
        }
    }

    /// Carries bytes both ways, until it comes to an end.
    async fn carry(&mut self, stop: &Stop) -> Finish {
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

async fn ready(stream: &TcpStream, interest: Option<Interest>) -> Ready {
    match interest {
        Some(interest) => stream.ready(interest).await.unwrap_or(Ready::EMPTY),
        None => std::future::pending().await,
    }
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
