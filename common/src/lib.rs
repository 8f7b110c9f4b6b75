//! What more than one demo needs, so that each demo holds only its lesson.
//!
//! Chores live here: framing, addresses, encodings, sockets that can show their calls, the accept
//! loop, an orderly end, safe printing. Protocols do not: they belong to the demos.
//!
//! | module | its one idea |
//! | --- | --- |
//! | [`frame`] | length-prefixed messages on a byte stream |
//! | [`addr`] | what a user may write for an address, and what it stands for |
//! | [`encoding`] | bytes to text and back, also when a character is cut |
//! | [`socket`] | the socket calls by their names, each shown by `--trace` |
//! | [`trace`], [`tcp_state`], [`sock_diag`], [`ruler`] | one line for each socket call, with states and the parts of frames |
//! | [`serve`] | accepting clients: one after the other, or a thread for each |
//! | [`shutdown`] | Ctrl+C and SIGTERM |
//! | [`show`] | printing what a peer sent without giving it the terminal |
//! | [`input`] | what the user types, on a terminal or through a pipe |
//! | [`cli`] | options and exit statuses that are the same everywhere |
//! | [`files`] | the limit of open files |
//! | [`journal`] | a server's lines about its peers, printed without waiting for their reader |
//! | [`random`] | chance that can be repeated |
//! | [`cause`] | operating-system errors in the words of this workspace |

pub mod addr;
mod behind;
pub mod cause;
pub mod cli;
pub mod encoding;
pub mod files;
pub mod frame;
pub mod input;
pub mod journal;
pub mod random;
pub mod ruler;
pub mod serve;
pub mod show;
pub mod shutdown;
pub mod sock_diag;
pub mod socket;
pub mod tcp_state;
pub mod trace;
