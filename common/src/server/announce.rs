//! `listening on ADDR`.

use std::io::{self, Write};
use std::net::SocketAddr;

use anyhow::Context;

use crate::terminal::notice::never_wait_for_stderr;
use crate::terminal::patient::Patient;
use crate::text::words;

/// Prints `listening on ADDR`, the first line of every server on standard output. Clients may come
/// from then on, so notices no longer wait until they are read.
///
/// # Errors
/// Standard output cannot be written, or no thread can be had.
pub fn announce(addr: SocketAddr) -> anyhow::Result<()> {
    never_wait_for_stderr().context(words::cannot_start_thread())?;
    let mut stdout = Patient(io::stdout().lock());
    writeln!(stdout, "listening on {addr}")
        .and_then(|()| stdout.flush())
        .context(words::cannot_write_stdout())
}
