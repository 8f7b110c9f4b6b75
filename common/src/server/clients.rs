//! Accepting clients: one after the other, or a thread for each.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::accept_errors::{ACCEPT_BACKOFF, is_of_the_client};
use super::open_files::raise_open_files;
use super::shutdown::{GRACE, Stop};
use super::wake::wake_listener_on;
use crate::error_text::{cause, chain};
use crate::notice;
use crate::socket::listener::Listener;
use crate::socket::stream::Stream;

/// The stack of a conversation's thread, in bytes. Buffers are on the heap; what is not touched costs no memory.
const STACK: usize = 256 * 1024;

/// How many clients beyond the limit may be leaving at one time, having been told why. Who comes while these
/// are still here is closed at once, and may see a reset before the words.
pub const TURNED_AWAY_AT_ONCE: usize = 64;

/// How long the words for a client that is one too many may take: they fit into the kernel's buffer.
const WORDS_LIMIT: Duration = Duration::from_millis(100);

/// How long a client that was turned away may take to close.
const LINGERING_CLOSE: Duration = Duration::from_secs(1);

/// How clients are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// One after the other; the next waits in the backlog.
    Queue,
    /// Each on a thread of its own.
    Threads,
}

/// What no client may exceed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Clients at once.
    pub max_clients: usize,
    /// How long a client may be silent.
    pub idle_timeout: Option<Duration>,
    /// One client, and no other after it.
    pub once: bool,
}

/// Serves clients until a stop is requested. A conversation that fails is told in a notice and ends that client only.
///
/// Past `max_clients` a new client is told `full`, which may be empty, and closed.
///
/// # Errors
/// None of a client's doing; with `once` that of the accept.
pub fn serve<F>(
    listener: Listener,
    stop: &Stop,
    model: Model,
    limits: &Limits,
    full: &[u8],
    converse: F,
) -> anyhow::Result<()>
where
    F: Fn(Stream) -> anyhow::Result<()> + Send + Sync + 'static,
{
    raise_open_files(limits.max_clients);
    wake_listener_on(stop, listener.local_addr());
    let converse = Arc::new(converse);
    let (clients, leaving) = (Clients::default(), Clients::default());
    while let Some(stream) = next_client(&listener, stop) {
        if let Err(error) = stream.set_idle(limits.idle_timeout) {
            notice!("{}: {}", stream.peer(), cause(&error));
            continue;
        }
        if limits.once {
            // Nobody else is let in; who is in the backlog already is refused by that.
            drop(listener);
            attend(&*converse, stream, limits.idle_timeout);
            return Ok(());
        }
        match model {
            Model::Queue => attend(&*converse, stream, limits.idle_timeout),
            Model::Threads => match clients.enter(limits.max_clients) {
                Some(seat) => start_thread(&converse, stream, seat, limits, full),
                None => turn_away(stream, full, &leaving),
            },
        }
    }
    // Closed first: a client that comes now is refused, and not left waiting in the backlog for nothing.
    drop(listener);
    clients.wait_until_gone(GRACE);
    Ok(())
}

/// The next client, or `None` when a stop is requested.
fn next_client(listener: &Listener, stop: &Stop) -> Option<Stream> {
    let mut in_trouble = false;
    loop {
        let accepted = listener.accept_unseen();
        if stop.is_requested() {
            // Whoever this is, most likely the knock that woke us, is not served.
            return None;
        }
        listener.show(&accepted);
        match accepted {
            Ok(stream) => return Some(stream),
            // The client was gone again before it was accepted (`man 2 accept`).
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                // Out of files or memory. The clients that wait stay in the backlog until one that is served leaves.
                if !in_trouble {
                    notice!("cannot accept: {}; new clients wait", cause(&error));
                    in_trouble = true;
                }
                stop.wait(ACCEPT_BACKOFF);
            }
        }
    }
}

fn attend<F>(converse: &F, stream: Stream, idle_timeout: Option<Duration>)
where
    F: Fn(Stream) -> anyhow::Result<()>,
{
    let peer = stream.peer();
    let Err(error) = converse(stream) else { return };
    let timed_out =
        error.root_cause().downcast_ref::<io::Error>().is_some_and(|io| io.kind() == ErrorKind::TimedOut);
    if let Some(limit) = idle_timeout.filter(|_| timed_out) {
        notice!("{peer}: closed: nothing moved for {} s (--idle-timeout)", limit.as_secs_f64());
    } else {
        notice!("{peer}: {}", chain(&error));
    }
}

fn start_thread<F>(converse: &Arc<F>, stream: Stream, seat: Seat, limits: &Limits, full: &[u8])
where
    F: Fn(Stream) -> anyhow::Result<()> + Send + Sync + 'static,
{
    let (converse, idle_timeout) = (Arc::clone(converse), limits.idle_timeout);
    let started = hand_over(stream, move |stream| {
        attend(&*converse, stream, idle_timeout);
        // Before the seat: when the last client is gone nobody else holds what the conversations share.
        drop(converse);
        drop(seat);
    });
    if let Err(stream) = started {
        notice!("{}: refused: the system allows no more threads", stream.peer());
        say(&stream, full);
        let _ = stream.shutdown(Shutdown::Write);
        stream.close();
    }
}

/// Starts a thread that has the stream, or gives the stream back where there is no thread to be had.
fn hand_over(stream: Stream, attend: impl FnOnce(Stream) + Send + 'static) -> Result<(), Stream> {
    // It goes through a slot, so that it is still here when there is no thread.
    let slot = Arc::new(Mutex::new(Some(stream)));
    let handed = Arc::clone(&slot);
    let take = |slot: &Mutex<Option<Stream>>| slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    let started = thread::Builder::new().name("client".to_owned()).stack_size(STACK).spawn(move || {
        let stream = take(&handed);
        drop(handed);
        if let Some(stream) = stream {
            attend(stream);
        }
    });
    match started {
        Ok(_) => Ok(()),
        Err(_) => take(&slot).map_or(Ok(()), Err),
    }
}

/// Tells a client that there is no room, where the protocol has words for it, and closes. A thread waits until the words have
/// arrived, for the client may be saying something itself: closed with that unread, the connection would be reset.
fn turn_away(stream: Stream, full: &[u8], leaving: &Clients) {
    notice!("{}: refused: as many clients as --max-clients allows", stream.peer());
    say(&stream, full);
    match leaving.enter(TURNED_AWAY_AT_ONCE) {
        Some(seat) if !full.is_empty() => {
            let _ = hand_over(stream, move |stream| {
                stream.close_gently(LINGERING_CLOSE);
                drop(seat);
            });
        }
        _ => stream.close(),
    }
}

/// Words so short fit into the kernel's buffer: nobody waits for this client.
fn say(stream: &Stream, words: &[u8]) {
    let _ = stream.set_idle(Some(WORDS_LIMIT));
    let _ = stream.send_all(words);
}

/// How many clients there are.
#[derive(Clone, Default)]
struct Clients(Arc<(Mutex<usize>, Condvar)>);

/// One client's place, given back when it is dropped, also when its thread panics.
struct Seat(Clients);

impl Clients {
    fn enter(&self, max: usize) -> Option<Seat> {
        let mut count = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        (*count < max).then(|| {
            *count += 1;
            Seat(self.clone())
        })
    }

    fn wait_until_gone(&self, limit: Duration) {
        let count = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.0.1.wait_timeout_while(count, limit, |count| *count > 0));
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let clients = &self.0.0;
        *clients.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        clients.1.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::listener::BACKLOG;
    use crate::trace::Trace;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::sync::mpsc;

    const LIMITS: Limits = Limits { max_clients: 2, idle_timeout: None, once: false };

    struct Running {
        addr: SocketAddr,
        stop: Stop,
        thread: thread::JoinHandle<anyhow::Result<()>>,
    }

    impl Running {
        fn start<F>(model: Model, limits: Limits, converse: F) -> Self
        where
            F: Fn(Stream) -> anyhow::Result<()> + Send + Sync + 'static,
        {
            let addr = SocketAddr::from(([127, 0, 0, 1], 0));
            let listener = Listener::bind(&[addr], BACKLOG, Trace::default()).unwrap();
            let (addr, stop) = (listener.local_addr(), Stop::new());
            let stopped = stop.clone();
            let thread = thread::spawn(move || serve(listener, &stopped, model, &limits, b"full", converse));
            Self { addr, stop, thread }
        }

        fn connect(&self) -> TcpStream {
            let stream = TcpStream::connect(self.addr).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream
        }

        fn stop(self) {
            self.stop.request();
            self.thread.join().unwrap().unwrap();
        }
    }

    fn echo(mut stream: Stream) -> anyhow::Result<()> {
        let mut byte = [0];
        while stream.recv(&mut byte)? > 0 {
            stream.write_all(&byte)?;
        }
        Ok(())
    }

    fn answer(stream: &mut TcpStream) -> u8 {
        stream.write_all(b"x").unwrap();
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        byte[0]
    }

    #[test]
    fn a_blocked_accept_ends_when_a_stop_is_requested() {
        for model in [Model::Queue, Model::Threads] {
            Running::start(model, LIMITS, echo).stop();
        }
    }

    #[test]
    fn clients_are_served_beside_each_other_up_to_the_cap_and_the_next_is_told() {
        let server = Running::start(Model::Threads, LIMITS, echo);
        let (mut first, mut second) = (server.connect(), server.connect());
        assert_eq!((answer(&mut first), answer(&mut second)), (b'x', b'x'));
        let mut words = Vec::new();
        server.connect().read_to_end(&mut words).unwrap();
        assert_eq!(words, b"full");
        drop((first, second));
        server.stop();
    }

    #[test]
    fn one_clients_failure_or_panic_does_not_end_the_others() {
        // A client sees its end a moment before its place is free.
        let limits = Limits { max_clients: 100, ..LIMITS };
        let server = Running::start(Model::Threads, limits, |mut stream| {
            let mut byte = [0];
            while stream.recv(&mut byte)? > 0 {
                assert_ne!(byte[0], b'p', "the test's own panic");
                anyhow::ensure!(byte[0] != b'e', "the test's own error");
                stream.write_all(&byte)?;
            }
            Ok(())
        });
        for end in [b"e", b"p", b"e", b"p"] {
            let mut bad = server.connect();
            bad.write_all(end).unwrap();
            assert_eq!(bad.read(&mut [0]).unwrap(), 0);
        }
        let mut good = server.connect();
        assert_eq!(answer(&mut good), b'x');
        drop(good);
        server.stop();
    }

    #[test]
    fn a_silent_client_is_closed() {
        let limits = Limits { idle_timeout: Some(Duration::from_millis(20)), ..LIMITS };
        let server = Running::start(Model::Threads, limits, echo);
        assert_eq!(server.connect().read(&mut [0]).unwrap(), 0);
        server.stop();
    }

    #[test]
    fn while_the_last_conversation_ends_a_new_client_is_refused() {
        let server = Running::start(Model::Threads, LIMITS, echo);
        let mut last = server.connect();
        assert_eq!(answer(&mut last), b'x');
        server.stop.request();
        while TcpStream::connect(server.addr).is_ok() {
            thread::yield_now();
        }
        assert_eq!(answer(&mut last), b'x');
        drop(last);
        server.stop();
    }

    #[test]
    fn once_serves_one_client_and_ends() {
        let limits = Limits { once: true, ..LIMITS };
        let server = Running::start(Model::Threads, limits, echo);
        let mut only = server.connect();
        assert_eq!(answer(&mut only), b'x');
        drop(only);
        server.thread.join().unwrap().unwrap();
    }

    #[test]
    fn in_a_queue_the_second_client_waits_for_the_first() {
        let (tell, told) = mpsc::channel();
        let server = Running::start(Model::Queue, LIMITS, move |stream| {
            tell.send(stream.peer())?;
            echo(stream)
        });
        let (mut first, mut second) = (server.connect(), server.connect());
        assert_eq!(answer(&mut first), b'x');
        assert_eq!(told.recv().unwrap(), first.local_addr().unwrap());
        second.write_all(b"y").unwrap();
        assert!(told.try_recv().is_err());
        drop(first);
        let mut byte = [0];
        second.read_exact(&mut byte).unwrap();
        assert_eq!(told.recv().unwrap(), second.local_addr().unwrap());
        drop(second);
        server.stop();
    }
}
