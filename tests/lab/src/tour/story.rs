//! The ladder of a scene: where each row stands, and under which names.

use std::time::Duration;

use super::cast::Who;
use super::order::{Row, Shape};
use super::stage::Performance;
use super::step::Step;
use super::text;
use crate::ladder::{Column, Event, Fate, Ladder, Load, Names, States, What};

/// The ladder of what was recorded.
pub(crate) fn tell(performance: &Performance) -> Ladder {
    let begin = performance.rows.first().map_or(Duration::ZERO, |row| row.at);
    let places = Places { two: performance.clients.len() > 1 };
    let event = |row: &Row| Event {
        at: row.at.saturating_sub(begin),
        what: what(performance, places, row),
        states: states(places, row),
    };
    Ladder { names: names(performance), events: performance.rows.iter().map(event).collect() }
}

/// Who stands where: one client at the left and the server at the right, or two clients with the
/// server between them.
#[derive(Clone, Copy)]
struct Places {
    two: bool,
}

impl Places {
    fn of(self, who: Who) -> Column {
        match (who, self.two) {
            (Who::Client(0), _) => Column::Left,
            (Who::Server, true) => Column::Middle,
            _ => Column::Right,
        }
    }
}

/// What each program is called.
fn name(performance: &Performance, who: Option<Who>) -> String {
    match who {
        None => text::tap().to_owned(),
        Some(Who::Server) => text::server().to_owned(),
        Some(Who::Client(number)) if performance.clients.len() > 1 => {
            text::client_number(number + 1)
        }
        Some(Who::Client(_)) => text::client().to_owned(),
    }
}

/// The same in a sentence.
pub(crate) fn name_in_words(performance: &Performance, who: Option<Who>) -> String {
    match who {
        Some(Who::Client(number)) if performance.clients.len() > 1 => {
            let first = number == 0;
            if first { text::first_client() } else { text::second_client() }.to_owned()
        }
        None => text::the_tap().to_owned(),
        _ => name(performance, who),
    }
}

fn names(performance: &Performance) -> Names {
    let named = |who: Option<Who>, addr: Option<std::net::SocketAddr>| {
        let name = name(performance, who);
        addr.map_or(name.clone(), |addr| format!("{name} {addr}"))
    };
    let client = |number: usize| named(Some(Who::Client(number)), performance.client_addr(number));
    let server = named(Some(Who::Server), performance.server_addr());
    if performance.clients.len() > 1 {
        return Names { left: client(0), middle: Some(server), right: client(1) };
    }
    let middle = performance.tap_addr.map(|addr| named(None, Some(addr)));
    Names { left: client(0), middle, right: server }
}

fn what(performance: &Performance, places: Places, row: &Row) -> What {
    match &row.shape {
        Shape::At(who, words) => What::At(places.of(*who), words.clone()),
        Shape::Travels { from, words, lost } => {
            let link = row.told.first().and_then(|step| step.link);
            let to = match from {
                Who::Client(_) => Who::Server,
                Who::Server => Who::Client(performance.client_of(link)),
            };
            let (to, fate) = match lost {
                true if performance.tap_addr.is_some() => (Column::Middle, Fate::Lost),
                true => (places.of(to), Fate::Lost),
                false => (places.of(to), Fate::Arrives),
            };
            What::Arrow { from: places.of(*from), to, load: Load::Words(words.clone()), fate }
        }
    }
}

/// The last state that was told of each side. There is no room for those of a server between two
/// clients.
fn states(places: Places, row: &Row) -> States {
    let at = |column: Column| {
        let here = |step: &&Step| places.of(step.who) == column;
        row.states.iter().rfind(here).and_then(Step::state).map(str::to_owned)
    };
    States { left: at(Column::Left), right: at(Column::Right) }
}
