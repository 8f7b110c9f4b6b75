//! HTTP/1.1 by hand: what a browser asks of a server, and a server of a client.

use common::text::Text;

use crate::judge::{Judge, Wrong};
use crate::script::{Answer, Check, Peer, Side, Step, Transport};

use super::hints::COMMON;
use super::{A, B, Steps, Suite, goes_on, listens, outlives, pieces, send, t};

pub(super) mod client;
mod client_hints;
mod hints;
mod refusals;
mod response;

use response::{Response, has_status};

pub(super) const SERVER: Suite = Suite {
    lesson: "http-fetch",
    side: Side::Server,
    variant: "",
    option: "",
    port: 8080,
    transport: Transport::Tcp,
    checks: server,
    hints: &[hints::SERVER, COMMON],
};

fn judged(who: Peer, wants: Text, judge: fn(&[u8]) -> Result<(), Wrong>) -> Step {
    Step::Expect(who, Answer::Judged(Judge { wants, judge }))
}

/// The page, in good form and whole.
fn page(who: Peer) -> Step {
    judged(
        who,
        t("an answer with status 200, and the end", "状态码 200 的响应，然后结束"),
        |bytes| {
            let response = Response::read(bytes)?;
            response.is(|status| status == 200)?;
            response.is_whole()
        },
    )
}

/// An answer with status 200, in whatever form.
fn answer(who: Peer) -> Step {
    judged(
        who,
        t("an answer with status 200, and the end", "状态码 200 的响应，然后结束"),
        |bytes| has_status(bytes, |status| status == 200),
    )
}

const GET: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

fn begins(who: Peer) -> Steps {
    vec![Step::Connect(who), send(who, GET), answer(who)]
}

fn asks(request: impl AsRef<[u8]>, answer: Step) -> Steps {
    vec![Step::Connect(A), send(A, request), answer]
}

fn server() -> Vec<Check> {
    let survives = outlives(&begins, &begins, &|_| Vec::new(), GET.as_bytes());
    [vec![listens()], pages(), requests(), refusals::checks(), survives].concat()
}

fn pages() -> Vec<Check> {
    vec![
        Check {
            name: "page",
            says: t(
                "GET / gets a page, and the connection is closed as was asked",
                "GET / 得到一个页面，连接按要求关闭",
            ),
            why: t(
                "A status line, lines with a colon, an empty line, the body. The tutorial's head has a line without a colon, `charset=utf-8`: curl and Node refuse it.",
                "状态行、带冒号的行、空行、响应体。教程的响应头里有一行没有冒号，`charset=utf-8`：curl 和 Node 都拒绝它。",
            ),
            ideas: &["F8", "F9", "F10"],
            steps: asks(GET, page(A)),
        },
        Check {
            name: "type",
            says: t(
                "the page's type and the encoding of its text are told",
                "说明页面的类型和文字的编码",
            ),
            why: t(
                "Content-Type: text/html; charset=utf-8. Without the charset Chinese text is shown as æ¬¢è¿….",
                "Content-Type: text/html; charset=utf-8。没有 charset，中文会显示成 æ¬¢è¿…。",
            ),
            ideas: &["F9", "D12"],
            steps: asks(
                GET,
                judged(
                    A,
                    t("an answer whose Content-Type has a charset", "Content-Type 带 charset 的响应"),
                    has_charset,
                ),
            ),
        },
        Check {
            name: "length",
            says: t("the length of the page is told", "说明页面的长度"),
            why: t(
                "Content-Length lets a client know that the body is whole, and the connection serve another request. Else a cut page cannot be told from a short one.",
                "有了 Content-Length，客户端才知道响应体是完整的，连接也才能接着用。否则截断的页面和短的页面分不清。",
            ),
            ideas: &["F8", "E4"],
            steps: asks(
                GET,
                judged(
                    A,
                    t("an answer with its Content-Length", "带 Content-Length 的响应"),
                    has_length,
                ),
            ),
        },
        Check {
            name: "head-only",
            says: t("HEAD gets the head and no body", "HEAD 得到响应头，没有响应体"),
            why: t(
                "HEAD is GET without the body (RFC 9110, section 9.3.2). A body would be taken for the next answer.",
                "HEAD 就是没有响应体的 GET（RFC 9110 第 9.3.2 节）。多出的响应体会被当成下一个响应。",
            ),
            ideas: &["F9"],
            steps: [
                asks(
                    "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                    judged(A, t("an answer with status 200 and no body", "状态码 200、没有响应体的响应"), |bytes| {
                        without_body(bytes, 200)
                    }),
                ),
                vec![
                    Step::Connect(B),
                    send(B, "HEAD /no-such-page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
                    judged(B, t("an answer with status 404 and no body", "状态码 404、没有响应体的响应"), |bytes| {
                        without_body(bytes, 404)
                    }),
                ],
            ]
            .concat(),
        },
    ]
}

fn has_charset(bytes: &[u8]) -> Result<(), Wrong> {
    let response = Response::read(bytes)?;
    let end = response.body_at.saturating_sub(2);
    let (at, value) = response.field("Content-Type").ok_or_else(|| {
        Wrong::new(end, t("there is no Content-Type", "没有 Content-Type").words())
    })?;
    if value.to_ascii_lowercase().replace([' ', '"'], "").contains("charset=utf-8") {
        return Ok(());
    }
    let why =
        t("Content-Type does not name the charset utf-8", "Content-Type 没有写明 charset=utf-8");
    Err(Wrong::new(at, why.words()))
}

fn has_length(bytes: &[u8]) -> Result<(), Wrong> {
    let response = Response::read(bytes)?;
    let end = response.body_at.saturating_sub(2);
    response.field("Content-Length").ok_or_else(|| {
        Wrong::new(end, t("there is no Content-Length", "没有 Content-Length").words())
    })?;
    response.is_whole()
}

fn without_body(bytes: &[u8], wanted: u16) -> Result<(), Wrong> {
    let response = Response::read(bytes)?;
    response.is(|status| status == wanted)?;
    if response.body.is_empty() {
        return Ok(());
    }
    Err(Wrong::new(response.body_at, t("there is a body", "有响应体").words()))
}

fn requests() -> Vec<Check> {
    vec![
        Check {
            name: "byte-by-byte",
            says: t("a request may come byte by byte", "请求可能一个字节一个字节地来"),
            why: t(
                "One send is not one recv. A request ends with its empty line: read until it has come.",
                "一次 send 不等于一次 recv。请求以空行结束：一直读到它来。",
            ),
            ideas: &["B9", "F10"],
            steps: vec![Step::Connect(A), pieces(A, GET.as_bytes().chunks(1)), answer(A)],
        },
        Check {
            name: "any-case",
            says: t("the names of fields are read in any case", "字段名不分大小写"),
            why: t(
                "`host`, `Host` and `HOST` are one name (RFC 9110, section 5.1), and blanks behind the colon may be missing.",
                "`host`、`Host` 和 `HOST` 是同一个名字（RFC 9110 第 5.1 节），冒号后面也可以没有空格。",
            ),
            ideas: &["F7"],
            steps: asks("GET / HTTP/1.1\r\nhost:localhost\r\nCONNECTION:close\r\n\r\n", answer(A)),
        },
        Check {
            name: "long-request",
            says: t("a request of 8000 bytes is read to its end", "8000 字节的请求要读到底"),
            why: t(
                "Cookies make requests long. Who answers after recv(512) and closes with the rest unread resets the connection, and the answer may be lost.",
                "Cookie 会让请求变长。recv(512) 之后就回答、其余没读就关闭，连接会被复位，响应可能丢失。",
            ),
            ideas: &["D9", "F7"],
            steps: asks(
                format!(
                    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {}\r\n\r\n",
                    "c".repeat(8000)
                ),
                answer(A),
            ),
        },
        Check {
            name: "post",
            says: t(
                "a request with 100,000 bytes of body gets its answer, and no reset",
                "带 100,000 字节请求体的请求得到响应，而不是复位",
            ),
            why: t(
                "What a client sends is read, or it gets RST in place of the answer.",
                "客户端发来的要读掉，否则它得到的是 RST，不是响应。",
            ),
            ideas: &["B5", "D9"],
            steps: asks(
                format!(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n{}",
                    "x".repeat(100_000)
                ),
                judged(
                    A,
                    t("an answer of any status, and the end", "任何状态码的响应，然后结束"),
                    |bytes| has_status(bytes, |_| true),
                ),
            ),
        },
        Check {
            name: "body-is-no-request",
            says: t("a body that looks like a request is a body", "看起来像请求的请求体仍是请求体"),
            why: t(
                "Where the length is not looked at, the body is run as a second request: so requests are smuggled past whoever looked at the first.",
                "不看长度，请求体就会被当作第二个请求来执行：请求走私就是这样躲过只看第一个请求的程序的。",
            ),
            ideas: &["F7", "E4"],
            steps: asks(
                "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 58\r\nConnection: close\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: x\r\n\r\n",
                judged(A, t("one answer, and the end", "一个响应，然后结束"), |bytes| {
                    let again = crate::judge::count(bytes, b"HTTP/1.1 ");
                    if again > 1 {
                        let why = t("there are two answers", "有两个响应");
                        return Err(Wrong::new(bytes.len(), why.words()));
                    }
                    has_status(bytes, |_| true)
                }),
            ),
        },
    ]
}
