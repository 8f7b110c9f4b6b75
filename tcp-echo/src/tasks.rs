//! The same conversations as tasks: a few threads carry all of them, and a client that is silent costs a task of some hundred bytes
//! instead of a thread.
//!
//! The tutorial has gevent for this, whose `send` may leave out the rest of a long message. Here a reply that the
//! kernel does not take at once is kept and sent as the client reads.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use common::cause::{cause, chain};
use common::files::raise_open_files;
use common::notice;
use common::serve::{Limits, is_of_the_client};
use common::shutdown::{GRACE, Stop};
use common::socket::{Listener, canonical};
use common::trace::{Ends, Outcome, Trace};
use tcp_echo::{Conversation, Turn};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{sleep, timeout};

use crate::{Manner, PATIENCE};

/// How long to leave `accept` alone when the system has run out of something.
const BREATH: Duration = Duration::from_millis(100);

thread_local! {
    /// The receive buffer of whichever task runs on this thread: only one at a time has bytes in it, since none waits while it has.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Serves clients until a stop is requested, as `common::serve::serve` does.
pub(crate) fn serve(
    listener: Listener,
    stop: &Stop,
    limits: &Limits,
    manner: Arc<Manner>,
) -> anyhow::Result<()> {
    raise_open_files(limits.max_clients);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the threads that carry the tasks")?;
    let stopped = Arc::new(Notify::new());
    let notify = Arc::clone(&stopped);
    stop.on_request(move || notify.notify_one());
    runtime.block_on(accept(listener, &stopped, limits, manner))?;
    // Tasks that are still there have had their time.
    runtime.shutdown_background();
    Ok(())
}

async fn accept(
    listener: Listener,
    stopped: &Notify,
    limits: &Limits,
    manner: Arc<Manner>,
) -> anyhow::Result<()> {
    let (trace, local) = (listener.trace(), listener.local_addr());
    let listener = listener.into_std();
    listener.set_nonblocking(true).context("cannot wait for clients without blocking")?;
    let listener = TcpListener::from_std(listener).context("cannot wait for clients")?;
    // A seat for each client; who has all of them knows that everybody is gone.
    let seats = u32::try_from(limits.max_clients.min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
    let room = Arc::new(Semaphore::new(seats as usize));
    let mut in_trouble = false;
    loop {
        let accepted = tokio::select! {
            () = stopped.notified() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok((stream, peer)) => (stream, canonical(peer)),
            Err(error) if is_of_the_client(&error) => continue,
            Err(error) => {
                if !in_trouble {
                    notice!("cannot accept: {}; new clients wait", cause(&error));
                    in_trouble = true;
                }
                sleep(BREATH).await;
                continue;
            }
        };
        in_trouble = false;
        let ends = Ends { local: Some(local), peer: Some(peer) };
        trace.call("accept", ends, Outcome::Done);
        let mut client = Client { stream, peer, ends, trace, idle_timeout: limits.idle_timeout };
        let Ok(seat) = Arc::clone(&room).try_acquire_owned() else {
            client.refuse(&manner);
            continue;
        };
        let manner = Arc::clone(&manner);
        tokio::spawn(async move {
            let ended = client.converse(&manner).await;
            client.close();
            match ended {
                Ok(()) => notice!("{peer} closed"),
                Err(error) => notice!("{peer}: {}", chain(&error)),
            }
            // Before the seat: who waits for the last client to go writes what the journal still holds.
            drop(manner);
            drop(seat);
        });
        if limits.once {
            drop(listener);
            let _ = room.acquire_many(seats).await;
            return Ok(());
        }
    }
    drop(listener);
    let _ = timeout(GRACE, room.acquire_many(seats)).await;
    Ok(())
}

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    ends: Ends,
    trace: Trace,
    idle_timeout: Option<Duration>,
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
    /// One client until its end, which is still to be closed. What happens seldom is boxed while it happens: a task has room for all that it may
    /// ever wait for, and there may be ten thousand of them.
    async fn converse(&mut self, manner: &Manner) -> anyhow::Result<()> {
        notice!("{} connected", self.peer);
        self.stream.set_nodelay(true)?;
        let mut conversation = Conversation::new(manner.dialect);
        Box::pin(self.send(conversation.opening())).await?;
        let end = loop {
            // A client that sends faster than it is served would never let go of the thread: here its turn ends.
            tokio::task::consume_budget().await;
            self.readable().await?;
            match self.turn(&mut conversation, manner)? {
                Next::Wait => {}
                Next::End(end) => break end,
                Next::Send { rest, end } => {
                    if !manner.think.is_zero() {
                        Box::pin(sleep(manner.think)).await;
                    }
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

    fn close(self) {
        drop(self.stream);
        self.trace.call("close", self.ends, Outcome::Done);
    }

    async fn readable(&self) -> io::Result<()> {
        match self.idle_timeout {
            None => self.stream.readable().await,
            Some(limit) => {
                timeout(limit, self.stream.readable()).await.unwrap_or_else(|_| Err(silent(limit)))
            }
        }
    }

    async fn writable(&self) -> io::Result<()> {
        match self.idle_timeout {
            None => self.stream.writable().await,
            Some(limit) => {
                timeout(limit, self.stream.writable()).await.unwrap_or_else(|_| Err(silent(limit)))
            }
        }
    }

    /// Receives, and sends what the kernel takes of the reply at once: all of it, nearly always, and then nothing was allocated.
    fn turn(&self, conversation: &mut Conversation, manner: &Manner) -> anyhow::Result<Next> {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.resize(manner.read_size, 0);
            let received = match self.stream.try_read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Next::Wait),
                result => {
                    self.trace.call("recv", self.ends, Outcome::of_bytes(&result, buffer));
                    result?
                }
            };
            let turn = match buffer.get(..received) {
                None | Some([]) => conversation.end(),
                Some(piece) => conversation.hear(piece, received == buffer.len())?,
            };
            if let Some(said) = turn.said {
                manner.journal.line(format_args!("{}: ", self.peer), said);
            }
            let sent = if manner.think.is_zero() { self.send_now(turn.reply)? } else { 0 };
            let end = if received == 0 { End::Client } else { End::Server };
            Ok(rest(&turn, sent, turn.over.then_some(end)))
        })
    }

    fn send_now(&self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        match self.stream.try_write(bytes) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
            result => {
                self.trace.call("send", self.ends, Outcome::of_bytes(&result, bytes));
                result
            }
        }
    }

    async fn send(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.writable().await?;
            let sent = self.send_now(bytes)?;
            bytes = bytes.get(sent..).unwrap_or_default();
        }
        Ok(())
    }

    /// As `Stream::close_gently`: half-close, then take what still comes, so that the last words arrive.
    async fn take_last_words(&mut self) {
        let shut = self.stream.shutdown().await;
        self.trace.call("shutdown", self.ends, Outcome::of(&shut));
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

    fn refuse(self, manner: &Manner) {
        notice!("{}: refused: as many clients as --max-clients allows", self.peer);
        // Words this short fit into the kernel's buffer: nobody waits for this client.
        let _ = self.send_now(manner.dialect.full());
        self.close();
    }
}

fn rest(turn: &Turn<'_>, sent: usize, end: Option<End>) -> Next {
    match (turn.reply.get(sent..), end) {
        (None | Some([]), Some(end)) => Next::End(end),
        (None | Some([]), None) => Next::Wait,
        (Some(rest), end) => Next::Send { rest: rest.to_vec(), end },
    }
}

fn silent(limit: Duration) -> io::Error {
    let words = format!("closed: nothing moved for {} s (--idle-timeout)", limit.as_secs_f64());
    io::Error::new(ErrorKind::TimedOut, words)
}
