//! The UDP echo client: sends messages one by one, and waits for the reply to each, but not for
//! ever.
//!
//! It shows what a program must do itself when the network promises nothing: ask again after a
//! while, give up in the end, know an answer that comes late, and believe nobody but the server
//! that was asked. With `--ping` it measures what the network does.
//!
//! ```text
//! cargo run -p udp-echo --bin udp-echo-client
//! cargo run -p udp-echo --bin udp-echo-client -- 你好 Tracy
//! cargo run -p udp-echo --bin udp-echo-client -- --ping 5
//! ```

mod bookkeeping;
mod options;
mod ping;

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use bookkeeping::{Count, Earlier};
use common::addr::Target;
use common::cli::{self, UdpClientOptions};
use common::exit::{self, FAILED, INTERRUPTED, USAGE};
use common::notice;
use common::signals::exit_on_interrupt;
use common::socket::{Datagrams, Undelivered};
use common::terminal::{Input, Stdout, Typed, bytes_as_line};
use common::trace::Trace;
use options::Options;
use udp_echo::{DEFAULT_ADDR, Dialect, RECEIVE_BUFFER, TUTORIAL_MESSAGES, is_answer};

fn main() -> ExitCode {
    let options: Options = cli::parse();
    exit::run_with(FAILED, || {
        if let Some(count) = options.ping {
            return ping(options, count);
        }
        exit_on_interrupt(|| {})?;
        let target = options.addr.to_connect(DEFAULT_ADDR)?;
        let mut client = Client::connect(target, options.dialect, &options.client)?;
        let result = client.talk(options.messages);
        notice!("{}", client.count);
        result
    })
}

fn ping(options: Options, count: u64) -> anyhow::Result<ExitCode> {
    if !options.dialect.reply_carries_request() {
        exit::report(&anyhow!("--ping needs replies that carry the request: --dialect greet or raw"));
        return Ok(ExitCode::from(USAGE));
    }
    let target = options.addr.to_connect(DEFAULT_ADDR)?;
    let socket = Datagrams::connect(&target, options.client.trace())?;
    let (dialect, interval, timeout) = (options.dialect, options.interval, options.client.timeout);
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
        // Sends nothing. The kernel picks a free port, and lets only the server's datagrams in.
        let socket = Datagrams::connect(&target, options.trace())?;
        Ok(Self {
            socket,
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

    /// Sends the messages; if there are none, what comes from standard input; if that is nothing
    /// either, the tutorial's. A person at a terminal sees those first, and may then type.
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
            // Nothing in a reply tells to which message it belongs. On a socket of its own, at a
            // new port, a message cannot be given the late answer to another one.
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

    /// Sends a message until it is answered. The answer's length, or `None`: lost every time, or
    /// its answer was.
    fn ask(&mut self, message: &[u8]) -> anyhow::Result<Option<usize>> {
        for _ in 0..self.tries {
            self.send(message)?;
            self.count.sent += 1;
            // Nobody tells that a datagram was lost: without a limit `recv` would wait for ever.
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
