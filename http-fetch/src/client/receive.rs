//! The answer's body, on its way to where the user wants it.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use common::error_text::cause;
use common::notice;
use http_fetch::http::body::{Body, Framing};
use http_fetch::http::response::parse::Head;
use http_fetch::http::resume::{Noted, Origin, Rest, Validator};

use crate::Fetch;
use crate::checksum::Check;
use crate::connection::Connection;
use crate::destination::{Destination, shown};
use crate::retry::{Passing, Stage};
use crate::save::Part;
use crate::sink::Sink;
use crate::text;

/// How many bytes of small pieces are collected for one `write`. Longer ones, such as what one
/// record of TLS carries, are written without being copied.
const WRITE_SIZE: usize = 16 * 1024;

/// What is at hand of the file before anything is fetched.
pub(crate) enum Leftover {
    Nothing,
    /// A part that an earlier run has left, or an earlier try, and where it came from.
    Part(Part, Box<Origin>),
    /// A file of that name and so many bytes.
    File(u64),
}

/// A file of which `from` bytes of `total` are there.
struct Begun {
    sink: Sink,
    from: u64,
    total: Option<u64>,
    /// Of those bytes.
    check: Option<Check>,
}

impl Fetch<'_> {
    /// What there is to go on with: for `--continue`, and for another try.
    pub(crate) fn leftover(&self) -> Result<Leftover> {
        let Destination::File(path) = &self.destination else { return Ok(Leftover::Nothing) };
        if !self.options.resume && !self.session.unfinished.is_worth_keeping() {
            return Ok(Leftover::Nothing);
        }
        if let Some((part, origin)) = Part::left_over(path, &self.session.unfinished)? {
            return Ok(Leftover::Part(part, Box::new(origin)));
        }
        if !self.options.resume {
            return Ok(Leftover::Nothing);
        }
        Ok(std::fs::metadata(path).map_or(Leftover::Nothing, |meta| Leftover::File(meta.len())))
    }

    /// What to ask for, so that what is at hand need not be fetched again.
    pub(crate) fn rest_of(&self, leftover: &Leftover) -> Result<Option<Rest>> {
        let (from, validator, noted) = match leftover {
            Leftover::Nothing => return Ok(None),
            Leftover::File(bytes) => (*bytes, None, Noted::default()),
            Leftover::Part(_, origin) if origin.url != self.asked.to_string() => {
                notice!("{}", text::of_another_url());
                return Ok(None);
            }
            // Of which version the bytes are, nobody knows.
            Leftover::Part(_, origin) if origin.validator.is_none() => return Ok(None),
            Leftover::Part(part, origin) => {
                (part.length()?, origin.validator.clone(), origin.noted.clone())
            }
        };
        Ok((from > 0).then_some(Rest { from, validator, noted }))
    }

    /// The answer is the whole resource.
    pub(crate) fn receive_all(
        &mut self,
        head: &Head,
        connection: Connection,
        leftover: Leftover,
    ) -> Result<()> {
        if self.destination == Destination::Nowhere {
            return self.close_or_keep(head, Framing::Length(0), connection);
        }
        self.destination = self.destination.clone().known_by(head)?;
        let framing = head.framing()?;
        let total = match framing {
            Framing::Length(bytes) => Some(bytes),
            Framing::Chunked | Framing::UntilClose => None,
        };
        self.check_size(total.unwrap_or(0))?;
        let sink = match &self.destination {
            Destination::Stdout | Destination::Nowhere => Sink::stdout()?,
            Destination::Special(path) => Sink::special(path)?,
            Destination::File(path) | Destination::NamedByServer(path) => {
                let mut part = match leftover {
                    Leftover::Part(part, _) => part,
                    Leftover::Nothing | Leftover::File(_) => {
                        Part::create(path, &self.session.unfinished)?
                    }
                };
                let validator = Validator::of(head, SystemTime::now());
                let noted = Noted::of(head, total);
                part.restart(&Origin { url: self.asked.to_string(), validator, noted })?;
                part.modified = date_of(head);
                Sink::Part(part)
            }
        };
        let begun = Begun { sink, from: 0, total, check: self.sum.map(Check::new) };
        self.receive(head, connection, framing, begun)
    }

    /// The answer is what follows the first `from` bytes.
    pub(crate) fn receive_rest(
        &self,
        head: &Head,
        connection: Connection,
        leftover: Leftover,
        from: u64,
        total: u64,
    ) -> Result<()> {
        let Leftover::Part(mut part, origin) = leftover else { bail!(text::no_part()) };
        let framing = head.framing()?;
        if let Framing::Length(rest) = framing
            && from.checked_add(rest) != Some(total)
        {
            bail!(text::range_and_length());
        }
        self.check_size(total)?;
        let mut check = self.sum.map(Check::new);
        if let Some(check) = &mut check {
            part.add_up(check)?;
        }
        if origin.noted.total.is_none() {
            // A further rest has to agree with this one, too.
            part.note_total(total)?;
        }
        part.seek_to_end()?;
        part.modified = date_of(head).or_else(|| origin.noted.modified.as_deref().and_then(date));
        let begun = Begun { sink: Sink::Part(part), from, total: Some(total), check };
        self.receive(head, connection, framing, begun)
    }

    /// Whether what is at hand is what the user wants, as far as that is known by a sum.
    pub(crate) fn has_its_sum(&self, leftover: &mut Leftover) -> Result<bool> {
        let Some(mut check) = self.sum.map(Check::new) else { return Ok(true) };
        match (leftover, &self.destination) {
            (Leftover::Part(part, _), _) => part.add_up(&mut check)?,
            (Leftover::File(_), Destination::File(path)) => {
                let read = File::open(path).and_then(|file| check.take_all(file));
                read.with_context(|| shown(path))?;
            }
            _ => {}
        }
        Ok(check.end().is_ok())
    }

    fn check_size(&self, bytes: u64) -> Result<()> {
        match self.options.max_size {
            Some(max) if bytes > max => {
                bail!(text::too_large(bytes, max))
            }
            _ => Ok(()),
        }
    }

    /// Receives the body piece by piece until its framing says that it is complete.
    fn receive(
        &self,
        head: &Head,
        mut connection: Connection,
        framing: Framing,
        begun: Begun,
    ) -> Result<()> {
        let Begun { sink, from, total, mut check } = begun;
        // Neither does a body on the terminal.
        if !sink.is_terminal() {
            self.session.progress.start(&self.name(), from, total);
        }
        // Small pieces, such as chunks of a few bytes, are written together; large ones pass by.
        let mut sink = BufWriter::with_capacity(WRITE_SIZE, sink);
        let mut body = Body::new(framing);
        connection.restart_clock()?;
        // What is longer than was promised may be so without end.
        let is_too_long = |body: &Body| total.is_some_and(|total| from + body.received() > total);
        while !body.is_complete() && !is_too_long(&body) {
            // recv: what has come meanwhile. Nothing is the end of the connection, and an error
            // where the body goes on.
            let (arrived, before) = (connection.recv()?, body.received());
            if arrived.is_empty() {
                body.end_of_stream().map_err(|error| Passing::new(error, Stage::Sent))?;
                break;
            }
            let mut input = arrived;
            while let Some(piece) =
                body.next(&mut input).inspect_err(|_| sink.get_mut().discard())?
            {
                self.check_size(from + body.received())
                    .inspect_err(|_| sink.get_mut().discard())?;
                self.given_out.set(!sink.get_ref().is_part());
                if let Some(check) = &mut check {
                    check.take(piece);
                }
                sink.write_all(piece).map_err(|error| self.cannot_write(&error))?;
            }
            let used = arrived.len() - input.len();
            connection.used(used);
            sink.flush().map_err(|error| self.cannot_write(&error))?;
            if body.received() > before {
                // What stands beside the payload, such as comments of chunks, buys no time.
                connection.restart_clock()?;
            }
            self.session.progress.at(from + body.received());
        }
        let bytes = from + body.received();
        if let Some(total) = total.filter(|total| *total != bytes) {
            sink.get_mut().discard();
            bail!(text::not_as_promised(bytes, total));
        }
        self.close_or_keep(head, framing, connection)?;
        if let Some(check) = check {
            // Another file than was wanted is not gone on with, either.
            check.end().inspect_err(|_| sink.get_mut().discard())?;
        }
        let sink = sink.into_inner().map_err(|error| self.cannot_write(error.error()))?;
        self.session.progress.stop();
        self.finish(sink)
    }

    /// close: the body is complete, whether or not the server closes too. Where the next URL is
    /// asked of the same server, and that has not said that it will close, the connection is kept.
    fn close_or_keep(
        &self,
        head: &Head,
        framing: Framing,
        mut connection: Connection,
    ) -> Result<()> {
        let ends_before_it = framing != Framing::UntilClose;
        if self.goes_on() && ends_before_it && head.keeps_connection() && connection.is_quiet() {
            self.session.keep(self.route()?, connection);
        } else {
            connection.close();
        }
        Ok(())
    }

    /// Gives a complete file its name.
    fn finish(&self, sink: Sink) -> Result<()> {
        let replaced = match &self.destination {
            Destination::File(path) if self.options.output.is_empty() => path.exists(),
            _ => false,
        };
        sink.finish()?;
        if replaced {
            // The name was not the user's choice.
            notice!("{}", text::replaced(self.name()));
        }
        Ok(())
    }

    /// What the server has is at hand to the last byte.
    pub(crate) fn complete(&self, leftover: Leftover) -> Result<()> {
        if let Leftover::Part(mut part, origin) = leftover {
            part.modified = origin.noted.modified.as_deref().and_then(date);
            part.finish()?;
        }
        notice!("{}", text::complete_already(self.name()));
        Ok(())
    }

    fn name(&self) -> String {
        match &self.destination {
            Destination::Stdout | Destination::Nowhere => text::standard_output().to_owned(),
            Destination::Special(path)
            | Destination::File(path)
            | Destination::NamedByServer(path) => shown(path),
        }
    }

    fn cannot_write(&self, error: &io::Error) -> anyhow::Error {
        if error.kind() == ErrorKind::BrokenPipe {
            // The reader has what it wanted, as `head` has: how far we came is of no interest to
            // anybody.
            self.session.progress.erase();
        }
        anyhow!(text::cannot_write(self.name(), cause(error)))
    }
}

/// When the server says that the file was last changed.
fn date_of(head: &Head) -> Option<SystemTime> {
    date(head.text("last-modified")?)
}

/// A time to come would be a mistake of some clock.
fn date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok().filter(|date| *date <= SystemTime::now())
}
