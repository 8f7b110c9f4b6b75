//! What people see and type: lines of ours and of peers, and a line being typed.

mod input;
#[cfg(feature = "line-editing")]
mod line_editor;
#[cfg(feature = "line-editing")]
mod mode;
#[cfg(not(feature = "line-editing"))]
pub(crate) mod no_screen;
#[cfg(feature = "line-editing")]
pub(crate) mod screen;
#[cfg(not(feature = "line-editing"))]
pub(crate) use no_screen as screen;

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
