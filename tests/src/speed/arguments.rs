//! What a bench is asked. `cargo lab bench` reads it, too, so that a wrong word is refused before anything is built.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum as _;
use common::cli;

/// Every bench, in the order in which they are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Name {
    /// How many messages a second go there and back over TCP, one at a time on each connection?
    TcpEcho,
    /// How many datagrams a second come back over UDP, when so many are in flight?
    UdpEcho,
    /// How many temperatures a second are converted?
    UdpTemp,
    /// How fast does the output of a command come from afar?
    RemoteCmd,
    /// What does a connection cost on which nothing is said?
    TcpIdle,
    /// How fast do messages pass whose length stands in front?
    Frames,
    /// How many requests for a small page does a web server answer a second?
    WebPage,
    /// How many files does a web server send a second, and how fast is a long one?
    WebFiles,
    /// What does it take to fetch a long file into memory?
    Download,
    /// How many lines a second does a chat room deliver, and what does a member that does not read cost the others?
    Room,
    /// What does a server cost before anybody has come?
    Start,
    /// How long does the first build of one demo take, in the debug profile?
    Build,
}

/// Measure the programs beside others that do the same on this machine
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Only these benches
    #[arg(value_name = "NAME")]
    names: Vec<Name>,
    /// How often everybody runs; medians are compared
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = cli::whole(1..=1000))]
    pub runs: u32,
    /// How long a run takes, where that can be chosen
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = cli::seconds)]
    pub seconds: Duration,
    /// Only show that everything works: one run, 50 ms, small sizes
    #[arg(long, conflicts_with_all = ["runs", "seconds"])]
    pub quick: bool,
    /// Write the same as a page with bars and lines, too
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

impl Arguments {
    /// The benches that are asked for; where none is named, all.
    pub fn benches(&self) -> impl Iterator<Item = Name> {
        let all = Name::value_variants().iter().copied();
        all.filter(|name| self.names.is_empty() || self.names.contains(name))
    }
}

impl Name {
    /// What it is called by, and what it asks.
    #[must_use]
    pub fn title(self) -> (String, String) {
        let value = self.to_possible_value();
        let about = value.as_ref().and_then(|value| value.get_help()).map(ToString::to_string);
        (value.map(|value| value.get_name().to_owned()).unwrap_or_default(), about.unwrap_or_default())
    }
}
