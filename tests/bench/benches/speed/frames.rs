//! Messages with their length in front, from one end of a connection to the other: as fast as they
//! go [one way](one_way), and in [round trips](round_trip), one at a time.

mod codec;
mod one_way;
mod round_trip;

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use bench::Bench;

/// No frame is longer here.
const MAX: usize = 1 << 20;

/// What is gathered before it is sent, and taken with one call.
const GATHER: usize = 64 * 1024;

/// Bytes of a frame, for the contests and for the series.
const SIZES: [usize; 3] = [1024, 64 * 1024, 1 << 20];
const GROWTH: [usize; 5] = [100, 1024, 10 * 1024, 100 * 1024, 1 << 20];

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    for size in SIZES {
        bench.hold(one_way::with_goals(size))?;
    }
    bench.hold(round_trip::contest())?;
    let points = GROWTH.map(|size| (size as u64, one_way::contest(size, false)));
    bench.series("one way, by the size of a frame", "bytes", points)
}

/// Both ends of a connection.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let near = TcpStream::connect(listener.local_addr()?)?;
    let (far, _) = listener.accept()?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    Ok((near, far))
}

#[expect(clippy::cast_precision_loss, reason = "a count of what one thread did in seconds")]
fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(f64::EPSILON)
}
