//! Several programs' steps in one order that can have happened, row by row.
//!
//! A line's time is that of the call's *return*: `recv` on one processor may return before the
//! `send` that it answers to has on another. So time decides only between what is possible
//! ([`World`]). The state in a line was told after the call, and perhaps after something that the
//! other side did meanwhile: it then stands in the row of what led to it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use common::error_text::of_the_system;

use super::cast::Who;
use super::step::{Act, Step};
use super::text;
use super::world::World;

/// One row of a ladder, and the steps that it tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) at: Duration,
    pub(crate) shape: Shape,
    /// In their order.
    pub(crate) told: Vec<Step>,
    /// The states that were told here, each with the step whose line has it.
    pub(crate) states: Vec<Step>,
}

/// What a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Something happens at one program.
    At(Who, String),
    /// Something travels from this program to the other side.
    Travels { from: Who, words: String, lost: bool },
}

/// The recording cannot be put into a possible order: a line of a trace is missing, or too much.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", text::no_possible_order(.0))]
pub(crate) struct Impossible(pub(crate) String);

/// All steps of all programs, the server's first, in rows.
pub(crate) fn arranged(queues: Vec<VecDeque<Step>>, streams: bool) -> Result<Vec<Row>, Impossible> {
    let lost = if streams { Vec::new() } else { lost(&queues) };
    let pending = vec![Vec::new(); queues.len()];
    let world = World::new(streams);
    Arranger { queues, pending, lost, world, streams, rows: Vec::new() }
        .arrange()
        .map(|rows| gathered(in_time(rows)))
}

struct Arranger {
    queues: Vec<VecDeque<Step>>,
    /// For each program the steps whose states are still to be shown: nothing has led to them yet.
    pending: Vec<Vec<Step>>,
    /// Datagrams that never arrived.
    lost: Vec<Step>,
    world: World,
    streams: bool,
    rows: Vec<Row>,
}

impl Shape {
    fn who(&self) -> Who {
        match self {
            Self::At(who, _) | Self::Travels { from: who, .. } => *who,
        }
    }
}

impl Arranger {
    fn arrange(mut self) -> Result<Vec<Row>, Impossible> {
        while let Some((program, at)) = self.next() {
            let Some(step) = self.queues.get_mut(program).and_then(|queue| queue.remove(at)) else {
                break;
            };
            self.emit(program, step);
            self.place_states();
        }
        let left = self.queues.iter().flatten().next();
        let stuck = self.pending.iter().flatten().next().or(left);
        match stuck {
            Some(step) => {
                let why = self.world.forbids(step).or(self.world.forbids_state(step));
                let who = if step.who.is_client() { "client" } else { "server" };
                Err(Impossible(format!("{who}: {}: {}", step.name(), why.unwrap_or_default())))
            }
            None => Ok(self.rows),
        }
    }

    /// Whose step comes next, and where it stands in that program's queue.
    fn next(&self) -> Option<(usize, usize)> {
        let heads = self.queues.iter().enumerate().filter_map(|(program, queue)| {
            let head = queue.front().filter(|_| self.is_free(program))?;
            self.is_possible(head).then_some((head.at, program))
        });
        if let Some((_, program)) = heads.min() {
            return Some((program, 0));
        }
        // A program with two threads: what one of them gives may have been noted behind what the
        // other has received for it. Clients mostly speak first.
        self.queues.iter().enumerate().rev().find_map(|(program, queue)| {
            let gives = |step: &Step| step.sent().is_some() || step.did("shutdown");
            let skipped = queue.iter().take_while(|step| step.received().is_some()).count();
            let step = queue.get(skipped).filter(|step| self.is_free(program) && gives(step))?;
            self.is_possible(step).then_some((program, skipped))
        })
    }

    fn is_free(&self, program: usize) -> bool {
        self.pending.get(program).is_some_and(Vec::is_empty)
    }

    fn is_possible(&self, step: &Step) -> bool {
        self.world.forbids(step).is_none() && !self.comes_too_early(step)
    }

    /// Whether the other side will still tell of a state that it can only have had before this.
    fn comes_too_early(&self, step: &Step) -> bool {
        let links = self.world.ended_by(step);
        let later = self.queues.iter().flatten().chain(self.pending.iter().flatten());
        let before = |other: &Step| {
            other.who != step.who
                && other.link.is_some_and(|link| links.contains(&link))
                && other.state().is_some_and(World::comes_before_the_peers_end)
        };
        later.into_iter().any(before)
    }

    /// States that were waiting for what has just happened.
    fn place_states(&mut self) {
        let Some(row) = self.rows.last_mut() else { return };
        for pending in &mut self.pending {
            let possible = |step: &&Step| self.world.forbids_state(step).is_none();
            let count = pending.iter().take_while(possible).count();
            row.states.extend(pending.drain(..count));
        }
    }

    fn emit(&mut self, program: usize, step: Step) {
        let ended = self.world.ended_by(&step);
        let sees_end = |other: &&Step| {
            other.who != step.who
                && other.link.is_some_and(|link| ended.contains(&link))
                && (other.is_end_of_stream() && !other.is_own_end() || other.is_reset())
        };
        let seen = self.queues.iter().flatten().find(sees_end).map(Step::is_reset);
        if step.act == Act::Exits && seen.is_none() {
            // Whoever ends when all is over is told of below the ladder.
            return;
        }
        let lost = self.lost.contains(&step);
        self.world.apply(&step, lost);
        self.remember_state(program, &step);
        let partner = if lost { None } else { self.partner(&step, &ended) };
        let partner = partner.and_then(|program| {
            let step = self.queues.get_mut(program)?.pop_front()?;
            self.world.apply(&step, false);
            self.remember_state(program, &step);
            Some(step)
        });
        let shape = shape(&step, partner.as_ref(), seen, lost, self.streams);
        let at = partner.as_ref().map_or(step.at, |partner| step.at.min(partner.at));
        let told = [step].into_iter().chain(partner).collect();
        self.rows.push(Row { at, shape, told, states: Vec::new() });
    }

    fn remember_state(&mut self, program: usize, step: &Step) {
        if let Some(pending) = self.pending.get_mut(program).filter(|_| step.state().is_some()) {
            pending.push(step.clone());
        }
    }

    /// The program whose next step is the other half of this one, which gives these ends.
    fn partner(&self, step: &Step, ended: &[SocketAddr]) -> Option<usize> {
        self.queues.iter().enumerate().position(|(program, queue)| {
            let Some(head) = queue.front().filter(|head| head.who != step.who) else {
                return false;
            };
            let is_the_end = head.is_end_of_stream()
                && !head.is_own_end()
                && head.link.is_some_and(|link| ended.contains(&link));
            let half = is_the_end
                || self.world.brings_just(head, step)
                || step.did("connect") && head.did("accept") && head.link == step.link;
            half && self.may_go_on(program) && self.world.forbids(head).is_none()
        })
    }

    /// Whether the states that this program has still to tell can stand in this row.
    fn may_go_on(&self, program: usize) -> bool {
        let pending = self.pending.get(program).map_or(&[][..], Vec::as_slice);
        pending.iter().all(|step| self.world.forbids_state(step).is_none())
    }
}

/// What stands above another row happened before that one's call returned, whatever its own clock
/// says.
fn in_time(mut rows: Vec<Row>) -> Vec<Row> {
    let mut latest = Duration::MAX;
    for row in rows.iter_mut().rev() {
        row.at = row.at.min(latest);
        latest = row.at;
    }
    rows
}

/// `socket`, `bind` and their like are one row: nothing travels, and nothing comes between them.
fn gathered(rows: Vec<Row>) -> Vec<Row> {
    let mut gathered: Vec<Row> = Vec::new();
    for row in rows {
        let is_setup = |row: &Row| {
            row.told
                .iter()
                .all(|step| ["socket", "bind", "listen"].iter().any(|name| step.did(name)))
        };
        match (gathered.last_mut(), &row.shape) {
            (Some(last), Shape::At(who, name))
                if is_setup(last) && is_setup(&row) && last.shape.who() == *who =>
            {
                let Shape::At(_, names) = &mut last.shape else { continue };
                *names = format!("{names}, {name}");
                last.told.extend(row.told);
                last.states.extend(row.states);
                last.at = row.at;
            }
            _ => gathered.push(row),
        }
    }
    gathered
}

/// What the row of a step, and of the other half of it, shows. `seen`: whether the other side will
/// see an end that it gives, and whether as a reset.
fn shape(
    step: &Step,
    partner: Option<&Step>,
    seen: Option<bool>,
    lost: bool,
    streams: bool,
) -> Shape {
    let who = step.who;
    let travels = |words: String| Shape::Travels { from: who, words, lost: false };
    if let Some(cause) = step.failure() {
        return Shape::At(who, text::failed(step.name(), of_the_system(cause)));
    }
    if let Some((count, beginning)) = step.sent() {
        let words = bytes(count, beginning);
        return match (partner, lost) {
            (_, true) => Shape::Travels { from: who, words: text::lost(words), lost },
            (Some(_), _) => travels(words),
            (None, _) => travels(format!("{} {words}", step.name())),
        };
    }
    if step.is_own_end() && streams {
        return Shape::At(who, text::own_end("recv"));
    }
    if step.is_end_of_stream() && streams {
        return Shape::At(who, text::end_of_stream("recv"));
    }
    if let Some((count, beginning)) = step.received() {
        return Shape::At(who, format!("{} {}", step.name(), bytes(count, beginning)));
    }
    if step.ends() {
        let name = match step.act {
            Act::Exits => text::exits(),
            Act::Killed => text::is_killed(),
            Act::Call(_) => step.name(),
        };
        return match seen {
            Some(true) => travels(text::reset(name)),
            Some(false) => travels(text::end_of_stream(name)),
            None => Shape::At(who, name.to_owned()),
        };
    }
    match partner {
        Some(other) => travels(format!("{}, {}", step.name(), other.name())),
        // TCP's has sent and received something, UDP's has not.
        None if streams && step.did("connect") => travels(step.name().to_owned()),
        None => Shape::At(who, step.name().to_owned()),
    }
}

/// A count of bytes, and their beginning in quotation marks.
fn bytes(count: u64, beginning: &str) -> String {
    let quoted = match beginning.strip_suffix('…') {
        Some(beginning) => format!("\"{beginning}\"…"),
        None => format!("\"{beginning}\""),
    };
    format!("{} {quoted}", crate::text::bytes(count))
}

/// How much earlier than the `send` of its datagram a `recv` may be noted on a busy machine.
const BLUR: Duration = Duration::from_millis(50);

/// Datagrams that no `recv` brought. Of several equal ones, which a client sends when nothing has
/// come for a while, each arrival is that of the last one before it.
fn lost(queues: &[VecDeque<Step>]) -> Vec<Step> {
    let mut lost = Vec::new();
    let mut sent: Vec<&Step> =
        queues.iter().flatten().filter(|step| step.sent().is_some()).collect();
    sent.sort_by_key(|step| step.at);
    while let Some(first) = sent.first().copied() {
        let alike = |step: &&Step| {
            step.sent() == first.sent() && step.link == first.link && step.who == first.who
        };
        let (same, others) = sent.into_iter().partition::<Vec<&Step>, _>(alike);
        let brings = |step: &&Step| {
            step.received() == first.sent() && step.link == first.link && step.who != first.who
        };
        let mut arrivals: Vec<Duration> =
            queues.iter().flatten().filter(brings).map(|step| step.at).collect();
        arrivals.sort_unstable();
        lost.extend(not_arrived(same, &arrivals).into_iter().cloned());
        sent = others;
    }
    lost
}

/// Which of these equal datagrams did not arrive, of which so many did, then.
fn not_arrived<'a>(mut sent: Vec<&'a Step>, arrivals: &[Duration]) -> Vec<&'a Step> {
    let mut end = sent.len();
    for (earlier, arrival) in arrivals.iter().enumerate().rev() {
        let before = |step: &&Step| step.at <= *arrival + BLUR;
        // Those that arrived earlier need one each, too.
        let last = sent.get(..end).and_then(|sent| sent.iter().rposition(before));
        let at = last.unwrap_or_default().max(earlier);
        if at < sent.len() {
            sent.remove(at);
        }
        end = at;
    }
    sent
}

#[cfg(test)]
pub(crate) mod tests;
