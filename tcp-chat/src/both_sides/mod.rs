//! What server and client do alike, over a socket and at a console.

use std::io;
use std::time::Duration;

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
