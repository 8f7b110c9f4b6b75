//! The program under trial: started, asked how it is, killed and reaped.

use std::ffi::OsStr;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use common::text::{LANG_OF_THE_LAB, lang};
use harness::{Ended, Handle, Process, Program};
use programs::Over;
use socket2::{Domain, Socket, Type};

use super::script::Transport;
use super::text;

/// How many of the program's last lines a report shows.
const LAST_LINES: usize = 8;
/// So much of what a program writes is kept: one that floods must not fill the memory.
const MOST_OUTPUT: usize = 2 << 20;
/// How many characters of each.
const LINE: usize = 90;

/// Which program is on trial.
#[derive(Clone, Debug)]
pub enum Target {
    /// A server that runs already.
    Running(SocketAddr),
    /// A program that each check starts anew.
    Command {
        /// The program and its arguments. `{port}`, `{host}`, `{addr}` and `{file}` in them are
        /// filled in; `PORT` and `HOST` are in its environment.
        words: Vec<String>,
        /// Where a server listens that cannot be told; `None` is a free port of 127.0.0.1.
        addr: Option<SocketAddr>,
    },
}

/// Why there is no program to try.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The command line cannot be taken apart.
    #[error("{}", text::quotes_open(_0))]
    Quotes(String),
    /// There is none.
    #[error("{}", text::empty_command())]
    Empty,
    /// The operating system does not start it.
    #[error("{}", text::cannot_start(program, common::error_text::cause(error)))]
    Start {
        /// Its name or path.
        program: String,
        /// Why.
        error: io::Error,
    },
    /// The trial is over.
    #[error("{}", text::interrupted())]
    Interrupted,
    /// No port is free.
    #[error("{}", text::no_port(common::error_text::cause(_0)))]
    NoPort(io::Error),
}

impl Target {
    /// The program of a command line, taken apart as a shell does it, without a shell.
    ///
    /// # Errors
    ///
    /// It is empty, or a quotation mark is not closed.
    pub fn command(line: &str, addr: Option<SocketAddr>) -> Result<Self, TargetError> {
        let words = shell_words::split(line).map_err(|_| TargetError::Quotes(line.to_owned()))?;
        if words.is_empty() {
            return Err(TargetError::Empty);
        }
        Ok(Target::Command { words, addr })
    }

    /// A program of this workspace, with `{addr}` among its arguments.
    pub fn program(path: impl AsRef<Path>, args: &[&str]) -> Self {
        let path = path.as_ref().to_string_lossy().into_owned();
        let words = std::iter::once(path).chain(args.iter().map(|&arg| arg.to_owned())).collect();
        Target::Command { words, addr: None }
    }
}

/// A port of 127.0.0.1 for the program on trial; see [`programs::free_addr`].
///
/// # Errors
/// No port is free at all.
pub fn free_addr(transport: Transport) -> Result<SocketAddr, TargetError> {
    let found = match transport {
        Transport::Tcp => programs::free_addr(Over::Tcp, bind_as_a_beginner),
        Transport::Udp => programs::free_addr(Over::Udp, |addr| {
            UdpSocket::bind(addr).and_then(|socket| socket.local_addr())
        }),
    };
    found.map_err(TargetError::NoPort)
}

/// Without `SO_REUSEADDR`, which `std` sets on Unix: a port with a connection in TIME-WAIT is free
/// for whoever sets it, and taken for a program in its first stages.
fn bind_as_a_beginner(addr: SocketAddr) -> io::Result<SocketAddr> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    socket.bind(&addr.into())?;
    let bound = socket.local_addr()?;
    bound.as_socket().ok_or_else(|| io::ErrorKind::AddrNotAvailable.into())
}

/// Starts the program with `addr` as its own or as its server's.
pub(super) fn start(
    words: &[String],
    addr: SocketAddr,
    file: &Path,
) -> Result<Process, TargetError> {
    let (port, host) = (addr.port().to_string(), addr.ip().to_string());
    let fill = |word: &String| {
        word.replace("{port}", &port)
            .replace("{host}", &host)
            .replace("{addr}", &addr.to_string())
            .replace("{file}", &file.to_string_lossy())
    };
    let Some((program, args)) = words.split_first() else {
        return Err(TargetError::Empty);
    };
    // Held while it starts, so that an interruption finds it, or comes before it.
    let mut running = running();
    if running.interrupted {
        return Err(TargetError::Interrupted);
    }
    let process = Process::try_start(
        Program::new(program)
            .in_the_users_language()
            .args(args.iter().map(fill))
            .env("PORT", &port)
            .env("HOST", &host)
            .env(LANG_OF_THE_LAB, lang().code())
            // Python keeps what it prints into a pipe until it ends: what a killed program has said
            // would be lost.
            .env("PYTHONUNBUFFERED", OsStr::new("1"))
            // What the lessons show is UTF-8, whatever the machine's language is.
            .env("PYTHONIOENCODING", "utf-8")
            .keeping_output(MOST_OUTPUT),
    )
    .map_err(|error| TargetError::Start { program: program.clone(), error })?;
    running.programs.push(process.handle());
    Ok(process)
}

/// The programs on trial, for who interrupts it.
static RUNNING: Mutex<Running> = Mutex::new(Running { interrupted: false, programs: Vec::new() });

struct Running {
    interrupted: bool,
    programs: Vec<Handle>,
}

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills what is on trial at this moment, and starts no more: for a program that is interrupted in
/// the middle of a check.
pub fn kill_running() {
    let mut running = running();
    running.interrupted = true;
    for program in running.programs.drain(..) {
        program.kill();
    }
}

/// The numbers of the processes on trial, held meanwhile: none is started until `act` returns.
pub fn with_running<T>(act: impl FnOnce(&[u32]) -> T) -> T {
    let running = running();
    let ids: Vec<u32> = running.programs.iter().filter_map(Handle::id).collect();
    act(&ids)
}

/// Forgets the programs that have ended.
pub(super) fn forget_ended() {
    running().programs.retain(|program| !program.is_released());
}

/// Where a program has to write something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// On standard output.
    Output,
    /// On standard error.
    Errors,
    /// On either of them.
    Either,
}

/// Whether it writes `wanted` within `limit`, so many times.
pub(super) fn shows(
    program: &Process,
    wanted: &str,
    times: usize,
    stream: Stream,
    limit: Duration,
) -> bool {
    let deadline = Instant::now() + limit;
    let has = |output: &[u8]| super::judge::count(output, wanted.as_bytes()) >= times;
    loop {
        // Looked at first, so that nothing is written between the two looks.
        let last = Instant::now() >= deadline || program.output_has_ended();
        if (stream != Stream::Errors && has(&program.stdout()))
            || (stream != Stream::Output && has(&program.stderr()))
        {
            return true;
        }
        if last {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What a report says of it: whether it runs, and its last words.
pub(super) fn describe(program: &Process) -> Vec<String> {
    // A program that is about to die of what the check did is given the time to say so.
    let state = match program.ended_within(Duration::from_millis(300)) {
        None => text::still_running().to_owned(),
        Some(end) => {
            program.wait_output_end(Duration::from_secs(1));
            say_end(end)
        }
    };
    let mut lines = vec![state];
    for (name, bytes) in
        [(text::its_output(), program.stdout()), (text::its_errors(), program.stderr())]
    {
        let written = String::from_utf8_lossy(&bytes);
        let all: Vec<&str> = written.lines().collect();
        if all.is_empty() {
            continue;
        }
        let more = all.len() > LAST_LINES;
        lines.push(text::below(if more { text::last_lines(name) } else { name.to_owned() }));
        let last = all.iter().skip(all.len().saturating_sub(LAST_LINES));
        lines.extend(last.map(|line| format!("  | {}", cut(line))));
    }
    lines
}

fn cut(line: &str) -> String {
    let shown = common::terminal::escape_line(line);
    match shown.char_indices().nth(LINE) {
        Some((at, _)) => format!("{}…", shown.get(..at).unwrap_or_default()),
        None => shown.into_owned(),
    }
}

pub(super) fn say_end(end: Ended) -> String {
    match end {
        Ended { code: Some(code), .. } => text::ended_with(code),
        Ended { signal: Some(signal), .. } => match name_of(signal) {
            Some(name) => text::ended_by_known(signal, name),
            None => text::ended_by(signal),
        },
        Ended { .. } => text::ended().to_owned(),
    }
}

/// Signals that programs die of by themselves, by the numbers of Linux (`man 7 signal`).
#[cfg(target_os = "linux")]
fn name_of(signal: i32) -> Option<&'static str> {
    Some(match signal {
        6 => text::signal_abort(),
        9 => text::signal_kill(),
        11 => text::signal_memory(),
        24 => text::signal_time(),
        25 => text::signal_file(),
        _ => return None,
    })
}

#[cfg(not(target_os = "linux"))]
fn name_of(_: i32) -> Option<&'static str> {
    None
}
