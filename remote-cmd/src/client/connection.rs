//! What a client does with a server, whatever the framing: send a command, receive the answer.

use remote_cmd::stream::Reply;

use crate::standard_input::StandardInput;

/// A connection to a server that runs commands.
pub(crate) trait Connection {
    /// Whether this command can be sent.
    ///
    /// # Errors
    /// Why not.
    fn check(&self, command: &str) -> anyhow::Result<()>;

    /// Sends a command, and from now on its input, where the framing has a place for that.
    ///
    /// # Errors
    /// The connection has failed.
    fn send(&mut self, command: &str, input: Option<StandardInput>) -> anyhow::Result<()>;

    /// Waits for the next piece of the answer: output, or the end of it.
    ///
    /// # Errors
    /// The connection has failed, or the server breaks the protocol.
    fn recv(&mut self) -> anyhow::Result<Reply<'_>>;
}
