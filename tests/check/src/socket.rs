//! The check's own sockets. Every wait ends.

mod flood;

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket,
};
use std::time::{Duration, Instant};

use socket2::{Domain, Type};

/// As much as any datagram holds.
const RECV_SIZE: usize = 65_536;
/// What a client with little room takes before it reads, in bytes.
const NARROW: usize = 16 << 10;
/// The longest segment that it asks for, in bytes: what a network of 1983 had to take. The kernel
/// at the other end makes its own buffer by that, and not by the 64 KiB of the loopback interface.
#[cfg(unix)]
const SEGMENT: u32 = 536;

/// What a `recv` brought.
#[derive(Debug)]
pub(super) enum Came {
    Bytes(Vec<u8>),
    /// FIN.
    End,
    /// RST.
    Reset,
    /// Nothing until the deadline.
    Nothing,
    /// UDP: the system says that nobody has the port.
    Refused,
    Failed(io::Error),
}

/// One side of a conversation.
#[derive(Debug)]
pub(super) enum Socket {
    Stream(TcpStream),
    /// Connected: takes datagrams from one address, and hears when nobody is there.
    Datagrams(UdpSocket),
    /// A server's: takes datagrams from everybody, and answers who sent last.
    Serving {
        socket: UdpSocket,
        client: Option<SocketAddr>,
        /// The address that was the client's before it took another.
        before: Option<SocketAddr>,
    },
    /// Somebody from whom the program does not expect anything.
    ThirdParty(UdpSocket, SocketAddr),
}

impl Socket {
    /// Connects to a server. `Err` of kind `ConnectionRefused` where nobody listens.
    pub(super) fn stream(addr: SocketAddr, limit: Duration) -> io::Result<Self> {
        Socket::to_another(TcpStream::connect_timeout(&addr, limit)?)
    }

    /// The same with small buffers at both ends.
    pub(super) fn narrow_stream(addr: SocketAddr, limit: Duration) -> io::Result<Self> {
        let socket = socket2::Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
        socket.set_recv_buffer_size(NARROW)?;
        // Where the system does not want that, its buffers are larger, and no less right.
        #[cfg(unix)]
        let _ = socket.set_tcp_mss(SEGMENT);
        socket.connect_timeout(&addr.into(), limit)?;
        Socket::to_another(socket.into())
    }

    fn to_another(stream: TcpStream) -> io::Result<Self> {
        // Where nobody listens yet, the system may give the client the very port that it calls, and
        // connect it to itself.
        if stream.local_addr()? == stream.peer_addr()? {
            return Err(ErrorKind::ConnectionRefused.into());
        }
        Socket::of(stream)
    }

    fn of(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Socket::Stream(stream))
    }

    /// Its own address, and that of the other side.
    pub(super) fn ends(&self) -> Option<(SocketAddr, SocketAddr)> {
        let Socket::Stream(stream) = self else { return None };
        Some((stream.local_addr().ok()?, stream.peer_addr().ok()?))
    }

    /// A datagram socket of its own port that speaks with `addr` alone.
    pub(super) fn datagrams(addr: SocketAddr) -> io::Result<Self> {
        connected(addr).map(Socket::Datagrams)
    }

    /// Accepts; `None` where nobody connects as long as it `goes_on`.
    pub(super) fn accept(
        listener: &TcpListener,
        goes_on: impl Fn() -> bool,
    ) -> io::Result<Option<Self>> {
        listener.set_nonblocking(true)?;
        loop {
            // Looked at first, so that a client that connects and ends is not missed.
            let last = !goes_on();
            match listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false)?;
                    return Ok(Some(Socket::of(stream)?));
                }
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
                Err(_) if last => return Ok(None),
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Sends, all of it or none.
    pub(super) fn send(&mut self, bytes: &[u8], limit: Duration) -> io::Result<()> {
        match self {
            Socket::Stream(stream) => {
                stream.set_write_timeout(Some(limit))?;
                stream.write_all(bytes)
            }
            Socket::Datagrams(socket) => {
                socket.send(bytes)?;
                refusal(socket)
            }
            Socket::Serving { socket, client: Some(to), .. } | Socket::ThirdParty(socket, to) => {
                socket.send_to(bytes, *to).map(|_| ())
            }
            Socket::Serving { client: None, .. } => Err(ErrorKind::NotConnected.into()),
        }
    }

    /// Sends to where the client asked from before it took another port, or where it always was.
    pub(super) fn send_late(&self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Socket::Serving { socket, client, before } => match before.or(*client) {
                Some(to) => socket.send_to(bytes, to).map(|_| ()),
                None => Err(ErrorKind::NotConnected.into()),
            },
            _ => Err(ErrorKind::NotConnected.into()),
        }
    }

    /// Waits until `deadline` for what one `recv` brings.
    pub(super) fn recv(&mut self, deadline: Instant) -> Came {
        let mut buffer = vec![0; RECV_SIZE];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // A time limit of zero would be none.
            let left = left.max(Duration::from_millis(1));
            let got = match self {
                Socket::Stream(stream) => {
                    stream.set_read_timeout(Some(left)).and_then(|()| stream.read(&mut buffer))
                }
                Socket::Datagrams(socket) | Socket::ThirdParty(socket, _) => {
                    socket.set_read_timeout(Some(left)).and_then(|()| socket.recv(&mut buffer))
                }
                Socket::Serving { socket, client, before } => socket
                    .set_read_timeout(Some(left))
                    .and_then(|()| socket.recv_from(&mut buffer))
                    .map(|(got, sender)| {
                        if *client != Some(sender) {
                            *before = client.replace(sender);
                        }
                        got
                    }),
            };
            return match got {
                Ok(0) if matches!(self, Socket::Stream(_)) => Came::End,
                Ok(got) => {
                    buffer.truncate(got);
                    Came::Bytes(buffer)
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => continue,
                    ErrorKind::WouldBlock | ErrorKind::TimedOut if Instant::now() >= deadline => {
                        Came::Nothing
                    }
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => continue,
                    ErrorKind::ConnectionReset if matches!(self, Socket::Stream(_)) => Came::Reset,
                    ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Came::Refused,
                    _ => Came::Failed(error),
                },
            };
        }
    }

    pub(super) fn half_close(&self) -> io::Result<()> {
        match self {
            Socket::Stream(stream) => stream.shutdown(Shutdown::Write),
            _ => Ok(()),
        }
    }

    /// Closes with RST: `SO_LINGER` with a time of 0 (`man 7 socket`).
    pub(super) fn reset(self) -> io::Result<()> {
        match self {
            Socket::Stream(stream) => {
                socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))
            }
            _ => Ok(()),
        }
    }
}

fn connected(addr: SocketAddr) -> io::Result<UdpSocket> {
    let any: IpAddr = match addr.ip() {
        ip if ip.is_loopback() => ip,
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(addr)?;
    Ok(socket)
}

/// Whether nobody has the port: the loopback interface says so at once.
#[cfg(not(windows))]
fn refusal(socket: &mut UdpSocket) -> io::Result<()> {
    match socket.take_error()? {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// The same. Windows tells it who receives, by the name of a reset, and perhaps only with the
/// answer that is waited for. Wine has `SO_ERROR`, which stays: the next try takes a new socket.
#[cfg(windows)]
fn refusal(socket: &mut UdpSocket) -> io::Result<()> {
    let mut told = socket.take_error()?;
    if told.is_none() {
        socket.set_nonblocking(true)?;
        told = socket.peek(&mut [0; 1]).err();
        socket.set_nonblocking(false)?;
    }
    match told.map(|error| error.kind()) {
        Some(ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset) => {
            *socket = connected(socket.peer_addr()?)?;
            Err(ErrorKind::ConnectionRefused.into())
        }
        _ => Ok(()),
    }
}
