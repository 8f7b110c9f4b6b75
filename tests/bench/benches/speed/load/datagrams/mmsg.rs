//! Many datagrams by one call each way: `sendmmsg` and `recvmmsg` (`man 2 recvmmsg`).

use std::array;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::UdpSocket;
use std::os::fd::AsRawFd as _;

use nix::sys::socket::{MsgFlags, MultiHeaders, recvmmsg, sendmmsg};

const BATCH: usize = 64;

/// The two calls, for a connected socket.
pub(super) struct Calls {
    headers: [MultiHeaders<()>; 2],
    room: Vec<u8>,
    stride: usize,
}

impl Calls {
    /// For replies of so many bytes.
    pub(super) fn new(reply: usize) -> Self {
        // One byte more, so that a reply that is too long is seen to be.
        let stride = (reply + 1).next_multiple_of(64);
        let headers = || MultiHeaders::preallocate(BATCH, None);
        Self { headers: [headers(), headers()], room: vec![0; BATCH * stride], stride }
    }

    /// Sends so many requests, or a batch of them, and tells how many.
    pub(super) fn send(
        &mut self,
        socket: &UdpSocket,
        request: &[u8],
        count: usize,
    ) -> io::Result<usize> {
        let [headers, _] = &mut self.headers;
        let parts = [[IoSlice::new(request)]; BATCH];
        let nobody = [None; BATCH];
        let to = nobody.get(..count).unwrap_or(&nobody);
        Ok(sendmmsg(socket.as_raw_fd(), headers, &parts, to, [], MsgFlags::empty())?.count())
    }

    /// Waits for a reply, takes what else is there, and tells how many were as they should be.
    pub(super) fn receive(&mut self, socket: &UdpSocket, expected: &[u8]) -> io::Result<usize> {
        let [_, headers] = &mut self.headers;
        let mut buffers = self.room.chunks_mut(self.stride);
        let mut parts: [_; BATCH] =
            array::from_fn(|_| [IoSliceMut::new(buffers.next().unwrap_or_default())]);
        let flags = MsgFlags::MSG_WAITFORONE;
        let messages = recvmmsg(socket.as_raw_fd(), headers, &mut parts, flags, None)?;
        let mut lengths = [0; BATCH];
        let mut count = 0;
        for (message, length) in messages.zip(&mut lengths) {
            *length = message.bytes;
            count += 1;
        }
        let replies = self.room.chunks(self.stride).zip(lengths).take(count);
        for (room, length) in replies {
            if room.get(..length) != Some(expected) {
                return Err(io::Error::other(crate::trouble::unexpected()));
            }
        }
        Ok(count)
    }
}
