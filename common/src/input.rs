//! To be written.
/// Placeholder.
pub fn restore_terminal() {}
