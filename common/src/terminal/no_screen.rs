//! In place of `screen`, in a program whose user edits no lines.

/// There is no line being typed, so nothing is shown above it.
pub(crate) fn show_above(_: &str) -> bool {
    false
}

/// The terminal is as it was found.
pub fn restore_terminal() {}
