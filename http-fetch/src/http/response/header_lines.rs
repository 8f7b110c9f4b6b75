//! The lines of a head as a tolerant reader takes them: folded ones are joined, and those that
//! nobody can read are left out. What says where the body ends stays as it came, for a strict
//! parser.

/// A head as the parser takes it, and what was left out for that.
#[derive(Default)]
pub(super) struct Readable {
    pub(super) lines: Vec<u8>,
    pub(super) without_colon: Vec<Vec<u8>>,
    pub(super) unreadable: Vec<Vec<u8>>,
}

impl Readable {
    /// The head with folded lines joined, as RFC 9112, section 5.2 demands of a user agent, and
    /// without the lines that nobody can read.
    pub(super) fn of(raw: &[u8]) -> Self {
        let mut readable = Self::default();
        let mut last_was_kept = false;
        for (at, line) in lines(raw).enumerate() {
            let folded = at > 1 && matches!(line.first(), Some(b' ' | b'\t'));
            let has_colon = line.contains(&b':');
            let keep = match folded {
                true => last_was_kept && has_readable_value(line),
                false => at == 0 || line.is_empty() || has_colon && is_readable(line),
            };
            last_was_kept = keep;
            match (folded, keep) {
                (true, true) => {
                    readable.lines.truncate(readable.lines.trim_ascii_end().len());
                    readable.lines.push(b' ');
                    readable.lines.extend_from_slice(line.trim_ascii_start());
                    readable.lines.extend_from_slice(b"\r\n");
                }
                (false, true) => {
                    let (name, rest) = name_and_rest(line);
                    readable.lines.extend_from_slice(name);
                    readable.lines.extend_from_slice(rest);
                    readable.lines.extend_from_slice(b"\r\n");
                }
                (false, false) if has_colon => readable.unreadable.push(line.to_vec()),
                (_, false) => readable.without_colon.push(line.to_vec()),
            }
        }
        readable
    }
}

/// The lines of a head without their ends.
pub(super) fn lines(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    raw.split_inclusive(|byte| *byte == b'\n').map(|line| {
        line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line))
    })
}

/// Whether a line has a name and a value as RFC 9112 has them, or must be judged by who does: where
/// it says where the body ends, or holds what two readers could take for two things.
fn is_readable(line: &[u8]) -> bool {
    let (name, rest) = name_and_rest(line);
    let is_word = !name.is_empty() && name.iter().copied().all(is_token);
    is_framing(name) || is_word && has_readable_value(rest)
}

/// NUL and CR are not read over: a reader of the one kind ends the line there.
fn has_readable_value(value: &[u8]) -> bool {
    let is_odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | 0);
    !value.iter().any(is_odd)
}

/// Whether a name is that of a line which says where the body ends, or is meant to be: letters are
/// all that counts.
fn is_framing(name: &[u8]) -> bool {
    let letters: Vec<u8> = name.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    [&b"contentlength"[..], b"transferencoding"].iter().any(|it| letters.eq_ignore_ascii_case(it))
}

/// The characters of a token (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// A header line, taken apart before its colon; blanks before that are left out. A proxy must
/// refuse them (RFC 9112, section 5.1), a reader need not. Where they stand in a line that says
/// where the body ends, nobody knows who would read it in which way, so there they stay, and are
/// refused.
fn name_and_rest(line: &[u8]) -> (&[u8], &[u8]) {
    let colon = line.iter().position(|byte| *byte == b':').unwrap_or(0);
    let (before, rest) = line.split_at_checked(colon).unwrap_or((line, &[]));
    let name = before.trim_ascii_end();
    if is_framing(name) || name.is_empty() { (before, rest) } else { (name, rest) }
}

#[cfg(test)]
mod tests {
    use super::super::parse::{Head, HeadError};
    use crate::http::body::Framing;

    fn head(lines: &str) -> Head {
        Head::parse(lines.as_bytes()).unwrap()
    }

    #[test]
    fn a_folded_line_is_one_line() {
        let head = head(
            "HTTP/1.1 200 OK\r\nContent-Length:\r\n  5\r\nX: a \r\n\tb\r\n \r\nbad\r\n folded\r\n\r\n",
        );
        assert_eq!(head.framing(), Ok(Framing::Length(5)));
        assert_eq!(head.text("x"), Some("a b"));
        assert_eq!(head.without_colon().count(), 2);
    }

    #[test]
    fn blanks_before_a_colon_are_passed_over_but_where_the_body_ends() {
        let head =
            head("HTTP/1.1 200 OK\r\nX-A : b\r\nETag\t : \"v\"\r\nContent-Length: 5\r\n\r\n");
        assert_eq!((head.text("x-a"), head.text("etag")), (Some("b"), Some("\"v\"")));
        assert_eq!(head.framing(), Ok(Framing::Length(5)));
        for line in [
            "Content-Length : 5",
            "Transfer-Encoding\t: chunked",
            "content-length  :5",
            " Content-Length: 5",
            "Content Length: 5",
            "Content-Length\u{1}: 5",
            "(Transfer-Encoding): chunked",
            "Content-Length: 5\u{1}",
        ] {
            let head = Head::parse(format!("HTTP/1.1 200 OK\r\n{line}\r\n\r\n").as_bytes());
            assert!(matches!(head, Err(HeadError::Malformed(_))), "{line}: {head:?}");
        }
    }

    #[test]
    fn a_line_that_nobody_can_read_is_passed_over() {
        for line in [
            "Na me: v",
            "Na me : v",
            ": v",
            " : v",
            " A: v",
            "Café: v",
            "X(Y): z",
            "A: v\u{1b}[2J",
            "A: \u{7f}",
            "Date\u{8}: x",
        ] {
            let head = head(&format!("HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 5\r\n\r\n"));
            assert_eq!(head.framing(), Ok(Framing::Length(5)), "{line}");
            assert_eq!(head.unreadable().collect::<Vec<_>>(), [line.as_bytes()]);
            assert_eq!(head.without_colon().count(), 0);
        }
        let folded = head("HTTP/1.1  200  OK\r\nA: b\r\n c\u{1}\r\n d\r\nE: f\r\n\r\n");
        assert_eq!(
            (folded.status(), folded.text("a"), folded.text("e")),
            (200, Some("b"), Some("f"))
        );
    }
}
