//! What all programs have in common, checked on all of them: the command line, how they end, what
//! they print, what the documents say of them, and what no peer can do to them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod absent_peers;
#[cfg(target_os = "linux")] // memory and open files are read in /proc, and limited by `setrlimit`
mod attacks;
mod chinese;
mod circles;
mod command_line;
mod constants;
mod documents;
mod ending;
mod english;
mod fuzz_targets;
mod languages;
#[cfg(windows)]
mod left_out;
mod left_out_tests;
mod lessons;
mod listening;
mod output;
#[cfg(target_os = "linux")] // only there addresses and threads are limited so
mod scarce;
mod terminal;

use std::any::Any;
use std::net::{SocketAddr, TcpStream, UdpSocket};

use harness::pairs::Transport;
use harness::{Server, eventually, peer, usage};
use socket2::{Domain, Socket, Type};

/// A client that the server has accepted: it holds one more open file than before.
fn accepted(server: &Server) -> TcpStream {
    let before = usage::open_files(server.id());
    let client = peer::connect(server.addr());
    eventually("the server has accepted", || usage::open_files(server.id()) > before);
    client
}

/// An address that refuses, and what keeps it from others meanwhile.
fn nobody(transport: Transport) -> (Box<dyn Any>, SocketAddr) {
    match transport {
        Transport::Tcp => {
            // Bound, but not listening.
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
            socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
            let addr = socket.local_addr().unwrap().as_socket().unwrap();
            (Box::new(socket), addr)
        }
        Transport::Udp => {
            // Connected to itself, so that it takes datagrams from nobody else; they are refused by
            // ICMP.
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            let addr = socket.local_addr().unwrap();
            socket.connect(addr).unwrap();
            (Box::new(socket), addr)
        }
    }
}
