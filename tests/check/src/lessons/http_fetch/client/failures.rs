//! Answers that are not the page: an error, and what was there before is there still.

use common::text::Text;

use super::{Check, Ending, S, Step, Steps, answered, says, send, t};

/// What the file holds before the client begins.
const OLD: &str = "the page of yesterday";

fn fails() -> Steps {
    vec![Step::ExpectExit(Ending::Badly), Step::ExpectKept(OLD.to_owned())]
}

fn refuses(answer: impl AsRef<[u8]>) -> Steps {
    [says(answer), fails()].concat()
}

pub(super) fn checks() -> Vec<Check> {
    [other_answers(), cut(), two_meanings()].concat()
}

fn other_answers() -> Vec<Check> {
    vec![
        Check {
            name: "not-found",
            says: t(
                "404 is an error, and its text does not replace the page",
                "404 是错误，它的文字不会取代页面",
            ),
            why: t(
                "The status stands in the first line: look at it.",
                "状态码就在第一行：看一看。",
            ),
            ideas: &["F9"],
            steps: refuses("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\noops"),
        },
        Check {
            name: "server-error",
            says: t(
                "500 is an error, and so is a part that nobody asked for; neither replaces the page",
                "500 是错误，没人要的部分内容（206）也是错误；都不会取代页面",
            ),
            why: t(
                "Of all statuses from 400 on the body is what the server has to say about the failure, and 206 brings a part of a page. Only 200 is the page.",
                "400 及以上的状态码，响应体都是服务端对失败的说明；206 带来的只是页面的一部分。只有 200 才是页面。",
            ),
            ideas: &["F9"],
            steps: [
                refuses("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops"),
                vec![Step::Restart],
                refuses(
                    "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-3/9\r\nContent-Length: 4\r\n\r\nhalf",
                ),
            ]
            .concat(),
        },
        Check {
            name: "redirect-nowhere",
            says: t("a redirect that leads nowhere is an error", "不知转向哪里的重定向是错误"),
            why: t(
                "302 says that the page is elsewhere. What comes with it is not the page: the tutorial's client saves it as if it were.",
                "302 说页面在别处。随它来的不是页面：教程的客户端却把它当页面保存。",
            ),
            ideas: &["F9"],
            steps: refuses("HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\nmoved"),
        },
        Check {
            name: "no-head",
            says: t("what has no head is no answer", "没有响应头的不是响应"),
            why: t(
                "Somebody else listens there. Whatever comes of him is not the page.",
                "在那里监听的是别人。他发来的东西不是页面。",
            ),
            ideas: &["F8", "F9"],
            steps: refuses("Welcome!\r\n\r\nhello"),
        },
        Check {
            name: "nothing",
            says: t("a connection closed without an answer is an error", "不回答就关闭连接是错误"),
            why: t(
                "recv brings no bytes, and there is no head to take apart.",
                "recv 返回 0 字节，没有响应头可拆。",
            ),
            ideas: &["D10", "F8"],
            steps: refuses(""),
        },
    ]
}

/// Why half a page is no page.
const HALF: Text = t(
    "The connection broke. Half a page must not be taken for the whole, nor replace one that is whole.",
    "连接断了。半个页面不能当作整个，也不能取代一个完整的页面。",
);

fn cut() -> Vec<Check> {
    vec![
        Check {
            name: "cut-head",
            says: t(
                "an answer that ends within its head is an error",
                "在响应头里就结束的响应是错误",
            ),
            why: HALF,
            ideas: &["D10", "F8"],
            steps: refuses("HTTP/1.1 200 OK\r\nContent-Le"),
        },
        Check {
            name: "short-body",
            says: t("a body that is shorter than was told is an error", "比说明的短的响应体是错误"),
            why: HALF,
            ideas: &["F8", "D10"],
            steps: refuses("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"),
        },
        Check {
            name: "cut-chunks",
            says: t("chunks without the last one are an error", "没有最后一块的分块是错误"),
            why: HALF,
            ideas: &["F8", "D10"],
            steps: refuses("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        },
        Check {
            name: "reset",
            says: t(
                "a body that a reset cuts off is an error, though its length is not told",
                "被复位切断的响应体是错误，哪怕没有说明长度",
            ),
            why: t(
                "Such a body ends with the end of the stream. RST is no end: something was lost.",
                "这种响应体以流的结束为结束。RST 不是结束：有东西丢了。",
            ),
            ideas: &["B5", "D19"],
            steps: [
                answered(send(S, "HTTP/1.1 200 OK\r\n\r\nhello")),
                // It has read that much when it is told of the reset.
                vec![Step::StaysUp(std::time::Duration::from_millis(300)), Step::Reset(S)],
                fails(),
            ]
            .concat(),
        },
    ]
}

/// Why what two readers could understand in two ways is no page.
const TWO_WAYS: Text = t(
    "What two readers can understand in two ways is an error: a proxy on the way may have seen another page.",
    "两个程序能有两种读法的东西是错误：路上的代理看到的也许是另一个页面。",
);

fn two_meanings() -> Vec<Check> {
    vec![
        Check {
            name: "two-lengths",
            says: t("two lengths that differ are an error", "两个不同的长度是错误"),
            why: TWO_WAYS,
            ideas: &["F8", "D19"],
            steps: refuses(
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nhello",
            ),
        },
        Check {
            name: "both-lengths",
            says: t("a length and chunks are an error", "既有长度又有分块是错误"),
            why: TWO_WAYS,
            ideas: &["F8", "D19"],
            steps: refuses(
                "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            ),
        },
        Check {
            name: "bad-length",
            says: t("a length that is no number is an error", "不是数字的长度是错误"),
            why: TWO_WAYS,
            ideas: &["F8", "D19"],
            steps: refuses("HTTP/1.1 200 OK\r\nContent-Length: 5 or so\r\n\r\nhello"),
        },
        Check {
            name: "bad-chunk",
            says: t("a chunk that is longer than it says is an error", "比自己说的长的块是错误"),
            why: TWO_WAYS,
            ideas: &["F8", "D19"],
            steps: refuses(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
            ),
        },
    ]
}
