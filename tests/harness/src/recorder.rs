//! What a good client says, to be said again by a bad one.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use crate::pairs::Pair;
use crate::peer;

/// The bytes that the pair's client sends in its conversation with the server at `addr`: a relay
/// between them writes them down.
///
/// # Panics
///
/// When the conversation fails.
#[track_caller]
pub fn recorded(pair: &Pair, addr: SocketAddr) -> Vec<u8> {
    let relay = peer::listen();
    let client = pair.start_client(relay.addr());
    let from_client = relay.accept();
    let from_server = peer::connect(addr);
    let (to_client, to_server) =
        (from_client.try_clone().unwrap(), from_server.try_clone().unwrap());
    let replies = std::thread::spawn(move || pass_on(from_server, to_client));
    let said = pass_on(from_client, to_server);
    client.wait().assert_code(0);
    replies.join().unwrap();
    assert!(!said.is_empty(), "the client said nothing");
    said
}

/// Passes on everything until the end, the end itself included, and returns it.
fn pass_on(mut from: TcpStream, mut to: TcpStream) -> Vec<u8> {
    let mut passed = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        passed.extend_from_slice(&buffer[..n]);
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    passed
}
