//! The same conversations as tasks: a few threads carry all of them, and a client that is silent costs a task of some hundred bytes
//! instead of a thread.
//!
//! The tutorial has gevent for this, whose `send` may leave out the rest of a long message. Here a reply that the
//! kernel does not take at once is kept and sent as the client reads.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::num::NonZero;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use common::error_text::chain;
use common::notice;
use common::server::{Acceptor, Limits, Seats, Stop, TURNED_AWAY_AT_ONCE, announce};
use common::socket::Listener;
use common::trace::{CallResult, Endpoints, Trace};
use tcp_echo::{Conversation, Turn};
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::{Manner, PATIENCE};

thread_local! {
    /// The receive buffer of whichever task runs on this thread: only one at a time has bytes in it, since none waits while it has.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Serves clients until a stop is requested, as `serve` does with threads.
pub(crate) fn serve(
    listener: Listener,
    stop: &Stop,
    limits: &Limits,
    manner: Arc<Manner>,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers())
        .event_interval(BATCH)
        .enable_all()
        .build()
        .context("cannot start the threads that carry the tasks")?;
    announce(listener.local_addr())?;
    // A task, too: tasks that another thread starts cost two wake-ups each.
    let accepting = runtime.spawn(accept(listener, stop.clone(), *limits, manner));
    runtime.block_on(accepting).context("the task that accepts clients has failed")??;
    // Tasks that are still there have had their time.
    runtime.shutdown_background();
    Ok(())
}

/// How many tasks have their turn before the kernel is asked again who is ready: as many as one `epoll_wait` tells of. Tokio's 61 is for
/// tasks whose turns take long. Here each is one `recv` and one `send`, and asking in between costs a fiftieth and brings little.
const BATCH: u32 = 1024;

/// A thread for every two processors. Of the time for a short message the kernel takes nine tenths, some of it on whichever
/// processor the network's interrupts are, and clients on the same machine want their share. With two threads on two processors,
/// each message finds one of them asleep and has to wake it: three quarters of what one thread does that never gets to sleep.
fn workers() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).div_ceil(2)
}

async fn accept(listener: Listener, stop: Stop, limits: Limits, manner: Arc<Manner>) -> anyhow::Result<()> {
    let server = Arc::new(Server {
        manner,
        idle_timeout: limits.idle_timeout,
        local: listener.local_addr(),
        trace: listener.trace(),
    });
    let mut clients = Acceptor::new(listener, &limits, &stop).context("cannot wait for clients")?;
    let leaving = Seats::new(TURNED_AWAY_AT_ONCE);
    while let Some((stream, peer)) = clients.accept().await {
        let mut client = Client::new(stream, peer, &server);
        let Some(seat) = clients.seat() else {
            client.refuse(&leaving);
            continue;
        };
        tokio::spawn(async move {
            let ended = client.converse().await;
            let peer = client.peer;
            // And what it holds of the server before the seat: who waits for the last client to go writes what the journal
            // still has.
            client.close();
            match ended {
                Ok(()) => notice!("{peer} closed"),
                Err(error) => notice!("{peer}: {}", chain(&error)),
            }
            drop(seat);
        });
    }
    clients.close().await;
    Ok(())
}

/// What all tasks share.
struct Server {
    manner: Arc<Manner>,
    idle_timeout: Option<Duration>,
    local: SocketAddr,
    trace: Trace,
}

/// There may be ten thousand: what is the same for all of them is with the server.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    server: Arc<Server>,
    silence: Option<Silence>,
}

/// What is left to do once the receive buffer has been given back.
enum Next {
    Wait,
    Send { rest: Vec<u8>, end: Option<End> },
    End(End),
}

/// Who ended the conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Client,
    Server,
}

impl Client {
    fn new(stream: TcpStream, peer: SocketAddr, server: &Arc<Server>) -> Self {
        let silence = server.idle_timeout.map(Silence::new);
        Self { stream, peer, server: Arc::clone(server), silence }
    }

    /// One client until its end, which is still to be closed. What happens seldom is boxed while it happens: a task has room for all that it may
    /// ever wait for.
    async fn converse(&mut self) -> anyhow::Result<()> {
        notice!("{} connected", self.peer);
        self.stream.set_nodelay(true)?;
        let mut conversation = Conversation::new(self.server.manner.dialect);
        Box::pin(self.send(conversation.opening())).await?;
        let end = loop {
            match poll_fn(|context| self.turn(context, &mut conversation)).await? {
                Next::Wait => {}
                Next::End(end) => break end,
                Next::Send { rest, end } => {
                    Box::pin(self.think()).await;
                    Box::pin(self.send(&rest)).await?;
                    if let Some(end) = end {
                        break end;
                    }
                }
            }
        };
        if end == End::Server {
            Box::pin(self.take_last_words()).await;
        }
        Ok(())
    }

    fn ends(&self) -> Endpoints {
        Endpoints { local: Some(self.server.local), peer: Some(self.peer) }
    }

    fn close(self) {
        let ends = self.ends();
        drop(self.stream);
        self.server.trace.call("close", ends, CallResult::Done);
    }

    /// For as long as `--think` says, or until the server is to stop.
    async fn think(&self) {
        let think = self.server.manner.think;
        if !think.is_zero() {
            let _ = timeout(think, self.server.manner.stop.requested()).await;
        }
    }

    /// Receives as soon as there is something, and sends what the kernel takes of the reply at once: all of it, nearly always, and
    /// then nothing was allocated.
    ///
    /// `poll_read` and not `try_read`: when it has not filled the buffer it knows that nothing is left, and does not ask the kernel
    /// for an error that says so. That is one `recv` and one `send` for a message, and 0.9 of the time.
    fn turn(
        &mut self,
        context: &mut Context<'_>,
        conversation: &mut Conversation,
    ) -> Poll<anyhow::Result<Next>> {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.resize(self.server.manner.read_size, 0);
            let mut received = ReadBuf::new(buffer);
            let Poll::Ready(result) = Pin::new(&mut self.stream).poll_read(context, &mut received) else {
                conversation.rest();
                return self.poll_silence(context).map(|error| Err(error.into()));
            };
            let (cut, received) = (received.remaining() == 0, received.filled());
            let result = result.map(|()| received.len());
            self.server.trace.call("recv", self.ends(), CallResult::of_bytes(&result, received));
            result?;
            self.moved();
            let turn = match received {
                [] => conversation.end(),
                piece => conversation.hear(piece, cut)?,
            };
            if let Some(said) = turn.said {
                self.server.manner.journal.line(format_args!("{}: ", self.peer), said);
            }
            let sent = if self.server.manner.think.is_zero() { self.send_now(turn.reply)? } else { 0 };
            let end = if received.is_empty() { End::Client } else { End::Server };
            Poll::Ready(Ok(rest(&turn, sent, turn.over.then_some(end))))
        })
    }

    fn send_now(&self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        match self.stream.try_write(bytes) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
            result => {
                self.server.trace.call("send", self.ends(), CallResult::of_bytes(&result, bytes));
                result
            }
        }
    }

    async fn send(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.moved();
            poll_fn(|context| match self.stream.poll_write_ready(context) {
                Poll::Pending => self.poll_silence(context).map(Err),
                ready => ready,
            })
            .await?;
            let sent = self.send_now(bytes)?;
            bytes = bytes.get(sent..).unwrap_or_default();
        }
        self.moved();
        Ok(())
    }

    fn moved(&mut self) {
        if let Some(silence) = &mut self.silence {
            silence.since = Instant::now();
        }
    }

    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        match &mut self.silence {
            None => Poll::Pending,
            Some(silence) => silence.poll(context),
        }
    }

    /// As `Stream::close_gently`: half-close, then take what still comes, so that the last words arrive.
    async fn take_last_words(&mut self) {
        let shut = self.stream.shutdown().await;
        self.server.trace.call("shutdown", self.ends(), CallResult::of(&shut));
        let unread = async {
            while self.stream.readable().await.is_ok() {
                tokio::task::consume_budget().await;
                match self.stream.try_read(&mut [0; 4096]) {
                    Ok(1..) => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Ok(0) | Err(_) => break,
                }
            }
        };
        if shut.is_ok() {
            let _ = timeout(PATIENCE, unread).await;
        }
    }

    /// Tells a client that there is no room, where the dialect has words for it, and closes; while some are leaving like
    /// this, so that the words arrive, nobody waits for more of them.
    fn refuse(mut self, leaving: &Seats) {
        notice!("{}: refused: as many clients as --max-clients allows", self.peer);
        // Words this short fit into the kernel's buffer.
        let told = self.send_now(self.server.manner.dialect.full()).is_ok_and(|sent| sent > 0);
        match leaving.take() {
            Some(place) if told => {
                tokio::spawn(async move {
                    self.take_last_words().await;
                    self.close();
                    drop(place);
                });
            }
            _ => self.close(),
        }
    }
}

/// The limit for how long nothing may move, either way.
///
/// One alarm that is seldom looked at: when it goes off and something has moved meanwhile, it is set again. To set one for each
/// message and take it back when the message comes would cost each message a lock and a place in the queue of alarms.
struct Silence {
    limit: Duration,
    since: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl Silence {
    fn new(limit: Duration) -> Self {
        let since = Instant::now();
        Self { limit, since, alarm: Box::pin(sleep_until(since + limit)) }
    }

    /// Ready with the reason to close when nothing has moved for too long.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            ready!(self.alarm.as_mut().poll(context));
            if self.since.elapsed() >= self.limit {
                let words =
                    format!("closed: nothing moved for {} s (--idle-timeout)", self.limit.as_secs_f64());
                return Poll::Ready(io::Error::new(ErrorKind::TimedOut, words));
            }
            self.alarm.as_mut().reset(self.since + self.limit);
        }
    }
}

fn rest(turn: &Turn<'_>, sent: usize, end: Option<End>) -> Next {
    match (turn.reply.get(sent..), end) {
        (None | Some([]), Some(end)) => Next::End(end),
        (None | Some([]), None) => Next::Wait,
        (Some(rest), end) => Next::Send { rest: rest.to_vec(), end },
    }
}
