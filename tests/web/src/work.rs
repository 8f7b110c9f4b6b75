//! What the process of a session does. It gets orders on standard input, a JSON object a line, and
//! tells what happens on standard output, a line each with a sign in front: `E` an event, `S` one
//! of a program that has begun or ended, `P` bytes of a capture in base64, `X` that all went well.
//!
//! The end of standard input is the end of the session. It comes when the server wants it, and when
//! the server is no more, however that came about.

mod check;
mod experiment;
mod flows;
mod marks;
mod merge;
mod pair;
mod program;
mod tell;
mod tour;
mod words;

use std::io;
use std::process::ExitCode;
use std::thread;

use anyhow::Context as _;
use common::exit;
use serde_json::Value;

use crate::{group, text};
use tell::Tell;

/// How many bytes of a piece are told.
pub(crate) const SHOWN: usize = 4096;

/// Does what the first order says.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut line = String::new();
    io::stdin().read_line(&mut line).context(text::no_order())?;
    let order: Value = serde_json::from_str(&line).context(text::no_order())?;
    let tell = Tell::new();
    let done = match order.get("do").and_then(Value::as_str) {
        Some("pair") => pair::run(&order, &tell),
        Some(kind) => {
            end_with_standard_input()?;
            match kind {
                "tour" => tour::run(&order, &tell),
                "experiment" => experiment::run(&order, &tell),
                _ => check::run(&order, &tell),
            }
        }
        None => Err(anyhow::anyhow!(text::no_order())),
    };
    match done {
        Ok(()) => tell.all_went_well(),
        Err(error) => _ = tell.event("error", serde_json::json!({ "words": format!("{error:#}") })),
    }
    group::kill_own();
    Ok(ExitCode::SUCCESS)
}

/// Ends all that this process has started, and itself, at the end of standard input.
fn end_with_standard_input() -> anyhow::Result<()> {
    let watch = || {
        io::stdin().lines().map_while(Result::ok).for_each(drop);
        ::check::kill_running();
        group::kill_own();
        exit::exit(0);
    };
    thread::Builder::new().spawn(watch).context(text::cannot_start("watch"))?;
    Ok(())
}
