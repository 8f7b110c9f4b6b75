//! `lab web`: the laboratory in a browser. One page, with the client's terminal on the left, the
//! server's on the right, and the wire between them.
//!
//! A program of its own, which `cargo lab` builds and runs when it is asked for. It serves the page
//! on loopback to whoever has its token ([`access`]). What runs for the page is a *session*: a
//! process of this same program ([`work`]), which gets orders on standard input, tells events on
//! standard output, and ends with all that it has started when either is closed. So a session
//! speaks a language of its own, and nothing of it outlives the server, however that ends.
//!
//! - [`routes`]: what is answered to which request; [`assets`]: the files of the page
//! - [`access`]: token, `Host`, `Origin`, and the headers of every answer
//! - [`strangers`]: connections, and how many stay, and how long, that do not show the token
//! - [`catalog`]: all there is to choose from; [`lessons`]: with which options
//! - [`sessions`], [`session`], [`event_log`]: who runs, and all that each has told
//! - [`tap`]: the switches of the tap
//! - [`drawing`]: a session as a picture and as a page
//! - [`wrong`]: what is said of a request that cannot be done
//! - [`help`], [`text`]: the help in Chinese, and all words

mod access;
mod assets;
mod catalog;
mod drawing;
mod event_log;
mod group;
mod help;
mod lessons;
mod options;
mod own;
mod query;
mod routes;
mod serve;
mod session;
mod sessions;
mod strangers;
mod tap;
mod text;
mod work;
mod wrong;

use std::process::ExitCode;

use common::{cli, exit};

// What `cargo lab` hands on; what stands in front of it is said there.
#[derive(Debug, clap::Parser)]
#[command(name = "web", bin_name = "cargo lab", version)]
enum Command {
    Web(Box<options::Arguments>),
    // The work of one session: this program's own business.
    #[command(hide = true)]
    Work,
}

fn main() -> ExitCode {
    let command: Command = cli::parse();
    harness::say_what_is_built(|what| text::building(what));
    exit::run_with(exit::FAILED, || match command {
        Command::Web(arguments) => serve::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Work => work::run(),
    })
}
