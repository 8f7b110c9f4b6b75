//! What the tap tells: ladders on standard output, notices on standard error, packets into a file.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use common::error_text::cause;
use common::terminal::MessageLog;

use super::alter::Done;
use super::capture::{Capture, Flow, Leg, Speaker, datagram};
use super::live::{Teller, Told};
use super::network::Fate as Luck;
use super::shape::{After, Close};
use super::text;
use crate::ladder::{Column, Event, Fate, Load, Look, Names, Text, What};
use crate::screen;

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Who has connected to the tap, or sent it a first datagram.
    Client,
    /// Whom the tap has connected to.
    Server,
}

impl Side {
    fn place(self) -> Column {
        match self {
            Self::Client => Column::Left,
            Self::Server => Column::Right,
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// The connection between this side and the tap.
    fn leg(self) -> Leg {
        match self {
            Self::Client => Leg::Client,
            Self::Server => Leg::Server,
        }
    }

    /// What it is on either leg.
    fn speaker(self) -> Speaker {
        match self {
            Self::Client => Speaker::Caller,
            Self::Server => Speaker::Called,
        }
    }
}

/// What happened in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// Connections, or clients that sent datagrams.
    pub(super) clients: u64,
    /// Clients that were turned away.
    pub(super) refused: u64,
    pub(super) from_client: Count,
    pub(super) from_server: Count,
    pub(super) cut: u64,
    pub(super) reset: u64,
    pub(super) dropped: u64,
    pub(super) doubled: u64,
    pub(super) overtaken: u64,
    pub(super) corrupted: u64,
    pub(super) replaced: u64,
}

impl Totals {
    fn add(&mut self, done: Done) {
        self.corrupted += done.corrupted;
        self.replaced += done.replaced;
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) messages: u64,
    pub(super) bytes: u64,
}

/// What all conversations of one tap share.
pub(super) struct Log {
    output: Output,
    save: Option<Save>,
    totals: Mutex<Totals>,
}

/// Whom it is told to.
enum Output {
    /// A person, as ladders that look like that.
    Person(MessageLog, Look),
    /// The program that the tap is a part of.
    Program(Teller),
}

/// The capture; after an error it is given up.
struct Save {
    path: PathBuf,
    capture: Mutex<Result<Capture<Box<dyn Write + Send>>, io::Error>>,
}

impl Log {
    /// # Errors
    /// The file cannot be made.
    pub(super) fn new(save: Option<&Path>) -> anyhow::Result<Self> {
        let save = match save {
            None => None,
            Some(path) => {
                let begin = || {
                    let file: Box<dyn Write + Send> = Box::new(BufWriter::new(File::create(path)?));
                    Capture::new(file)
                };
                let capture = begin().with_context(|| text::cannot_write(path.display()))?;
                Some(Save { path: path.to_owned(), capture: Mutex::new(Ok(capture)) })
            }
        };
        let journal = MessageLog::new().context(text::cannot_print())?;
        let output = Output::Person(journal, screen::look());
        Ok(Self { output, save, totals: Mutex::default() })
    }

    /// Tells all to the program that the tap is a part of, packets included.
    pub(super) fn told_to(tell: Teller) -> io::Result<Self> {
        let writer: Box<dyn Write + Send> = Box::new(Packets(tell.clone()));
        let capture = Mutex::new(Ok(Capture::new(writer)?));
        let save = Some(Save { path: PathBuf::new(), capture });
        Ok(Self { output: Output::Program(tell), save, totals: Mutex::default() })
    }

    pub(super) fn notice(&self, words: fmt::Arguments<'_>) {
        match &self.output {
            Output::Person(..) => common::terminal::notice(words),
            Output::Program(tell) => tell(Told::Notice(words.to_string())),
        }
    }

    fn tell(&self, told: impl FnOnce() -> Told) {
        if let Output::Program(tell) = &self.output {
            tell(told());
        }
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Totals)) {
        change(&mut self.totals.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn lines(&self, lines: &str) {
        if let Output::Person(journal, _) = &self.output {
            journal.line(format_args!("{}", lines.trim_end_matches('\n')), &[]);
        }
    }

    fn packets(&self, leg: Leg, packets: &[Vec<u8>], remark: &str) {
        let Some(save) = &self.save else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut capture = save.capture.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(file) = &mut *capture else { return };
        if let Err(error) = file.write(leg, now, packets, remark) {
            let words = text::given_up(save.path.display(), cause(&error));
            self.notice(format_args!("{words}"));
            *capture = Err(error);
        }
    }

    /// Tells what happened in all.
    ///
    /// # Errors
    /// The capture file is not whole.
    pub(super) fn finish(&self, udp: bool) -> anyhow::Result<()> {
        let totals = *self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        self.lines(&summary(&totals, udp));
        let Some(save) = &self.save else { return Ok(()) };
        match &*save.capture.lock().unwrap_or_else(PoisonError::into_inner) {
            Ok(_) => self.lines(&text::saved_in(save.path.display())),
            Err(error) => bail!("{}", text::not_whole(save.path.display(), cause(error))),
        }
        Ok(())
    }
}

/// Where the bytes of a capture go that is no file.
struct Packets(Teller);

impl Write for Packets {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(Told::Packets(bytes.to_vec()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn summary(totals: &Totals, udp: bool) -> String {
    let count = |count: &Count| {
        let bytes = crate::text::bytes(count.bytes);
        match (udp, count.messages) {
            (false, _) => bytes,
            (true, 1) => text::one_datagram(bytes),
            (true, messages) => text::datagrams(messages, bytes),
        }
    };
    let who = match (udp, totals.clients) {
        (true, 1) => text::one_client().to_owned(),
        (true, clients) => text::clients(clients),
        (false, 1) => text::one_connection().to_owned(),
        (false, clients) => text::connections(clients),
    };
    let extra = [
        (totals.reset, text::count_reset(totals.reset)),
        (totals.cut, text::count_cut(totals.cut)),
        (totals.dropped, text::count_dropped(totals.dropped)),
        (totals.doubled, text::count_doubled(totals.doubled)),
        (totals.overtaken, text::count_overtaken(totals.overtaken)),
        (totals.corrupted, text::count_corrupted(totals.corrupted)),
        (totals.replaced, text::count_replaced(totals.replaced)),
        (totals.refused, text::count_refused(totals.refused)),
    ];
    let extra: String =
        extra.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    text::summary(who, count(&totals.from_client), count(&totals.from_server), extra)
}

/// Who talks, and through which of the tap's own addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The client's own address.
    pub client: SocketAddr,
    /// Where the client reaches the tap.
    pub front: SocketAddr,
    /// From where the tap reaches the server.
    pub back: SocketAddr,
    /// The server's own address.
    pub server: SocketAddr,
}

/// The ladder of one client.
struct Picture {
    names: Names,
    text: Text,
    began: Instant,
    number: u64,
    /// How many pieces of either side were told to wait for somebody.
    held: [usize; 2],
}

impl Picture {
    /// With the tap in the middle only where it does anything.
    fn new(log: &Log, number: u64, client: SocketAddr, server: &str, meddles: bool) -> Self {
        let names = Names {
            left: text::client(client),
            middle: meddles.then(|| "tap".to_owned()),
            right: text::server(server),
        };
        let look = match &log.output {
            Output::Person(_, look) => look.clone(),
            Output::Program(_) => Look::default(),
        };
        let text = Text::new(Look { tag: format!("#{number}"), ..look }, &names);
        log.lines(&text.head(&names));
        Self { names, text, began: Instant::now(), number, held: [0; 2] }
    }

    fn draw(&mut self, log: &Log, what: What) {
        // Where nothing stands in the middle, what begins or ends there goes all the way.
        debug_assert!(self.names.middle.is_some() || !touches_middle(&what));
        match &log.output {
            Output::Person(..) => {
                log.lines(&self.text.event(&Event::new(self.began.elapsed(), what)));
            }
            Output::Program(tell) => tell(Told::Happened { connection: self.number, what }),
        }
    }

    fn holds(&mut self, log: &Log, client: usize, server: usize) {
        if std::mem::replace(&mut self.held, [client, server]) != [client, server] {
            log.tell(|| Told::Held { connection: self.number, client, server });
        }
    }
}

fn touches_middle(what: &What) -> bool {
    matches!(
        what,
        What::Arrow { from: Column::Middle, .. }
            | What::Arrow { to: Column::Middle, .. }
            | What::At(Column::Middle, _)
    )
}

fn arrow(from: Column, to: Column, load: Load) -> What {
    What::Arrow { from, to, load, fate: Fate::Arrives }
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

/// A TCP connection as it is told.
pub(super) struct Connection<'a> {
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
    pub(super) fn new(
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
    pub(super) fn set_plain(&mut self, from: Side, plain: bool) {
        for (side, is) in &mut self.plain {
            if *side == from {
                *is = plain;
            }
        }
    }

    /// Nothing that came from there is inside the tap.
    pub(super) fn settled(&mut self, from: Side) {
        *self.inside(from) = 0;
    }

    /// So many pieces wait for somebody to let them through.
    pub(super) fn holds(&mut self, client: usize, server: usize) {
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
    pub(super) fn connected(&mut self, back: SocketAddr, server: SocketAddr) {
        self.addresses = Addresses { back, server, ..self.addresses };
        self.tell_ends();
        self.server_leg = Flow::new(Leg::Server, back, server);
        let handshake = self.server_leg.handshake();
        self.log.packets(Leg::Server, &handshake, "");
        self.picture
            .draw(self.log, arrow(Column::Left, Column::Right, Load::Words("connect".to_owned())));
    }

    /// The tap could not connect, so the client is reset.
    pub(super) fn not_connected(&mut self, cause: &str) {
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
    pub(super) fn arrived(&mut self, from: Side, bytes: &[u8]) {
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
    pub(super) fn changed(&mut self, done: Done) {
        if done != Done::default() {
            self.log.count(|totals| totals.add(done));
        }
    }

    /// The tap has sent these bytes on, in one call.
    pub(super) fn sent(&mut self, from: Side, bytes: &[u8]) {
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
    pub(super) fn stalled(&mut self, from: Side, waiting: usize) {
        let words = text::does_not_read(waiting);
        self.picture.draw(self.log, What::At(from.other().place(), words));
    }

    /// One side has ended its stream, or the connection.
    pub(super) fn end_arrived(&mut self, from: Side, end: Close) {
        if !self.is_plain(from) {
            self.picture.draw(self.log, arrow(from.place(), Column::Middle, words(end)));
            *self.inside(from) += 1;
        }
        let flow = self.flow(from.leg());
        let packets = match end {
            Close::Fin => flow.fin(from.speaker()),
            Close::Reset => flow.reset(from.speaker()),
        };
        self.log.packets(from.leg(), &packets, "");
    }

    /// The tap has ended the other side's stream, or connection, likewise.
    pub(super) fn end_sent(&mut self, from: Side, end: Close) {
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
    pub(super) fn stopped(&mut self) {
        self.picture.draw(self.log, What::Note(text::tap_ends().to_owned()));
    }

    /// The tap has ended the connection on both sides, as was asked for.
    pub(super) fn cut(&mut self, from: Side, after: After, end: Close) {
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

/// The datagrams of one client as they are told.
pub(super) struct Exchange<'a> {
    log: &'a Log,
    picture: Picture,
    addresses: Addresses,
}

impl<'a> Exchange<'a> {
    /// A client's first datagram has come.
    pub(super) fn new(log: &'a Log, number: u64, addresses: Addresses, meddles: bool) -> Self {
        log.count(|totals| totals.clients += 1);
        let server = addresses.server.to_string();
        let picture = Picture::new(log, number, addresses.client, &server, meddles);
        log.tell(|| Told::Connected { connection: number, addresses });
        Self { log, picture, addresses }
    }

    /// So many datagrams wait for somebody to let them through.
    pub(super) fn holds(&mut self, client: usize, server: usize) {
        self.picture.holds(self.log, client, server);
    }

    /// Somebody wants a datagram lost that has reached the tap.
    pub(super) fn lost_here(&mut self, from: Side, bytes: &[u8]) {
        let load = Load::Bytes(bytes.to_vec(), text::dropped().to_owned());
        let (begin, to) = (Column::Middle, from.other().place());
        self.picture.draw(self.log, What::Arrow { from: begin, to, load, fate: Fate::Lost });
        self.log.count(|totals| totals.dropped += 1);
    }

    /// The server is at another of its addresses than was thought.
    pub(super) fn server_is(&mut self, back: SocketAddr, server: SocketAddr) {
        self.addresses = Addresses { back, server, ..self.addresses };
    }

    /// A datagram has reached the tap, and this will happen to it; so much was changed in it.
    pub(super) fn arrived(&mut self, from: Side, bytes: &[u8], luck: Luck, done: Done) {
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
    pub(super) fn sent(&mut self, from: Side, bytes: &[u8], held: bool) {
        let begin = if held { Column::Middle } else { from.place() };
        let load = Load::Bytes(bytes.to_vec(), String::new());
        self.picture.draw(self.log, arrow(begin, from.other().place(), load));
        self.packet(from.other().leg(), from, bytes, "");
    }

    /// Something happened at one side.
    pub(super) fn at(&mut self, side: Side, words: &str) {
        self.picture.draw(self.log, What::At(side.place(), words.to_owned()));
    }

    /// Something is to be said of the whole.
    pub(super) fn note(&mut self, words: &str) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_tells_what_happened_and_nothing_else() {
        let count = |messages, bytes| Count { messages, bytes };
        let totals = Totals {
            clients: 1,
            from_client: count(0, 1),
            from_server: count(0, 200),
            ..Totals::default()
        };
        assert_eq!(
            summary(&totals, false),
            "1 connection: 1 byte from clients, 200 bytes from servers"
        );
        let totals =
            Totals { clients: 2, from_client: count(1, 5), dropped: 3, ..Totals::default() };
        assert_eq!(
            summary(&totals, true),
            "2 clients: 1 datagram of 5 bytes from clients, 0 datagrams of 0 bytes from servers, 3 dropped"
        );
    }
}
