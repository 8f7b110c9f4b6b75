//! The protocol of a UDP echo server: one datagram, one reply, nothing remembered in between.
//!
//! | [`Dialect`] | request | reply |
//! | --- | --- | --- |
//! | `greet` | `Tracy` | `Hello, Tracy!` |
//! | `time` | anything | `Sat Nov 21 05:47:12 2026 接收到消息` |
//! | `raw` | anything | the same bytes (RFC 862) |
//!
//! Text is UTF-8, but nothing here depends on it: a reply is made of bytes. Nothing ends a message:
//! the datagram does, so that an empty one is a message too.
//!
//! Everything here is pure; `server/` and `client/` move the bytes. [`impair`] decides what a bad
//! network does to them, [`round_trips`] counts what comes back.

pub mod impair;
pub mod round_trips;
mod text;

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::SystemTime;

use common::encoding::beginning;

/// Where the server listens, and the client asks, when nothing else is said: the tutorial's
/// address.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9999);

/// The most that one datagram carries over IPv4, in bytes: 65,535 less the headers of IP (20) and
/// UDP (8).
pub const MAX_DATAGRAM: usize = 65_507;

/// Room for whatever arrives, in bytes: over IPv6 a datagram may be 20 longer than
/// [`MAX_DATAGRAM`], since its length does not count the header of IP.
pub const RECEIVE_BUFFER: usize = 65_535;

/// What the tutorial's client says.
pub const TUTORIAL_MESSAGES: [&str; 3] = ["Michael", "Tracy", "Sarah"];

const HELLO: &[u8] = b"Hello, ";
const HELLO_END: &[u8] = b"!";
const RECEIVED: &[u8] = " 接收到消息".as_bytes();

/// The length of C's `ctime` without its newline: `Sat Nov 21 05:47:12 2026`.
const CTIME: usize = 24;

/// What the server says to a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Dialect {
    /// `Hello, NAME!`, as in the tutorials
    Greet,
    /// the server's local time and an acknowledgement
    Time,
    /// the same bytes back (RFC 862)
    Raw,
}

impl Dialect {
    /// The reply to `request`. `local_time` gives what [`ctime`] writes; only `time` asks for it.
    ///
    /// The greeting of a name that leaves no room for the 8 bytes around it is cut to
    /// [`MAX_DATAGRAM`], like the tutorial's at 1,032, but never within a character.
    pub fn reply(self, request: &[u8], local_time: impl FnOnce() -> String) -> Cow<'_, [u8]> {
        match self {
            Self::Raw => Cow::Borrowed(request),
            Self::Time => Cow::Owned([local_time().as_bytes(), RECEIVED].concat()),
            Self::Greet => {
                let name = beginning(request, MAX_DATAGRAM - HELLO.len() - HELLO_END.len());
                Cow::Owned([HELLO, name, HELLO_END].concat())
            }
        }
    }

    /// Whether a reply shows to which request it belongs. The time does not: an answer that comes
    /// late cannot be told from the answer to the next message.
    pub fn reply_carries_request(self) -> bool {
        self != Self::Time
    }

    /// What of `reply` was the request. `None` where the reply is not one of this dialect, or shows
    /// nothing of it.
    pub fn request_in(self, reply: &[u8]) -> Option<&[u8]> {
        match self {
            Self::Raw => Some(reply),
            Self::Time => None,
            Self::Greet => reply.strip_prefix(HELLO)?.strip_suffix(HELLO_END),
        }
    }

    /// Whether `reply` may be the answer to `request`, by all that the dialect lets one see.
    ///
    /// A greeting may hold only the beginning of a long name: the tutorial's server reads 1,024
    /// bytes.
    pub fn answers(self, reply: &[u8], request: &[u8]) -> bool {
        match (self, self.request_in(reply)) {
            (Self::Raw, _) => reply == request,
            (Self::Time, _) => is_time(reply),
            (Self::Greet, Some(name)) => {
                name == request || (name.len() >= 1024 && request.starts_with(name))
            }
            (Self::Greet, None) => false,
        }
    }

    /// Why a datagram that came from `from` to the server's port `port` must not be answered, if
    /// so.
    ///
    /// One datagram with a forged sender, the address of another server, is enough to make two
    /// servers answer each other for ever. `greet` and `time` know an answer when they see one.
    /// `raw` cannot, since any bytes are a proper request. Some servers are known by their ports:
    /// nothing below 1024 is a client's, but echo (7), daytime (13), chargen (19) and their like
    /// are there (inetd refuses them for the same reason), and a second `raw` server is likely to
    /// be at our own port.
    pub fn refuses(self, request: &[u8], from: SocketAddr, port: u16) -> Option<Refusal> {
        if from.port() < 1024 {
            return Some(Refusal::Service);
        }
        match self {
            Self::Raw if from.port() == port => Some(Refusal::SamePort),
            Self::Greet | Self::Time if is_answer(request) => Some(Refusal::Answer),
            _ => None,
        }
    }
}

/// Why a datagram is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It says what only servers say.
    Answer,
    /// It comes from a port below 1024.
    Service,
    /// It comes from the port number at which this server listens.
    SamePort,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer => text::is_an_answer(),
            Self::Service => text::is_a_service(),
            Self::SamePort => text::is_our_port(),
        })
    }
}

/// Whether a datagram is what a server of this kind, or the tutorial's, says: a greeting or the
/// time, or the temperature (or its error) that `udp-temp-server` says to one of these. `greet` and
/// `time` do not answer it.
pub fn is_answer(datagram: &[u8]) -> bool {
    let temperature = ["转换为华氏温度为: ", "error: "];
    Dialect::Greet.request_in(datagram).is_some()
        || is_time(datagram)
        || temperature.iter().any(|start| datagram.starts_with(start.as_bytes()))
}

/// Whether `reply` is one of the `time` dialect: 24 characters like `Sat Nov 21 05:47:12 2026`,
/// then the words.
fn is_time(reply: &[u8]) -> bool {
    reply.strip_suffix(RECEIVED).is_some_and(|time| time.len() == CTIME && time.is_ascii())
}

/// A time as the clocks of this machine's user show it. Of one that no calendar reaches, such as
/// that of a clock which was set wrong, the last that there is: `Zoned::now` panics there.
pub fn here(time: SystemTime) -> jiff::Zoned {
    let time = jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::MAX);
    time.to_zoned(jiff::tz::TimeZone::system())
}

/// A time as C's `ctime` writes it, always in English and 24 characters long: `Sun Nov  1 05:07:09
/// 2026`.
pub fn ctime(time: &jiff::Zoned) -> String {
    time.strftime("%a %b %e %H:%M:%S %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: &str = "Sat Nov 21 05:47:12 2026";
    const SERVER: u16 = 9999;

    fn reply(dialect: Dialect, request: &[u8]) -> Vec<u8> {
        dialect.reply(request, || NOW.to_owned()).into_owned()
    }

    fn port(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn the_replies_are_these_bytes() {
        assert_eq!(reply(Dialect::Greet, b"Michael"), b"Hello, Michael!");
        assert_eq!(reply(Dialect::Greet, b""), b"Hello, !");
        assert_eq!(
            reply(Dialect::Greet, b"\xe4\xbd\xa0\xe5\xa5\xbd"),
            b"Hello, \xe4\xbd\xa0\xe5\xa5\xbd!"
        );
        assert_eq!(reply(Dialect::Raw, b"\0\xff\r\n"), b"\0\xff\r\n");
        assert_eq!(reply(Dialect::Raw, b""), b"");
        assert_eq!(
            reply(Dialect::Time, b"hello"),
            b"Sat Nov 21 05:47:12 2026 \xe6\x8e\xa5\xe6\x94\xb6\xe5\x88\xb0\xe6\xb6\x88\xe6\x81\xaf"
        );
    }

    #[test]
    fn a_clock_beyond_the_calendar_stands_at_its_end() {
        use std::time::Duration;
        let of = |seconds| here(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).year();
        assert_eq!(of(1_795_240_032), 2026);
        assert_eq!(of(253_402_300_800), 9999);
        assert_eq!((of(300_000_000_000), of(9_000_000_000_000)), (9999, 9999));
        let long_ago = SystemTime::UNIX_EPOCH.checked_sub(Duration::from_secs(90_000_000_000));
        assert!(long_ago.is_none_or(|long_ago| here(long_ago).year() < 0));
    }

    #[test]
    fn bytes_that_are_no_text_are_greeted_all_the_same() {
        assert_eq!(reply(Dialect::Greet, b"\xff\xfe\xe4"), b"Hello, \xff\xfe\xe4!");
    }

    #[test]
    fn the_greeting_of_the_longest_datagram_is_the_longest_datagram() {
        let longest = vec![b'a'; MAX_DATAGRAM];
        let greeting = reply(Dialect::Greet, &longest);
        assert_eq!(greeting.len(), MAX_DATAGRAM);
        assert!(greeting.starts_with(b"Hello, aaa") && greeting.ends_with(b"aaa!"));
        assert!(Dialect::Greet.answers(&greeting, &longest));
        assert_eq!(reply(Dialect::Raw, &longest), longest);
        let just_fits = vec![b'b'; MAX_DATAGRAM - 8];
        assert_eq!(
            Dialect::Greet.request_in(&reply(Dialect::Greet, &just_fits)),
            Some(just_fits.as_slice())
        );
    }

    #[test]
    fn a_cut_greeting_ends_with_a_whole_character() {
        for padding in 0..3 {
            let name = format!("{}{}", "a".repeat(padding), "中".repeat(21_835));
            let greeting = reply(Dialect::Greet, name.as_bytes());
            assert!(greeting.len() > MAX_DATAGRAM - 3);
            assert!(String::from_utf8(greeting).unwrap().ends_with("中!"));
        }
        let no_text = vec![0x80; MAX_DATAGRAM];
        assert_eq!(reply(Dialect::Greet, &no_text).len(), MAX_DATAGRAM);
    }

    #[test]
    fn time_is_written_as_c_writes_it() {
        let zone = jiff::tz::TimeZone::UTC;
        let at = |day| {
            jiff::civil::date(2026, 11, day)
                .at(5, 7, 9, 0)
                .to_zoned(zone.clone())
                .map(|time| ctime(&time))
        };
        assert_eq!(at(1).unwrap(), "Sun Nov  1 05:07:09 2026");
        assert_eq!(at(21).unwrap(), "Sat Nov 21 05:07:09 2026");
    }

    #[test]
    fn an_answer_belongs_to_its_request() {
        assert!(Dialect::Greet.answers(b"Hello, Tracy!", b"Tracy"));
        assert!(!Dialect::Greet.answers(b"Hello, Tracy!", b"Sarah"));
        assert!(!Dialect::Greet.answers(b"Tracy", b"Tracy"));
        assert!(Dialect::Raw.answers(b"Tracy", b"Tracy"));
        assert!(!Dialect::Raw.answers(b"Tracy", b"Sarah"));
        assert!(Dialect::Time.answers(&reply(Dialect::Time, b"x"), b"anything"));
        assert!(!Dialect::Time.answers(b"Hello, Tracy!", b"Tracy"));
    }

    #[test]
    fn what_the_tutorial_s_server_leaves_of_a_long_name_is_its_answer() {
        let name = [b'x'; 2000];
        let greeting = reply(Dialect::Greet, &name[..1024]);
        assert!(Dialect::Greet.answers(&greeting, &name));
        assert!(!Dialect::Greet.answers(b"Hello, x!", &name));
    }

    #[test]
    fn no_answer_is_answered() {
        for dialect in [Dialect::Greet, Dialect::Time] {
            for answer in [
                "Hello, Tracy!",
                "Hello, !",
                "Sat Nov 21 05:47:12 2026 接收到消息",
                "error: not a decimal number",
            ] {
                assert_eq!(
                    dialect.refuses(answer.as_bytes(), port(40_000), SERVER),
                    Some(Refusal::Answer),
                    "{answer}"
                );
            }
        }
    }

    #[test]
    fn words_like_those_of_an_answer_are_answered() {
        for words in [
            "",
            "Hello",
            "Hello, Tracy",
            "Hello!",
            "hello, world!",
            "接收到消息",
            "Say: Hello, Tracy!",
        ] {
            for dialect in [Dialect::Greet, Dialect::Time, Dialect::Raw] {
                assert_eq!(
                    dialect.refuses(words.as_bytes(), port(40_000), SERVER),
                    None,
                    "{words}"
                );
            }
        }
        assert_eq!(Dialect::Raw.refuses(b"Hello, Tracy!", port(40_000), SERVER), None);
    }

    #[test]
    fn a_service_on_a_low_port_is_not_answered() {
        for dialect in [Dialect::Greet, Dialect::Time, Dialect::Raw] {
            assert_eq!(dialect.refuses(b"x", port(7), SERVER), Some(Refusal::Service));
            assert_eq!(dialect.refuses(b"x", port(1023), SERVER), Some(Refusal::Service));
            assert_eq!(dialect.refuses(b"x", port(1024), SERVER), None);
        }
        assert_eq!(Dialect::Raw.refuses(b"x", port(SERVER), SERVER), Some(Refusal::SamePort));
        assert_eq!(Dialect::Greet.refuses(b"x", port(SERVER), SERVER), None);
    }

    const DIALECTS: [Dialect; 3] = [Dialect::Greet, Dialect::Time, Dialect::Raw];

    proptest! {
        #[test]
        fn two_servers_never_talk_for_long(
            request in prop::collection::vec(any::<u8>(), 0..100), one in prop::sample::select(&DIALECTS[..2]),
            other in prop::sample::select(&DIALECTS[..]),
        ) {
            let mut said = request;
            for speaker in [one, other, one, other] {
                if speaker.refuses(&said, port(40_000), SERVER).is_some() {
                    return Ok(());
                }
                said = reply(speaker, &said);
            }
            prop_assert_eq!(one.refuses(&said, port(40_000), SERVER), Some(Refusal::Answer));
        }

        #[test]
        fn every_answer_belongs_to_its_request_and_carries_it(request in prop::collection::vec(any::<u8>(), 0..100)) {
            for dialect in DIALECTS {
                let reply = reply(dialect, &request);
                prop_assert!(dialect.answers(&reply, &request));
                prop_assert_eq!(dialect.request_in(&reply).is_some(), dialect.reply_carries_request());
                prop_assert!(dialect.request_in(&reply).is_none_or(|carried| carried == request));
            }
        }
    }
}
