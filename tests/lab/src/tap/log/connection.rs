//! A TCP connection as it is told: in a ladder, in the capture, and in the count of all.

use std::net::SocketAddr;

use super::Log;
use super::picture::{Picture, arrow};
use super::told::Told;
use crate::ladder::{Column, Fate, Load, What};
use crate::tap::alter::Done;
use crate::tap::capture::{Flow, Leg, Speaker};
use crate::tap::close::{After, Close};
use crate::tap::side::{Addresses, Side};
use crate::tap::text;

/// A TCP connection as it is told.
pub(crate) struct Connection<'a> {
    log: &'a Log,
    picture: Picture,
    addresses: Addresses,
    client_leg: Flow,
    server_leg: Flow,
    /// Whether bytes from there go on as they come.
    plain: [(Side, bool); 2],
    /// How many of them have been shown to reach the tap and not to leave it.
    inside: [u64; 2],
}

impl<'a> Connection<'a> {
    /// A client has connected, and nothing is known of the server yet.
    pub(crate) fn new(
        log: &'a Log,
        number: u64,
        addresses: Addresses,
        server: &str,
        plain: [(Side, bool); 2],
        meddles: bool,
    ) -> Self {
        let picture = Picture::new(log, number, addresses.client, server, meddles);
        let mut client_leg = Flow::new(Leg::Client, addresses.client, addresses.front);
        log.packets(Leg::Client, &client_leg.handshake(), "");
        log.count(|totals| totals.clients += 1);
        Self {
            log,
            picture,
            addresses,
            client_leg,
            server_leg: Flow::new(Leg::Server, addresses.back, addresses.server),
            plain,
            inside: [0; 2],
        }
    }

    /// From now on bytes from there go on as they come, or do not.
    pub(crate) fn set_plain(&mut self, from: Side, plain: bool) {
        for (side, is) in &mut self.plain {
            if *side == from {
                *is = plain;
            }
        }
    }

    /// Nothing that came from there is inside the tap.
    pub(crate) fn settled(&mut self, from: Side) {
        *self.inside(from) = 0;
    }

    /// So many pieces wait for somebody to let them through.
    pub(crate) fn holds(&mut self, client: usize, server: usize) {
        self.picture.holds(self.log, client, server);
    }

    fn inside(&mut self, from: Side) -> &mut u64 {
        let [client, server] = &mut self.inside;
        match from {
            Side::Client => client,
            Side::Server => server,
        }
    }

    fn tell_ends(&self) {
        let (connection, addresses) = (self.picture.number, self.addresses);
        self.log.tell(|| Told::Connected { connection, addresses });
    }

    /// The tap has connected to the server.
    pub(crate) fn connected(&mut self, back: SocketAddr, server: SocketAddr) {
        self.addresses = Addresses { back, server, ..self.addresses };
        self.tell_ends();
        self.server_leg = Flow::new(Leg::Server, back, server);
        let handshake = self.server_leg.handshake();
        self.log.packets(Leg::Server, &handshake, "");
        self.picture
            .draw(self.log, arrow(Column::Left, Column::Right, Load::Words("connect".to_owned())));
    }

    /// The tap could not connect, so the client is reset.
    pub(crate) fn not_connected(&mut self, cause: &str) {
        self.tell_ends();
        let load = Load::Words("connect".to_owned());
        let lost = What::Arrow { from: Column::Left, to: Column::Right, load, fate: Fate::Lost };
        self.picture.draw(self.log, lost);
        self.picture.draw(self.log, What::At(Column::Right, cause.to_owned()));
        self.picture.draw(self.log, arrow(Column::Right, Column::Left, words(Close::Reset)));
        self.log.packets(Leg::Client, &self.client_leg.reset(Speaker::Called), "");
        self.log.count(|totals| totals.reset += 1);
    }

    fn is_plain(&self, from: Side) -> bool {
        self.plain.iter().any(|(side, plain)| *side == from && *plain)
    }

    fn flow(&mut self, leg: Leg) -> &mut Flow {
        match leg {
            Leg::Client => &mut self.client_leg,
            Leg::Server => &mut self.server_leg,
        }
    }

    /// These bytes have reached the tap.
    pub(crate) fn arrived(&mut self, from: Side, bytes: &[u8]) {
        if !self.is_plain(from) {
            let load = Load::Bytes(bytes.to_vec(), String::new());
            self.picture.draw(self.log, arrow(from.place(), Column::Middle, load));
            *self.inside(from) += bytes.len() as u64;
        }
        let packets = self.flow(from.leg()).data(from.speaker(), bytes);
        self.log.packets(from.leg(), &packets, "");
        let length = bytes.len() as u64;
        self.log.count(|totals| match from {
            Side::Client => totals.from_client.bytes += length,
            Side::Server => totals.from_server.bytes += length,
        });
    }

    /// So much was changed in them.
    pub(crate) fn changed(&mut self, done: Done) {
        if done != Done::default() {
            self.log.count(|totals| totals.add(done));
        }
    }

    /// The tap has sent these bytes on, in one call.
    pub(crate) fn sent(&mut self, from: Side, bytes: &[u8]) {
        let load = Load::Bytes(bytes.to_vec(), String::new());
        self.pass(from, load);
        let inside = self.inside(from);
        *inside = inside.saturating_sub(bytes.len() as u64);
        let leg = from.other().leg();
        let packets = self.flow(leg).data(from.speaker(), bytes);
        self.log.packets(leg, &packets, "");
    }

    fn pass(&mut self, from: Side, load: Load) {
        let passes = self.is_plain(from) && *self.inside(from) == 0;
        let begin = if passes { from.place() } else { Column::Middle };
        self.picture.draw(self.log, arrow(begin, from.other().place(), load));
    }

    /// The receiver of what comes from there takes nothing, and so much waits in the tap.
    pub(crate) fn stalled(&mut self, from: Side, waiting: usize) {
        let words = text::does_not_read(waiting);
        self.picture.draw(self.log, What::At(from.other().place(), words));
    }

    /// One side has ended its stream, or the connection.
    pub(crate) fn end_arrived(&mut self, from: Side, end: Close) {
        if !self.is_plain(from) {
            self.picture.draw(self.log, arrow(from.place(), Column::Middle, words(end)));
            *self.inside(from) += 1;
        }
        self.end_on(from.leg(), from, end);
    }

    /// The tap has ended the other side's stream, or connection, likewise.
    pub(crate) fn end_sent(&mut self, from: Side, end: Close) {
        self.pass(from, words(end));
        self.settled(from);
        self.end_on(from.other().leg(), from, end);
        if end == Close::Reset {
            self.log.count(|totals| totals.reset += 1);
        }
    }

    fn end_on(&mut self, leg: Leg, from: Side, end: Close) {
        let flow = self.flow(leg);
        let packets = match end {
            Close::Fin => flow.fin(from.speaker()),
            Close::Reset => flow.reset(from.speaker()),
        };
        self.log.packets(leg, &packets, "");
    }

    /// The tap itself is to end, and so does the connection.
    pub(crate) fn stopped(&mut self) {
        self.picture.draw(self.log, What::Note(text::tap_ends().to_owned()));
    }

    /// The tap has ended the connection on both sides, as was asked for.
    pub(crate) fn cut(&mut self, from: Side, after: After, end: Close) {
        let side = match from {
            Side::Client => text::the_client(),
            Side::Server => text::the_server(),
        };
        let told = match after {
            After::Bytes(limit) => text::cut_after_bytes(crate::text::bytes(limit), side),
            After::Time(time) => text::cut_after_time(time.as_secs_f64()),
            After::Asked => text::cut_as_asked().to_owned(),
        };
        self.picture.draw(self.log, What::At(Column::Middle, told));
        for side in [Side::Server, Side::Client] {
            self.picture.draw(self.log, arrow(Column::Middle, side.other().place(), words(end)));
            self.end_on(side.other().leg(), side, end);
        }
        self.log.count(|totals| totals.cut += 1);
    }
}

fn words(end: Close) -> Load {
    Load::Words(
        match end {
            Close::Fin => text::end_of_stream(),
            Close::Reset => text::reset(),
        }
        .to_owned(),
    )
}
