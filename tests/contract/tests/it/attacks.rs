//! Peers that are slow, broken or hostile, against every server: afterwards a good client is served
//! as before, nothing has crashed, and memory is what it should be.

mod datagrams;
mod streams;
mod terminals;

use std::io::ErrorKind;
use std::net::TcpStream;

use harness::pairs::Pair;
use harness::{Server, Signal, each_pair, peer, usage};

const MIB: u64 = 1024 * 1024;

/// Attacks a server of every pair; the sockets that `attack` returns stay open while a good client
/// is served.
fn attacked<A>(
    pairs: impl Iterator<Item = &'static Pair>,
    memory: u64,
    attack: impl Fn(&'static Pair, &Server) -> A,
) {
    each_pair(pairs, |pair| {
        let server = pair.serve(&[]);
        let attackers = attack(pair, &server);
        pair.converse(server.addr());
        drop(attackers);
        pair.converse(server.addr());
        let resident = usage::resident(server.id());
        assert!(resident < memory, "{} MiB of memory", resident / MIB);
        server.signal(Signal::SIGTERM);
        let exit = server.wait();
        exit.assert_code(0);
        exit.assert_no_panic();
    });
}

/// A generator of bytes that are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn bytes(&mut self, n: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next() as u8).take(n).collect()
    }
}

/// Reads until the peer closes or resets; it has to do so in time.
#[track_caller]
fn read_all(stream: &mut TcpStream) {
    if let Err(e) = std::io::copy(stream, &mut std::io::sink()) {
        let still_open = matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
        assert!(!still_open, "still open after {:?}", peer::LIMIT);
    }
}
