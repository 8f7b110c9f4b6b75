//! The bytes of a file, or of a long page, that follow a head.
//!
//! To read a file may mean to wait for a disk. That is done on a thread that may wait
//! ([`on_disk_thread`]), never in a task: there are fewer threads for tasks than processors, and
//! one that waits holds up a thousand clients.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use super::disk_thread::on_disk_thread;
use crate::listing::Listing;
use crate::text;

/// How much of a file is read, and then sent, at a time, in bytes.
const CHUNK: usize = 128 * 1024;

/// What follows a head: a part of a file, or a page.
#[derive(Debug)]
pub(crate) struct Content {
    source: Arc<Source>,
    /// Where in the file the rest of it lies.
    rest: Range<u64>,
    /// The beginning of the rest, as far as it has been read.
    ahead: Vec<u8>,
}

/// Where the bytes come from.
#[derive(Debug)]
enum Source {
    File(File),
    Listing(Listing),
}

impl Content {
    /// These bytes of a file, the first of which have been read already.
    pub(crate) fn new(file: File, rest: Range<u64>, ahead: Vec<u8>) -> Self {
        Self { source: Arc::new(Source::File(file)), rest, ahead }
    }

    /// A listing, whose beginning has been read already.
    pub(crate) fn of_listing(listing: Listing, ahead: Vec<u8>) -> Self {
        let rest = 0..listing.length();
        Self { source: Arc::new(Source::Listing(listing)), rest, ahead }
    }

    /// The file, if it is one.
    pub(crate) fn file(&self) -> Option<&File> {
        match &*self.source {
            Source::File(file) => Some(file),
            Source::Listing(_) => None,
        }
    }

    /// Where in the file the bytes lie that are still to be sent.
    pub(crate) fn rest(&self) -> Range<u64> {
        self.rest.clone()
    }

    /// How many bytes are still to be sent.
    pub(crate) fn left(&self) -> u64 {
        self.rest.end - self.rest.start
    }

    /// The next of them, as far as they have been read.
    pub(crate) fn ahead(&self) -> &[u8] {
        &self.ahead
    }

    /// So many bytes have been sent. What was read beyond them is forgotten.
    pub(crate) fn advance(&mut self, sent: usize) {
        self.rest.start = self.rest.end.min(self.rest.start + sent as u64);
        if sent < self.ahead.len() {
            self.ahead = Vec::new();
        }
        self.ahead.clear();
    }

    /// Reads the next piece.
    ///
    /// # Errors
    /// The file has become shorter than the head said, or cannot be read.
    pub(crate) async fn read_ahead(&mut self) -> io::Result<()> {
        let (source, mut buffer) = (Arc::clone(&self.source), std::mem::take(&mut self.ahead));
        let range = beginning(&self.rest, CHUNK);
        let read = on_disk_thread(move || {
            match &*source {
                Source::File(file) => read(file, range, &mut buffer)?,
                Source::Listing(listing) => listing.read(range, &mut buffer),
            }
            Ok::<_, io::Error>(buffer)
        });
        self.ahead = read.await??;
        Ok(())
    }
}

/// The first `most` bytes of a range, or as many as it has.
pub(crate) fn beginning(range: &Range<u64>, most: usize) -> Range<u64> {
    range.start..range.end.min(range.start.saturating_add(most as u64))
}

/// Appends these bytes of a file to `buffer`, waiting for a disk where it must.
///
/// # Errors
/// The file is shorter, or cannot be read.
pub(crate) fn read(mut file: &File, range: Range<u64>, buffer: &mut Vec<u8>) -> io::Result<()> {
    let wanted = range.end - range.start;
    buffer.reserve_exact(wanted as usize);
    file.seek(SeekFrom::Start(range.start))?;
    let length = file.take(wanted).read_to_end(buffer)? as u64;
    if length == wanted {
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::UnexpectedEof, text::shorter_now()))
}
