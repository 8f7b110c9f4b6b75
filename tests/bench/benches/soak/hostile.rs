//! What clients do that mean harm, or are broken.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use common::random::Random;
use harness::pairs::Transport;
use socket2::SockRef;

/// How long a client may be held by a server that does not take what it sends.
const STUCK: Duration = Duration::from_millis(500);

/// One attack, chosen by chance. That the server ends it is no error.
pub(crate) fn attack(transport: Transport, addr: SocketAddr, random: &mut Random) {
    let _ = match transport {
        Transport::Tcp => tcp(addr, random),
        Transport::Udp => udp(addr, random),
    };
}

fn tcp(addr: SocketAddr, random: &mut Random) -> io::Result<()> {
    let kind = random.next() % 9;
    if kind == 0 {
        return crowd(addr, 50);
    }
    let mut server = TcpStream::connect(addr)?;
    server.set_write_timeout(Some(STUCK))?;
    server.set_read_timeout(Some(STUCK))?;
    match kind {
        // Says nothing, and is gone.
        1 => Ok(()),
        2 => reset(server),
        // Has said all that it will.
        3 => {
            server.shutdown(Shutdown::Write)?;
            server.read_to_end(&mut Vec::new()).map(drop)
        }
        4 => {
            server.write_all(&noise(random, 4_096))?;
            reset(server)
        }
        // Takes no reply.
        5 => {
            let line = [b'a'; 16_384];
            for _ in 0..64 {
                server.write_all(&line)?;
                server.write_all(b"\n")?;
            }
            reset(server)
        }
        // A line without an end.
        6 => {
            for _ in 0..64 {
                server.write_all(&[b'x'; 16_384])?;
            }
            Ok(())
        }
        // A request that never gets finished, byte by byte.
        7 => {
            for byte in b"GET / HTTP/1.1\r\nHost: a\r\nX: \xe4\xbd" {
                server.write_all(&[*byte])?;
            }
            server.read(&mut [0; 256]).map(drop)
        }
        // The largest length there is, and a little of what it announces.
        _ => {
            server.write_all(&[0xff; 8])?;
            server.write_all(&noise(random, 64))?;
            server.read(&mut [0; 256]).map(drop)
        }
    }
}

/// Many at once, all silent.
fn crowd(addr: SocketAddr, size: usize) -> io::Result<()> {
    let crowd: Vec<TcpStream> =
        (0..size).map(|_| TcpStream::connect(addr)).collect::<io::Result<_>>()?;
    crowd.iter().try_for_each(|client| (&mut &*client).write_all(b"\xff"))
}

/// Closes so that the server gets a reset (`SO_LINGER` of nought, `man 7 socket`).
fn reset(stream: TcpStream) -> io::Result<()> {
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))
}

fn udp(addr: SocketAddr, random: &mut Random) -> io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    for _ in 0..16 {
        let length = match random.next() % 4 {
            0 => 0,
            1 => 65_507,
            _ => random.next() % 2_000,
        };
        socket.send_to(&noise(random, length as usize), addr)?;
    }
    // Some wait for a reply, some are gone when it comes.
    if random.next().is_multiple_of(2) {
        socket.set_read_timeout(Some(STUCK))?;
        socket.recv(&mut [0; 65_535])?;
    }
    Ok(())
}

fn noise(random: &mut Random, length: usize) -> Vec<u8> {
    (0..length).map(|_| random.next() as u8).collect()
}
