//! What comes of asking the user for a line.

/// What came of asking the user for a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    /// A line without its `\n` or `\r\n`. From a terminal it is UTF-8; from a pipe it is what was
    /// there.
    Line(Vec<u8>),
    /// The end of a pipe, or Ctrl+D on an empty line.
    End,
    /// Ctrl+C at the prompt.
    Interrupted,
}
