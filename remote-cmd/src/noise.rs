//! A stream that only those who hold the key can read, write, or repeat.
//!
//! The Noise protocol (<https://noiseprotocol.org/noise.html>), pattern `NNpsk0`: each side draws a
//! key pair for this connection alone, and the secret that both hold is mixed in from the first
//! byte on.
//!
//! ```text
//! client → server   psk, e     48 bytes: a fresh public key, and a tag that only a holder of the secret can make
//! server → client   e, ee      48 bytes: another, and the tag of what both have in common now
//! client → server              an empty record: the client, too, has followed
//! ```
//!
//! After that the keys are of this connection only: whoever has recorded it can repeat the client's
//! first message, but not follow with a record that fits the server's new key; and who learns the
//! secret later cannot read it.
//!
//! Everything is in records: 2 bytes of length in network order, and a Noise message of at most
//! 65,535 bytes, of which 16 are its tag. Records hold a stream of bytes, and where a message of
//! the protocol above ends is that protocol's affair. A record of length 0 in place of the server's
//! handshake message means that the key is wrong.

use std::io::{self, BufReader, ErrorKind, IoSlice, Read, Write};
use std::ops::Range;
use std::sync::Arc;

use byteorder::{BigEndian, ByteOrder};
use snow::{Builder, HandshakeState, StatelessTransportState};

use crate::key::Key;
use crate::text;

/// The handshake, the key exchange, the cipher and the hash.
const PROTOCOL: &str = "Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s";

/// The longest Noise message, in bytes (section 3 of the specification).
const MAX_RECORD: usize = 65_535;

/// Bytes that the cipher adds to each message.
const TAG: usize = 16;

/// The most plain bytes in one record.
const MAX_PLAIN: usize = MAX_RECORD - TAG;

/// Why there is no secure connection.
#[derive(Debug, thiserror::Error)]
pub enum NoiseError {
    /// The other side holds another key, or something on the way has changed its message.
    #[error("{}", text::keys_differ())]
    WrongKey,
    /// The connection ended within the handshake.
    #[error("{}", text::closed_in_handshake())]
    Closed,
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The cryptography itself failed, which a peer cannot bring about.
    #[error("{}", text::encryption_failed(.0))]
    Snow(#[from] snow::Error),
}

/// The client's side of the handshake. Both sides give the hellos that they have exchanged: had
/// somebody changed them on the way, the handshake fails.
///
/// # Errors
/// [`NoiseError`]
pub fn initiate(
    stream: &mut (impl Read + Write),
    key: &Key,
    hellos: &[u8],
) -> Result<Secrets, NoiseError> {
    let mut handshake = builder(key, hellos)?.build_initiator()?;
    write_handshake(stream, &mut handshake)?;
    read_handshake(stream, &mut handshake)?;
    let (mut writes, reads) = split(handshake)?;
    stream.write_all(writes.seal(&[])?)?;
    Ok((writes, reads))
}

/// The server's side of the handshake. When it returns, the client has shown that it holds the key
/// and is here now.
///
/// # Errors
/// [`NoiseError::WrongKey`], which the client has not been told: see [`refuse`].
pub fn respond(
    stream: &mut (impl Read + Write),
    key: &Key,
    hellos: &[u8],
) -> Result<Secrets, NoiseError> {
    let mut handshake = builder(key, hellos)?.build_responder()?;
    read_handshake(stream, &mut handshake)?;
    write_handshake(stream, &mut handshake)?;
    let (writes, mut reads) = split(handshake)?;
    match reads.open(&read_record(stream)?) {
        Ok([]) => Ok((writes, reads)),
        _ => Err(NoiseError::WrongKey),
    }
}

/// Tells a client that its key is wrong.
///
/// # Errors
/// Those of writing.
pub fn refuse(stream: &mut impl Write) -> io::Result<()> {
    stream.write_all(&[0, 0])
}

/// What encrypts, and what decrypts.
pub type Secrets = (Sealer, Opener);

fn builder<'a>(key: &'a Key, hellos: &'a [u8]) -> Result<Builder<'a>, snow::Error> {
    Builder::new(PROTOCOL.parse()?).prologue(hellos)?.psk(0, key.bytes())
}

fn split(handshake: HandshakeState) -> Result<Secrets, snow::Error> {
    let state = Arc::new(handshake.into_stateless_transport_mode()?);
    let sealer = Sealer { state: Arc::clone(&state), nonce: 0, record: vec![0; 2 + MAX_RECORD] };
    Ok((sealer, Opener { state, nonce: 0, plain: vec![0; MAX_RECORD] }))
}

fn write_handshake(
    stream: &mut impl Write,
    handshake: &mut HandshakeState,
) -> Result<(), NoiseError> {
    let mut record = [0; 2 + 256];
    let (head, message) = record.split_at_mut(2);
    let length = handshake.write_message(&[], message)?;
    BigEndian::write_u16(head, u16::try_from(length).unwrap_or_default());
    stream.write_all(record.get(..2 + length).unwrap_or_default())?;
    Ok(())
}

fn read_handshake(
    stream: &mut impl Read,
    handshake: &mut HandshakeState,
) -> Result<(), NoiseError> {
    match handshake.read_message(&read_record(stream)?, &mut [0; 256]) {
        Ok(0) => Ok(()),
        _ => Err(NoiseError::WrongKey),
    }
}

/// One record of the handshake. Nobody has proved anything yet, so that it may not be long.
fn read_record(stream: &mut impl Read) -> Result<Vec<u8>, NoiseError> {
    let mut head = [0; 2];
    read_exact(stream, &mut head)?;
    let length = usize::from(BigEndian::read_u16(&head));
    if length > 256 {
        return Err(NoiseError::WrongKey);
    }
    let mut message = vec![0; length];
    read_exact(stream, &mut message)?;
    Ok(message)
}

fn read_exact(stream: &mut impl Read, buffer: &mut [u8]) -> Result<(), NoiseError> {
    stream.read_exact(buffer).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => NoiseError::Closed,
        _ => error.into(),
    })
}

/// Encrypts in one direction.
pub struct Sealer {
    state: Arc<StatelessTransportState>,
    nonce: u64,
    record: Vec<u8>,
}

impl Sealer {
    /// Makes a record of these bytes, at most [`MAX_PLAIN`].
    fn seal(&mut self, plain: &[u8]) -> Result<&[u8], snow::Error> {
        let (head, message) = self.record.split_at_mut_checked(2).ok_or(snow::Error::Input)?;
        let length = self.state.write_message(self.nonce, plain, message)?;
        self.nonce += 1;
        BigEndian::write_u16(head, u16::try_from(length).unwrap_or_default());
        Ok(self.record.get(..2 + length).unwrap_or_default())
    }
}

/// Decrypts in the other.
pub struct Opener {
    state: Arc<StatelessTransportState>,
    nonce: u64,
    plain: Vec<u8>,
}

impl Opener {
    /// The bytes in a Noise message, if it is the next one of this connection, and nobody has
    /// changed it.
    fn open(&mut self, message: &[u8]) -> Result<&[u8], snow::Error> {
        let length = self.state.read_message(self.nonce, message, &mut self.plain)?;
        self.nonce += 1;
        Ok(self.plain.get(..length).unwrap_or_default())
    }
}

/// Writes a stream of bytes in records.
pub struct SecureWriter<W> {
    writer: W,
    sealer: Sealer,
    plain: Vec<u8>,
}

impl<W: Write> SecureWriter<W> {
    /// Encrypts what goes to `writer`.
    pub fn new(writer: W, sealer: Sealer) -> Self {
        Self { writer, sealer, plain: Vec::with_capacity(MAX_PLAIN) }
    }

    /// The stream below.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.writer
    }
}

impl<W: Write> Write for SecureWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    /// Makes one record of what fits into it, and sends that in one call.
    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.plain.clear();
        for piece in pieces {
            let room = MAX_PLAIN - self.plain.len();
            self.plain.extend_from_slice(piece.get(..room).unwrap_or(piece));
        }
        if !self.plain.is_empty() {
            let record = self.sealer.seal(&self.plain).map_err(io::Error::other)?;
            self.writer.write_all(record)?;
        }
        Ok(self.plain.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Reads a stream of bytes from records.
pub struct SecureReader<R> {
    reader: BufReader<R>,
    opener: Opener,
    record: Vec<u8>,
    /// What is left of the plain bytes of the last record.
    left: Range<usize>,
}

impl<R: Read> SecureReader<R> {
    /// Decrypts what comes from `reader`.
    pub fn new(reader: R, opener: Opener) -> Self {
        let reader = BufReader::with_capacity(2 + MAX_RECORD, reader);
        Self { reader, opener, record: Vec::new(), left: 0..0 }
    }

    /// Takes the next record; whether there was one.
    fn next_record(&mut self) -> io::Result<bool> {
        let Some(first) = self.reader.by_ref().bytes().next().transpose()? else {
            // The stream has ended between two records, and the protocol above must judge that.
            return Ok(false);
        };
        let mut second = [0];
        self.reader.read_exact(&mut second)?;
        let [second] = second;
        self.record.resize(usize::from(u16::from_be_bytes([first, second])), 0);
        self.reader.read_exact(&mut self.record)?;
        let forged = |_| io::Error::new(ErrorKind::InvalidData, text::forged());
        self.left = 0..self.opener.open(&self.record).map_err(forged)?.len();
        Ok(true)
    }
}

impl<R: Read> Read for SecureReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left.is_empty() {
            if !self.next_record()? {
                return Ok(0);
            }
        }
        let mut plain = self.opener.plain.get(self.left.clone()).unwrap_or_default();
        let read = plain.read(buffer)?;
        self.left.start += read;
        Ok(read)
    }
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    use super::*;

    const HELLOS: &[u8] = b"hellos";

    /// Two ends of a connection.
    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let one = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (one, listener.accept().unwrap().0)
    }

    /// A stream that keeps what was read from it.
    struct Recorder<'a>(&'a mut TcpStream, Vec<u8>);

    impl Read for Recorder<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            self.1.extend_from_slice(&buffer[..read]);
            Ok(read)
        }
    }

    impl Write for Recorder<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The client's secrets, the server's, and what the client sent.
    fn shake(
        client_key: &Key,
        server_key: &Key,
        client_hellos: &[u8],
    ) -> (Result<Secrets, NoiseError>, Result<Secrets, NoiseError>, Vec<u8>) {
        let (mut client, mut server) = pair();
        thread::scope(|scope| {
            let initiator = scope.spawn(move || initiate(&mut client, client_key, client_hellos));
            let mut recorder = Recorder(&mut server, Vec::new());
            let responded = respond(&mut recorder, server_key, HELLOS);
            let sent = recorder.1;
            if responded.is_err() {
                let _ = refuse(&mut server);
            }
            drop(server);
            (initiator.join().unwrap(), responded, sent)
        })
    }

    fn secrets() -> (Secrets, Secrets) {
        let key = Key::random().unwrap();
        let (client, server, _) = shake(&key, &key, HELLOS);
        (client.unwrap(), server.unwrap())
    }

    #[test]
    fn what_one_side_writes_the_other_reads_and_nobody_else_sees() {
        let ((client, _), (_, server)) = secrets();
        let mut wire = Vec::new();
        let mut writer = SecureWriter::new(&mut wire, client);
        let text: Vec<u8> = (0..600_000_u32).map(|n| b'a' + (n % 26) as u8).collect();
        writer.write_all(b"first ").unwrap();
        writer.write_all(&text).unwrap();
        writer.write_all(&[]).unwrap();
        let vectored =
            writer.write_vectored(&[IoSlice::new(b" last"), IoSlice::new(b" words")]).unwrap();
        assert_eq!(vectored, 11);
        assert!(!wire.windows(6).any(|window| window == b"first " || window == b"abcdef"));
        let mut plain = Vec::new();
        SecureReader::new(wire.as_slice(), server).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, [b"first ", &text[..], b" last words"].concat());
    }

    #[test]
    fn a_record_leaves_in_one_call_and_comes_back_however_it_is_cut() {
        /// Counts the calls.
        struct Calls(Vec<u8>, usize);
        impl Write for Calls {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.1 += 1;
                self.0.write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        /// Gives so many bytes at a time.
        struct Pieces<'a>(&'a [u8], usize);
        impl Read for Pieces<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let room = self.1.min(buffer.len());
                self.0.read(&mut buffer[..room])
            }
        }
        let text: Vec<u8> = (0..=250).cycle().take(MAX_PLAIN + 1).collect();
        for size in [1, 3, 1000, MAX_RECORD, MAX_RECORD + 3, 100_000, usize::MAX] {
            let ((client, _), (_, server)) = secrets();
            let mut writer = SecureWriter::new(Calls(Vec::new(), 0), client);
            let (head, rest) = text.split_at(5);
            let written = writer.write_vectored(&[IoSlice::new(head), IoSlice::new(rest)]).unwrap();
            assert_eq!((written, writer.get_mut().1), (text.len() - 1, 1));
            writer.write_all(&text[written..]).unwrap();
            let Calls(wire, calls) = writer.writer;
            assert_eq!((calls, wire.len()), (2, text.len() + 2 * (2 + TAG)));
            let mut plain = Vec::new();
            SecureReader::new(Pieces(&wire, size), server).read_to_end(&mut plain).unwrap();
            assert!(plain == text, "{size} bytes at a time");
        }
    }

    #[test]
    fn a_wrong_key_is_seen_by_the_server_and_told_to_the_client() {
        let (one, other) = (Key::random().unwrap(), Key::random().unwrap());
        let (client, server, _) = shake(&one, &other, HELLOS);
        assert!(matches!(server, Err(NoiseError::WrongKey)));
        assert!(matches!(client, Err(NoiseError::WrongKey)));
    }

    #[test]
    fn hellos_that_were_changed_on_the_way_are_noticed() {
        let key = Key::random().unwrap();
        let (client, server, _) = shake(&key, &key, b"hell0s");
        assert!(matches!(server, Err(NoiseError::WrongKey)));
        assert!(client.is_err());
    }

    #[test]
    fn a_recorded_client_cannot_be_played_again() {
        let key = Key::random().unwrap();
        let (_, server, sent) = shake(&key, &key, HELLOS);
        assert!(server.is_ok() && sent.len() > 48);
        let (mut client, mut server) = pair();
        client.write_all(&sent).unwrap();
        drop(client.shutdown(std::net::Shutdown::Write));
        assert!(matches!(respond(&mut server, &key, HELLOS), Err(NoiseError::WrongKey)));
    }

    #[test]
    fn a_changed_repeated_or_missing_record_is_noticed() {
        let ((mut client, _), (_, server)) = secrets();
        let records = [b"one", b"two"].map(|plain| client.seal(plain).unwrap().to_vec());
        let state = Arc::clone(&server.state);
        let read = |wire: Vec<u8>| {
            let opener = Opener {
                state: Arc::clone(&state),
                nonce: server.nonce,
                plain: vec![0; MAX_RECORD],
            };
            let mut plain = Vec::new();
            SecureReader::new(wire.as_slice(), opener).read_to_end(&mut plain).map(|_| plain)
        };
        assert_eq!(read(records.concat()).unwrap(), b"onetwo");
        let mut changed = records.concat();
        changed[4] ^= 1;
        assert_eq!(read(changed).unwrap_err().kind(), ErrorKind::InvalidData);
        assert!(read([&records[0][..], &records[0]].concat()).is_err());
        assert!(read(records[1].clone()).is_err());
        assert_eq!(read(records[0][..5].to_vec()).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_handshake_of_noise_is_refused_and_not_kept() {
        for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0, 0], &[0xff; 100], &[0, 48]] {
            let (mut client, mut server) = pair();
            client.write_all(garbage).unwrap();
            client.shutdown(std::net::Shutdown::Write).unwrap();
            assert!(respond(&mut server, &Key::random().unwrap(), HELLOS).is_err());
        }
    }
}
