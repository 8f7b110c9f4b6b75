//! Where replies leave: at once, twice, late or not at all, as the network's impairments have it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context;
use common::addr::canonical;
use common::error_text::cause;
use common::notice;
use common::socket::{Datagrams, Outgoing, Unsent};
use udp_echo::impair::{Fate, Network};

use crate::later::Later;

/// Where a reply goes, and how many hops it may take where that matters.
#[derive(Clone, Copy)]
pub(crate) struct To {
    pub(crate) client: SocketAddr,
    pub(crate) hops: Option<u8>,
}

/// Sends replies. Dropping it waits until the last has left.
pub(crate) struct Outbox<'a> {
    at_once: Outgoing<'a>,
    /// Where nothing is held back, no thread is needed.
    later: Option<Later<To>>,
}

impl<'a> Outbox<'a> {
    pub(crate) fn new(socket: &'a Datagrams, network: &Network) -> anyhow::Result<Self> {
        let mut outbox = Self { at_once: Outgoing::new(socket, tell), later: None };
        if network.holds_back() {
            let second = socket.try_clone().context("cannot share the socket")?;
            let later = Later::new(move |reply, to| send(&second, reply, to));
            outbox.later = Some(later.context("cannot start a thread")?);
        }
        Ok(outbox)
    }

    pub(crate) fn put(&mut self, reply: &[u8], to: To, fate: Fate) {
        match fate {
            Fate::Dropped => {}
            Fate::Once(late) => self.send(reply, to, late),
            Fate::Twice(one, other) => {
                self.send(reply, to, one);
                self.send(reply, to, other);
            }
        }
    }

    /// Sends those that need not wait, if they have not left already.
    pub(crate) fn flush(&mut self) {
        self.at_once.flush();
    }

    fn send(&mut self, reply: &[u8], to: To, late: Duration) {
        let Some(later) = &self.later else {
            return self.at_once.put(reply, to.client, to.hops);
        };
        if !later.put(Instant::now() + late, reply, to) {
            notice!("too many replies wait for --delay: that to {} is dropped", canonical(to.client));
        }
    }
}

/// Sends one reply.
fn send(socket: &Datagrams, reply: &[u8], to: To) {
    let near = to.hops.map_or(Ok(()), |hops| socket.set_hops(hops));
    if let Err(error) = near.and_then(|()| socket.send_to(reply, to.client)) {
        tell(Unsent { length: reply.len(), to: canonical(to.client), error });
    }
}

/// That one client cannot be reached is no reason to end.
fn tell(unsent: Unsent) {
    let Unsent { length, to, error } = unsent;
    notice!("cannot send {length} bytes to {to}: {}", cause(&error));
}
