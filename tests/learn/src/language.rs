//! The languages that there are starters in.

use check::{Side, Suite, Transport};
use clap::ValueEnum;
use common::called::as_called_here;

use crate::text;

/// A language to write a program in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Python,
    Rust,
    C,
    Go,
    Java,
    Javascript,
}

impl Language {
    /// All of them.
    pub(crate) const ALL: [Language; 6] = [
        Language::Python,
        Language::Rust,
        Language::C,
        Language::Go,
        Language::Java,
        Language::Javascript,
    ];
}

/// The four starters of one language: `server.py` and so on.
macro_rules! starters {
    ($end:literal, $transport:expr, $side:expr) => {
        match ($transport, $side) {
            (Transport::Tcp, Side::Server) => include_str!(concat!("starters/tcp_server.", $end)),
            (Transport::Tcp, Side::Client) => include_str!(concat!("starters/tcp_client.", $end)),
            (Transport::Udp, Side::Server) => include_str!(concat!("starters/udp_server.", $end)),
            (Transport::Udp, Side::Client) => include_str!(concat!("starters/udp_client.", $end)),
        }
    };
}

impl Language {
    /// The file that a learner writes in.
    pub(crate) fn file(self, side: Side) -> String {
        let name = side.name();
        match self {
            Language::Python => format!("{name}.py"),
            Language::Rust => format!("{name}.rs"),
            Language::C => format!("{name}.c"),
            Language::Go => format!("{name}.go"),
            // A public class is in a file of its own name.
            Language::Java => format!("{}.java", class(side)),
            Language::Javascript => format!("{name}.js"),
        }
    }

    /// A program that runs, listens or connects, and does no more.
    pub(crate) fn starter(self, suite: &Suite) -> String {
        let template = match self {
            Language::Python => starters!("py", suite.transport, suite.side),
            Language::Rust => starters!("rs", suite.transport, suite.side),
            Language::C => starters!("c", suite.transport, suite.side),
            Language::Go => starters!("go", suite.transport, suite.side),
            Language::Java => starters!("java", suite.transport, suite.side),
            Language::Javascript => starters!("js", suite.transport, suite.side),
        };
        let (lesson, side) = (suite.lesson, text::side(suite.side));
        template
            .replace(
                "@ABOUT@",
                &as_called_here(&text::starter_is_for(lesson, side, options(suite))),
            )
            .replace("@TODO@", text::starter_goes_on())
            .replace("@PORT@", &suite.port.to_string())
    }

    /// What builds the program, if anything has to.
    pub(crate) fn build(self, side: Side) -> Option<String> {
        let file = self.file(side);
        match self {
            Language::Python | Language::Javascript => None,
            Language::Rust => Some(format!("rustc --edition 2024 -o program {file}")),
            Language::C => Some(format!("cc -Wall -pthread -o program {file}")),
            Language::Go => Some(format!("go build -o program {file}")),
            Language::Java => Some(format!("javac -encoding UTF-8 {file}")),
        }
    }

    /// What starts it, as `lab check --command` takes it.
    pub(crate) fn command(self, suite: &Suite) -> String {
        let side = suite.side;
        let program = match self {
            Language::Python if cfg!(windows) => format!("python {}", self.file(side)),
            Language::Python => format!("python3 {}", self.file(side)),
            Language::Javascript => format!("node {}", self.file(side)),
            Language::Java => format!("java -Dstdout.encoding=UTF-8 -cp . {}", class(side)),
            _ if cfg!(windows) => ".\\\\program.exe".to_owned(),
            _ => "./program".to_owned(),
        };
        let saves = suite.lesson == "http-fetch" && side == Side::Client;
        format!("{program} {{port}}{}", if saves { " {file}" } else { "" })
    }
}

/// What `lab learn` has to be told to go on with this program.
fn options(suite: &Suite) -> String {
    let first = Suite::find(suite.lesson, suite.side, None);
    let mut options = String::new();
    if first.is_some_and(|first| first.variant != suite.variant) {
        options += &format!(" --{} {}", suite.option, suite.variant);
    }
    if suite.side == Side::Client {
        options += " --side client";
    }
    options
}

fn class(side: Side) -> &'static str {
    match side {
        Side::Server => "Server",
        Side::Client => "Client",
    }
}
