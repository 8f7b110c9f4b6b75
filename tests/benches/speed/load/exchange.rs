//! Requests and replies over many TCP connections at once: on each of them the next request goes out when the last
//! byte of the reply to the one before has come.

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Registry, Token};

use super::{Load, Watch};
use crate::peers::Peer;

/// How long nothing at all may come back.
const STALL: Duration = Duration::from_secs(5);

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
    /// It ends with the connection; the next request takes another one.
    Close,
}

/// Exchanges messages for `length`. The first tenth of that is not counted.
pub(crate) fn exchange(what: &Exchange<'_>, length: Duration) -> anyhow::Result<Load> {
    let mut generator = Generator::connect(what)?;
    let start = Instant::now();
    generator.run_until(start + length / 10)?;
    let watch = Watch::start(what.server);
    let done = generator.done;
    generator.run_until(start + length)?;
    Ok(watch.stop(generator.done - done))
}

struct Generator<'a> {
    what: Exchange<'a>,
    poll: Poll,
    events: Events,
    connections: Vec<Connection>,
    buffer: Vec<u8>,
    /// Bytes of a reply, once one has come.
    expected: Option<usize>,
    done: u64,
    last: Instant,
}

struct Connection {
    stream: TcpStream,
    /// Bytes of the request that are not sent yet.
    unsent: usize,
    /// Bytes of the reply that have come.
    come: usize,
}

impl<'a> Generator<'a> {
    fn connect(what: &Exchange<'a>) -> anyhow::Result<Self> {
        common::files::raise_open_files(what.connections);
        let poll = Poll::new()?;
        let mut connections = Vec::with_capacity(what.connections);
        for index in 0..what.connections {
            let connected = std::net::TcpStream::connect_timeout(&what.server.addr(), STALL)
                .with_context(|| format!("connection {} of {}", index + 1, what.connections))?;
            connected.set_nodelay(true)?;
            connected.set_nonblocking(true)?;
            let stream = TcpStream::from_std(connected);
            let mut connection = Connection { stream, unsent: what.request.len(), come: 0 };
            connection.register(poll.registry(), index)?;
            connections.push(connection);
        }
        let expected = match what.reply {
            Reply::Echo => Some(what.request.len()),
            Reply::Bytes(length) => Some(length),
            Reply::Http | Reply::Close => None,
        };
        let mut generator = Generator {
            what: *what,
            poll,
            events: Events::with_capacity(1024),
            connections,
            buffer: vec![0; BUFFER],
            expected,
            done: 0,
            last: Instant::now(),
        };
        for connection in &mut generator.connections {
            connection.send(what.request)?;
        }
        Ok(generator)
    }

    fn run_until(&mut self, end: Instant) -> anyhow::Result<()> {
        loop {
            let now = Instant::now();
            if now >= end {
                return Ok(());
            }
            if now.duration_since(self.last) > STALL {
                bail!("no reply for {} s", STALL.as_secs());
            }
            let limit = end.duration_since(now).min(STALL);
            match self.poll.poll(&mut self.events, Some(limit)) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                result => result?,
            }
            if !self.events.is_empty() {
                self.last = Instant::now();
            }
            self.serve_events()?;
        }
    }

    fn serve_events(&mut self) -> anyhow::Result<()> {
        for event in &self.events {
            let Token(index) = event.token();
            let Some(connection) = self.connections.get_mut(index) else { continue };
            if event.is_writable() && connection.unsent > 0 {
                connection.send(self.what.request)?;
            }
            if !event.is_readable() {
                continue;
            }
            loop {
                let got = match connection.stream.read(&mut self.buffer) {
                    Ok(got) => got,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error).context("a reply"),
                };
                let piece = self.buffer.get(..got).unwrap_or_default();
                if got == 0 {
                    if self.what.reply != Reply::Close || connection.come == 0 {
                        bail!("the server closed a connection after {} bytes of a reply", connection.come);
                    }
                    self.done += 1;
                    connection.again(
                        self.what.server.addr(),
                        self.what.request,
                        self.poll.registry(),
                        index,
                    )?;
                    break;
                }
                if connection.come == 0 {
                    first_piece(self.what.reply, self.what.request, piece, &mut self.expected)?;
                }
                connection.come += got;
                if let Some(expected) = self.expected
                    && connection.come >= expected
                {
                    if connection.come > expected {
                        bail!("a reply of {} bytes, expected {expected}", connection.come);
                    }
                    self.done += 1;
                    (connection.come, connection.unsent) = (0, self.what.request.len());
                    connection.send(self.what.request)?;
                }
                // What is not full is empty now; what comes later is an event of its own.
                if got < self.buffer.len() {
                    break;
                }
            }
        }
        Ok(())
    }
}

impl Connection {
    fn register(&mut self, registry: &Registry, index: usize) -> io::Result<()> {
        registry.register(&mut self.stream, Token(index), Interest::READABLE | Interest::WRITABLE)
    }

    fn send(&mut self, request: &[u8]) -> anyhow::Result<()> {
        while self.unsent > 0 {
            let rest = request.get(request.len() - self.unsent..).unwrap_or_default();
            match self.stream.write(rest) {
                Ok(sent) => self.unsent -= sent,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::NotConnected => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("a request"),
            }
        }
        Ok(())
    }

    fn again(
        &mut self,
        addr: SocketAddr,
        request: &[u8],
        registry: &Registry,
        index: usize,
    ) -> anyhow::Result<()> {
        // The old one is closed by being replaced. The request goes out when the new one is writable.
        let stream = TcpStream::connect(addr).context("a further connection")?;
        *self = Connection { stream, unsent: request.len(), come: 0 };
        Ok(self.register(registry, index)?)
    }
}

/// Whether a reply begins as it should; of the first over HTTP, how long all of them are.
fn first_piece(
    reply: Reply,
    request: &[u8],
    piece: &[u8],
    expected: &mut Option<usize>,
) -> anyhow::Result<()> {
    match reply {
        Reply::Echo => {
            let length = piece.len().min(request.len()).min(64);
            if piece.get(..length) != request.get(..length) {
                bail!("the echo is not what was sent");
            }
        }
        Reply::Bytes(_) | Reply::Close => {}
        Reply::Http => {
            if !piece.starts_with(b"HTTP/1.1 200") {
                bail!(
                    "a reply begins with {:?}",
                    piece.get(..20).unwrap_or(piece).escape_ascii().to_string()
                );
            }
            if expected.is_none() {
                *expected = Some(http_length(piece)?);
            }
        }
    }
    Ok(())
}

fn http_length(piece: &[u8]) -> anyhow::Result<usize> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(piece)? else {
        bail!("the first piece of a reply does not hold its whole head");
    };
    let field = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = field.context("a reply without a Content-Length")?;
    Ok(head + std::str::from_utf8(length.value)?.parse::<usize>()?)
}
