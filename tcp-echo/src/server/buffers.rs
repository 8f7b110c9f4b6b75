//! Receive buffers for thousands of threads of which nearly all wait.
//!
//! Who calls `recv` says beforehand where the bytes are to go. With 64 KiB for each of ten thousand threads, of which the
//! first page is touched at once and the others stay once they were used, a server idles at 220 MB, and at 330 MB after a
//! message of 16 KiB from each. So a thread waits with 1 KiB. A message that fills it has its rest taken by a second
//! `recv`, which does not wait (`MSG_DONTWAIT`, `man 2 recv`), into a large buffer that is borrowed for this one turn.
//!
//! To wait by `poll` or `MSG_PEEK` and borrow then would be simpler and costs each message a system call more: 7 % of
//! the server's time at 64 bytes. So it costs none, and long messages hardly notice.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use common::socket::Stream;

/// What a thread waits with, in bytes.
const SMALL: usize = 1024;

/// How many large buffers are kept for the next who needs one.
const KEPT: usize = 32;

/// The large buffers that nobody uses at the moment. The last that came back is the next to go: it is still in the
/// processor's cache.
#[derive(Debug)]
pub(crate) struct Buffers {
    size: usize,
    free: Mutex<Vec<Vec<u8>>>,
}

/// Where one client's bytes arrive.
#[derive(Debug)]
pub(crate) struct Inbox<'a> {
    buffers: &'a Buffers,
    small: Vec<u8>,
    /// While there is something in it.
    large: Option<Vec<u8>>,
}

impl Buffers {
    /// Large buffers have `size` bytes.
    pub(crate) fn new(size: usize) -> Self {
        Self { size, free: Mutex::default() }
    }

    pub(crate) fn inbox(&self) -> Inbox<'_> {
        Inbox { buffers: self, small: vec![0; self.size.min(SMALL)], large: None }
    }

    fn borrow(&self) -> Vec<u8> {
        let free = self.free().pop();
        free.unwrap_or_else(|| vec![0; self.size])
    }

    fn give_back(&self, buffer: Vec<u8>) {
        let mut free = self.free();
        if free.len() < KEPT {
            free.push(buffer);
        }
    }

    fn free(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox<'_> {
    /// Waits for bytes and takes as many as have come, up to the size of a large buffer; none are the end of the stream.
    ///
    /// # Errors
    /// Those of `Stream::recv`.
    pub(crate) fn recv(&mut self, client: &Stream) -> io::Result<&[u8]> {
        self.give_back();
        if cfg!(not(unix)) || client.trace().is_on() {
            return self.recv_plainly(client);
        }
        let received = client.recv(&mut self.small)?;
        if received < self.small.len() || received == self.buffers.size {
            return Ok(self.small.get(..received).unwrap_or_default());
        }
        let large = self.large.insert(self.buffers.borrow());
        if let Some((begin, room)) = large.split_at_mut_checked(received) {
            begin.copy_from_slice(&self.small);
            let more = client.recv_now(room)?;
            return Ok(large.get(..received + more).unwrap_or_default());
        }
        Ok(&self.small)
    }

    /// One call with a large buffer: as the tutorial has it, and as a trace shows it.
    fn recv_plainly(&mut self, client: &Stream) -> io::Result<&[u8]> {
        let large = self.large.insert(self.buffers.borrow());
        let received = client.recv(large)?;
        Ok(large.get(..received).unwrap_or_default())
    }

    fn give_back(&mut self) {
        if let Some(large) = self.large.take() {
            self.buffers.give_back(large);
        }
    }
}

impl Drop for Inbox<'_> {
    fn drop(&mut self) {
        self.give_back();
    }
}
