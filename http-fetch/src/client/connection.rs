//! A connection to a server, in the open or encrypted, read through a buffer.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, anyhow, bail};
use common::socket::Stream;
use common::terminal;
use http_fetch::http::proxy::Proxy;
use http_fetch::http::response::parse::{Head, HeadReader, MAX_HEAD};
use http_fetch::http::url::HttpUrl;
use rustls::ClientConfig;

use crate::retry::{Passing, Stage};
use crate::text;
use crate::tls::{self, TlsStream};

/// What one `recv` takes at most. The kernel hands over all that has arrived: with 1 MiB a fast
/// network needs few calls, which is worth half the time that 8 KiB would take.
const READ_SIZE: usize = 1024 * 1024;

/// The most bytes of interim answers before the real one: each may be short, and they could go on
/// for ever.
const MAX_INTERIM: usize = MAX_HEAD;

/// A connection, read through a buffer.
pub(crate) struct Connection {
    reader: Either,
    timeout: Duration,
}

enum Either {
    Plain(BufReader<Stream>),
    Tls(Box<TlsStream>),
}

impl Connection {
    pub(crate) fn plain(stream: Stream, timeout: Duration) -> Self {
        let reader = BufReader::with_capacity(READ_SIZE, stream);
        Self { reader: Either::Plain(reader), timeout }
    }

    /// Asks a proxy for a way through to the server of a URL. What is sent from then on, the server
    /// receives.
    pub(crate) fn ask_for_way_through(&mut self, proxy: &Proxy, url: &HttpUrl) -> Result<()> {
        self.send(&proxy.connect(url))?;
        let head = self.recv_head()?;
        if (200..300).contains(&head.status()) {
            return Ok(());
        }
        let status = terminal::escape_line(&head.status_line()).into_owned();
        let words = text::proxy_refuses(proxy.name(), proxy.variable, status);
        match Passing::refusal(&head, &words, SystemTime::now()) {
            Some(passing) => bail!(passing),
            None => bail!(words),
        }
    }

    /// Agrees on keys with the server, which must prove that it is `host`.
    pub(crate) fn encrypted(self, host: &str, config: Arc<ClientConfig>) -> Result<Self> {
        let timeout = self.timeout;
        // In TLS, too, the client speaks first: nothing has come that would be lost here.
        let Either::Plain(reader) = self.reader else { bail!(text::encrypted_twice()) };
        let mut stream = reader.into_inner();
        stream.set_deadline(Instant::now().checked_add(timeout)).context(text::no_time_limit())?;
        let stream = tls::handshake(stream, host, config).map_err(|error| {
            explained(error, timeout, text::the_tls_handshake(), Stage::Connecting)
        })?;
        Ok(Self { reader: Either::Tls(Box::new(stream)), timeout })
    }

    /// Sends a request. The server has the time limit from now on to take it and to answer with a
    /// whole head.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<()> {
        self.restart_clock()?;
        let sent = match &mut self.reader {
            Either::Plain(reader) => reader.get_ref().send_all(request),
            Either::Tls(stream) => stream.write_all(request).and_then(|()| stream.flush()),
        };
        sent.map_err(|error| self.explained(error, text::taking_the_request()))
    }

    /// Waits for the head of the answer, past interim ones. All of it must come before the time is
    /// over that began with the request.
    pub(crate) fn recv_head(&mut self) -> Result<Head> {
        let mut interim = 0;
        loop {
            let head = self.recv_one_head()?;
            if !head.is_interim() {
                return Ok(head);
            }
            interim += head.raw().len();
            if interim > MAX_INTERIM {
                bail!(text::too_much_interim(MAX_INTERIM));
            }
        }
    }

    fn recv_one_head(&mut self) -> Result<Head> {
        let mut head = HeadReader::new();
        loop {
            let arrived = match self.reader.fill_buf() {
                Ok([]) => bail!(Passing::new(head.end_of_stream(), Stage::Sent)),
                Ok(arrived) => arrived,
                Err(error) => return Err(self.explained(error, text::an_answer())),
            };
            let all = arrived.len();
            let ended = head.push(arrived)?;
            self.reader.consume(ended.as_ref().map_or(all, |(_, used)| *used));
            if let Some((head, _)) = ended {
                return Ok(head);
            }
        }
    }

    /// The next bytes of the body, none at the end of the connection. They stay until
    /// [`Connection::used`] takes them away.
    pub(crate) fn recv(&mut self) -> Result<&[u8]> {
        let timeout = self.timeout;
        let arrived = self.reader.fill_buf();
        arrived.map_err(|error| explained(error, timeout, text::rest_of_body(), Stage::Sent))
    }

    /// Whether another request may follow an answer that is complete: the server has said nothing
    /// beyond it, as far as is known.
    pub(crate) fn is_quiet(&mut self) -> bool {
        match &mut self.reader {
            Either::Plain(reader) => reader.buffer().is_empty(),
            Either::Tls(stream) => {
                let plain = stream.conn.process_new_packets();
                let is_read = plain.is_ok_and(|it| it.plaintext_bytes_to_read() == 0);
                is_read && stream.sock.is_quiet()
            }
        }
    }

    /// So many of the bytes received are dealt with.
    pub(crate) fn used(&mut self, bytes: usize) {
        self.reader.consume(bytes);
    }

    /// Whatever is waited for must come within the time limit from now on.
    pub(crate) fn restart_clock(&mut self) -> Result<()> {
        let deadline = Instant::now().checked_add(self.timeout);
        self.reader.socket().set_deadline(deadline).context(text::no_time_limit())
    }

    /// Ends the conversation.
    pub(crate) fn close(self) {
        match self.reader {
            Either::Plain(reader) => reader.into_inner().close(),
            Either::Tls(mut stream) => {
                stream.conn.send_close_notify();
                // The server may be gone already, and has nothing more to say to us.
                let _ = stream.flush();
                stream.sock.into_inner().close();
            }
        }
    }

    fn explained(&self, error: io::Error, awaited: &str) -> anyhow::Error {
        explained(error, self.timeout, awaited, Stage::Sent)
    }
}

fn explained(error: io::Error, timeout: Duration, awaited: &str, stage: Stage) -> anyhow::Error {
    if let Some(words) = tls::explained(&error) {
        return anyhow!(words);
    }
    let error = match error.kind() {
        ErrorKind::TimedOut => {
            anyhow!(text::timed_out(timeout.as_secs_f64(), awaited))
        }
        // Only TLS can tell the end of the peer's words from a cut line (RFC 8446, section 6.1).
        ErrorKind::UnexpectedEof => anyhow!(text::cut_while(awaited)),
        _ => anyhow::Error::new(error).context(text::while_waiting(awaited)),
    };
    Passing::new(error, stage).into()
}

impl Either {
    fn socket(&mut self) -> &mut Stream {
        match self {
            Self::Plain(reader) => reader.get_mut(),
            Self::Tls(stream) => stream.sock.get_mut(),
        }
    }

    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(reader) => reader.fill_buf(),
            Self::Tls(stream) => stream.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match self {
            Self::Plain(reader) => reader.consume(bytes),
            Self::Tls(stream) => stream.consume(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use common::text::{Lang, speaking};

    use crate::text::{an_answer, rest_of_body, taking_the_request, the_tls_handshake, timed_out};

    #[test]
    fn what_is_waited_for_fits_into_the_sentence() {
        let all = [the_tls_handshake, taking_the_request, an_answer, rest_of_body];
        let chinese = speaking(Lang::Zh, || all.map(|awaited| timed_out(10, awaited())));
        assert_eq!(
            chinese,
            [
                "超时：等 TLS 握手等了 10 秒（--timeout）",
                "超时：等服务端收下请求等了 10 秒（--timeout）",
                "超时：等响应等了 10 秒（--timeout）",
                "超时：等响应体剩下的部分等了 10 秒（--timeout）",
            ]
        );
    }
}
