//! Reading the arguments of a program; what is wrong with them is told in one line.

use std::ffi::OsString;
use std::io;
use std::process;

use clap::error::ErrorKind;
use clap::{Arg, Command, Parser};

use crate::exit::{FAILED, misused, report};
use crate::signals::leave_hangups_to_nohup;

/// The arguments of this program. Does not return where they ask for help or make no sense: a usage
/// error is one line on standard error and status 2.
pub fn parse<A: Parser>() -> A {
    parse_from(std::env::args_os())
}

/// As [`parse`], of other arguments than this program was given; the first is its name.
pub fn parse_from<A: Parser>(arguments: impl Iterator<Item = OsString>) -> A {
    // Here, since this comes before the first thread in every program, and threads inherit what is
    // blocked.
    leave_hangups_to_nohup();
    try_parse_from(arguments).unwrap_or_else(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // On standard output; that its reader has left is no failure of ours.
            let status = match error.print() {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    report(&anyhow::Error::new(error).context("cannot write to standard output"));
                    FAILED
                }
                _ => 0,
            };
            process::exit(status.into())
        }
        _ => {
            let line = one_line(&error.render().to_string());
            misused(line.strip_prefix("error: ").unwrap_or(&line))
        }
    })
}

/// As [`Parser::try_parse_from`], but `--timeout -1` is a wrong number, and no option that is
/// called `-1`.
fn try_parse_from<A: Parser>(arguments: impl Iterator<Item = OsString>) -> Result<A, clap::Error> {
    let mut command = with_numbers_below_zero(A::command());
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    A::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

fn with_numbers_below_zero(command: Command) -> Command {
    let takes_value =
        |argument: &Arg| argument.get_long().is_some() && argument.get_action().takes_values();
    command
        .mut_args(|argument| match takes_value(&argument) {
            true => argument.allow_negative_numbers(true),
            false => argument,
        })
        .mut_subcommands(with_numbers_below_zero)
}

/// clap explains over several paragraphs; the first of them is the error, and a tip says what was
/// perhaps meant.
fn one_line(rendered: &str) -> String {
    let (error, rest) = rendered.split_once("\n\n").unwrap_or((rendered, ""));
    let mut line = error.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    for tip in rest.lines().filter_map(|line| line.trim().strip_prefix("tip: ")) {
        line.push_str("; ");
        line.push_str(tip);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::values::seconds;
    use std::time::Duration;

    #[derive(Debug, clap::Parser)]
    struct Args {
        #[arg(long, value_parser = seconds)]
        timeout: Duration,
        #[arg(long, value_parser = ["stream", "prefix"])]
        framing: Option<String>,
        #[arg(required = true)]
        url: String,
    }

    fn usage_error(args: &[&str]) -> String {
        one_line(&Args::try_parse_from(args).unwrap_err().render().to_string())
    }

    #[test]
    fn a_usage_error_is_one_line() {
        let line = usage_error(&["x", "--timeout", "0", "u"]);
        assert!(line.starts_with("error: invalid value '0' for '--timeout <TIMEOUT>'"), "{line}");
        assert_eq!(
            usage_error(&["x", "--timeout", "1"]),
            "error: the following required arguments were not provided: <URL>"
        );
    }

    #[test]
    fn a_usage_error_says_what_was_perhaps_meant() {
        assert_eq!(
            usage_error(&["x", "--timeuot", "1", "u"]),
            "error: unexpected argument '--timeuot' found; a similar argument exists: '--timeout'"
        );
        assert_eq!(
            usage_error(&["x", "--timeout", "1", "u", "--framing", "prefxi"]),
            "error: invalid value 'prefxi' for '--framing <FRAMING>' [possible values: stream, prefix]; \
             a similar value exists: 'prefix'"
        );
    }
}
