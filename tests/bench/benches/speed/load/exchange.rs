//! Requests and replies over many TCP connections at once: on each of them the next request goes
//! out when the last byte of the reply to the one before has come.

use std::io::{self, Read as _, Write as _};
use std::time::Duration;

use anyhow::{Context as _, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Registry, Token};

use super::{Clock, Load, Watch};
use crate::peers::Peer;

/// As large as what a server may send at once.
const BUFFER: usize = 256 * 1024;

/// What is asked, of whom, on how many connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub(crate) server: &'a Peer,
    pub(crate) connections: usize,
    pub(crate) request: &'a [u8],
    pub(crate) reply: Reply,
}

/// How the end of a reply is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reply {
    /// It is the request again.
    Echo,
    /// It has this many bytes.
    Bytes(usize),
    /// Its head says how many bytes its body has (RFC 9112 §6.3), the same number each time.
    Http,
    /// One over HTTP that ends with the connection; the next request takes another connection.
    Close,
}

/// Exchanges messages for `length`. The first tenth of that is not counted.
pub(crate) fn exchange(what: &Exchange<'_>, length: Duration) -> anyhow::Result<Load> {
    let mut generator = Generator::connect(what)?;
    generator.run_for(length / 10)?;
    // From here on anew: a first tenth that took longer takes nothing from what is counted.
    let watch = Watch::start(what.server);
    let done = generator.progress.done;
    generator.run_for(length - length / 10)?;
    Ok(watch.stop(generator.progress.done - done))
}

struct Generator<'a> {
    poll: Poll,
    events: Events,
    connections: Vec<Connection>,
    buffer: Vec<u8>,
    progress: Progress<'a>,
}

struct Connection {
    token: Token,
    stream: TcpStream,
    /// Bytes of the request that are not sent yet.
    unsent: usize,
    /// Bytes of the reply that have come.
    come: usize,
}

struct Progress<'a> {
    what: Exchange<'a>,
    /// Bytes of a reply, once that is known.
    expected: Option<usize>,
    done: u64,
}

impl<'a> Generator<'a> {
    fn connect(what: &Exchange<'a>) -> anyhow::Result<Self> {
        let poll = Poll::new()?;
        let mut connections = Vec::with_capacity(what.connections);
        for index in 0..what.connections {
            let stream = super::connect(what.server.addr())
                .with_context(|| format!("connection {} of {}", index + 1, what.connections))?;
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            let token = Token(index);
            connections.push(Connection::new(
                token,
                TcpStream::from_std(stream),
                what,
                poll.registry(),
            )?);
        }
        for connection in &mut connections {
            connection.send(what.request)?;
        }
        Ok(Generator {
            poll,
            events: Events::with_capacity(1024),
            connections,
            buffer: vec![0; BUFFER],
            progress: Progress { what: *what, expected: what.reply.length(what.request), done: 0 },
        })
    }

    fn run_for(&mut self, length: Duration) -> anyhow::Result<()> {
        let mut clock = Clock::of(length);
        while let Some(left) = clock.left()? {
            match self.poll.poll(&mut self.events, Some(left.min(Clock::STALL))) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                result => result?,
            }
            if !self.events.is_empty() {
                clock.heard();
            }
            for event in &self.events {
                let Token(index) = event.token();
                let Some(connection) = self.connections.get_mut(index) else { continue };
                if event.is_writable() && connection.unsent > 0 {
                    connection.send(self.progress.what.request)?;
                }
                if event.is_readable() {
                    self.progress.receive(connection, &mut self.buffer, self.poll.registry())?;
                }
            }
        }
        Ok(())
    }
}

impl Progress<'_> {
    /// Takes what is there of a reply; the next request follows a whole one at once.
    fn receive(
        &mut self,
        connection: &mut Connection,
        buffer: &mut [u8],
        registry: &Registry,
    ) -> anyhow::Result<()> {
        loop {
            let got = match connection.stream.read(buffer) {
                Ok(got) => got,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error).context("a reply"),
            };
            let piece = buffer.get(..got).unwrap_or_default();
            if piece.is_empty() {
                return self.closed(connection, registry);
            }
            if connection.come == 0 {
                self.begin(piece)?;
            }
            connection.come += got;
            if self.expected.is_some_and(|expected| connection.come >= expected) {
                self.done += 1;
                connection.next(self.expected, self.what.request)?;
            }
            // What is not full is empty now; what comes later is an event of its own, but for an
            // end that has come with these bytes.
            if got < buffer.len() && self.what.reply != Reply::Close {
                return Ok(());
            }
        }
    }

    /// Whether a reply begins as it should; of the first over HTTP, how long all of them are.
    fn begin(&mut self, piece: &[u8]) -> anyhow::Result<()> {
        let request = self.what.request;
        match self.what.reply {
            Reply::Echo => {
                let length = piece.len().min(request.len()).min(64);
                if piece.get(..length) != request.get(..length) {
                    bail!("the echo is not what was sent");
                }
            }
            Reply::Bytes(_) => {}
            Reply::Http | Reply::Close => {
                if !piece.starts_with(b"HTTP/1.1 200") {
                    let start = piece.get(..20).unwrap_or(piece).escape_ascii();
                    bail!("a reply begins with {start}");
                }
                if self.what.reply == Reply::Http && self.expected.is_none() {
                    self.expected = Some(http_length(piece)?);
                }
            }
        }
        Ok(())
    }

    fn closed(&mut self, connection: &mut Connection, registry: &Registry) -> anyhow::Result<()> {
        if self.what.reply != Reply::Close || connection.come == 0 {
            bail!("the server closed a connection after {} bytes of a reply", connection.come);
        }
        self.done += 1;
        // The old one is closed by being replaced. The request goes out when the new one is
        // writable.
        let stream = TcpStream::connect(self.what.server.addr()).context("a further connection")?;
        *connection = Connection::new(connection.token, stream, &self.what, registry)?;
        Ok(())
    }
}

impl Connection {
    fn new(
        token: Token,
        mut stream: TcpStream,
        what: &Exchange<'_>,
        registry: &Registry,
    ) -> io::Result<Self> {
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Connection { token, stream, unsent: what.request.len(), come: 0 })
    }

    fn next(&mut self, expected: Option<usize>, request: &[u8]) -> anyhow::Result<()> {
        if Some(self.come) != expected {
            bail!("a reply of {} bytes, expected {}", self.come, expected.unwrap_or(0));
        }
        (self.come, self.unsent) = (0, request.len());
        self.send(request)
    }

    fn send(&mut self, request: &[u8]) -> anyhow::Result<()> {
        while self.unsent > 0 {
            let rest = request.get(request.len() - self.unsent..).unwrap_or_default();
            match self.stream.write(rest) {
                Ok(sent) => self.unsent -= sent,
                // There will be an event when it can go on; a new connection may not be there yet.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::NotConnected
                    ) =>
                {
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("a request"),
            }
        }
        Ok(())
    }
}

impl Reply {
    /// How many bytes it has, if that is known beforehand.
    fn length(self, request: &[u8]) -> Option<usize> {
        match self {
            Reply::Echo => Some(request.len()),
            Reply::Bytes(length) => Some(length),
            Reply::Http | Reply::Close => None,
        }
    }
}

fn http_length(piece: &[u8]) -> anyhow::Result<usize> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(piece)? else {
        bail!("the first piece of a reply does not hold its whole head");
    };
    let field =
        response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = field.context("a reply without a Content-Length")?;
    Ok(head + std::str::from_utf8(length.value)?.parse::<usize>()?)
}
