//! The client of the TCP echo: socket, connect, send, recv, close, from top to bottom.
//!
//! Run `tcp-echo-server` in one terminal and this in another:
//!
//! ```text
//! cargo run -p tcp-echo --bin tcp-echo-client
//! ```

mod args;
mod both_ways;
mod help;
mod messages;
mod replies;
mod reply_deadline;
mod text;

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, anyhow};
use clap::ValueEnum;
use common::addr::Target;
use common::cli::{self, ClientOptions};
use common::socket::{LINGERING_CLOSE, Stream};
use common::text::cannot_write_stdout;
use common::{exit, memory, signals};
use tcp_echo::{DEFAULT_ADDR, Dialect, Pairing};

use args::Args;
use messages::Messages;
use replies::Replies;

/// A message of so many bytes leaves at once, whether or not anybody reads what comes back
/// (`man 7 tcp`: `tcp_wmem`, `tcp_rmem`).
const SHORT: usize = 64 * 1024;

/// Whom to talk to, and how.
struct Client {
    target: Target,
    dialect: Dialect,
    options: ClientOptions,
}

fn main() -> ExitCode {
    exit::run_with(exit::FAILED, || {
        let args: Args = cli::parse();
        memory::enough_for_a_client()?;
        signals::exit_on_interrupt(|| {})?;
        let target = args.addr.to_connect(DEFAULT_ADDR, args.options.timeout)?;
        let client = Client { target, dialect: args.dialect, options: args.options };
        let mut messages = Messages::new(args.messages, args.dialect)?;
        match args.dialect {
            Dialect::Oneway if !args.burst => client.one_connection_each(&mut messages)?,
            Dialect::Raw if messages.is_pipe() => both_ways::pump(&client)?,
            _ if args.burst => both_ways::burst(&client, &mut messages)?,
            _ => client.converse(&mut messages)?,
        }
        Ok(messages.status())
    })
}

impl Client {
    /// socket makes one end of a conversation; connect has the kernel shake hands with the
    /// server's.
    fn connect(&self) -> anyhow::Result<Stream> {
        let server = Stream::connect(&self.target, self.options.timeout, self.options.trace())?;
        // A user may think for long, and the server be gone meanwhile.
        server.keep_alive()?;
        Ok(server)
    }

    /// A message, its reply, the next message: stop and wait.
    fn converse(&self, messages: &mut Messages) -> anyhow::Result<()> {
        let mut server = self.connect()?;
        let mut replies = Replies::new();
        if self.dialect == Dialect::Greet {
            // Here the server speaks first.
            server.set_deadline(self.deadline())?;
            replies
                .recv(&server, Pairing::welcome())
                .map_err(|error| self.explain(text::greeting(), error))?;
        }
        while let Some(message) = messages.next()? {
            // From here on the server owes us a reply.
            server.set_deadline(self.deadline())?;
            if message.len() > SHORT {
                both_ways::exchange(self, &server, &message, &mut replies)?;
                continue;
            }
            // send: the bytes of the message, and nothing that says where it ends.
            self.send(&server, &message)?;
            // recv until the reply is whole, in however many pieces it comes.
            self.recv(&server, &message, &mut replies)?;
        }
        server.set_deadline(None)?;
        server.send_all(self.dialect.farewell())?;
        if self.dialect == Dialect::Greet {
            // `exit` and the end of the stream right behind it, as the tutorial's client has it.
            server.close();
            return Ok(());
        }
        // The half-close: the server's recv brings 0 bytes, and what it still says arrives all the
        // same. A server that is gone already has answered everything.
        let _ = server.shutdown(Shutdown::Write);
        replies.rest(server)
    }

    fn send(&self, server: &Stream, message: &[u8]) -> anyhow::Result<()> {
        server.send_all(message).with_context(|| text::cannot_send(&self.target))
    }

    fn recv(&self, server: &Stream, message: &[u8], replies: &mut Replies) -> anyhow::Result<()> {
        let received = replies.recv(server, Pairing::new(self.dialect, message));
        received.map_err(|error| self.explain(text::reply(), error))
    }

    /// Each message on a connection of its own, for the end of the stream is the end of the
    /// message.
    fn one_connection_each(&self, messages: &mut Messages) -> anyhow::Result<()> {
        while let Some(message) = messages.next()? {
            let mut server = self.connect()?;
            server.set_idle(Some(self.options.timeout))?;
            self.send(&server, &message)?;
            // No answer tells whether the message has arrived, but a reset tells that it was not
            // read to its end.
            let end = server.half_close(self.options.timeout.min(LINGERING_CLOSE));
            server.close();
            end.with_context(|| text::perhaps_unread(&self.target))?;
        }
        Ok(())
    }

    /// Until when what begins now must be over.
    fn deadline(&self) -> Option<Instant> {
        Instant::now().checked_add(self.options.timeout)
    }

    /// Says what was waited for, where that is why it failed.
    fn explain(&self, what: &str, error: anyhow::Error) -> anyhow::Error {
        if error.to_string() == cannot_write_stdout() {
            return error;
        }
        let io = error.downcast_ref::<io::Error>();
        if io.is_none_or(|io| io.kind() != ErrorKind::TimedOut) {
            return error.context(text::nothing_from(what, &self.target));
        }
        let dialect = self.dialect.to_possible_value();
        let dialect = dialect.map_or_else(String::new, |value| value.get_name().to_owned());
        let seconds = self.options.timeout.as_secs_f64();
        anyhow!(text::nothing_within(what, &self.target, seconds, dialect))
    }
}
