//! A tap that is part of another program: it tells that program what happens, and its faults are
//! switched while it runs.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use common::addr::Target;
use common::server::Stop;
use common::socket::{BACKLOG, Datagrams, Listener};
use common::trace::Trace;

use super::close::Close;
use super::control::Control;
use super::log::Log;
use super::log::told::Told;
use super::settings::{CutWith, Settings};
use super::side::Side;
use super::{DEFAULT_ADDR, datagrams, own_words, stream, text};

/// How many clients a tap has at once.
const MAX_CLIENTS: usize = 64;

/// How long a client of UDP may be silent.
const FORGET: Duration = Duration::from_secs(3600);

/// A tap that runs until this is dropped.
pub struct Tap {
    addr: SocketAddr,
    control: Arc<Control>,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Tap {
    /// Puts a tap on a free port of 127.0.0.1 in front of this server.
    ///
    /// # Errors
    /// The system has no port or no thread for it.
    pub fn start(
        udp: bool,
        server: SocketAddr,
        settings: Settings,
        tell: impl Fn(Told) + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context(text::cannot_carry())?;
        let log = Arc::new(Log::told_to(Arc::new(tell))?);
        let (control, stop) = (Arc::new(Control::new(settings)), Stop::new());
        let seed = RandomState::new().hash_one(0);
        let (live, until) = (Some(Arc::clone(&control)), stop.clone());
        let (addr, run): (_, Box<dyn FnOnce() + Send>) = if udp {
            let socket = Datagrams::bind(&[DEFAULT_ADDR], Trace::default()).map_err(own_words)?;
            let (up, down) = Default::default();
            let plan = datagrams::Plan {
                target: vec![server],
                up,
                down,
                seed,
                max_clients: MAX_CLIENTS,
                forget: FORGET,
                live,
            };
            let addr = socket.local_addr();
            (
                addr,
                Box::new(move || {
                    let served =
                        runtime.block_on(datagrams::serve(socket, plan, Arc::clone(&log), until));
                    tell_failure(&log, served);
                }),
            )
        } else {
            let listener =
                Listener::bind(&[DEFAULT_ADDR], BACKLOG, Trace::default()).map_err(own_words)?;
            let (up, down) = Default::default();
            let plan = stream::Plan {
                target: Target { name: server.to_string(), addrs: vec![server] },
                up,
                down,
                cut_with: Close::Fin,
                seed,
                max_clients: MAX_CLIENTS,
                live,
            };
            let addr = listener.local_addr();
            (
                addr,
                Box::new(move || {
                    let served =
                        runtime.block_on(stream::serve(listener, plan, Arc::clone(&log), until));
                    tell_failure(&log, served);
                }),
            )
        };
        let thread = std::thread::Builder::new()
            .name("tap".to_owned())
            .spawn(run)
            .context(text::cannot_carry())?;
        Ok(Self { addr, control, stop, thread: Some(thread) })
    }

    /// Where clients reach it.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// From now on these are the faults, of what runs, too. What is in the tap already keeps the
    /// time at which it is due.
    pub fn set(&self, settings: Settings) {
        self.control.set(settings);
    }

    /// From now on each piece waits for [`step`](Self::step), or none does.
    pub fn hold(&self, holds: bool) {
        self.control.hold(holds);
    }

    /// Lets the next piece through that this side has sent, or either side. `lose`: it is lost, if
    /// it is a datagram.
    pub fn step(&self, from: Option<Side>, lose: bool) {
        self.control.let_pass(from, lose);
    }

    /// Ends all connections there are.
    pub fn cut(&self, how: CutWith) {
        self.control.cut(how);
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.stop.request();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap").field("addr", &self.addr).finish_non_exhaustive()
    }
}

fn tell_failure(log: &Log, served: anyhow::Result<()>) {
    if let Err(error) = served {
        log.notice(format_args!("{error:#}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::sync::mpsc::{Receiver, channel};

    use crate::ladder::{Column, Fate, Load, What};

    const LIMIT: Duration = Duration::from_secs(30);

    fn tap(udp: bool, server: SocketAddr) -> (Tap, Receiver<Told>) {
        let (tell, told) = channel();
        let tap = Tap::start(udp, server, Settings::default(), move |what| {
            let _ = tell.send(what);
        });
        (tap.unwrap(), told)
    }

    fn next(told: &Receiver<Told>, is_it: impl Fn(&Told) -> bool) -> Told {
        loop {
            let what = told.recv_timeout(LIMIT).unwrap();
            if is_it(&what) {
                return what;
            }
        }
    }

    fn read(stream: &mut TcpStream, count: usize) -> Vec<u8> {
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    fn pair() -> (Tap, Receiver<Told>, TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (tap, told) = tap(false, listener.local_addr().unwrap());
        let client = TcpStream::connect(tap.addr()).unwrap();
        let (server, _) = listener.accept().unwrap();
        (tap, told, client, server)
    }

    #[test]
    fn what_is_held_leaves_piece_by_piece_when_it_is_told_to() {
        let (tap, told, mut client, mut server) = pair();
        tap.hold(true);
        client.write_all(b"one").unwrap();
        next(&told, |told| matches!(told, Told::Held { client: 1, server: 0, .. }));
        client.write_all(b"two").unwrap();
        next(&told, |told| matches!(told, Told::Held { client: 2, .. }));
        tap.step(Some(Side::Client), false);
        assert_eq!(read(&mut server, 3), b"one");
        next(&told, |told| matches!(told, Told::Held { client: 1, .. }));
        server.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        assert!(server.read(&mut [0]).is_err());
        tap.hold(false);
        assert_eq!(read(&mut server, 3), b"two");
        next(&told, |told| matches!(told, Told::Held { client: 0, .. }));
        // What has been shown to reach the tap is shown to leave it, and not to come again.
        client.write_all(b"x").unwrap();
        assert_eq!(read(&mut server, 1), b"x");
        let whole = next(
            &told,
            |told| matches!(told, Told::Happened { what: What::Arrow { load: Load::Bytes(bytes, _), .. }, .. } if bytes == b"x"),
        );
        let Told::Happened { what: What::Arrow { from, to, .. }, .. } = whole else { panic!() };
        assert_eq!((from, to), (Column::Left, Column::Right));
    }

    #[test]
    fn a_switch_changes_a_connection_that_is_there() {
        let (tap, told, mut client, mut server) = pair();
        client.write_all(b"ab").unwrap();
        assert_eq!(read(&mut server, 2), b"ab");
        let one = std::num::NonZeroUsize::MIN;
        tap.set(Settings { split: Some(one), ..Settings::default() });
        client.write_all(b"cd").unwrap();
        assert_eq!(read(&mut server, 2), b"cd");
        for wanted in [&b"c"[..], b"d"] {
            next(
                &told,
                |told| matches!(told, Told::Happened { what: What::Arrow { from: Column::Middle, load: Load::Bytes(bytes, _), .. }, .. } if bytes == wanted),
            );
        }
        tap.set(Settings {
            corrupt: 100.0,
            from: super::super::Whose::Server,
            ..Settings::default()
        });
        client.write_all(b"ef").unwrap();
        assert_eq!(read(&mut server, 2), b"ef");
        server.write_all(b"gh").unwrap();
        assert_ne!(read(&mut client, 2), b"gh");
        tap.cut(CutWith::Fin);
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
        assert_eq!(server.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn a_datagram_that_is_held_can_be_lost() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        server.set_read_timeout(Some(LIMIT)).unwrap();
        let (tap, told) = tap(true, server.local_addr().unwrap());
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.connect(tap.addr()).unwrap();
        tap.hold(true);
        for (said, held) in [("one", 1), ("two", 2)] {
            client.send(said.as_bytes()).unwrap();
            next(&told, |told| matches!(told, Told::Held { client, .. } if *client == held));
        }
        tap.step(None, true);
        next(&told, |told| {
            matches!(told, Told::Happened { what: What::Arrow { fate: Fate::Lost, .. }, .. })
        });
        tap.step(None, false);
        let mut buffer = [0; 10];
        assert_eq!(server.recv(&mut buffer).unwrap(), 3);
        assert_eq!(&buffer[..3], b"two");
    }
}
