//! Runs commands for its clients: the server of the pair that shows sticky packets and framing.
//!
//! ```text
//! $ cargo run -p remote-cmd
//! listening on 127.0.0.1:8000
//! ```
//!
//! `bind` and `listen` in [`main`], `accept` in [`Server::serve`]; then for each client on a thread
//! of its own `recv`, run, `send`, `close`, in [`Server::answer_whole`] as the tutorial has it and
//! in [`Server::answer_in_pieces`] as one would do it today.
//!
//! Whoever reaches this server can do what you can do. So it listens on this computer only, unless
//! there is a key.

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use common::encoding::Encoding;
use common::frame::Prefix;
use common::server::{Clients, Needs, Stop, announce, raise_open_files, try_threads};
use common::socket::{BACKLOG, LINGERING_CLOSE, Listener, Stream};
use common::terminal::{self, MessageLog};
use common::{cli, exit};
use remote_cmd::noise::Secrets;
use remote_cmd::{Framing, MAX_COMMAND, key_file, sniff};

use crate::directory::Directory;
use crate::handshake::Handshake;
use crate::options::Options;
use crate::output::Output;
use crate::requests::Asked;
use crate::run::Runner;
use crate::running_command::{RunningCommand, RunningCommands};
use crate::shell::Shell;

mod directory;
mod ending;
mod guardian;
mod handshake;
mod help;
mod init;
mod input;
#[cfg(windows)]
mod job;
mod new_key;
mod options;
mod output;
#[cfg(unix)]
mod process_group;
mod pump;
mod receiver;
mod requests;
mod run;
mod running_command;
mod session;
mod shell;
mod sink;
mod text;
mod tutorial;

/// What a client past --max-clients is told where an answer is text.
const FULL: &[u8] = b"error: the server has as many clients as it takes (--max-clients)\n";
/// The same behind its length, as the framing `prefix` has it.
const FULL_FRAMED: &[u8] =
    b"\x42\0\0\0error: the server has as many clients as it takes (--max-clients)\n";

fn main() -> ExitCode {
    if let Some(status) = init::serve_in_a_child() {
        return status;
    }
    exit::run(|| {
        let options: Options = cli::parse();
        if options.end_commands {
            guardian::run();
            return Ok(());
        }
        if let Some(path) = &options.new_key {
            return new_key::write(path);
        }
        let addrs = options.addrs()?;
        let stop = Stop::on_signals()?;
        let server = Server::new(&options)?;
        let running = server.running.clone();
        stop.at_deadline(move || running.end_all());
        // bind takes the port; listen, in the same call, lets clients connect to it.
        let listener = Listener::bind(&addrs, BACKLOG, options.server.trace())?;
        server.serve(listener, &stop, &options)
    })
}

/// What all conversations share.
struct Server {
    framing: Framing,
    encoding: Encoding,
    idle: Option<Duration>,
    handshake: Handshake,
    runner: Runner,
    running: RunningCommands,
    /// Where it was started.
    start: PathBuf,
    log: MessageLog,
}

impl Server {
    fn new(options: &Options) -> anyhow::Result<Self> {
        Ok(Self {
            framing: options.framing,
            encoding: options.encoding,
            idle: options.tcp.idle_timeout.0,
            handshake: Handshake::new(options.key_file.as_deref().map(key_file::read).transpose()?),
            runner: Runner { shell: Shell::new(&options.allow)?, limits: options.limits() },
            running: RunningCommands::new(),
            start: env::current_dir().unwrap_or_default(),
            log: MessageLog::new().context(common::text::cannot_start_thread())?,
        })
    }

    /// Serves until it is told to stop, each client on a thread of its own.
    fn serve(self, listener: Listener, stop: &Stop, options: &Options) -> anyhow::Result<()> {
        let addr = listener.local_addr();
        let limits = options.tcp.limits(options.server.once);
        // A client, its place in the handshake, and a command: the pipes of its three streams, of
        // which both ends are open for a moment, its end, and how one learns that input has come.
        raise_open_files(limits.max_clients.saturating_mul(11));
        let words_when_full = match self.framing {
            // Where a length is expected, none is taken for these words.
            Framing::Stream | Framing::None | Framing::Ack => FULL,
            Framing::Prefix => FULL_FRAMED,
        };
        // A command is a shell, and most often a program that it starts.
        let needs = Needs { threads: pump::THREADS + 2, processes: 2, heap: pump::MEMORY };
        let server = Arc::new(self);
        let clients = Clients::new(listener, &limits, stop).each_needs(needs);
        let mut clients = clients.when_full(words_when_full);
        try_threads(needs.threads)?;
        announce(addr)?;
        // accept waits for a client, and returns a socket for this client alone.
        while let Some(client) = clients.accept() {
            let server = Arc::clone(&server);
            clients.spawn(client, move |client| server.converse(client));
        }
        clients.close();
        stop.run_deadline_actions();
        Ok(())
    }

    /// One client.
    fn converse(&self, mut client: Stream) -> anyhow::Result<()> {
        self.log.line(format_args!("{}", text::connected(client.peer())), b"");
        let running = self.running.of_new_client();
        if self.framing != Framing::Stream {
            // A command may be silent for long, and its client as well.
            client.watch_for_vanished_peer()?;
            self.answer_whole(&mut client, &running)?;
        } else {
            match self.handshake.let_in(&mut client, self.idle) {
                Ok(secrets) => self.answer_in_pieces(&mut client, secrets, &running)?,
                Err(error) => {
                    client.close_gently(LINGERING_CLOSE);
                    return Err(error);
                }
            }
        }
        client.close();
        Ok(())
    }

    /// The tutorial's framings: a command, its answer, the next command, until the client closes.
    fn answer_whole(&self, client: &mut Stream, running: &RunningCommand) -> anyhow::Result<()> {
        if self.framing == Framing::Prefix {
            client.show_sent_frames(Prefix::Tutorial);
        }
        let client = &*client;
        receiver::beside(client, self.idle, running, requests::pieces(client), |receiver| {
            // recv: nothing marks the end of a command, it is what one call brings.
            while let Some(command) = receiver.recv()? {
                if let Some(protocol) = sniff::recognise(&command) {
                    client.send_all(protocol.refusal())?;
                    bail!(protocol.reason());
                }
                self.log(client.peer(), &command);
                let answer = tutorial::answer(&command, &self.runner, running, self.encoding)?;
                if !receiver.client_waits()? {
                    break;
                }
                tutorial::send(client, self.framing, receiver, &answer)?;
                ensure!(command.len() < MAX_COMMAND, text::endless_command());
            }
            Ok(())
        })
    }

    /// The framing `stream`: output goes out while the command still runs, and an interrupt may
    /// come in.
    fn answer_in_pieces(
        &self,
        client: &mut Stream,
        secrets: Option<Secrets>,
        running: &RunningCommand,
    ) -> anyhow::Result<()> {
        if secrets.is_none() {
            client.show_received_frames(Prefix::Native);
            client.show_sent_frames(Prefix::Native);
        }
        let client = &*client;
        let (reader, writer) = requests::halves(client, secrets)?;
        let output = Output::new(writer, self.encoding);
        let mut directory = Directory::new(&self.start);
        receiver::beside(
            client,
            self.idle,
            running,
            requests::messages(reader, running),
            |receiver| {
                let say_why = |why: &anyhow::Error| output.say_why_it_ends(why);
                while let Some(asked) = receiver.recv().inspect_err(say_why)? {
                    let end = match asked {
                        Asked::Run(command, input) => {
                            self.log(client.peer(), command.as_bytes());
                            let (input, place) = (input.as_ref(), Some(directory.path()));
                            self.runner.run(command.as_bytes(), place, input, running, &output)
                        }
                        Asked::Directory(to) => {
                            self.log(client.peer(), format!("cd {to}").as_bytes());
                            output.send_change(directory.change(&to))
                        }
                    };
                    if !receiver.client_waits().inspect_err(say_why)? {
                        break;
                    }
                    receiver.give_turn();
                    output.send_end(&end.map_err(anyhow::Error::from).inspect_err(say_why)?)?;
                }
                Ok(())
            },
        )
    }

    /// Writes down who runs what. Escaped even into a file: a line is one command, whatever the
    /// command holds.
    fn log(&self, peer: SocketAddr, command: &[u8]) {
        self.log.line(format_args!("{peer}: "), terminal::bytes_as_line(command).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_framed_words_are_the_words_behind_their_length() {
        let mut frame = Vec::new();
        common::frame::write_frame(&mut frame, Prefix::Tutorial, FULL, Prefix::Tutorial.limit())
            .unwrap();
        assert_eq!(frame, FULL_FRAMED);
    }
}
