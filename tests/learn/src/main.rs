//! `lab learn`: from an empty file to a program that nothing a peer does can kill; `lab class`: the
//! same for a whole class.
//!
//! A program of its own, which `cargo lab` builds and runs when it is asked for: who only wants to
//! see the tour does not wait for it.
//!
//! - [`language`]: starters, and how programs of each language are built and started
//! - [`project`]: a learner's folder; [`manifest`]: its `lesson.toml`
//! - [`progress`]: how far the learner has come
//! - [`repair`]: programs with a planted fault
//! - [`attempt`]: builds ([`building`]) and judges the program once, stage by stage, in [`bounds`]
//! - [`judging`]: that in a process of its own; [`found`]: what it says
//! - [`hints`]: what helps with one stage, more and more of it
//! - [`calls`]: the calls that hints name, in the learner's language
//! - [`learn`]: what the command line asks for
//! - [`watch`]: an attempt at every save ([`saves`]), and the keys between them
//! - [`class`]: an attempt for each folder of a class, several at a time
//! - [`help`]: the help in Chinese
//! - [`text`]: all words

mod attempt;
mod bounds;
mod building;
mod calls;
mod class;
mod found;
mod help;
mod hints;
mod judging;
mod language;
mod learn;
mod manifest;
mod progress;
mod project;
mod repair;
mod saves;
mod text;
mod watch;

use std::process::ExitCode;

use common::{cli, exit};

/// What `cargo lab` hands on.
#[derive(Debug, clap::Parser)]
#[command(name = "learn", bin_name = "cargo lab", version)]
enum Command {
    Learn(learn::Arguments),
    Class(class::Arguments),
    #[command(hide = true)]
    Judge(attempt::Arguments),
    #[cfg(unix)]
    #[command(hide = true)]
    Confined(bounds::ConfinedArguments),
}

fn main() -> ExitCode {
    let command: Command = cli::parse();
    exit::run_with(exit::FAILED, || match command {
        Command::Learn(arguments) => learn::run(&arguments),
        Command::Class(arguments) => class::run(&arguments),
        Command::Judge(arguments) => attempt::run(&arguments),
        #[cfg(unix)]
        Command::Confined(arguments) => bounds::become_program(&arguments),
    })
}
