//! Options that are the same in every program.

use std::ffi::OsString;
use std::fmt::Display;
use std::io;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Arg, Command, Parser};

use crate::exit::{FAILED, misused, report};
use crate::server::limits::Limits;
use crate::signals::leave_hangups_to_nohup;
use crate::trace::Trace;

/// What every server takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ServerOptions {
    /// Show each socket call on standard error
    #[arg(long)]
    trace: bool,
    /// Serve one client (UDP: one datagram), then exit
    #[arg(long)]
    pub once: bool,
}

impl ServerOptions {
    /// Whether to show socket calls.
    pub fn trace(&self) -> Trace {
        Trace::new(self.trace)
    }
}

/// What every TCP server takes.
#[derive(Clone, Debug, clap::Args)]
pub struct TcpServerOptions {
    /// How many clients may be connected at once
    #[arg(long, value_name = "N", default_value = "4096", value_parser = whole(1..=usize::MAX))]
    pub max_clients: usize,
    /// Close a client that has been silent that long; 0 is never
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = idle)]
    pub idle_timeout: Idle,
}

impl TcpServerOptions {
    /// What no client may exceed, with `--once` or without.
    pub fn limits(&self, once: bool) -> Limits {
        Limits { max_clients: self.max_clients, idle_timeout: self.idle_timeout.0, once }
    }
}

/// A limit for silence; `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle(pub Option<Duration>);

/// What every TCP client takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ClientOptions {
    /// Show each socket call on standard error
    #[arg(long)]
    trace: bool,
    /// Limit for connecting, and for a reply that is owed
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub timeout: Duration,
}

impl ClientOptions {
    /// Whether to show socket calls.
    pub fn trace(&self) -> Trace {
        Trace::new(self.trace)
    }
}

/// What every UDP client takes.
#[derive(Clone, Debug, clap::Args)]
pub struct UdpClientOptions {
    /// Show each socket call on standard error
    #[arg(long)]
    trace: bool,
    /// Limit for the reply to each try
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    pub timeout: Duration,
    /// Further tries after the first
    #[arg(long, value_name = "N", default_value = "3", value_parser = whole(0..=u32::MAX))]
    pub retries: u32,
}

impl UdpClientOptions {
    /// Whether to show socket calls.
    pub fn trace(&self) -> Trace {
        Trace::new(self.trace)
    }
}

/// Reads a time in seconds: decimals are allowed; it is finite and above 0.
///
/// # Errors
/// Words for the user where it is not.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds, such as 2.5".to_owned())?;
    if !(seconds.is_finite() && seconds > 0.0) {
        return Err("seconds must be finite and above 0".to_owned());
    }
    // What rounds to nothing would be no limit at all to the operating system.
    let least = Duration::from_micros(1);
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if duration <= LONGEST => Ok(duration.max(least)),
        _ => Err(format!("at most {} seconds, which is 100 years", LONGEST.as_secs())),
    }
}

/// Beyond this, adding to the present could leave the range of the clock.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);

fn idle(text: &str) -> Result<Idle, String> {
    match text.parse::<f64>() {
        Ok(0.0) => Ok(Idle(None)),
        _ => seconds(text).map(|limit| Idle(Some(limit))).map_err(|words| words + "; 0 is never"),
    }
}

/// Reads a time in milliseconds: decimals are allowed, from 0 to an hour.
///
/// # Errors
/// Words for the user where it is not.
pub fn milliseconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(ms) if (0.0..=3_600_000.0).contains(&ms) => Ok(Duration::from_secs_f64(ms / 1000.0)),
        _ => Err("not a number of milliseconds from 0 to 3600000, such as 50".to_owned()),
    }
}

/// Reads how many of 100: decimals are allowed, from 0 to 100.
///
/// # Errors
/// Words for the user where it is not.
pub fn percent(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("not a percentage: a number from 0 to 100, such as 12.5".to_owned()),
    }
}

/// Reads whole numbers of that range: `value_parser = whole(1..=1000)`. What it says to the user where there is none tells which
/// are allowed; the words of the standard library ("invalid digit found in string") do not.
pub fn whole<N>(
    range: RangeInclusive<N>,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static
where
    N: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("not a whole number from {} to {}", range.start(), range.end())),
    }
}

/// The arguments of this program. Does not return where they ask for help or make no sense: a usage error is one line on
/// standard error and status 2.
pub fn parse<A: Parser>() -> A {
    parse_from(std::env::args_os())
}

/// As [`parse`], of other arguments than this program was given; the first is its name.
pub fn parse_from<A: Parser>(arguments: impl Iterator<Item = OsString>) -> A {
    // Here, since this comes before the first thread in every program, and threads inherit what is blocked.
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
            std::process::exit(status.into())
        }
        _ => {
            let line = one_line(&error.render().to_string());
            misused(line.strip_prefix("error: ").unwrap_or(&line))
        }
    })
}

/// As [`Parser::try_parse_from`], but `--timeout -1` is a wrong number, and no option that is called `-1`.
fn try_parse_from<A: Parser>(arguments: impl Iterator<Item = OsString>) -> Result<A, clap::Error> {
    let mut command = with_numbers_below_zero(A::command());
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    A::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

fn with_numbers_below_zero(command: Command) -> Command {
    let takes_value = |argument: &Arg| argument.get_long().is_some() && argument.get_action().takes_values();
    command
        .mut_args(|argument| match takes_value(&argument) {
            true => argument.allow_negative_numbers(true),
            false => argument,
        })
        .mut_subcommands(with_numbers_below_zero)
}

/// clap explains over several paragraphs; the first of them is the error, and a tip says what was perhaps meant.
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

    #[test]
    fn seconds_have_decimals_and_are_finite_and_above_zero() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        assert_eq!(seconds("1e-12"), Ok(Duration::from_micros(1)));
        for wrong in ["0", "-1", "nan", "inf", "-0", "1e300", "", "abc", "5s"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn milliseconds_and_percentages_may_be_zero_and_have_an_end() {
        assert_eq!(milliseconds("0.5"), Ok(Duration::from_micros(500)));
        assert_eq!(percent("12.5"), Ok(12.5));
        for wrong in ["-1", "3600001", "nan", "inf", "", "5ms"] {
            assert!(milliseconds(wrong).is_err(), "{wrong}");
        }
        for wrong in ["-1", "101", "nan", "inf", "", "5%"] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_idle_timeout_of_zero_is_never() {
        assert_eq!(idle("0"), Ok(Idle(None)));
        assert_eq!(idle("0.5"), Ok(Idle(Some(Duration::from_millis(500)))));
        assert!(idle("-1").is_err());
        assert!(idle("nan").is_err());
    }

    #[test]
    fn numbers_of_things_are_whole() {
        let retries = whole(0..=u32::MAX);
        assert_eq!(retries("0"), Ok(0));
        for wrong in ["", "-1", "x", "1.5", "4294967296"] {
            assert!(retries(wrong).is_err_and(|words| words.starts_with("not a whole number")), "{wrong}");
        }
        let few = whole(1..=3_u8);
        assert_eq!(few("3"), Ok(3));
        for wrong in ["0", "4", "256", "x"] {
            assert_eq!(few(wrong), Err("not a whole number from 1 to 3".to_owned()));
        }
    }

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
