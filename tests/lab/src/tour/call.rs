//! One line of `--trace`, read back: what `common::trace` describes and prints.

use std::net::SocketAddr;
use std::time::Duration;

/// One socket call of one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Since midnight (UTC).
    pub time: Duration,
    /// What it is called: `send`.
    pub name: String,
    /// The program's own address.
    pub local: Option<SocketAddr>,
    /// The other end's.
    pub peer: Option<SocketAddr>,
    /// What came of it.
    pub outcome: Effect,
    /// The state of the TCP connection after the call, where the kernel tells.
    pub state: Option<String>,
}

/// What the call brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Something without bytes.
    Done,
    /// So many bytes, and their beginning as quoted text.
    Bytes(u64, String),
    /// Nothing, and why.
    Failed(String),
}

impl Call {
    /// `None` for a line that is none of a trace, such as a notice.
    pub fn parse(line: &str) -> Option<Self> {
        let mut columns = line.splitn(5, ' ');
        let time = time(columns.next()?)?;
        let name = columns.next()?.to_owned();
        let local = address(columns.next()?)?;
        let peer = address(columns.next()?)?;
        let (outcome, rest) = outcome(columns.next()?)?;
        let state = rest.split(' ').find(|word| !word.is_empty()).map(str::to_owned);
        Some(Self { time, name, local, peer, outcome, state })
    }
}

/// The bytes that a line shows, which are the first of its call; none where it has none.
pub fn bytes_shown(line: &str) -> Vec<u8> {
    let rest = line.split_once(" \"").map_or("", |(_, rest)| rest);
    let behind = closing_quote(rest).and_then(|end| rest.get(end + 1..)).unwrap_or_default();
    let word = behind.trim_start_matches('…').split_whitespace().next().unwrap_or_default();
    let digits: Vec<u32> = word.chars().map_while(|digit| digit.to_digit(16)).collect();
    let byte = |pair: &[u32]| {
        pair.iter().try_fold(0_u8, |byte, digit| u8::try_from(u32::from(byte) << 4 | digit).ok())
    };
    digits.chunks_exact(2).filter_map(byte).collect()
}

/// Whether this is the line beneath a call on a stream of frames (`common::trace`).
pub fn is_ruler(line: &str) -> bool {
    line.starts_with(' ') && line.trim_start().chars().all(|mark| matches!(mark, 'L' | '.' | '?'))
}

/// `08:03:51.123456`
fn time(text: &str) -> Option<Duration> {
    let (clock, micros) = text.split_once('.')?;
    let mut parts = clock.split(':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let micros: u64 = micros.parse().ok().filter(|_| micros.len() == 6)?;
    (parts.next().is_none()).then(|| {
        Duration::from_secs(hours * 3600 + minutes * 60 + seconds) + Duration::from_micros(micros)
    })
}

/// `-` is `Some(None)`.
fn address(text: &str) -> Option<Option<SocketAddr>> {
    if text == "-" { Some(None) } else { text.parse().ok().map(Some) }
}

/// The outcome, and what stands behind it.
fn outcome(text: &str) -> Option<(Effect, &str)> {
    if let Some(cause) = text.strip_prefix("! ") {
        return Some((Effect::Failed(cause.to_owned()), ""));
    }
    if let Some(rest) = text.strip_prefix("- - -") {
        return Some((Effect::Done, rest));
    }
    let (count, rest) = text.split_once(" \"")?;
    let end = closing_quote(rest)?;
    let (quoted, rest) = rest.split_at_checked(end)?;
    let rest = rest.strip_prefix('"')?;
    let (more, rest) = match rest.strip_prefix('…') {
        Some(rest) => ("…", rest),
        None => ("", rest),
    };
    // The bytes in hexadecimal; the text says enough here.
    let rest = rest.strip_prefix(' ')?;
    let rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
    Some((Effect::Bytes(count.parse().ok()?, format!("{quoted}{more}")), rest))
}

/// A quote inside of the text has a backslash before it.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let closes = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        closes.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Call {
        Call::parse(line).unwrap()
    }

    #[test]
    fn every_kind_of_line_is_read() {
        let send = parsed(
            "08:41:24.435270 send 127.0.0.1:50000 127.0.0.1:39436 34 \"信息 你 \\\"x\\\"\"… e69c8de5…",
        );
        assert_eq!(
            send.time,
            Duration::from_micros(((8 * 60 + 41) * 60 + 24) * 1_000_000 + 435_270)
        );
        assert_eq!(send.outcome, Effect::Bytes(34, "信息 你 \\\"x\\\"…".to_owned()));
        assert_eq!((send.name.as_str(), send.state.as_deref()), ("send", None));

        let end =
            parsed("08:41:24.435339 recv 127.0.0.1:50000 127.0.0.1:39436 0 \"\" - CLOSE-WAIT");
        assert_eq!(end.outcome, Effect::Bytes(0, String::new()));
        assert_eq!(end.state.as_deref(), Some("CLOSE-WAIT"));

        let listen = parsed("08:41:24.133566 listen [::]:50000 - - - - LISTEN");
        assert_eq!((listen.outcome, listen.state.as_deref()), (Effect::Done, Some("LISTEN")));
        assert_eq!(listen.peer, None);

        let socket = parsed("08:41:24.133524 socket - - - - -");
        assert_eq!((socket.local, socket.state), (None, None));

        let failed = parsed("08:41:24.133524 connect - 127.0.0.1:1 ! connection refused");
        assert_eq!(failed.outcome, Effect::Failed("connection refused".to_owned()));
    }

    #[test]
    fn the_bytes_of_a_line_are_those_of_its_hexadecimal_digits() {
        let shown = |line: &str| bytes_shown(line);
        assert_eq!(shown("08:41:24.435270 send - - 2 \"a\\\"\" 6122"), b"a\"");
        assert_eq!(shown("08:41:24.435270 send - - 34 \"ff 0a\"… 6666…"), b"ff");
        assert_eq!(shown("08:41:24.435270 recv - - 0 \"\" - CLOSE-WAIT"), b"");
        assert_eq!(shown("08:41:24.435270 socket - - - - -"), b"");
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "notice: 127.0.0.1:1 connected",
            "",
            "error: no",
            "                LLLL....",
            "12:00 a b c d",
        ] {
            assert_eq!(Call::parse(line), None, "{line}");
        }
    }

    #[test]
    fn a_text_that_ends_in_a_backslash_is_read_to_its_end() {
        let call = parsed("08:41:24.435270 send - - 2 \"\\n\\\\\" 0a5c");
        assert_eq!(call.outcome, Effect::Bytes(2, "\\n\\\\".to_owned()));
    }
}
