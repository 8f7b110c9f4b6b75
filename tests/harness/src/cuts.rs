//! A stream cut into pieces, as a network may deliver it.

/// The ways to cut a stream that a test tries: all at once, in pieces of some small sizes, and
/// unevenly, at places that the bytes themselves decide. None of the pieces is empty.
pub fn cuts(stream: &[u8]) -> Vec<Vec<&[u8]>> {
    let even =
        [usize::MAX, 1, 2, 3, 7].map(|size| stream.chunks(size.min(stream.len().max(1))).collect());
    even.into_iter().chain([unevenly(stream)]).collect()
}

fn unevenly(mut rest: &[u8]) -> Vec<&[u8]> {
    // FNV-1a: every byte decides where the cuts are.
    let hash = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let mut state = rest.iter().fold(0xcbf2_9ce4_8422_2325_u64, hash);
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        state = hash(state, &0);
        let (piece, after) = rest.split_at(rest.len().min(1 + (state >> 32) as usize % 11));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_stream() {
        for stream in [&b""[..], b"a", b"GET / HTTP/1.1\r\n\r\n"] {
            for pieces in cuts(stream) {
                assert_eq!(pieces.concat(), stream);
                assert!(pieces.iter().all(|piece| !piece.is_empty()));
            }
        }
    }
}
