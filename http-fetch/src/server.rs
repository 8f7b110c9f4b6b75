//! A web server that a browser can visit.
//!
//! It shows HTTP/1.1 from the server's side, and what a coroutine is good for: each client has a task of its own, and a
//! task that waits costs less than 1 KiB, so ten thousand clients may be connected to two threads. Start it and open
//! the address in a browser:
//!
//! ```text
//! cargo run -p http-fetch
//! listening on 127.0.0.1:8080
//! ```

use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use common::addr::Addr;
use common::cause::cause;
use common::cli::{self, ServerOptions, TcpServerOptions};
use common::files::raise_open_files;
use common::journal::Journal;
use common::notice;
use common::serve::announce;
use common::shutdown::Stop;
use common::socket::{self, BACKLOG, Listener};
use common::trace::{Ends, Outcome, Trace};
use http_fetch::DEFAULT_ADDR;
use http_fetch::access_log::Entry;
use http_fetch::answer::{CONTINUE, Persistence, Reply, Status};
use http_fetch::body::{Body, Framing};
use http_fetch::connection::{Awaited, Connection, Patience, Stopping};
use http_fetch::incoming::{self, Expectation, Method, Refusal, Request, Scanner, Version};
use http_fetch::page;
use http_fetch::stamp::Stamp;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

const EXAMPLES: &str = "\
Examples:
  http-fetch-server                      the welcome page on http://127.0.0.1:8080/
  http-fetch-server -a :8000             for everybody who can reach this machine
  http-fetch-server --trace --once       one client, with each of its socket calls";

/// A web server that a browser can visit
#[derive(Parser)]
#[command(name = "http-fetch-server", version, after_help = EXAMPLES)]
#[command(mut_arg("idle_timeout", |limit| limit.default_value("10")))]
struct Args {
    /// Where to listen
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    addr: Addr,
    #[command(flatten)]
    server: ServerOptions,
    #[command(flatten)]
    tcp: TcpServerOptions,
}

/// The longest that a whole head, a whole body or a reader's next step may take.
const BUSY: Duration = Duration::from_secs(10);

/// The longest request body that is read over. A longer one is refused, and the connection with it.
const MAX_BODY: u64 = 1 << 20;

/// Answers to pipelined requests are gathered up to about so many bytes before they are sent.
const GATHERED: usize = 64 * 1024;

/// How many clients beyond the limit may be told so at one time; what is beyond these is closed without a word.
const TURNED_AWAY_AT_ONCE: usize = 64;

/// How long to leave `accept` alone when the system has run out of something.
const BREATH: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    cli::run(|| run(&cli::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let stop = Stop::on_signals()?;
    raise_open_files(args.tcp.max_clients);
    let listener = Listener::bind(&args.addr.to_listen(DEFAULT_ADDR)?, BACKLOG, args.server.trace())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_io().enable_time().build();
    let runtime = runtime.context("cannot start the threads that run the tasks")?;
    announce(listener.local_addr())?;
    let idle = args.tcp.idle_timeout.0;
    let server = Arc::new(Server {
        trace: args.server.trace(),
        patience: Patience { idle, busy: idle.map_or(BUSY, |idle| idle.min(BUSY)) },
        stopping: Stopping::on(&stop),
        access_log: Journal::new().context("cannot start the thread that writes the access log")?,
    });
    let served =
        runtime.block_on(serve(listener, Arc::clone(&server), args.tcp.max_clients, args.server.once));
    // The tasks end here, and with the last of them the log, which writes what it still has.
    runtime.shutdown_timeout(BREATH);
    served
}

/// What all tasks share.
struct Server {
    trace: Trace,
    patience: Patience,
    stopping: Stopping,
    access_log: Journal,
}

/// Accepts clients and gives each a task, until the server is to stop; returns when the last client has gone.
async fn serve(
    listener: Listener,
    server: Arc<Server>,
    max_clients: usize,
    once: bool,
) -> anyhow::Result<()> {
    let listener = to_tokio(listener).context("cannot wait for clients")?;
    let seats = max_clients.min(Semaphore::MAX_PERMITS).min(u32::MAX as usize);
    let (free, turned_away) =
        (Arc::new(Semaphore::new(seats)), Arc::new(Semaphore::new(TURNED_AWAY_AT_ONCE)));
    let mut stop = pin!(server.stopping.begun());
    let mut all_is_well = true;
    loop {
        let Some(accepted) = unless(stop.as_mut(), accept(&listener, server.trace)).await else { break };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                bear(&error, std::mem::replace(&mut all_is_well, false)).await;
                continue;
            }
        };
        all_is_well = true;
        // In a box, because each call that such a thing is handed to by value keeps room for it in the task.
        let connection = Connection::new(stream, peer, server.trace, server.patience, &server.stopping);
        let connection = Box::new(connection);
        let server = Arc::clone(&server);
        if let Ok(seat) = Arc::clone(&free).try_acquire_owned() {
            tokio::spawn(async move {
                converse(connection, &server).await;
                drop(seat);
            });
        } else if let Ok(seat) = Arc::clone(&turned_away).try_acquire_owned() {
            tokio::spawn(async move {
                turn_away(connection, &server).await;
                drop(seat);
            });
        }
        if once {
            break;
        }
    }
    drop(listener);
    let _ = free.acquire_many(seats as u32).await;
    Ok(())
}

fn to_tokio(listener: Listener) -> io::Result<TcpListener> {
    let listener = listener.into_std();
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

async fn accept(listener: &TcpListener, trace: Trace) -> io::Result<(tokio::net::TcpStream, SocketAddr)> {
    let accepted = listener.accept().await.map(|(stream, peer)| (stream, socket::canonical(peer)));
    if trace.is_on() {
        let peer = accepted.as_ref().ok().map(|(_, peer)| *peer);
        trace.call("accept", Ends { local: listener.local_addr().ok(), peer }, Outcome::of(&accepted));
    }
    accepted
}

/// Goes on after a failed `accept`: none of its errors is the listener's. Where the system has run out of descriptors
/// or memory, trying again at once would only burn the time in which others could finish.
async fn bear(error: &io::Error, is_news: bool) {
    if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::Interrupted) {
        return;
    }
    if is_news {
        notice!("cannot accept a client: {}; trying again", cause(error));
    }
    tokio::time::sleep(BREATH).await;
}

/// Tells a client that there are too many.
async fn turn_away(mut connection: Box<Connection>, server: &Server) {
    let (now, mut output) = (Stamp::now(), Vec::new());
    let reply = Reply::error(Status::UNAVAILABLE, "there are too many clients").with("Retry-After", "10");
    let sent = reply.write(&mut output, &now, Persistence::Closes, true);
    server.log(&connection, &Said::default(), reply.status, sent);
    if connection.send_all(&output).await.is_ok() {
        connection.close_lingering().await;
    }
}

/// Serves one client from its first request to its last.
async fn converse(mut connection: Box<Connection>, server: &Server) {
    while connection.idle().await == Awaited::Readable {
        // On the heap and gone again when the client falls silent: buffers are held by those alone who use them.
        match Box::pin(answer_requests(&mut connection, server)).await {
            Ok(Then::WaitForMore) => {}
            Ok(Then::CloseLingering) => return connection.close_lingering().await,
            // A client that has gone, or was reset, or does not take its answer: there is nobody to tell.
            Ok(Then::Close) | Err(_) => break,
        }
    }
    connection.close();
}

/// What becomes of a connection after the answers that were due.
enum Then {
    /// It goes on.
    WaitForMore,
    /// It ends, and everything that the client sent has been read.
    Close,
    /// It ends while the client may still be sending.
    CloseLingering,
}

/// Receives, answers and sends until the client has nothing more to ask for the moment.
async fn answer_requests(connection: &mut Connection, server: &Server) -> io::Result<Then> {
    let mut exchange = Exchange { connection, server, input: Vec::new(), used: 0, output: Vec::new() };
    let mut head = Vec::new();
    loop {
        let then = match exchange.receive_head(&mut head).await? {
            Received::Head => match incoming::parse(&head) {
                Ok(request) => exchange.answer(&request).await?,
                Err(refusal) => exchange.refuse(&head, refusal),
            },
            Received::Nonsense(refusal) => exchange.refuse_unread(refusal),
            Received::Nothing => return Ok(Then::WaitForMore),
            Received::End => return Ok(Then::Close),
        };
        match then {
            Then::WaitForMore if exchange.output.len() < GATHERED => {}
            Then::WaitForMore => exchange.flush().await?,
            Then::Close if exchange.unused().is_empty() => {
                exchange.flush().await?;
                return Ok(Then::Close);
            }
            Then::Close | Then::CloseLingering => {
                exchange.flush().await?;
                return Ok(Then::CloseLingering);
            }
        }
    }
}

/// What came when a request was waited for.
enum Received {
    Head,
    Nonsense(Refusal),
    /// The client is silent, and every request that it has sent is answered.
    Nothing,
    /// The client has left.
    End,
}

/// The buffers of a client that is not silent.
struct Exchange<'c> {
    connection: &'c mut Connection,
    server: &'c Server,
    input: Vec<u8>,
    /// How many bytes of the input have been dealt with.
    used: usize,
    output: Vec<u8>,
}

impl Exchange<'_> {
    /// Receives until a whole head is there, and puts it into `head`.
    async fn receive_head(&mut self, head: &mut Vec<u8>) -> io::Result<Received> {
        let is_first = self.used == 0;
        if is_first {
            match self.connection.recv_now(&mut self.input).await? {
                None => return Ok(Received::Nothing),
                Some(0) => return Ok(Received::End),
                Some(_) => {}
            }
        }
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
            self.flush().await?;
            if self.unused().is_empty() {
                return Ok(Received::Nothing);
            }
            if !clock_runs {
                self.connection.start_clock();
                clock_runs = true;
            }
            match self.recv().await {
                Ok(0) => return Ok(Received::End),
                Ok(_) => {}
                Err(error) => return Ok(Received::Nonsense(late(error)?)),
            }
        }
    }

    /// Reads over the body of a request, so that what follows it is the next request.
    async fn skip_body(&mut self, end: Framing, expectation: Expectation) -> io::Result<Result<(), Refusal>> {
        const TOO_LARGE: Refusal =
            Refusal { status: Status::CONTENT_TOO_LARGE, why: "nothing here needs so long a body" };
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
                    Err(_) => return Ok(Err(Refusal::bad("a malformed chunk in the body"))),
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
                self.flush().await?;
                self.connection.start_clock();
                clock_runs = true;
            }
            match self.recv().await {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(error) => return Ok(Err(late(error)?)),
            }
        }
    }

    /// Decides on a request and puts the answer into the output.
    async fn answer(&mut self, request: &Request<'_>) -> io::Result<Then> {
        let mut reply = reply(request);
        let is_served = matches!(request.method, Method::Get | Method::Head);
        let has_body = request.body != Framing::Length(0);
        // A client that waits for leave to send a body does not get it for nothing.
        let is_called_off =
            has_body && request.expectation != Expectation::None && (!is_served || reply.status.is_error());
        let mut persists = request.keep_alive && !is_called_off && !self.connection.is_stopping();
        if has_body
            && !is_called_off
            && let Err(refusal) = self.skip_body(request.body, request.expectation).await?
        {
            persists = false;
            if is_served || refusal.status != Status::CONTENT_TOO_LARGE {
                reply = Reply::error(refusal.status, refusal.why);
            }
        }
        let persistence = match (persists, request.version) {
            (false, _) => Persistence::Closes,
            (true, Version::Http10) => Persistence::GoesOnIfTold,
            (true, Version::Http11) => Persistence::GoesOn,
        };
        let with_body = request.method != Method::Head;
        let sent = reply.write(&mut self.output, &Stamp::now(), persistence, with_body);
        self.server.log(self.connection, &Said::by(request), reply.status, sent);
        Ok(if persists {
            Then::WaitForMore
        } else if has_body {
            Then::CloseLingering
        } else {
            Then::Close
        })
    }

    /// Puts the answer to a head that makes no sense into the output. It is the last one.
    fn refuse(&mut self, head: &[u8], refusal: Refusal) -> Then {
        let reply = Reply::error(refusal.status, refusal.why);
        let sent = reply.write(&mut self.output, &Stamp::now(), Persistence::Closes, true);
        let said = Said { line: incoming::request_line(head), ..Said::default() };
        self.server.log(self.connection, &said, reply.status, sent);
        Then::CloseLingering
    }

    /// As [`Self::refuse`], for a head whose end did not come or cannot be found.
    fn refuse_unread(&mut self, refusal: Refusal) -> Then {
        let head = self.input.split_off(self.used);
        self.refuse(&head, refusal)
    }

    fn unused(&self) -> &[u8] {
        self.input.get(self.used..).unwrap_or_default()
    }

    async fn recv(&mut self) -> io::Result<usize> {
        self.input.drain(..self.used);
        self.used = 0;
        self.connection.recv(&mut self.input).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            self.connection.send_all(&self.output).await?;
            self.output.clear();
        }
        Ok(())
    }
}

/// What is answered to a client whose time has run out; an error of another kind stays one.
fn late(error: io::Error) -> io::Result<Refusal> {
    match error.kind() {
        ErrorKind::TimedOut => {
            Ok(Refusal { status: Status::REQUEST_TIMEOUT, why: "the request took too long" })
        }
        _ => Err(error),
    }
}

/// The answer to a request that makes sense.
fn reply(request: &Request<'_>) -> Reply {
    match (request.method, request.expectation, request.path) {
        (Method::Unknown, ..) => {
            Reply::error(Status::NOT_IMPLEMENTED, "this server has never heard of that method")
        }
        (Method::NotAllowed, ..) => {
            Reply::error(Status::METHOD_NOT_ALLOWED, "this server can only be asked for pages")
                .with("Allow", "GET, HEAD")
        }
        (_, Expectation::Unknown, _) => {
            Reply::error(Status::EXPECTATION_FAILED, "this server cannot do what you expect")
        }
        (Method::Get | Method::Head, _, b"/") => Reply::page(page::WELCOME),
        (Method::Get | Method::Head, ..) => {
            Reply::error(Status::NOT_FOUND, "there is nothing here by that name")
        }
    }
}

/// What the log tells of a client's own words.
#[derive(Default)]
struct Said<'r> {
    line: &'r [u8],
    referer: Option<&'r [u8]>,
    user_agent: Option<&'r [u8]>,
}

impl<'r> Said<'r> {
    fn by(request: &Request<'r>) -> Self {
        Self { line: request.line, referer: request.fields.referer, user_agent: request.fields.user_agent }
    }
}

impl Server {
    fn log(&self, connection: &Connection, said: &Said<'_>, status: Status, sent: u64) {
        let (peer, at) = (connection.peer().ip(), Stamp::now());
        let Said { line, referer, user_agent } = *said;
        let entry = Entry { peer, at, line, status, sent, referer, user_agent };
        self.access_log.line(format_args!("{entry}"), b"");
    }
}

/// What `call` gives, unless the server is to stop first.
async fn unless<T>(mut stop: Pin<&mut impl Future<Output = ()>>, call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    poll_fn(|cx| {
        if stop.as_mut().poll(cx).is_ready() { Poll::Ready(None) } else { call.as_mut().poll(cx).map(Some) }
    })
    .await
}
