//! What two programs' calls amount to: the events of a ladder.
//!
//! A `send` and the `recv` that brought exactly its bytes are one arrow. Where the other side
//! received something else, more at once or in pieces, both calls are shown: that is what the
//! lesson is about.

use std::time::Duration;

use super::call::{Call, Effect};
use super::order::{Side, merged};
use super::pair::Conversation;
use crate::ladder::{Column, Event, Fate, Ladder, Load, Names, States, What};

/// The ladder of a conversation.
pub(crate) fn tell(conversation: Conversation) -> Ladder {
    let status = conversation.status;
    let names = names(&conversation.client.calls, &conversation.server.calls);
    let shown = [
        (Side::Client, conversation.client.stdout),
        (Side::Client, conversation.client.others.join("\n")),
    ];
    let calls = merged(conversation.client.calls, conversation.server.calls);
    let mut events = Teller::new(calls).events();
    let end = events.last().map_or(Duration::ZERO, |event| event.at);
    for (side, lines) in shown {
        let lines = lines.lines().filter(|line| !line.is_empty());
        events
            .extend(lines.map(|line| Event::new(end, What::At(place(side), format!("» {line}")))));
    }
    let words =
        status.map_or("is killed".to_owned(), |status| format!("exits with status {status}"));
    events.push(Event::new(end, What::At(Column::Left, words)));
    Ladder { names, events }
}

fn names(client: &[Call], server: &[Call]) -> Names {
    let at = |calls: &[Call]| calls.iter().rev().find_map(|call| call.local);
    let name = |who: &str, calls: &[Call]| {
        at(calls).map_or(who.to_owned(), |addr| format!("{who} {addr}"))
    };
    let peer = client.iter().find_map(|call| call.peer);
    Names {
        left: name("client", client),
        middle: None,
        right: peer.map_or_else(|| name("server", server), |addr| format!("server {addr}")),
    }
}

fn place(side: Side) -> Column {
    match side {
        Side::Client => Column::Left,
        Side::Server => Column::Right,
    }
}

struct Teller {
    calls: Vec<(Side, Call)>,
    /// Calls that an arrow has told already.
    told: Vec<bool>,
    client: Counts,
    server: Counts,
}

/// How many bytes one side has sent and received.
#[derive(Default)]
struct Counts {
    sent: u64,
    received: u64,
}

impl Teller {
    fn new(calls: Vec<(Side, Call)>) -> Self {
        let told = vec![false; calls.len()];
        Self { calls, told, client: Counts::default(), server: Counts::default() }
    }

    fn events(mut self) -> Vec<Event> {
        let begin = self.calls.iter().map(|(_, call)| call.time).min().unwrap_or_default();
        let mut events: Vec<Event> = Vec::new();
        let mut setup: Option<(Side, Vec<String>)> = None;
        for at in 0..self.calls.len() {
            let Some((side, call)) = self.calls.get(at).cloned() else { break };
            if self.told.get(at) == Some(&true) {
                continue;
            }
            let time = call.time.saturating_sub(begin);
            // `socket`, `bind` and their like are one line: nothing travels, and nothing comes
            // between them.
            if matches!(call.name.as_str(), "socket" | "bind" | "listen")
                && call.outcome == Effect::Done
            {
                let same = setup.take().filter(|(who, _)| *who == side);
                let mut names = match same {
                    Some((_, names)) => {
                        events.pop();
                        names
                    }
                    None => Vec::new(),
                };
                names.push(call.name.clone());
                events.push(Event {
                    at: time,
                    what: What::At(place(side), names.join(", ")),
                    states: states(side, call.state, None),
                });
                setup = Some((side, names));
                continue;
            }
            setup = None;
            let (what, other_state) = self.happening(at, side, &call);
            events.push(Event { at: time, what, states: states(side, call.state, other_state) });
        }
        events
    }

    fn counts(&mut self, side: Side) -> &mut Counts {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    /// What a call is, and the state that the other side's half of it led to.
    fn happening(&mut self, at: usize, side: Side, call: &Call) -> (What, Option<String>) {
        let arrow = |words: String| What::Arrow {
            from: place(side),
            to: place(side.other()),
            load: Load::Words(words),
            fate: Fate::Arrives,
        };
        match (&call.outcome, call.name.as_str()) {
            (Effect::Failed(cause), name) => {
                (What::At(place(side), format!("{name}: {cause}")), None)
            }
            (Effect::Bytes(count, text), _) if call.sends() => {
                let (before, count) = (self.counts(side).sent, *count);
                self.counts(side).sent += count;
                let matching = |received: &Call, so_far: u64| {
                    so_far == before && received.bytes() == Some(count)
                };
                match self.counterpart(at, side.other(), Call::receives, matching) {
                    Some(_) => (arrow(bytes(count, text)), None),
                    None => (arrow(format!("send {}", bytes(count, text))), None),
                }
            }
            (Effect::Bytes(0, _), "recv") => {
                (What::At(place(side), "recv: end of stream".to_owned()), None)
            }
            (Effect::Bytes(count, text), name) => {
                self.counts(side).received += count;
                (What::At(place(side), format!("{name} {}", bytes(*count, text))), None)
            }
            // The two are halves of one event, and either may return first. UDP's connect sends
            // nothing, and nobody accepts it.
            (Effect::Done, name @ ("connect" | "accept")) => {
                let half = if name == "connect" { "accept" } else { "connect" };
                match self.counterpart(at, side.other(), |call| call.name == half, |_, _| true) {
                    Some(other) => {
                        let load = Load::Words("connect, accept".to_owned());
                        let (from, to) = (Column::Left, Column::Right);
                        (What::Arrow { from, to, load, fate: Fate::Arrives }, other.state)
                    }
                    None => (What::At(place(side), name.to_owned()), None),
                }
            }
            (Effect::Done, name @ ("shutdown" | "close")) => {
                let sent = self.counts(side).sent;
                let is_end =
                    |received: &Call, so_far: u64| so_far == sent && received.bytes() == Some(0);
                match self.counterpart(at, side.other(), Call::receives, is_end) {
                    Some(end) => (arrow(format!("{name}: end of stream")), end.state),
                    None if name == "shutdown" => (arrow(format!("{name}: end of stream")), None),
                    None => (What::At(place(side), name.to_owned()), None),
                }
            }
            (Effect::Done, name) => (What::At(place(side), name.to_owned()), None),
        }
    }

    /// The first later call of `side` that is of this kind, if it is the one that is looked for; it
    /// is then told.
    fn counterpart(
        &mut self,
        after: usize,
        side: Side,
        kind: impl Fn(&Call) -> bool,
        wanted: impl Fn(&Call, u64) -> bool,
    ) -> Option<Call> {
        let untold = |(at, (who, call)): &(usize, &(Side, Call))| {
            *who == side && kind(call) && self.told.get(*at) == Some(&false)
        };
        let (at, (_, call)) = self.calls.iter().enumerate().skip(after + 1).find(untold)?;
        let call = call.clone();
        if !wanted(&call, self.counts(side).received) {
            return None;
        }
        if call.receives() {
            self.counts(side).received += call.bytes().unwrap_or_default();
        }
        if let Some(told) = self.told.get_mut(at) {
            *told = true;
        }
        Some(call)
    }
}

fn bytes(count: u64, text: &str) -> String {
    let unit = if count == 1 { "byte" } else { "bytes" };
    match text.strip_suffix('…') {
        Some(text) => format!("{count} {unit} \"{text}\"…"),
        None => format!("{count} {unit} \"{text}\""),
    }
}

fn states(side: Side, own: Option<String>, other: Option<String>) -> States {
    match side {
        Side::Client => States { left: own, right: other },
        Side::Server => States { left: other, right: own },
    }
}
