//! Runs commands for its clients: the server of the pair that shows sticky packets and framing.
//!
//! ```text
//! $ cargo run -p remote-cmd
//! listening on 127.0.0.1:8000
//! ```
//!
//! Whoever reaches it can do what you can do. So it listens on this computer only.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ServerOptions, TcpServerOptions};
use common::encoding::Encoding;
use common::frame::{self, Prefix};
use common::journal::Journal;
use common::serve::{self, Model};
use common::show;
use common::shutdown::Stop;
use common::socket::{BACKLOG, Listener, Stream};
use remote_cmd::ack::{self, Acknowledgement};
use remote_cmd::outcome::{self, Outcome};
use remote_cmd::{DEFAULT_ADDR, Framing, MAX_COMMAND, encoded, stranger};

use crate::inbox::{Inbox, Received};
use crate::job::Source;
use crate::leash::{Leash, Leashes};
use crate::shell::Shell;

#[path = "server/drain.rs"]
mod drain;
#[path = "server/group.rs"]
mod group;
#[path = "server/inbox.rs"]
mod inbox;
#[path = "server/job.rs"]
mod job;
#[path = "server/leash.rs"]
mod leash;
#[path = "server/shell.rs"]
mod shell;

/// How long a client of the framing `ack` may take to acknowledge a length.
const ACK_LIMIT: Duration = Duration::from_secs(10);

/// Runs the commands that clients send, and answers with what they print.
#[derive(Parser)]
#[command(
    name = "remote-cmd-server",
    version,
    after_help = "\
Examples:
  remote-cmd-server                                listen on 127.0.0.1:8000
  remote-cmd-server -a 8001 --framing ack          the tutorial's first way, on another port
  remote-cmd-server --framing prefix --encoding gbk
                                                   serve the tutorial's client, which reads GBK
  remote-cmd-server --allow date --allow uptime    these two programs, and no shell"
)]
struct Args {
    /// Address to listen on: one of this computer's own, 127.0.0.1 or ::1
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    addr: Addr,
    /// How answers are told apart
    #[arg(long, value_enum, default_value = "prefix")]
    framing: Framing,
    /// Encoding of the output that clients get
    #[arg(long, value_enum, default_value = "utf-8")]
    encoding: Encoding,
    /// Run only this program, without a shell; may be given several times
    #[arg(long, value_name = "PROGRAM")]
    allow: Vec<String>,
    /// Kill a command that runs longer; 0 is never
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = time_limit)]
    run_timeout: Limit<Duration>,
    /// Kill a command that prints more; 0 is no limit
    #[arg(long, value_name = "BYTES", default_value = "16777216", value_parser = output_limit)]
    max_output: Limit<u64>,
    #[command(flatten)]
    tcp: TcpServerOptions,
    #[command(flatten)]
    server: ServerOptions,
}

/// A limit that an option gives; `None` is no limit.
#[derive(Clone, Copy, Debug)]
struct Limit<T>(Option<T>);

fn time_limit(text: &str) -> Result<Limit<Duration>, String> {
    match text.parse::<f64>() {
        Ok(0.0) => Ok(Limit(None)),
        _ => cli::seconds(text).map(|limit| Limit(Some(limit))).map_err(|words| words + "; 0 is never"),
    }
}

fn output_limit(text: &str) -> Result<Limit<u64>, String> {
    let bytes = text.parse().map_err(|_| "not a whole number of bytes".to_owned())?;
    Ok(Limit((bytes > 0).then_some(bytes)))
}

fn main() -> ExitCode {
    cli::run(|| {
        let args: Args = cli::parse();
        let addrs = args.addr.to_listen(DEFAULT_ADDR)?;
        refuse_the_world(&addrs)?;
        let server = Server::new(&args)?;
        let stop = Stop::on_signals()?;
        let leashes = server.leashes.clone();
        stop.at_deadline(move || leashes.kill_all());
        let listener = Listener::bind(&addrs, BACKLOG, args.server.trace())?;
        serve::announce(listener.local_addr())?;
        server.serve(listener, &stop, &args)
    })
}

/// Whoever reaches this port runs commands as the user who started the server, and nothing tells who it is.
fn refuse_the_world(addrs: &[SocketAddr]) -> anyhow::Result<()> {
    for addr in addrs {
        ensure!(
            addr.ip().to_canonical().is_loopback(),
            "will not listen on {addr}: whoever reaches it could run commands as you, without a password; \
             only this computer's own addresses are safe: 127.0.0.1 and [::1]"
        );
    }
    Ok(())
}

/// What all conversations share.
struct Server {
    framing: Framing,
    encoding: Encoding,
    idle: Option<Duration>,
    limits: job::Limits,
    shell: Shell,
    leashes: Leashes,
    journal: Journal,
}

impl Server {
    fn new(args: &Args) -> anyhow::Result<Self> {
        Ok(Self {
            framing: args.framing,
            encoding: args.encoding,
            idle: args.tcp.idle_timeout.0,
            limits: job::Limits { time: args.run_timeout.0, output: args.max_output.0 },
            shell: Shell::new(&args.allow)?,
            leashes: Leashes::default(),
            journal: Journal::new().context("cannot start a thread")?,
        })
    }

    /// Serves until it is told to stop, each client on a thread of its own.
    fn serve(self, listener: Listener, stop: &Stop, args: &Args) -> anyhow::Result<()> {
        let limits = serve::Limits {
            max_clients: args.tcp.max_clients,
            idle_timeout: self.idle,
            once: args.server.once,
        };
        let served = serve::serve(listener, stop, Model::Threads, &limits, b"", move |stream| {
            let leash = self.leashes.leash();
            self.journal.line(format_args!("{} connected", stream.peer()), b"");
            inbox::converse(&stream, &leash, self.idle, |inbox| self.converse(&stream, inbox, &leash))?;
            stream.close();
            Ok(())
        });
        stop.run_deadline_actions();
        served
    }

    /// One client: a command, its answer, the next command, until the client closes.
    fn converse(&self, stream: &Stream, inbox: &Inbox<'_>, leash: &Leash) -> anyhow::Result<()> {
        loop {
            let Some(command) = received(inbox.next())? else { return Ok(()) };
            if let Some(stranger) = stranger::recognise(&command) {
                stream.send_all(stranger.farewell())?;
                bail!(stranger.reason());
            }
            // Escaped even into a file: a line of the journal is one command, whatever the command holds.
            self.journal.line(format_args!("{}: ", stream.peer()), show::bytes_as_line(&command).as_bytes());
            let answer = self.run(&command, leash)?;
            if let Some(complaint) = inbox.complaint() {
                return received(complaint).map(drop);
            }
            self.send(stream, inbox, &answer)?;
            ensure!(command.len() < MAX_COMMAND, "the command is too long, where it ends cannot be told");
        }
    }

    /// The answer to a command.
    fn run(&self, command: &[u8], leash: &Leash) -> anyhow::Result<Vec<u8>> {
        let printed = Mutex::new((Vec::new(), Vec::new()));
        let outcome = match self.shell.command(command) {
            _ if command.len() >= MAX_COMMAND => {
                Outcome::NotRun(format!("a command of {MAX_COMMAND} bytes or more is too long"))
            }
            Err(reason) => Outcome::NotRun(reason),
            Ok(process) => job::run(process, self.limits, leash, &|source, piece| {
                let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
                match source {
                    Source::Stdout => printed.0.extend_from_slice(piece),
                    Source::Stderr => printed.1.extend_from_slice(piece),
                }
                Ok(())
            })?,
        };
        let (stdout, stderr) = printed.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(encoded(outcome::answer(stdout, stderr, &outcome), self.encoding))
    }

    /// Sends an answer so that the client can tell where it ends, or, in the framing `none`, cannot.
    fn send(&self, mut stream: &Stream, inbox: &Inbox<'_>, answer: &[u8]) -> anyhow::Result<()> {
        if self.framing == Framing::Ack {
            inbox.yield_turn();
            stream.send_all(&ack::length_of(answer))?;
            acknowledged(inbox)?;
        }
        inbox.yield_turn();
        match self.framing {
            Framing::Prefix => {
                let most = Prefix::Tutorial.limit();
                frame::write_frame(&mut stream, Prefix::Tutorial, answer, most)?;
            }
            Framing::Ack | Framing::None => stream.send_all(answer)?,
        }
        Ok(())
    }
}

/// Waits for `ready!`, which may come in pieces.
fn acknowledged(inbox: &Inbox<'_>) -> anyhow::Result<()> {
    let mut all = Vec::new();
    loop {
        let piece = received(inbox.wait(ACK_LIMIT)).context("the length was not acknowledged")?;
        all.extend(piece.context("the client closed instead of acknowledging the length")?);
        match ack::acknowledgement(&all) {
            Acknowledgement::Given => return Ok(()),
            Acknowledgement::Incomplete => inbox.yield_turn(),
            Acknowledgement::Wrong => {
                bail!("the client sent something else than \"{}\"", ack::READY.escape_ascii())
            }
        }
    }
}

/// What a client sent; `None` is its end.
fn received(received: Received) -> anyhow::Result<Option<Vec<u8>>> {
    match received {
        Received::Piece(piece) => Ok(Some(piece)),
        Received::End => Ok(None),
        Received::OutOfTurn => bail!("the client sent more before it had its answer"),
        Received::Failed(error) => Err(error.into()),
    }
}
