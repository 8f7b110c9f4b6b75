//! Whether what a ladder shows can have happened: its rows held against the recording, and against
//! the rules of TCP and UDP. A scene that does not hold is not shown.

use std::collections::VecDeque;
use std::time::Duration;

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
    let mut untold = recorded.to_vec();
    let mut told: Vec<&Step> = Vec::new();
    let mut shown: Vec<&Step> = Vec::new();
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
            take(step, &mut untold, &world).map_err(bad)?;
            world.apply(step, matches!(row.shape, Shape::Travels { lost: true, .. }));
            told.push(step);
        }
        for step in &row.states {
            if !told.contains(&step) {
                return Err(bad("a state is shown before the call that told of it"));
            }
            if let Some(why) = world.forbids_state(step) {
                return Err(bad(why));
            }
            shown.push(step);
        }
        if !states_go_together(row) {
            return Err(bad("the two states cannot be at the same time"));
        }
    }
    // Whoever ended when all was over has no row.
    if let Some(step) = untold.iter().flatten().find(|step| step.act != Act::Exits) {
        return Err(Impossible(format!("{step:?} is not told")));
    }
    let mut states = recorded.iter().flatten().filter(|step| step.state().is_some());
    match states.find(|step| !shown.contains(step)) {
        Some(step) => Err(Impossible(format!("the state of {step:?} is not shown"))),
        None => Ok(()),
    }
}

/// Takes a step from what its program did. It is the next one; but a program with two threads may
/// have noted what one of them gave behind what the other has received, and then nobody else could
/// have gone on.
fn take(step: &Step, untold: &mut [VecDeque<Step>], world: &World) -> Result<(), &'static str> {
    let heads = untold.iter().filter_map(VecDeque::front);
    let all_wait =
        heads.clone().all(|head| head.act == Act::Exits || world.forbids(head).is_some());
    let queue =
        untold.iter_mut().find(|queue| queue.front().is_some_and(|head| head.who == step.who));
    let queue = queue.ok_or("it was not recorded, or is told twice")?;
    match queue.iter().position(|recorded| recorded == step) {
        None => Err("it was not recorded, or is told twice"),
        Some(at) if at > 0 && !all_wait => Err("its program did something else before"),
        Some(at) => {
            queue.remove(at);
            Ok(())
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tour::cast::Who;
    use crate::tour::order::arranged;
    use crate::tour::order::tests::steps;

    const CLIENT: [&str; 6] = [
        "1 connect ESTABLISHED",
        "10 send 2 \"hi\"",
        "20 recv 3 \"you\"",
        "30 shutdown FIN-WAIT-2",
        "40 recv 0 \"\" TIME-WAIT",
        "41 close TIME-WAIT",
    ];
    const SERVER: [&str; 5] = [
        "2 accept ESTABLISHED",
        "11 recv 2 \"hi\"",
        "12 send 3 \"you\"",
        "31 recv 0 \"\" CLOSE-WAIT",
        "32 close LAST-ACK",
    ];

    /// What was recorded, and its rows in a possible order.
    fn recording() -> (Vec<VecDeque<Step>>, Vec<Row>) {
        let queues = vec![steps(Who::Server, &SERVER), steps(Who::Client(0), &CLIENT)];
        let rows = arranged(queues.clone(), true).unwrap();
        check(&queues, &rows, true).unwrap();
        (queues, rows)
    }

    /// Why this change of the rows is impossible.
    #[track_caller]
    fn refused(change: impl FnOnce(&mut Vec<Row>)) -> String {
        let (queues, mut rows) = recording();
        change(&mut rows);
        check(&queues, &rows, true).expect_err("it is impossible").to_string()
    }

    /// Each row on its own, its time that of the row before it.
    fn swapped(rows: &mut [Row], one: usize) {
        let at = rows[one].at;
        rows.swap(one, one + 1);
        for row in &mut rows[one..] {
            row.at = at.max(row.at);
        }
        let mut latest = Duration::ZERO;
        for row in rows {
            latest = latest.max(row.at);
            row.at = latest;
        }
    }

    #[test]
    fn no_two_rows_of_a_conversation_can_change_their_places() {
        let (_, rows) = recording();
        for one in 0..rows.len() - 1 {
            let why = refused(|rows| swapped(rows, one));
            assert!(!why.is_empty(), "{one}");
        }
    }

    #[test]
    fn an_answer_before_its_question_is_told() {
        // The halves of the arrow "hi": the server's comes first.
        let why = refused(|rows| rows[1].told.reverse());
        assert!(why.contains("more than was sent"), "{why}");
    }

    #[test]
    fn an_end_that_nobody_gave_is_told() {
        let why = refused(|rows| drop(rows[3].told.remove(0)));
        assert!(why.contains("end of a stream that has not ended"), "{why}");
    }

    #[test]
    fn a_row_that_is_left_out_or_shown_twice_is_told() {
        assert!(refused(|rows| drop(rows.pop())).contains("is not told"));
        let twice = refused(|rows| rows.extend(rows.last().cloned()));
        assert!(twice.contains("on a socket that is closed"), "{twice}");
    }

    #[test]
    fn states_that_nothing_has_led_to_or_that_do_not_go_together_are_told() {
        // TIME-WAIT beside CLOSE-WAIT: the first belongs to the row below.
        let early = refused(|rows| {
            let states = std::mem::take(&mut rows[4].states);
            rows[3].states.extend(states.into_iter().filter(|step| step.who.is_client()));
        });
        assert!(early.contains("before the call that told of it"), "{early}");
        let unseen = refused(|rows| rows[3].states.clear());
        assert!(unseen.contains("is not shown"), "{unseen}");
        for (one, other) in [("TIME-WAIT", "CLOSE-WAIT"), ("FIN-WAIT-2", "ESTABLISHED")] {
            assert!(!go_together(one, other) && !go_together(other, one), "{one} {other}");
        }
        for (one, other) in [("TIME-WAIT", "LAST-ACK"), ("FIN-WAIT-2", "CLOSE-WAIT")] {
            assert!(go_together(one, other) && go_together(other, one), "{one} {other}");
        }
    }

    #[test]
    fn a_row_that_is_earlier_than_the_one_above_it_is_told() {
        assert!(refused(|rows| rows[2].at = Duration::ZERO).contains("earlier"));
    }
}
