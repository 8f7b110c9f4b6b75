//! The temperature client: asks the server for each temperature, and does not wait for ever.
//!
//! It shows what a program must do itself when the network promises nothing: ask again after a
//! while, give up in the end, and believe nobody but the server that was asked.
//!
//! ```text
//! cargo run -p udp-temp --bin udp-temp-client -- 25 -40
//! cargo run -p udp-temp --bin udp-temp-client
//! ```

mod help;
mod text;

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, UdpClientOptions};
use common::exit::{self, FAILED, INTERRUPTED};
use common::memory;
use common::signals::exit_on_interrupt;
use common::socket::{DatagramClient, MAX_DATAGRAM, Undelivered};
use common::terminal::{Input, Stdout, Typed, bytes_as_line};
use common::text::cannot_write_stdout;
use udp_temp::{DEFAULT_ADDR, RECEIVE_BUFFER, read_reply};

/// Asks a server for degrees Fahrenheit
#[derive(Parser)]
#[command(
    name = "udp-temp-client",
    version,
    after_help = "\
Examples:
  udp-temp-client 25 -40                      two questions
  udp-temp-client                             asks for temperatures until Ctrl+D
  seq -40 10 40 | udp-temp-client             a question for each line
  udp-temp-client --retries 0 --timeout 0.2 25

Exit status: 0 when every temperature was converted, 1 when one was not"
)]
struct Args {
    /// Temperatures in degrees Celsius; without any they come from standard input, one a line
    #[arg(value_name = "CELSIUS", allow_negative_numbers = true)]
    celsius: Vec<String>,
    /// The server: HOST:PORT, HOST, :PORT (this machine) or PORT
    #[arg(short, long, value_name = "ADDR", help_heading = cli::NETWORK, default_value = "127.0.0.1:9999")]
    addr: Addr,
    #[command(flatten)]
    client: UdpClientOptions,
}

fn main() -> ExitCode {
    let args: Args = cli::parse_from(std::env::args_os().map(with_its_zero));
    exit::run_with(FAILED, || {
        memory::enough_for_a_client()?;
        exit_on_interrupt(|| {})?;
        let target = args.addr.to_connect(DEFAULT_ADDR, args.client.limit())?;
        // Sends nothing. The kernel picks a free port, and lets only the server's datagrams in.
        let socket = DatagramClient::connect(&target, args.client.trace())?;
        let mut client = Client {
            server: target.name,
            socket,
            timeout: args.client.timeout,
            tries: args.client.retries.saturating_add(1),
            stdout: Stdout::new(),
            reply: vec![0; RECEIVE_BUFFER],
            failed: false,
        };
        let mut celsius = Input::given_or_typed(args.celsius, text::prompt())?;
        loop {
            match celsius.next_line()? {
                Typed::Line(celsius) => client.convert(&celsius)?,
                Typed::End => return Ok(client.status()),
                Typed::Interrupted => return Ok(ExitCode::from(INTERRUPTED)),
            }
        }
    })
}

/// `-.5` is a temperature to people and to the server, but an option called `.` to the parser of
/// options.
fn with_its_zero(argument: OsString) -> OsString {
    let fraction = argument.to_str().and_then(|text| text.strip_prefix("-."));
    match fraction.filter(|fraction| fraction.starts_with(|first: char| first.is_ascii_digit())) {
        Some(fraction) => format!("-0.{fraction}").into(),
        None => argument,
    }
}

/// After a try that the network refused at once, the next one waits for the rest of `--timeout`,
/// but no longer than that.
const PAUSE: Duration = Duration::from_secs(1);

struct Client {
    /// Whom the user named.
    server: String,
    socket: DatagramClient,
    timeout: Duration,
    tries: u32,
    stdout: Stdout,
    reply: Vec<u8>,
    /// Whether one of the questions has no answer, or an error for it.
    failed: bool,
}

impl Client {
    /// Prints the answer to one question. Neither an error that the server finds in it nor the lack
    /// of an answer ends the program: the next question may fare better.
    fn convert(&mut self, celsius: &[u8]) -> anyhow::Result<()> {
        let reply = match self.ask(celsius) {
            Ok(reply) => reply,
            Err(error) => {
                exit::report(&error);
                self.failed = true;
                return Ok(());
            }
        };
        match read_reply(&reply) {
            Ok(answer) => self.stdout.line("", answer).context(cannot_write_stdout()),
            Err(reason) => {
                let (celsius, reason) = (bytes_as_line(celsius), bytes_as_line(reason));
                exit::report(&anyhow!(text::refused(celsius, text::reason(&reason))));
                self.failed = true;
                Ok(())
            }
        }
    }

    /// Asks one question until it is answered, at a port of its own.
    ///
    /// A reply does not say to which question it belongs. One that comes late or twice therefore
    /// must not find a socket that has moved on to the next question; it finds a port that nobody
    /// has any more. Resolvers of names change their port with each question too (RFC 5452, section
    /// 9.2).
    fn ask(&mut self, celsius: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.socket.change_port();
        let mut trouble = None;
        for tries_left in (0..self.tries).rev() {
            // Nobody tells that a datagram was lost: without a limit `recv` would wait for ever.
            let deadline = Instant::now() + self.timeout;
            self.socket.set_deadline(deadline);
            match self.exchange(celsius) {
                Ok(length) => return Ok(self.reply.get(..length).unwrap_or_default().to_vec()),
                Err(error) if error.kind() == ErrorKind::TimedOut => trouble = None,
                Err(error) if celsius.len() > MAX_DATAGRAM => {
                    return Err(error)
                        .with_context(|| text::cannot_ask(&self.server, celsius.len()));
                }
                Err(error) => {
                    trouble = Some(error);
                    // The server may be just about to start, or the network to come back.
                    if tries_left > 0 {
                        thread::sleep(
                            deadline.saturating_duration_since(Instant::now()).min(PAUSE),
                        );
                    }
                }
            }
        }
        if let Some(error) = trouble {
            return Err(Undelivered { target: self.server.clone(), error }.into());
        }
        let (celsius, seconds) = (bytes_as_line(celsius), self.timeout.as_secs_f64());
        bail!(text::no_answer(celsius, &self.server, self.tries, seconds))
    }

    fn exchange(&mut self, celsius: &[u8]) -> io::Result<usize> {
        self.socket.send(celsius)?;
        self.socket.recv(&mut self.reply)
    }

    fn status(&self) -> ExitCode {
        ExitCode::from(if self.failed { FAILED } else { 0 })
    }
}
