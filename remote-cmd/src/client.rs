//! Asks a server to run commands: the client of the pair that shows sticky packets and framing.
//!
//! ```text
//! $ cargo run -p remote-cmd --bin remote-cmd-client uname -a
//! $ cargo run -p remote-cmd --bin remote-cmd-client
//! >>: echo 你好
//! 你好
//! >>: quit
//! ```

use std::process::ExitCode;

use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ClientOptions};
use common::encoding::Encoding;
use common::input::{Input, Typed};
use common::show::Stdout;
use common::shutdown;
use common::socket::Stream;
use remote_cmd::{DEFAULT_ADDR, Framing};

use crate::tutorial::Session;

#[path = "client/tutorial.rs"]
mod tutorial;

/// The exit status of this program's own failures, as ssh has it; others are the command's.
const FAILED: u8 = 255;

/// Runs commands where the server is.
#[derive(Parser)]
#[command(
    name = "remote-cmd-client",
    version,
    after_help = "\
Without a command it asks for commands until `quit` or the end of input.

Examples:
  remote-cmd-client uname -a                       one command
  remote-cmd-client 'ls -l | head -3'              with the server's shell: quote it from your own
  remote-cmd-client --framing ack --encoding gbk   talk to the tutorial's first server on Windows

Exit status: 0 after an answer, 255 for this program's own failures, 130 after Ctrl+C."
)]
struct Args {
    /// The command, its words joined by blanks; none: ask for commands
    #[arg(value_name = "COMMAND", trailing_var_arg = true)]
    command: Vec<String>,
    /// Address of the server
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    addr: Addr,
    /// How answers are told apart; the server's, too
    #[arg(long, value_enum, default_value = "prefix")]
    framing: Framing,
    /// Encoding of the answers
    #[arg(long, value_enum, default_value = "utf-8")]
    encoding: Encoding,
    #[command(flatten)]
    client: ClientOptions,
}

fn main() -> ExitCode {
    cli::run_with(FAILED, || {
        let args: Args = cli::parse();
        let target = args.addr.to_connect(DEFAULT_ADDR)?;
        shutdown::exit_on_interrupt(|| {})?;
        let stream = Stream::connect(&target, args.client.timeout, args.client.trace())?;
        let mut session = Session::new(&stream, args.framing, args.client.timeout);
        if args.command.is_empty() {
            converse(&mut session, args.encoding)?;
        } else {
            ask(&mut session, &args.command.join(" "), args.encoding)?;
        }
        stream.close();
        Ok(ExitCode::SUCCESS)
    })
}

/// Takes commands from the user until there are no more.
fn converse(session: &mut Session<'_>, encoding: Encoding) -> anyhow::Result<()> {
    let mut input = Input::new(">>: ")?;
    loop {
        let line = match input.next_line()? {
            Typed::Line(line) => line,
            Typed::Interrupted => continue,
            Typed::End => return Ok(()),
        };
        match str::from_utf8(&line) {
            Ok("quit") => return Ok(()),
            // The tutorial, too, asks again: no bytes can be sent as nothing.
            Ok("") => {}
            Ok(command) => match ask(session, command, encoding) {
                Err(error) if session.is_over() => return Err(error),
                Err(error) => cli::report(&error),
                Ok(()) => {}
            },
            Err(_) => cli::report(&anyhow::anyhow!("the command is no UTF-8 text and was not sent")),
        }
    }
}

/// Sends one command and prints the answer, on lines of its own.
fn ask(session: &mut Session<'_>, command: &str, encoding: Encoding) -> anyhow::Result<()> {
    let answer = session.ask(command)?;
    let mut stdout = Stdout::new();
    if encoding == Encoding::Utf8 {
        stdout.text(&answer)?;
    } else {
        let mut decoder = encoding.decoder();
        stdout.text((decoder.push(&answer) + &decoder.finish()).as_bytes())?;
    }
    stdout.end_text()?;
    if !answer.ends_with(b"\n") {
        stdout.text(b"\n")?;
    }
    Ok(())
}
