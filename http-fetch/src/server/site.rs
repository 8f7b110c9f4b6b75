//! What the server has: one welcome page, or the files below a directory.
//!
//! What touches a file may wait for a disk, and so is done on a thread that may wait (`spawn_blocking`),
//! never in a task: there are fewer threads for tasks than processors, and one that waits holds up a thousand
//! clients. Unless what is wanted lies in memory, as [`crate::at_hand`] finds out.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use common::error_text::cause;
use common::notice;
use common::trace::Trace;
use http_fetch::answer::{Reply, Status};
use http_fetch::conditional::{self, Validators, Verdict};
use http_fetch::incoming::{Method, Request};
use http_fetch::path::{self, Place};
use http_fetch::range::{self, Wanted};
use http_fetch::stamp::Stamp;
use http_fetch::{incoming, listing, media, page};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;

use crate::at_hand;
use crate::root::{Directory, Found, State};

/// How much of a file is read, and then sent, at a time, in bytes.
const CHUNK: usize = 128 * 1024;

/// How much of a file leaves together with the head, in bytes.
const BEGINNING: usize = 32 * 1024;

/// How much of a file is looked at to tell what it is, in bytes.
const SAMPLE: usize = 4 * 1024;

/// The page of a directory that is shown in place of its listing.
const INDEX: &[u8] = b"index.html";

/// What the server has.
#[derive(Debug)]
pub(crate) enum Site {
    /// The tutorial's page.
    Welcome,
    /// The files below a directory.
    Files(Directory),
}

/// The part of a file that follows a head.
#[derive(Debug)]
pub(crate) struct Content {
    file: Arc<File>,
    /// Where in the file the rest of it lies.
    rest: Range<u64>,
    /// The beginning of the rest, as far as it has been read.
    ahead: Vec<u8>,
}

impl Content {
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

    /// Sends some of it without waiting for a disk; `None` if that is not possible.
    pub(crate) fn send_at_hand(&self, socket: &TcpStream) -> Option<io::Result<usize>> {
        at_hand::send(socket, &self.file, self.rest.clone())
    }

    /// Reads the next piece.
    ///
    /// # Errors
    /// The file has become shorter than the head said, or cannot be read.
    pub(crate) async fn read_ahead(&mut self) -> io::Result<()> {
        let (file, rest, mut buffer) =
            (Arc::clone(&self.file), self.rest.clone(), std::mem::take(&mut self.ahead));
        let range = beginning(&rest, CHUNK);
        let read = spawn_blocking(move || read(&file, range, &mut buffer).map(|()| buffer));
        self.ahead = read.await.unwrap_or_else(|_| Err(io::Error::other("the server ends")))?;
        Ok(())
    }
}

/// The first `most` bytes of a range, or as many as it has.
fn beginning(range: &Range<u64>, most: usize) -> Range<u64> {
    range.start..range.end.min(range.start.saturating_add(most as u64))
}

/// Appends these bytes of a file to `buffer`.
fn read(mut file: &File, range: Range<u64>, buffer: &mut Vec<u8>) -> io::Result<()> {
    let wanted = range.end - range.start;
    buffer.reserve_exact(wanted as usize);
    file.seek(SeekFrom::Start(range.start))?;
    let length = file.take(wanted).read_to_end(buffer)? as u64;
    if length == wanted {
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::UnexpectedEof, "the file became shorter while it was sent"))
}

/// Whether whoever reads a file can wait for a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Haste {
    /// No: what cannot be had at once fails with `WouldBlock`.
    AtOnce,
    /// Yes.
    InTime,
}

impl Haste {
    fn read(self, file: &File, range: Range<u64>, buffer: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::AtOnce => at_hand::read(file, range, buffer).ok_or_else(|| ErrorKind::WouldBlock.into()),
            Self::InTime => read(file, range, buffer),
        }
    }
}

impl Site {
    /// # Errors
    /// There is no such directory, or it may not be read.
    pub(crate) fn open(root: Option<&Path>) -> io::Result<Self> {
        root.map_or(Ok(Self::Welcome), |root| Directory::open(root).map(Self::Files))
    }

    /// The answer to a GET or HEAD with this head.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        head: &[u8],
        request: &Request<'_>,
        trace: Trace,
    ) -> (Reply, Option<Content>) {
        if let Self::Welcome = **self {
            let is_there = request.path == b"/";
            let reply = if is_there { Reply::page(page::WELCOME) } else { Reply::refusal(path::NOT_FOUND) };
            return (reply, None);
        }
        // A trace shows the bytes that are sent, so they have to pass through here.
        let at_once = if trace.is_on() { None } else { self.look_up_at_once(request) };
        if let Some(answer) = at_once {
            return answer;
        }
        // What is lent to this task cannot go to another thread, so the head goes, and is taken apart again.
        let (site, head) = (Arc::clone(self), head.to_vec());
        let answer = spawn_blocking(move || match incoming::parse(&head) {
            Ok(request) => site.look_up(&request),
            Err(refusal) => (Reply::refusal(refusal), None),
        });
        answer.await.unwrap_or_else(|_| (Reply::error(Status::UNAVAILABLE, "the server ends"), None))
    }

    /// The answer, if it is a file that lies in memory.
    fn look_up_at_once(&self, request: &Request<'_>) -> Option<(Reply, Option<Content>)> {
        let Self::Files(root) = self else { return None };
        let place = Place::of(request.path).ok()?;
        let index = if place.is_directory { Some(INDEX) } else { None };
        let names: Vec<&[u8]> = place.names.iter().map(Vec::as_slice).chain(index).collect();
        let (file, state) = root.file_at_hand(&names)?;
        send(request, names.last()?, file, state, Haste::AtOnce).ok()
    }

    fn look_up(&self, request: &Request<'_>) -> (Reply, Option<Content>) {
        let Self::Files(root) = self else { return (Reply::refusal(path::NOT_FOUND), None) };
        let place = match Place::of(request.path) {
            Ok(place) => place,
            Err(refusal) => return (Reply::refusal(refusal), None),
        };
        let answer = match root.find(&place.names) {
            Ok(Found::File(_)) if place.is_directory => Err(ErrorKind::NotFound.into()),
            Ok(Found::File(file)) => {
                send_in_time(request, place.names.last().map_or(&[], Vec::as_slice), file)
            }
            Ok(Found::Directory(_)) if !place.is_directory => Ok((moved(&place, request.query), None)),
            Ok(Found::Directory(directory)) => show(request, &place, &directory),
            Err(error) => Err(error),
        };
        answer.unwrap_or_else(|error| (excuse(request, &error), None))
    }
}

/// A directory asked for without its slash: the links in its page would lead beside it.
fn moved(place: &Place, query: Option<&[u8]>) -> Reply {
    let mut location = place.directory_path();
    if let Some(query) = query {
        location.push('?');
        location.extend(path::encode_query(query));
    }
    Reply::error(Status::MOVED_PERMANENTLY, "this is a directory").with("Location", location)
}

fn show(request: &Request<'_>, place: &Place, directory: &Directory) -> io::Result<(Reply, Option<Content>)> {
    if let Ok(Found::File(index)) = directory.find(&[INDEX.to_vec()]) {
        return send_in_time(request, INDEX, index);
    }
    let (entries, left_out) = directory.entries()?;
    Ok((Reply::page(listing::page(&place.names, entries, left_out)), None))
}

fn send_in_time(request: &Request<'_>, name: &[u8], file: File) -> io::Result<(Reply, Option<Content>)> {
    let state = State::of(&file)?;
    send(request, name, file, state, Haste::InTime)
}

fn send(
    request: &Request<'_>,
    name: &[u8],
    file: File,
    state: State,
    haste: Haste,
) -> io::Result<(Reply, Option<Content>)> {
    let (length, now) = (state.length, Stamp::now());
    let validators = Validators::of(length, state.modified);
    let without_content = match conditional::judge(&request.fields, &validators) {
        Verdict::NotModified => Some(Reply::empty(Status::NOT_MODIFIED)),
        Verdict::Failed => Some(Reply::error(Status::PRECONDITION_FAILED, "the file is in another state")),
        Verdict::Send => None,
    };
    if let Some(reply) = without_content {
        return Ok((with_validators(reply, validators, &now), None));
    }
    let Some((status, part)) = part(request, length, &validators, &now) else {
        let reply = Reply::error(Status::RANGE_NOT_SATISFIABLE, "the file has no such bytes");
        return Ok((reply.with("Content-Range", format!("bytes */{length}")), None));
    };
    let mut ahead = Vec::new();
    // A longer part that lies in memory goes from there to the client without being read.
    if request.method == Method::Get && (haste == Haste::InTime || part.end - part.start <= BEGINNING as u64)
    {
        haste.read(&file, beginning(&part, BEGINNING), &mut ahead)?;
    }
    let sample = if media::is_told_by_name(name) { 0..0 } else { beginning(&(0..length), SAMPLE) };
    let kind = match ahead.get(..sample.end as usize).filter(|_| part.start == 0) {
        Some(bytes) => media::of(name, bytes, sample.end == length),
        None => {
            let mut bytes = Vec::new();
            haste.read(&file, sample.clone(), &mut bytes)?;
            media::of(name, &bytes, sample.end == length)
        }
    };
    let mut reply = Reply::file(status, kind, part.end - part.start).with("Accept-Ranges", "bytes");
    if status == Status::PARTIAL_CONTENT {
        let (first, last) = (part.start, part.end - 1);
        reply = reply.with("Content-Range", format!("bytes {first}-{last}/{length}"));
    }
    let content = Content { file: Arc::new(file), rest: part, ahead };
    Ok((with_validators(reply, validators, &now), Some(content)))
}

/// The bytes to be sent, of a file of this length, and what to call that; `None` if the client wants bytes
/// that it does not have.
fn part(
    request: &Request<'_>,
    length: u64,
    validators: &Validators,
    now: &Stamp,
) -> Option<(Status, Range<u64>)> {
    let fields = &request.fields;
    let heeds = request.method == Method::Get && conditional::range_holds(fields.if_range, validators, now);
    match range::wanted(fields.range.filter(|_| heeds), length) {
        Wanted::Whole => Some((Status::OK, 0..length)),
        Wanted::Part(part) => Some((Status::PARTIAL_CONTENT, *part.start()..*part.end() + 1)),
        Wanted::Nothing => None,
    }
}

fn with_validators(reply: Reply, validators: Validators, now: &Stamp) -> Reply {
    // RFC 9110 §8.8.2.1: a file from the future was last modified now.
    let modified = UNIX_EPOCH + Duration::from_secs(validators.modified.min(now.second()));
    reply.with("Last-Modified", httpdate::fmt_http_date(modified)).with("ETag", validators.etag)
}

/// The answer where a file cannot be had. What the client need not know goes to whoever runs the server.
fn excuse(request: &Request<'_>, error: &io::Error) -> Reply {
    match error.kind() {
        ErrorKind::PermissionDenied => Reply::error(Status::FORBIDDEN, "the server may not read that"),
        ErrorKind::NotFound => Reply::refusal(path::NOT_FOUND),
        _ => {
            notice!("cannot serve {}: {}", request.path.escape_ascii(), cause(error));
            Reply::error(Status::INTERNAL_ERROR, "the server cannot read that")
        }
    }
}
