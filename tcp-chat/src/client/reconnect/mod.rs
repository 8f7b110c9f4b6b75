//! `--reconnect`: a member of a room that comes back when its connection is lost.
//!
//! Three threads report to one channel: one that asks the user for lines, one that hears the room,
//! a new one for each connection, and here what they report is dealt with. What the user types
//! meanwhile is kept, and said when there is a room again.

mod name_claim;
mod prompt;
mod speaking;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context, bail};
use common::addr::Addr;
use common::cli::ClientOptions;
use common::error_text::{cause, chain};
use common::notice;
use common::socket::{Stream, has_vanished};
use common::terminal::{Input, Printer, Typed, bytes_as_line};
use tcp_chat::DEFAULT_ADDR;
use tcp_chat::both_sides::{End, LinePrefix};
use tcp_chat::farewell::{FULL_ROOM, in_our_language, is_farewell};
use tcp_chat::membership::{Membership, News};
use tcp_chat::text::{has_left, has_left_because};

use crate::both_at_once::{as_we_leave, start};
use crate::pauses::{LONGEST, Pauses};
use crate::room::hear_lines;
use crate::text;
use name_claim::NameClaim;
use prompt::Prompt;

/// How many lines that may not have been heard are shown.
const MOST_SHOWN: usize = 5;

/// Where the room is, and how it is shown.
pub(crate) struct Plan {
    pub(crate) addr: Addr,
    pub(crate) options: ClientOptions,
    pub(crate) name: Option<String>,
    pub(crate) prefix: LinePrefix,
}

/// What the threads report. What is heard bears the number of its connection.
enum Event {
    Typed(anyhow::Result<Typed>),
    NameIsTaken(u64),
    Ended(u64, anyhow::Result<End>, Option<String>),
}

/// Where we are.
enum State {
    InRoom {
        stream: Stream,
        since: Instant,
    },
    /// Nowhere, until the next try.
    Waiting {
        until: Instant,
    },
}

struct Member {
    plan: Plan,
    printer: Printer,
    is_terminal: bool,
    prompt: Prompt,
    report: Sender<Event>,
    us: Arc<Mutex<Membership>>,
    /// How many lines the room has said.
    heard: Arc<AtomicU64>,
    /// The number of the connection, and who is at its other end.
    number: u64,
    peer: SocketAddr,
    pauses: Pauses,
    /// Lines for a room that is there again.
    kept: VecDeque<Vec<u8>>,
    input_has_ended: bool,
    /// Our last words have been said.
    is_leaving: bool,
    /// They were the word for that, and not the end of the input.
    has_said_quit: bool,
    name_claim: NameClaim,
}

/// Joins by a first connection, and stays until the user leaves or the server sends us away.
pub(crate) fn stay(first: Stream, input: Input, plan: Plan) -> anyhow::Result<End> {
    let (report, events) = channel();
    let (printer, is_terminal, typed) = (input.printer(), input.is_terminal(), report.clone());
    let prompt = Prompt::start(input, move |line| typed.send(Event::Typed(line)).is_ok())?;
    let mut member = Member {
        printer,
        is_terminal,
        us: Arc::new(Mutex::new(Membership::new(plan.name.clone()))),
        plan,
        prompt,
        report,
        heard: Arc::default(),
        number: 0,
        peer: first.peer(),
        pauses: Pauses::new(),
        kept: VecDeque::new(),
        input_has_ended: false,
        is_leaving: false,
        has_said_quit: false,
        name_claim: NameClaim::default(),
    };
    let mut state = member.enter(first)?;
    loop {
        let heard = member.heard.load(Ordering::Relaxed);
        state = match (member.next_event(&events, &state)?, state) {
            (Some(Event::Typed(typed)), state) => match member.take(typed?, &state)? {
                Some(end) => return Ok(end),
                None => state,
            },
            (Some(Event::NameIsTaken(number)), state) => {
                member.name_is_taken(number);
                state
            }
            (Some(Event::Ended(number, end, farewell)), State::InRoom { stream, since })
                if number == member.number =>
            {
                stream.close();
                match member.lost(end?, farewell, since)? {
                    ControlFlow::Break(end) => return Ok(end),
                    ControlFlow::Continue(waiting) => waiting,
                }
            }
            (Some(Event::Ended(..)), state) => state,
            (None, State::InRoom { stream, since }) => {
                // Our last words are said, and the room has been silent since.
                if member.is_leaving && member.heard.load(Ordering::Relaxed) == heard {
                    stream.close();
                    return Ok(End::Ours);
                }
                if !member.is_leaving {
                    member.name_claim.ask(&lock(&member.us), &stream);
                }
                State::InRoom { stream, since }
            }
            (None, State::Waiting { .. }) => member.come_back()?,
        };
    }
}

impl Member {
    /// The next thing that is reported; nothing when it is time for something else.
    fn next_event(&self, events: &Receiver<Event>, state: &State) -> anyhow::Result<Option<Event>> {
        let until = match state {
            State::Waiting { until } => Some(*until),
            State::InRoom { .. } if self.is_leaving => {
                Instant::now().checked_add(self.plan.options.timeout)
            }
            State::InRoom { .. } => self.name_claim.due(),
        };
        let Some(until) = until else {
            return Ok(Some(events.recv().context(text::both_threads_failed())?));
        };
        match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(event) => Ok(Some(event)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => bail!(text::both_threads_failed()),
        }
    }

    /// Begins to hear a room, and says who we are and what was kept for it.
    fn enter(&mut self, stream: Stream) -> anyhow::Result<State> {
        self.number += 1;
        self.peer = stream.peer();
        let (number, from) = (self.number, stream.try_clone()?);
        let (us, heard) = (Arc::clone(&self.us), Arc::clone(&self.heard));
        // Of before: the name that a room gives us by itself is none to ask it for.
        let wanted = lock(&self.us).wanted().map(str::to_owned);
        let report = self.report.clone();
        let (printer, prefix) = (self.printer.clone(), self.plan.prefix.clone());
        start("recv", move || {
            let mut last_words = None;
            let end = hear_lines(from, &mut |line| {
                heard.fetch_add(1, Ordering::Relaxed);
                last_words = is_farewell(line).then(|| String::from_utf8_lossy(line).into_owned());
                if lock(&us).hears(line) == News::NameIsTaken {
                    let _ = report.send(Event::NameIsTaken(number));
                }
                printer.line(&prefix.now(), line)
            });
            let _ = report.send(Event::Ended(number, end, last_words));
        })?;
        if let Some(name) = wanted {
            // Where it cannot be sent, hearing ends as well, and tells it.
            let _ = stream.send_all(format!("/nick {name}\n").as_bytes());
        }
        let state = State::InRoom { stream, since: Instant::now() };
        for line in std::mem::take(&mut self.kept) {
            self.say(line, &state);
        }
        match self.input_has_ended {
            true => self.finish(&state),
            false => self.ask(),
        }
        Ok(state)
    }

    /// The connection has ended: that was all, or there is a next try.
    fn lost(
        &mut self,
        end: End,
        farewell: Option<String>,
        since: Instant,
    ) -> anyhow::Result<ControlFlow<End, State>> {
        if self.is_leaving {
            self.tell_unheard();
            return Ok(ControlFlow::Break(as_we_leave(end, self.has_said_quit, self.peer)));
        }
        let place = self.peer;
        let was_in_room = lock(&self.us).name().is_some();
        let why = match (farewell, end) {
            // Our own place in it may not have been noticed to be free yet.
            (Some(words), _) if is_full(&words) && self.number > 1 => in_our_language(&words),
            (Some(words), _) => bail!(text::has_closed(place, in_our_language(&words))),
            (None, End::Broken(error)) if has_vanished(&error) => text::does_not_answer(place),
            (None, End::Broken(error)) => has_left_because(place, cause(&error)),
            (None, _) => has_left(place),
        };
        if was_in_room && since.elapsed() > LONGEST {
            self.pauses.begin_anew();
        }
        self.name_claim.give_up();
        let waiting = self.wait(why);
        self.tell_unheard();
        Ok(ControlFlow::Continue(waiting))
    }

    /// Tells which lines went into a connection that has ended before the room had said them.
    fn tell_unheard(&self) {
        let unheard = lock(&self.us).leaves();
        for line in unheard.iter().take(MOST_SHOWN) {
            notice!("{}", text::may_be_unheard(bytes_as_line(line)));
        }
        if let Some(more) = unheard.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            notice!("{}", text::more_may_be_unheard(more));
        }
    }

    fn wait(&mut self, why: impl std::fmt::Display) -> State {
        let pause = self.pauses.next();
        notice!("{}", text::tries_again(why, format_args!("{:.1}", pause.as_secs_f64())));
        State::Waiting { until: Instant::now() + pause }
    }

    /// One try to be in the room again.
    fn come_back(&mut self) -> anyhow::Result<State> {
        // Found anew each time: the server may have moved.
        let Plan { addr, options, .. } = &self.plan;
        let connect = || -> anyhow::Result<Stream> {
            let target = addr.to_connect(DEFAULT_ADDR, options.timeout)?;
            let stream = Stream::connect(&target, options.timeout, options.trace())?;
            stream.watch_for_vanished_peer()?;
            Ok(stream)
        };
        match connect() {
            Err(error) => Ok(self.wait(chain(&error))),
            Ok(stream) => {
                notice!("{}", text::connected_again(stream.peer()));
                self.enter(stream)
            }
        }
    }

    /// Somebody has the name that we want.
    fn name_is_taken(&mut self, number: u64) {
        // At the first time, when the user has chosen it, the room's word is enough.
        if number != self.number || number == 1 {
            return;
        }
        self.name_claim.refused(&lock(&self.us));
    }
}

fn is_full(words: &str) -> bool {
    FULL_ROOM.strip_suffix(b"\n") == Some(words.as_bytes())
}

fn lock(us: &Mutex<Membership>) -> MutexGuard<'_, Membership> {
    us.lock().unwrap_or_else(PoisonError::into_inner)
}
