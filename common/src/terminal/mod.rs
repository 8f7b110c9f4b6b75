//! What people see and type: lines of ours and of peers, and a line being typed.
//!
//! | module | its one idea |
//! | --- | --- |
//! | `escape` | what a peer sent, without giving it the terminal |
//! | `stdout`, `message_log` | printing what peers say: waiting for the reader, or never |
//! | `notice` | what the program itself has to say, on standard error |
//! | `nonblocking` | lines that a thread of its own writes |
//! | `patient` | standard streams that somebody else has made non-blocking |
//! | `input`, `typed` | what the user says: given, read from a pipe, or typed |
//! | `line_editor` | the prompt |
//! | `screen`, `printer` | who may draw: lines appear above the one being typed |
//! | `mode`, `job_control` | what a terminal does with keys; whose it is |
//! | [`words`] | words in lines that fit
//! | `key_signals` | Ctrl+\ and Ctrl+Z, and what else ends a program at once |

pub(crate) mod escape;
mod input;
#[cfg(unix)]
mod job_control;
#[cfg(unix)]
pub(crate) mod key_signals;
pub(crate) mod line_editor;
mod message_log;
mod mode;
mod nonblocking;
pub(crate) mod notice;
pub(crate) mod patient;
mod printer;
pub(crate) mod screen;
mod stdout;
mod typed;
pub mod words;

pub use escape::{bytes_as_line, columns, escape_line, escape_text};
pub use input::Input;
pub use message_log::MessageLog;
pub use notice::notice;
pub use patient::{Patient, raw_stdout};
pub use printer::Printer;
pub use screen::restore_terminal;
pub use stdout::Stdout;
pub use typed::Typed;
pub use words::columns_of_stdout;
