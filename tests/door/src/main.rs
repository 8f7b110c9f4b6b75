//! The door of the laboratory: what `cargo lab` builds first, in a second or two. It builds what
//! the command needs, shows how far that is, and gives way to it.
//!
//! The tour is a program of its own, so that whoever comes for the first time waits for nothing
//! else; everything else is `lab`, which has the tour, too. With the tour the programs of its first
//! lesson are built, at the same time: from then on it builds each lesson's before it comes to
//! them.

mod command;
mod language;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};

use command::Needs;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    programs::say_what_is_built(match language::is_chinese(&words) {
        true => language::building,
        false => |what| format!("building {what}; the first time that takes a while"),
    });
    let Needs { packages, program } = command::needs(&words);
    let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
    match programs::find_among(&packages, program)
        .map_err(|why| language::not_built(&why, &words))
        .and_then(|path| give_way(&path, &words))
    {
        Ok(status) => status,
        Err(why) => {
            let _ = writeln!(io::stderr(), "error: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The program takes this one's place, so that whoever signals this one reaches it.
#[cfg(unix)]
fn give_way(program: &Path, words: &[OsString]) -> Result<ExitCode, String> {
    use std::os::unix::process::CommandExt as _;

    let error = Command::new(program).args(words).exec();
    Err(format!("{}: {error}", program.display()))
}

/// The program runs, and its exit status is ours. Ctrl+C is for it alone.
#[cfg(not(unix))]
fn give_way(program: &Path, words: &[OsString]) -> Result<ExitCode, String> {
    #[cfg(windows)]
    ctrlc::set_handler(|| {}).map_err(|error| error.to_string())?;
    let status = Command::new(program).args(words).status();
    let status = status.map_err(|error| format!("{}: {error}", program.display()))?;
    // A status may be any number there; one that ended by itself keeps it.
    std::process::exit(status.code().unwrap_or(1))
}
