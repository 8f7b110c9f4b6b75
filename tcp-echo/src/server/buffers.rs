//! Receive buffers, lent for one turn each.
//!
//! A large buffer for each client, once used, keeps its memory: ten thousand silent clients would
//! hold 640 MB. Lent only when bytes have come, a few buffers serve all clients.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many buffers are kept for the next who needs one.
const KEPT: usize = 32;

/// The buffers that nobody uses at the moment. The last that came back is lent first: it is still
/// in the processor's cache.
#[derive(Debug)]
pub(crate) struct Buffers {
    size: usize,
    free: Mutex<Vec<Vec<u8>>>,
}

/// A buffer that goes back when it is dropped.
#[derive(Debug)]
pub(crate) struct Buffer<'a> {
    bytes: Vec<u8>,
    home: &'a Buffers,
}

impl Buffers {
    /// Each buffer has `size` bytes.
    pub(crate) fn new(size: usize) -> Self {
        Self { size, free: Mutex::default() }
    }

    /// The bytes of each.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    pub(crate) fn lend(&self) -> Buffer<'_> {
        let kept = self.free().pop();
        Buffer { bytes: kept.unwrap_or_else(|| vec![0; self.size]), home: self }
    }

    fn free(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Buffer<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl DerefMut for Buffer<'_> {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        let mut free = self.home.free();
        if free.len() < KEPT {
            free.push(std::mem::take(&mut self.bytes));
        }
    }
}
