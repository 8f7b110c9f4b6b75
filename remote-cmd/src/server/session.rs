//! A conversation in the framing `stream`: output goes out while the command still runs, and an interrupt may
//! come in.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use anyhow::anyhow;
use common::encoding::{Decoder, Encoding};
use common::error_text;
use common::frame::{FrameError, FrameReader, Prefix};
use common::socket::Stream;
use remote_cmd::noise::{Secrets, SecureReader, SecureWriter};
use remote_cmd::outcome::Outcome;
use remote_cmd::stream::{MAX_MESSAGE, Reply, Request};

use crate::Server;
use crate::directory::Directory;
use crate::job::{self, Source};
use crate::leash::Leash;
use crate::receiver::{self, Patient, Turn};

/// What has come.
enum Received {
    Run(String),
    Directory(String),
    /// The client has closed its side.
    End,
    /// The connection failed, was silent for too long, or brought what it should not.
    Failed(anyhow::Error),
}

impl Server {
    /// One client: a command, its output while it runs, how it ended, the next command, until the client
    /// closes.
    pub(crate) fn converse_in_stream(
        &self,
        stream: &Stream,
        secrets: Option<Secrets>,
        leash: &Leash,
    ) -> anyhow::Result<()> {
        let turn = &Turn::new(self.idle);
        let (reader, writer) = halves(Patient { stream, turn }, secrets);
        let (sender, received) = channel();
        let output = Output::new(writer, self.encoding);
        let mut directory = Directory::new();
        let answer = || loop {
            let reply = match received.recv().unwrap_or(Received::End) {
                Received::Run(command) => {
                    self.log(stream.peer(), command.as_bytes());
                    let outcome = self.run(&command, &directory, &output, leash);
                    if let Ok(received) = received.try_recv() {
                        return farewell(received, &output);
                    }
                    outcome?
                }
                Received::Directory(to) => {
                    self.log(stream.peer(), format!("cd {to}").as_bytes());
                    change(&mut directory, &to, &output)?
                }
                received => return farewell(received, &output),
            };
            turn.give();
            output.end(&reply)?;
        };
        receiver::beside(stream, move || receive(reader, turn, leash, &sender), answer)
    }

    /// Runs a command and passes its output on.
    fn run(
        &self,
        command: &str,
        directory: &Directory,
        output: &Output<'_>,
        leash: &Leash,
    ) -> io::Result<Outcome> {
        let mut process = match self.shell.command(command.as_bytes()) {
            Ok(process) => process,
            Err(reason) => return Ok(Outcome::NotRun(reason)),
        };
        // Both, as `cd` in a shell has it: programs trust the variable when it fits.
        process.current_dir(directory.path()).env("PWD", directory.path());
        job::run(process, self.limits, leash, &|source, piece| output.pass_on(source, piece))
    }
}

/// Ends the conversation; a client that was silent for too long may read why when it comes back.
fn farewell(received: Received, output: &Output<'_>) -> anyhow::Result<()> {
    let Received::Failed(error) = received else { return Ok(()) };
    let words = match error.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(ErrorKind::TimedOut) => "nothing was asked for too long (its --idle-timeout)".to_owned(),
        _ => error_text::chain(&error),
    };
    let _ = output.end(&Outcome::NotRun(format!("the server has ended the session: {words}")));
    Err(error)
}

fn change(directory: &mut Directory, to: &str, output: &Output<'_>) -> io::Result<Outcome> {
    let (source, shown, status) = match directory.change(to) {
        Ok(shown) => (Source::Stdout, shown, 0),
        Err(complaint) => (Source::Stderr, complaint, 1),
    };
    output.pass_on(source, shown.as_bytes())?;
    Ok(Outcome::Exit(status))
}

/// The two directions of a connection, as its messages see it.
type Halves<'a> = (Box<dyn Read + Send + 'a>, Box<dyn Write + Send + 'a>);

fn halves<'a>(client: Patient<'a>, secrets: Option<Secrets>) -> Halves<'a> {
    let stream = client.stream;
    match secrets {
        Some((sealer, opener)) => {
            (Box::new(SecureReader::new(client, opener)), Box::new(SecureWriter::new(stream, sealer)))
        }
        None => (Box::new(client), Box::new(stream)),
    }
}

/// The receiving thread.
fn receive(reader: impl Read, turn: &Turn, leash: &Leash, received: &Sender<Received>) {
    let mut messages = FrameReader::new(reader, Prefix::Native, MAX_MESSAGE);
    loop {
        let next = match request(&mut messages) {
            Ok(Some(Request::Interrupt)) => {
                leash.interrupt();
                continue;
            }
            Ok(Some(_)) if !turn.take() => {
                Received::Failed(anyhow!("the client sent more before it had its answer"))
            }
            Ok(Some(Request::Run(command))) => {
                leash.expect_command();
                Received::Run(command.to_owned())
            }
            Ok(Some(Request::Directory(to))) => Received::Directory(to.to_owned()),
            Ok(None) => Received::End,
            Err(error) => Received::Failed(error),
        };
        let ends = matches!(next, Received::End | Received::Failed(_));
        // Told first: when the command ends by what follows, it is known why.
        let _ = received.send(next);
        if ends {
            leash.cut();
            return;
        }
    }
}

fn request<R: Read>(messages: &mut FrameReader<R>) -> anyhow::Result<Option<Request<'_>>> {
    let message = messages.next().map_err(|error| match error {
        FrameError::Io(error) => anyhow!(error),
        other => other.into(),
    })?;
    Ok(message.map(Request::decode).transpose()?)
}

/// What a client is sent. Two threads do it: stdout and stderr have one each.
struct Output<'a> {
    writer: Mutex<Box<dyn Write + Send + 'a>>,
    encoding: Encoding,
    stdout: Mutex<Decoder>,
    stderr: Mutex<Decoder>,
}

impl<'a> Output<'a> {
    fn new(writer: Box<dyn Write + Send + 'a>, encoding: Encoding) -> Self {
        let decoder = || Mutex::new(Encoding::Utf8.decoder());
        Self { writer: Mutex::new(writer), encoding, stdout: decoder(), stderr: decoder() }
    }

    /// Passes a piece of output on: as it is, or as text in another encoding.
    fn pass_on(&self, source: Source, piece: &[u8]) -> io::Result<()> {
        match self.encoding {
            Encoding::Utf8 => self.send(source, piece),
            _ => self.send_text(source, |decoder| decoder.push(piece)),
        }
    }

    fn send_text(&self, source: Source, text: impl FnOnce(&mut Decoder) -> String) -> io::Result<()> {
        let decoder = match source {
            Source::Stdout => &self.stdout,
            Source::Stderr => &self.stderr,
        };
        let text = text(&mut decoder.lock().unwrap_or_else(PoisonError::into_inner));
        self.send(source, &self.encoding.encode(&text))
    }

    fn send(&self, source: Source, piece: &[u8]) -> io::Result<()> {
        match source {
            Source::Stdout => self.write(&Reply::Stdout(piece)),
            Source::Stderr => self.write(&Reply::Stderr(piece)),
        }
    }

    /// Says how the command ended.
    fn end(&self, outcome: &Outcome) -> io::Result<()> {
        if self.encoding != Encoding::Utf8 {
            self.send_text(Source::Stdout, Decoder::finish)?;
            self.send_text(Source::Stderr, Decoder::finish)?;
        }
        match outcome {
            Outcome::Exit(status) => self.write(&Reply::Exit(*status)),
            Outcome::Signal(number) => self.write(&Reply::Signal(*number)),
            other => self.write(&Reply::Error(&other.to_string())),
        }
    }

    fn write(&self, reply: &Reply<'_>) -> io::Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        reply.write(&mut *writer).map_err(|error| match error {
            FrameError::Io(error) => error,
            other => io::Error::other(other),
        })
    }
}
