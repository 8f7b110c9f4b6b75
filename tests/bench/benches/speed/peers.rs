//! Who is measured: servers of ours and of others, each in a process group of its own.
//!
//! [`installed`] knows which programs of others this machine has, [`reference`] the programs that
//! stand beside ours to be compared with, [`prepared`] makes what these need.

mod installed;
mod prepared;
mod reference;

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use bench::leftovers::{Folder, Group};
use bench::{processes, text};
use common::error_text::{cause, chain};
use common::text::{LANG_OF_THE_LAB, how_it_ended, lang};

use crate::memory;
use crate::trouble;

/// How long a server may take until it can be connected to.
const START: Duration = Duration::from_secs(10);

pub(crate) use bench::Missing;
pub(crate) use installed::installed;
pub(crate) use prepared::python_with;
pub(crate) use reference::{c, python, reference};

/// A port that was free a moment ago, for servers that cannot choose one and say which.
pub(crate) fn free_port() -> Result<SocketAddr, Missing> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(|error| Missing(text::no_port(cause(&error))))
}

/// How a server shows that it is ready.
pub(crate) enum Ready {
    /// It says `listening on ADDR`, as ours do.
    Says,
    /// It can be connected to there.
    Listens(SocketAddr),
    /// It says so in no way: it takes part as soon as it runs.
    Runs(SocketAddr),
}

/// A server that runs, in a process group of its own, until this is dropped.
#[derive(Debug)]
pub(crate) struct Peer {
    child: Child,
    group: Group,
    addr: SocketAddr,
}

impl Peer {
    /// One of our servers, of the release profile.
    pub(crate) fn ours(name: &str, arguments: &[&str]) -> anyhow::Result<Self> {
        Peer::launch(ours(name, arguments)?, &Ready::Says)
            .with_context(|| trouble::cannot_start(name))
    }

    /// One of our servers, whose lines nobody reads, so that it soon makes none. It is to be
    /// compared with a program that prints nothing.
    pub(crate) fn unheard(name: &str, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = ours(name, arguments)?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut peer = Peer::spawn(command)?;
        let mut line = String::new();
        if let Some(stdout) = peer.child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        peer.addr = announced(&line)?.with_context(|| trouble::says_nothing(name))?;
        Ok(peer)
    }

    /// Somebody else's server.
    pub(crate) fn start(command: Command, ready: &Ready) -> Result<Self, Missing> {
        Peer::launch(command, ready).map_err(|error| Missing(text::does_not_start(chain(&error))))
    }

    /// Somebody else's server whose last argument is its port.
    pub(crate) fn on_port(
        mut command: Command,
        ready: fn(SocketAddr) -> Ready,
    ) -> Result<Self, Missing> {
        let addr = free_port()?;
        command.arg(addr.port().to_string());
        Peer::start(command, &ready(addr))
    }

    fn launch(mut command: Command, ready: &Ready) -> anyhow::Result<Self> {
        // Into files, as a server's output often goes: a reader would take part of the processor.
        let folder = Folder::new()?;
        let [said, complained] = ["said", "complained"].map(|name| folder.path().join(name));
        let append = |file: &Path| File::options().create(true).append(true).open(file);
        command.stdin(Stdio::null()).stdout(append(&said)?).stderr(append(&complained)?);
        let mut peer = Peer::spawn(command)?;
        let end = Instant::now() + START;
        loop {
            if let Some(addr) = ready.addr(&said)? {
                peer.addr = addr;
                return Ok(peer);
            }
            if let Some(status) = peer.child.try_wait()? {
                let why = text(&complained)?;
                let why = why.lines().last().unwrap_or_default();
                bail!(trouble::ended_early(how_it_ended(status), why));
            }
            if Instant::now() > end {
                bail!(trouble::nothing_listens(START.as_secs()));
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let (child, group) = Group::spawn(&mut command)?;
        Ok(Peer { child, group, addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)) })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its first process, which is also its process group.
    pub(crate) fn group(&self) -> nix::unistd::Pid {
        self.group.id()
    }

    /// Processor time of all its processes so far, and of their children, living or ended; `None`
    /// where it cannot be known.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        processes::time(self.group().as_raw())
    }

    /// Bytes resident now, in all its processes.
    pub(crate) fn resident(&self) -> u64 {
        let processes = processes::of_group(self.group().as_raw());
        processes.iter().map(|process| memory::resident_in(&process.folder)).sum()
    }

    /// The most bytes that its first process had resident at any time.
    pub(crate) fn peak(&self) -> u64 {
        memory::peak(self.child.id())
    }

    /// All threads of all its processes.
    #[cfg(target_os = "linux")]
    pub(crate) fn threads(&self) -> Vec<nix::unistd::Pid> {
        let processes = processes::of_group(self.group().as_raw());
        let tasks = processes.iter().flat_map(|process| fs::read_dir(process.folder.join("task")));
        let ids =
            tasks.flatten().flatten().filter_map(|task| task.file_name().to_str()?.parse().ok());
        ids.map(nix::unistd::Pid::from_raw).collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.group.kill();
        let _ = self.child.wait();
    }
}

impl Ready {
    fn addr(&self, said: &Path) -> anyhow::Result<Option<SocketAddr>> {
        match self {
            Ready::Says => announced(&text(said)?),
            Ready::Listens(addr) => {
                Ok(TcpStream::connect(addr).and_then(leave).is_ok().then_some(*addr))
            }
            Ready::Runs(addr) => Ok(Some(*addr)),
        }
    }
}

/// Ends a connection that has said nothing, once the server has ended it, too, or says no more. One
/// that is closed with something unread is reset, and ncat's chat ends with a member that is.
fn leave(mut connection: TcpStream) -> io::Result<()> {
    connection.shutdown(Shutdown::Write)?;
    connection.set_read_timeout(Some(Duration::from_millis(500)))?;
    let _ = io::copy(&mut connection, &mut io::sink());
    Ok(())
}

/// One of our servers, on a port of its own.
fn ours(name: &str, arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(harness::find_binary(name).map_err(anyhow::Error::msg)?);
    command.args(["--addr", "127.0.0.1:0"]).args(arguments);
    command.env(LANG_OF_THE_LAB, lang().code());
    Ok(command)
}

/// The address in the first line of what a server says, once that is whole.
fn announced(said: &str) -> anyhow::Result<Option<SocketAddr>> {
    let Some((line, _)) = said.split_once('\n') else { return Ok(None) };
    let addr = line.strip_prefix("listening on ").and_then(|addr| addr.parse().ok());
    addr.map(Some).with_context(|| trouble::says(format_args!("{line:?}")))
}

/// What a file holds by now.
fn text(file: &Path) -> anyhow::Result<String> {
    Ok(String::from_utf8_lossy(&fs::read(file)?).into_owned())
}
