//! The requests of a client that is not silent, one after the other: bytes come into one buffer,
//! answers go out by another.

use std::io::{self, ErrorKind};

use common::error_text::cause;
use common::notice;
use http_fetch::http::body::{Body, Framing};
use http_fetch::http::request::head_end::Scanner;
use http_fetch::http::request::types::{Expectation, Refusal};
use http_fetch::http::response::write::CONTINUE;
use http_fetch::http::status::Status;
use tokio::task::consume_budget;

use crate::connection::Connection;
use crate::files::content::Content;
use crate::text;

/// The longest request body that is read over, in bytes. A longer one is refused, and the
/// connection with it.
const MAX_BODY: u64 = 1 << 20;

/// What came when a request was waited for.
pub(crate) enum Received {
    /// The whole head of a request.
    Head,
    /// What cannot become one, or took too long.
    Nonsense(Refusal),
    /// The client is silent, and every request that it has sent is answered.
    Nothing,
    /// The client has left.
    End,
}

/// The conversation with a client that is not silent. Its buffers go when the client falls silent.
pub(crate) struct Exchange<'c> {
    pub(crate) connection: &'c mut Connection,
    /// What was received and not yet forgotten.
    input: Vec<u8>,
    /// How many bytes of the input have been dealt with.
    used: usize,
    /// Answers that wait to be sent.
    pub(crate) output: Vec<u8>,
}

impl<'c> Exchange<'c> {
    pub(crate) fn new(connection: &'c mut Connection) -> Self {
        Self { connection, input: Vec::new(), used: 0, output: Vec::new() }
    }

    /// Receives what has come already; how many bytes that were, as [`Connection::recv`] says it.
    pub(crate) async fn recv(&mut self) -> io::Result<Option<usize>> {
        self.connection.recv(&mut self.input).await
    }

    /// Receives until a whole head is there, and puts it into `head`.
    pub(crate) async fn recv_head(&mut self, head: &mut Vec<u8>) -> io::Result<Received> {
        let mut scanner = Scanner::default();
        let mut clock_runs = false;
        loop {
            match scanner.scan(self.unused()) {
                Ok(Some(range)) => {
                    let end = range.end;
                    head.clear();
                    head.extend_from_slice(self.unused().get(range).unwrap_or_default());
                    self.used += end;
                    return Ok(Received::Head);
                }
                Ok(None) => {}
                Err(refusal) => return Ok(Received::Nonsense(refusal)),
            }
            self.send().await?;
            if self.unused().is_empty() {
                return Ok(Received::Nothing);
            }
            if !clock_runs {
                self.connection.start_clock();
                clock_runs = true;
            }
            match self.recv_more().await {
                Ok(0) => return Ok(Received::End),
                Ok(_) => {}
                Err(error) => return Ok(Received::Nonsense(late(error)?)),
            }
        }
    }

    /// Reads over the body of a request, so that what follows it is the next request.
    pub(crate) async fn skip_body(
        &mut self,
        end: Framing,
        expectation: Expectation,
    ) -> io::Result<Result<(), Refusal>> {
        const TOO_LARGE: Refusal =
            Refusal { status: Status::CONTENT_TOO_LARGE, why: text::LONG_BODY };
        if matches!(end, Framing::Length(bytes) if bytes > MAX_BODY) {
            return Ok(Err(TOO_LARGE));
        }
        let mut body = Body::new(end);
        let mut clock_runs = false;
        loop {
            let mut rest = self.unused();
            loop {
                match body.next(&mut rest) {
                    Ok(Some(_)) => {}
                    Ok(None) => break,
                    Err(_) => return Ok(Err(Refusal::bad(text::MALFORMED_CHUNK))),
                }
            }
            self.used = self.input.len() - rest.len();
            if body.is_complete() {
                return Ok(Ok(()));
            }
            if body.received() > MAX_BODY {
                return Ok(Err(TOO_LARGE));
            }
            if !clock_runs {
                if expectation == Expectation::Continue {
                    self.output.extend_from_slice(CONTINUE);
                }
                self.send().await?;
                self.connection.start_clock();
                clock_runs = true;
            }
            match self.recv_more().await {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(error) => return Ok(Err(late(error)?)),
            }
        }
    }

    /// What was received and belongs to no request so far.
    pub(crate) fn unused(&self) -> &[u8] {
        self.input.get(self.used..).unwrap_or_default()
    }

    /// Waits for more of what has begun to come.
    async fn recv_more(&mut self) -> io::Result<usize> {
        self.input.drain(..self.used);
        self.used = 0;
        self.connection.recv_in_time(&mut self.input).await
    }

    /// Sends the answers that wait.
    pub(crate) async fn send(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            self.connection.send_all(&self.output).await?;
            self.output.clear();
        }
        Ok(())
    }

    /// Sends the answers that wait, which are the last. Their end leaves in the same packet if it
    /// can: to send and acknowledge one of its own is an eighth of what a connection for one small
    /// page costs.
    pub(crate) async fn send_last(&mut self) -> io::Result<()> {
        let sent = self.connection.send_before_more(&self.output);
        let is_all = sent > 0 && sent == self.output.len();
        self.output.drain(..sent);
        if is_all {
            // `close` alone would push it out, too, but not where the client has sent something
            // since: then it throws away what waits.
            self.connection.end();
        }
        self.send().await
    }

    /// Sends the answers that wait and after them the content of a file or a long page; how much of
    /// that, and how it ended.
    pub(crate) async fn send_content(
        &mut self,
        mut content: Content,
        path: &[u8],
    ) -> (u64, io::Result<()>) {
        let length = content.left();
        // The head and the beginning leave in one write, or at least in one packet.
        self.output.extend_from_slice(content.ahead());
        content.advance(content.ahead().len());
        if content.left() == 0 {
            // All of it waits with the other answers.
            return (length, Ok(()));
        }
        let sent = self.connection.send_before_more(&self.output);
        self.output.drain(..sent);
        let mut result = self.send().await;
        if result.is_ok() {
            // It may take its time, so it should not hold much meanwhile.
            self.output.shrink_to(1024);
            result = self.send_rest(&mut content, path).await;
        }
        (length - content.left(), result)
    }

    /// What lies in memory goes from there to the client. Of the rest a piece is read when the
    /// client can take it, and what it does not take of that is read again rather than kept, so
    /// that clients who make the server wait cost it no memory.
    async fn send_rest(&mut self, content: &mut Content, path: &[u8]) -> io::Result<()> {
        self.connection.expect_answer_of(content.left());
        while content.left() > 0 {
            // A client that takes everything at once never makes this task wait, and the others
            // want their turn, too.
            consume_budget().await;
            self.connection.writable().await?;
            if let Some(file) = content.file()
                && let Some(sent) = self.connection.send_file(file, &content.rest())?
            {
                content.advance(sent);
                continue;
            }
            if let Err(error) = content.read_ahead().await {
                // The head has promised more, so nothing is left but to close: the client sees that
                // it is cut.
                notice!("{}", text::cannot_send(path.escape_ascii(), cause(&error)));
                return Err(error);
            }
            let sent = self.connection.send(content.ahead()).await?;
            content.advance(sent);
        }
        Ok(())
    }
}

/// What is answered to a client whose time has run out; an error of another kind stays one.
fn late(error: io::Error) -> io::Result<Refusal> {
    match error.kind() {
        ErrorKind::TimedOut => {
            Ok(Refusal { status: Status::REQUEST_TIMEOUT, why: text::SLOW_REQUEST })
        }
        _ => Err(error),
    }
}
