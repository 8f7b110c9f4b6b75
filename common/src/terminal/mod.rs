//! What people see and type: lines of ours and of peers, and a line being typed.

mod input;
mod line_editor;
mod mode;
pub(crate) mod screen;

pub(crate) mod escape;
mod message_log;
mod nonblocking;
pub(crate) mod notice;
mod printer;
mod stdout;
mod typed;

pub use escape::{bytes_as_line, columns, escape_line, escape_text};
pub use input::Input;
pub use message_log::MessageLog;
pub use notice::notice;
pub use printer::Printer;
pub use screen::restore_terminal;
pub use stdout::Stdout;
pub use typed::Typed;
