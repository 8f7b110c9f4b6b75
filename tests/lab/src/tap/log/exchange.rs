//! The datagrams of one client as they are told: in a ladder, in the capture, and in the count of
//! all.

use std::net::SocketAddr;

use super::Log;
use super::picture::{Picture, arrow};
use super::told::Told;
use crate::ladder::{Column, Fate, Load, What};
use crate::tap::alter::Done;
use crate::tap::capture::{Leg, datagram};
use crate::tap::network::Fate as Luck;
use crate::tap::side::{Addresses, Side};
use crate::tap::text;

/// The datagrams of one client as they are told.
pub(crate) struct Exchange<'a> {
    log: &'a Log,
    picture: Picture,
    addresses: Addresses,
}

impl<'a> Exchange<'a> {
    /// A client's first datagram has come.
    pub(crate) fn new(log: &'a Log, number: u64, addresses: Addresses, meddles: bool) -> Self {
        log.count(|totals| totals.clients += 1);
        let server = addresses.server.to_string();
        let picture = Picture::new(log, number, addresses.client, &server, meddles);
        log.tell(|| Told::Connected { connection: number, addresses });
        Self { log, picture, addresses }
    }

    /// So many datagrams wait for somebody to let them through.
    pub(crate) fn holds(&mut self, client: usize, server: usize) {
        self.picture.holds(self.log, client, server);
    }

    /// Somebody wants a datagram lost that has reached the tap.
    pub(crate) fn lost_here(&mut self, from: Side, bytes: &[u8]) {
        let load = Load::Bytes(bytes.to_vec(), text::dropped().to_owned());
        let (begin, to) = (Column::Middle, from.other().place());
        self.picture.draw(self.log, What::Arrow { from: begin, to, load, fate: Fate::Lost });
        self.log.count(|totals| totals.dropped += 1);
    }

    /// The server is at another of its addresses than was thought.
    pub(crate) fn server_is(&mut self, back: SocketAddr, server: SocketAddr) {
        self.addresses = Addresses { back, server, ..self.addresses };
    }

    /// A datagram has reached the tap, and this will happen to it; so much was changed in it.
    pub(crate) fn arrived(&mut self, from: Side, bytes: &[u8], luck: Luck, done: Done) {
        let changed = if done == Done::default() { "" } else { text::changed() };
        let (lost, remark) = match luck {
            Luck::Passes | Luck::Held => (false, changed),
            Luck::Doubled => (false, text::doubled()),
            Luck::Overtaken => (false, text::waits_to_be_overtaken()),
            Luck::Dropped => (true, text::dropped()),
            Luck::NoRoom => (true, text::no_room()),
        };
        let load = Load::Bytes(bytes.to_vec(), remark.to_owned());
        if lost {
            let (from, to) = (from.place(), from.other().place());
            self.picture.draw(self.log, What::Arrow { from, to, load, fate: Fate::Lost });
        } else if luck != Luck::Passes {
            self.picture.draw(self.log, arrow(from.place(), Column::Middle, load));
        }
        self.packet(from.leg(), from, bytes, remark);
        self.log.count(|totals| {
            let count = match from {
                Side::Client => &mut totals.from_client,
                Side::Server => &mut totals.from_server,
            };
            count.messages += 1;
            count.bytes += bytes.len() as u64;
            totals.add(done);
            match luck {
                Luck::Passes | Luck::Held => {}
                Luck::Doubled => totals.doubled += 1,
                Luck::Overtaken => totals.overtaken += 1,
                Luck::Dropped | Luck::NoRoom => totals.dropped += 1,
            }
        });
    }

    /// The tap has sent a datagram on.
    pub(crate) fn sent(&mut self, from: Side, bytes: &[u8], held: bool) {
        let begin = if held { Column::Middle } else { from.place() };
        let load = Load::Bytes(bytes.to_vec(), String::new());
        self.picture.draw(self.log, arrow(begin, from.other().place(), load));
        self.packet(from.other().leg(), from, bytes, "");
    }

    /// Something happened at one side.
    pub(crate) fn at(&mut self, side: Side, words: &str) {
        self.picture.draw(self.log, What::At(side.place(), words.to_owned()));
    }

    /// Something is to be said of the whole.
    pub(crate) fn note(&mut self, words: &str) {
        self.picture.draw(self.log, What::Note(words.to_owned()));
    }

    fn packet(&self, leg: Leg, from: Side, bytes: &[u8], remark: &str) {
        let (caller, called) = match leg {
            Leg::Client => (self.addresses.client, self.addresses.front),
            Leg::Server => (self.addresses.back, self.addresses.server),
        };
        self.log.packets(leg, &[datagram(leg, from.speaker(), caller, called, bytes)], remark);
    }
}

/// What became of a datagram of which this is remarked: `doubled`, `overtaken`, `dropped`, `full`
/// (dropped for want of room), `changed`, or nothing of these.
pub fn fate(remark: &str) -> &'static str {
    let known = [
        (text::doubled(), "doubled"),
        (text::waits_to_be_overtaken(), "overtaken"),
        (text::dropped(), "dropped"),
        (text::no_room(), "full"),
        (text::changed(), "changed"),
    ];
    known.into_iter().find(|(words, _)| *words == remark).map_or("", |(_, name)| name)
}
