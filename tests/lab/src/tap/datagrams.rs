//! UDP through the tap: for each client a socket of its own towards the server, so that answers
//! find their way.
//!
//! UDP has no connection, and nobody says goodbye. Whoever sends a first datagram is a client until
//! it has been silent for some time, or until another one needs its place. Each is a task of its
//! own.

mod clients;
mod direction;
mod relay;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use common::addr::canonical;
use common::error_text::cause;
use common::server::{Stop, is_of_the_client};
use common::socket::Datagrams;
use tokio::sync::mpsc;
use tokio::time::sleep;

use self::clients::{Client, Clients, Seat};
use self::relay::Relay;
use super::back::{self, Back};
use super::control::Control;
use super::front::Front;
use super::log::Log;
use super::network::Impairments;
use super::script::Script;
use super::settings::Faults;
use super::text;

/// More than any datagram has.
const RECEIVED: usize = 65_536;

/// How long to leave `recvfrom` alone when the system has run out of something.
const RECEIVE_BACKOFF: Duration = Duration::from_millis(100);

/// What is done with every datagram.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The server's addresses, the one to use first.
    pub(super) target: Vec<SocketAddr>,
    pub(super) up: Faults<Impairments>,
    pub(super) down: Faults<Impairments>,
    pub(super) seed: u64,
    pub(super) max_clients: usize,
    /// How long a client may be silent before it is forgotten.
    pub(super) forget: Duration,
    /// Who switches faults while it runs, if anybody does: it has them all, and there is no script.
    pub(super) live: Option<Arc<Control>>,
}

impl Plan {
    fn faults(&self) -> [Faults<Impairments>; 2] {
        match &self.live {
            Some(control) => control.settings().datagram_faults(Script::default()),
            None => [self.up.clone(), self.down.clone()],
        }
    }
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
