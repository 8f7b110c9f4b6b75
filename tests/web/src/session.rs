//! One session: a process that does the work ([`crate::work`]), what it has told, and what it may
//! still be told.
//!
//! Standard input of that process is its life: when it is closed, because the session is over or
//! because this server has been killed, it ends what it has started, and itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::text::Lang;
use serde_json::{Value, json};

use crate::event_log::EventLog;
use crate::group::Group;
use crate::lessons::Lesson;
use crate::tap::Switches;

/// The most bytes that are typed at a time, and in a session.
pub(crate) const MOST_TYPED: usize = 65_536;
pub(crate) const TYPED_IN_ALL: usize = 4 << 20;
/// How many orders may wait for the process.
const ORDERS: usize = 256;
/// The longest line that it tells.
const LONGEST_LINE: u64 = 4 << 20;
/// How many may listen to one session at a time: tabs.
const MOST_LISTENERS: usize = 16;
/// How long it has to end by itself.
const GRACE: Duration = Duration::from_secs(3);

/// What a session is of.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// `pair`, `tour`, `experiment` or `check`.
    pub(crate) kind: &'static str,
    /// The lesson or the experiment.
    pub(crate) name: String,
    /// How long it may take.
    pub(crate) limit: Duration,
    /// Of a pair: what its programs and its tap can do.
    pub(crate) lesson: Option<&'static Lesson>,
    pub(crate) lang: Lang,
}

/// A session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) about: About,
    pub(crate) log: EventLog,
    pub(crate) began: Instant,
    state: Mutex<State>,
    /// Streams that are open.
    listeners: AtomicUsize,
    group: Group,
}

#[derive(Debug)]
struct State {
    /// The way to the process; none when it is to end.
    orders: Option<SyncSender<String>>,
    /// Why it was told to end.
    reason: Option<&'static str>,
    /// How many bytes were typed.
    typed: usize,
    /// Which programs run.
    runs: [bool; 2],
    switches: Switches,
    /// When the last stream was closed, or the session began.
    quiet_since: Instant,
    /// Whether anybody has listened.
    heard: bool,
}

/// Why something typed, or another order, is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The session has ended, or is about to.
    Ended,
    /// Too much has been typed.
    Enough,
    /// The process is too busy.
    Busy,
}

impl Session {
    /// Starts the process and gives it its first order.
    ///
    /// # Errors
    /// The system does not start it.
    pub(crate) fn start(
        id: String,
        about: About,
        program: &Path,
        order: &Value,
        switches: Switches,
    ) -> std::io::Result<Arc<Self>> {
        let mut command = Command::new(program);
        command.arg("work").args(["--lang", about.lang.code()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let (mut child, group) = Group::spawn(&mut command, &id)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let (orders, told) = sync_channel(ORDERS);
        let _ = orders.try_send(order.to_string());
        let now = Instant::now();
        let state = State {
            orders: Some(orders),
            reason: None,
            typed: 0,
            runs: [false; 2],
            switches,
            quiet_since: now,
            heard: false,
        };
        let session = Arc::new(Self {
            id,
            about,
            log: EventLog::new(),
            began: now,
            state: Mutex::new(state),
            listeners: AtomicUsize::new(0),
            group,
        });
        let own = Arc::clone(&session);
        thread::Builder::new().spawn(move || give(stdin, &told))?;
        thread::Builder::new().spawn(move || own.follow(child, stdout))?;
        Ok(session)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands an order to the process.
    pub(crate) fn order(&self, order: &Value) -> Result<(), Refused> {
        match &self.state().orders {
            None => Err(Refused::Ended),
            Some(orders) => orders.try_send(order.to_string()).map_err(|error| match error {
                TrySendError::Full(_) => Refused::Busy,
                TrySendError::Disconnected(_) => Refused::Ended,
            }),
        }
    }

    /// Whether one of the programs runs.
    pub(crate) fn runs(&self, side: &str) -> bool {
        let [client, server] = self.state().runs;
        if side == "client" { client } else { server }
    }

    /// Hands on what was typed.
    pub(crate) fn type_bytes(&self, side: &str, bytes: &[u8], eof: bool) -> Result<(), Refused> {
        if !self.runs(side) {
            return Err(Refused::Ended);
        }
        {
            let mut state = self.state();
            if state.typed + bytes.len() > TYPED_IN_ALL {
                return Err(Refused::Enough);
            }
            state.typed += bytes.len();
        }
        let bytes = STANDARD.encode(bytes);
        self.order(&json!({ "do": "type", "side": side, "base64": bytes, "eof": eof }))
    }

    /// How the switches of the tap stand, for a change of them.
    pub(crate) fn switches(&self) -> Switches {
        self.state().switches.clone()
    }

    pub(crate) fn set_switches(&self, switches: Switches) -> Result<(), Refused> {
        let order = json!({ "do": "tap", "tap": switches.json() });
        self.order(&order)?;
        self.state().switches = switches;
        Ok(())
    }

    /// Ends it. The first reason counts.
    pub(crate) fn end(self: &Arc<Self>, reason: &'static str) {
        {
            let mut state = self.state();
            state.reason.get_or_insert(reason);
            if state.orders.take().is_none() {
                return;
            }
        }
        let own = Arc::clone(self);
        // What does not end by itself is killed.
        let spawned = thread::Builder::new().spawn(move || {
            let until = Instant::now() + GRACE;
            while !own.log.has_ended() && Instant::now() < until {
                thread::sleep(Duration::from_millis(20));
            }
            own.kill();
        });
        if spawned.is_err() {
            self.group.kill();
        }
    }

    /// Kills it at once.
    pub(crate) fn kill(&self) {
        if !self.log.has_ended() {
            self.group.kill();
        }
    }

    /// Somebody listens, until what is returned is dropped; `None` where so many do already.
    pub(crate) fn listen(self: &Arc<Self>) -> Option<Listening> {
        // Dropped, it takes itself off the count.
        let listening = Listening(Arc::clone(self));
        let before = self.listeners.fetch_add(1, Ordering::SeqCst);
        self.state().heard = true;
        (before < MOST_LISTENERS).then_some(listening)
    }

    /// How long nobody has listened, and whether anybody ever did; `None` while somebody does.
    pub(crate) fn silence(&self) -> Option<(Duration, bool)> {
        let state = self.state();
        (self.listeners.load(Ordering::SeqCst) == 0)
            .then(|| (state.quiet_since.elapsed(), state.heard))
    }

    /// Takes down what the process tells, to its end.
    fn follow(self: Arc<Self>, mut child: Child, stdout: ChildStdout) {
        let mut reader = BufReader::new(stdout);
        let mut reason = "failed";
        loop {
            let mut line = Vec::new();
            match (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
            let Ok(line) = str::from_utf8(&line) else { break };
            let Some((sign, told)) = line.trim_end().split_at_checked(1) else { continue };
            match sign {
                "E" => self.keep(told),
                // Of a program that has begun or ended.
                "S" => {
                    self.note_state(told);
                    self.keep(told);
                }
                "P" => self.keep_packets(told),
                "X" => reason = "over",
                _ => {}
            }
        }
        // Its group, with whatever it could not end, must go before its number may be another's.
        self.group.kill();
        let _ = child.wait();
        let mut state = self.state();
        state.orders = None;
        state.runs = [false; 2];
        let reason = state.reason.unwrap_or(reason);
        drop(state);
        let t = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.log.end(&json!({ "kind": "end", "t": t, "reason": reason }).to_string());
    }

    fn keep(self: &Arc<Self>, event: &str) {
        if !self.log.push(event) {
            self.end("limit");
        }
    }

    /// A capture with a gap would be none, so that it has no end before the session has.
    fn keep_packets(self: &Arc<Self>, told: &str) {
        let Ok(bytes) = STANDARD.decode(told) else { return };
        if !self.log.push_packets(&bytes) {
            self.end("limit");
        }
    }

    fn note_state(&self, told: &str) {
        let Ok(event) = serde_json::from_str::<Value>(told) else { return };
        let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut state = self.state();
        let [client, server] = &mut state.runs;
        let runs = if text("side") == "client" { client } else { server };
        *runs = text("kind") == "started";
    }
}

/// Writes orders until there are no more, which closes the pipe.
fn give(mut stdin: ChildStdin, orders: &Receiver<String>) {
    for order in orders {
        if writeln!(stdin, "{order}").and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

/// Somebody who listens.
#[derive(Debug)]
pub(crate) struct Listening(Arc<Session>);

impl Listening {
    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.0
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.state().quiet_since = Instant::now();
        self.0.listeners.fetch_sub(1, Ordering::SeqCst);
    }
}
