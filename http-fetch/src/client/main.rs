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
mod destination;
mod help;
mod options;
mod progress;
mod receive;
mod replace;
mod retry;
mod save;
mod sink;
mod text;
mod tls;
mod verdict;

use std::cell::Cell;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::net::IpAddr;
use std::process::ExitCode;
use std::thread;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use common::error_text::cause;
use common::socket::{ConnectError, Stream};
use common::terminal::Patient;
use common::text::because;
use common::{addr, cli, exit, notice, signals, terminal};
use http_fetch::http::proxy::Proxy;
use http_fetch::http::request::line::Line;
use http_fetch::http::request::write::{Method, Request};
use http_fetch::http::response::parse::Head;
use http_fetch::http::resume::Rest;
use http_fetch::http::url::{HttpUrl, Trail};

use connection::Connection;
use destination::Destination;
use options::{Options, Typed};
use progress::Progress;
use retry::{Passing, Retries, Stage};
use save::Unfinished;
use verdict::Verdict;

fn main() -> ExitCode {
    let options: Options = cli::parse();
    let asked = match &options.url {
        Typed::Url(url) => url.clone(),
        Typed::Secret(why) => exit::misused(&text::invalid_url(why)),
    };
    if let Some(why) = options.headers.iter().find_map(|line| line.as_ref().err()) {
        exit::misused(&text::invalid_line(why));
    }
    exit::run_with(exit::FAILED, || {
        let destination = Destination::of(&options, &asked)?;
        if destination == Destination::Stdout && options.resume {
            exit::report(&anyhow!(text::continue_needs_file()));
            return Ok(ExitCode::from(exit::USAGE));
        }
        let mut fetch = Fetch::new(&options, asked, destination)?;
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
    /// What is asked there.
    method: Method,
    destination: Destination,
    /// Whether some of the body is where it cannot be taken back from.
    given_out: Cell<bool>,
    progress: Progress,
    unfinished: Unfinished,
}

impl<'a> Fetch<'a> {
    fn new(options: &'a Options, asked: HttpUrl, destination: Destination) -> Result<Self> {
        // Trace lines do not go well with a line that is drawn again and again.
        let crowded = options.client.trace().is_on();
        let (progress, unfinished) = (Progress::new(!crowded), Unfinished::default());
        let (bar, left) = (progress.clone(), unfinished.clone());
        signals::exit_on_interrupt(move || {
            bar.stop();
            left.tidy();
        })?;
        let (url, method, given_out) = (asked.clone(), Method::Get, Cell::new(false));
        Ok(Self { options, asked, url, method, destination, given_out, progress, unfinished })
    }

    /// Fetches, and tries again where that may help and the user wants it.
    fn run(&mut self) -> Result<()> {
        let mut retries = Retries::new(self.options.retry);
        loop {
            let Err(error) = self.try_once() else { return Ok(()) };
            let failure = error.downcast_ref::<Passing>().filter(|it| self.may_repeat(it.stage));
            let Some(pause) = failure.and_then(|failure| retries.next(failure)) else {
                return Err(error);
            };
            self.progress.stop();
            notice!("{}", text::tries_again(error, pause.as_secs(), retries.left()));
            thread::sleep(pause);
        }
    }

    /// What a server is to do, it may have done before the connection was cut; and what was written
    /// to a pipe would be there twice.
    fn may_repeat(&self, stage: Stage) -> bool {
        !self.given_out.get() && (self.method != Method::Post || stage != Stage::Sent)
    }

    /// Asks, and follows redirects until there is an answer to save.
    fn try_once(&mut self) -> Result<()> {
        (self.url, self.method) = (self.asked.clone(), self.options.method());
        let leftover = self.leftover()?;
        let mut rest = self.rest_of(&leftover)?;
        let mut trail = Trail::new(self.options.max_redirects);
        loop {
            let (head, connection) = self.ask(rest.as_ref())?;
            match Verdict::of(&head, rest.as_ref()) {
                Verdict::Whole => {
                    if rest.is_some() {
                        notice!("{}", text::does_not_go_on());
                    }
                    return self.receive_all(&head, connection, leftover);
                }
                Verdict::Rest { from, total } => {
                    return self.receive_rest(&head, connection, leftover, from, total);
                }
                Verdict::Complete => return self.complete(leftover),
                Verdict::OfAnother => {
                    notice!("{}", text::not_its_beginning());
                    rest = None;
                }
                Verdict::Elsewhere => self.follow(&mut trail, &head)?,
                Verdict::NoContent => {
                    notice!("{}", text::no_content());
                    return Ok(());
                }
                Verdict::Refused if head.status() == 304 && self.options.has_condition() => {
                    notice!("{}", text::not_modified());
                    return Ok(());
                }
                Verdict::Refused => {
                    let words = text::server_answers(head.status_line());
                    match Passing::refusal(&head, &words, SystemTime::now()) {
                        Some(passing) => bail!(passing),
                        None => bail!(words),
                    }
                }
            }
            connection.close();
        }
    }

    fn follow(&mut self, trail: &mut Trail, head: &Head) -> Result<()> {
        let method = self.method.after_redirect(head.status());
        let (from, location) = (self.url.clone(), head.value("location"));
        self.url = trail.follow_to_ask(method == self.method, from, location)?;
        self.method = method;
        Ok(())
    }

    /// Connects, sends the request and receives the head of the answer.
    fn ask(&self, rest: Option<&Rest>) -> Result<(Head, Connection)> {
        let (url, timeout) = (&self.url, self.options.client.timeout);
        let proxy = Proxy::of(url, |name| std::env::var(name).ok())?;
        let mut connection = match &proxy {
            None => Connection::plain(self.connect_to_server()?, timeout),
            Some(proxy) => Connection::plain(self.connect_to_proxy(proxy)?, timeout),
        };
        if url.is_https() {
            let authorities = self.options.authorities();
            let config = certificates::config(authorities.as_deref())?;
            if let Some(proxy) = &proxy {
                connection.ask_for_way_through(proxy, url)?;
            }
            connection = connection.encrypted(url.host(), config)?;
        }
        connection.restart_clock()?;
        // send: in HTTP the client speaks first, and the server says nothing before.
        let request = Request {
            method: self.method,
            target: url,
            proxy: proxy.as_ref().filter(|_| !url.is_https()),
            lines: &self.lines(),
            data: &self.options.data(),
            rest,
        };
        connection.send(&request.to_bytes())?;
        // recv: as often as it takes until the empty line has come that ends the head.
        let head = connection.recv_head()?;
        match self.print(&head) {
            // Who looked on has seen enough, as `head -1` has; the file is wanted all the same.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) if self.destination != Destination::Nowhere => {
                notice!("{}", because(text::cannot_print_head(), cause(&error)));
            }
            printed => printed.context(text::cannot_print_head())?,
        }
        Ok((head, connection))
    }

    /// The user's lines, as far as they may go to this server.
    fn lines(&self) -> Vec<Line> {
        let is_users = self.url.is_same_server(&self.asked);
        let lines = self.options.lines();
        lines.filter(|line| is_users || !line.is_secret()).cloned().collect()
    }

    fn connect_to_server(&self) -> Result<Stream> {
        let url = &self.url;
        let stream = self.connect(&url.host_to_resolve(), url.port(), url.host_and_port());
        stream.map_err(|error| Passing::new(error, Stage::Connecting).into())
    }

    fn connect_to_proxy(&self, proxy: &Proxy) -> Result<Stream> {
        self.connect(&proxy.host, proxy.port, proxy.name()).map_err(|error| {
            let error = error.context(text::no_proxy_there(proxy.name(), proxy.variable));
            Passing::new(error, Stage::Connecting).into()
        })
    }

    fn connect(&self, host: &str, port: u16, name: String) -> Result<Stream> {
        let timeout = self.options.client.timeout;
        let addrs = match host.parse::<IpAddr>() {
            Ok(ip) => vec![(ip, port).into()],
            Err(_) => addr::resolve(host, port, timeout)?,
        };
        let peer = addr::Target { name, addrs };
        // connect: of several addresses, the first at which somebody answers.
        Stream::connect(&peer, timeout, self.options.client.trace())
            .map_err(|error| refused(&peer.name, error))
    }

    /// Shows the head as it came, and says what is odd about it.
    fn print(&self, head: &Head) -> io::Result<()> {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        if self.destination == Destination::Stdout {
            print_head(head, stderr.is_terminal(), Patient(stderr.lock()))?;
        } else {
            print_head(head, stdout.is_terminal(), Patient(stdout.lock()))?;
        }
        let mut lines = head.without_colon();
        for line in lines.by_ref().take(SHOWN_ODD_LINES) {
            notice!("{}", text::no_colon(terminal::bytes_as_line(line)));
        }
        let mut unreadable = head.unreadable();
        for line in unreadable.by_ref().take(SHOWN_ODD_LINES) {
            notice!("{}", text::unreadable_line(terminal::bytes_as_line(line)));
        }
        match lines.count() + unreadable.count() {
            0 => {}
            more => notice!("{}", text::more_lines_without_colon(more)),
        }
        if let Some(coding) =
            head.text("content-encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity"))
        {
            notice!("{}", text::saved_encoded(coding));
        }
        Ok(())
    }
}

/// How many lines of a head that make no sense are shown one by one.
const SHOWN_ODD_LINES: usize = 3;

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
    anyhow!(text::nothing_listens(name))
}
