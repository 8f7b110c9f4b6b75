//! What server and client do alike, over a socket and at a console.

use std::io;
use std::time::Duration;

use common::socket::is_own_limit;

mod console;
mod hear;
mod line_prefix;
mod long_message;
mod pace;
mod turn_taking;

pub use console::Console;
pub use hear::hear;
pub use line_prefix::LinePrefix;
pub use pace::Pace;
pub use turn_taking::Conversation;

/// How long the rest of a message is waited for that ends in the middle of a character.
const REST_OF_CHARACTER: Duration = Duration::from_secs(1);

/// How a conversation ended.
#[derive(Debug)]
pub enum End {
    /// Our side said the end word, or left.
    Ours,
    /// The other side said the end word.
    TheirWord,
    /// The other side closed.
    Closed,
    /// The connection broke, as it does when the other side's program dies with something unread.
    Broken(io::Error),
}

/// Whether a conversation ended because the other side said nothing for too long.
pub fn is_silence(error: &anyhow::Error) -> bool {
    error.root_cause().downcast_ref().is_some_and(is_own_limit)
}
