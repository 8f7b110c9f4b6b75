//! The exit status: the command's, as shells have it, or one that says why there is none.

use anyhow::anyhow;
use common::{exit, notice};
use remote_cmd::command_end::{CommandEnd, signal_name};

use crate::{reasons, text};

/// The exit status of this program's own failures, as ssh has it; others are the command's.
pub(crate) const FAILED: u8 = 255;

/// The exit status when nobody reads the output any more: 128 + SIGPIPE, as of a command that runs
/// here.
pub(crate) const UNREAD: u8 = 141;

/// SIGINT and SIGPIPE have these numbers on every Unix.
const SIGINT: i32 = 2;
const SIGPIPE: i32 = 13;

/// The exit status that tells how a command ended, as shells have it. What a status cannot tell is
/// said.
pub(crate) fn status(end: &CommandEnd) -> u8 {
    match end {
        // Windows has 32 bits of it; what does not fit must not look like success.
        CommandEnd::Exit(status) => {
            u8::try_from(*status).unwrap_or(if *status == 0 { 0 } else { 1 })
        }
        CommandEnd::Signal(number) => {
            if ![SIGINT, SIGPIPE].contains(number) {
                match signal_name(*number) {
                    Some(name) => notice!("{}", text::killed_by_name(number, name)),
                    None => notice!("{}", text::killed_by(number)),
                }
            }
            u8::try_from(128 + number).unwrap_or(FAILED)
        }
        other => {
            exit::report(&anyhow!(reasons::reason(&other.to_string())));
            FAILED
        }
    }
}
