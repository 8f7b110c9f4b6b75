//! Asking the room again for a name that somebody has.
//!
//! It may be our own ghost: a connection that was cut, which the server has not noticed yet. Within
//! three minutes it does.

use std::time::{Duration, Instant};

use common::notice;
use common::socket::Stream;
use tcp_chat::membership::Membership;

use crate::text;

/// How often a name is asked for.
const TRIES: u32 = 40;

const PAUSE: Duration = Duration::from_secs(5);

/// When to ask for our name again, and how often; nothing where we need not, or no more.
#[derive(Default)]
pub(crate) struct NameClaim(Option<(Instant, u32)>);

impl NameClaim {
    /// When to ask.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.0.map(|(due, _)| due)
    }

    /// Somebody has the name that we want. The user is told once.
    pub(crate) fn refused(&mut self, us: &Membership) {
        let tries = match self.0 {
            Some((_, tries)) => tries,
            None => {
                let (wanted, name) = (us.wanted().unwrap_or_default(), us.name());
                notice!("{}", text::name_is_taken(wanted, name.unwrap_or_default()));
                TRIES
            }
        };
        let due = Instant::now() + PAUSE;
        self.0 = tries.checked_sub(1).map(|tries| (due, tries));
    }

    /// Asks for our name once more, if we have not got it meanwhile.
    pub(crate) fn ask(&mut self, us: &Membership, stream: &Stream) {
        match us.wanted() {
            Some(wanted) if us.name() != Some(wanted) => {
                let _ = stream.send_all(format!("/nick {wanted}\n").as_bytes());
                // The answer says when the next time is.
                if let Some((due, _)) = &mut self.0 {
                    *due += PAUSE;
                }
            }
            _ => self.give_up(),
        }
    }

    /// The name is ours, or there is no room to ask.
    pub(crate) fn give_up(&mut self) {
        self.0 = None;
    }
}
