//! The head of a response: where it ends, and what it says (RFC 9112).

use super::header_lines::{Readable, lines};
use crate::text;

/// The longest head that is read, in bytes. curl reads 300 KiB, but what is longer than this is not
/// a head.
pub const MAX_HEAD: usize = 64 * 1024;

/// Why an answer is no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// The first bytes are something else, shown with what is not printable escaped: another
    /// protocol, or HTTP/0.9, which has no head.
    #[error("{}", text::not_http(.0))]
    NotHttp(String),
    /// A TLS record came.
    #[error("{}", text::answer_is_tls())]
    Tls,
    /// The connection ended before a byte came.
    #[error("{}", text::no_answer())]
    Nothing,
    /// The connection ended before the empty line that ends a head.
    #[error("{}", text::head_cut(.0))]
    Cut(usize),
    /// More than [`MAX_HEAD`] bytes without an empty line.
    #[error("{}", text::head_too_long(MAX_HEAD))]
    TooLong,
    /// The first line or a header line is not as RFC 9112 has it.
    #[error("{}", text::malformed_head(text::of_the_parser(*.0)))]
    Malformed(httparse::Error),
}

/// Collects a head from bytes that arrive cut anywhere.
#[derive(Debug, Default)]
pub struct HeadReader {
    bytes: Vec<u8>,
    /// Bytes of the line that the input stands in, without its CR.
    line: usize,
}

/// How every answer begins.
const BEGINNING: &[u8] = b"HTTP/1.";

impl HeadReader {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what arrived. When the head ends in it: the head, and how many bytes of `input` belong
    /// to it.
    ///
    /// A line may end with a lone LF, as RFC 9112, section 2.2 allows a recipient of a head.
    ///
    /// # Errors
    /// All of [`HeadError`] but those of an answer that stops.
    pub fn push(&mut self, input: &[u8]) -> Result<Option<(Head, usize)>, HeadError> {
        let end = self.end_of_head(input);
        let part = input.get(..end.unwrap_or(input.len())).unwrap_or(input);
        let room = MAX_HEAD - self.bytes.len();
        self.bytes.extend_from_slice(part.get(..room).unwrap_or(part));
        self.check_beginning()?;
        if part.len() > room {
            return Err(HeadError::TooLong);
        }
        end.map(|end| Ok((Head::parse(&self.bytes)?, end))).transpose()
    }

    /// What the end of the connection means before the head has ended.
    pub fn end_of_stream(&self) -> HeadError {
        match self.bytes.len() {
            0 => HeadError::Nothing,
            // What is shorter than `HTTP/1.` has not been judged yet.
            n if n < BEGINNING.len() => not_http(&self.bytes),
            n => HeadError::Cut(n),
        }
    }

    /// Where in `input` the empty line ends that ends the head.
    fn end_of_head(&mut self, input: &[u8]) -> Option<usize> {
        for (at, byte) in input.iter().enumerate() {
            match byte {
                b'\n' if self.line == 0 => return Some(at + 1),
                b'\n' => self.line = 0,
                b'\r' => {}
                _ => self.line += 1,
            }
        }
        None
    }

    /// Tells another protocol by its first bytes: its side may well wait for us to speak, and there
    /// would never be an empty line.
    fn check_beginning(&self) -> Result<(), HeadError> {
        // Whether it is TLS can be told from two bytes, which may come one by one.
        let may_be_tls = matches!(*self.bytes, [21 | 22]);
        if may_be_tls || self.bytes.iter().zip(BEGINNING).all(|(got, wanted)| got == wanted) {
            return Ok(());
        }
        Err(not_http(&self.bytes))
    }
}

fn not_http(bytes: &[u8]) -> HeadError {
    // RFC 8446, section 5.1: alert (21) or handshake (22), then the major version 3.
    if let [21 | 22, 3, ..] = bytes {
        return HeadError::Tls;
    }
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    HeadError::NotHttp(
        line.trim_ascii_end().get(..40).unwrap_or(line.trim_ascii_end()).escape_ascii().to_string(),
    )
}

/// The head of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    raw: Vec<u8>,
    pub(super) minor_version: u8,
    status: u16,
    reason: String,
    fields: Vec<(String, Vec<u8>)>,
    without_colon: Vec<Vec<u8>>,
    unreadable: Vec<Vec<u8>>,
}

impl Head {
    /// Reads a head that ends with its empty line.
    ///
    /// # Errors
    /// [`HeadError::Malformed`], or [`HeadError::Cut`] without an empty line.
    pub fn parse(raw: &[u8]) -> Result<Self, HeadError> {
        let Readable { mut lines, without_colon, unreadable } = Readable::of(raw);
        // A higher minor version says nothing that a reader of 1.1 would misread (RFC 9110, section
        // 2.5).
        if let Some(minor @ b'2'..=b'9') = lines.get_mut(BEGINNING.len()) {
            *minor = b'1';
        }
        // As many as there are: their number has no limit of its own beside that of their bytes.
        let mut fields = vec![httparse::EMPTY_HEADER; lines.split(|byte| *byte == b'\n').count()];
        let mut response = httparse::Response::new(&mut fields);
        let mut tolerant = httparse::ParserConfig::default();
        tolerant.allow_multiple_spaces_in_response_status_delimiters(true);
        match tolerant.parse_response(&mut response, &lines) {
            Ok(httparse::Status::Complete(_)) => {}
            Ok(httparse::Status::Partial) => return Err(HeadError::Cut(raw.len())),
            Err(error) => return Err(HeadError::Malformed(error)),
        }
        Ok(Self {
            raw: raw.to_vec(),
            minor_version: response.version.unwrap_or(0),
            status: response.code.unwrap_or(0),
            reason: response.reason.unwrap_or("").to_owned(),
            fields: response
                .headers
                .iter()
                .map(|field| (field.name.to_owned(), field.value.to_vec()))
                .collect(),
            without_colon,
            unreadable,
        })
    }

    /// The bytes as they came, with the empty line.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Its lines without their ends, the empty one last.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        lines(&self.raw)
    }

    /// The status code: three digits.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Code and phrase, such as `404 Not Found`.
    pub fn status_line(&self) -> String {
        format!("{} {}", self.status, self.reason).trim_end().to_owned()
    }

    /// A 1xx head, after which the real one follows (RFC 9110, section 15.2).
    pub fn is_interim(&self) -> bool {
        // 101 is final: it says that the connection now speaks another protocol.
        (100..200).contains(&self.status) && self.status != 101
    }

    /// The lines that are no header lines because they have no colon, such as the `charset=utf-8`
    /// of the tutorial's web server. curl and Node refuse such an answer; here it is read as if the
    /// lines were not there.
    pub fn without_colon(&self) -> impl Iterator<Item = &[u8]> {
        self.without_colon.iter().map(Vec::as_slice)
    }

    /// The lines that are no header lines because their name is no word (`Na me: v`) or their value
    /// holds control characters. They, too, are read over.
    pub fn unreadable(&self) -> impl Iterator<Item = &[u8]> {
        self.unreadable.iter().map(Vec::as_slice)
    }

    /// The values of all header lines of this name, in the order they came.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |field| field.0.eq_ignore_ascii_case(name))
            .map(|field| field.1.as_slice())
    }

    /// The value of the one header line of this name; nothing if there are two that differ, since
    /// neither can be believed.
    pub fn value<'a>(&'a self, name: &'a str) -> Option<&'a [u8]> {
        let mut values = self.values(name);
        let first = values.next()?;
        values.all(|other| other == first).then_some(first)
    }

    /// [`Head::value`] as text.
    pub fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        str::from_utf8(self.value(name)?).ok()
    }

    /// Whether the server will take another request on this connection (RFC 9112, section 9.3). One
    /// of HTTP/1.0 that would has to say so, and is not asked.
    pub fn keeps_connection(&self) -> bool {
        let mut options = self.values("connection").flat_map(|it| it.split(|byte| *byte == b','));
        self.minor_version > 0
            && !options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::body::Framing;
    use proptest::prelude::*;

    fn head(lines: &str) -> Head {
        Head::parse(lines.as_bytes()).unwrap()
    }

    #[test]
    fn the_tutorials_answer_is_read_though_one_line_has_no_colon() {
        let answer = "HTTP/1.1 200 OK\r\nContent-Type:text/html\r\ncharset=utf-8\r\nServer:testServer\r\n\r\n欢迎来此访问!";
        let (head, used) = HeadReader::new().push(answer.as_bytes()).unwrap().unwrap();
        assert_eq!(used, 77);
        assert_eq!(head.status(), 200);
        assert_eq!(head.value("server"), Some(&b"testServer"[..]));
        assert_eq!(head.without_colon().collect::<Vec<_>>(), [b"charset=utf-8"]);
        assert_eq!(head.framing(), Ok(Framing::UntilClose));
        assert_eq!(head.raw(), &answer.as_bytes()[..77]);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_kept_as_they_came() {
        let head = Head::parse(
            b"HTTP/1.1 200 \xb3\xc9\xb9\xa6\r\nX-Gbk: \xc4\xe3\xba\xc3\r\nX-Latin: caf\xe9\r\n\r\n",
        )
        .unwrap();
        assert_eq!(head.value("x-gbk"), Some(&b"\xc4\xe3\xba\xc3"[..]));
        assert_eq!(head.text("x-latin"), None);
        assert_eq!(head.status_line(), "200");
    }

    #[test]
    fn a_connection_goes_on_unless_the_server_says_otherwise() {
        for (lines, goes_on) in [
            ("HTTP/1.1 200 OK\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\nConnection: Upgrade, Close\r\n\r\n", false),
            ("HTTP/1.0 200 OK\r\n\r\n", false),
        ] {
            assert_eq!(head(lines).keeps_connection(), goes_on, "{lines}");
        }
    }

    #[test]
    fn lines_may_end_with_lf_alone() {
        let (head, used) =
            HeadReader::new().push(b"HTTP/1.0 200 OK\nContent-Length: 3\n\nabc").unwrap().unwrap();
        assert_eq!((head.framing(), used), (Ok(Framing::Length(3)), 35));
    }

    #[test]
    fn another_protocol_is_told_by_its_first_bytes() {
        let said = |bytes: &[u8]| HeadReader::new().push(bytes).unwrap_err();
        assert_eq!(
            said(b"SSH-2.0-OpenSSH_9.2\r\n"),
            HeadError::NotHttp("SSH-2.0-OpenSSH_9.2".to_owned())
        );
        assert_eq!(said(b"<html>\x1b[2J"), HeadError::NotHttp("<html>\\x1b[2J".to_owned()));
        assert_eq!(said(b"HTTP/2 200\r\n"), HeadError::NotHttp("HTTP/2 200".to_owned()));
        assert_eq!(said(b"\r\nHTTP/1.1 200 OK\r\n\r\n"), HeadError::NotHttp(String::new()));
        assert_eq!(said(b"\x15\x03\x01\x00\x02\x02\x46"), HeadError::Tls);
        for bytes in [b"\x15\x03", b"\x16\x03"] {
            let mut reader = HeadReader::new();
            assert_eq!(reader.push(&bytes[..1]), Ok(None));
            assert_eq!(reader.push(&bytes[1..]), Err(HeadError::Tls));
        }
    }

    #[test]
    fn an_answer_that_stops_says_where() {
        assert_eq!(HeadReader::new().end_of_stream(), HeadError::Nothing);
        for (bytes, error) in [
            (&b"HTTP/1.1 200 OK\r\nA: b\r\n"[..], HeadError::Cut(23)),
            (b"HTTP/1.1 200 OK\r", HeadError::Cut(16)),
            (b"HTT", HeadError::NotHttp("HTT".to_owned())),
        ] {
            let mut reader = HeadReader::new();
            assert_eq!(reader.push(bytes), Ok(None));
            assert_eq!(reader.end_of_stream(), error);
        }
    }

    #[test]
    fn malformed_heads_are_refused() {
        for bytes in [
            &b"HTTP/1.1\r\n\r\n"[..],
            b"HTTP/1.1 2x0 OK\r\n\r\n",
            b"HTTP/1.x 200 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nA: v\0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nA: v\rB: w\r\n\r\n",
        ] {
            let read = HeadReader::new().push(bytes);
            assert!(
                matches!(read, Err(HeadError::Malformed(_))),
                "{:?}: {read:?}",
                bytes.escape_ascii().to_string()
            );
        }
    }

    #[test]
    fn a_higher_minor_version_is_read_as_the_highest_known() {
        for line in ["HTTP/1.2 200 OK", "HTTP/1.9 204"] {
            let head = Head::parse(format!("{line}\r\nA: b\r\n\r\n").as_bytes()).unwrap();
            assert_eq!((head.text("a"), head.lines().next()), (Some("b"), Some(line.as_bytes())));
        }
        for line in ["HTTP/1.10 200 OK", "HTTP/1. 200 OK", "HTTP/1.1x 200 OK"] {
            Head::parse(format!("{line}\r\n\r\n").as_bytes()).unwrap_err();
        }
    }

    #[test]
    fn a_head_without_end_is_given_up() {
        let mut reader = HeadReader::new();
        let mut pushed = reader.push(b"HTTP/1.1 200 OK\r\n");
        for _ in 0..MAX_HEAD {
            if pushed.is_err() {
                break;
            }
            pushed = reader.push(b"A: b\r\n");
        }
        assert_eq!(pushed, Err(HeadError::TooLong));
        assert!(reader.bytes.len() <= MAX_HEAD);
    }

    #[test]
    fn lines_are_limited_by_their_bytes_and_not_by_their_number() {
        for line in ["Set-Cookie: a=b\r\n", "A:\r\n", "A: b\n", "no colon\r\n"] {
            let room = MAX_HEAD - "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".len();
            let lines = line.repeat(room / line.len());
            let head = format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 5\r\n\r\n");
            let (head, used) = HeadReader::new().push(head.as_bytes()).unwrap().unwrap();
            assert_eq!(
                (head.framing(), used),
                (Ok(Framing::Length(5)), head.raw().len()),
                "{line}"
            );
        }
    }

    #[test]
    fn a_field_that_is_said_twice_differently_is_not_believed() {
        let head = head(
            "HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nETag: \"x\"\r\netag: \"x\"\r\n\r\n",
        );
        assert_eq!(head.value("location"), None);
        assert_eq!(head.text("ETag"), Some("\"x\""));
    }

    proptest! {
        #[test]
        fn a_head_is_the_same_however_it_is_cut(size in 1_usize..100) {
            let wire = "HTTP/1.1 200 OK\r\nContent-Type:text/html\r\ncharset=utf-8\r\nServer:testServer\r\n\r\nbody".as_bytes();
            let mut reader = HeadReader::new();
            let mut used = 0;
            for piece in wire.chunks(size) {
                if let Some((head, end)) = reader.push(piece).unwrap() {
                    prop_assert_eq!(used + end, 77);
                    prop_assert_eq!(head, Head::parse(&wire[..77]).unwrap());
                    return Ok(());
                }
                used += piece.len();
            }
            prop_assert!(false, "no head");
        }

        #[test]
        fn no_bytes_at_all_upset_it(tail in prop::collection::vec(any::<u8>(), 0..300), size in 1_usize..20) {
            let wire = [b"HTTP/1.1 200 OK\r\n".to_vec(), tail].concat();
            let mut reader = HeadReader::new();
            for piece in wire.chunks(size) {
                match reader.push(piece) {
                    Ok(None) => {}
                    Ok(Some((head, _))) => { let _ = head.framing(); break }
                    Err(_) => break,
                }
            }
        }
    }
}
