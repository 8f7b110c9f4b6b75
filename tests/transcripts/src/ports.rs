//! The ports of a session: the system chooses them, and the documents show their own.

use std::net::TcpListener;
use std::sync::Arc;

use harness::peer;

use super::same::number;

/// The ports that a document says, and those that are taken instead; the latest last.
#[derive(Clone, Default)]
pub(super) struct Ports {
    taken: Vec<(u16, u16)>,
    /// Where answers by hand come from. One port is one server, though every answer is another.
    listeners: Vec<(u16, Arc<peer::Listener>)>,
}

impl Ports {
    /// From now on this port stands for the one that the document says.
    pub(super) fn take(&mut self, documented: u16, port: u16) {
        self.taken.push((documented, port));
    }

    /// No server listens any more.
    pub(super) fn forget(&mut self) {
        self.taken.clear();
    }

    /// The port to connect to. Where nobody listens, one at which nobody does.
    pub(super) fn of(&mut self, documented: u16) -> u16 {
        let known = self.taken.iter().rev().find(|&&(shown, _)| shown == documented);
        known.map(|&(_, taken)| taken).unwrap_or_else(|| {
            let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr());
            let free = free.expect("a free port").port();
            self.take(documented, free);
            free
        })
    }

    /// Where an answer by hand for this port waits for its client.
    pub(super) fn listener(&mut self, documented: Option<u16>) -> Arc<peer::Listener> {
        let documented = documented.unwrap_or_default();
        if let Some((_, listener)) = self.listeners.iter().find(|(shown, _)| *shown == documented) {
            return Arc::clone(listener);
        }
        let listener = Arc::new(peer::listen());
        self.take(documented, listener.addr().port());
        self.listeners.push((documented, Arc::clone(&listener)));
        listener
    }

    /// `line` as it would be with the documented ports.
    pub(super) fn documented(&self, line: &str) -> String {
        let mut result = String::new();
        for (at, piece) in line.split(':').enumerate() {
            let found = number(piece).and_then(|(port, digits)| {
                // `00` is no port: it is part of a time.
                let is_port = |taken: u16| taken == port && digits == taken.to_string().len();
                let (shown, _) = self.taken.iter().find(|&&(_, taken)| is_port(taken))?;
                Some((shown, digits))
            });
            match found {
                Some((shown, digits)) if at > 0 => {
                    result += &format!(":{shown}{}", &piece[digits..]);
                }
                _ if at > 0 => result += &format!(":{piece}"),
                _ => result += piece,
            }
        }
        result
    }
}
