//! Whether what a ladder shows can have happened: its rows held against the recording, and against
//! the rules of TCP and UDP. A scene that does not hold is not shown.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::cast::Who;
use super::order::{Impossible, Row, Shape};
use super::step::{Act, Step};
use super::world::{World, go_together};

/// Reads the rows from the top.
///
/// # Errors
/// The first row that cannot stand there.
pub(crate) fn check(
    recorded: &[VecDeque<Step>],
    rows: &[Row],
    streams: bool,
) -> Result<(), Impossible> {
    let mut world = World::new(streams);
    let mut told: BTreeMap<Who, Vec<Step>> = BTreeMap::new();
    let mut shown: Vec<Step> = Vec::new();
    let mut before = Duration::ZERO;
    for (number, row) in rows.iter().enumerate() {
        let bad = |why: &str| Impossible(format!("row {}: {why}: {row:?}", number + 1));
        if row.at < before {
            return Err(bad("it is earlier than the row above"));
        }
        before = row.at;
        for step in &row.told {
            if let Some(why) = world.forbids(step) {
                return Err(bad(why));
            }
            world.apply(step, matches!(row.shape, Shape::Travels { lost: true, .. }));
            told.entry(step.who).or_default().push(step.clone());
        }
        for step in &row.states {
            if !told.get(&step.who).is_some_and(|told| told.contains(step)) {
                return Err(bad("a state is shown before the call that told of it"));
            }
            if let Some(why) = world.forbids_state(step) {
                return Err(bad(why));
            }
            shown.push(step.clone());
        }
        if !states_go_together(row) {
            return Err(bad("the two states cannot be at the same time"));
        }
    }
    for queue in recorded {
        in_their_order(queue, &told, &shown)?;
    }
    Ok(())
}

fn states_go_together(row: &Row) -> bool {
    let last = |client: bool| row.states.iter().rfind(|step| step.who.is_client() == client);
    match (last(true), last(false)) {
        (Some(ours), Some(theirs)) if ours.link == theirs.link => {
            ours.state().zip(theirs.state()).is_none_or(|(one, other)| go_together(one, other))
        }
        _ => true,
    }
}

/// Each program's calls are told once and in its order; what one thread gives may stand before what
/// another has received. No state is left out.
fn in_their_order(
    recorded: &VecDeque<Step>,
    told: &BTreeMap<Who, Vec<Step>>,
    shown: &[Step],
) -> Result<(), Impossible> {
    let Some(who) = recorded.front().map(|step| step.who) else { return Ok(()) };
    let told = told.get(&who).map_or(&[][..], Vec::as_slice);
    let kinds: [fn(&&Step) -> bool; 2] =
        [|step| step.received().is_none(), |step| step.sent().is_none() && !step.did("shutdown")];
    for kind in kinds {
        let calls = |step: &&Step| step.act != Act::Exits && kind(step);
        let wanted: Vec<&Step> = recorded.iter().filter(calls).collect();
        let got: Vec<&Step> = told.iter().filter(calls).collect();
        if wanted != got {
            return Err(Impossible(format!("recorded {wanted:?}, but told {got:?}")));
        }
    }
    let mut states = recorded.iter().filter(|step| step.state().is_some());
    match states.find(|step| !shown.contains(step)) {
        Some(step) => Err(Impossible(format!("the state of {step:?} is not shown"))),
        None => Ok(()),
    }
}
