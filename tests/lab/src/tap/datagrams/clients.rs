//! The clients that are known, and the ways to their tasks.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use common::addr::canonical;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::tap::log::Log;
use crate::tap::text;

/// How many datagrams of one client may wait for its task; what comes then is lost, as in a
/// socket's buffer.
const WAITING: usize = 256;

/// Who a client is: its address, and which of the tap's it asks, where there are several.
pub(super) type Client = (SocketAddr, Option<IpAddr>);

/// Clients, and the ways to their tasks.
#[derive(Default)]
pub(super) struct Clients {
    known: HashMap<Client, Known>,
    count: u64,
}

struct Known {
    number: u64,
    datagrams: mpsc::Sender<Vec<u8>>,
    heard: Instant,
}

impl Clients {
    /// Gives a datagram to its client's task, or back where there is none, or one that has just
    /// ended.
    pub(super) fn hand_over(
        &mut self,
        client: Client,
        datagram: Vec<u8>,
        log: &Log,
    ) -> Option<Vec<u8>> {
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
    pub(super) fn seat(
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
    pub(super) fn make_room(&mut self, max: usize, log: &Log) {
        while self.known.len() >= max {
            let silent =
                self.known.iter().min_by_key(|(_, known)| known.heard).map(|(client, _)| *client);
            let Some(client) = silent else { return };
            self.known.remove(&client);
            log.notice(format_args!("{}", text::made_room(canonical(client.0))));
        }
    }

    /// Its task has ended. The same address may be known again by now, under another number.
    pub(super) fn forget(&mut self, client: Client, number: u64) {
        if self.known.get(&client).is_some_and(|known| known.number == number) {
            self.known.remove(&client);
        }
    }
}

/// Who a task is for; tells when it has ended.
pub(super) struct Seat {
    pub(super) client: Client,
    pub(super) number: u64,
    leave: mpsc::UnboundedSender<(Client, u64)>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let _ = self.leave.send((self.client, self.number));
    }
}
