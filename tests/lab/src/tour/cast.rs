//! What a scene is: which programs take part, how each is started, and what happens when.

use common::text::Text;

/// One conversation of the tour.
pub struct Scene {
    /// What is to be seen.
    pub says: Text,
    pub(crate) play: Play,
    /// What there is to notice.
    pub notice: Text,
}

/// Who takes part.
pub(crate) struct Play {
    /// The demo; its programs are `DEMO-server` and `DEMO-client`.
    pub(crate) demo: &'static str,
    pub(crate) server: Part,
    /// One, or two.
    pub(crate) clients: &'static [Part],
    /// The options of a `lab tap` that datagrams pass through.
    pub(crate) tap: Option<&'static [&'static str]>,
    pub(crate) plot: Plot,
}

/// One program: its options, and what is typed.
pub(crate) struct Part {
    /// In each of them `{addr}` stands for the address to connect to.
    pub(crate) args: &'static [&'static str],
    /// The lines of its standard input; `None` is no input at all.
    pub(crate) typed: Option<&'static str>,
}

/// What happens when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plot {
    /// The client starts when the server listens, and does what it does.
    Plain,
    /// The second client starts when the server has received something from the first.
    SecondWaits,
    /// The server is killed when it has received once, and the client has made this call.
    Killed { after: &'static str },
}

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    Server,
    /// The first client is 0.
    Client(usize),
}

impl Who {
    pub(crate) fn is_client(self) -> bool {
        self != Self::Server
    }
}

impl Part {
    /// A program without input.
    pub(crate) const fn new(args: &'static [&'static str]) -> Self {
        Self { args, typed: None }
    }

    /// A program that is given lines.
    pub(crate) const fn typing(args: &'static [&'static str], typed: &'static str) -> Self {
        Self { args, typed: Some(typed) }
    }
}
