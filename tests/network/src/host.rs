//! A computer of its own: a thread in a network namespace of its own.

use std::net::Ipv4Addr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use harness::{Process, Program, Server};
use nix::sched::{CloneFlags, unshare};
use tun_rs::{DeviceBuilder, Layer, SyncDevice};

/// What the thread of a host is to do.
type Work = Box<dyn FnOnce() + Send>;

/// A computer. What its thread opens and starts belongs to its namespace, which ends with the last
/// of them.
pub struct Host {
    /// Its address.
    pub addr: Ipv4Addr,
    work: Sender<Work>,
}

impl Host {
    /// A host, and the device that leads out of it.
    #[track_caller]
    pub(crate) fn new(addr: Ipv4Addr, mtu: u16) -> (Host, SyncDevice) {
        let (work, todo) = channel::<Work>();
        thread::spawn(move || {
            for work in todo {
                work();
            }
        });
        let host = Host { addr, work };
        let device = host.run(move || {
            // Only this thread moves; the programs that it starts inherit where it is.
            unshare(CloneFlags::CLONE_NEWNET)
                .expect("these tests make network namespaces, which takes root (CAP_SYS_ADMIN)");
            let device = DeviceBuilder::new()
                .name("w0")
                .layer(Layer::L3)
                .build_sync()
                .expect("these tests need /dev/net/tun (CAP_NET_ADMIN)");
            device.set_nonblocking(true).unwrap();
            ip(&["link", "set", "lo", "up"]);
            ip(&["addr", "add", &format!("{addr}/24"), "dev", "w0"]);
            ip(&["link", "set", "w0", "mtu", &mtu.to_string(), "up"]);
            device
        });
        (host, device)
    }

    /// Does `work` on this host: what it opens, listens on and connects to is this host's.
    ///
    /// # Panics
    ///
    /// When `work` does.
    #[track_caller]
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let (done, result) = channel();
        let work = Box::new(move || {
            let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
        });
        self.work.send(work).expect("the host's thread ends with the host");
        result
            .recv()
            .expect("the host's thread answers")
            .unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Starts a program on this host.
    #[track_caller]
    pub fn start(&self, program: Program) -> Process {
        self.run(move || program.start())
    }

    /// Starts the server `name` of the workspace on this host, at a port that is free.
    #[track_caller]
    pub fn serve(&self, name: &str, args: &[&str]) -> Server {
        let program = Program::at(harness::binary(name), format!("{}:0", self.addr)).args(args);
        self.run(move || Server::of(program))
    }

    /// A client of the workspace on this host, to be started with [`start`](Host::start).
    pub fn client(&self, name: impl AsRef<Path>, server: &Server) -> Program {
        Program::at(harness::binary(&name.as_ref().to_string_lossy()), server.addr())
    }

    /// Calls `ip` on this host, as in `ip addr del …`.
    ///
    /// # Panics
    ///
    /// When it fails.
    #[track_caller]
    pub fn ip(&self, args: &'static [&'static str]) {
        self.run(|| ip(args));
    }
}

#[track_caller]
fn ip(args: &[&str]) {
    let output = Command::new("ip").args(args).output().expect("these tests need `ip` (iproute2)");
    assert!(output.status.success(), "ip {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}
