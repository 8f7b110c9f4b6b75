//! A lesson's two programs with the tap between them.
//!
//! Everything that happens comes to one thread, in the order in which it becomes known, and leaves
//! it as events in an order that can have been ([`super::merge`]).

mod cast;
mod occurrence;
mod scene;
mod ways;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lab::tap::{Side, Tap, Told};
use serde_json::{Value, json};

use super::program::{Hear, Program, Said, Stream};
use super::tell::{Tell, with};
use super::words::printed;
use crate::lessons::Chosen;
use crate::tap::{Switches, cut_with};
use crate::text;
use cast::Cast;
use occurrence::Occurrence;
use scene::Scene;

/// How many things may wait to be told; who brings more waits.
const WAITING: usize = 1024;
/// How long a server may take until it listens.
const LISTENS: Duration = Duration::from_secs(20);
/// How long programs have to end that are asked to.
const GRACE: Duration = Duration::from_millis(800);
/// How often it is looked what has waited long enough.
const LOOK: Duration = Duration::from_millis(4);
/// The beginning of what a server prints; what is longer does not say where it listens.
const HEAD: usize = 4096;

/// What comes to the one thread.
enum Heard {
    Said(Side, SystemTime, Said),
    Told(SystemTime, Told),
    Listens(SocketAddr),
    Order(Value),
    /// There will be no more orders: the session is over.
    Over,
}

/// Runs the pair until both have ended, or standard input has.
pub(super) fn run(order: &Value, tell: &Tell) -> anyhow::Result<()> {
    let (send, heard) = sync_channel(WAITING);
    let orders = send.clone();
    thread::Builder::new()
        .spawn(move || read_orders(&orders))
        .context(text::cannot_start("orders"))?;
    let cast = Cast::read(order)?;
    let mut switches = Switches::new(cast.lesson.udp);
    let _ = switches.change(&order["tap"], cast.lesson.udp);
    let mut pair = Pair::new(cast, switches, tell, send);
    let done = pair.play(&heard);
    pair.leave(&heard);
    // Who waits to tell more is not to wait any longer.
    drop(heard);
    done
}

fn read_orders(orders: &SyncSender<Heard>) {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        if let Ok(order) = serde_json::from_str(&line)
            && orders.send(Heard::Order(order)).is_err()
        {
            return;
        }
    }
    let _ = orders.send(Heard::Over);
}

struct Pair<'a> {
    cast: Cast,
    scene: Scene<'a>,
    switches: Switches,
    send: SyncSender<Heard>,
    hear: Hear,
    server: Option<Program>,
    client: Option<Program>,
    tap: Option<Tap>,
    /// What the server has printed, until it listens.
    head: Vec<u8>,
    began: Instant,
    over: bool,
}

impl<'a> Pair<'a> {
    fn new(cast: Cast, switches: Switches, tell: &'a Tell, send: SyncSender<Heard>) -> Self {
        let hear = send.clone();
        let hear: Hear = Arc::new(move |side, at, said| {
            let _ = hear.send(Heard::Said(side, at, said));
        });
        Self {
            scene: Scene::new(&cast, tell),
            cast,
            switches,
            send,
            hear,
            server: None,
            client: None,
            tap: None,
            head: Vec::new(),
            began: Instant::now(),
            over: false,
        }
    }

    fn play(&mut self, heard: &Receiver<Heard>) -> anyhow::Result<()> {
        self.scene.act("begin", self.cast.json());
        self.scene.act("tap", self.switches.json());
        let addr = self.cast.server_addr()?;
        self.start(Side::Server, addr)?;
        if self.cast.is_own(Side::Server) {
            self.wait_for_port(addr)?;
        }
        while !self.over && (self.server.is_some() || self.client.is_some()) {
            self.hear_next(heard)?;
            if self.tap.is_none() {
                let name = self.cast.name(Side::Server);
                if self.server.is_none() {
                    bail!(text::ended_too_early(name));
                }
                if self.began.elapsed() > LISTENS {
                    bail!(text::never_listened(name, LISTENS.as_secs()));
                }
            }
        }
        Ok(())
    }

    /// Takes what comes next, if it comes soon, and tells what can be told.
    fn hear_next(&mut self, heard: &Receiver<Heard>) -> anyhow::Result<()> {
        let soon = if self.scene.is_told() { Duration::from_millis(200) } else { LOOK };
        match heard.recv_timeout(soon) {
            Ok(heard) => self.take(heard)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.over = true,
        }
        self.scene.tell_what_is_due(false);
        Ok(())
    }

    fn take(&mut self, heard: Heard) -> anyhow::Result<()> {
        match heard {
            Heard::Said(side, at, said) => self.said(side, at, said)?,
            Heard::Told(at, told) => self.scene.tap(at, told),
            Heard::Listens(addr) => self.listens(addr)?,
            Heard::Order(order) => self.obey(&order)?,
            Heard::Over => self.over = true,
        }
        Ok(())
    }

    fn said(&mut self, side: Side, at: SystemTime, said: Said) -> anyhow::Result<()> {
        match said {
            Said::Call(call, bytes, marks) => {
                self.scene.call(side, Occurrence::Call { side, call, bytes, marks });
            }
            Said::Printed(stream, bytes) => {
                let (who, which) = (json!(cast::name(side)), json!(stream.name()));
                let fields = with(printed(&bytes), [("side", who), ("stream", which)]);
                self.scene.output(side, at, "out", fields);
                let waits = self.tap.is_none() && !self.cast.is_own(Side::Server);
                if waits && side == Side::Server && stream == Stream::Out {
                    self.head.extend(bytes.iter().take(HEAD.saturating_sub(self.head.len())));
                    if let Some(addr) = cast::listening(&self.head) {
                        self.listens(addr)?;
                    }
                }
            }
            Said::Ended(status) => {
                let program =
                    if side == Side::Client { &mut self.client } else { &mut self.server };
                *program = None;
                self.scene.exit(side, at, status);
            }
        }
        Ok(())
    }

    /// The server can be reached: the tap comes before it, and the client.
    fn listens(&mut self, server: SocketAddr) -> anyhow::Result<()> {
        if self.tap.is_some() || self.server.is_none() {
            return Ok(());
        }
        self.scene.act("listening", json!({ "side": "server", "addr": server.to_string() }));
        let send = self.send.clone();
        let tap =
            Tap::start(self.cast.lesson.udp, server, self.switches.settings(), move |told| {
                let _ = send.send(Heard::Told(SystemTime::now(), told));
            })?;
        tap.hold(self.switches.holds());
        let addr = tap.addr();
        self.scene.act("listening", json!({ "side": "tap", "addr": addr.to_string() }));
        self.tap = Some(tap);
        self.start(Side::Client, addr)
    }

    fn start(&mut self, side: Side, addr: SocketAddr) -> anyhow::Result<()> {
        let (command, line) = self.cast.command(side, addr)?;
        let traced = !self.cast.is_own(side);
        let program = Program::start(command, side, traced, &self.hear)
            .with_context(|| text::cannot_start(&line))?;
        self.scene.act(
            "started",
            json!({ "side": cast::name(side), "pid": program.id, "command": line }),
        );
        match side {
            Side::Client => self.client = Some(program),
            Side::Server => self.server = Some(program),
        }
        Ok(())
    }

    /// A program that says nothing of it listens when its port is taken.
    fn wait_for_port(&self, addr: SocketAddr) -> anyhow::Result<()> {
        let (send, udp) = (self.send.clone(), self.cast.lesson.udp);
        let wait = move || {
            let until = Instant::now() + LISTENS;
            while Instant::now() < until {
                if cast::is_taken(addr, udp) {
                    let _ = send.send(Heard::Listens(addr));
                    return;
                }
                thread::sleep(Duration::from_millis(20));
            }
        };
        thread::Builder::new().spawn(wait).context(text::cannot_start("port"))?;
        Ok(())
    }

    fn obey(&mut self, order: &Value) -> anyhow::Result<()> {
        let side = cast::side(&order["side"]);
        match order["do"].as_str() {
            Some("type") => self.type_bytes(side.unwrap_or(Side::Client), order),
            Some("tap") => {
                let _ = self.switches.change(&order["tap"], self.cast.lesson.udp);
                if let Some(tap) = &self.tap {
                    tap.set(self.switches.settings());
                    tap.hold(self.switches.holds());
                }
                self.scene.act("tap", self.switches.json());
            }
            Some("step") => {
                if let Some(tap) = &self.tap {
                    tap.step(cast::side(&order["from"]), order["drop"] == true);
                }
            }
            Some("cut") => {
                if let Some(tap) = &self.tap {
                    tap.cut(cut_with(order["with"].as_str().unwrap_or_default()));
                }
            }
            Some("kill") => match side {
                Some(Side::Server) => self.server.iter().for_each(Program::kill),
                _ => self.client.iter().for_each(Program::kill),
            },
            Some("client") => {
                let addr = self.tap.as_ref().map(Tap::addr);
                if let (Some(addr), None) = (addr, &self.client) {
                    if let Ok(chosen) = self.cast.lesson.read(&order["options"])
                        && !order["options"].is_null()
                    {
                        self.cast.chosen = Chosen::clone(&chosen);
                    }
                    self.start(Side::Client, addr)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn type_bytes(&mut self, side: Side, order: &Value) {
        let coded = order["base64"].as_str().unwrap_or_default();
        let bytes = STANDARD.decode(coded).unwrap_or_default();
        let eof = order["eof"] == true;
        let program = if side == Side::Client { &mut self.client } else { &mut self.server };
        let Some(program) = program else { return };
        let who = json!(cast::name(side));
        let fields = with(printed(&bytes), [("side", who), ("eof", json!(eof))]);
        let took = bytes.is_empty() || program.type_bytes(bytes);
        if eof {
            program.end_input();
        }
        if took {
            self.scene.act("typed", fields);
        } else {
            let who = match side {
                Side::Client => text::the_client(),
                Side::Server => text::the_server(),
            };
            self.scene.act("note", json!({ "words": text::does_not_read(who) }));
        }
    }

    /// Ends who still runs, and tells the rest.
    fn leave(&mut self, heard: &Receiver<Heard>) {
        self.client.iter().for_each(Program::ask_to_end);
        let begun = Instant::now();
        let (mut asked, mut killed) = (false, false);
        while (self.client.is_some() || self.server.is_some()) && begun.elapsed() < 2 * GRACE {
            // A server ends at once when nobody is left to be served.
            if !asked && (self.client.is_none() || begun.elapsed() > GRACE / 4) {
                self.client.iter().for_each(Program::kill);
                self.server.iter().for_each(Program::ask_to_end);
                asked = true;
            }
            if !killed && begun.elapsed() > GRACE {
                self.server.iter().for_each(Program::kill);
                killed = true;
            }
            match heard.recv_timeout(LOOK) {
                Ok(Heard::Said(side, at, said)) => _ = self.said(side, at, said),
                Ok(Heard::Told(at, told)) => self.scene.tap(at, told),
                Ok(Heard::Listens(_) | Heard::Order(_) | Heard::Over)
                | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.scene.tell_what_is_due(false);
        }
        self.scene.tell_what_is_due(true);
    }
}
