//! The client of the TCP echo.
//!
//! `socket`, `connect`, then `send` and `recv` in turn, `close`. Run `tcp-echo-server` in one terminal and this in another:
//!
//! ```text
//! cargo run -p tcp-echo --bin tcp-echo-client
//! ```

mod debt;
mod replies;

use std::io::{self, ErrorKind, Read};
use std::net::Shutdown;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};
use common::addr::{Addr, Target};
use common::cli::{self, ClientOptions};
use common::socket::Stream;
use common::terminal::{Input, Stdout, Typed};
use common::{exit, notice, signals};
use tcp_echo::{DEFAULT_ADDR, Dialect, Pairing};

use debt::Debt;
use replies::{Replies, UNWRITABLE};

/// How long to wait at the end for what the server may still say without owing it.
const PATIENCE: Duration = Duration::from_secs(1);

/// A message of so many bytes leaves at once, whether or not anybody reads what comes back (`man 7 tcp`: `tcp_wmem`, `tcp_rmem`).
const SHORT: usize = 64 * 1024;

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
    exit::run_with(exit::FAILED, || {
        let args: Args = cli::parse();
        signals::exit_on_interrupt(|| {})?;
        let target = args.addr.to_connect(DEFAULT_ADDR)?;
        let input = Input::given_or_typed(args.messages, ">>> ")?;
        let mut messages = Messages { input, dialect: args.dialect, interrupted: false };
        let client = Client { target, dialect: args.dialect, options: args.options };
        match client.dialect {
            Dialect::Oneway if !args.burst => client.one_connection_each(&mut messages)?,
            Dialect::Raw if messages.input.is_pipe() => client.pump()?,
            _ if args.burst => client.burst(&mut messages)?,
            _ => client.stop_and_wait(&mut messages)?,
        }
        Ok(ExitCode::from(if messages.interrupted { exit::INTERRUPTED } else { 0 }))
    })
}

/// What the user has to say.
struct Messages {
    input: Input,
    dialect: Dialect,
    interrupted: bool,
}

impl Messages {
    /// The next message, never an empty one: TCP carries bytes, and none of them are no message. Sending nothing and waiting for a
    /// reply is how the tutorial's client waits for ever.
    fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        loop {
            match self.input.next_line()? {
                Typed::Line(message) if self.dialect.ends_at(&message) => return Ok(None),
                Typed::Line(message) if message.is_empty() => {
                    notice!("an empty message cannot be sent: TCP has no such thing; say something");
                }
                Typed::Line(message) => return Ok(Some(message)),
                Typed::End => return Ok(None),
                Typed::Interrupted => {
                    self.interrupted = true;
                    return Ok(None);
                }
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
        let mut replies = Replies::new();
        if self.dialect == Dialect::Greet {
            self.limit_reply(&mut server)?;
            replies.next(&server, Pairing::welcome()).map_err(|error| self.owed("greeting", error))?;
        }
        while let Some(message) = messages.next()? {
            self.limit_reply(&mut server)?;
            self.exchange(&server, &message, &mut replies)?;
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

    /// Sends a message and prints its reply. A server answers a long one before it has all of it; if nobody took those answers
    /// meanwhile, each side would wait for the other to read. Hence a thread for such, and only for such.
    fn exchange(&self, server: &Stream, message: &[u8], replies: &mut Replies) -> anyhow::Result<()> {
        let send = || server.send_all(message).with_context(|| format!("cannot send to {}", self.target));
        let mut receive = || {
            let reply = replies.next(server, Pairing::new(self.dialect, message));
            reply.map_err(|error| self.owed("reply", error))
        };
        if message.len() <= SHORT {
            send()?;
            return receive();
        }
        thread::scope(|scope| {
            let sending = scope.spawn(send);
            let received = receive();
            if received.is_err() {
                // Nobody takes any more answers: the thread would go on until the deadline.
                let _ = server.shutdown(Shutdown::Both);
            }
            let sent = sending.join().map_err(|_| anyhow::anyhow!("the thread that sends has failed"))?;
            received.and(sent)
        })
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
        let printer = messages.input.printer();
        let printing = thread::Builder::new().spawn(move || {
            let printed = owed.each_recv(&mut replies, |bytes| printer.line("", bytes));
            if printed.is_err() {
                // Replies that nobody takes stop the server, and it would stop our `send`.
                let _ = replies.shutdown(Shutdown::Both);
            }
            printed
        })?;
        let said = self.say_all(&server, messages, &debt);
        let printed = printing.join().map_err(|_| anyhow::anyhow!("the thread that prints has failed"))?;
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
