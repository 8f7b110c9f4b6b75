//! Peers played with bare sockets: the tutorials' programs, call for call, and hostile ones.
//!
//! Every read and write is bounded by 10 s, every failure panics with what was waited for.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::sync::mpsc::channel;
use std::time::Duration;

/// The limit of every read and write, and of an accept.
pub const LIMIT: Duration = Duration::from_secs(10);

/// A listening socket whose [`accept`](Listener::accept) does not wait for ever.
pub struct Listener(TcpListener);

/// Listens on a free port of 127.0.0.1.
///
/// # Panics
///
/// When there is none.
#[track_caller]
pub fn listen() -> Listener {
    Listener(TcpListener::bind(("127.0.0.1", 0)).expect("a free port"))
}

impl Listener {
    /// Where a client connects to.
    pub fn addr(&self) -> SocketAddr {
        self.0.local_addr().expect("the address of a listening socket")
    }

    /// Waits for the next client.
    ///
    /// # Panics
    ///
    /// When none comes within [`LIMIT`].
    #[track_caller]
    pub fn accept(&self) -> TcpStream {
        // std has no accept with a limit. After a failure the thread waits on until the test's
        // process ends.
        let (sender, receiver) = channel();
        let listener = self.0.try_clone().expect("a second handle");
        std::thread::spawn(move || sender.send(listener.accept()));
        let (stream, _) =
            receiver.recv_timeout(LIMIT).expect("a client within 10 s").expect("accept");
        bounded(stream)
    }
}

/// Connects to `addr`.
///
/// # Panics
///
/// When it is refused or takes more than [`LIMIT`].
#[track_caller]
pub fn connect(addr: impl ToSocketAddrs) -> TcpStream {
    let addr = addr.to_socket_addrs().expect("an address").next().expect("an address");
    match TcpStream::connect_timeout(&addr, LIMIT) {
        Ok(stream) => bounded(stream),
        Err(e) => panic!("cannot connect to {addr}: {e}"),
    }
}

fn bounded(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(LIMIT)).expect("a read timeout");
    stream.set_write_timeout(Some(LIMIT)).expect("a write timeout");
    stream
}

/// Python's `sendall`.
///
/// # Panics
///
/// When the peer does not take it.
#[track_caller]
pub fn send(stream: &mut TcpStream, bytes: impl AsRef<[u8]>) {
    stream.write_all(bytes.as_ref()).expect("the peer takes what is sent");
}

/// Python's `recv(n)`: what has arrived, `n` bytes at most; empty when the peer has closed.
///
/// # Panics
///
/// When nothing arrives within [`LIMIT`], or the connection is reset.
#[track_caller]
pub fn recv(stream: &mut TcpStream, n: usize) -> Vec<u8> {
    let mut buffer = vec![0; n];
    let got =
        uninterrupted(|| stream.read(&mut buffer)).expect("recv: bytes or an end within 10 s");
    buffer.truncate(got);
    buffer
}

/// Exactly `n` bytes, in as many reads as it takes.
///
/// # Panics
///
/// When fewer come; with those in the message.
#[track_caller]
pub fn recv_exact(stream: &mut TcpStream, n: usize) -> Vec<u8> {
    let mut bytes = vec![0; n];
    let mut filled = 0;
    while filled < n {
        match uninterrupted(|| stream.read(&mut bytes[filled..])) {
            Ok(got) if got > 0 => filled += got,
            end => panic!(
                "{filled} of {n} bytes came, then {end:?}: \"{}\"",
                bytes[..filled].escape_ascii()
            ),
        }
    }
    bytes
}

/// Everything up to and including the first `end`. Reads byte by byte, so that nothing after it is
/// lost.
///
/// # Panics
///
/// When the stream ends, or 10 s pass, without it; with what came in the message.
#[track_caller]
pub fn recv_until(stream: &mut TcpStream, end: impl AsRef<[u8]>) -> Vec<u8> {
    let end = end.as_ref();
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(end) {
        match uninterrupted(|| stream.read(&mut byte)) {
            Ok(1) => bytes.push(byte[0]),
            other => {
                panic!(
                    "no \"{}\", but {other:?} after \"{}\"",
                    end.escape_ascii(),
                    bytes.escape_ascii()
                )
            }
        }
    }
    bytes
}

/// Everything until the peer closes.
///
/// # Panics
///
/// When it does not close, or resets; with what came in the message.
#[track_caller]
pub fn recv_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Err(e) = stream.read_to_end(&mut bytes) {
        panic!("{e} instead of an end after \"{}\"", bytes.escape_ascii());
    }
    bytes
}

/// The peer has closed, or does so within [`LIMIT`], and sent nothing more.
///
/// # Panics
///
/// When something arrives, or nothing at all.
#[track_caller]
pub fn assert_closed(stream: &mut TcpStream) {
    let mut buffer = [0; 1024];
    match uninterrupted(|| stream.read(&mut buffer)) {
        Ok(0) => {}
        Ok(n) => panic!("closed? there is \"{}\"", buffer[..n].escape_ascii()),
        // A peer that closes with our bytes unread resets the connection (RFC 2525 §2.17).
        Err(e) if matches!(e.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {}
        Err(e) => panic!("still open after {LIMIT:?}: {e}"),
    }
}

/// Nothing arrives for `ms` milliseconds, and the connection stays. Costs that time: only where a
/// test needs to see that nothing happens.
///
/// # Panics
///
/// When something arrives or the peer closes.
#[track_caller]
pub fn assert_nothing_within(stream: &mut TcpStream, ms: u64) {
    stream.set_read_timeout(Some(Duration::from_millis(ms))).expect("a read timeout");
    let mut buffer = [0; 1024];
    match uninterrupted(|| stream.read(&mut buffer)) {
        Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
        Ok(n) => panic!(
            "nothing within {ms} ms? there is \"{}\" ({n} bytes)",
            buffer[..n].escape_ascii()
        ),
        Err(e) => panic!("nothing within {ms} ms? {e}"),
    }
    stream.set_read_timeout(Some(LIMIT)).expect("a read timeout");
}

/// Closes with a reset instead of an end of stream: `SO_LINGER` with a time of 0 (`man 7 socket`).
///
/// # Panics
///
/// When the option cannot be set.
pub fn reset(stream: TcpStream) {
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("SO_LINGER");
    drop(stream);
}

/// A UDP socket on a free port of 127.0.0.1.
///
/// # Panics
///
/// When there is none.
#[track_caller]
pub fn udp() -> UdpSocket {
    let socket = UdpSocket::bind(("127.0.0.1", 0)).expect("a free port");
    socket.set_read_timeout(Some(LIMIT)).expect("a read timeout");
    socket
}

/// Python's `recvfrom(n)`: one datagram, of which `n` bytes at most are kept, and its sender.
///
/// # Panics
///
/// When none comes within [`LIMIT`].
#[track_caller]
pub fn recv_from(socket: &UdpSocket, n: usize) -> (Vec<u8>, SocketAddr) {
    // To Windows a datagram that is longer than the buffer is an error (WSAEMSGSIZE).
    let mut buffer = vec![0; 65_536];
    let (got, from) =
        uninterrupted(|| socket.recv_from(&mut buffer)).expect("a datagram within 10 s");
    buffer.truncate(got.min(n));
    (buffer, from)
}

/// No datagram comes for `ms` milliseconds. Costs that time.
///
/// # Panics
///
/// When one comes.
#[track_caller]
pub fn assert_no_datagram_within(socket: &UdpSocket, ms: u64) {
    socket.set_read_timeout(Some(Duration::from_millis(ms))).expect("a read timeout");
    let mut buffer = [0; 1024];
    // An error is no datagram either: ICMP tells it of an earlier one that nobody took.
    if let Ok((n, from)) = uninterrupted(|| socket.recv_from(&mut buffer)) {
        panic!("no datagram? \"{}\" from {from}", buffer[..n].escape_ascii());
    }
    socket.set_read_timeout(Some(LIMIT)).expect("a read timeout");
}

/// Does a call again that a signal interrupted. One with a time limit is not restarted by the
/// system, whatever the signal's handler says (`man 7 signal`).
fn uninterrupted<T>(mut call: impl FnMut() -> std::io::Result<T>) -> std::io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
