//! What gets no page.

use common::text::Text;

use super::{
    A, Answer, B, Check, Peer, Response, Step, Steps, Wrong, asks, begins, goes_on, has_status,
    judged, send, t,
};
use crate::judge::find;

/// Anything but a page.
fn no_page(who: Peer) -> Step {
    judged(
        who,
        t(
            "an error (a status from 400 on), or the end and nothing else",
            "一个错误（状态码 400 及以上），或者什么也不回答就结束",
        ),
        is_no_page,
    )
}

fn is_no_page(bytes: &[u8]) -> Result<(), Wrong> {
    if bytes.is_empty() {
        return Ok(());
    }
    has_status(bytes, |status| (400..600).contains(&status))
}

fn not_found(who: Peer) -> Step {
    judged(who, t("an answer with status 404", "状态码 404 的响应"), |bytes| {
        has_status(bytes, |status| status == 404)
    })
}

/// What a link could have a page say.
const MARKUP: &str = "<b>no-such-page</b>";

/// An error, and not what the path says as HTML.
fn no_markup(who: Peer) -> Step {
    judged(
        who,
        t(
            "an error (a status from 400 on) in whose HTML the path is no markup",
            "一个错误（状态码 400 及以上），而且 HTML 里的路径不再是标记",
        ),
        |bytes| {
            // What is no path at all may be answered with the end alone.
            if bytes.is_empty() {
                return Ok(());
            }
            let response = Response::read(bytes)?;
            response.is(|status| (400..600).contains(&status))?;
            let kind = response.field("Content-Type").map_or("text/html", |(_, kind)| kind);
            let is_html = kind.to_ascii_lowercase().contains("html");
            match find(response.body, MARKUP.as_bytes()).filter(|_| is_html) {
                Some(at) => Err(Wrong::new(response.body_at + at, SAID_BACK.words())),
                None => Ok(()),
            }
        },
    )
}

const SAID_BACK: Text = t(
    "the markup of the path is markup of the page: a browser does what it says",
    "路径里的标记成了页面的标记：浏览器会照它行事",
);

/// An error, or what RFC 1945 calls a simple response: a text without a head, which says 400
/// itself.
fn says_400(who: Peer) -> Step {
    judged(
        who,
        t(
            "an error (a status from 400 on; in the text, where there is no head), or the end and nothing else",
            "一个错误（状态码 400 及以上；没有响应头时写在文字里），或者什么也不回答就结束",
        ),
        |bytes| match bytes.starts_with(b"HTTP/") || find(bytes, b"400").is_none() {
            true => is_no_page(bytes),
            false => Ok(()),
        },
    )
}

/// The same for a request of HTTP/0.9, which a server may know: its page has no head.
fn no_page_with_a_head(who: Peer) -> Step {
    judged(
        who,
        t(
            "an error (a status from 400 on), or what has no head of HTTP/1.1",
            "一个错误（状态码 400 及以上），或者没有 HTTP/1.1 响应头的东西",
        ),
        |bytes| if bytes.starts_with(b"HTTP/") { is_no_page(bytes) } else { Ok(()) },
    )
}

/// Each of these gets no page.
fn refuses(requests: &[&str]) -> Steps {
    let mut steps = Steps::new();
    for request in requests {
        steps.extend(asks(request, no_page(A)));
        steps.push(Step::Close(A));
    }
    steps
}

pub(super) fn checks() -> Vec<Check> {
    [paths(), nonsense(), two_meanings()].concat()
}

fn paths() -> Vec<Check> {
    let get =
        |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let outside: Vec<String> = [
        "/../../../../../../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "/%2e%2e",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/there/../../../../../../../../../../etc/passwd",
    ]
    .map(get)
    .into();
    let outside: Vec<&str> = outside.iter().map(String::as_str).collect();
    vec![
        Check {
            name: "not-found",
            says: t(
                "a path that is not there gets 404, and its markup is not said back as markup",
                "不存在的路径得到 404，路径里的标记不会原样写进页面",
            ),
            why: t(
                "Not everything is a page: who answers 200 to all has search engines and clients keep what does not exist. And a page that repeats the path as it came shows what whoever made the link has written, a script as well: write < as &lt;.",
                "不是每个路径都有页面：一概回答 200，搜索引擎和客户端就会把不存在的东西存下来。而把路径原样写进页面，等于让造链接的人来写这个页面，连脚本都写得进去：把 < 写成 &lt;。",
            ),
            ideas: &["F9"],
            steps: [
                asks(get("/there-is-no-such-page"), not_found(A)),
                vec![Step::Close(A)],
                asks(get(&format!("/no-such-page?{MARKUP}")), no_markup(A)),
                vec![Step::Close(A)],
                asks(get("/%3Cb%3Eno-such-page%3C/b%3E"), no_markup(A)),
            ]
            .concat(),
        },
        Check {
            name: "outside",
            says: t(
                "no path leads out of what is served, however it is written",
                "不管怎么写，路径都出不了所服务的范围",
            ),
            why: t(
                "`..` leads up, and `%2e%2e` is `..` once it is decoded: decode each name by itself, once, and then look at it.",
                "`..` 通向上级，而 `%2e%2e` 解码之后就是 `..`：每个名字单独解码一次，然后再检查。",
            ),
            ideas: &["F9", "D19"],
            steps: refuses(&outside),
        },
        Check {
            name: "method",
            says: t("a method that is not served gets 405 or 501", "不支持的方法得到 405 或 501"),
            why: t(
                "POST asks for something else than GET does: the answer has to say that it was not done.",
                "POST 要的跟 GET 不是一回事：响应必须说明没有照办。",
            ),
            ideas: &["F9"],
            steps: asks(
                "BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                judged(
                    A,
                    t("an answer with status 405 or 501", "状态码 405 或 501 的响应"),
                    |bytes| has_status(bytes, |status| status == 405 || status == 501),
                ),
            ),
        },
    ]
}

fn nonsense() -> Vec<Check> {
    vec![
        Check {
            name: "nonsense",
            says: t("what is no request gets no page", "不是请求的东西得不到页面"),
            why: t(
                "400 tells the client that it is the one who is wrong (RFC 9112, section 2.2). To who names no version a server may also answer as in 1991, without a head; then the text itself has to say 400.",
                "400 告诉客户端错在它自己（RFC 9112 第 2.2 节）。对不说版本的一方，服务端也可以像 1991 年那样不带响应头地回答；那样就得在文字里写明 400。",
            ),
            ideas: &["F7"],
            steps: [
                asks("nonsense\r\n\r\n", says_400(A)),
                vec![Step::Close(A)],
                asks("GET /\r\n\r\n", no_page_with_a_head(A)),
                vec![Step::Close(A)],
            ]
            .concat(),
        },
        Check {
            name: "half-a-head",
            says: t("a head without its end gets no page", "没有结束的请求头得不到页面"),
            why: t(
                "The empty line ends the head. Before it has come nobody knows what is asked.",
                "空行结束请求头。它来之前，谁也不知道要的是什么。",
            ),
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
            says: t("a connection without a request gets no page", "没有请求的连接得不到页面"),
            why: t(
                "Browsers open connections in advance, and may never use them.",
                "浏览器会提前打开连接，也许永远不用。",
            ),
            ideas: &["F7", "D10"],
            steps: vec![Step::Connect(A), Step::HalfClose(A), no_page(A)],
        },
        Check {
            name: "not-text",
            says: t(
                "bytes that are no text leave no client waiting, and the server goes on",
                "不是文字的字节不会让客户端干等，服务端照常运行",
            ),
            why: t(
                "decode() raises. The client gets an error or the end.",
                "decode() 抛出异常。客户端要么得到错误，要么得到结束。",
            ),
            ideas: &["D12", "D19"],
            steps: [
                vec![
                    Step::Connect(A),
                    send(A, b"\xff\xfe\xfd\r\n\r\n"),
                    Step::Expect(A, Answer::Anything),
                    Step::Close(A),
                ],
                goes_on(begins(B)),
            ]
            .concat(),
        },
    ]
}

/// Why what two readers could understand in two ways is refused.
const SMUGGLED: Text = t(
    "What two readers can understand in two ways is how requests are smuggled: a proxy sees one request where the server behind it sees two.",
    "两个程序能有两种读法的东西，正是请求走私的办法：代理看到一个请求，它后面的服务端却看到两个。",
);

fn two_meanings() -> Vec<Check> {
    vec![
        Check {
            name: "host",
            says: t(
                "a request without a Host, or with two, gets no page",
                "没有 Host 或有两个 Host 的请求得不到页面",
            ),
            why: t(
                "HTTP/1.1 wants one, and no more (RFC 9112, section 3.2): one machine serves many names, and two readers could take another of two.",
                "HTTP/1.1 要求有且只有一个（RFC 9112 第 3.2 节）：一台机器服务许多名字，有两个的话，两个程序可能各取一个。",
            ),
            ideas: &["F7", "D19"],
            steps: refuses(&[
                "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nhost: a\r\n\r\n",
            ]),
        },
        Check {
            name: "both-lengths",
            says: t(
                "a request with a length and with chunks gets no page",
                "既有长度又有分块的请求得不到页面",
            ),
            why: SMUGGLED,
            ideas: &["F7", "D19"],
            steps: refuses(&[
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
            ]),
        },
        Check {
            name: "two-lengths",
            says: t(
                "a request with two lengths, or with one that is no number, gets no page",
                "有两个长度，或长度不是数字的请求得不到页面",
            ),
            why: SMUGGLED,
            ideas: &["F7", "D19"],
            steps: refuses(&[
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0_0\r\nConnection: close\r\n\r\n",
            ]),
        },
        Check {
            name: "blank-before-colon",
            says: t(
                "a blank before a colon, a line that is folded, and one without a colon get no page",
                "冒号前有空格、折成两行、或有一行没有冒号的请求得不到页面",
            ),
            why: t(
                "What two readers can understand in two ways is how requests are smuggled: one passes over a line that is no field, and for another the head ends there. 400 is for a blank before the colon (RFC 9112, section 5.1) and for whatever else is no request (section 2.2); a folded line may be joined (section 5.2), but here it is refused.",
                "两个程序能有两种读法的东西，正是请求走私的办法：不是字段的一行，有的程序略过，有的以为请求头到此为止。冒号前有空格要回答 400（RFC 9112 第 5.1 节），其他不成请求的也是（第 2.2 节）；折行可以接起来（第 5.2 节），但这里一律拒绝。",
            ),
            ideas: &["F7", "D19"],
            steps: refuses(&[
                "GET / HTTP/1.1\r\nHost: a\r\nX-A : b\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n folded\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A\r\nConnection: close\r\n\r\n",
            ]),
        },
    ]
}
