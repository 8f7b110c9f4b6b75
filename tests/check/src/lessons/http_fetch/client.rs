//! The client: what it asks, and what it keeps.

use common::text::Text;

use super::super::hints::COMMON;
use super::super::{S, Steps, Suite, comes, pieces, send, t};
use super::{Judge, SERVER, Wrong};
use crate::judge::find;
use crate::script::{Answer, Check, Ending, Side, Step};

mod failures;

pub(in crate::lessons) const CLIENT: Suite = Suite {
    side: Side::Client,
    checks: client,
    hints: &[super::client_hints::CLIENT, COMMON],
    ..SERVER
};

/// A server that hears the whole request, and then says this.
fn answered(answer: Step) -> Steps {
    vec![Step::Accept(S), Step::Expect(S, request()), answer]
}

/// The same, and then it closes.
fn says(answer: impl AsRef<[u8]>) -> Steps {
    [answered(send(S, answer)), vec![Step::Close(S)]].concat()
}

fn saves(body: impl AsRef<[u8]>) -> Steps {
    vec![Step::ExpectExit(Ending::Well), Step::ExpectSaved(body.as_ref().to_vec())]
}

fn client() -> Vec<Check> {
    [vec![comes()], pages(), ends_of_bodies(), heads(), failures::checks()].concat()
}

fn pages() -> Vec<Check> {
    vec![
        Check {
            name: "page",
            says: t(
                "the client asks, and keeps the body and nothing else",
                "客户端提出请求，只保存响应体",
            ),
            why: t(
                "GET, a path, HTTP/1.1, a Host, an empty line. The head of the answer ends with an empty line, and the body begins behind it.",
                "GET、路径、HTTP/1.1、Host、空行。响应头以空行结束，响应体从它后面开始。",
            ),
            ideas: &["F7", "F8"],
            steps: [says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), saves("hello")]
                .concat(),
        },
        Check {
            name: "in-pieces",
            says: t(
                "an answer that comes in pieces is the same answer",
                "分几段到达的响应是同一个响应",
            ),
            why: t(
                "The network may cut anywhere, also in the empty line. And the body is bytes, of a picture perhaps: who makes text of it keeps another one.",
                "网络可以在任何地方切断，也可能在空行中间。响应体是字节，也许是一张图片：当作文本解码再保存，就不是原来的了。",
            ),
            ideas: &["B9", "F8"],
            steps: [
                answered(pieces(
                    S,
                    b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nhello\r\n\r\n\xff\xd8\0bye\n\n"
                        .chunks(5),
                )),
                vec![Step::Close(S)],
                saves(b"hello\r\n\r\n\xff\xd8\0bye\n\n"),
            ]
            .concat(),
        },
    ]
}

fn ends_of_bodies() -> Vec<Check> {
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nB\r\n, big world\r\n0\r\n\r\n";
    vec![
        Check {
            name: "until-the-end",
            says: t(
                "a body whose length is not told goes to the end of the connection",
                "没有说明长度的响应体一直到连接结束为止",
            ),
            why: t(
                "So it was in HTTP/1.0, and so the tutorial's own server does it.",
                "HTTP/1.0 就是这样，教程自己的服务端也是这样。",
            ),
            ideas: &["F8", "D10"],
            steps: [says("HTTP/1.1 200 OK\r\n\r\n欢迎来此访问!"), saves("欢迎来此访问!")].concat(),
        },
        Check {
            name: "stays-open",
            says: t(
                "a server that does not close does not hang the client, for the length is told",
                "服务端不关闭也不会卡住客户端，因为长度已经说明",
            ),
            why: t(
                "HTTP/1.1 keeps connections. The body ends where Content-Length says, not where the connection does.",
                "HTTP/1.1 保持连接。响应体到 Content-Length 所说的地方为止，而不是到连接结束。",
            ),
            ideas: &["F8", "E4"],
            steps: [
                answered(send(S, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")),
                saves("hello"),
            ]
            .concat(),
        },
        Check {
            name: "empty-page",
            says: t("a body of no bytes is a body", "零字节的响应体也是响应体"),
            why: t(
                "Content-Length: 0 tells a length. Who takes it for none waits for the end of the connection.",
                "Content-Length: 0 也说明了长度。把它当作没说，就会一直等连接结束。",
            ),
            ideas: &["F8", "E4"],
            steps: [
                answered(send(S, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")),
                vec![Step::ExpectExit(Ending::Well)],
            ]
            .concat(),
        },
        Check {
            name: "longer-than-told",
            says: t(
                "what stands behind the body's length is no part of it",
                "超出长度的部分不属于响应体",
            ),
            why: t(
                "The length says where the body ends. What follows would be the next answer.",
                "长度说明响应体到哪里结束。后面的是下一个响应。",
            ),
            ideas: &["F8", "E4"],
            steps: [
                says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more"),
                saves("hello"),
            ]
            .concat(),
        },
        Check {
            name: "chunked",
            says: t(
                "a body in chunks is kept without the lines between them",
                "分块的响应体保存时不带块之间的行",
            ),
            why: t(
                "Every server may send chunks to a client that says HTTP/1.1 (RFC 9112, section 7.1). The tutorial's client saves the lengths with the text.",
                "客户端说了 HTTP/1.1，任何服务端都可以发分块（RFC 9112 第 7.1 节）。教程的客户端把各块的长度也和正文一起存了下来。",
            ),
            ideas: &["F8", "E6"],
            steps: [says(CHUNKED), saves("hello, big world")].concat(),
        },
        Check {
            name: "chunks-in-pieces",
            says: t(
                "chunks may be cut anywhere, and their end is the end",
                "分块可以在任何地方被切断，它的结束就是结束",
            ),
            why: t(
                "One recv may bring half a length, or three chunks. The chunk of no bytes ends the body, not the connection.",
                "一次 recv 可能返回半个长度，也可能返回三个块。零字节的块结束响应体，不是连接结束它。",
            ),
            ideas: &["B9", "E6"],
            steps: [answered(pieces(S, CHUNKED.as_bytes().chunks(3))), saves("hello, big world")]
                .concat(),
        },
    ]
}

fn heads() -> Vec<Check> {
    vec![
        Check {
            name: "not-text",
            says: t("a head that is no UTF-8 is read all the same", "不是 UTF-8 的响应头照样要读"),
            why: t(
                "Servers write what they like behind a colon. The tutorial's client dies of a single GBK byte.",
                "服务端在冒号后面爱写什么写什么。教程的客户端遇到一个 GBK 字节就崩溃。",
            ),
            ideas: &["D12", "F9"],
            steps: [
                says(b"HTTP/1.1 200 OK\r\nX-Place: \xc4\xe3\xba\xc3\r\nContent-Length: 5\r\n\r\nhello"),
                saves("hello"),
            ]
            .concat(),
        },
        Check {
            name: "any-case",
            says: t("the names of fields are read in any case", "字段名不分大小写"),
            why: t(
                "`content-length` is Content-Length (RFC 9110, section 5.1), and blanks behind the colon may be missing.",
                "`content-length` 就是 Content-Length（RFC 9110 第 5.1 节），冒号后面也可以没有空格。",
            ),
            ideas: &["F9", "E4"],
            steps: [
                answered(send(S, "HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello")),
                saves("hello"),
            ]
            .concat(),
        },
        Check {
            name: "line-feeds",
            says: t(
                "a head whose lines end with a line feed alone is read",
                "只用换行结束各行的响应头也要读",
            ),
            why: t(
                "RFC 9112, section 2.2, allows it: there are servers that write so. The tutorial's client finds no end of such a head.",
                "RFC 9112 第 2.2 节允许这样：有的服务端就这么写。教程的客户端找不到这种响应头的结束。",
            ),
            ideas: &["F8", "F9"],
            steps: [says("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"), saves("hello")].concat(),
        },
    ]
}

fn request() -> Answer {
    Answer::Head(Judge {
        wants: t(
            "a request (GET, a path, HTTP/1.1, one Host, an empty line)",
            "一个请求（GET、路径、HTTP/1.1、一个 Host、空行）",
        ),
        judge: is_a_request,
    })
}

fn is_a_request(bytes: &[u8]) -> Result<(), Wrong> {
    let wrong = |at, why: Text| Err(Wrong::new(at, why.words()));
    let Some(end) = find(bytes, b"\r\n\r\n") else { return wrong(bytes.len(), NO_CRLF) };
    let head = bytes.get(..end).unwrap_or_default();
    let Ok(head) = std::str::from_utf8(head) else { return wrong(0, NO_TEXT) };
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    if !first.starts_with("GET /") {
        return wrong(0, NO_GET);
    }
    if !(first.ends_with(" HTTP/1.1") || first.ends_with(" HTTP/1.0")) {
        return wrong(first.len(), NO_VERSION);
    }
    let fields: Vec<&str> = lines.collect();
    if let Some(line) = fields.iter().find(|line| !line.contains(':')) {
        return wrong(find(bytes, line.as_bytes()).unwrap_or_default(), NO_COLON);
    }
    let hosts = fields.iter().filter(|line| line.to_ascii_lowercase().starts_with("host:"));
    match hosts.count() {
        0 => return wrong(first.len() + 2, NO_HOST),
        1 => {}
        _ => return wrong(first.len() + 2, TWO_HOSTS),
    }
    if end + 4 < bytes.len() {
        return wrong(end + 4, MORE);
    }
    Ok(())
}

const NO_CRLF: Text = t("its lines do not end with CR LF", "它的行不是以 CR LF 结束");
const NO_TEXT: Text = t("it is not text", "它不是文本");
const NO_GET: Text =
    t("it does not begin with GET, a blank and a path", "它不是以 GET、空格和路径开头");
const NO_VERSION: Text =
    t("its first line does not end with HTTP/1.1", "它的第一行不是以 HTTP/1.1 结束");
const NO_COLON: Text = t("one of its lines has no colon", "它有一行没有冒号");
const NO_HOST: Text =
    t("it has no Host (RFC 9112, section 3.2)", "它没有 Host（RFC 9112 第 3.2 节）");
const TWO_HOSTS: Text = t("it has more than one Host", "它有不止一个 Host");
const MORE: Text = t("more came behind its empty line", "空行后面还有东西");
