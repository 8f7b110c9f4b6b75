//! One TCP connection of a load: a request at a time, and the reply to it.

use std::io::{self, Read as _, Write as _};

use anyhow::{Context as _, bail};
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::trouble;

/// As large as what a server may send at once.
pub(super) const BUFFER: usize = 256 * 1024;

/// How the end of a reply is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reply {
    /// It is the request again.
    Echo,
    /// It has this many bytes.
    Bytes(usize),
    /// Its head says how many bytes its body has (RFC 9112 §6.3), the same number each time.
    Http,
    /// The same, and another number for each.
    HttpOfAnySize,
    /// One over HTTP that ends with the connection; the next request takes another connection.
    Close,
}

pub(super) struct Connection {
    pub(super) token: Token,
    pub(super) stream: TcpStream,
    /// Which of the requests it is about.
    pub(super) request: usize,
    /// Bytes of the request that are not sent yet.
    unsent: usize,
    /// Bytes of the reply that have come, and how many it has, once that is known.
    come: usize,
    expected: Option<usize>,
}

/// What has come on a connection.
pub(super) enum Came {
    /// Nothing more for now.
    Nothing,
    /// A piece; whether the reply is whole with it, and whether more may be there.
    Piece { is_whole: bool, may_have_more: bool },
    /// The end of the connection, which is that of the reply, too.
    End,
}

impl Connection {
    pub(super) fn new(
        token: Token,
        mut stream: TcpStream,
        registry: &Registry,
    ) -> io::Result<Self> {
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Connection { token, stream, request: 0, unsent: 0, come: 0, expected: None })
    }

    /// The next request is this one, `index` of those that there are.
    pub(super) fn ask(&mut self, index: usize, request: &[u8]) -> anyhow::Result<()> {
        (self.request, self.unsent, self.come) = (index, request.len(), 0);
        self.send(request)
    }

    /// Sends what is left of its request.
    pub(super) fn send(&mut self, request: &[u8]) -> anyhow::Result<()> {
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
                Err(error) => return Err(error).with_context(trouble::a_request),
            }
        }
        Ok(())
    }

    /// Takes a piece of the reply to `request`, if one is there.
    pub(super) fn receive(
        &mut self,
        reply: Reply,
        request: &[u8],
        buffer: &mut [u8],
    ) -> anyhow::Result<Came> {
        let got = loop {
            match self.stream.read(buffer) {
                Ok(got) => break got,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Came::Nothing);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).with_context(trouble::a_reply),
            }
        };
        let piece = buffer.get(..got).unwrap_or_default();
        if piece.is_empty() {
            if reply != Reply::Close || self.come == 0 {
                bail!(trouble::closed_after(self.come));
            }
            return Ok(Came::End);
        }
        if self.come == 0 {
            self.expected = reply.begin(request, piece, self.expected)?;
        }
        self.come += got;
        let is_whole = self.expected.is_some_and(|expected| self.come >= expected);
        if is_whole && Some(self.come) != self.expected {
            bail!(trouble::other_length(self.come, self.expected.unwrap_or(0)));
        }
        // What is not full is empty now; what comes later is an event of its own, but for an end
        // that has come with these bytes.
        let may_have_more = got == buffer.len() || reply == Reply::Close;
        Ok(Came::Piece { is_whole, may_have_more })
    }
}

impl Reply {
    /// Whether a reply begins as it should, and how many bytes it has, if that is known. The one
    /// before had so many `before`.
    fn begin(
        self,
        request: &[u8],
        piece: &[u8],
        before: Option<usize>,
    ) -> anyhow::Result<Option<usize>> {
        match self {
            Reply::Echo => {
                let length = piece.len().min(request.len()).min(64);
                if piece.get(..length) != request.get(..length) {
                    bail!(trouble::other_echo());
                }
                Ok(Some(request.len()))
            }
            Reply::Bytes(length) => Ok(Some(length)),
            Reply::Http | Reply::HttpOfAnySize | Reply::Close => {
                if !piece.starts_with(b"HTTP/1.1 200") {
                    let start = piece.get(..20).unwrap_or(piece).escape_ascii();
                    bail!(trouble::begins_with(start));
                }
                match (self, before) {
                    (Reply::Close, _) => Ok(None),
                    (Reply::Http, Some(before)) => Ok(Some(before)),
                    _ => http_length(piece).map(Some),
                }
            }
        }
    }
}

fn http_length(piece: &[u8]) -> anyhow::Result<usize> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(piece)? else {
        bail!(trouble::head_in_pieces());
    };
    let field =
        response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = field.with_context(trouble::no_length)?;
    Ok(head + std::str::from_utf8(length.value)?.parse::<usize>()?)
}
