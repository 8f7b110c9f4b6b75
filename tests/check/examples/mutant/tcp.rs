//! What servers and clients over TCP have in common, and what can be wrong with it.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::has;

pub(crate) const SERVER: &[(&str, &str)] = &[
    ("listens-elsewhere", "listens"),
    ("serves-one-client", "next-client"),
    ("waits-for-one-client", "silent-client"),
    ("two-at-a-time", "silent-client"),
    ("pool-of-32", "silent-client"),
    ("dies-of-reset", "reset"),
    ("no-reuse", "restart"),
];

pub(crate) const CLIENT: &[(&str, &str)] = &[("stays-away", "connects")];

pub(crate) fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    if has("listens-elsewhere") {
        return TcpListener::bind("127.0.0.1:0");
    }
    if has("no-reuse") {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
        socket.bind(&addr.into())?;
        socket.listen(128)?;
        return Ok(socket.into());
    }
    TcpListener::bind(addr)
}

/// A thread for each client; an error ends it, and nothing else.
pub(crate) fn serve(
    addr: SocketAddr,
    converse: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static,
) -> io::Result<()> {
    let listener = listen(addr)?;
    println!("listening on {}", listener.local_addr()?);
    if let Some(threads) = pool() {
        for _ in 1..threads {
            let (listener, converse) = (listener.try_clone()?, converse.clone());
            thread::spawn(move || one_after_the_other(&listener, &converse));
        }
        return one_after_the_other(&listener, &converse);
    }
    loop {
        let (client, _) = listener.accept()?;
        client.set_nodelay(true)?;
        if has("serves-one-client") {
            return converse(client);
        }
        let converse = converse.clone();
        let one = move || {
            let end = converse(client);
            if let Err(error) = end
                && ((error.kind() == ErrorKind::ConnectionReset && has("dies-of-reset"))
                    || has("dies-of-a-failed-send"))
            {
                // A moment later, when the next client may have been served already.
                thread::sleep(Duration::from_millis(60));
                std::process::exit(1);
            }
        };
        if has("waits-for-one-client") { one() } else { drop(thread::spawn(one)) }
    }
}

/// How many threads there are for all clients together.
fn pool() -> Option<usize> {
    let pools = [("two-at-a-time", 2), ("pool-of-32", 32)];
    pools.into_iter().find(|(defect, _)| has(defect)).map(|(_, threads)| threads)
}

fn one_after_the_other(
    listener: &TcpListener,
    converse: &impl Fn(TcpStream) -> io::Result<()>,
) -> io::Result<()> {
    loop {
        let _ = converse(listener.accept()?.0);
    }
}

pub(crate) fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    if has("stays-away") {
        std::process::exit(0);
    }
    let stream = TcpStream::connect(addr)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// What one `recv` brings; nothing is the end.
pub(crate) fn recv(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; 65_536];
    let length = stream.read(&mut buffer).or_else(forgiven)?;
    buffer.truncate(length);
    Ok(buffer)
}

/// A server that only looks at what its recv raises.
fn forgiven(error: io::Error) -> io::Result<usize> {
    if has("dies-of-a-failed-send") { Ok(0) } else { Err(error) }
}

/// The same, with room for so many bytes.
pub(crate) fn recv_at_most(stream: &mut TcpStream, most: usize) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; most];
    let length = stream.read(&mut buffer).or_else(forgiven)?;
    buffer.truncate(length);
    Ok(buffer)
}

/// Sends it in two parts, the second when the first has been read.
pub(crate) fn send_in_two(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    stream.write_all(first)?;
    thread::sleep(Duration::from_millis(80));
    stream.write_all(second)
}

/// `MSG_DONTWAIT` of Linux, where the mutants are tried.
const DONTWAIT: i32 = 0x40;

/// Sends what there is room for at this moment, and forgets the rest.
pub(crate) fn send_a_part(stream: &TcpStream, bytes: &[u8]) -> io::Result<()> {
    match socket2::SockRef::from(stream).send_with_flags(bytes, DONTWAIT) {
        Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
        _ => Ok(()),
    }
}

/// What of these bytes are whole characters; the rest may still become one. Bytes that are none are
/// taken as they are.
pub(crate) fn whole(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    }
}

pub(crate) fn fail(why: &str) -> io::Error {
    io::Error::other(why.to_owned())
}

/// Shown at once, whatever it is.
pub(crate) fn show(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    out.write_all(bytes).unwrap();
    out.flush().unwrap();
}
