//! The tour alone: a program of its own (`tests/tour`), so that the first thing that a newcomer
//! asks for waits for nothing but what it needs. [`tests/door`] starts it for `cargo lab tour`; the
//! laboratory has the same modules.
//!
//! [`tests/door`]: ../../door/src/main.rs

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the laboratory is a library for others, too"
)]

mod document;
mod ladder;
mod picture;
mod screen;
mod text;
mod tour;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use common::cli::{self, Chinese, InChinese};
use common::exit;

/// The one command that is here.
#[derive(Debug, Parser)]
#[command(name = "lab", bin_name = "cargo lab", version, arg_required_else_help = false)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Tour(tour::Arguments),
}

impl InChinese for Arguments {
    const CHINESE: Chinese = Chinese { commands: &[("tour", tour::CHINESE)], ..Chinese::NONE };
}

fn main() -> ExitCode {
    let Arguments { command: Command::Tour(arguments) } = cli::parse();
    programs::say_what_is_built(|what| text::building(what));
    exit::run_with(exit::FAILED, || tour::run(&arguments).map(|()| ExitCode::SUCCESS))
}
