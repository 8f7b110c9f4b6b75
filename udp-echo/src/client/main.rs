//! The UDP echo client: sends messages one by one, and waits for the reply to each, but not for ever.
//!
//! It shows what a program must do itself when the network promises nothing: ask again after a while, give up in
//! the end, know an answer that comes late, and believe nobody but the server that was asked. With `--ping` it
//! measures what the network does.
//!
//! ```text
//! cargo run -p udp-echo --bin udp-echo-client
//! cargo run -p udp-echo --bin udp-echo-client -- 你好 Tracy
//! cargo run -p udp-echo --bin udp-echo-client -- --ping 5
//! ```

mod ping;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, ErrorKind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use clap::Parser;
use common::addr::{Addr, Target};
use common::cli::{self, UdpClientOptions};
use common::exit::{self, FAILED, INTERRUPTED, USAGE};
use common::notice;
use common::signals::exit_on_interrupt;
use common::socket::{Datagrams, Undelivered};
use common::terminal::{Input, Stdout, Typed, bytes_as_line};
use common::trace::Trace;
use udp_echo::{DEFAULT_ADDR, Dialect, RECEIVE_BUFFER, TUTORIAL_MESSAGES, is_answer};

/// Sends datagrams to an echo server and shows its replies
#[derive(Parser)]
#[command(
    name = "udp-echo-client",
    version,
    after_help = "\
Examples:
  udp-echo-client                    greets the tutorial's three people; on a terminal, then whom you type
  udp-echo-client 你好 Tracy         two messages
  ls | udp-echo-client --dialect raw     each line is a message
  udp-echo-client -a 192.0.2.7 --retries 0 --timeout 0.2 hi

Exit status: 0 when every message was answered, 1 when one was not"
)]
struct Args {
    /// What to send, each in a datagram of its own; without any, the lines of standard input
    #[arg(value_name = "MESSAGE")]
    messages: Vec<OsString>,
    /// The server: HOST:PORT, HOST, :PORT (this machine) or PORT
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:9999")]
    addr: Addr,
    /// What the server replies
    #[arg(long, value_enum, default_value_t = Dialect::Greet)]
    dialect: Dialect,
    /// Send so many numbered requests, one each interval, and show the round trips; nothing is sent again
    #[arg(long, value_name = "COUNT", conflicts_with = "messages", value_parser = cli::whole(1..=u64::MAX))]
    ping: Option<u64>,
    /// From one ping to the next
    #[arg(long, value_name = "SECONDS", default_value = "1", requires = "ping", value_parser = cli::seconds)]
    interval: Duration,
    #[command(flatten)]
    client: UdpClientOptions,
}

fn main() -> ExitCode {
    let args: Args = cli::parse();
    exit::run_with(FAILED, || {
        if let Some(count) = args.ping {
            return ping(args, count);
        }
        exit_on_interrupt(|| {})?;
        let target = args.addr.to_connect(DEFAULT_ADDR)?;
        let mut client = Client::connect(target, args.dialect, &args.client)?;
        let result = client.talk(args.messages);
        notice!("{}", client.count);
        result
    })
}

fn ping(args: Args, count: u64) -> anyhow::Result<ExitCode> {
    if !args.dialect.reply_carries_request() {
        exit::report(&anyhow!("--ping needs replies that carry the request: --dialect greet or raw"));
        return Ok(ExitCode::from(USAGE));
    }
    let target = args.addr.to_connect(DEFAULT_ADDR)?;
    let socket = Datagrams::connect(&target, args.client.trace())?;
    let (dialect, interval, timeout) = (args.dialect, args.interval, args.client.timeout);
    ping::ping(socket, ping::Plan { target, dialect, count, interval, timeout })?;
    Ok(ExitCode::SUCCESS)
}

struct Client {
    target: Target,
    socket: Datagrams,
    dialect: Dialect,
    trace: Trace,
    timeout: Duration,
    tries: u32,
    stdout: Stdout,
    reply: Vec<u8>,
    earlier: Earlier,
    count: Count,
}

impl Client {
    fn connect(target: Target, dialect: Dialect, options: &UdpClientOptions) -> anyhow::Result<Self> {
        Ok(Self {
            socket: Datagrams::connect(&target, options.trace())?,
            target,
            dialect,
            trace: options.trace(),
            timeout: options.timeout,
            tries: options.retries.saturating_add(1),
            stdout: Stdout::new(),
            reply: vec![0; RECEIVE_BUFFER],
            earlier: Earlier::default(),
            count: Count::default(),
        })
    }

    /// Sends the messages; if there are none, what comes from standard input; if that is nothing either, the
    /// tutorial's. A person at a terminal sees those first, and may then type.
    fn talk(&mut self, messages: Vec<OsString>) -> anyhow::Result<ExitCode> {
        let mut input = Input::given_or_typed(messages, "message> ")?;
        if input.is_terminal() {
            self.say_what_the_tutorial_says()?;
        }
        loop {
            match input.next_line()? {
                Typed::Line(message) => self.say(&message)?,
                Typed::End => break,
                Typed::Interrupted => return Ok(ExitCode::from(INTERRUPTED)),
            }
        }
        if self.count.messages == 0 {
            self.say_what_the_tutorial_says()?;
        }
        match self.count.unanswered {
            0 => Ok(ExitCode::SUCCESS),
            unanswered => bail!(
                "no answer to {unanswered} of {} messages from {}; is a server of this dialect there? --timeout \
                 and --retries allow more",
                self.count.messages,
                self.target.name
            ),
        }
    }

    fn say_what_the_tutorial_says(&mut self) -> anyhow::Result<()> {
        TUTORIAL_MESSAGES.iter().try_for_each(|message| self.say(message.as_bytes()))
    }

    /// Sends one message and prints its answer. That there is none does not end the program.
    fn say(&mut self, message: &[u8]) -> anyhow::Result<()> {
        if !self.dialect.reply_carries_request() {
            // Nothing in a reply tells to which message it belongs. On a socket of its own, at a new port, a message
            // cannot be given the late answer to another one.
            self.socket = Datagrams::connect(&self.target, self.trace)?;
        }
        self.count.messages += 1;
        match self.ask(message)? {
            Some(length) => {
                let reply = self.reply.get(..length).unwrap_or_default();
                self.stdout.line("", reply).context("cannot write to standard output")?;
                if !self.dialect.answers(reply, message) {
                    notice!(
                        "this is no answer of that dialect to that message; has the server another --dialect?"
                    );
                }
            }
            None => {
                self.count.unanswered += 1;
                let (tries, each) = (self.tries, self.timeout.as_secs_f64());
                let why = if is_answer(message) {
                    ": it is like a server's answer, and those get none"
                } else {
                    ""
                };
                notice!("no answer to '{}' (tries: {tries}, {each} s each){why}", bytes_as_line(message));
            }
        }
        self.earlier.remember(message);
        Ok(())
    }

    /// Sends a message until it is answered. The answer's length, or `None`: lost every time, or its answer was.
    fn ask(&mut self, message: &[u8]) -> anyhow::Result<Option<usize>> {
        for _ in 0..self.tries {
            self.send(message)?;
            self.count.sent += 1;
            self.socket.set_deadline(Some(Instant::now() + self.timeout))?;
            match self.answer_to(message) {
                Ok(length) => return Ok(Some(length)),
                Err(error) if error.kind() == ErrorKind::TimedOut => {}
                Err(error) => return Err(self.failed(error, message)),
            }
        }
        Ok(None)
    }

    fn send(&mut self, message: &[u8]) -> anyhow::Result<()> {
        let mut sent = self.socket.send(message);
        if sent.as_ref().is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused) {
            // That tells of an earlier datagram, and this one is not yet sent (`man 7 udp`).
            self.count.refused += 1;
            sent = self.socket.send(message);
        }
        sent.map_err(|error| self.failed(error, message))
    }

    /// Waits for the answer to a message. Late answers to earlier ones are counted and passed over.
    fn answer_to(&mut self, message: &[u8]) -> io::Result<usize> {
        loop {
            let length = self.socket.recv(&mut self.reply)?;
            self.count.received += 1;
            let reply = self.reply.get(..length).unwrap_or_default();
            if self.dialect.answers(reply, message) || !self.earlier.is_answered_by(reply, self.dialect) {
                return Ok(length);
            }
            self.count.late += 1;
        }
    }

    fn failed(&mut self, error: io::Error, message: &[u8]) -> anyhow::Error {
        let target = self.target.name.clone();
        if error.kind() == ErrorKind::ConnectionRefused {
            self.count.refused += 1;
            return Undelivered { target, error }.into();
        }
        anyhow::Error::from(error).context(format!("cannot send {} bytes to {target}", message.len()))
    }
}

/// The last few messages, whose answers may still be on the way, or come twice.
#[derive(Default)]
struct Earlier(VecDeque<Vec<u8>>);

impl Earlier {
    const KEPT: usize = 16;

    fn remember(&mut self, message: &[u8]) {
        if self.0.len() == Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back(message.to_vec());
    }

    fn is_answered_by(&self, reply: &[u8], dialect: Dialect) -> bool {
        dialect.reply_carries_request() && self.0.iter().any(|message| dialect.answers(reply, message))
    }
}

/// What became of the datagrams.
#[derive(Default)]
struct Count {
    messages: u64,
    unanswered: u64,
    sent: u64,
    received: u64,
    /// Of those sent, such as came to a machine where nobody took them, and of which it told us.
    refused: u64,
    /// Of those received, answers to messages that had theirs or were given up.
    late: u64,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lost = self.sent.saturating_sub(self.received + self.refused);
        write!(f, "{} sent, {} received, {lost} lost", self.sent, self.received)?;
        if self.refused > 0 {
            write!(f, ", {} refused", self.refused)?;
        }
        if self.late > 0 {
            write!(f, ", {} late or twice", self.late)?;
        }
        Ok(())
    }
}
