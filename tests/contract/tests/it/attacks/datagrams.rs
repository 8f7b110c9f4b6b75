//! Hostile datagrams.

use harness::pairs::udp;
use harness::peer;

use super::{MIB, Random, attacked};

#[test]
fn datagrams_of_any_size_and_content_do_no_harm() {
    attacked(udp(), 16 * MIB, |_, server| {
        let stranger = peer::udp();
        stranger.connect(server.addr()).unwrap();
        let mut random = Random(1);
        // A full buffer of the server is its right to lose some.
        let _ = stranger.send(b"");
        let _ = stranger.send(&random.bytes(65_507));
        let _ = stranger.send(&[b'1'; 65_507]);
        for n in 0..2000 {
            let _ = stranger.send(&random.bytes(n));
        }
        for text in [
            "nan",
            "inf",
            "1e400",
            "-273.16",
            "1_0",
            "0x10",
            "３６．６",
            "\u{202e}",
            "\0",
            "Hello, Hello, x!!",
        ] {
            let _ = stranger.send(text.as_bytes());
        }
        stranger
    });
}

#[test]
fn a_client_that_is_gone_before_the_answer_does_no_harm() {
    attacked(udp(), 16 * MIB, |_, server| {
        for _ in 0..200 {
            // The answer meets a closed port, and ICMP tells the server so (ECONNREFUSED in its
            // next call).
            peer::udp().send_to(b"25", server.addr()).unwrap();
        }
    });
}
