//! Accepting clients: one after the other, or a thread for each.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::accept_errors::{ACCEPT_BACKOFF, is_of_the_client};
use super::capacity::{Fit, Needs, STACK, fewer_that_fit, leaving_that_fit, one_too_many};
use super::limits::Limits;
use super::open_files::raise_open_files;
use super::seats::{Seat, Seats};
use super::shutdown::{GRACE, Stop};
use super::wake::wake_listener_on;
use crate::error_text::{cause, chain};
use crate::notice;
use crate::socket::is_own_limit;
use crate::socket::lingering_close::LINGERING_CLOSE;
use crate::socket::listener::Listener;
use crate::socket::stream::Stream;
use crate::text::words;

/// How long the words for a client that is one too many may take: they fit into the kernel's
/// buffer.
const WORDS_LIMIT: Duration = Duration::from_millis(100);

/// What `accept` returns, one client after the other, with the chores of a server around it.
///
/// ```no_run
/// # use common::server::{Clients, Limits, Stop};
/// # fn serve(listener: common::socket::Listener, limits: &Limits, stop: &Stop) {
/// let mut clients = Clients::new(listener, limits, stop);
/// while let Some(client) = clients.accept() {
///     clients.spawn(client, |client| Ok(client.send_all(b"hello")?));
/// }
/// clients.close();
/// # }
/// ```
#[derive(Debug)]
pub struct Clients {
    /// `None` once no more clients are to come.
    listener: Option<Listener>,
    stop: Stop,
    limits: Limits,
    words_when_full: &'static [u8],
    seats: Seats,
    /// How many clients the system has room for, where that is less than `max_clients`.
    fit: Option<Fit>,
    leaving: Seats,
}

impl Clients {
    /// Those who connect to this listener until a stop is requested.
    pub fn new(listener: Listener, limits: &Limits, stop: &Stop) -> Self {
        raise_open_files(limits.max_clients);
        wake_listener_on(stop, listener.local_addr());
        Self {
            listener: Some(listener),
            stop: stop.clone(),
            limits: *limits,
            words_when_full: b"",
            seats: Seats::new(limits.max_clients),
            fit: None,
            leaving: Seats::new(leaving_that_fit()),
        }
        .each_needs(Needs::default())
    }

    /// What each client takes. Of clients for whom there is no room the system would let in one too
    /// many, and that would end the whole server: they are refused, as those past `max_clients`.
    pub fn each_needs(self, needs: Needs) -> Self {
        let fit = fewer_that_fit(self.limits.max_clients, needs);
        let most = fit.map_or(self.limits.max_clients, |fit| fit.clients);
        Self { seats: Seats::new(most), fit, ..self }
    }

    /// What a client hears that is one too many.
    pub fn when_full(self, words: &'static [u8]) -> Self {
        Self { words_when_full: words, ..self }
    }

    /// Waits for the next client, who may be silent for as long as the limits allow. `None` when a
    /// stop is requested, and after the first client with `--once`.
    pub fn accept(&mut self) -> Option<Stream> {
        loop {
            let Some(client) = next_client(self.listener.as_ref()?, &self.stop) else {
                self.listener = None;
                return None;
            };
            if self.limits.ask_silent_clients() {
                // Without, one is served all the same, and found to be gone later.
                let _ = client.keep_alive();
            }
            match client.set_idle(self.limits.idle_timeout) {
                Ok(()) if self.limits.once => {
                    // The listening socket is closed: further clients are refused, also those that
                    // wait in the backlog already.
                    self.listener = None;
                    return Some(client);
                }
                Ok(()) => return Some(client),
                Err(error) => notice!("{}", words::because(client.peer(), cause(&error))),
            }
        }
    }

    /// Serves a client here and now, while the next one waits in the backlog. A conversation that
    /// fails is told in a notice and ends that client only.
    pub fn run(&self, client: Stream, converse: impl FnOnce(Stream) -> anyhow::Result<()>) {
        let peer = client.peer();
        if let Err(error) = converse(client) {
            notice_failure(peer, &error, self.limits.idle_timeout);
        }
    }

    /// As [`run`](Self::run), but on a thread of its own, so that the next client need not wait.
    /// One that is more than `max_clients` hears the words for that instead, and is closed.
    pub fn spawn<F>(&self, client: Stream, converse: F)
    where
        F: FnOnce(Stream) -> anyhow::Result<()> + Send + 'static,
    {
        if self.limits.once {
            // It is the only one, so nobody waits for this thread.
            return self.run(client, converse);
        }
        let Some(seat) = self.seats.take() else {
            return self.turn_away(client);
        };
        let idle_timeout = self.limits.idle_timeout;
        let started = start_thread(client, move |client| {
            let peer = client.peer();
            if let Err(error) = converse(client) {
                notice_failure(peer, &error, idle_timeout);
            }
            // Last: whoever waits for this seat counts on `converse` having let go of all it held.
            drop(seat);
        });
        if let Err(client) = started {
            notice!("{}", words::no_more_threads(client.peer()));
            self.say_full(&client);
            let _ = client.shutdown(Shutdown::Write);
            client.close();
        }
    }

    /// Closes the listening socket, so that a client that comes now is refused and not left waiting
    /// in the backlog for nothing. Then waits until all clients have left, for at most [`GRACE`].
    pub fn close(self) {
        drop(self.listener);
        self.seats.wait_until_free(GRACE);
    }

    /// Closes a client that is one too many. A thread waits until the words have arrived, for the
    /// client may be saying something itself: closed with that unread, the connection would be
    /// reset.
    fn turn_away(&self, client: Stream) {
        notice!("{}", one_too_many(client.peer(), self.fit));
        self.say_full(&client);
        match self.leaving.take().filter(|_| !self.words_when_full.is_empty()) {
            Some(seat) => linger(client, seat),
            None => client.close(),
        }
    }

    /// Nobody waits for this client: words so short fit into the kernel's buffer.
    fn say_full(&self, client: &Stream) {
        let _ = client.set_idle(Some(WORDS_LIMIT));
        let _ = client.send_all(self.words_when_full);
    }
}

/// Tells in a notice why a conversation has failed.
pub fn notice_failure(peer: SocketAddr, error: &anyhow::Error, idle_timeout: Option<Duration>) {
    let io = error.root_cause().downcast_ref::<io::Error>();
    // A peer that has vanished is another matter.
    let timed_out = io.is_some_and(is_own_limit);
    match idle_timeout.filter(|_| timed_out) {
        Some(limit) => {
            notice!("{}", words::nothing_moved(peer, limit.as_secs_f64()));
        }
        None => notice!("{}", words::because(peer, chain(error))),
    }
}

/// The next client, or `None` when a stop is requested.
fn next_client(listener: &Listener, stop: &Stop) -> Option<Stream> {
    let mut in_trouble = false;
    loop {
        let accepted = listener.accept();
        if stop.is_requested() {
            // Nobody is served any more. Most likely this is the connection that woke us.
            return None;
        }
        listener.show_accepted(&accepted);
        match accepted {
            Ok(stream) => return Some(stream),
            // The client was gone again before it was accepted (`man 2 accept`).
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                // Out of files or memory. The clients that wait stay in the backlog until one that
                // is served leaves.
                if !in_trouble {
                    notice!("{}", words::cannot_accept(cause(&error)));
                    in_trouble = true;
                }
                stop.wait(ACCEPT_BACKOFF);
            }
        }
    }
}

fn linger(client: Stream, seat: Seat) {
    let _ = start_thread(client, move |client| {
        client.close_gently(LINGERING_CLOSE);
        drop(seat);
    });
}

/// Starts a thread that has the client, or gives the client back where there is no thread to be
/// had.
fn start_thread(client: Stream, serve: impl FnOnce(Stream) + Send + 'static) -> Result<(), Stream> {
    // The client is handed over in a slot: a thread that does not start would take it along.
    let slot = Arc::new(Mutex::new(Some(client)));
    let handed = Arc::clone(&slot);
    let take =
        |slot: &Mutex<Option<Stream>>| slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    let started =
        thread::Builder::new().name("client".to_owned()).stack_size(STACK).spawn(move || {
            let client = take(&handed);
            drop(handed);
            if let Some(client) = client {
                serve(client);
            }
        });
    match started {
        Ok(_) => Ok(()),
        Err(_) => take(&slot).map_or(Ok(()), Err),
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

    #[derive(Clone, Copy)]
    enum Model {
        Queue,
        Threads,
    }

    struct Running {
        addr: SocketAddr,
        stop: Stop,
        thread: thread::JoinHandle<()>,
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
            let converse = Arc::new(converse);
            let thread = thread::spawn(move || {
                let mut clients = Clients::new(listener, &limits, &stopped).when_full(b"full");
                while let Some(client) = clients.accept() {
                    let converse = Arc::clone(&converse);
                    match model {
                        Model::Queue => clients.run(client, |client| converse(client)),
                        Model::Threads => clients.spawn(client, move |client| converse(client)),
                    }
                }
                clients.close();
            });
            Self { addr, stop, thread }
        }

        fn connect(&self) -> TcpStream {
            let stream = TcpStream::connect(self.addr).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream
        }

        fn stop(self) {
            self.stop.request();
            self.thread.join().unwrap();
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
        server.thread.join().unwrap();
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
