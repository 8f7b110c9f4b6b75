//! What happened, as the page is told it: calls, pieces, and which belongs to which.

use std::collections::HashMap;
use std::process::ExitStatus;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lab::ladder::{Column, Fate, Load, What};
use lab::tap::{Addresses, Side, Told, fate};
use lab::tour::{Call, Effect};
use serde_json::{Value, json};

use super::cast::{Cast, name};
use super::occurrence::Occurrence;
use super::ways::{Way, arriving, leaving, port_of, received, sent};
use crate::lessons::{Chosen, Lesson};
use crate::work::SHOWN;
use crate::work::flows::{Flow, Flows, Taken};
use crate::work::marks::Marks;
use crate::work::merge::Merge;
use crate::work::tell::{Tell, with};

/// A queue for each source.
const CLIENT: usize = 0;
const SERVER: usize = 1;
const TAP: usize = 2;
const CLIENT_OUTPUT: usize = 3;
const SERVER_OUTPUT: usize = 4;
const ACTS: usize = 5;

/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) struct Scene<'a> {
    tell: &'a Tell,
    /// When the session began, by the clock that traces have.
    began: SystemTime,
    merge: Merge<Occurrence>,
    flows: Flows,
    marks: HashMap<Flow, Option<Marks>>,
    lesson: &'static Lesson,
    chosen: Chosen,
    /// Who talks, by the number of the connection.
    connections: HashMap<u64, Addresses>,
    /// How many pieces wait, by connection.
    held: HashMap<u64, [usize; 2]>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(cast: &Cast, tell: &'a Tell) -> Self {
        let since = Duration::from_micros(tell.now());
        let began = SystemTime::now().checked_sub(since).unwrap_or(UNIX_EPOCH);
        Self {
            tell,
            began,
            merge: Merge::new(6),
            flows: Flows::silent(cast.silent()),
            marks: HashMap::new(),
            lesson: cast.lesson,
            chosen: cast.chosen.clone(),
            connections: HashMap::new(),
            held: HashMap::new(),
        }
    }

    fn since(&self, at: SystemTime) -> u64 {
        let since = at.duration_since(self.began).unwrap_or_default();
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
    }

    /// When a call returned, which a trace tells as a time of the day (UTC).
    fn time_of(&self, call: &Call) -> u64 {
        let began = self.began.duration_since(UNIX_EPOCH).unwrap_or_default();
        let midnight = began.as_secs() - began.as_secs() % DAY.as_secs();
        let mut at = Duration::from_secs(midnight) + call.time;
        if at + DAY / 2 < began {
            at += DAY;
        }
        u64::try_from(at.saturating_sub(began).as_micros()).unwrap_or(u64::MAX)
    }

    /// Something that the page or this program does, now.
    pub(super) fn act(&mut self, kind: &'static str, fields: Value) {
        self.merge.push(ACTS, self.tell.now(), Occurrence::Plain(kind, fields), Instant::now());
    }

    /// Something that a program printed.
    pub(super) fn output(&mut self, side: Side, at: SystemTime, kind: &'static str, fields: Value) {
        let queue = if side == Side::Client { CLIENT_OUTPUT } else { SERVER_OUTPUT };
        self.merge.push(queue, self.since(at), Occurrence::Plain(kind, fields), Instant::now());
    }

    /// A program has ended, behind its last call.
    pub(super) fn exit(&mut self, side: Side, at: SystemTime, status: ExitStatus) {
        #[cfg(unix)]
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        #[cfg(not(unix))]
        let signal: Option<i32> = None;
        let fields = json!({ "side": name(side), "status": status.code(), "signal": signal });
        let queue = if side == Side::Client { CLIENT } else { SERVER };
        self.merge.push(queue, self.since(at), Occurrence::Plain("exit", fields), Instant::now());
    }

    pub(super) fn call(&mut self, side: Side, occurrence: Occurrence) {
        let at = match &occurrence {
            Occurrence::Call { call, .. } => self.time_of(call),
            Occurrence::Tap(_) | Occurrence::Plain(..) => self.tell.now(),
        };
        let queue = if side == Side::Client { CLIENT } else { SERVER };
        self.merge.push(queue, at, occurrence, Instant::now());
    }

    pub(super) fn tap(&mut self, at: SystemTime, told: Told) {
        match told {
            Told::Packets(bytes) => self.tell.packets(&bytes),
            told => self.merge.push(TAP, self.since(at), Occurrence::Tap(told), Instant::now()),
        }
    }

    /// Whether nothing waits to be told.
    pub(super) fn is_told(&self) -> bool {
        self.merge.is_empty()
    }

    /// Tells what has waited long enough; everything, if nothing more will come.
    pub(super) fn tell_what_is_due(&mut self, all: bool) {
        let now = Instant::now();
        loop {
            let (flows, connections, udp) = (&self.flows, &self.connections, self.lesson.udp);
            let ready = |occurrence: &Occurrence| match occurrence.takes(connections, udp) {
                Some((flow, count)) => flows.has(flow, count),
                None => true,
            };
            let leads = |occurrence: &Occurrence| occurrence.brings(udp);
            let Some((at, occurrence)) = self.merge.next(now, all, ready, leads) else { return };
            match occurrence {
                Occurrence::Call { side, call, bytes, marks } => {
                    self.tell_call(at, side, &call, &bytes, marks);
                }
                Occurrence::Tap(told) => self.tell_tap(at, told),
                Occurrence::Plain(kind, fields) => _ = self.tell.event_at(at, kind, fields),
            }
        }
    }

    fn tell_call(&mut self, at: u64, side: Side, call: &Call, bytes: &[u8], marks: Option<String>) {
        let count = match &call.outcome {
            Effect::Bytes(count, _) => Some(*count),
            Effect::Done | Effect::Failed(_) => None,
        };
        let port = port_of(side, call);
        let is_it = |addresses: &&Addresses| match side {
            Side::Client => Some(addresses.client.port()) == port,
            Side::Server => Some(addresses.back.port()) == port,
        };
        let connection = self.connections.iter().find(|(_, addresses)| is_it(addresses));
        let mut fields = json!({
            "side": name(side),
            "name": call.name,
            "conn": connection.map(|(number, _)| number),
            "local": call.local.map(|addr| addr.to_string()),
            "peer": call.peer.map(|addr| addr.to_string()),
            "bytes": count,
            "data": count.map(|_| STANDARD.encode(bytes)),
            "more": count.is_some_and(|count| count > bytes.len() as u64),
            "marks": marks,
            "state": call.state,
            "error": match &call.outcome { Effect::Failed(cause) => Some(cause), _ => None },
            "range": null,
            "pieces": [],
        });
        if let Some((flow, count)) = received(side, call, self.lesson.udp) {
            let Taken { range, by } = self.flows.take(flow, count);
            let range = json!(range.map(|range| [range.start, range.end]));
            fields = with(fields, [("range", range), ("pieces", json!(by))]);
        }
        if let Some((flow, count)) = sent(side, call, self.lesson.udp) {
            // Its number is that of the event that is told now.
            let range = self.flows.bring(flow, count, self.tell.next());
            fields = with(fields, [("range", json!([range.start, range.end]))]);
        }
        self.tell.event_at(at, "call", fields);
    }

    fn tell_tap(&mut self, at: u64, told: Told) {
        match told {
            Told::Connected { connection, addresses } => {
                self.connections.insert(connection, addresses);
                self.tell.event_at(
                    at,
                    "connection",
                    json!({
                        "conn": connection,
                        "client": addresses.client.to_string(),
                        "front": addresses.front.to_string(),
                        "back": addresses.back.to_string(),
                        "server": addresses.server.to_string(),
                    }),
                );
            }
            Told::Held { connection, client, server } => {
                self.held.insert(connection, [client, server]);
                let sum =
                    |at: usize| self.held.values().filter_map(|held| held.get(at)).sum::<usize>();
                let fields = json!({ "client": sum(0), "server": sum(1) });
                self.tell.event_at(at, "held", fields);
            }
            Told::Notice(words) => _ = self.tell.event_at(at, "note", json!({ "words": words })),
            Told::Packets(bytes) => self.tell.packets(&bytes),
            Told::Happened { connection, what } => self.tell_happened(at, connection, what),
        }
    }

    fn tell_happened(&mut self, at: u64, connection: u64, what: What) {
        match what {
            What::Arrow { from, to, load, fate } => {
                let Some(way) = Way::of(from, to, fate) else { return };
                match load {
                    Load::Words(words) => {
                        let fields = json!({
                            "conn": connection, "from": name(way.from), "path": way.path,
                            "words": words, "lost": fate == Fate::Lost,
                        });
                        self.tell.event_at(at, "sign", fields);
                    }
                    Load::Bytes(bytes, remark) => {
                        self.tell_piece(at, connection, way, &bytes, &remark);
                    }
                }
            }
            What::At(column, words) => {
                let place = match column {
                    Column::Left => "client",
                    Column::Middle => "tap",
                    Column::Right => "server",
                };
                let fields = json!({ "conn": connection, "place": place, "words": words });
                self.tell.event_at(at, "at", fields);
            }
            What::Note(words) => {
                let fields = json!({ "conn": connection, "words": words });
                self.tell.event_at(at, "note", fields);
            }
        }
    }

    fn tell_piece(&mut self, at: u64, connection: u64, way: Way, bytes: &[u8], remark: &str) {
        let addresses = self.connections.get(&connection).copied();
        let count = if self.lesson.udp { 1 } else { bytes.len() as u64 };
        let arrives = addresses.filter(|_| way.arrives).map(|it| arriving(way.from, &it));
        let leaves = addresses.filter(|_| way.leaves).map(|it| leaving(way.from, &it));
        let taken = arrives.map(|flow| self.flows.take(flow, count)).unwrap_or_default();
        let out = leaves.map(|flow| self.flows.bring(flow, count, self.tell.next()));
        let [first, second] = [arrives, leaves].map(|flow| self.mark(flow?, way.from, bytes));
        let shown = bytes.get(..SHOWN).unwrap_or(bytes);
        let fate = match (way.path, fate(remark)) {
            ("lost", "") => "dropped",
            ("in", "") => "held",
            (_, "") => "passed",
            (_, fate) => fate,
        };
        let pair = |range: std::ops::Range<u64>| [range.start, range.end];
        let fields = json!({
            "conn": connection,
            "from": name(way.from),
            "path": way.path,
            "bytes": bytes.len(),
            "data": STANDARD.encode(shown),
            "more": shown.len() < bytes.len(),
            "marks": first.or(second),
            "remark": remark,
            "fate": fate,
            "sent_by": taken.by,
            "in": taken.range.map(pair),
            "out": out.map(pair),
        });
        self.tell.event_at(at, "piece", fields);
    }

    /// The marks of what passes on one leg.
    fn mark(&mut self, flow: Flow, from: Side, bytes: &[u8]) -> Option<String> {
        let new = || Marks::new(self.lesson, &self.chosen, from);
        self.marks.entry(flow).or_insert_with(new).as_mut().map(|marks| marks.mark(bytes, SHOWN))
    }
}
