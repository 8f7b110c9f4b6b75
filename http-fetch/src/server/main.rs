//! A web server that a browser can visit.
//!
//! It shows HTTP/1.1 from the server's side, and what a coroutine is good for: each client has a
//! task of its own, and a task that waits costs about 1 KiB, so ten thousand clients may be
//! connected to one thread. Start it and open the address in a browser:
//!
//! ```text
//! cargo run -p http-fetch
//! listening on 127.0.0.1:8080
//! ```

mod access_log;
mod connection;
mod entries;
mod exchange;
mod files;
mod help;
mod human;
mod linux_tcp;
mod listing;
mod media;
mod options;
mod order;
mod page;
mod path;
mod qr_code;
mod reachable;
mod reply;
mod site;
mod text;
mod time_limits;
mod workers;

use std::io;
use std::path::Path;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use common::server::{
    Acceptor, Limits, Needs, Seats, Stop, TURNED_AWAY_AT_ONCE, announce, raise_open_files,
};
use common::socket::{BACKLOG, Listener};
use common::terminal::MessageLog;
use common::trace::Trace;
use common::{cli, exit};
use http_fetch::DEFAULT_ADDR;
use http_fetch::http::body::Framing;
use http_fetch::http::date::Date;
use http_fetch::http::request::parse::{parse, request_line};
use http_fetch::http::request::types::{Expectation, Fields, Method, Refusal, Request, Version};
use http_fetch::http::response::write::Persistence;
use http_fetch::http::status::Status;
use tokio::time::{Instant, sleep};

use access_log::Entry;
use connection::Connection;
use exchange::{Exchange, Received};
use options::Options;
use reply::Reply;
use site::Site;
use time_limits::TimeLimits;

/// Answers to pipelined requests are gathered up to about so many bytes before they are sent.
const SEND_SIZE: usize = 64 * 1024;

/// What a client takes while it is answered, in bytes: requests, answers, and a piece of a file.
const MEMORY: usize = 4 * SEND_SIZE;

/// How many answers a client gets before the others have their turn. Who sends requests faster than
/// they are answered would never have to wait for anything, and so never let anybody in between.
const ANSWERS_PER_TURN: u32 = 16;

/// How long a task that is still at work may hold up the end.
const LAST_TURN: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    exit::run(|| run(&cli::parse()))
}

fn run(options: &Options) -> anyhow::Result<()> {
    let stop = Stop::on_signals()?;
    // A connection each, and a file that is being sent.
    let files = if options.root.is_some() { 2 } else { 1 };
    raise_open_files(options.max_clients.saturating_mul(files));
    let site = Site::open(options.root.as_deref());
    let site = site.with_context(|| {
        text::cannot_serve_root(options.root.as_deref().unwrap_or(Path::new("")).display())
    })?;
    // bind: this address is ours. listen: from now on the kernel shakes hands with clients for us,
    // and up to BACKLOG of them may wait to be accepted.
    let listener =
        Listener::bind(&options.addr.to_listen(DEFAULT_ADDR)?, BACKLOG, options.server.trace())?;
    let limits = TimeLimits::of(options.idle_timeout);
    linux_tcp::forget_unread(&listener, limits.of_reader());
    let runtime = workers::runtime().context(text::cannot_start_workers())?;
    let access_log = MessageLog::new().context(text::cannot_start_log())?;
    announce(listener.local_addr())?;
    reachable::tell(listener.local_addr(), options.qr);
    let server = Arc::new(Server {
        trace: options.server.trace(),
        limits,
        stop,
        site: Arc::new(site),
        access_log,
    });
    // On a worker and not here: a task that another thread starts costs two wake-ups.
    let clients =
        Limits { max_clients: options.max_clients, idle_timeout: None, once: options.server.once };
    let accepting = runtime.spawn(serve(listener, clients, server));
    let served = runtime.block_on(accepting).context(text::accepting_failed())?;
    // The tasks end here, and with the last of them the log, which writes what it still has.
    runtime.shutdown_timeout(LAST_TURN);
    served
}

/// What all tasks share.
struct Server {
    trace: Trace,
    limits: TimeLimits,
    stop: Stop,
    site: Arc<Site>,
    access_log: MessageLog,
}

/// Accepts clients and gives each a task, until the server is to stop; returns when the last client
/// has gone.
async fn serve(listener: Listener, limits: Limits, server: Arc<Server>) -> anyhow::Result<()> {
    let clients = Acceptor::new(listener, &limits, &server.stop).context(text::cannot_wait())?;
    let mut clients = clients.each_needs(Needs { threads: 0, heap: MEMORY, ..Needs::default() });
    let turned_away = Seats::new(TURNED_AWAY_AT_ONCE);
    // accept: the next client that has shaken hands, on a socket of its own. Until one comes, this
    // task sleeps and the others run.
    while let Some((stream, peer)) = clients.accept().await {
        // In a box, because a task keeps room for each place that it hands a thing over to.
        let connection = Box::new(Connection::new(stream, peer, server.trace, server.limits));
        let server = Arc::clone(&server);
        if let Some(seat) = clients.seat() {
            tokio::spawn(async move {
                converse(connection, &server).await;
                drop(seat);
            });
        } else if let Some(seat) = turned_away.take() {
            tokio::spawn(async move {
                turn_away(connection, &server).await;
                drop(seat);
            });
        }
    }
    // Nobody else is accepted, and those who are here may finish.
    clients.close().await;
    Ok(())
}

/// Tells a client that there are too many.
async fn turn_away(mut connection: Box<Connection>, server: &Server) {
    let (at, mut output) = (Date::now(), Vec::new());
    let reply = Reply::unavailable(text::TOO_MANY_CLIENTS);
    let sent = reply.write(&mut output, &at, Persistence::Closes, true);
    server.log(&connection, at, b"", Fields::default(), reply.status, sent);
    if connection.send_all(&output).await.is_ok() {
        connection.close_lingering().await;
    }
}

/// Serves one client from its first request to its last.
async fn converse(mut connection: Box<Connection>, server: &Server) {
    let idle = server.limits.idle;
    let (mut stopped, mut alarm) = (pin!(server.stop.requested()), pin!(sleep(idle)));
    loop {
        // A client that is silent costs its socket and this place in the program. Room for bytes is
        // taken when some have come, and given back when they are answered: ten thousand silent
        // clients need 16 MB, and not 91.
        alarm.as_mut().reset(Instant::now() + idle);
        tokio::select! {
            biased;
            () = connection.readable() => {}
            () = &mut stopped => break,
            () = &mut alarm => break,
        }
        // In a box, or each task would have room for it all its life.
        match Box::pin(answer_requests(&mut connection, server)).await {
            Ok(Then::WaitForMore) => {}
            Ok(Then::CloseLingering) => return Box::pin(connection.close_lingering()).await,
            // A client that has gone, or was reset, or does not take its answer: there is nobody to
            // tell.
            Ok(Then::Close) | Err(_) => break,
        }
    }
    // close: the client is told that nothing follows, and the socket is free for another one.
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
    let mut exchange = Exchange::new(connection);
    // recv: whatever has come, be it half a request or three. No bytes are the client's end.
    match exchange.recv().await? {
        None => return Ok(Then::WaitForMore),
        Some(0) => return Ok(Then::Close),
        Some(_) => {}
    }
    let (mut head, mut answers) = (Vec::new(), 0_u32);
    loop {
        answers = answers.wrapping_add(1);
        if answers.is_multiple_of(ANSWERS_PER_TURN) {
            tokio::task::yield_now().await;
        }
        let then = match exchange.recv_head(&mut head).await? {
            Received::Head => match parse(&head) {
                Ok(request) => answer(&mut exchange, server, &head, &request).await?,
                Err(refusal) => refuse(&mut exchange, server, &head, refusal),
            },
            Received::Nonsense(refusal) => {
                let received = exchange.unused().to_vec();
                refuse(&mut exchange, server, &received, refusal)
            }
            Received::Nothing => return Ok(Then::WaitForMore),
            Received::End => return Ok(Then::Close),
        };
        // send: head and page at once, and where several requests have come, all their answers.
        match then {
            Then::WaitForMore if exchange.output.len() < SEND_SIZE => {}
            Then::WaitForMore => exchange.send().await?,
            Then::Close if exchange.unused().is_empty() => {
                exchange.send_last().await?;
                return Ok(Then::Close);
            }
            Then::Close | Then::CloseLingering => {
                exchange.send().await?;
                return Ok(Then::CloseLingering);
            }
        }
    }
}

/// Decides on a request, and puts the answer into the output or sends it.
async fn answer(
    exchange: &mut Exchange<'_>,
    server: &Server,
    head: &[u8],
    request: &Request<'_>,
) -> io::Result<Then> {
    let has_body = request.body != Framing::Length(0);
    let mut persists = request.keep_alive && !server.stop.is_requested();
    let mut declined = decline(request);
    if has_body && declined.is_some() && request.expectation != Expectation::None {
        // The client waits for leave to send the body, and does not get it.
        persists = false;
    } else if has_body
        && let Err(refusal) = exchange.skip_body(request.body, request.expectation).await?
    {
        persists = false;
        declined = declined
            .filter(|_| refusal.status == Status::CONTENT_TOO_LARGE)
            .or(Some(Reply::refusal(refusal)));
    }
    let (reply, content) = match declined {
        Some(reply) => (reply, None),
        None => server.site.answer(head, request).await,
    };
    let persistence = match (persists, request.version) {
        (false, _) => Persistence::Closes,
        (true, Version::Http10) => Persistence::GoesOnIfTold,
        (true, Version::Http11) => Persistence::GoesOn,
    };
    let is_get = request.method != Method::Head;
    let mut at = Date::now();
    let mut sent = reply.write(&mut exchange.output, &at, persistence, is_get);
    let mut result = Ok(());
    if let Some(content) = content.filter(|_| is_get) {
        (sent, result) = exchange.send_content(content, request.path).await;
        at = Date::now();
    }
    server.log(exchange.connection, at, request.line, request.fields, reply.status, sent);
    result?;
    Ok(match (persists, has_body) {
        (true, _) => Then::WaitForMore,
        (false, true) => Then::CloseLingering,
        (false, false) => Then::Close,
    })
}

/// The answer to a request that has to do without what it asks for, if this is one.
fn decline(request: &Request<'_>) -> Option<Reply> {
    match (request.method, request.expectation) {
        (Method::Unknown, _) => Some(Reply::error(Status::NOT_IMPLEMENTED, text::UNKNOWN_METHOD)),
        (Method::NotAllowed, _) => {
            let reply = Reply::error(Status::METHOD_NOT_ALLOWED, text::ONLY_PAGES);
            Some(reply.with("Allow", "GET, HEAD"))
        }
        (_, Expectation::Unknown) => {
            Some(Reply::error(Status::EXPECTATION_FAILED, text::CANNOT_EXPECT))
        }
        _ => None,
    }
}

/// Puts the answer to what makes no sense into the output. It is the last one.
fn refuse(exchange: &mut Exchange<'_>, server: &Server, head: &[u8], refusal: Refusal) -> Then {
    let (reply, at) = (Reply::refusal(refusal), Date::now());
    let sent = reply.write(&mut exchange.output, &at, Persistence::Closes, true);
    server.log(exchange.connection, at, request_line(head), Fields::default(), reply.status, sent);
    Then::CloseLingering
}

impl Server {
    fn log(
        &self,
        to: &Connection,
        at: Date,
        line: &[u8],
        fields: Fields<'_>,
        status: Status,
        sent: u64,
    ) {
        // Written here and not behind the lock of the log, where the other tasks would wait for it.
        let mut text = Vec::with_capacity(256);
        Entry { peer: to.peer().ip(), at, line, status, sent, fields }.write(&mut text);
        self.access_log.line(format_args!(""), &text);
    }
}
