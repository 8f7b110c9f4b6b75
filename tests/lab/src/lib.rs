//! The laboratory: see what the lessons speak of happen on this machine.
//!
//! Each command is a module of its own. They share no more than the picture of a conversation,
//! [`ladder`], and what the `tutorials` are called.
//!
//! ```text
//! cargo lab tour
//! cargo lab tap --listen 127.0.0.1:5000 --to 127.0.0.1:50000
//! ```
//!
//! It is a library so that the page of `lab web` shows the same: the lessons of [`tour`], the
//! experiments of [`show`], [`tap`], and the drawing of [`picture`].

mod bench;
mod check;
pub mod document;
mod help;
pub mod ladder;
mod learn;
mod list;
pub mod page;
pub mod picture;
mod screen;
pub mod show;
mod steps;
pub mod tap;
mod text;
pub mod tour;
mod tutorials;
mod web;

pub use text::not_built;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use common::{cli, exit};

/// See it happen, break it, mend it: a laboratory for the lessons of this workspace.
#[derive(Debug, Parser)]
#[command(
    name = "lab",
    bin_name = "cargo lab",
    version,
    arg_required_else_help = false,
    after_help = "\
Examples:
  cargo lab tour                                every lesson's programs in conversation
  cargo lab show sticky                         predict, run, compare
  cargo lab learn udp-temp --in python          write it yourself
  cargo lab check udp-temp --command 'python3 server.py {port}'
  cargo lab tap --listen 5000 --to 50000        see what passes between any two programs"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Tour(tour::Arguments),
    Show(show::Arguments),
    List(list::Arguments),
    Steps(steps::Arguments),
    Tap(Box<tap::Arguments>),
    Check(Box<check::Arguments>),
    Learn(learn::Arguments),
    Class(learn::ClassArguments),
    Kit(learn::KitArguments),
    Web(web::Arguments),
    Bench(bench::Arguments),
    Soak(bench::Soak),
}

/// What the program does, from its command line to its exit status.
pub fn main() -> ExitCode {
    let arguments: Arguments = cli::parse();
    harness::say_what_is_built(|what| text::building(what));
    exit::run_with(exit::FAILED, || match arguments.command {
        Command::Tour(arguments) => tour::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::List(arguments) => list::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Show(arguments) => show::run(&arguments),
        Command::Steps(arguments) => steps::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Tap(arguments) => tap::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Check(arguments) => check::run(&arguments),
        Command::Learn(arguments) => learn::run("learn", &arguments.words),
        Command::Class(arguments) => learn::run("class", &arguments.words),
        Command::Kit(arguments) => learn::run_program("kit", &arguments.words),
        Command::Web(arguments) => web::run(&arguments),
        Command::Bench(_) => bench::run("speed"),
        Command::Soak(_) => bench::run("soak"),
    })
}
