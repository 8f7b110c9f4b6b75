//! Fuzz targets, here because an opener that begins anew for each input is nobody else's business:
//! see "Fuzzing" in tests/README.md.

use std::sync::OnceLock;

use super::*;

/// Random inputs of a run of `cargo test`, beside the corpus.
const RANDOM: usize = 20;

/// Gives one piece a call, and takes whatever is written.
struct Peer<'a>(Vec<&'a [u8]>);

impl Read for Peer<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(piece) = self.0.first_mut() else { return Ok(0) };
        let read = piece.read(buffer)?;
        if piece.is_empty() {
            self.0.remove(0);
        }
        Ok(read)
    }
}

impl Write for Peer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn key() -> Key {
    Key::parse("5a".repeat(32).as_bytes()).unwrap()
}

#[test]
fn handshakes() {
    bolero::check!(name = "handshakes").with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        // Each side draws a key of its own, so that nothing that was recorded or made up is let in.
        for pieces in [vec![bytes], harness::cuts(bytes).pop().unwrap()] {
            let refused =
                |error: &NoiseError| matches!(error, NoiseError::WrongKey | NoiseError::Closed);
            assert!(
                respond(&mut Peer(pieces.clone()), &key(), b"hellos")
                    .is_err_and(|error| refused(&error))
            );
            assert!(
                initiate(&mut Peer(pieces), &key(), b"hellos").is_err_and(|error| refused(&error))
            );
        }
    });
}

/// The state after a handshake: what the client seals with, and what the server opens with.
fn states() -> &'static [Arc<StatelessTransportState>; 2] {
    static STATES: OnceLock<[Arc<StatelessTransportState>; 2]> = OnceLock::new();
    STATES.get_or_init(|| {
        let key = key();
        let mut client = builder(&key, b"hellos").unwrap().build_initiator().unwrap();
        let mut server = builder(&key, b"hellos").unwrap().build_responder().unwrap();
        let (mut message, mut nothing) = ([0; 256], [0; 256]);
        let length = client.write_message(&[], &mut message).unwrap();
        server.read_message(&message[..length], &mut nothing).unwrap();
        let length = server.write_message(&[], &mut message).unwrap();
        client.read_message(&message[..length], &mut nothing).unwrap();
        [client, server].map(|side| Arc::new(side.into_stateless_transport_mode().unwrap()))
    })
}

fn opened(pieces: Vec<&[u8]>) -> (Vec<u8>, io::Result<()>) {
    let opener = Opener { state: Arc::clone(&states()[1]), nonce: 0, plain: vec![0; MAX_RECORD] };
    let mut plain = Vec::new();
    let read = SecureReader::new(Peer(pieces), opener).read_to_end(&mut plain);
    (plain, read.map(drop))
}

#[test]
fn records() {
    bolero::check!(name = "records").with_iterations(RANDOM).with_max_len(200).for_each(
        |bytes: &[u8]| {
            let Some((&how, plain)) = bytes.split_first() else { return };
            let mut records: Vec<Vec<u8>> = Vec::new();
            let sealer = Sealer {
                state: Arc::clone(&states()[0]),
                nonce: 0,
                record: vec![0; 2 + MAX_RECORD],
            };
            let mut writer = SecureWriter::new(Vec::new(), sealer);
            for piece in plain.split(|byte| *byte == 0) {
                writer.write_all(piece).unwrap();
                records.push(std::mem::take(writer.get_mut()));
            }
            records.retain(|record| !record.is_empty());
            let wire = records.concat();
            let words: Vec<u8> = plain.iter().copied().filter(|byte| *byte != 0).collect();
            assert!(
                wire.len() <= plain.len() + (2 + TAG) * records.len(),
                "records grow no faster than their words"
            );
            for pieces in harness::cuts(&wire) {
                let (read, end) = opened(pieces);
                assert_eq!(read, words);
                assert!(end.is_ok());
            }

            // Whatever is done to the records, nothing comes out that was not said, in that order.
            let at = usize::from(how) / 4;
            match how % 4 {
                0 if at < wire.len() => {
                    let mut changed = wire.clone();
                    changed[at] ^= 1 << (how & 7);
                    check_broken(&changed, &words);
                }
                1 if !records.is_empty() => {
                    let mut twice = records.clone();
                    let at = at % records.len();
                    twice.insert(at, records[at].clone());
                    check_broken(&twice.concat(), &words);
                }
                2 if records.len() > 1 => {
                    let mut swapped = records.clone();
                    swapped.swap(at % records.len(), (at + 1) % records.len());
                    check_broken(&swapped.concat(), &words);
                }
                // What a stranger makes up.
                _ => {
                    let (read, end) = opened(vec![plain]);
                    assert!(read.is_empty() && (end.is_err() || plain.is_empty()));
                }
            }
        },
    );
}

fn check_broken(wire: &[u8], words: &[u8]) {
    for pieces in harness::cuts(wire) {
        let (read, end) = opened(pieces);
        assert!(words.starts_with(&read));
        let kind = end.unwrap_err().kind();
        assert!(matches!(kind, ErrorKind::InvalidData | ErrorKind::UnexpectedEof), "{kind:?}");
    }
}
