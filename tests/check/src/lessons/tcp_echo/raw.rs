//! The echo of RFC 862: every byte comes back.

use super::super::hints::COMMON;
use super::super::{A, B, LETTERS, Suite, closes, get, goes_on, listens, outlives, send, t};
use super::{Check, REPEAT, Step, flood, hints};

pub(in crate::lessons) const RAW: Suite =
    Suite { variant: "raw", checks: server, hints: &[hints::RAW, COMMON], ..REPEAT };

fn server() -> Vec<Check> {
    let begins = |who| vec![Step::Connect(who), send(who, "hello"), get(who, "hello")];
    let all: Vec<u8> = (0..=255).collect();
    let own = vec![
        Check {
            name: "echo",
            says: t(
                "every byte comes back as it was, and no other",
                "每个字节原样返回，一个也不多",
            ),
            why: t(
                "An echo (RFC 862) knows no text and no lines: do not decode, do not strip.",
                "回声（RFC 862）不管文本，也不管行：不要解码，不要去空白。",
            ),
            ideas: &["B9", "D12"],
            steps: vec![
                Step::Connect(A),
                send(A, &all),
                get(A, &all),
                send(A, " \r\n"),
                get(A, " \r\n"),
                send(A, LETTERS.concat()),
                get(A, LETTERS.concat()),
                send(A, "exit"),
                get(A, "exit"),
            ],
        },
        Check {
            name: "byte-by-byte",
            says: t("bytes that come one by one come back, too", "一个一个来的字节也都返回"),
            why: t(
                "A server has to take a stream in whatever pieces it comes.",
                "流以什么样的碎片到来，服务端就得怎样收。",
            ),
            ideas: &["B9", "E2"],
            // The next one goes when the last is back, so that no busy server sees two of them as
            // one.
            steps: std::iter::once(Step::Connect(A))
                .chain("one by one".bytes().flat_map(|byte| [send(A, [byte]), get(A, [byte])]))
                .collect(),
        },
        Check {
            name: "much",
            says: t(
                "a million bytes come back, also when the client has ended its half and reads late",
                "一百万字节都返回，哪怕客户端已经半关闭、很晚才读",
            ),
            why: t(
                "send may take less than it is given, recv brings what is there: sendall, and a loop until recv brings nothing.",
                "send 可能只收下一部分，recv 有多少给多少：用 sendall，并循环到 recv 返回 0 字节为止。",
            ),
            ideas: &["D11", "E1"],
            steps: vec![
                Step::Connect(A),
                send(A, all.repeat(240)),
                Step::HalfClose(A),
                get(A, all.repeat(240)),
                Step::ExpectEnd(A),
                Step::ConnectNarrow(B),
                Step::Flood(B, flood::much()),
                get(B, flood::much()),
                Step::ExpectEnd(B),
            ],
        },
        Check {
            name: "nothing-said",
            says: t(
                "a client that only closes gets the end",
                "什么都没说就关闭的客户端得到流的结束",
            ),
            why: t(
                "recv returns no bytes: that is the end of the stream. Close, and go on with the next client.",
                "recv 返回 0 字节：那是流的结束。关闭，接着服务下一个客户端。",
            ),
            ideas: &["D10"],
            steps: [vec![Step::Connect(A)], closes(A), vec![Step::Close(A)], goes_on(begins(B))]
                .concat(),
        },
    ];
    [vec![listens()], own, outlives(&begins, &begins, &closes, b"hello")].concat()
}
