//! Load for servers. All of it comes from one thread, which says how busy it was: a figure that is
//! the generator's own limit is marked.

pub(crate) mod chat;
mod clock;
mod connection;
mod datagrams;
mod datagrams_at_a_rate;
mod exchange;
pub(crate) mod latency;
mod processors;
mod watch;

pub(crate) use connection::Reply;
pub(crate) use datagrams::{Volley, volley};
pub(crate) use datagrams_at_a_rate::datagrams_at_a_rate;
pub(crate) use exchange::{Exchange, at_a_rate, exchange};
pub(crate) use processors::Processors;
pub(crate) use watch::{Load, Watch, cpu};

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use bench::Contest;

use clock::Clock;

/// A contest whose load has a processor of its own from the beginning, where that can be had.
pub(crate) fn pinned(contest: Contest<'_>) -> Contest<'_> {
    if Processors::can_be_chosen() { contest.is_pinned() } else { contest }
}

/// A contest whose load gets one when somebody swings.
pub(crate) fn pinned_if_it_swings(contest: Contest<'_>) -> Contest<'_> {
    if Processors::can_be_chosen() { contest.can_be_pinned() } else { contest }
}

/// Connects to a server.
///
/// Where its accept queue is full, Linux drops the SYN and sends another only after a second (RFC
/// 6298 §2): 500 clients of a server that takes ten at once would need a minute. So we give up
/// sooner, and try anew.
pub(crate) fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    const ANEW: Duration = Duration::from_millis(20);
    let started = Instant::now();
    loop {
        match TcpStream::connect_timeout(&addr, ANEW) {
            Err(error)
                if error.kind() == ErrorKind::TimedOut && started.elapsed() < Clock::STALL => {}
            result => return result,
        }
    }
}
