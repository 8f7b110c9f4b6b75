//! The tap's way to the server for one client. A name may have several addresses, and UDP does not
//! tell a dead one from a lost datagram: while none has answered, each datagram goes to the first,
//! and to the next one when that is refused or silent. (As `common::socket::DatagramClient` has
//! it.)

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::task::Poll;
use std::time::{Duration, Instant};

use common::addr::canonical;
use tokio::io::Interest;
use tokio::net::UdpSocket;
use tokio::time::sleep_until;

/// How long an address may be silent before the next one is asked beside it (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// Sockets that only the server can answer to, each on a port of its own.
pub(super) struct Back {
    /// One for each address; a single one is left after the first answer.
    sockets: Vec<UdpSocket>,
    /// The datagram that waits for an answer, while there are several.
    datagram: Vec<u8>,
    /// How many were asked with it, and when the next one is.
    asked: usize,
    next: Instant,
}

impl Back {
    /// # Errors
    /// No network leads to any of these addresses.
    pub(super) async fn connect(target: &[SocketAddr]) -> io::Result<Self> {
        let mut sockets = Vec::new();
        let mut failed = io::Error::from(ErrorKind::AddrNotAvailable);
        for addr in target {
            match connect(*addr).await {
                Ok(socket) => sockets.push(socket),
                Err(error) => failed = error,
            }
        }
        match sockets.is_empty() {
            true => Err(failed),
            false => Ok(Self { sockets, datagram: Vec::new(), asked: 1, next: Instant::now() }),
        }
    }

    /// Its own address and the server's: of the socket that was used last, or has answered.
    ///
    /// # Errors
    /// Those of `man 2 getsockname`.
    pub(super) fn ends(&self) -> io::Result<(SocketAddr, SocketAddr)> {
        let socket = self.sockets.get(self.asked.saturating_sub(1));
        let socket = socket.ok_or(ErrorKind::NotConnected)?;
        Ok((canonical(socket.local_addr()?), canonical(socket.peer_addr()?)))
    }

    /// Sends a datagram.
    ///
    /// # Errors
    /// Those of `man 2 send`, of the last address.
    pub(super) async fn send(&mut self, datagram: &[u8]) -> io::Result<()> {
        if let [only] = self.sockets.as_slice() {
            return only.send(datagram).await.map(drop);
        }
        self.datagram = datagram.to_vec();
        self.asked = 0;
        self.ask_next().await
    }

    /// Asks the next address; one that cannot be asked is passed over.
    async fn ask_next(&mut self) -> io::Result<()> {
        let mut asked = Err(ErrorKind::NotConnected.into());
        while let Some(socket) = self.sockets.get(self.asked) {
            self.asked += 1;
            self.next = Instant::now() + HEAD_START;
            // An error that is told now is of an earlier datagram (`man 7 udp`).
            asked = match socket.send(&self.datagram).await {
                Err(_) => socket.send(&self.datagram).await,
                sent => sent,
            };
            if asked.is_ok() {
                break;
            }
        }
        asked.map(drop)
    }

    /// Waits for a datagram of the server's. May be given up at any time.
    ///
    /// # Errors
    /// Those of `man 2 recv`, where no other address is left to be asked.
    pub(super) async fn recv(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let waits = !self.datagram.is_empty() && self.asked < self.sockets.len();
            let next = self.next;
            let (at, received) = tokio::select! {
                received = any(&self.sockets, buffer) => received,
                () = sleep_until(next.into()), if waits => {
                    let _ = self.ask_next().await;
                    continue;
                }
            };
            match received {
                Ok(length) => {
                    // From now on this is the server.
                    self.sockets = vec![self.sockets.swap_remove(at)];
                    self.asked = 1;
                    return Ok(length);
                }
                // Others may still answer, or are to be asked.
                Err(_) if at + 1 < self.asked || waits && self.ask_next().await.is_ok() => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// What comes first on any of these, and on which.
async fn any(sockets: &[UdpSocket], buffer: &mut [u8]) -> (usize, io::Result<usize>) {
    loop {
        let wanted = Interest::READABLE | Interest::ERROR;
        let mut waits: Vec<_> =
            sockets.iter().map(|socket| Box::pin(socket.ready(wanted))).collect();
        let (at, ready) = poll_fn(|context| {
            let each = waits.iter_mut().enumerate();
            let mut ready = each.map(|(at, wait)| wait.as_mut().poll(context).map(|is| (at, is)));
            ready.find(Poll::is_ready).unwrap_or(Poll::Pending)
        })
        .await;
        let Some(socket) = sockets.get(at) else { continue };
        let found = ready.and_then(|ready| take(socket, ready.is_error(), buffer));
        match found {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            found => return (at, found),
        }
    }
}

/// A datagram, or what the network has told of an earlier one.
fn take(socket: &UdpSocket, is_error: bool, buffer: &mut [u8]) -> io::Result<usize> {
    if is_error {
        // It is not to be waited for again.
        let told: io::Result<()> = socket.try_io(Interest::ERROR, || {
            socket.take_error()?.map_or(Err(ErrorKind::WouldBlock.into()), Err)
        });
        if let Err(error) = told
            && error.kind() != ErrorKind::WouldBlock
        {
            return Err(error);
        }
    }
    socket.try_recv(buffer)
}

/// A socket that only this address can answer to.
///
/// # Errors
/// No network leads there.
pub(super) async fn connect(addr: SocketAddr) -> io::Result<UdpSocket> {
    let any: IpAddr = match addr {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(addr).await?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket as Blocking;

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(20), test).await.unwrap() });
    }

    fn bound() -> (Blocking, SocketAddr) {
        let socket = Blocking::bind("127.0.0.1:0").unwrap();
        let addr = socket.local_addr().unwrap();
        (socket, addr)
    }

    /// Answers one datagram, with the same.
    fn answer(socket: &Blocking) {
        let mut buffer = [0; 100];
        let (length, from) = socket.recv_from(&mut buffer).unwrap();
        socket.send_to(&buffer[..length], from).unwrap();
    }

    /// What comes back from the server, which is at the last of these addresses.
    async fn found(before: &[SocketAddr]) {
        let (server, addr) = bound();
        let target: Vec<SocketAddr> = before.iter().copied().chain([addr]).collect();
        let mut back = Back::connect(&target).await.unwrap();
        let mut buffer = [0; 100];
        for said in [&b"one"[..], b"two"] {
            back.send(said).await.unwrap();
            let answering = server.try_clone().unwrap();
            let thread = std::thread::spawn(move || answer(&answering));
            assert_eq!(back.recv(&mut buffer).await.unwrap(), said.len());
            assert_eq!(&buffer[..said.len()], said);
            assert_eq!(back.ends().unwrap().1, addr);
            thread.join().unwrap();
        }
    }

    #[test]
    fn an_address_that_is_refused_or_silent_is_passed_over() {
        let (silent, quiet) = bound();
        let (gone, closed) = bound();
        drop(gone);
        for before in [&[][..], &[closed], &[quiet], &[closed, quiet, closed]] {
            run(found(before));
        }
        drop(silent);
    }

    #[test]
    fn where_nobody_listens_anywhere_that_is_told() {
        let ((one, first), (other, second)) = (bound(), bound());
        drop((one, other));
        run(async {
            let mut back = Back::connect(&[first, second]).await.unwrap();
            back.send(b"hi").await.unwrap();
            let error = back.recv(&mut [0; 10]).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        });
    }
}
