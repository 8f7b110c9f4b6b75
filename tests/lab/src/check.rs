//! `lab check`: is your own program right?
//!
//! The checks themselves are in [`check`]; the workspace's own tests call them, too.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::screen::{self, Out, is_unread};
use crate::text;
use anyhow::Context as _;
use check::{Check, Findings, Patience, Side, Suite, Target, judge, kill_running};
use clap::builder::PossibleValuesParser;
use common::addr::{Addr, RESOLVE_LIMIT};
use common::text::{because, list};
use common::{cli, exit, signals};

/// Check a program of your own, in any language, against a lesson
///
/// Exits 0 when all checks hold, 1 when one fails.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo lab check udp-temp --command 'python3 my_server.py {port}'
  cargo lab check udp-temp --command 'python3 my_server.py' --addr 127.0.0.1:9999
  cargo lab check udp-temp --addr 127.0.0.1:9999          a server that runs already
  cargo lab check udp-temp --client --command 'python3 my_client.py {port}'
  cargo lab check tcp-echo --dialect greet --command './server {port}' --only exit
  cargo lab check tcp-chat --mode room --command './server {port}'
  cargo lab check udp-temp --command './server {port}' --json --junit report.xml
  cargo lab check udp-temp --list

The command is started for each check anew, without a shell. In it {port}, {host} and {addr} stand for
the port, host and address to listen on (with --client: to connect to), and {file} for where to save;
PORT and HOST are in its environment. What it is to say and to show is in the lesson's README.md.")]
pub(crate) struct Arguments {
    /// The lesson
    #[arg(value_parser = PossibleValuesParser::new(::check::lessons()))]
    lesson: String,
    /// Check a client: the checks play its server
    #[arg(long)]
    client: bool,
    /// What the program speaks, in a lesson of several dialects
    #[arg(long, value_name = "NAME")]
    dialect: Option<String>,
    /// How the program marks where an answer ends, in a lesson of several ways
    #[arg(long, value_name = "NAME", conflicts_with = "dialect")]
    framing: Option<String>,
    /// Who may speak when, in a lesson of several modes
    #[arg(long, value_name = "NAME", conflicts_with_all = ["dialect", "framing"])]
    mode: Option<String>,
    /// The word that ends a conversation in turns
    #[arg(long, value_name = "WORD", conflicts_with_all = ["dialect", "framing", "mode"])]
    bye: Option<String>,
    /// Where the server listens
    #[arg(short, long, value_name = "ADDR", required_unless_present_any = ["command", "list"])]
    addr: Option<Addr>,
    /// What starts the program
    #[arg(long, value_name = "COMMAND")]
    command: Option<String>,
    /// Only the checks whose name this is, or begins with
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// List the checks and do none
    #[arg(long)]
    list: bool,
    /// How long the program may take for an answer (default: 10, and less once a check has failed)
    #[arg(long, value_name = "SECONDS", value_parser = cli::seconds)]
    timeout: Option<Duration>,
    /// Write a JSON object a line for each check, in place of the report
    #[arg(long)]
    json: bool,
    /// Write what was found to this file as well, in the XML of JUnit
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// Does the checks, one after the other, as long as somebody reads what comes of them.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match do_checks(arguments) {
        Err(error) if is_unread(&error) => Ok(ExitCode::from(exit::FAILED)),
        result => result,
    }
}

/// How long an answer may take, where the user says nothing of it: an interpreter on a busy machine
/// needs seconds at times.
const ANSWER: Duration = Duration::from_secs(10);

fn do_checks(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let suite = suite(arguments).unwrap_or_else(|words| exit::misused(&words));
    let checks = chosen(suite, &arguments.only).unwrap_or_else(|words| exit::misused(&words));
    let (mut out, width) = (Out::new(), screen::words());
    if arguments.list {
        for check in checks {
            writeln!(out, "{}", because(check.name, check.says))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let target = target(arguments, suite)?;
    // Ctrl+C in the middle of a check leaves no program behind: each is in a process group of its
    // own.
    signals::exit_on_interrupt(kill_running)?;
    let patience = match arguments.timeout {
        Some(limit) => Patience::exactly(limit),
        None => Patience::at_first(ANSWER),
    };
    let findings = judge(suite, &target, patience, &checks);
    if let Some(file) = &arguments.junit {
        std::fs::write(file, findings.junit(suite)?)
            .with_context(|| ::bench::text::cannot_write(file.display()))?;
    }
    let text = if arguments.json { findings.json(suite) } else { findings.text(width) };
    write!(out, "{text}")?;
    out.flush()?;
    Ok(status(&findings))
}

fn status(findings: &Findings) -> ExitCode {
    if findings.failed().is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit::FAILED) }
}

fn suite(arguments: &Arguments) -> Result<&'static Suite, String> {
    let Arguments { lesson, client, dialect, framing, mode, bye, addr, command, .. } = arguments;
    let side = if *client { Side::Client } else { Side::Server };
    if *client && command.is_none() && addr.is_some() {
        return Err(text::client_needs_command().to_owned());
    }
    let said = [("dialect", dialect), ("framing", framing), ("mode", mode), ("bye", bye)]
        .into_iter()
        .find_map(|(option, value)| value.as_deref().map(|value| (option, value)));
    let all: Vec<_> = Suite::of(lesson, side).collect();
    let Some(first) = all.first() else {
        return Err(text::no_client_checks(lesson));
    };
    let Some((option, value)) = said else { return Ok(first) };
    let known: Vec<_> = all.iter().filter(|suite| suite.option == option).collect();
    if known.is_empty() {
        return Err(text::no_such_option(lesson, option));
    }
    known.iter().find(|suite| suite.variant == value).map(|suite| **suite).ok_or_else(|| {
        let known: Vec<_> = known.iter().map(|suite| suite.variant).collect();
        text::no_checks_for(option, value, list(known))
    })
}

fn chosen(suite: &Suite, only: &[String]) -> Result<Vec<Check>, String> {
    let mut checks = (suite.checks)();
    for name in only {
        if !checks.iter().any(|check| check.name.starts_with(name.as_str())) {
            return Err(text::no_such_check(name));
        }
    }
    // `exit` is one check, although another's name begins so.
    let wanted = |check: &Check| {
        only.iter().any(|name| {
            let exact = (suite.checks)().iter().any(|check| check.name == name);
            if exact { check.name == name } else { check.name.starts_with(name.as_str()) }
        })
    };
    checks.retain(|check| only.is_empty() || wanted(check));
    Ok(checks)
}

fn target(arguments: &Arguments, suite: &Suite) -> anyhow::Result<Target> {
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, suite.port));
    let addr = match &arguments.addr {
        None => None,
        Some(addr) => {
            let found = addr.to_connect(default, RESOLVE_LIMIT)?;
            // As the lessons have it where a name has several: 127.0.0.1 for localhost.
            let first = found.addrs.iter().find(|addr| addr.is_ipv4()).or(found.addrs.first());
            Some(first.copied().with_context(|| text::no_address(&found.name))?)
        }
    };
    match (&arguments.command, addr) {
        (Some(line), addr) => {
            Ok(Target::command(line, addr)
                .unwrap_or_else(|error| exit::misused(&error.to_string())))
        }
        (None, Some(addr)) => Ok(Target::Running(addr)),
        (None, None) => exit::misused(text::which_program()),
    }
}
