//! Runs commands for its clients: the server of the pair that shows sticky packets and framing.
//!
//! ```text
//! $ cargo run -p remote-cmd
//! listening on 127.0.0.1:8000
//! ```
//!
//! Whoever reaches it can do what you can do. So it listens on this computer only, unless there is a key.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ServerOptions, TcpServerOptions};
use common::encoding::Encoding;
use common::exit;
use common::frame::Prefix;
use common::server::raise_open_files;
use common::server::{self, Model, Stop};
use common::socket::{BACKLOG, Listener, Stream};
use common::terminal::{self, MessageLog};
use remote_cmd::{DEFAULT_ADDR, Framing};

use crate::door::Door;
use crate::leash::Leashes;
use crate::shell::Shell;

#[cfg(unix)]
mod bulk;
mod directory;
mod door;
mod drain;
mod group;
mod inbox;
mod job;
mod leash;
mod new_key;
mod receiver;
mod session;
mod shell;
mod tutorial;

/// How long a command may run in the tutorial's framings, whose clients cannot interrupt it.
const TUTORIAL_TIME: Duration = Duration::from_secs(60);

/// How much a command may print in the tutorial's framings, whose answers are held in memory, in bytes.
const TUTORIAL_OUTPUT: u64 = 16 << 20;

/// What a client past --max-clients is told in the framing `stream`.
const FULL: &[u8] = b"error: the server has as many clients as it takes (--max-clients)\n";

/// How long a client that is turned away may take to read why.
const FAREWELL: Duration = Duration::from_secs(1);

/// Runs the commands that clients send, and sends what they print.
#[derive(Parser)]
#[command(
    name = "remote-cmd-server",
    version,
    after_help = "\
Examples:
  remote-cmd-server                                listen on 127.0.0.1:8000
  remote-cmd-server --new-key key                  write a new key; copy it to the clients
  remote-cmd-server --key-file key -a :8000        serve other computers, too, that have the key
  remote-cmd-server --allow date --allow uptime    these two programs, and no shell
  remote-cmd-server --framing prefix --encoding gbk
                                                   serve the tutorial's second client, which reads GBK"
)]
struct Args {
    /// Address to listen on; without a key one of this computer's own, 127.0.0.1 or ::1
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    addr: Addr,
    /// How answers are told apart
    #[arg(long, value_enum, default_value = "stream")]
    framing: Framing,
    /// Encoding of the output that clients get
    #[arg(long, value_enum, default_value = "utf-8")]
    encoding: Encoding,
    /// Serve only clients that hold the key in this file, and encrypt everything
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Write a new key to this file, and exit
    #[arg(long, value_name = "FILE", exclusive = true)]
    new_key: Option<PathBuf>,
    /// Run only this program, without a shell; may be given several times
    #[arg(long, value_name = "PROGRAM")]
    allow: Vec<String>,
    /// Kill a command that runs longer; 0 is never [default: 0, in the tutorial's framings 60]
    #[arg(long, value_name = "SECONDS", value_parser = time_limit)]
    run_timeout: Option<Limit<Duration>>,
    /// Kill a command that prints more; 0 is no limit [default: 0, in the tutorial's framings 16777216]
    #[arg(long, value_name = "BYTES", value_parser = output_limit)]
    max_output: Option<Limit<u64>>,
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
    let bytes = cli::whole(0..=u64::MAX)(text)?;
    Ok(Limit((bytes > 0).then_some(bytes)))
}

impl Args {
    fn limits(&self) -> job::Limits {
        let is_tutorial = self.framing != Framing::Stream;
        let time = self.run_timeout.unwrap_or(Limit(is_tutorial.then_some(TUTORIAL_TIME)));
        let output = self.max_output.unwrap_or(Limit(is_tutorial.then_some(TUTORIAL_OUTPUT)));
        job::Limits { time: time.0, output: output.0 }
    }

    /// Whoever reaches this port runs commands as the user who started the server. Only a key tells who that
    /// is.
    fn refuse_the_world(&self, addrs: &[SocketAddr]) -> anyhow::Result<()> {
        let framing_has_keys = self.framing == Framing::Stream;
        if self.key_file.is_some() && !framing_has_keys {
            exit::misused("only the framing stream has keys: leave --key-file or --framing out");
        }
        for addr in addrs.iter().filter(|addr| !addr.ip().to_canonical().is_loopback()) {
            ensure!(
                self.key_file.is_some(),
                "will not listen on {addr}: whoever reaches it could run commands as you; without a key only this \
                 computer's own addresses are safe, 127.0.0.1 and [::1]{}",
                if framing_has_keys { " (--new-key FILE writes a key, --key-file FILE uses it)" } else { "" }
            );
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    exit::run(|| {
        let args: Args = cli::parse();
        if let Some(path) = &args.new_key {
            return new_key::write(path);
        }
        let addrs = args.addr.to_listen(DEFAULT_ADDR)?;
        args.refuse_the_world(&addrs)?;
        let server = Server::new(&args)?;
        let stop = Stop::on_signals()?;
        let leashes = server.leashes.clone();
        stop.at_deadline(move || leashes.kill_all());
        let listener = Listener::bind(&addrs, BACKLOG, args.server.trace())?;
        server::announce(listener.local_addr())?;
        server.serve(listener, &stop, &args)
    })
}

/// What all conversations share.
struct Server {
    framing: Framing,
    encoding: Encoding,
    idle: Option<Duration>,
    limits: job::Limits,
    door: Door,
    shell: Shell,
    leashes: Leashes,
    journal: MessageLog,
}

impl Server {
    fn new(args: &Args) -> anyhow::Result<Self> {
        Ok(Self {
            framing: args.framing,
            encoding: args.encoding,
            idle: args.tcp.idle_timeout.0,
            limits: args.limits(),
            door: Door::new(args.key_file.as_deref().map(remote_cmd::key_file::read).transpose()?),
            shell: Shell::new(&args.allow)?,
            leashes: Leashes::default(),
            journal: MessageLog::new().context("cannot start a thread")?,
        })
    }

    /// Serves until it is told to stop, each client on a thread of its own.
    fn serve(self, listener: Listener, stop: &Stop, args: &Args) -> anyhow::Result<()> {
        let idle_timeout = self.idle;
        let limits =
            server::Limits { max_clients: args.tcp.max_clients, idle_timeout, once: args.server.once };
        // A client, its place in the door, and a command's three pipes, of which both ends are open for a moment.
        raise_open_files(limits.max_clients.saturating_mul(8));
        let full = if self.framing == Framing::Stream { FULL } else { b"" };
        let served =
            server::serve(listener, stop, Model::Threads, &limits, full, move |stream| self.converse(stream));
        stop.run_deadline_actions();
        served
    }

    /// One client.
    fn converse(&self, mut stream: Stream) -> anyhow::Result<()> {
        self.journal.line(format_args!("{} connected", stream.peer()), b"");
        // A command may be silent for long, and its client as well.
        stream.keep_alive()?;
        let leash = self.leashes.leash();
        if self.framing == Framing::Prefix {
            stream.show_sent_frames(Prefix::Tutorial);
        }
        if self.framing != Framing::Stream {
            self.converse_as_the_tutorial(&stream, &leash)?;
            stream.close();
            return Ok(());
        }
        match self.door.enter(&mut stream, self.idle) {
            Ok(secrets) => {
                stream.set_idle(self.idle)?;
                if secrets.is_none() {
                    stream.show_received_frames(Prefix::Native);
                    stream.show_sent_frames(Prefix::Native);
                }
                self.converse_in_stream(&stream, secrets, &leash)?;
                stream.close();
                Ok(())
            }
            Err(error) => {
                stream.close_gently(FAREWELL);
                Err(error)
            }
        }
    }

    /// Writes down who runs what. Escaped even into a file: a line is one command, whatever the command
    /// holds.
    fn log(&self, peer: SocketAddr, command: &[u8]) {
        self.journal.line(format_args!("{peer}: "), terminal::bytes_as_line(command).as_bytes());
    }
}
