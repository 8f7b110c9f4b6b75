//! What a recording is made of: socket calls, and the ends of programs.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::call::{Call, Effect};
use super::cast::Who;
use super::program::Said;

/// One thing that a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) who: Who,
    /// Since midnight (UTC): when the call returned, or the program was seen to have ended.
    pub(crate) at: Duration,
    pub(crate) act: Act,
    /// The connection that it is about: its client's address.
    pub(crate) link: Option<SocketAddr>,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Call(Call),
    /// The program has ended by itself, and its kernel closes what it had open.
    Exits,
    /// The same, by a signal that it could not handle.
    Killed,
}

/// Where a tap has a part in it, the addresses of the two sides differ; there is one client then.
const TAPPED: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Step {
    /// A call of this program.
    pub(crate) fn call(who: Who, call: Call, tapped: bool) -> Self {
        let both = call.local.zip(call.peer);
        let client = both.map(|(local, peer)| if who.is_client() { local } else { peer });
        let link = if tapped { client.map(|_| TAPPED) } else { client };
        Self { who, at: call.time, act: Act::Call(call), link }
    }

    /// The name of the call.
    pub(crate) fn name(&self) -> &str {
        match &self.act {
            Act::Call(call) => &call.name,
            Act::Exits | Act::Killed => "",
        }
    }

    fn effect(&self) -> Option<&Effect> {
        match &self.act {
            Act::Call(call) => Some(&call.outcome),
            Act::Exits | Act::Killed => None,
        }
    }

    /// Whether it is this call, and it worked.
    pub(crate) fn did(&self, name: &str) -> bool {
        self.name() == name && self.effect() == Some(&Effect::Done)
    }

    /// How many bytes it gave to the network, and their beginning as text.
    pub(crate) fn sent(&self) -> Option<(u64, &str)> {
        match self.effect()? {
            Effect::Bytes(count, text) if matches!(self.name(), "send" | "sendto") => {
                Some((*count, text))
            }
            _ => None,
        }
    }

    /// How many bytes it took from the network, and their beginning as text.
    pub(crate) fn received(&self) -> Option<(u64, &str)> {
        match self.effect()? {
            Effect::Bytes(count, text) if matches!(self.name(), "recv" | "recvfrom") => {
                Some((*count, text))
            }
            _ => None,
        }
    }

    /// Whether it takes the end of a stream from the network.
    pub(crate) fn is_end_of_stream(&self) -> bool {
        self.name() == "recv" && self.received().is_some_and(|(count, _)| count == 0)
    }

    /// Whether that end is the program's own doing: it has ended its reading by `shutdown`, and
    /// the kernel tells of a state in which the other side has not ended.
    pub(crate) fn is_own_end(&self) -> bool {
        let open = |state: &str| matches!(state, "ESTABLISHED" | "FIN-WAIT-1" | "FIN-WAIT-2");
        self.is_end_of_stream() && self.state().is_some_and(open)
    }

    /// Why it failed.
    pub(crate) fn failure(&self) -> Option<&str> {
        match self.effect()? {
            Effect::Failed(cause) => Some(cause),
            _ => None,
        }
    }

    /// Whether it failed because the peer has reset the connection. The words are the system's, and
    /// ours for it.
    pub(crate) fn is_reset(&self) -> bool {
        let reset = |cause: &str| {
            ["reset", "forcibly closed", "复位", "重置"].iter().any(|word| cause.contains(word))
        };
        self.failure().is_some_and(reset)
    }

    /// Whether it ends a direction of the connection, or may do so: the program's own.
    pub(crate) fn ends(&self) -> bool {
        self.did("shutdown") || self.did("close") || matches!(self.act, Act::Exits | Act::Killed)
    }

    /// The state that the kernel told after it.
    pub(crate) fn state(&self) -> Option<&str> {
        match &self.act {
            Act::Call(call) => call.state.as_deref(),
            Act::Exits | Act::Killed => None,
        }
    }
}

/// What was recorded of all programs of a scene: what each did, in its own order. The first is the
/// server, and behind it come the clients.
pub(crate) fn queues(
    server: &Said,
    killed: Option<Duration>,
    clients: &[Said],
    tapped: bool,
) -> Vec<VecDeque<Step>> {
    let of = |who: Who, said: &Said, end: Option<(Duration, Act)>| {
        let calls = said.calls.iter().cloned().map(|call| Step::call(who, call, tapped));
        let end = end.map(|(at, act)| Step { who, at, act, link: None });
        calls.chain(end).collect::<VecDeque<Step>>()
    };
    let mut queues = vec![of(Who::Server, server, killed.map(|at| (at, Act::Killed)))];
    for (number, client) in clients.iter().enumerate() {
        queues.push(of(Who::Client(number), client, Some((client.ended, Act::Exits))));
    }
    over_midnight(&mut queues);
    queues
}

/// A scene that began before midnight goes on after it.
fn over_midnight(queues: &mut [VecDeque<Step>]) {
    let latest = queues.iter().flatten().map(|step| step.at).max().unwrap_or_default();
    for step in queues.iter_mut().flatten().filter(|step| step.at + DAY / 2 < latest) {
        step.at += DAY;
    }
}
