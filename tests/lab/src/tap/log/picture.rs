//! The ladder of one client, as it grows.

use std::net::SocketAddr;
use std::time::Instant;

use super::told::Told;
use super::{Log, Output};
use crate::ladder::{Column, Event, Fate, Load, Look, Names, Text, What};
use crate::tap::text;

/// The ladder of one client.
pub(super) struct Picture {
    names: Names,
    text: Text,
    began: Instant,
    pub(super) number: u64,
    /// How many pieces of either side were told to wait for somebody.
    held: [usize; 2],
}

impl Picture {
    /// With the tap in the middle only where it does anything.
    pub(super) fn new(
        log: &Log,
        number: u64,
        client: SocketAddr,
        server: &str,
        meddles: bool,
    ) -> Self {
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

    pub(super) fn draw(&mut self, log: &Log, what: What) {
        // Where nothing stands in the middle, what begins or ends there goes all the way.
        debug_assert!(self.names.middle.is_some() || !touches_middle(&what));
        match &log.output {
            Output::Person(..) => {
                log.lines(&self.text.event(&Event::new(self.began.elapsed(), what)));
            }
            Output::Program(tell) => tell(Told::Happened { connection: self.number, what }),
        }
    }

    pub(super) fn holds(&mut self, log: &Log, client: usize, server: usize) {
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

/// Something that arrives.
pub(super) fn arrow(from: Column, to: Column, load: Load) -> What {
    What::Arrow { from, to, load, fate: Fate::Arrives }
}
