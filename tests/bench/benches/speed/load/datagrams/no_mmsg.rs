//! In place of `mmsg`, on a system that moves one datagram with each call.

use std::io;
use std::net::UdpSocket;

/// The two calls, for a connected socket.
pub(super) struct Calls {
    room: Vec<u8>,
}

impl Calls {
    /// For replies of so many bytes.
    pub(super) fn new(reply: usize) -> Self {
        Self { room: vec![0; reply + 1] }
    }

    pub(super) fn send(
        &mut self,
        socket: &UdpSocket,
        request: &[u8],
        _: usize,
    ) -> io::Result<usize> {
        socket.send(request).map(|_| 1)
    }

    pub(super) fn receive(&mut self, socket: &UdpSocket, expected: &[u8]) -> io::Result<usize> {
        let length = socket.recv(&mut self.room)?;
        if self.room.get(..length) != Some(expected) {
            return Err(io::Error::other(crate::trouble::unexpected()));
        }
        Ok(1)
    }
}
