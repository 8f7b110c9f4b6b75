//! What gets no page.

use common::text::Text;

use super::{
    A, Answer, B, Check, Peer, Step, Steps, asks, begins, goes_on, has_status, judged, send, t,
};

/// Anything but a page.
fn no_page(who: Peer) -> Step {
    judged(
        who,
        t(
            "an error (a status from 400 on), or the end and nothing else",
            "一个错误（状态码 400 及以上），或者什么也不回答就结束",
        ),
        |bytes| {
            if bytes.is_empty() {
                return Ok(());
            }
            has_status(bytes, |status| (400..600).contains(&status))
        },
    )
}

fn not_found(who: Peer) -> Step {
    judged(who, t("an answer with status 404", "状态码 404 的响应"), |bytes| {
        has_status(bytes, |status| status == 404)
    })
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
            says: t("a path that is not there gets 404", "不存在的路径得到 404"),
            why: t(
                "Not everything is a page: who answers 200 to all has search engines and clients keep what does not exist.",
                "不是什么都是页面：一概回答 200，搜索引擎和客户端就会保存不存在的东西。",
            ),
            ideas: &["F9"],
            steps: asks(get("/there-is-no-such-page"), not_found(A)),
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
                "400 tells the client that it is the one who is wrong.",
                "400 告诉客户端错在它自己。",
            ),
            ideas: &["F7"],
            steps: refuses(&["nonsense\r\n\r\n", "GET /\r\n\r\n"]),
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
                "a blank before a colon, or a line that is folded, gets no page",
                "冒号前有空格或折成两行的请求得不到页面",
            ),
            why: SMUGGLED,
            ideas: &["F7", "D19"],
            steps: refuses(&[
                "GET / HTTP/1.1\r\nHost: a\r\nX-A : b\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n folded\r\nConnection: close\r\n\r\n",
            ]),
        },
    ]
}
