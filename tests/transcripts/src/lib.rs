//! The console transcripts of the documents, run with the real programs on real terminals.
//!
//! A block that begins with ```` ```console ```` is what a reader sees in one terminal. Each line
//! behind `$ ` is a command, the lines below it are its output, and those that begin with the
//! program's prompt are typed. A server (`cargo run -p DEMO`, or an example whose name does not say
//! `client`) is started on a free port and runs until the next block with a server; the clients in
//! between are its clients. A program that stays at a bare prompt, or a server, goes on while the
//! next block runs in a terminal of its own. The words behind `console` change that:
//!
//! - `norun`: not run, because it needs another program, the network, or a whole build;
//! - `alone`: no server listens;
//! - `first=N`: the next terminal is opened once the first N lines below the command are seen.
//!
//! In a document that is called `….zh-CN.md` the programs speak Chinese.
//!
//! A comment `<!-- run with a server: OPTIONS -->` above a block starts a server that is not shown.
//! A line `…` stands for any lines.
//!
//! The working directory looks like the root of the workspace, and is thrown away. `… | ncat -l
//! PORT` needs no ncat. Ports, times, dates and milliseconds may differ (see `same`); nothing else
//! may.

// They are of a shell on Unix: `export`, pipes, a terminal.
#![cfg(unix)]
#![allow(clippy::string_slice, reason = "every offset was found in the same text")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod command;
mod diff;
mod folder;
mod markdown;
mod ports;
mod replay;
mod same;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use markdown::Block;

/// Set to 1, the blocks of the documents are rewritten instead of compared.
const UPDATE: &str = "UPDATE";

/// Runs every transcript of `document` and fails unless each comes out as it is shown.
///
/// # Panics
///
/// When one does not, with the differences, or cannot be run.
pub fn assert_comes_out_as_shown(document: &Path) {
    let text =
        fs::read_to_string(document).unwrap_or_else(|e| panic!("{}: {e}", document.display()));
    let mut blocks =
        markdown::blocks(&text).unwrap_or_else(|e| panic!("{}:{e}", document.display()));
    let is_chinese = document.to_string_lossy().ends_with(".zh-CN.md");
    blocks.iter_mut().for_each(|block| block.is_chinese = is_chinese);
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let folder = folder::like_the_root(root);
    let sessions = sessions(blocks);
    let seen: Vec<_> =
        sessions.iter().flat_map(|session| replay::session(session, folder.path())).collect();
    if seen.is_empty() {
        return;
    }
    if std::env::var(UPDATE).is_ok_and(|value| value == "1") {
        let text = markdown::rewritten(&text, &seen);
        fs::write(document, text).unwrap_or_else(|e| panic!("{}: {e}", document.display()));
        return;
    }
    let mut report = String::new();
    for (block, lines) in &seen {
        let _ = writeln!(report, "{}:{}:", document.display(), block.first_line + 1);
        report += &diff::diff(&block.lines, lines);
    }
    panic!(
        "not what these blocks show (- shown, + seen):\n{report}\n\
         if what is seen is right, `{UPDATE}=1 cargo test -p transcripts` writes it there"
    );
}

/// What runs together: a server, and the blocks until the next one. What comes before the first
/// server has none.
fn sessions(blocks: Vec<Block>) -> Vec<Vec<Block>> {
    let mut sessions: Vec<Vec<Block>> = Vec::new();
    for block in blocks.into_iter().filter(|block| !block.is_marked("norun")) {
        match sessions.last_mut() {
            Some(session) if !command::starts_a_server(&block) => session.push(block),
            _ => sessions.push(vec![block]),
        }
    }
    sessions
}
