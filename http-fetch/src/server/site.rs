//! What the server has: one welcome page, or the files below a directory.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use common::error_text::cause;
use common::notice;
use http_fetch::http::conditional::{self, Precondition, Validators};
use http_fetch::http::date::Date;
use http_fetch::http::range::{self, Wanted};
use http_fetch::http::request::parse::parse;
use http_fetch::http::request::types::{Method, Request};
use http_fetch::http::status::Status;

use crate::files::content::{self, Content, beginning};
use crate::files::directory::{Directory, Found};
use crate::files::disk_thread::on_disk_thread;
use crate::files::known::Known;
use crate::files::page_cache;
use crate::files::root::Root;
use crate::files::state::State;
use crate::listing::Listing;
use crate::media::{Bytes, Look};
use crate::order::Order;
use crate::path::{self, SitePath};
use crate::reply::Reply;
use crate::text;
use crate::{media, page};

/// The most bytes of a file that leave together with the head.
const BEGINNING: u64 = 32 * 1024;

/// The longest file that is read to its end to tell what it is, in bytes: a long novel.
const LONGEST_LOOK: u64 = 2 * 1024 * 1024;

/// How much of it is read at a time, in bytes.
const PIECE: usize = 32 * 1024;

/// The page of a directory that is shown in place of its listing.
const INDEX: &[u8] = b"index.html";

/// The page of a site for what it does not have.
const NOT_FOUND_PAGE: &[u8] = b"404.html";

/// What the server has.
#[derive(Debug)]
pub(crate) enum Site {
    /// The tutorial's page.
    Welcome,
    /// The files below a directory.
    Files(Files),
}

/// The files below a directory, and what was found out about them.
#[derive(Debug)]
pub(crate) struct Files {
    root: Root,
    known: Known,
}

/// Reads these bytes of a file into a buffer: [`content::read`], which may wait for a disk, or
/// [`page_cache::read`], which fails where it would have to.
type Read = fn(&File, Range<u64>, &mut Vec<u8>) -> io::Result<()>;

impl Site {
    /// # Errors
    /// There is no such directory, or it may not be read.
    pub(crate) fn open(root: Option<&Path>) -> io::Result<Self> {
        let Some(root) = root else { return Ok(Self::Welcome) };
        Ok(Self::Files(Files { root: Root::new(root)?, known: Known::default() }))
    }

    /// The answer to a GET or HEAD with this head.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        head: &[u8],
        request: &Request<'_>,
    ) -> (Reply, Option<Content>) {
        let Self::Files(files) = &**self else {
            let is_there = request.path == b"/";
            let reply =
                if is_there { Reply::page(page::WELCOME) } else { Reply::refusal(path::NOT_FOUND) };
            return (reply, None);
        };
        if let Some(answer) = look_up_at_once(files, request) {
            return answer;
        }
        // What is lent to this task cannot go to another thread, so the head goes, and is taken
        // apart again.
        let (site, head) = (Arc::clone(self), head.to_vec());
        let answer = on_disk_thread(move || match (&*site, parse(&head)) {
            (Self::Files(files), Ok(request)) => look_up(files, &request),
            (Self::Welcome, _) => (Reply::refusal(path::NOT_FOUND), None),
            (_, Err(refusal)) => (Reply::refusal(refusal), None),
        });
        answer.await.unwrap_or_else(|error| {
            let why = match error.kind() {
                ErrorKind::WouldBlock => text::NO_THREADS,
                _ => text::SERVER_ENDS,
            };
            (Reply::unavailable(why), None)
        })
    }
}

/// The answer, if it is a file that lies in memory.
fn look_up_at_once(files: &Files, request: &Request<'_>) -> Option<(Reply, Option<Content>)> {
    let place = SitePath::of(request.path).ok()?;
    let index = if place.is_directory { Some(INDEX) } else { None };
    let names: Vec<&[u8]> = place.names.iter().map(Vec::as_slice).chain(index).collect();
    let (file, state) =
        files.root.file_in_memory(&names).filter(|(_, state)| state.is_settled())?;
    send(files, request, names.last()?, file, state, page_cache::read).ok()
}

/// The answer, on a thread that may wait for a disk.
fn look_up(files: &Files, request: &Request<'_>) -> (Reply, Option<Content>) {
    let place = match SitePath::of(request.path) {
        Ok(place) => place,
        Err(refusal) if refusal.status == Status::NOT_FOUND => return not_found(files, request),
        Err(refusal) => return (Reply::refusal(refusal), None),
    };
    let answer = match files.root.now().and_then(|root| root.find(&place.names)) {
        Ok(Found::File(_)) if place.is_directory => Err(ErrorKind::NotFound.into()),
        Ok(Found::File(file)) => {
            send_in_time(files, request, place.names.last().map_or(&[], Vec::as_slice), file)
        }
        Ok(Found::Directory(_)) if !place.is_directory => Ok((moved(&place, request.query), None)),
        Ok(Found::Directory(directory)) => show(files, request, &place, &directory),
        Err(error) => Err(error),
    };
    answer.unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => not_found(files, request),
        _ => (excuse(request, &error), None),
    })
}

/// What a site has to say where it has nothing of a name: its `404.html`, as many hosts of sites
/// have it, or else a page of ours.
fn not_found(files: &Files, request: &Request<'_>) -> (Reply, Option<Content>) {
    let page = || {
        let Found::File(file) = files.root.now()?.find(&[NOT_FOUND_PAGE.to_vec()])? else {
            return Err(ErrorKind::NotFound.into());
        };
        let state = State::of(&file)?;
        let (length, mut ahead) = (state.length, Vec::new());
        if request.method == Method::Get && length <= BEGINNING {
            content::read(&file, 0..length, &mut ahead)?;
        }
        let bytes = match Look::of(NOT_FOUND_PAGE) {
            None => None,
            Some(look) if ahead.len() as u64 == length => Some(look.at_all(&ahead)),
            Some(look) => {
                files.known.bytes(&state, || look_through(look, &file, length, content::read))?
            }
        };
        let reply = Reply::file(Status::NOT_FOUND, media::of(NOT_FOUND_PAGE, bytes), length);
        Ok::<_, io::Error>((reply, Some(Content::new(file, 0..length, ahead))))
    };
    page().unwrap_or_else(|_| (Reply::refusal(path::NOT_FOUND), None))
}

/// A directory asked for without its slash: the links in its page would lead beside it.
fn moved(place: &SitePath, query: Option<&[u8]>) -> Reply {
    let mut location = place.directory_path();
    if let Some(query) = query {
        location.push('?');
        location.extend(path::encode_query(query));
    }
    Reply::error(Status::MOVED_PERMANENTLY, text::IS_DIRECTORY).with("Location", location)
}

fn show(
    files: &Files,
    request: &Request<'_>,
    place: &SitePath,
    directory: &Directory,
) -> io::Result<(Reply, Option<Content>)> {
    match directory.find(&[INDEX.to_vec()]) {
        Ok(Found::File(index)) => return send_in_time(files, request, INDEX, index),
        Ok(Found::Directory(_)) => {}
        Err(error) if error.kind() == ErrorKind::NotFound && !directory.has(INDEX) => {}
        // A page that cannot be read, or is a pipe or a link to nowhere, is there all the same, and
        // is not to be replaced by all that lies beside it.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(ErrorKind::PermissionDenied.into());
        }
        Err(error) => return Err(error),
    }
    let (entries, left_out) = directory.entries()?;
    let order = Order::of(request.query);
    let listing = Listing::new(&place.names, entries, left_out, order);
    let (reply, mut ahead) = (Reply::long_page(listing.length()).fresh(), Vec::new());
    listing.read(0..listing.length().min(BEGINNING), &mut ahead);
    Ok((reply, Some(Content::of_listing(listing, ahead))))
}

fn send_in_time(
    files: &Files,
    request: &Request<'_>,
    name: &[u8],
    file: File,
) -> io::Result<(Reply, Option<Content>)> {
    let state = State::at_rest(&file)?;
    send(files, request, name, file, state, content::read)
}

fn send(
    files: &Files,
    request: &Request<'_>,
    name: &[u8],
    file: File,
    state: State,
    read: Read,
) -> io::Result<(Reply, Option<Content>)> {
    let (length, now) = (state.length, Date::now());
    let validators = Validators::of(length, state.modified, state.identity);
    let without_content = match conditional::judge(&request.fields, &validators) {
        Precondition::NotModified => Some(Reply::empty(Status::NOT_MODIFIED).fresh()),
        Precondition::Failed => Some(Reply::error(Status::PRECONDITION_FAILED, text::OTHER_STATE)),
        Precondition::Holds => None,
    };
    if let Some(reply) = without_content {
        return Ok((with_validators(reply, validators, &now), None));
    }
    let Some((status, part)) = part(request, length, &validators, &now) else {
        let reply = Reply::error(Status::RANGE_NOT_SATISFIABLE, text::NO_SUCH_BYTES);
        return Ok((reply.with("Content-Range", format!("bytes */{length}")), None));
    };
    let mut ahead = Vec::new();
    // A longer part is read, or goes from memory to the client without being read, when the client
    // can take it.
    if request.method == Method::Get && part.end - part.start <= BEGINNING {
        read(&file, part.clone(), &mut ahead)?;
    }
    let bytes = match Look::of(name) {
        None => None,
        // It is short, and here.
        Some(look) if part == (0..length) && ahead.len() as u64 == length => {
            Some(look.at_all(&ahead))
        }
        Some(look) => files.known.bytes(&state, || look_through(look, &file, length, read))?,
    };
    let kind = media::of(name, bytes);
    let mut reply = Reply::file(status, kind, part.end - part.start).with("Accept-Ranges", "bytes");
    if status == Status::PARTIAL_CONTENT {
        let (first, last) = (part.start, part.end - 1);
        reply = reply.with("Content-Range", format!("bytes {first}-{last}/{length}"));
    }
    let content = Content::new(file, part, ahead);
    Ok((with_validators(reply, validators, &now), Some(content)))
}

/// What the bytes of a file are; nothing where they are too many to be read for that alone.
fn look_through(mut look: Look, file: &File, length: u64, read: Read) -> io::Result<Option<Bytes>> {
    if length > LONGEST_LOOK {
        return Ok(None);
    }
    let (mut rest, mut piece) = (0..length, Vec::new());
    while !rest.is_empty() {
        let next = beginning(&rest, PIECE);
        rest.start = next.end;
        piece.clear();
        read(file, next, &mut piece)?;
        if !look.at(&piece) {
            break;
        }
    }
    Ok(Some(look.end()))
}

/// The bytes to be sent, of a file of this length, and what to call that; `None` if the client
/// wants bytes that it does not have.
fn part(
    request: &Request<'_>,
    length: u64,
    validators: &Validators,
    now: &Date,
) -> Option<(Status, Range<u64>)> {
    let fields = &request.fields;
    let heeds =
        request.method == Method::Get && conditional::range_holds(fields.if_range, validators, now);
    match range::wanted(fields.range.filter(|_| heeds), length) {
        Wanted::Whole => Some((Status::OK, 0..length)),
        Wanted::Part(part) => Some((Status::PARTIAL_CONTENT, *part.start()..*part.end() + 1)),
        Wanted::Nothing => None,
    }
}

fn with_validators(reply: Reply, validators: Validators, now: &Date) -> Reply {
    // RFC 9110 §8.8.2.1: a file from the future was last modified now.
    let modified = UNIX_EPOCH + Duration::from_secs(validators.modified.min(now.second()));
    reply.with("Last-Modified", httpdate::fmt_http_date(modified)).with("ETag", validators.etag)
}

/// Whether no file can be opened until another is closed: `EMFILE` and `ENFILE` (`man 2 open`), and
/// `ERROR_TOO_MANY_OPEN_FILES`.
fn is_out_of_files(error: &io::Error) -> bool {
    let numbers: &[i32] = if cfg!(windows) { &[4] } else { &[23, 24] };
    error.raw_os_error().is_some_and(|number| numbers.contains(&number))
}

/// The answer where a file cannot be had. What the client need not know goes to whoever runs the
/// server.
fn excuse(request: &Request<'_>, error: &io::Error) -> Reply {
    if error.kind() == ErrorKind::PermissionDenied {
        return Reply::error(Status::FORBIDDEN, text::MAY_NOT_READ);
    }
    notice!("{}", text::cannot_serve(request.path.escape_ascii(), cause(error)));
    match is_out_of_files(error) {
        true => Reply::unavailable(text::NO_FILES),
        false => Reply::error(Status::INTERNAL_ERROR, text::CANNOT_READ),
    }
}
