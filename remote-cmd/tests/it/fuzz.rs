//! Fuzz targets: see "Fuzzing" in tests/README.md.

use std::io::{self, Read};

use common::frame::{FrameReader, Prefix};
use harness::cuts;
use remote_cmd::ack::{self, Acknowledgement};
use remote_cmd::command_end::MAX_ANSWER;
use remote_cmd::key::Key;
use remote_cmd::sniff;
use remote_cmd::stream::{HELLO_LEN, Hello, MAGIC, MAX_MESSAGE, Reply, Request};

/// Random inputs of a run of `cargo test`, beside the corpus.
const RANDOM: usize = 200;

/// Gives one piece a call.
struct Pieces<'a>(Vec<&'a [u8]>);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(piece) = self.0.first_mut() else { return Ok(0) };
        let read = piece.read(buffer)?;
        if piece.is_empty() {
            self.0.remove(0);
        }
        Ok(read)
    }
}

/// What a stream of messages says, and whether it ends between two of them.
fn messages(pieces: Vec<&[u8]>) -> (Vec<Vec<u8>>, bool) {
    let mut frames = FrameReader::new(Pieces(pieces), Prefix::Native, MAX_MESSAGE);
    let mut messages = Vec::new();
    loop {
        match frames.next() {
            Ok(Some(message)) => messages.push(message.to_vec()),
            end => return (messages, end.is_ok()),
        }
    }
}

#[test]
fn stream_messages() {
    bolero::check!(name = "stream_messages").with_iterations(RANDOM).for_each(|stream: &[u8]| {
        let at_once = messages(vec![stream]);
        for pieces in cuts(stream) {
            assert_eq!(messages(pieces), at_once);
        }
        for message in &at_once.0 {
            let framed = [&(message.len() as u32).to_be_bytes(), message.as_slice()].concat();
            let (request, reply) = (Request::decode(message), Reply::decode(message));
            assert!(request.is_err() || reply.is_err(), "no message goes both ways");
            let mut written = Vec::new();
            if let Ok(request) = request {
                request.write(&mut written).unwrap();
                assert_eq!(written, framed, "what is written is what was read");
            } else if let Ok(reply) = reply {
                reply.write(&mut written).unwrap();
                // Of no output no message is made.
                assert!(
                    written == framed || written.is_empty() && message.len() == 1,
                    "{written:?}"
                );
            }
        }
    });
}

#[test]
fn hellos() {
    bolero::check!(name = "hellos").with_iterations(RANDOM).with_max_len(40).for_each(
        |stream: &[u8]| {
            for pieces in cuts(stream) {
                let mut come = 0;
                let ends = pieces.iter().map(|piece| {
                    come += piece.len();
                    come
                });
                // Bytes behind a hello are refused where they have come with its last one.
                let is_alone = ends.into_iter().any(|end| end == HELLO_LEN);
                let is_hello = is_alone && stream.starts_with(&MAGIC);
                let read = Hello::read(&mut Pieces(pieces)).ok();
                let wanted = is_hello.then(|| &stream[..HELLO_LEN]);
                assert_eq!(read.map(|hello| hello.bytes()).as_ref().map(|it| &it[..]), wanted);
            }
        },
    );
}

#[test]
fn tutorial_words() {
    bolero::check!(name = "tutorial_words").with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let digits = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
        let add = |number: usize, digit: &u8| {
            number.saturating_mul(10).saturating_add(usize::from(digit - b'0'))
        };
        let number = digits.then(|| bytes.iter().fold(0, add));
        let wanted = number.filter(|number| *number <= MAX_ANSWER);
        assert_eq!(ack::parse_length(bytes).ok(), wanted);
        assert_eq!(ack::parse_length(&ack::length_of(bytes)), Ok(bytes.len()));

        let acknowledgement = ack::acknowledgement(bytes);
        assert_eq!(acknowledgement == Acknowledgement::Given, bytes == ack::READY);
        if acknowledgement == Acknowledgement::Wrong {
            let longer = [bytes, b"!"].concat();
            assert_eq!(ack::acknowledgement(&longer), Acknowledgement::Wrong, "no rest mends it");
        }

        // What was once known for another protocol stays known.
        if sniff::recognise(bytes).is_some() {
            assert_eq!(sniff::recognise(&[bytes, b"\r\n"].concat()), sniff::recognise(bytes));
        }

        if let Ok(key) = Key::parse(bytes) {
            assert_eq!(Key::parse(key.to_file().as_bytes()), Ok(key));
            assert!(bytes.len() <= 66);
        }
    });
}
