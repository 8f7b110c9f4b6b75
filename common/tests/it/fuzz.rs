//! Fuzz targets: see "Fuzzing" in tests/README.md.

use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use common::addr::Addr;
use common::encoding::Encoding;
use common::frame::{FrameError, FrameReader, PREFIX_LEN, Prefix, write_frame};
use common::terminal::{bytes_as_line, escape_line, escape_text};
use harness::cuts;

/// Random inputs of a run of `cargo test`, beside the corpus.
const RANDOM: usize = 200;

/// A small cap, so that random lengths are on either side of it.
const MAX: usize = 300;

/// Gives one piece a call, and counts the calls.
struct Pieces<'a> {
    pieces: Vec<&'a [u8]>,
    calls: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        let Some(piece) = self.pieces.first_mut() else { return Ok(0) };
        let read = piece.read(buffer)?;
        if piece.is_empty() {
            self.pieces.remove(0);
        }
        Ok(read)
    }
}

/// How a stream of frames ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Clean,
    Cut { got: usize, of: usize },
    Refused,
}

/// The frames of a stream, read as the module's head describes them and by no code of it.
fn frames_of(mut stream: &[u8], prefix: Prefix) -> (Vec<&[u8]>, End) {
    let mut frames = Vec::new();
    loop {
        let Some((head, rest)) = stream.split_first_chunk::<PREFIX_LEN>() else {
            let got = stream.len();
            return (frames, if got == 0 { End::Clean } else { End::Cut { got, of: PREFIX_LEN } });
        };
        let length = match prefix {
            Prefix::Tutorial => i64::from(i32::from_le_bytes(*head)),
            Prefix::Native => i64::from(u32::from_be_bytes(*head)),
        };
        let Some(length) = usize::try_from(length).ok().filter(|length| *length <= MAX) else {
            return (frames, End::Refused);
        };
        if rest.len() < length {
            return (frames, End::Cut { got: rest.len(), of: length });
        }
        let (payload, rest) = rest.split_at(length);
        frames.push(payload);
        stream = rest;
    }
}

#[test]
fn frames() {
    bolero::check!(name = "frames").with_iterations(RANDOM).for_each(|stream: &[u8]| {
        for prefix in [Prefix::Tutorial, Prefix::Native] {
            let (frames, end) = frames_of(stream, prefix);
            for pieces in cuts(stream) {
                let calls = pieces.len() + 2 * frames.len() + 4;
                let mut reader = FrameReader::new(Pieces { pieces, calls: 0 }, prefix, MAX);
                for wanted in &frames {
                    assert_eq!(reader.next().unwrap(), Some(*wanted));
                }
                match (reader.next(), &end) {
                    (Ok(None), End::Clean) => {}
                    (Err(FrameError::Cut { got, of }), End::Cut { got: g, of: o }) => {
                        assert_eq!((got, of), (*g, *o));
                    }
                    (
                        Err(
                            FrameError::Negative(_)
                            | FrameError::Text(_)
                            | FrameError::TooLong { .. },
                        ),
                        End::Refused,
                    ) => {}
                    other => panic!("{other:?}"),
                }
                assert!(reader.get_mut().calls <= calls, "{} calls", reader.get_mut().calls);
            }
            let mut written = Vec::new();
            for payload in &frames {
                write_frame(&mut written, prefix, payload, MAX).unwrap();
            }
            assert!(stream.starts_with(&written), "what is written is what was read");
        }
    });
}

fn decoded(encoding: Encoding, pieces: &[&[u8]]) -> String {
    let mut decoder = encoding.decoder();
    let text: String = pieces.iter().map(|piece| decoder.push(piece)).collect();
    text + &decoder.finish()
}

#[test]
fn text_by_pieces() {
    bolero::check!(name = "text_by_pieces").with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        for encoding in [Encoding::Utf8, Encoding::Gbk] {
            let at_once = decoded(encoding, &[bytes]);
            for pieces in cuts(bytes) {
                assert_eq!(decoded(encoding, &pieces), at_once);
            }
            assert!(at_once.len() <= 4 * bytes.len(), "text grows no faster than its bytes");
        }
        let utf8: String = bytes
            .utf8_chunks()
            .map(|chunk| chunk.valid().to_owned() + &shown(chunk.invalid()))
            .collect();
        assert_eq!(decoded(Encoding::Utf8, &[bytes]), utf8);
        let (gbk, wrong) = encoding_rs::GBK.decode_without_bom_handling(bytes);
        if !wrong {
            assert_eq!(decoded(Encoding::Gbk, &[bytes]), gbk);
        }
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(decoded(Encoding::Utf8, &[&Encoding::Utf8.encode(&text)]), text);
        if !encoding_rs::GBK.encode(&text).2 {
            assert_eq!(decoded(Encoding::Gbk, &[&Encoding::Gbk.encode(&text)]), text);
        }
    });
}

fn shown(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect()
}

/// What a terminal obeys, or what changes the order of a line: written down anew.
fn obeyed(letter: char) -> bool {
    let code = u32::from(letter);
    code < 0x20
        || (0x7f..0xa0).contains(&code)
        || [0x61c, 0x200e, 0x200f].contains(&code)
        || (0x2028..=0x202e).contains(&code)
        || (0x2066..=0x2069).contains(&code)
}

#[test]
fn escapes() {
    bolero::check!(name = "escapes").with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let line = escape_line(&text);
        assert!(!line.contains(obeyed), "{line:?}");
        assert!(
            !escape_text(&text)
                .contains(|letter| obeyed(letter) && letter != '\n' && letter != '\t')
        );
        assert!(!bytes_as_line(bytes).contains(obeyed));
        assert_eq!(escape_line(&line), line, "what is escaped stays as it is");
        assert!(line.len() <= 4 * text.len());
        let kept: String = text.chars().filter(|letter| !obeyed(*letter)).collect();
        let mut shown = line.chars();
        assert!(
            kept.chars().all(|letter| shown.any(|other| other == letter)),
            "nothing harmless is lost"
        );
        for (at, _) in text.char_indices().take(40) {
            let (before, after) = text.split_at(at);
            assert_eq!(escape_line(before) + &*escape_line(after), line);
        }
    });
}

/// For looking up a name, which no address here needs.
const LIMIT: Duration = Duration::from_secs(1);

const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9999);

/// The addresses that a server binds for `text`, as far as no name has to be looked up.
fn numeric(text: &str) -> Option<Vec<SocketAddr>> {
    let default = DEFAULT.port();
    if text.contains('%') {
        return None;
    }
    if let Ok(addr) = text.parse() {
        return Some(vec![addr]);
    }
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    if let Some(ip) = inside.and_then(|ip| ip.parse::<Ipv6Addr>().ok()) {
        return Some(vec![SocketAddr::new(ip.into(), default)]);
    }
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Some(vec![SocketAddr::new(ip, default)]);
    }
    let digits = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u16>().ok())?
    };
    if let Some(port) = digits(text) {
        return Some(vec![SocketAddr::new(DEFAULT.ip(), port)]);
    }
    let port = text.strip_prefix(':').and_then(digits)?;
    Some(
        [IpAddr::V6(Ipv6Addr::UNSPECIFIED), Ipv4Addr::UNSPECIFIED.into()]
            .map(|ip| SocketAddr::new(ip, port))
            .to_vec(),
    )
}

#[test]
fn addresses() {
    bolero::check!(name = "addresses").with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let parsed = text.parse::<Addr>();
        if let Some(addrs) = numeric(&text) {
            let parsed = parsed.unwrap();
            assert_eq!(parsed.to_listen(DEFAULT).unwrap(), addrs);
            if !text.starts_with(':')
                && let Ok(target) = parsed.to_connect(DEFAULT, LIMIT)
            {
                assert_eq!(target.addrs, addrs);
                assert_eq!(target.name, addrs[0].to_string());
                let again =
                    target.name.parse::<Addr>().unwrap().to_connect(DEFAULT, LIMIT).unwrap();
                assert_eq!(again, target, "what is shown can be written");
            }
        } else if parsed.is_ok() {
            // A name, which nobody looks up here.
            let odd = |letter: char| letter.is_control() || letter.is_whitespace() || letter == '/';
            assert!(!text.is_empty() && !text.contains(odd), "{text:?}");
        }
    });
}
