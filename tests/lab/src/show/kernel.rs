//! What the kernel says of its sockets (Linux: `/proc/net`, `man 5 proc_pid_net`).

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::net::{SocketAddr, TcpStream};

pub(crate) use common::trace::{tcp_state, tcp_states};

use super::text;

/// Whether this system tells.
pub(crate) const TELLS: bool = cfg!(target_os = "linux");

/// What to say where it does not.
pub(crate) fn silent() -> &'static str {
    text::only_linux_tells_states()
}

/// The state of this end of a connection; `none` when the kernel knows it no more, or never tells.
pub(crate) fn state(local: SocketAddr, peer: SocketAddr) -> &'static str {
    tcp_state(local, Some(peer)).unwrap_or("none")
}

/// The state of a connection that one still holds.
pub(crate) fn state_of(stream: &TcpStream) -> anyhow::Result<&'static str> {
    Ok(state(stream.local_addr()?, stream.peer_addr()?))
}

/// How many connections are in this state, of those whose local and peer's address are wanted. A
/// table that changes while it is read may show one twice.
pub(crate) fn in_state(state: &str, wanted: impl Fn(SocketAddr, SocketAddr) -> bool) -> usize {
    let states = tcp_states();
    let found = states.iter().filter(|(local, peer, is)| *is == state && wanted(*local, *peer));
    found.map(|(local, peer, _)| (local, peer)).collect::<HashSet<_>>().len()
}

/// A setting of the kernel, by its path under `/proc/sys`.
pub(crate) fn setting(path: &str) -> Option<String> {
    read(&format!("/proc/sys/{path}")).map(|text| text.trim().to_owned())
}

/// How many sockets this program has open: the links to `socket:[…]` in `/proc/self/fd`.
pub(crate) fn open_sockets() -> Option<usize> {
    let entries = TELLS.then(|| fs::read_dir("/proc/self/fd").ok()).flatten()?.flatten();
    let targets = entries.filter_map(|entry| fs::read_link(entry.path()).ok());
    Some(targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count())
}

/// Bytes in the two queues of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Queues {
    /// Not yet acknowledged by the peer's kernel.
    pub(crate) send: usize,
    /// Not yet read by the program. Of a listening socket: connections not yet accepted.
    pub(crate) receive: usize,
}

impl fmt::Display for Queues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::queues(self.send, self.receive))
    }
}

/// The queues of an IPv4 TCP socket; `peer` is port 0 for a listening one.
pub(crate) fn tcp_queues(local: u16, peer: u16) -> Option<Queues> {
    let row = row("/proc/net/tcp", local, Some(peer))?;
    let (send, receive) = row.get(4)?.split_once(':')?;
    Some(Queues { send: hexadecimal(send)?, receive: hexadecimal(receive)? })
}

/// How many datagrams the kernel has thrown away because the buffer of the IPv4 UDP socket with
/// this port was full.
pub(crate) fn udp_drops(local: u16) -> Option<usize> {
    row("/proc/net/udp", local, None)?.last()?.parse().ok()
}

/// The columns of the first socket with these ports.
fn row(path: &str, local: u16, peer: Option<u16>) -> Option<Vec<String>> {
    let ends_with = |column: Option<&&str>, port: u16| {
        column.is_some_and(|text| text.ends_with(&format!(":{port:04X}")))
    };
    read(path)?.lines().skip(1).find_map(|line| {
        let columns: Vec<_> = line.split_ascii_whitespace().collect();
        let found = ends_with(columns.get(1), local)
            && peer.is_none_or(|peer| ends_with(columns.get(2), peer));
        found.then(|| columns.into_iter().map(str::to_owned).collect())
    })
}

/// Elsewhere such a file says nothing: Wine lends Linux's to programs whose sockets are not in it.
fn read(path: &str) -> Option<String> {
    TELLS.then(|| fs::read_to_string(path).ok()).flatten()
}

fn hexadecimal(digits: &str) -> Option<usize> {
    usize::from_str_radix(digits, 16).ok()
}
