//! A server that is ready to be connected to.

use std::net::SocketAddr;
use std::ops::Deref;
use std::path::Path;

use crate::{Process, Program};

/// A server program of this workspace, listening.
pub struct Server {
    process: Process,
    addr: SocketAddr,
}

impl Server {
    /// Starts the server at `path` with `--addr 127.0.0.1:0` and `args`, and waits until it
    /// listens.
    ///
    /// # Panics
    ///
    /// When its first line of output is not `listening on ADDR`.
    #[track_caller]
    pub fn start(path: impl AsRef<Path>, args: &[&str]) -> Self {
        Server::of(Program::new(path).args(["--addr", "127.0.0.1:0"]).args(args))
    }

    /// The same for a program with an address, a directory, an environment of the test's own
    /// choice.
    ///
    /// # Panics
    ///
    /// When its first line of output is not `listening on ADDR`.
    #[track_caller]
    pub fn of(program: Program) -> Self {
        let process = program.start();
        let output = process.wait_stdout("\n");
        let line = String::from_utf8_lossy(&output).lines().next().unwrap_or_default().to_owned();
        let Some(addr) = line.strip_prefix("listening on ").and_then(|addr| addr.parse().ok())
        else {
            panic!("the first line of a server is `listening on ADDR`, this one said {line:?}");
        };
        Server { process, addr }
    }

    /// The address it said it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Deref for Server {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}
