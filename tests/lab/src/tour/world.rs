//! What is known of the connections after so many calls, and what can come next.
//!
//! TCP's rules are those of RFC 9293: nothing is received that was not sent, an end comes after all
//! bytes before it, and the states of section 3.3.2 follow from who has ended what.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::cast::Who;
use super::step::{Act, Step};

/// Everything up to now.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// TCP, or else UDP.
    streams: bool,
    links: BTreeMap<SocketAddr, Link>,
}

/// One connection, or the datagrams of one socket of a client.
#[derive(Clone, Debug, Default)]
struct Link {
    client: Option<Who>,
    connected: bool,
    accepted: bool,
    /// What the client gives.
    up: Direction,
    /// What the server gives.
    down: Direction,
}

/// What one side of a connection gives to the other.
#[derive(Clone, Debug, Default)]
struct Direction {
    sent: u64,
    received: u64,
    /// Datagrams that are on their way.
    under_way: Vec<(u64, String)>,
    /// The side that sends has ended this direction.
    ended: bool,
    /// It has closed its socket.
    closed: bool,
}

impl Link {
    /// What this side gives, and what it takes.
    fn of(&self, who: Who) -> (&Direction, &Direction) {
        if who.is_client() { (&self.up, &self.down) } else { (&self.down, &self.up) }
    }

    fn of_mut(&mut self, who: Who) -> (&mut Direction, &mut Direction) {
        if who.is_client() {
            (&mut self.up, &mut self.down)
        } else {
            (&mut self.down, &mut self.up)
        }
    }

    fn has(&self, who: Who) -> bool {
        !who.is_client() && self.accepted || self.client == Some(who)
    }
}

impl World {
    /// Before anything has happened.
    pub(crate) fn new(streams: bool) -> Self {
        Self { streams, links: BTreeMap::new() }
    }

    /// Why this cannot be the next thing that happens; `None` if it can.
    pub(crate) fn forbids(&self, step: &Step) -> Option<&'static str> {
        let none = Link::default();
        let link = self.links.get(&step.link?).unwrap_or(&none);
        let (own, others) = link.of(step.who);
        if own.closed {
            return Some("it is called on a socket that is closed");
        }
        if step.did("accept") && !link.connected {
            return Some("it accepts a connection before anybody has connected");
        }
        if step.is_reset() && !others.ended {
            return Some("it is reset before the other side has ended");
        }
        if !self.streams {
            let lacks = |what: (u64, &str)| {
                !others.under_way.iter().any(|(count, text)| (*count, text.as_str()) == what)
            };
            let bad = step.received().is_some_and(lacks);
            return bad.then_some("it receives a datagram that is not on its way");
        }
        if step.sent().is_some() && own.ended {
            return Some("it sends after it has ended its direction");
        }
        let established = if step.who.is_client() { link.connected } else { link.accepted };
        if (step.sent().is_some() || step.received().is_some()) && !established {
            return Some("it uses a connection that is none yet");
        }
        let (count, _) = step.received()?;
        if others.received + count > others.sent {
            return Some("it receives more than was sent");
        }
        if step.is_own_end() {
            return (!own.ended).then_some("it sees an end that nobody has given");
        }
        if step.is_end_of_stream() && !(others.ended && others.received == others.sent) {
            return Some("it sees the end of a stream that has not ended");
        }
        None
    }

    /// It has happened. `lost`: what it gives never arrives.
    pub(crate) fn apply(&mut self, step: &Step, lost: bool) {
        if matches!(step.act, Act::Exits | Act::Killed) {
            for link in self.links.values_mut().filter(|link| link.has(step.who)) {
                let (own, _) = link.of_mut(step.who);
                (own.ended, own.closed) = (true, true);
            }
            return;
        }
        let Some(addr) = step.link else { return };
        let link = self.links.entry(addr).or_default();
        if step.who.is_client() {
            link.client = Some(step.who);
        }
        link.connected |= step.did("connect");
        link.accepted |= step.did("accept");
        let (own, others) = link.of_mut(step.who);
        own.ended |= step.ends();
        own.closed |= step.did("close");
        if let Some((count, text)) = step.sent() {
            own.sent += count;
            if !lost {
                own.under_way.push((count, text.to_owned()));
            }
        }
        if let Some((count, text)) = step.received() {
            others.received += count;
            let here =
                others.under_way.iter().position(|one| (one.0, one.1.as_str()) == (count, text));
            here.map(|at| others.under_way.remove(at));
        }
    }

    /// Whether this call receives exactly what `sent` has just given, and all before it.
    pub(crate) fn brings_just(&self, received: &Step, sent: &Step) -> bool {
        let (Some(what), Some(brought)) = (sent.sent(), received.received()) else { return false };
        let Some(link) = sent.link.and_then(|link| self.links.get(&link)) else { return false };
        let (given, _) = link.of(sent.who);
        let before = if self.streams { given.sent - what.0 == given.received } else { true };
        received.link == sent.link && received.who != sent.who && what == brought && before
    }

    /// The connections that the end of this program ends: those that it has open and has not ended.
    pub(crate) fn ended_by(&self, step: &Step) -> Vec<SocketAddr> {
        let open = |link: &Link| link.has(step.who) && !link.of(step.who).0.ended;
        match step.act {
            Act::Exits | Act::Killed => {
                self.links.iter().filter(|(_, link)| open(link)).map(|(addr, _)| *addr).collect()
            }
            Act::Call(_) if step.ends() => {
                let link = step.link.and_then(|addr| Some((addr, self.links.get(&addr)?)));
                link.filter(|(_, link)| open(link)).map(|(addr, _)| addr).into_iter().collect()
            }
            Act::Call(_) => Vec::new(),
        }
    }

    /// Why the kernel cannot tell of this state now; `None` if it can (RFC 9293, section 3.3.2).
    pub(crate) fn forbids_state(&self, step: &Step) -> Option<&'static str> {
        let (state, link) = (step.state()?, self.links.get(&step.link?)?);
        let (own, others) = link.of(step.who);
        let unread = others.received < others.sent;
        let possible = match state {
            "ESTABLISHED" => !own.ended && !others.ended,
            "FIN-WAIT-1" | "FIN-WAIT-2" => own.ended && !others.ended,
            "CLOSE-WAIT" => !own.ended && others.ended,
            "LAST-ACK" | "CLOSING" | "TIME-WAIT" => own.ended && others.ended,
            // A socket that is closed with bytes unread is reset, and gone at once.
            "CLOSED" => own.ended && (others.ended || unread),
            "SYN-SENT" | "SYN-RECEIVED" => !own.ended && own.sent == 0,
            _ => false,
        };
        (!possible).then_some("it is in a state that nothing has led to")
    }

    /// Whether an end that the other side gives would make this state, which was told before,
    /// impossible: the state belongs before the end.
    pub(crate) fn comes_before_the_peers_end(state: &str) -> bool {
        matches!(state, "ESTABLISHED" | "FIN-WAIT-1" | "FIN-WAIT-2" | "SYN-SENT" | "SYN-RECEIVED")
    }
}

/// Whether the two ends of a connection can be in these states at the same moment.
pub(crate) fn go_together(one: &str, other: &str) -> bool {
    let pair = |one: &str, other: &str| match one {
        "SYN-SENT" => matches!(other, "LISTEN" | "SYN-SENT" | "SYN-RECEIVED"),
        "SYN-RECEIVED" => matches!(other, "ESTABLISHED" | "SYN-RECEIVED" | "FIN-WAIT-1"),
        "ESTABLISHED" => matches!(other, "ESTABLISHED" | "FIN-WAIT-1"),
        "FIN-WAIT-1" => {
            matches!(other, "CLOSE-WAIT" | "FIN-WAIT-1" | "CLOSING" | "LAST-ACK" | "TIME-WAIT")
        }
        "FIN-WAIT-2" => matches!(other, "CLOSE-WAIT" | "LAST-ACK"),
        "TIME-WAIT" => matches!(other, "LAST-ACK" | "CLOSED" | "CLOSING" | "TIME-WAIT"),
        "CLOSING" => matches!(other, "CLOSING"),
        // Gone at once, by a reset.
        "CLOSED" => true,
        _ => false,
    };
    pair(one, other) || pair(other, one)
}
