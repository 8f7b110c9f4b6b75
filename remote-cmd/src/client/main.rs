//! Asks a server to run commands: the client of the pair that shows sticky packets and framing.
//!
//! ```text
//! $ cargo run -p remote-cmd --bin remote-cmd-client uname -a
//! $ cargo run -p remote-cmd --bin remote-cmd-client
//! >>: echo 你好
//! 你好
//! >>: quit
//! ```
//!
//! `connect` in [`connect`], `send` and `recv` in [`ask`], `close` at the end of [`main`].

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ClientOptions};
use common::encoding::Encoding;
use common::socket::Stream;
use common::terminal::{Input, Typed};
use common::{exit, memory, notice};
use remote_cmd::command_end::CommandEnd;
use remote_cmd::directory::{self, Line};
use remote_cmd::stream::Reply;
use remote_cmd::{DEFAULT_ADDR, Framing, key_file};

use crate::connection::Connection;
use crate::interrupt::Interrupts;
use crate::relay::{Relay, Unread};
use crate::session::Session;
use crate::standard_input::StandardInput;
use crate::status::{FAILED, UNREAD, status};
use crate::tutorial::TutorialSession;
use crate::wants_terminal::Watch;

mod connection;
mod help;
mod interrupt;
mod reasons;
mod relay;
mod session;
mod standard_input;
mod status;
mod text;
mod tutorial;
mod wants_terminal;

/// Runs commands where the server is.
#[derive(Parser)]
#[command(
    name = "remote-cmd-client",
    version,
    after_help = "\
Examples:
  remote-cmd-client uname -a                       one command
  remote-cmd-client 'ls -l | head -3'              with the server's shell: quote it from your own
  remote-cmd-client cat picture.png > copy.png     output is exact, to the byte
  tar c . | remote-cmd-client tar x -C /tmp        and so is input, which the command gets as it comes
  remote-cmd-client - < script.sh                  all of standard input is the command
  remote-cmd-client --key-file key -a HOST uptime  on another computer
  remote-cmd-client --framing ack --encoding gbk   talk to the tutorial's first server on Windows

Without a command it asks for commands until `quit` or the end of input. `cd` is remembered from one to the next.
Ctrl+C interrupts the command that runs; a second one leaves.
A command has no terminal, as with ssh without -t: vi and top cannot run, and sudo cannot ask for a password.

Exit status: the command's, 128 + N if signal N killed it; 255 for this program's own failures, but 2 for options that are
none, before anything is sent; 130 after a second Ctrl+C; 141 if whoever reads the output has left. A command may end with
any of these, too: then there is no line `error: …`. In the tutorial's framings, which do not tell: 0 after an answer."
)]
struct Args {
    /// The command, its words joined by blanks; `-`: what standard input says; none: ask for
    /// commands
    #[arg(value_name = "COMMAND", trailing_var_arg = true)]
    command: Vec<String>,
    /// Address of the server
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:8000", help_heading = cli::NETWORK)]
    addr: Addr,
    /// How answers are told apart; the server's, too
    #[arg(long, value_enum, default_value = "stream")]
    framing: Framing,
    /// Encoding of the output
    #[arg(long, value_enum, default_value = "utf-8")]
    encoding: Encoding,
    /// Prove the key in this file, and encrypt everything
    #[arg(long, value_name = "FILE", help_heading = "Access")]
    key_file: Option<PathBuf>,
    /// Give the command no standard input (framing stream); a terminal's it never gets
    #[arg(short = 'n')]
    no_input: bool,
    #[command(flatten)]
    client: ClientOptions,
}

fn main() -> ExitCode {
    exit::run_with(FAILED, || {
        let args: Args = cli::parse();
        memory::enough_for_a_client()?;
        let interrupts = Interrupts::catch()?;
        let mut relay = Relay::new(args.encoding).context(text::cannot_use_stdout())?;
        let mut server = connect(&args, interrupts)?;
        let status = match &args.command[..] {
            [] => converse(&mut *server, &mut relay, args.framing),
            [script] if script == "-" => {
                ask(&mut *server, &mut relay, &standard_input::script()?, None)
            }
            words => {
                let input = if args.no_input { None } else { StandardInput::open()? };
                ask(&mut *server, &mut relay, &words.join(" "), input)
            }
        };
        // close: the server sees the end of the stream, and kills a command that still runs.
        drop(server);
        match status {
            Err(error) if error.is::<Unread>() => Ok(UNREAD.into()),
            status => Ok(status?.into()),
        }
    })
}

/// Connects, and says hello where the framing has one.
fn connect(args: &Args, interrupts: Interrupts) -> anyhow::Result<Box<dyn Connection>> {
    let is_stream = args.framing == Framing::Stream;
    if args.key_file.is_some() && !is_stream {
        exit::misused(text::only_stream_has_keys());
    }
    let key = args.key_file.as_deref().map(key_file::read).transpose()?;
    let limit = args.client.timeout;
    let target = args.addr.to_connect(DEFAULT_ADDR, limit)?;
    // connect: the handshake of TCP, with the first address of the server that answers.
    let stream = Stream::connect(&target, limit, args.client.trace())?;
    if !is_stream {
        // A command may be silent for as long as it likes; a server that is no more there may not.
        stream.watch_for_vanished_peer()?;
        return Ok(Box::new(TutorialSession::new(stream, args.framing, limit)));
    }
    let remembers = args.command.is_empty();
    let session = Session::new(stream, key.as_ref(), limit, interrupts, remembers);
    Ok(Box::new(session.with_context(|| text::no_session(&target))?))
}

/// Takes commands from the user until there are no more. The status is that of the last, as a
/// shell's.
fn converse(
    server: &mut dyn Connection,
    relay: &mut Relay,
    framing: Framing,
) -> anyhow::Result<u8> {
    let mut input = Input::new(">>: ")?;
    let mut status = 0;
    loop {
        let line = match input.next_line()? {
            Typed::Line(line) => line,
            Typed::Interrupted => continue,
            Typed::End => return Ok(status),
        };
        let command = str::from_utf8(&line).unwrap_or_default();
        let checked = match str::from_utf8(&line) {
            Ok("quit") => return Ok(status),
            // The tutorial, too, asks again: its framings cannot send nothing.
            Ok("") => continue,
            Ok(command) => server.check(command),
            Err(_) => Err(anyhow!(text::command_no_utf8())),
        };
        if let Err(error) = checked {
            exit::report(&error);
            status = FAILED;
            continue;
        }
        status = ask(server, relay, command, None)?;
        if framing == Framing::Stream
            && directory::line(command) == (Line::Command { forgets: true })
        {
            notice!("{}", text::only_plain_cd());
        }
    }
}

/// Has the server run a command, shows what it prints, and returns the exit status for it.
fn ask(
    server: &mut dyn Connection,
    relay: &mut Relay,
    command: &str,
    input: Option<StandardInput>,
) -> anyhow::Result<u8> {
    server.check(command)?;
    let (has_input, mut was_silent) = (input.is_some(), true);
    let mut watch = Watch::new(command, relay.is_terminal());
    server.send(command, input)?;
    // recv until the server says that the answer has ended: how it says so is the framing's affair.
    let end = loop {
        match server.recv()? {
            Reply::Stdout(piece) => {
                was_silent = false;
                let advice = watch.advice(piece);
                relay.stdout(piece)?;
                if let Some(words) = advice {
                    relay.begin_line()?;
                    notice!("{words}");
                }
            }
            Reply::Stderr(piece) => {
                was_silent = false;
                relay.stderr(piece);
            }
            // Of its input, for the one that sends that.
            Reply::Taken(_) => {}
            Reply::Exit(status) => break CommandEnd::Exit(status),
            Reply::Signal(number) => break CommandEnd::Signal(number),
            Reply::Error(reason) => break CommandEnd::NotRun(reason.to_owned()),
        }
    };
    relay.end()?;
    let advice = wants_terminal::advice(command, &end, has_input, was_silent);
    if let Some(words) = advice.filter(|_| !watch.has_told) {
        notice!("{words}");
    }
    Ok(status(&end))
}
