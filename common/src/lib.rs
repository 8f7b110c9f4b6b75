//! What more than one demo needs, so that each demo holds only its lesson.
//!
//! Chores live here: framing, addresses, encodings, sockets that can show their calls, an orderly
//! end, safe printing. Protocols do not: they belong to the demos. So does the order of the calls:
//! `bind`, `listen`, `accept`, `recv`, `send`, `close` stand in each demo's `server/main.rs`.
//!
//! Each module stands above those that it uses: `server` above `socket`, `socket` above `trace`,
//! `trace` above `terminal`, and nothing points back up.
//!
//! | module | its one idea |
//! | --- | --- |
//! | [`socket`] | the socket calls by their names, each shown by `--trace` |
//! | [`server`] | the chores of serving clients: caps, an orderly end, open files |
//! | [`terminal`] | what people see and type: safe printing, notices, a line being typed |
//! | [`trace`] | one line for each socket call, with states and the parts of frames |
//! | [`memory`] | how much memory there is, so that a program says when there is too little |
//! | [`frame`] | length-prefixed messages on a byte stream |
//! | [`addr`] | what a user may write for an address, and what it stands for |
//! | [`encoding`] | bytes to text and back, also when a character is cut |
//! | [`cli`] | options that are the same everywhere |
//! | [`called`] | `cargo run -p tcp-echo`, or `tcp-echo-server` where that is installed |
//! | [`text`] | what programs say, in each language |
//! | [`exit`] | exit statuses, and `error: …` |
//! | [`signals`] | Ctrl+C, SIGTERM and a closed terminal |
//! | [`error_text`] | operating-system errors in the words of this workspace |
//! | [`sniff`] | a client that speaks HTTP to a server of something else |
//! | [`sync`] | what threads synchronise by, and how a test tries their orders |
//! | [`random`] | chance that can be repeated |

pub mod addr;
pub mod called;
pub mod cli;
pub mod encoding;
pub mod error_text;
pub mod exit;
pub mod frame;
pub mod memory;
pub mod random;
pub mod server;
pub mod signals;
pub mod sniff;
pub mod socket;
pub mod sync;
pub mod terminal;
pub mod text;
pub mod trace;
