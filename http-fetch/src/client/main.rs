//! Fetches URLs and saves them: a socket, a request, a head, and a body that passes through in
//! pieces.
//!
//! ```text
//! cargo run -p http-fetch                                       # the server, in one terminal
//! cargo run -p http-fetch --bin http-fetch-client localhost:8080   # this client, in the other
//! ```
//!
//! What a request and an answer look like is in the library; here they travel. `--trace` shows each
//! call: `connect` is in [`Fetch::connect`], `send` and `recv` are in [`send_and_recv`], the `recv`
//! of a body is in [`receive`], and `close` follows there, or here where the answer is another.

mod certificates;
mod checksum;
mod connection;
mod destination;
mod help;
mod jobs;
mod options;
mod part_paths;
mod progress;
mod receive;
mod replace;
mod retry;
mod save;
mod session;
mod show_head;
mod sink;
mod text;
mod tls;
mod unfinished;
mod verdict;

use std::cell::Cell;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::process::ExitCode;
use std::thread;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use common::error_text::cause;
use common::socket::Stream;
use common::text::because;
use common::{addr, called, cli, exit, memory, notice};
use http_fetch::http::proxy::Proxy;
use http_fetch::http::request::line::Line;
use http_fetch::http::request::write::{Method, Request};
use http_fetch::http::response::parse::Head;
use http_fetch::http::resume::Rest;
use http_fetch::http::url::{HttpUrl, Trail};

use checksum::Sum;
use connection::Connection;
use destination::Destination;
use jobs::Job;
use options::Options;
use retry::{Passing, Retries, Stage};
use session::{Route, Session};
use verdict::Verdict;

fn main() -> ExitCode {
    let options: Options = cli::parse();
    let jobs = jobs::of(&options).unwrap_or_else(|why| exit::misused(&why));
    exit::run_with(exit::FAILED, || {
        memory::enough_for_a_client()?;
        let session = Session::new(&options)?;
        let mut status = ExitCode::SUCCESS;
        let mut jobs = jobs.into_iter().peekable();
        while let Some(job) = jobs.next() {
            let next = jobs.peek().map(|next| next.url.clone());
            let result = fetch(&session, job, next);
            session.progress.stop();
            session.unfinished.tidy();
            // The others may be there all the same.
            if let Err(error) = result {
                exit::report(&error);
                status = ExitCode::from(exit::FAILED);
            }
        }
        Ok(status)
    })
}

/// Fetches one URL, after which comes `next`.
fn fetch(session: &Session<'_>, job: Job, next: Option<HttpUrl>) -> Result<()> {
    let (options, method) = (session.options, session.options.method());
    let Job { url: asked, destination, sum } = job;
    let (url, destination, given_out) = (asked.clone(), destination?, Cell::new(false));
    let mut fetch =
        Fetch { session, options, asked, url, method, destination, sum, next, given_out };
    fetch.run().with_context(|| fetch.url.to_string())
}

/// The fetching of one URL.
struct Fetch<'a> {
    session: &'a Session<'a>,
    options: &'a Options,
    /// The user's URL.
    asked: HttpUrl,
    /// The URL being asked: the user's, or where that was redirected to.
    url: HttpUrl,
    /// What is asked there.
    method: Method,
    destination: Destination,
    /// What the user knows of the file.
    sum: Option<Sum>,
    /// What the user wants after this one.
    next: Option<HttpUrl>,
    /// Whether some of the body is where it cannot be taken back from.
    given_out: Cell<bool>,
}

impl Fetch<'_> {
    /// Fetches, and tries again where that may help and the user wants it.
    fn run(&mut self) -> Result<()> {
        let mut retries = Retries::new(self.options.retry);
        loop {
            let Err(error) = self.try_once() else { return Ok(()) };
            let failure = error.downcast_ref::<Passing>().filter(|it| self.may_repeat(it.stage));
            let Some(pause) = failure.and_then(|failure| retries.next(failure)) else {
                return Err(error);
            };
            self.session.progress.stop();
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
        let mut leftover = self.leftover()?;
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
                Verdict::Complete if self.has_its_sum(&mut leftover)? => {
                    return self.complete(leftover);
                }
                Verdict::Complete => {
                    notice!("{}", text::at_hand_has_other_sum());
                    rest = None;
                }
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
                    let words = self.refusal(&head)?;
                    match Passing::refusal(&head, &words, SystemTime::now()) {
                        Some(passing) => bail!(passing),
                        None => bail!(words),
                    }
                }
            }
            // close: the rest of this answer is not wanted, and the next one comes by another way.
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

    /// Who says no, and how.
    fn refusal(&self, head: &Head) -> Result<String> {
        const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;
        Ok(match self.proxy()? {
            Some(proxy) if head.status() == PROXY_AUTHENTICATION_REQUIRED => {
                text::proxy_refuses(proxy.name(), proxy.variable, head.status_line())
            }
            _ => text::server_answers(head.status_line()),
        })
    }

    /// Sends the request and receives the head of the answer.
    fn ask(&self, rest: Option<&Rest>) -> Result<(Head, Connection)> {
        let route = self.route()?;
        let request = Request {
            method: self.method,
            target: &self.url,
            proxy: route.proxy.as_ref().filter(|_| !self.url.is_https()),
            lines: &self.lines(),
            data: &self.options.data(),
            rest,
            goes_on: self.goes_on(),
        };
        let request = request.to_bytes();
        let kept = if self.method == Method::Post { None } else { self.session.take_kept(&route) };
        let answered = kept.and_then(|connection| send_and_recv(connection, &request).ok());
        let (head, connection) = match answered {
            Some(answered) => answered,
            // No connection is at hand, or one that the server has closed meanwhile.
            None => send_and_recv(self.connect_by(&route)?, &request)?,
        };
        match show_head::show_head(&head, self.destination == Destination::Stdout) {
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

    /// Whether the next URL is asked of the same server. What is sent by POST may not be sent a
    /// second time, so it never goes over a connection that may have been closed.
    fn goes_on(&self) -> bool {
        let next = self.next.as_ref().filter(|_| self.method != Method::Post);
        next.is_some_and(|next| next.is_same_server(&self.url))
    }

    fn proxy(&self) -> Result<Option<Proxy>> {
        Ok(Proxy::of(&self.url, |name| std::env::var(name).ok())?)
    }

    fn route(&self) -> Result<Route> {
        Ok(Route { url: self.url.clone(), proxy: self.proxy()? })
    }

    /// Connects to the server, or to the proxy and through it.
    fn connect_by(&self, route: &Route) -> Result<Connection> {
        let (url, timeout) = (&self.url, self.options.client.timeout);
        let mut connection = match &route.proxy {
            None => Connection::plain(self.connect_to_server()?, timeout),
            Some(proxy) => Connection::plain(self.connect_to_proxy(proxy)?, timeout),
        };
        if url.is_https() {
            let config = self.session.tls()?;
            if let Some(proxy) = &route.proxy {
                connection.ask_for_way_through(proxy, url)?;
            }
            connection = connection.encrypted(url.host(), config)?;
        }
        Ok(connection)
    }

    fn connect_to_server(&self) -> Result<Stream> {
        let url = &self.url;
        let name = url.host_and_port();
        let refused = text::nothing_listens(&name, called::server("http-fetch"));
        let stream = self.connect(&url.host_to_resolve(), url.port(), name, refused);
        stream.map_err(|error| Passing::new(error, Stage::Connecting).into())
    }

    fn connect_to_proxy(&self, proxy: &Proxy) -> Result<Stream> {
        let refused = text::no_proxy_listens(proxy.name());
        self.connect(&proxy.host, proxy.port, proxy.name(), refused).map_err(|error| {
            let error = error.context(text::no_proxy_there(proxy.name(), proxy.variable));
            Passing::new(error, Stage::Connecting).into()
        })
    }

    /// `refused` is what to say where nobody listens: the hint of the other clients is to use
    /// `--addr`, and here the address is in the URL, or in a variable.
    fn connect(&self, host: &str, port: u16, name: String, refused: String) -> Result<Stream> {
        let timeout = self.options.client.timeout;
        let addrs = match host.parse::<IpAddr>() {
            Ok(ip) => vec![(ip, port).into()],
            Err(_) => addr::resolve(host, port, timeout)?,
        };
        let peer = addr::Target { name, addrs };
        // connect: of several addresses, the first at which somebody answers.
        Stream::connect(&peer, timeout, self.options.client.trace()).map_err(|error| {
            match error.kind() {
                ErrorKind::ConnectionRefused => anyhow!(refused),
                _ => error.into(),
            }
        })
    }
}

/// Sends a request and receives the head of its answer.
fn send_and_recv(mut connection: Connection, request: &[u8]) -> Result<(Head, Connection)> {
    // send: in HTTP the client speaks first, and the server says nothing before.
    connection.send(request)?;
    // recv: as often as it takes until the empty line has come that ends the head.
    let head = connection.recv_head()?;
    Ok((head, connection))
}
