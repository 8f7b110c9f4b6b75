//! The client of the TCP echo.
//!
//! `socket`, `connect`, then `send` and `recv` in turn, `close`. Run `tcp-echo-server` in one terminal and this in another:
//!
//! ```text
//! cargo run -p tcp-echo --bin tcp-echo-client
//! ```

use std::io::{self, ErrorKind, Read};
use std::net::Shutdown;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};
use common::addr::{Addr, Target};
use common::cli::{self, ClientOptions};
use common::input::{Input, Typed};
use common::notice;
use common::show::Stdout;
use common::shutdown;
use common::socket::Stream;
use tcp_echo::{DEFAULT_ADDR, Dialect, FULL, Pairing, Progress};

/// How long to wait at the end for what the server may still say without owing it.
const PATIENCE: Duration = Duration::from_secs(1);

/// How much of that is taken, in bytes: a server that floods us must not fill the memory.
const UNOWED: usize = 1 << 20;

/// What is said when the reply is there and cannot be shown.
const UNWRITABLE: &str = "cannot write to standard output";

/// A TCP echo client that speaks the dialects of five tutorials
#[derive(Debug, Parser)]
#[command(name = "tcp-echo-client", version, after_help = EXAMPLES)]
struct Args {
    /// What to say; without it, each line of standard input is a message
    #[arg(value_name = "MESSAGE")]
    messages: Vec<String>,
    /// The server
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:50000")]
    addr: Addr,
    /// Who says what; the server must have the same
    #[arg(long, value_enum, default_value = "repeat")]
    dialect: Dialect,
    /// Send everything without waiting for replies: see messages stick together
    #[arg(long)]
    burst: bool,
    #[command(flatten)]
    options: ClientOptions,
}

const EXAMPLES: &str = "\
Examples:
  tcp-echo-client                             type messages; `exit` or Ctrl+D ends
  tcp-echo-client 你好 exit                   say one thing and leave
  tcp-echo-client --burst one two three       how many replies are there?
  tcp-echo-client --dialect raw <in >out      every byte there and back";

fn main() -> ExitCode {
    cli::run_with(cli::FAILED, || {
        let args: Args = cli::parse();
        shutdown::exit_on_interrupt(|| {})?;
        let target = args.addr.to_connect(DEFAULT_ADDR)?;
        let mut messages = Messages::new(args.messages, args.dialect)?;
        let client = Client { target, dialect: args.dialect, options: args.options };
        match client.dialect {
            Dialect::Oneway if !args.burst => client.one_connection_each(&mut messages)?,
            Dialect::Raw if messages.are_piped() => client.pump()?,
            _ if args.burst => client.burst(&mut messages)?,
            _ => client.stop_and_wait(&mut messages)?,
        }
        Ok(ExitCode::from(if messages.interrupted { cli::INTERRUPTED } else { 0 }))
    })
}

/// Prints a line.
type Print = Box<dyn Fn(&[u8]) -> io::Result<()> + Send>;

/// What the user has to say.
struct Messages {
    source: Source,
    dialect: Dialect,
    interrupted: bool,
}

enum Source {
    Given(std::vec::IntoIter<String>),
    Typed(Input),
}

impl Messages {
    fn new(given: Vec<String>, dialect: Dialect) -> anyhow::Result<Self> {
        let source = match given.is_empty() {
            true => Source::Typed(Input::new(">>> ")?),
            false => Source::Given(given.into_iter()),
        };
        Ok(Self { source, dialect, interrupted: false })
    }

    /// Prints a line of what the server said; where lines are typed, above the one being typed.
    fn printer(&self) -> Print {
        match &self.source {
            Source::Typed(input) => {
                let printer = input.printer();
                Box::new(move |bytes| printer.line("", bytes))
            }
            Source::Given(_) => {
                let stdout = Stdout::new();
                Box::new(move |bytes| stdout.line("", bytes))
            }
        }
    }

    fn are_piped(&self) -> bool {
        matches!(&self.source, Source::Typed(input) if !input.is_terminal())
    }

    /// The next message, never an empty one: TCP carries bytes, and none of them are no message. Sending nothing and waiting for a
    /// reply is how the tutorial's client waits for ever.
    fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        loop {
            let message = match &mut self.source {
                Source::Given(given) => given.next().map(String::into_bytes),
                Source::Typed(input) => match input.next_line()? {
                    Typed::Line(line) => Some(line),
                    Typed::End => None,
                    Typed::Interrupted => {
                        self.interrupted = true;
                        None
                    }
                },
            };
            match message {
                Some(message) if self.dialect.ends_at(&message) => return Ok(None),
                Some(message) if message.is_empty() => {
                    notice!("an empty message cannot be sent: TCP has no such thing; say something");
                }
                message => return Ok(message),
            }
        }
    }
}

struct Client {
    target: Target,
    dialect: Dialect,
    options: ClientOptions,
}

impl Client {
    fn connect(&self) -> anyhow::Result<Stream> {
        Ok(Stream::connect(&self.target, self.options.timeout, self.options.trace())?)
    }

    /// A message, its reply, the next message.
    fn stop_and_wait(&self, messages: &mut Messages) -> anyhow::Result<()> {
        let mut server = self.connect()?;
        let mut replies = Replies { received: Vec::new(), foreign: false, stdout: Stdout::new() };
        if self.dialect == Dialect::Greet {
            self.limit_reply(&mut server)?;
            replies.next(&server, Pairing::welcome()).map_err(|error| self.owed("greeting", error))?;
        }
        while let Some(message) = messages.next()? {
            self.limit_reply(&mut server)?;
            server.send_all(&message).with_context(|| format!("cannot send to {}", self.target))?;
            replies
                .next(&server, Pairing::new(self.dialect, &message))
                .map_err(|error| self.owed("reply", error))?;
        }
        server.set_deadline(None)?;
        server.send_all(self.dialect.farewell())?;
        if self.dialect == Dialect::Greet {
            // `exit` and the end of the stream right behind it, as the tutorial's client has it.
            server.close();
            return Ok(());
        }
        // A server that is gone already has answered everything.
        let _ = server.shutdown(Shutdown::Write);
        replies.rest(server)
    }

    fn limit_reply(&self, server: &mut Stream) -> anyhow::Result<()> {
        Ok(server.set_deadline(Instant::now().checked_add(self.options.timeout))?)
    }

    /// Says what was waited for, where that is why it failed.
    fn owed(&self, what: &str, error: anyhow::Error) -> anyhow::Error {
        if error.to_string() == UNWRITABLE {
            return error;
        }
        let io = error.downcast_ref::<io::Error>();
        if io.is_none_or(|io| io.kind() != ErrorKind::TimedOut) {
            return error.context(format!("no {what} from {}", self.target));
        }
        anyhow::anyhow!(
            "no {what} from {} within {} s; does the server speak --dialect {}? --timeout allows more",
            self.target,
            self.options.timeout.as_secs_f64(),
            self.dialect.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned()),
        )
    }

    /// Each message on a connection of its own, for the end of the stream is the end of the message.
    fn one_connection_each(&self, messages: &mut Messages) -> anyhow::Result<()> {
        while let Some(message) = messages.next()? {
            let server = self.connect()?;
            server.set_idle(Some(self.options.timeout))?;
            server.send_all(&message).with_context(|| format!("cannot send to {}", self.target))?;
            server.close_gently(self.options.timeout.min(PATIENCE));
        }
        Ok(())
    }

    /// Everything at once. What one `recv` brings is one line here, whether that is a reply, a part of one, or several.
    fn burst(&self, messages: &mut Messages) -> anyhow::Result<()> {
        let server = self.connect()?;
        let mut replies = server.try_clone()?;
        let debt = Arc::new(Debt::new(self.options.timeout));
        let owed = Arc::clone(&debt);
        let print = messages.printer();
        let printer = thread::Builder::new().spawn(move || {
            let printed = owed.each_recv(&mut replies, print);
            if printed.is_err() {
                // Replies that nobody takes stop the server, and it would stop our `send`.
                let _ = replies.shutdown(Shutdown::Both);
            }
            printed
        })?;
        let said = self.say_all(&server, messages, &debt);
        let printed = printer.join().map_err(|_| anyhow::anyhow!("the thread that prints has failed"))?;
        printed.with_context(|| format!("cannot receive from {}", self.target))?;
        said.with_context(|| format!("cannot send all of it to {}", self.target))
    }

    fn say_all(&self, server: &Stream, messages: &mut Messages, debt: &Debt) -> anyhow::Result<()> {
        let sent = (|| {
            while let Some(message) = messages.next()? {
                debt.send_all(server, &message)?;
            }
            Ok(debt.send_all(server, self.dialect.farewell())?)
        })();
        debt.begin();
        let closed = server.shutdown(Shutdown::Write);
        sent.and_then(|()| Ok(closed?))
    }

    /// Standard input to the server and the echo to standard output, byte for byte, in both directions at once.
    fn pump(&self) -> anyhow::Result<()> {
        let mut server = self.connect()?;
        let sender = server.try_clone()?;
        let debt = Arc::new(Debt::new(self.options.timeout));
        let all_said = Arc::new(AtomicBool::new(false));
        let (owed, is_all_said) = (Arc::clone(&debt), Arc::clone(&all_said));
        let pump = thread::Builder::new().spawn(move || -> io::Result<()> {
            let copied = copy(&mut io::stdin().lock(), |bytes| owed.send_all(&sender, bytes));
            is_all_said.store(true, Ordering::Release);
            owed.begin();
            // The half-close: the server sees the end, and what it still has to send arrives all the same.
            let closed = sender.shutdown(Shutdown::Write);
            copied.and(closed)
        })?;
        let mut stdout = Stdout::new();
        debt.each_recv(&mut server, |bytes| stdout.text(bytes))
            .with_context(|| format!("cannot receive from {}", self.target))?;
        stdout.end_text()?;
        if !all_said.load(Ordering::Acquire) {
            // The thread may wait for standard input for ever.
            bail!("{} closed the connection before everything was said", self.target);
        }
        let sent = pump.join().map_err(|_| anyhow::anyhow!("the thread that sends has failed"))?;
        sent.with_context(|| format!("cannot send all of it to {}", self.target))
    }
}

/// Since when the server has owed us something: while a `send` waits for it to read, and once everything is said.
/// At other times it may be silent as long as it likes.
struct Debt {
    since: Mutex<Option<Instant>>,
    limit: Duration,
}

impl Debt {
    fn new(limit: Duration) -> Self {
        Self { since: Mutex::new(None), limit }
    }

    fn since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) {
        *self.since() = Some(Instant::now());
    }

    fn send_all(&self, server: &Stream, bytes: &[u8]) -> io::Result<()> {
        // Piece by piece, so that a server that is slow is not taken for one that has stopped.
        for piece in bytes.chunks(64 * 1024) {
            self.begin();
            server.send_all(piece)?;
            *self.since() = None;
        }
        Ok(())
    }

    /// Takes what the server says until it closes. Where it owes something it may be silent for the limit, and no longer.
    fn each_recv(
        &self,
        server: &mut Stream,
        mut take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let received = self.recv(server, &mut buffer)?;
            match buffer.get(..received) {
                None | Some([]) => return Ok(()),
                Some(bytes) => take(bytes)?,
            }
        }
    }

    fn recv(&self, server: &mut Stream, buffer: &mut [u8]) -> io::Result<usize> {
        let begin = Instant::now();
        loop {
            let since = self.since().map(|since| since.max(begin));
            server.set_deadline(since.unwrap_or_else(Instant::now).checked_add(self.limit))?;
            match server.recv(buffer) {
                Err(error) if error.kind() == ErrorKind::TimedOut => {
                    // It may have begun to owe, or have paid, while we waited.
                    let since = self.since().map(|since| since.max(begin));
                    if since.is_some_and(|since| since.elapsed() >= self.limit) {
                        return Err(error);
                    }
                }
                result => return result,
            }
        }
    }
}

fn copy(from: &mut impl Read, mut to: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = match from.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            result => result?,
        };
        match buffer.get(..length) {
            None | Some([]) => return Ok(()),
            Some(bytes) => to(bytes)?,
        }
    }
}

/// The server's replies, each on a line of its own.
struct Replies {
    /// What has come and does not belong to a reply that was shown.
    received: Vec<u8>,
    /// The server has other words than this dialect: a reply is then what one `recv` brings, as in the tutorial.
    foreign: bool,
    stdout: Stdout,
}

impl Replies {
    /// Waits for a reply and prints it.
    fn next(&mut self, server: &Stream, mut pairing: Pairing<'_>) -> anyhow::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        let mut progress = pairing.push(&self.received);
        loop {
            match progress {
                Progress::Whole(ends) => return self.print_up_to(&ends),
                Progress::Foreign if self.received == FULL.as_bytes() => bail!("{FULL}"),
                Progress::Foreign if self.foreign || !self.received.is_empty() => {
                    return self.print_foreign();
                }
                Progress::Foreign | Progress::Partial => {}
            }
            let received = server.recv(&mut buffer)?;
            let piece = buffer.get(..received).unwrap_or_default();
            if piece.is_empty() {
                self.print_all()?;
                bail!("the server closed the connection before its reply was complete");
            }
            self.received.extend_from_slice(piece);
            progress = pairing.push(piece);
        }
    }

    fn print_up_to(&mut self, ends: &[usize]) -> anyhow::Result<()> {
        let mut begin = 0;
        for &end in ends {
            let reply = self.received.get(begin..end).unwrap_or_default();
            self.stdout.line("", reply).context(UNWRITABLE)?;
            begin = end;
        }
        self.received.drain(..begin.min(self.received.len()));
        if ends.len() > 1 {
            notice!("the server took the message in {} pieces and answered each", ends.len());
        }
        Ok(())
    }

    fn print_foreign(&mut self) -> anyhow::Result<()> {
        if !self.foreign {
            self.foreign = true;
            notice!("these are not the words of this --dialect: what one recv brings counts as a reply");
        }
        self.print_all()
    }

    fn print_all(&mut self) -> anyhow::Result<()> {
        if !self.received.is_empty() {
            self.stdout.line("", &self.received).context(UNWRITABLE)?;
            self.received.clear();
        }
        Ok(())
    }

    /// Prints what the server says without owing it, until it closes, and closes.
    fn rest(mut self, mut server: Stream) -> anyhow::Result<()> {
        server.set_deadline(Instant::now().checked_add(PATIENCE))?;
        let mut buffer = vec![0; 64 * 1024];
        // That it stays open, or resets, takes nothing from what was said.
        while self.received.len() < UNOWED
            && let Ok(received @ 1..) = server.recv(&mut buffer)
        {
            self.received.extend_from_slice(buffer.get(..received).unwrap_or_default());
        }
        server.close();
        if !self.received.is_empty() {
            notice!("the server said more than it owed: it took some message in several pieces");
            self.print_all()?;
        }
        Ok(())
    }
}
