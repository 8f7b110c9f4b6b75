//! Fetches one URL and saves it: a socket, a request, a head, and a body that passes through in
//! pieces.
//!
//! ```text
//! cargo run -p http-fetch                                       # the server, in one terminal
//! cargo run -p http-fetch --bin http-fetch-client localhost:8080   # this client, in the other
//! ```
//!
//! What a request and an answer look like is in the library; here they travel. `--trace` shows each
//! call.

mod certificates;
mod connection;
mod help;
mod progress;
mod save;
mod tls;
mod verdict;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use clap::Parser;
use common::cli::{self, ClientOptions};
use common::error_text::cause;
use common::exit;
use common::socket::{ConnectError, Stream};
use common::{addr, notice, signals, terminal};
use http_fetch::http::body::{Body, Framing};
use http_fetch::http::request::write;
use http_fetch::http::response::parse::Head;
use http_fetch::http::resume::{Noted, Origin, Rest, Validator};
use http_fetch::http::url::{HttpUrl, Trail, UrlError, without_password};

use connection::Connection;
use progress::Progress;
use save::{Destination, Part, Sink, Unfinished, shown};
use verdict::Verdict;

/// Fetch a URL into a file.
///
/// The head of the answer goes to standard output, the body to a file. The file gets its name when
/// it is complete, and not before: an answer that is cut off, or is an error such as 404, leaves
/// what was there as it was.
#[derive(Debug, Parser)]
#[command(name = "http-fetch-client", version, after_help = EXAMPLES)]
struct Options {
    /// What to fetch; without a scheme it is http://
    #[arg(value_parser = typed)]
    url: Typed,
    /// Save the body there; - is standard output, and the head goes to standard error. Without
    /// this, the name is the last part of the URL
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Go on with what an earlier run has left in FILE.part
    #[arg(long = "continue")]
    resume: bool,
    /// Follow at most so many redirects
    #[arg(long, value_name = "N", default_value = "10", value_parser = cli::whole(0..=usize::MAX))]
    max_redirects: usize,
    /// Refuse a file of more bytes than that
    #[arg(long, value_name = "BYTES", value_parser = cli::whole(0..=u64::MAX))]
    max_size: Option<u64>,
    /// Trust the certificate authorities in this PEM file, and no others
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    #[command(flatten)]
    client: ClientOptions,
}

const EXAMPLES: &str = "\
Examples:
  http-fetch-client localhost:8080                  the page of the server in the other terminal, into index.html
  http-fetch-client http://localhost:8080/a.txt -o - | wc -c
                                                    the body through a pipe, the head on the terminal
  http-fetch-client https://example.com -o page.html
  http-fetch-client --continue http://localhost:8080/big.iso
                                                    go on where an interrupted run has stopped
  http-fetch-client --trace localhost:8080          see each socket call

Exit status: 0 saved, 1 failed, 2 wrong usage, 130 interrupted.";

/// A URL, or why it is none.
#[derive(Debug, Clone)]
enum Typed {
    Url(HttpUrl),
    /// One that must not be shown, as the words of a wrong argument would: it may hold a password.
    Secret(UrlError),
}

fn typed(text: &str) -> Result<Typed, UrlError> {
    match text.parse() {
        Ok(url) => Ok(Typed::Url(url)),
        Err(why) if without_password(text) != text => Ok(Typed::Secret(why)),
        Err(why) => Err(why),
    }
}

fn main() -> ExitCode {
    let options: Options = cli::parse();
    let asked = match &options.url {
        Typed::Url(url) => url.clone(),
        Typed::Secret(why) => exit::misused(&format!("invalid URL: {why}")),
    };
    exit::run_with(exit::FAILED, || {
        let to_stdout = options.output.as_deref().is_some_and(|path| path.as_os_str() == "-");
        if to_stdout && options.resume {
            exit::report(&anyhow!("--continue needs a file to go on with, and --output - is none"));
            return Ok(ExitCode::from(exit::USAGE));
        }
        let mut fetch = Fetch::new(&options, asked)?;
        let result = fetch.run().with_context(|| fetch.url.to_string());
        fetch.progress.stop();
        fetch.unfinished.tidy();
        result.map(|()| ExitCode::SUCCESS)
    })
}

/// One run of the program.
struct Fetch<'a> {
    options: &'a Options,
    /// The user's URL.
    asked: HttpUrl,
    /// The URL being asked: the user's, or where that was redirected to.
    url: HttpUrl,
    destination: Destination,
    progress: Progress,
    unfinished: Unfinished,
}

/// What is at hand of the file before anything is fetched.
enum Leftover {
    Nothing,
    /// A part that an earlier run has left, and where it came from.
    Part(Part, Origin),
    /// A file of that name and so many bytes.
    File(u64),
}

impl<'a> Fetch<'a> {
    fn new(options: &'a Options, asked: HttpUrl) -> Result<Self> {
        let destination = Destination::new(options.output.as_deref(), &asked.file_name())?;
        // Neither trace lines nor a body on the terminal go well with a line that is drawn again
        // and again.
        let crowded = options.client.trace().is_on()
            || (matches!(destination, Destination::Stdout) && io::stdout().is_terminal());
        let (progress, unfinished) = (Progress::new(!crowded), Unfinished::default());
        let (bar, left) = (progress.clone(), unfinished.clone());
        signals::exit_on_interrupt(move || {
            bar.stop();
            left.tidy();
        })?;
        Ok(Self { options, url: asked.clone(), asked, destination, progress, unfinished })
    }

    /// Asks, and follows redirects until there is an answer to save.
    fn run(&mut self) -> Result<()> {
        let leftover = self.leftover()?;
        let mut rest = self.rest_of(&leftover)?;
        let mut trail = Trail::new(self.options.max_redirects);
        loop {
            let (head, connection) = self.ask(rest.as_ref())?;
            match Verdict::of(&head, rest.as_ref()) {
                Verdict::Whole => {
                    if rest.is_some() {
                        notice!(
                            "the server does not go on where the file stops; all of it is fetched"
                        );
                    }
                    return self.receive_all(&head, connection, leftover);
                }
                Verdict::Rest { from, total } => {
                    return self.receive_rest(&head, connection, leftover, from, total);
                }
                Verdict::Complete => return self.complete(leftover),
                Verdict::OfAnother => {
                    notice!(
                        "what is at hand is no beginning of what the server has; all of it is fetched"
                    );
                    rest = None;
                }
                Verdict::Elsewhere => {
                    self.url = trail.follow(self.url.clone(), head.value("location"))?;
                }
                Verdict::NoContent => {
                    notice!("the answer has no content; nothing is saved");
                    return Ok(());
                }
                Verdict::Refused => bail!("the server answers {}", head.status_line()),
            }
            connection.close();
        }
    }

    /// Connects, sends the request and receives the head of the answer.
    fn ask(&self, rest: Option<&Rest>) -> Result<(Head, Connection)> {
        let (url, timeout) = (&self.url, self.options.client.timeout);
        let stream = self.connect()?;
        let mut connection = if url.is_https() {
            let config = certificates::config(self.options.cacert.as_deref())?;
            Connection::encrypted(stream, url.host(), config, timeout)?
        } else {
            Connection::plain(stream, timeout)
        };
        connection.restart_clock()?;
        // send: in HTTP the client speaks first, and the server says nothing before.
        connection.send(&write::get(url, rest))?;
        // recv: as often as it takes until the empty line has come that ends the head.
        let head = connection.recv_head()?;
        match self.print(&head) {
            // Who looked on has seen enough, as `head -1` has; the file is wanted all the same.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            printed => printed.context("cannot print the head")?,
        }
        Ok((head, connection))
    }

    fn connect(&self) -> Result<Stream> {
        let (url, timeout) = (&self.url, self.options.client.timeout);
        let host = url.host().trim_start_matches('[').trim_end_matches(']');
        let addrs = match host.parse::<IpAddr>() {
            Ok(ip) => vec![(ip, url.port()).into()],
            Err(_) => addr::resolve(host, url.port(), timeout)?,
        };
        let peer = addr::Target { name: url.host_and_port(), addrs };
        // connect: of several addresses, the first at which somebody answers.
        Stream::connect(&peer, timeout, self.options.client.trace())
            .map_err(|error| refused(&peer.name, error))
    }

    /// Shows the head as it came, and says what is odd about it.
    fn print(&self, head: &Head) -> io::Result<()> {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        if matches!(self.destination, Destination::Stdout) {
            print_head(head, stderr.is_terminal(), stderr.lock())?;
        } else {
            print_head(head, stdout.is_terminal(), stdout.lock())?;
        }
        for line in head.without_colon() {
            notice!(
                "passed over a line of the head that has no colon: {}",
                terminal::bytes_as_line(line)
            );
        }
        if let Some(coding) =
            head.text("content-encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity"))
        {
            notice!("the body is saved as it comes, encoded with {coding}");
        }
        Ok(())
    }

    /// What `--continue` has to go on with.
    fn leftover(&self) -> Result<Leftover> {
        let Destination::File(path) = &self.destination else { return Ok(Leftover::Nothing) };
        if !self.options.resume {
            return Ok(Leftover::Nothing);
        }
        if let Some((part, origin)) = Part::left_over(path, &self.unfinished)? {
            return Ok(Leftover::Part(part, origin));
        }
        Ok(std::fs::metadata(path).map_or(Leftover::Nothing, |meta| Leftover::File(meta.len())))
    }

    /// What to ask for, so that what is at hand need not be fetched again.
    fn rest_of(&self, leftover: &Leftover) -> Result<Option<Rest>> {
        let (from, validator, noted) = match leftover {
            Leftover::Nothing => return Ok(None),
            Leftover::File(bytes) => (*bytes, None, Noted::default()),
            Leftover::Part(_, origin) if origin.url != self.asked.to_string() => {
                notice!("the part at hand is from another URL; all is fetched");
                return Ok(None);
            }
            // Of which version the bytes are, nobody knows.
            Leftover::Part(_, Origin { validator: None, .. }) => return Ok(None),
            Leftover::Part(part, origin) => {
                (part.length()?, origin.validator.clone(), origin.noted.clone())
            }
        };
        Ok((from > 0).then_some(Rest { from, validator, noted }))
    }

    /// The answer is the whole resource.
    fn receive_all(&self, head: &Head, connection: Connection, leftover: Leftover) -> Result<()> {
        let framing = head.framing()?;
        let total = match framing {
            Framing::Length(bytes) => Some(bytes),
            Framing::Chunked | Framing::UntilClose => None,
        };
        self.check_size(total.unwrap_or(0))?;
        let sink = match &self.destination {
            Destination::Stdout => Sink::stdout()?,
            Destination::Special(path) => Sink::special(path)?,
            Destination::File(path) => {
                let mut part = match leftover {
                    Leftover::Part(part, _) => part,
                    Leftover::Nothing | Leftover::File(_) => Part::create(path, &self.unfinished)?,
                };
                let validator = Validator::of(head, SystemTime::now());
                let noted = Noted::of(head, total);
                part.restart(&Origin { url: self.asked.to_string(), validator, noted })?;
                Sink::Part(part)
            }
        };
        self.receive(connection, framing, sink, 0, total)
    }

    /// The answer is what follows the first `from` bytes.
    fn receive_rest(
        &self,
        head: &Head,
        connection: Connection,
        leftover: Leftover,
        from: u64,
        total: u64,
    ) -> Result<()> {
        let Leftover::Part(mut part, _) = leftover else { bail!("there is no part to go on with") };
        let framing = head.framing()?;
        if let Framing::Length(rest) = framing
            && from.checked_add(rest) != Some(total)
        {
            bail!("Content-Range and Content-Length contradict each other");
        }
        self.check_size(total)?;
        part.seek_to_end()?;
        self.receive(connection, framing, Sink::Part(part), from, Some(total))
    }

    fn check_size(&self, bytes: u64) -> Result<()> {
        match self.options.max_size {
            Some(max) if bytes > max => {
                bail!("the file has at least {bytes} bytes, more than the {max} of --max-size")
            }
            _ => Ok(()),
        }
    }

    /// Receives the body piece by piece until its framing says that it is complete.
    fn receive(
        &self,
        mut connection: Connection,
        framing: Framing,
        sink: Sink,
        from: u64,
        total: Option<u64>,
    ) -> Result<()> {
        self.progress.start(&self.name(), from, total);
        // Small pieces, such as chunks of a few bytes, are written together; large ones pass by.
        let mut sink = BufWriter::with_capacity(WRITE_SIZE, sink);
        let mut body = Body::new(framing);
        while !body.is_complete() {
            // recv: what has come meanwhile. Nothing is the end of the connection, and an error
            // where the body goes on.
            let arrived = connection.recv()?;
            if arrived.is_empty() {
                body.end_of_stream()?;
                break;
            }
            let mut input = arrived;
            while let Some(piece) =
                body.next(&mut input).inspect_err(|_| sink.get_mut().discard())?
            {
                self.check_size(from + body.received())
                    .inspect_err(|_| sink.get_mut().discard())?;
                sink.write_all(piece).map_err(|error| self.cannot_write(&error))?;
            }
            let used = arrived.len() - input.len();
            connection.used(used);
            sink.flush().map_err(|error| self.cannot_write(&error))?;
            self.progress.at(from + body.received());
        }
        // close: the body is complete, whether or not the server closes too.
        connection.close();
        let bytes = from + body.received();
        if let Some(total) = total.filter(|total| *total != bytes) {
            sink.get_mut().discard();
            bail!("{bytes} bytes came, where the head promised {total}");
        }
        let sink = sink.into_inner().map_err(|error| self.cannot_write(error.error()))?;
        self.progress.stop();
        self.finish(sink)
    }

    /// Gives a complete file its name.
    fn finish(&self, sink: Sink) -> Result<()> {
        let replaced = match &self.destination {
            Destination::File(path) if self.options.output.is_none() => path.exists(),
            _ => false,
        };
        sink.finish()?;
        if replaced {
            // The name was not the user's choice.
            notice!("{} was there before and has been replaced", self.name());
        }
        Ok(())
    }

    /// What the server has is at hand to the last byte.
    fn complete(&self, leftover: Leftover) -> Result<()> {
        if let Leftover::Part(part, _) = leftover {
            part.finish()?;
        }
        notice!("{} is complete already", self.name());
        Ok(())
    }

    fn name(&self) -> String {
        match &self.destination {
            Destination::Stdout => "standard output".to_owned(),
            Destination::Special(path) | Destination::File(path) => shown(path),
        }
    }

    fn cannot_write(&self, error: &io::Error) -> anyhow::Error {
        if error.kind() == ErrorKind::BrokenPipe {
            // The reader has what it wanted, as `head` has: how far we came is of no interest to
            // anybody.
            self.progress.erase();
        }
        anyhow!("cannot write {}: {}", self.name(), cause(error))
    }
}

/// How many bytes of small pieces are collected for one `write`.
const WRITE_SIZE: usize = 256 * 1024;

fn print_head(head: &Head, terminal: bool, mut out: impl Write) -> io::Result<()> {
    let mut shown = Vec::new();
    if terminal {
        for line in head.lines() {
            shown.extend_from_slice(terminal::bytes_as_line(line).as_bytes());
            shown.push(b'\n');
        }
    } else {
        shown.extend_from_slice(head.raw());
    }
    out.write_all(&shown)?;
    out.flush()
}

/// The hint of the other clients is to use `--addr`; here the address is in the URL.
fn refused(name: &str, error: ConnectError) -> anyhow::Error {
    if error.kind() != io::ErrorKind::ConnectionRefused {
        return error.into();
    }
    anyhow!(
        "cannot connect to {name}: connection refused; nothing listens there: check host and port of the URL, \
         or start a server of your own with `cargo run -p http-fetch` and fetch localhost:8080"
    )
}
