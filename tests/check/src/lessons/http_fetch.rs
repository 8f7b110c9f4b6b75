//! HTTP/1.1 by hand: what a browser asks of a server, and a server of a client.

use crate::judge::{Judge, Wrong, find};
use crate::script::{Answer, Check, Ending, Peer, Side, Step, Transport};

use super::{A, B, S, Steps, Suite, outlives, pieces, send};

pub(super) const SERVER: Suite = Suite {
    lesson: "http-fetch",
    side: Side::Server,
    variant: "",
    option: "",
    port: 8080,
    transport: Transport::Tcp,
    checks: server,
};
pub(super) const CLIENT: Suite = Suite { side: Side::Client, checks: client, ..SERVER };

/// An answer, taken apart.
struct Response<'a> {
    status: u16,
    /// Where each line of the head begins, its name and its value.
    fields: Vec<(usize, &'a str, &'a str)>,
    body: &'a [u8],
    /// Where the body begins.
    body_at: usize,
}

impl<'a> Response<'a> {
    /// RFC 9112, sections 2 to 5: a status line, lines of a name, a colon and a value, and an empty
    /// line.
    fn read(bytes: &'a [u8]) -> Result<Self, Wrong> {
        if bytes.is_empty() {
            return Err(Wrong::new(0, "the server closed without an answer"));
        }
        let Some(end) = find(bytes, b"\r\n\r\n") else {
            return Err(Wrong::new(
                bytes.len(),
                "the head does not end: there is no empty line (CR LF CR LF)",
            ));
        };
        let head = bytes.get(..end).unwrap_or_default();
        let head = std::str::from_utf8(head)
            .map_err(|e| Wrong::new(e.valid_up_to(), "the head is not text"))?;
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let status = status(first)?;
        let mut fields = Vec::new();
        let mut at = first.len() + 2;
        for line in lines {
            let Some((name, value)) = line.split_once(':') else {
                return Err(Wrong::new(
                    at,
                    "a line of the head has no colon: browsers and curl refuse the whole answer",
                ));
            };
            if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
                return Err(Wrong::new(
                    at,
                    "a line of the head has no proper name before its colon",
                ));
            }
            fields.push((at, name, value.trim()));
            at += line.len() + 2;
        }
        let body_at = end + 4;
        Ok(Response { status, fields, body: bytes.get(body_at..).unwrap_or_default(), body_at })
    }

    fn field(&self, name: &str) -> Option<(usize, &'a str)> {
        let field = self.fields.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(name));
        field.map(|(at, _, value)| (*at, *value))
    }

    fn is(&self, right: impl Fn(u16) -> bool) -> Result<(), Wrong> {
        if right(self.status) {
            Ok(())
        } else {
            Err(Wrong::new(9, format!("the status is {}", self.status)))
        }
    }

    /// The body is as long as the head says.
    fn is_whole(&self) -> Result<(), Wrong> {
        let Some((at, said)) = self.field("Content-Length") else {
            return Ok(());
        };
        let Ok(length) = said.parse::<usize>() else {
            return Err(Wrong::new(at, "Content-Length is no number"));
        };
        if length == self.body.len() {
            return Ok(());
        }
        let wrong = self.body_at + self.body.len().min(length);
        Err(Wrong::new(
            wrong,
            format!("Content-Length is {length}, the body has {} bytes", self.body.len()),
        ))
    }
}

/// The status of an answer, whatever else is wrong with it: each check asks one thing.
fn has_status(bytes: &[u8], right: impl Fn(u16) -> bool) -> Result<(), Wrong> {
    if bytes.is_empty() {
        return Err(Wrong::new(0, "the server closed without an answer"));
    }
    let first = bytes.split(|byte| *byte == b'\r' || *byte == b'\n').next().unwrap_or_default();
    let status = status(&String::from_utf8_lossy(first))?;
    if right(status) { Ok(()) } else { Err(Wrong::new(9, format!("the status is {status}"))) }
}

/// `HTTP/1.1 200 OK`
fn status(line: &str) -> Result<u16, Wrong> {
    let Some(rest) = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "))
    else {
        return Err(Wrong::new(0, "the first line does not begin with HTTP/1.1 and a blank"));
    };
    let digits = rest.split(' ').next().unwrap_or_default();
    match digits.parse() {
        Ok(status) if digits.len() == 3 => Ok(status),
        _ => Err(Wrong::new(9, "the status is no number of three digits")),
    }
}

fn judged(who: Peer, wants: &'static str, judge: fn(&[u8]) -> Result<(), Wrong>) -> Step {
    Step::Expect(who, Answer::Judged(Judge { wants, judge }))
}

/// The page, in good form and whole.
fn page(who: Peer) -> Step {
    judged(who, "an answer with status 200, and the end", |bytes| {
        let response = Response::read(bytes)?;
        response.is(|status| status == 200)?;
        response.is_whole()
    })
}

/// An answer with status 200, in whatever form.
fn answer(who: Peer) -> Step {
    judged(who, "an answer with status 200, and the end", |bytes| {
        has_status(bytes, |status| status == 200)
    })
}

/// Anything but a page.
fn no_page(who: Peer) -> Step {
    judged(who, "an error (a status from 400 on), or the end and nothing else", |bytes| {
        if bytes.is_empty() {
            return Ok(());
        }
        has_status(bytes, |status| (400..600).contains(&status))
    })
}

const GET: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

fn begins(who: Peer) -> Steps {
    vec![Step::Connect(who), send(who, GET), answer(who)]
}

fn asks(request: impl AsRef<[u8]>, answer: Step) -> Steps {
    vec![Step::Connect(A), send(A, request), answer]
}

fn server() -> Vec<Check> {
    let survives = outlives(&begins, &begins, &|_| Vec::new());
    [pages(), refusals(), survives].concat()
}

fn pages() -> Vec<Check> {
    vec![
        Check {
            name: "page",
            says: "GET / gets a page, and the connection is closed as was asked",
            why: "A status line, lines with a colon, an empty line, the body. The tutorial's head has a line without a colon, `charset=utf-8`: curl and browsers refuse it.",
            ideas: &["F8", "F9", "F10"],
            steps: asks(GET, page(A)),
        },
        Check {
            name: "type",
            says: "the page's type and the encoding of its text are told",
            why: "Content-Type: text/html; charset=utf-8. Without the charset Chinese text is shown as æ¬¢è¿….",
            ideas: &["F9", "D12"],
            steps: asks(
                GET,
                judged(A, "an answer whose Content-Type has a charset", |bytes| {
                    let response = Response::read(bytes)?;
                    let end = response.body_at.saturating_sub(2);
                    let (at, value) = response
                        .field("Content-Type")
                        .ok_or_else(|| Wrong::new(end, "there is no Content-Type"))?;
                    if value.to_ascii_lowercase().contains("charset=utf-8") {
                        return Ok(());
                    }
                    Err(Wrong::new(at, "Content-Type does not name the charset utf-8"))
                }),
            ),
        },
        Check {
            name: "length",
            says: "the length of the page is told",
            why: "Content-Length lets a client know that the body is whole, and the connection serve another request. Else a cut page cannot be told from a short one.",
            ideas: &["F8", "E4"],
            steps: asks(
                GET,
                judged(A, "an answer with its Content-Length", |bytes| {
                    let response = Response::read(bytes)?;
                    let end = response.body_at.saturating_sub(2);
                    response
                        .field("Content-Length")
                        .ok_or_else(|| Wrong::new(end, "there is no Content-Length"))?;
                    response.is_whole()
                }),
            ),
        },
        Check {
            name: "head-only",
            says: "HEAD gets the head and no body",
            why: "HEAD is GET without the body (RFC 9110, section 9.3.2). A body would be taken for the next answer.",
            ideas: &["F9"],
            steps: asks(
                "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                judged(A, "an answer with status 200 and no body", |bytes| {
                    let response = Response::read(bytes)?;
                    response.is(|status| status == 200)?;
                    if response.body.is_empty() {
                        return Ok(());
                    }
                    Err(Wrong::new(response.body_at, "there is a body"))
                }),
            ),
        },
        Check {
            name: "byte-by-byte",
            says: "a request may come byte by byte",
            why: "One send is not one recv. A request ends with its empty line: read until it has come.",
            ideas: &["B9", "F10"],
            steps: vec![Step::Connect(A), pieces(A, GET.as_bytes().chunks(1)), answer(A)],
        },
        Check {
            name: "long-request",
            says: "a request of 8000 bytes is read to its end",
            why: "Cookies make requests long. Who answers after recv(512) and closes with the rest unread resets the connection, and the answer may be lost.",
            ideas: &["D9", "F7"],
            steps: asks(
                format!(
                    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {}\r\n\r\n",
                    "c".repeat(8000)
                ),
                answer(A),
            ),
        },
    ]
}

fn refusals() -> Vec<Check> {
    vec![
        Check {
            name: "not-found",
            says: "a path that is not there gets 404",
            why: "Not everything is a page: who answers 200 to all has search engines and clients keep what does not exist.",
            ideas: &["F9"],
            steps: asks(
                "GET /there-is-no-such-page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                judged(A, "an answer with status 404", |bytes| {
                    has_status(bytes, |status| status == 404)
                }),
            ),
        },
        Check {
            name: "method",
            says: "a method that is not served gets 405 or 501",
            why: "POST asks for something else than GET does: the answer has to say that it was not done.",
            ideas: &["F9"],
            steps: asks(
                "BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                judged(A, "an answer with status 405 or 501", |bytes| {
                    has_status(bytes, |status| status == 405 || status == 501)
                }),
            ),
        },
        Check {
            name: "post",
            says: "a request with 100,000 bytes of body gets its answer, and no reset",
            why: "What a client sends is read, or it gets RST in place of the answer.",
            ideas: &["B5", "D9"],
            steps: asks(
                format!(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n{}",
                    "x".repeat(100_000)
                ),
                judged(A, "an answer of any status, and the end", |bytes| {
                    has_status(bytes, |_| true)
                }),
            ),
        },
        Check {
            name: "nonsense",
            says: "what is no request gets no page",
            why: "400 tells the client that it is the one who is wrong.",
            ideas: &["F7"],
            steps: asks("nonsense\r\n\r\n", no_page(A)),
        },
        Check {
            name: "half-a-head",
            says: "a head without its end gets no page",
            why: "The empty line ends the head. Before it has come nobody knows what is asked.",
            ideas: &["F10"],
            steps: vec![
                Step::Connect(A),
                send(A, "GET / HTTP/1.1\r\nHost: loc"),
                Step::HalfClose(A),
                no_page(A),
            ],
        },
        Check {
            name: "nothing",
            says: "a connection without a request gets no page",
            why: "Browsers open connections in advance, and may never use them.",
            ideas: &["F7", "D10"],
            steps: vec![Step::Connect(A), Step::HalfClose(A), no_page(A)],
        },
        Check {
            name: "not-text",
            says: "bytes that are no text leave no client waiting, and the server goes on",
            why: "decode() raises. The client gets an error or the end.",
            ideas: &["D12", "D19"],
            steps: [
                vec![
                    Step::Connect(A),
                    send(A, b"\xff\xfe\xfd\r\n\r\n"),
                    Step::Expect(A, Answer::Anything),
                    Step::Close(A),
                ],
                begins(B),
            ]
            .concat(),
        },
    ]
}

fn client() -> Vec<Check> {
    // A server that hears the whole request, and then says this.
    let answered = |answer: Step| vec![Step::Accept(S), Step::Expect(S, request()), answer];
    let says = |answer: &[u8]| [answered(send(S, answer)), vec![Step::Close(S)]].concat();
    let saves =
        |body: &str| vec![Step::ExpectExit(Ending::Well), Step::ExpectSaved(body.to_owned())];
    let fails = || vec![Step::ExpectExit(Ending::Badly)];
    const CHUNKED: &[u8] =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    vec![
        Check {
            name: "page",
            says: "the client asks, and keeps the body and nothing else",
            why: "GET, a path, HTTP/1.1, a Host, an empty line. The head of the answer ends with an empty line, and the body begins behind it.",
            ideas: &["F7", "F8"],
            steps: [says(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), saves("hello")].concat(),
        },
        Check {
            name: "in-pieces",
            says: "an answer that comes in pieces is the same answer",
            why: "The network may cut anywhere, also in the empty line.",
            ideas: &["B9", "F8"],
            steps: [
                answered(pieces(
                    S,
                    b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nhello\r\n\r\ngoodbye\n".chunks(5),
                )),
                vec![Step::Close(S)],
                saves("hello\r\n\r\ngoodbye\n"),
            ]
            .concat(),
        },
        Check {
            name: "until-the-end",
            says: "a body whose length is not told goes to the end of the connection",
            why: "So it was in HTTP/1.0, and so the tutorial's own server does it.",
            ideas: &["F8", "D10"],
            steps: [says("HTTP/1.1 200 OK\r\n\r\n欢迎来此访问!".as_bytes()), saves("欢迎来此访问!")].concat(),
        },
        Check {
            name: "chunked",
            says: "a body in chunks is kept without the lines between them",
            why: "Every server may send chunks to a client that says HTTP/1.1 (RFC 9112, section 7.1). The tutorial's client saves the lengths with the text.",
            ideas: &["F8", "E6"],
            steps: [says(CHUNKED), saves("hello world")].concat(),
        },
        Check {
            name: "stays-open",
            says: "a server that does not close does not hang the client, for the length is told",
            why: "HTTP/1.1 keeps connections. The body ends where Content-Length says, not where the connection does.",
            ideas: &["F8", "E4"],
            steps: [answered(send(S, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")), saves("hello")]
                .concat(),
        },
        Check {
            name: "short-body",
            says: "a body that is shorter than was told is an error",
            why: "The connection broke. Half a page must not be taken for the whole.",
            ideas: &["F8", "D10"],
            steps: [says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"), fails()].concat(),
        },
        Check {
            name: "not-found",
            says: "404 is an error, and its text is not the page",
            why: "The status stands in the first line: look at it.",
            ideas: &["F9"],
            steps: [says(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\noops"), fails()].concat(),
        },
        Check {
            name: "nothing",
            says: "a connection closed without an answer is an error",
            why: "recv brings no bytes, and there is no head to take apart.",
            ideas: &["D10", "F8"],
            steps: [says(b""), fails()].concat(),
        },
        Check {
            name: "not-text",
            says: "a head that is no UTF-8 is read all the same",
            why: "Servers write what they like behind a colon. The tutorial's client dies of a single GBK byte.",
            ideas: &["D12", "F9"],
            steps: [
                says(b"HTTP/1.1 200 OK\r\nX-Place: \xc4\xe3\xba\xc3\r\nContent-Length: 5\r\n\r\nhello"),
                saves("hello"),
            ]
            .concat(),
        },
    ]
}

fn request() -> Answer {
    Answer::Head(Judge {
        wants: "a request (GET, a path, HTTP/1.1, a Host, an empty line)",
        judge: is_a_request,
    })
}

fn is_a_request(bytes: &[u8]) -> Result<(), Wrong> {
    let Some(end) = find(bytes, b"\r\n\r\n") else {
        return Err(Wrong::new(bytes.len(), "its lines do not end with CR LF"));
    };
    let head = bytes.get(..end).unwrap_or_default();
    let head =
        std::str::from_utf8(head).map_err(|e| Wrong::new(e.valid_up_to(), "it is not text"))?;
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    if !first.starts_with("GET /") {
        return Err(Wrong::new(0, "it does not begin with GET, a blank and a path"));
    }
    if !(first.ends_with(" HTTP/1.1") || first.ends_with(" HTTP/1.0")) {
        return Err(Wrong::new(first.len(), "its first line does not end with HTTP/1.1"));
    }
    let has_host = lines.any(|line| line.to_ascii_lowercase().starts_with("host:"));
    if !has_host {
        return Err(Wrong::new(first.len() + 2, "it has no Host (RFC 9112, section 3.2)"));
    }
    if end + 4 < bytes.len() {
        return Err(Wrong::new(end + 4, "more came behind its empty line"));
    }
    Ok(())
}
