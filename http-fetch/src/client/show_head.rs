//! The head of an answer, as the user gets to see it.

use std::io::{self, IsTerminal, Write};

use common::terminal::Patient;
use common::{notice, terminal};
use http_fetch::http::response::parse::Head;

use crate::text;

/// How many lines of a head that make no sense are shown one by one.
const SHOWN_ODD_LINES: usize = 3;

/// Shows the head as it came, and says what is odd about it: on standard error where standard
/// output is the body's.
///
/// # Errors
/// Those of writing.
pub(crate) fn show_head(head: &Head, stdout_is_for_body: bool) -> io::Result<()> {
    let (stdout, stderr) = (io::stdout(), io::stderr());
    if stdout_is_for_body {
        print(head, stderr.is_terminal(), Patient(stderr.lock()))?;
    } else {
        print(head, stdout.is_terminal(), Patient(stdout.lock()))?;
    }
    let mut lines = head.without_colon();
    for line in lines.by_ref().take(SHOWN_ODD_LINES) {
        notice!("{}", text::no_colon(terminal::bytes_as_line(line)));
    }
    let mut unreadable = head.unreadable();
    for line in unreadable.by_ref().take(SHOWN_ODD_LINES) {
        notice!("{}", text::unreadable_line(terminal::bytes_as_line(line)));
    }
    match lines.count() + unreadable.count() {
        0 => {}
        more => notice!("{}", text::more_lines_without_colon(more)),
    }
    if let Some(coding) =
        head.text("content-encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity"))
    {
        notice!("{}", text::saved_encoded(coding));
    }
    Ok(())
}

fn print(head: &Head, terminal: bool, mut out: impl Write) -> io::Result<()> {
    let mut shown = Vec::new();
    if terminal {
        for line in head.lines() {
            shown.extend_from_slice(terminal::bytes_as_line(line).as_bytes());
            shown.push(b'\n');
        }
    } else {
        shown.extend_from_slice(head.raw());
    }
    out.write_all(&shown)?;
    out.flush()
}
