//! Where replies leave: at once, twice, late or not at all, as the network's impairments have it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use common::cause::cause;
use common::journal::Journal;
use common::socket::{Datagrams, canonical};
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
    socket: &'a Datagrams,
    journal: &'a Arc<Journal>,
    /// Where nothing is held back, no thread is needed.
    later: Option<Later<To>>,
}

impl<'a> Outbox<'a> {
    pub(crate) fn new(
        socket: &'a Datagrams,
        journal: &'a Arc<Journal>,
        network: &Network,
    ) -> anyhow::Result<Self> {
        let mut outbox = Self { socket, journal, later: None };
        if network.holds_back() {
            let second = socket.try_clone().context("cannot share the socket")?;
            let lines = Arc::clone(journal);
            let later = Later::new(move |reply, to| send(&second, reply, to, &lines));
            outbox.later = Some(later.context("cannot start a thread")?);
        }
        Ok(outbox)
    }

    pub(crate) fn put(&self, reply: &[u8], to: To, fate: Fate) {
        match fate {
            Fate::Dropped => {}
            Fate::Once(late) => self.send(reply, to, late),
            Fate::Twice(one, other) => {
                self.send(reply, to, one);
                self.send(reply, to, other);
            }
        }
    }

    fn send(&self, reply: &[u8], to: To, late: Duration) {
        let Some(later) = &self.later else {
            return send(self.socket, reply, to, self.journal);
        };
        if !later.put(Instant::now() + late, reply, to) {
            let client = canonical(to.client);
            let words = format_args!("too many replies wait for --delay: that to {client} is dropped");
            self.journal.notice(words);
        }
    }
}

/// That one client cannot be reached is no reason to end.
fn send(socket: &Datagrams, reply: &[u8], to: To, journal: &Journal) {
    let near = to.hops.map_or(Ok(()), |hops| socket.set_hops(hops));
    if let Err(error) = near.and_then(|()| socket.send_to(reply, to.client)) {
        let (bytes, client) = (reply.len(), canonical(to.client));
        journal.notice(format_args!("cannot send {bytes} bytes to {client}: {}", cause(&error)));
    }
}
