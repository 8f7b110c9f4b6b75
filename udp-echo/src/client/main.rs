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
mod help;
mod options;
mod output;
mod ping;
mod text;

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use bookkeeping::{Count, Earlier};
use common::addr::Target;
use common::cli::{self, UdpClientOptions};
use common::error_text::chain;
use common::exit::{self, FAILED, INTERRUPTED, USAGE};
use common::signals::exit_on_interrupt;
use common::socket::{DatagramClient, MAX_DATAGRAM, Undelivered, undelivered};
use common::terminal::{Input, Stdout, Typed, bytes_as_line};
use common::text::cannot_write_stdout;
use common::{memory, notice};
use options::Options;
use udp_echo::{DEFAULT_ADDR, Dialect, RECEIVE_BUFFER, TUTORIAL_MESSAGES, is_answer};

fn main() -> ExitCode {
    let options: Options = cli::parse();
    exit::run_with(FAILED, || {
        memory::enough_for_a_client()?;
        if let Some(count) = options.ping {
            return ping(options, count);
        }
        exit_on_interrupt(|| {})?;
        let target = options.addr.to_connect(DEFAULT_ADDR, options.client.limit())?;
        let mut client = Client::connect(target, options.dialect, &options.client)?;
        let result = client.talk(options.messages);
        notice!("{}", client.count);
        result
    })
}

fn ping(options: Options, count: u64) -> anyhow::Result<ExitCode> {
    if !options.dialect.reply_carries_request() {
        exit::report(&anyhow!(text::ping_needs_request()));
        return Ok(ExitCode::from(USAGE));
    }
    let figures = ping::figures();
    let target = options.addr.to_connect(DEFAULT_ADDR, options.client.limit())?;
    let socket = DatagramClient::connect(&target, options.client.trace())?;
    let count = (count > 0).then_some(count);
    let Options { dialect, interval, size, .. } = options;
    let timeout = options.client.timeout;
    ping::ping(socket, ping::Plan { target, dialect, count, interval, timeout, size }, figures)?;
    Ok(ExitCode::SUCCESS)
}

/// After a try that the network refused at once, the next one waits for the rest of `--timeout`,
/// but no longer than that.
const PAUSE: Duration = Duration::from_secs(1);

struct Client {
    target: Target,
    socket: DatagramClient,
    dialect: Dialect,
    timeout: Duration,
    tries: u32,
    stdout: Stdout,
    reply: Vec<u8>,
    earlier: Earlier,
    count: Count,
    /// The last thing that the network told of a datagram.
    trouble: Option<anyhow::Error>,
}

impl Client {
    fn connect(
        target: Target,
        dialect: Dialect,
        options: &UdpClientOptions,
    ) -> anyhow::Result<Self> {
        // Sends nothing. The kernel picks a free port, and lets only the server's datagrams in.
        let socket = DatagramClient::connect(&target, options.trace())?;
        Ok(Self {
            socket,
            target,
            dialect,
            timeout: options.timeout,
            tries: options.retries.saturating_add(1),
            stdout: Stdout::new(),
            reply: vec![0; RECEIVE_BUFFER],
            earlier: Earlier::default(),
            count: Count::default(),
            trouble: None,
        })
    }

    /// Sends the messages; if there are none, what comes from standard input; if that is nothing
    /// either, the tutorial's. A person at a terminal sees those first, and may then type.
    fn talk(&mut self, messages: Vec<OsString>) -> anyhow::Result<ExitCode> {
        let mut input = Input::given_or_typed(messages, text::prompt())?;
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
        match (self.count.unanswered, self.trouble.take()) {
            (0, _) => Ok(ExitCode::SUCCESS),
            (_, Some(trouble)) if self.count.received == 0 => Err(trouble),
            (unanswered, _) => {
                bail!(text::unanswered(unanswered, self.count.messages, &self.target.name))
            }
        }
    }

    fn say_what_the_tutorial_says(&mut self) -> anyhow::Result<()> {
        TUTORIAL_MESSAGES.iter().try_for_each(|message| self.say(message.as_bytes()))
    }

    /// Sends one message and prints its answer. That there is none does not end the program.
    fn say(&mut self, message: &[u8]) -> anyhow::Result<()> {
        if !self.dialect.reply_carries_request() {
            // Nothing in a reply tells to which message it belongs. From a port of its own, a
            // message cannot be given the late answer to another one.
            self.socket.change_port();
        }
        self.count.messages += 1;
        match self.ask(message) {
            Some(length) => {
                let reply = self.reply.get(..length).unwrap_or_default();
                self.stdout.line("", reply).context(cannot_write_stdout())?;
                if !self.dialect.answers(reply, message) {
                    notice!("{}", text::other_dialect());
                }
            }
            None => {
                self.count.unanswered += 1;
                self.say_that_there_is_none(message);
            }
        }
        self.earlier.remember(message);
        Ok(())
    }

    fn say_that_there_is_none(&self, message: &[u8]) {
        let (tries, each) = (self.tries, self.timeout.as_secs_f64());
        let told = self.trouble.as_ref().and_then(|trouble| trouble.downcast_ref::<Undelivered>());
        let why = match (told, &self.trouble) {
            (Some(told), _) => text::network_said(undelivered(&told.error)),
            (None, Some(trouble)) => return notice!("{}", chain(trouble)),
            (None, None) if is_answer(message) => text::like_an_answer().to_owned(),
            (None, None) => String::new(),
        };
        notice!("{}", text::no_answer(bytes_as_line(message), tries, each, why));
    }

    /// Sends a message until it is answered. The answer's length, or `None`: lost every time, or
    /// its answer was.
    fn ask(&mut self, message: &[u8]) -> Option<usize> {
        self.trouble = None;
        for tries_left in (0..self.tries).rev() {
            // Nobody tells that a datagram was lost: without a limit `recv` would wait for ever.
            let deadline = Instant::now() + self.timeout;
            self.socket.set_deadline(deadline);
            match self.send(message).and_then(|()| self.answer_to(message)) {
                Ok(length) => return Some(length),
                Err(error) if error.kind() == ErrorKind::TimedOut => self.trouble = None,
                Err(error) => {
                    self.count.refused += u64::from(error.kind() == ErrorKind::ConnectionRefused);
                    self.trouble = Some(self.failed(error, message));
                    if message.len() > MAX_DATAGRAM {
                        return None;
                    }
                    // The server may be just about to start, or the network to come back.
                    if tries_left > 0 {
                        thread::sleep(
                            deadline.saturating_duration_since(Instant::now()).min(PAUSE),
                        );
                    }
                }
            }
        }
        None
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let mut sent = self.socket.send(message);
        if sent.as_ref().is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused) {
            // That tells of an earlier datagram, and this one is not yet sent (`man 7 udp`).
            self.count.refused += 1;
            sent = self.socket.send(message);
        }
        self.count.sent += u64::from(sent.is_ok());
        sent
    }

    /// Waits for the answer to a message. Late answers to earlier ones are counted and passed over.
    fn answer_to(&mut self, message: &[u8]) -> io::Result<usize> {
        loop {
            let length = self.socket.recv(&mut self.reply)?;
            self.count.received += 1;
            let reply = self.reply.get(..length).unwrap_or_default();
            if self.dialect.answers(reply, message)
                || !self.earlier.is_answered_by(reply, self.dialect)
            {
                return Ok(length);
            }
            self.count.late += 1;
        }
    }

    /// What the network told of a datagram. It ends no conversation: it may be over at the next
    /// try.
    fn failed(&self, error: io::Error, message: &[u8]) -> anyhow::Error {
        let target = self.target.name.clone();
        if message.len() > MAX_DATAGRAM {
            return anyhow::Error::from(error).context(text::cannot_send(message.len(), target));
        }
        Undelivered { target, error }.into()
    }
}
