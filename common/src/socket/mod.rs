//! The socket calls by their names: `socket`, `bind`, `listen`, `accept`, `connect`, `send`,
//! `recv`, `shutdown`, `close`; `sendto` and `recvfrom` for datagrams. `--trace` shows each of
//! them.
//!
//! Beneath are the sockets of `std`. What is added are chores: the options that every program here
//! wants, limits of time, and errors that name the address and the next step.
//!
//! | module | its one idea |
//! | --- | --- |
//! | `listener`, `bind` | a server's socket, on the first address that this machine has |
//! | `connect` | a client's race to the addresses of a host |
//! | `stream`, `async_stream` | one TCP connection, for a thread and for a task |
//! | `keepalive` | noticing that a silent peer is gone |
//! | `lingering_close` | closing so that the last words arrive |
//! | `datagrams` | a UDP socket |
//! | `datagram_client` | a client's datagrams to the addresses of a host |
//! | `batch`, `arrival` | many datagrams by one system call, behind `recv_from` and `send_to` |
//! | `mmsg`, `no_mmsg` | that system call, and its place where there is none |
//! | `patient` | a connection on which silence is right, as long as the peer is there |
//! | `packet_info` | at which address a datagram came in |
//! | `errors`, `next_step` | what failed, with the next step |

#[cfg(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "netbsd"
))]
mod mmsg;
#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "netbsd"
)))]
mod no_mmsg;
#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "netbsd"
)))]
use no_mmsg as mmsg;

mod arrival;
pub(crate) mod async_stream;
mod batch;
mod bind;
mod connect;
mod datagram_client;
pub(crate) mod datagrams;
mod errors;
mod keepalive;
pub(crate) mod lingering_close;
pub(crate) mod listener;
mod next_step;
mod packet_info;
mod patient;
pub(crate) mod stream;
mod wake_recv;

pub use async_stream::AsyncStream;
pub use batch::BatchedDatagrams;
pub use datagram_client::DatagramClient;
pub use datagrams::{Datagrams, MAX_DATAGRAM};
pub use errors::{
    BindError, ConnectError, Undelivered, Unsent, has_vanished, is_own_limit, undelivered,
};
pub use lingering_close::LINGERING_CLOSE;
pub use listener::{BACKLOG, Listener};
pub use patient::PatientStream;
pub use stream::Stream;
