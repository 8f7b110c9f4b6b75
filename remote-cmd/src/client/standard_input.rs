//! Standard input on its way to the command, as ssh has it.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::process;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, ensure};
use common::terminal::Patient;
use common::{exit, memory};
use remote_cmd::stream::{INPUT_WINDOW, MAX_OUTPUT};

use crate::interrupt::Interrupts;
use crate::status::FAILED;
use crate::text;

/// Standard input, of which something may come.
pub(crate) struct StandardInput(File);

/// How much may still be sent before the command has taken more: see
/// [`stream`](remote_cmd::stream).
#[derive(Clone)]
pub(crate) struct Window(Arc<(Mutex<Option<usize>>, Condvar)>);

impl StandardInput {
    /// What there is for a command: nothing where a terminal is, whose lines are for this program,
    /// and nothing where the end is reached already.
    ///
    /// # Errors
    /// Too many open files.
    pub(crate) fn open() -> io::Result<Option<Self>> {
        if io::stdin().is_terminal() {
            return Ok(None);
        }
        let input = raw_stdin()?;
        Ok((!is_at_its_end(&input)).then_some(Self(input)))
    }

    /// Whether some of it is there to be read. Nothing gets lost by looking.
    pub(crate) fn has_come(&self) -> bool {
        has_come(&self.0)
    }

    /// Sends it piece by piece, on a thread of its own, for as long as the command takes it. If it
    /// cannot be read the program ends, for the command must not take a part for the whole.
    ///
    /// # Errors
    /// The system has no thread for it.
    pub(crate) fn send(mut self, server: Interrupts, window: Window) -> io::Result<()> {
        let thread = thread::Builder::new().name("input".to_owned());
        thread.spawn(move || {
            let mut buffer = vec![0; MAX_OUTPUT];
            while let Some(room) = window.wait() {
                let most = room.min(buffer.len());
                let piece = match self.read(buffer.get_mut(..most).unwrap_or_default()) {
                    Ok(read) => buffer.get(..read).unwrap_or_default(),
                    Err(error) => fail(error),
                };
                window.use_up(piece.len());
                // Where sending fails, receiving fails as well, and tells it.
                if !server.send_input(piece).unwrap_or(false) || piece.is_empty() {
                    return;
                }
            }
        })?;
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Whoever has given it to us has made it so.
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait_for(&self.0),
                read => return read,
            }
        }
    }
}

/// All of standard input as text: several lines for one shell.
///
/// # Errors
/// Those of reading; it is longer than a command may be, or no text.
pub(crate) fn script() -> anyhow::Result<String> {
    let script = memory::read_to_end(&mut Patient(io::stdin().lock()), MAX_OUTPUT + 1)
        .context(text::cannot_read_input())?;
    ensure!(script.len() <= MAX_OUTPUT, "{}", text::script_too_long(MAX_OUTPUT));
    let script = String::from_utf8(script).context(text::script_is_no_text())?;
    Ok(script.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(script))
}

fn fail(error: io::Error) -> ! {
    exit::report(&anyhow::Error::from(error).context(text::cannot_read_input()));
    process::exit(FAILED.into())
}

impl Window {
    /// As wide as a command's is at first.
    pub(crate) fn new() -> Self {
        Self(Arc::new((Mutex::new(Some(INPUT_WINDOW)), Condvar::new())))
    }

    /// The command has taken so much; with 0 it takes no more.
    pub(crate) fn taken(&self, bytes: usize) {
        let mut room = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        *room = room.filter(|_| bytes > 0).map(|room| room.saturating_add(bytes).min(INPUT_WINDOW));
        self.0.1.notify_all();
    }

    /// Waits until there is room, and tells how much; `None` where no more is taken.
    fn wait(&self) -> Option<usize> {
        let room = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.1.wait_while(room, |room| *room == Some(0));
        *waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn use_up(&self, bytes: usize) {
        let mut room = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        *room = room.map(|room| room.saturating_sub(bytes));
    }
}

#[cfg(unix)]
fn raw_stdin() -> io::Result<File> {
    use std::os::fd::AsFd;

    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn raw_stdin() -> io::Result<File> {
    use std::os::windows::io::AsHandle;

    Ok(io::stdin().as_handle().try_clone_to_owned()?.into())
}

/// Whether nothing can come any more: `/dev/null`, an empty file, a pipe that nobody writes to.
/// Nothing of what there is gets lost by looking.
#[cfg(unix)]
fn is_at_its_end(mut input: &File) -> bool {
    use std::io::Seek;
    use std::os::fd::AsFd;
    use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt};

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    let Ok(about) = input.metadata() else { return false };
    if about.is_file() {
        // The length says nothing: a file of /proc has none.
        let here = input.stream_position();
        return here.and_then(|here| input.read_at(&mut [0], here)).is_ok_and(|read| read == 0);
    }
    if about.file_type().is_char_device() {
        let null = std::fs::metadata("/dev/null");
        return null.is_ok_and(|null| null.rdev() == about.rdev());
    }
    let mut files = [PollFd::new(input.as_fd(), PollFlags::POLLIN)];
    let looked = poll(&mut files, PollTimeout::ZERO);
    // A pipe whose writers have gone hangs up, and has nothing to read.
    let [file] = files;
    looked.is_ok() && file.revents() == Some(PollFlags::POLLHUP)
}

#[cfg(unix)]
fn has_come(input: &File) -> bool {
    use std::os::fd::{AsFd, AsRawFd};

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use nix::sys::socket::{MsgFlags, recv};

    let mut files = [PollFd::new(input.as_fd(), PollFlags::POLLIN)];
    let looked = poll(&mut files, PollTimeout::ZERO);
    let [file] = files;
    let may_be_read =
        looked.is_ok() && file.revents().is_some_and(|it| it.contains(PollFlags::POLLIN));
    // The end of a socket may be read as well. What is no socket is not asked.
    let look = MsgFlags::MSG_PEEK | MsgFlags::MSG_DONTWAIT;
    may_be_read && recv(input.as_raw_fd(), &mut [0], look) != Ok(0)
}

/// Elsewhere only a file tells without being read.
#[cfg(not(unix))]
fn has_come(input: &File) -> bool {
    input.metadata().is_ok_and(|about| about.is_file() && about.len() > 0)
}

/// Elsewhere one learns it by reading alone.
#[cfg(not(unix))]
fn is_at_its_end(_: &File) -> bool {
    false
}

#[cfg(unix)]
fn wait_for(input: &File) {
    use std::os::fd::AsFd;

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    let mut files = [PollFd::new(input.as_fd(), PollFlags::POLLIN)];
    let _ = poll(&mut files, PollTimeout::NONE);
}

#[cfg(not(unix))]
fn wait_for(_: &File) {}
