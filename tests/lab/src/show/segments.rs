//! How many segments a connection has taken, as Linux counts them.

use std::net::TcpStream;

use common::trace::sock_diag::{Answer, find};

/// Where `tcpi_data_segs_out` stands in `struct tcp_info` (`linux/tcp.h`).
const DATA_SEGS_OUT: usize = 156;

/// How many segments with data this end has sent, repeated ones included. `None` where the system
/// does not tell.
pub(crate) fn data_segments(stream: &TcpStream) -> anyhow::Result<Option<u32>> {
    let Answer::Found(socket) = find(stream.local_addr()?, Some(stream.peer_addr()?)) else {
        return Ok(None);
    };
    let counter = socket.info.get(DATA_SEGS_OUT..).and_then(<[u8]>::first_chunk);
    Ok(counter.map(|counter| u32::from_ne_bytes(*counter)))
}
