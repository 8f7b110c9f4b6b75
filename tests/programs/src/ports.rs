//! A port for a program that has to be told one.

use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

/// The ports that no system gives away by itself, to clients or to a server that asks for any:
/// Linux begins at 32,768, the others at 49,152.
const PORTS: RangeInclusive<u16> = 20_000..=32_000;

/// How many ports are tried before the system is asked for any.
const TRIES: u16 = 100;

/// A port of 127.0.0.1 that nobody has at this moment, as `bind` finds by binding to it, and that
/// nobody is given before the program takes it. One that the system hands out (port 0) would be
/// handed out again to whoever asks in between.
///
/// # Errors
///
/// No port is free at all.
pub fn free_addr(bind: impl Fn(SocketAddr) -> io::Result<SocketAddr>) -> io::Result<SocketAddr> {
    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    let count = PORTS.end() - PORTS.start();
    // Another program that looks for one on this machine begins elsewhere.
    let next = NEXT.get_or_init(|| AtomicU16::new(RandomState::new().hash_one(()) as u16));
    let ports = (0..TRIES).map(|_| PORTS.start() + next.fetch_add(1, Ordering::Relaxed) % count);
    // Where all of these are taken, any port is better than none.
    let mut addrs = ports.chain([0]).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let free = addrs.find_map(|addr| match bind(addr) {
        Err(_) if addr.port() != 0 => None,
        result => Some(result),
    });
    free.unwrap_or(Err(io::ErrorKind::AddrInUse.into()))
}
