//! Degrees Celsius in a datagram, degrees Fahrenheit back in another.

use crate::judge::{Judge, Wrong};
use crate::script::{Answer, Check, Ending, Side, Step, Transport};

use super::{A, B, S, Suite, X, get, send, shown, types};

pub(super) const SERVER: Suite = Suite {
    lesson: "udp-temp",
    side: Side::Server,
    variant: "",
    option: "",
    port: 9999,
    transport: Transport::Udp,
    checks: server,
};

pub(super) const CLIENT: Suite = Suite { side: Side::Client, checks: client, ..SERVER };

/// What stands before the degrees, 26 bytes.
const PREFIX: &str = "转换为华氏温度为: ";
/// The longest error reply, in bytes.
const LONGEST: usize = 300;

fn degrees(fahrenheit: &str) -> String {
    format!("{PREFIX}{fahrenheit}")
}

/// `who` asks and is answered.
fn asks(who: &'static str, celsius: &str, fahrenheit: &str) -> [Step; 2] {
    [send(who, celsius), get(who, degrees(fahrenheit))]
}

fn an_error() -> Answer {
    Answer::Judged(Judge {
        wants: "a reply that says what is wrong (UTF-8 text of 1 to 300 bytes, without the words before an answer)",
        judge: is_an_error,
    })
}

fn is_an_error(reply: &[u8]) -> Result<(), Wrong> {
    if reply.is_empty() {
        return Err(Wrong::new(0, "the reply is empty: it does not say what is wrong"));
    }
    if reply.starts_with(PREFIX.as_bytes()) {
        return Err(Wrong::new(
            PREFIX.len(),
            "this is no temperature, and was answered as if it were one",
        ));
    }
    if let Err(error) = std::str::from_utf8(reply) {
        return Err(Wrong::new(error.valid_up_to(), "the reply is not UTF-8"));
    }
    if reply.len() > LONGEST {
        return Err(Wrong::new(LONGEST, format!("the reply has {} bytes", reply.len())));
    }
    Ok(())
}

/// Each of these gets an error reply, and a temperature still its answer.
fn refuses<B: AsRef<[u8]>>(requests: impl IntoIterator<Item = B>) -> Vec<Step> {
    let mut steps = vec![Step::Connect(A)];
    for request in requests {
        steps.push(send(A, request));
        steps.push(Step::Expect(A, an_error()));
    }
    steps.push(Step::Connect(B));
    steps.extend(asks(B, "25", "77.0"));
    steps
}

fn converts(table: &[(&str, &str)]) -> Vec<Step> {
    let mut steps = vec![Step::Connect(A)];
    steps.extend(table.iter().flat_map(|(celsius, fahrenheit)| asks(A, celsius, fahrenheit)));
    steps
}

fn server() -> Vec<Check> {
    let mut checks = answers();
    checks.extend(survivals());
    checks
}

fn answers() -> Vec<Check> {
    vec![
        Check {
            name: "answer",
            says: "36.6 is answered with the words and 97.88",
            why: "The reply is 26 bytes of UTF-8, `转换为华氏温度为: ` with a blank at its end, and the degrees: 31 bytes, no line end. A datagram needs none.",
            ideas: &["F6", "C8", "D12"],
            steps: converts(&[("36.6", "97.88")]),
        },
        Check {
            name: "next-request",
            says: "the same client may ask again",
            why: "A server is a loop around recvfrom and sendto. The tutorial's answers one datagram and ends; its next client waits for ever.",
            ideas: &["C7", "D7"],
            steps: converts(&[("0", "32.0"), ("100", "212.0"), ("-40", "-40.0")]),
        },
        Check {
            name: "next-client",
            says: "another client may ask, too",
            why: "One UDP socket serves all: recvfrom says who asked, and sendto answers that address. The tutorial's server has ended by then.",
            ideas: &["C7", "C8"],
            steps: [
                vec![Step::Connect(A)],
                asks(A, "25", "77.0").into(),
                vec![Step::Connect(B)],
                asks(B, "37", "98.6").into(),
            ]
            .concat(),
        },
        Check {
            name: "who-asked",
            says: "of two who ask at once each gets what it asked for",
            why: "The answer goes to the address that came with the request, not to the first or the last one that was seen.",
            ideas: &["C5", "C8", "C10"],
            steps: vec![
                Step::Connect(A),
                Step::Connect(B),
                send(A, "1"),
                send(B, "2"),
                get(B, degrees("35.6")),
                get(A, degrees("33.8")),
            ],
        },
        Check {
            name: "whole-degrees",
            says: "0 is answered with 32.0, not with 32",
            why: "The text is what str() of Python makes of the number, and a float keeps its place behind the point.",
            ideas: &["F6"],
            steps: converts(&[("0", "32.0")]),
        },
        Check {
            name: "rounding",
            says: "37.777 is answered with 100.0",
            why: "round(celsius * 1.8 + 32, 2): two places, and no zeros that say nothing.",
            ideas: &["F6"],
            steps: converts(&[("37.777", "100.0")]),
        },
        Check {
            name: "large",
            says: "100000000000000000000 is answered with 1.8e+20",
            why: "From 1e16 on Python writes a power of ten. Whoever asks reads the answer by the same rules.",
            ideas: &["F6"],
            steps: converts(&[("100000000000000000000", "1.8e+20")]),
        },
        Check {
            name: "blanks",
            says: "blanks around the number do not matter",
            why: "Who types leaves blanks, and who sends with nc a line end. float() in Python passes over them.",
            ideas: &["F6"],
            steps: converts(&[(" 36.6\n", "97.88")]),
        },
    ]
}

fn survivals() -> Vec<Check> {
    vec![
        Check {
            name: "not-a-number",
            says: "a word gets a reply that says what is wrong, and the server goes on",
            why: "Anything may be in a datagram. float() raises ValueError for it: the tutorial's server dies of that, and its client waits for ever. Catch it and answer.",
            ideas: &["D19", "F6"],
            steps: refuses(["abc"]),
        },
        Check {
            name: "empty",
            says: "an empty datagram is a request like any other",
            why: "Over UDP zero bytes are a message (the user pressed Enter). They are no end of anything: recvfrom returns b'' and the sender waits for a reply.",
            ideas: &["C4", "C8"],
            steps: refuses([""]),
        },
        Check {
            name: "almost-numbers",
            says: "36,6 and 36.6℃ and 0x10 get a reply that says what is wrong",
            why: "These are what people type. Each of them ends the tutorial's server.",
            ideas: &["D19", "F6"],
            steps: refuses(["36,6", "36.6℃", "0x10", "36.6 37"]),
        },
        Check {
            name: "no-temperatures",
            says: "nan, inf and 1e400 are no temperatures",
            why: "float() in Python takes nan, inf and Infinity, and makes inf of 1e400. Test with math.isfinite. The tutorial's server answers `nan`.",
            ideas: &["F6"],
            steps: refuses(["nan", "inf", "-inf", "Infinity", "1e400", "1e308"]),
        },
        Check {
            name: "digits-only",
            says: "1_0 and full-width digits are no numbers here",
            why: "float() in Python takes both, for it reads program text and every script's digits; other languages do not. A protocol is what all read alike: look at the text before you call float().",
            ideas: &["A2", "F6"],
            steps: refuses(["1_0", "３６．６", "３６"]),
        },
        Check {
            name: "absolute-zero",
            says: "nothing is colder than -273.15 degrees",
            why: "A number is not yet a temperature. The tutorial's server answers -273.16 with degrees that do not exist.",
            ideas: &["F6"],
            steps: refuses(["-273.16", "-1000", "-1e400"]),
        },
        Check {
            name: "not-text",
            says: "bytes that are no text get a reply, and the server goes on",
            why: "decode() raises UnicodeDecodeError, which is a ValueError. The tutorial's server dies of a single such datagram, which anybody can send.",
            ideas: &["D12", "D19"],
            steps: refuses([&b"\xff\xfe\x00"[..], b"\xc4\xe3", b"36.6\x00"]),
        },
        Check {
            name: "long",
            says: "a datagram of 2000 bytes gets a short reply",
            why: "recvfrom(1024) throws the rest of a longer datagram away and does not say so. And a reply that repeats the request would let anybody send much to others in your name, for the sender's address can be forged.",
            ideas: &["C4", "E3"],
            steps: refuses([vec![b'x'; 2000], vec![b'9'; 2000]]),
        },
        Check {
            name: "no-answer-to-an-answer",
            says: "an answer, and an error, get no reply",
            why: "If each error is answered with an error, one datagram with a forged sender makes two servers complain to each other for ever. A request that begins with the words of an answer, or of your own errors, comes from a server: stay silent.",
            ideas: &["C7", "C9"],
            steps: [
                vec![Step::Connect(A)],
                asks(A, "25", "77.0").into(),
                vec![Step::Return(A), send(A, "abc"), Step::Expect(A, an_error()), Step::Return(A)],
                // One socket is answered in order: replies to those would come before this one.
                asks(A, "0", "32.0").into(),
                vec![Step::ExpectSilence(A, std::time::Duration::from_millis(200))],
            ]
            .concat(),
        },
    ]
}

fn client() -> Vec<Check> {
    let asked = || vec![types("36.6"), Step::EndInput, get(S, "36.6")];
    let ends_well = || vec![shown(degrees("97.88")), Step::ExpectExit(Ending::Well)];
    vec![
        Check {
            name: "question",
            says: "what is typed goes out as it is, and the reply is shown",
            why: "One datagram with the digits and nothing else: no line end, for the datagram is the end.",
            ideas: &["C9", "F6"],
            steps: [asked(), vec![send(S, degrees("97.88"))], ends_well()].concat(),
        },
        Check {
            name: "asks-again",
            says: "a question that is not answered is asked again",
            why: "A datagram may be lost, in either direction. The tutorial's client waits for ever. Set a time limit (settimeout) and send once more.",
            ideas: &["C2", "C11"],
            steps: [asked(), vec![get(S, "36.6"), send(S, degrees("97.88"))], ends_well()].concat(),
        },
        Check {
            name: "gives-up",
            says: "a server that never answers is given up",
            why: "Silence is all that is seen of a dead server, so a number of tries has to be enough. The status tells scripts that it failed. The tutorial's client never ends.",
            ideas: &["C2", "C9"],
            steps: [asked(), vec![Step::ExpectExit(Ending::Badly)]].concat(),
        },
        Check {
            name: "stranger",
            says: "an answer from somebody else is not believed",
            why: "recv on a socket that is not connected takes whatever comes from whomever. Call connect, or compare the sender. The tutorial's client believes the first who speaks.",
            ideas: &["C9"],
            steps: [
                asked(),
                vec![Step::Connect(X), send(X, degrees("666.0")), send(S, degrees("97.88"))],
                ends_well(),
                vec![Step::ExpectNotShown("666.0".to_owned())],
            ]
            .concat(),
        },
        Check {
            name: "error-reply",
            says: "a reply that is an error is told, and the client ends",
            why: "The server's words say what would be right; the user has to see them.",
            ideas: &["D19"],
            steps: vec![
                types("abc"),
                Step::EndInput,
                get(S, "abc"),
                send(S, "error: not a decimal number"),
                Step::ExpectTold("not a decimal number".to_owned()),
                Step::ExpectExit(Ending::Anyhow),
            ],
        },
    ]
}
