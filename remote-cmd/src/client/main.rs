//! Asks a server to run commands: the client of the pair that shows sticky packets and framing.
//!
//! ```text
//! $ cargo run -p remote-cmd --bin remote-cmd-client uname -a
//! $ cargo run -p remote-cmd --bin remote-cmd-client
//! >>: echo 你好
//! 你好
//! >>: quit
//! ```

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ClientOptions};
use common::encoding::Encoding;
use common::exit;
use common::socket::Stream;
use common::terminal::{Input, Typed};
use remote_cmd::{DEFAULT_ADDR, Framing};

use crate::interrupt::Interrupts;
use crate::relay::{Relay, Unread};

mod interrupt;
mod relay;
mod session;
mod tutorial;

/// The exit status of this program's own failures, as ssh has it; others are the command's.
const FAILED: u8 = 255;

/// The exit status after nobody wanted to read the output any more: 128 + SIGPIPE, as of a command that runs
/// here.
const UNREAD: u8 = 141;

/// Runs commands where the server is.
#[derive(Parser)]
#[command(
    name = "remote-cmd-client",
    version,
    after_help = "\
Without a command it asks for commands until `quit` or the end of input. `cd` is remembered from one to the next.
Ctrl+C interrupts the command that runs; a second one leaves.

Examples:
  remote-cmd-client uname -a                       one command
  remote-cmd-client 'ls -l | head -3'              with the server's shell: quote it from your own
  remote-cmd-client cat picture.png > copy.png     output is exact, to the byte
  remote-cmd-client --key-file key -a HOST uptime  on another computer
  remote-cmd-client --framing ack --encoding gbk   talk to the tutorial's first server on Windows

Exit status: the command's, 128 + N if signal N killed it; 255 for this program's own failures, but 2 for options that are
none, before anything is sent; 130 after a second Ctrl+C; 141 if whoever reads the output has left. A command may end with
any of these, too: then there is no line `error: …`. In the tutorial's framings, which do not tell: 0 after an answer."
)]
struct Args {
    /// The command, its words joined by blanks; none: ask for commands
    #[arg(value_name = "COMMAND", trailing_var_arg = true)]
    command: Vec<String>,
    /// Address of the server
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    addr: Addr,
    /// How answers are told apart; the server's, too
    #[arg(long, value_enum, default_value = "stream")]
    framing: Framing,
    /// Encoding of the output
    #[arg(long, value_enum, default_value = "utf-8")]
    encoding: Encoding,
    /// Prove the key in this file, and encrypt everything
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    client: ClientOptions,
}

fn main() -> ExitCode {
    exit::run_with(FAILED, || {
        let args: Args = cli::parse();
        let interrupts = Interrupts::catch()?;
        let mut remote = connect(&args, interrupts)?;
        let status = match &args.command[..] {
            [] => converse(&mut *remote),
            words => remote.ask(&words.join(" ")),
        };
        match status {
            Err(error) if error.is::<Unread>() => Ok(UNREAD.into()),
            status => Ok(status?.into()),
        }
    })
}

/// A server that runs commands.
trait Remote {
    /// Runs a command, shows what it prints, and returns the exit status for it.
    ///
    /// # Errors
    /// The command cannot be sent; or all [is over](Remote::is_over): the connection has failed, or the two
    /// sides are out of step.
    fn ask(&mut self, command: &str) -> anyhow::Result<u8>;

    /// Whether nothing more can be asked.
    fn is_over(&self) -> bool;
}

fn connect(args: &Args, interrupts: Interrupts) -> anyhow::Result<Box<dyn Remote>> {
    let is_stream = args.framing == Framing::Stream;
    if args.key_file.is_some() && !is_stream {
        exit::misused("only the framing stream has keys: leave --key-file or --framing out");
    }
    let key = args.key_file.as_deref().map(remote_cmd::key_file::read).transpose()?;
    let target = args.addr.to_connect(DEFAULT_ADDR)?;
    let limit = args.client.timeout;
    let stream = Stream::connect(&target, limit, args.client.trace())?;
    // A command may be silent for as long as it likes; a server that is no more there may not.
    stream.keep_alive()?;
    let relay = Relay::new(args.encoding).context("cannot use standard output")?;
    if !is_stream {
        return Ok(Box::new(tutorial::Session::new(stream, args.framing, limit, relay)));
    }
    let remembers = args.command.is_empty();
    let session = session::Session::new(stream, key.as_ref(), limit, interrupts, relay, remembers);
    Ok(Box::new(session.with_context(|| format!("no session with {target}"))?))
}

/// Takes commands from the user until there are no more. The status is that of the last, as a shell's.
fn converse(remote: &mut dyn Remote) -> anyhow::Result<u8> {
    let mut input = Input::new(">>: ")?;
    let mut status = 0;
    loop {
        let line = match input.next_line()? {
            Typed::Line(line) => line,
            Typed::Interrupted => continue,
            Typed::End => return Ok(status),
        };
        let asked = match str::from_utf8(&line) {
            Ok("quit") => return Ok(status),
            // The tutorial, too, asks again: its framings cannot send nothing.
            Ok("") => continue,
            Ok(command) => remote.ask(command),
            Err(_) => Err(anyhow!("the command is no UTF-8 text and was not sent")),
        };
        status = match asked {
            Err(error) if remote.is_over() => return Err(error),
            Err(error) => {
                exit::report(&error);
                FAILED
            }
            Ok(status) => status,
        };
    }
}
