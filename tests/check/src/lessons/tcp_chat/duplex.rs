//! Both sides speak whenever they like.

use crate::script::{Check, Ending, Peer, Side, Step};

use super::super::hints::COMMON;
use super::super::{
    A, B, S, SILENT, Steps, Suite, comes, get, goes_on, listens, outlives, pieces, send, shown, t,
    types,
};
use super::{hints, no_ends, whole};

pub(in crate::lessons) const DUPLEX: Suite = Suite {
    variant: "duplex",
    option: "mode",
    checks: server,
    hints: &[hints::DUPLEX_SERVER, hints::DUPLEX, hints::EITHER, COMMON],
    ..super::BYE
};
pub(in crate::lessons) const DUPLEX_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: client,
    hints: &[hints::DUPLEX_CLIENT, hints::DUPLEX, hints::EITHER, COMMON],
    ..DUPLEX
};

/// The program's user says something, which all of these hear.
fn told(text: &str, who: &[Peer]) -> Steps {
    [vec![types(text)], who.iter().map(|who| get(who, text)).collect()].concat()
}

fn says(who: Peer, text: &str) -> Steps {
    vec![send(who, text), shown(text)]
}

/// Each client says something else, for what is shown stays there. A server that shows what a
/// client says has accepted it: before that, what its user types is for nobody.
fn begins(who: Peer) -> Steps {
    [vec![Step::Connect(who)], says(who, &format!("你好, says {who}"))].concat()
}

/// What is the same on both sides: `who` is the other one, and comes by `opens`.
fn either(who: Peer, opens: &Steps) -> Vec<Check> {
    vec![
        Check {
            name: "both",
            says: t(
                "either side may speak at any time, and several times in a row",
                "双方随时都可以说话，也可以连说几次",
            ),
            why: t(
                "While one thread waits in recv, another has to wait for what is typed: neither may wait for the other.",
                "一个线程等在 recv 里的时候，另一个要等用户输入：谁也不能等谁。",
            ),
            ideas: &["F5", "B10"],
            steps: [
                opens.clone(),
                told("你好", &[who]),
                told("  在吗 ", &[who]),
                says(who, "one"),
                says(who, "two"),
                told("很好", &[who]),
            ]
            .concat(),
        },
        Check {
            name: "empty-line",
            says: t(
                "an empty line is not sent, and the user may type another",
                "空行不发送，用户可以再输入一行",
            ),
            why: t("send(b'') puts nothing on the wire.", "send(b'') 什么也不会发出去。"),
            ideas: &["B9", "F5"],
            steps: [opens.clone(), vec![types("")], told("text", &[who])].concat(),
        },
        Check {
            name: "in-pieces",
            says: t(
                "a character that comes in two pieces is shown whole",
                "分两段到达的字完整地显示",
            ),
            why: t(
                "recv cuts where it likes. Keep what is no whole character, and decode it with what comes next: an incremental decoder does.",
                "recv 想在哪儿切就在哪儿切。不成字的留着，跟后面来的一起解码：增量解码器就是这么做的。",
            ),
            ideas: &["D12", "B9"],
            steps: [
                opens.clone(),
                vec![pieces(who, [&b"\xe4\xb8"[..], b"\xad\xe5\x9b\xbd"]), shown("中国")],
            ]
            .concat(),
        },
        Check {
            name: "not-text",
            says: t(
                "bytes that are no text do not end the conversation",
                "不是文字的字节不会结束对话",
            ),
            why: t(
                "decode() raises UnicodeDecodeError: the tutorial's thread that receives dies of it, and half a conversation is left.",
                "decode() 抛出 UnicodeDecodeError：教程里接收的线程因此崩溃，只剩半边对话。",
            ),
            ideas: &["D12", "D19"],
            steps: [
                opens.clone(),
                vec![send(who, b"\xff\xfe and text"), shown("and text")],
                says(who, "one more"),
                told("still here", &[who]),
            ]
            .concat(),
        },
        Check {
            name: "not-the-word",
            says: t(
                "a message that has the word in it and more is no end",
                "除了结束词还有别的内容的消息不是结束",
            ),
            why: t(
                "The end is a message that is the word and nothing else.",
                "结束是一条只有结束词、别无其他的消息。",
            ),
            ideas: &["F5", "A2"],
            steps: [
                opens.clone(),
                no_ends("bye").iter().flat_map(|line| says(who, line)).collect(),
                told("goodbye", &[who]),
                told("bye now", &[who]),
                says(who, "still here"),
            ]
            .concat(),
        },
    ]
}

fn server() -> Vec<Check> {
    let ends = |who| vec![send(who, "bye"), Step::ExpectEnd(who)];
    let serves = |who| [begins(who), told("welcome", &[who])].concat();
    [vec![listens()], either(A, &begins(A)), many(), outlives(&begins, &serves, &ends, b"hi")]
        .concat()
}

fn many() -> Vec<Check> {
    let ends = |who| vec![send(who, "bye"), Step::ExpectEnd(who)];
    vec![
        Check {
            name: "everybody",
            says: t(
                "what the server's user says goes to every client, and what a client says to nobody but that user",
                "服务端的用户说的话发给每个客户端，客户端说的话只给这位用户看",
            ),
            why: t(
                "Threads that all read standard input share its lines: the first goes to one client and the second to another, by chance. One thread reads, and sends to all.",
                "如果各线程都读标准输入，行就被瓜分：第一行给这个客户端，第二行给那个，全凭运气。让一个线程读，发给所有人。",
            ),
            ideas: &["F5", "F1"],
            steps: [
                begins(A),
                begins(B),
                says(A, "only for you"),
                told("hello to both", &[A, B]),
                told("and again", &[A, B]),
            ]
            .concat(),
        },
        Check {
            name: "word",
            says: t(
                "a client's word ends its conversation, and the others go on",
                "客户端说出结束词，它的对话就结束，别人继续",
            ),
            why: t(
                "The word is bye, alone. Who hears it closes.",
                "结束词是单独的 bye。听到的一方关闭。",
            ),
            ideas: &["F5", "D13"],
            steps: [begins(A), begins(B), ends(A), says(B, "still here"), told("so am I", &[B])]
                .concat(),
        },
        Check {
            name: "half-close",
            says: t(
                "a client that ends its half has left, and gets the end",
                "半关闭的客户端就是走了，要收到流的结束",
            ),
            why: t(
                "recv brings no bytes: nothing more will come. A server that keeps such a connection keeps it for ever, in CLOSE-WAIT.",
                "recv 返回 0 字节：再也不会有东西来。留着这种连接的服务端会永远留着它，停在 CLOSE-WAIT。",
            ),
            ideas: &["D10", "B5"],
            steps: [
                begins(A),
                begins(B),
                vec![Step::HalfClose(A), Step::ExpectEnd(A)],
                told("to the other", &[B]),
            ]
            .concat(),
        },
        Check {
            name: "gone",
            says: t(
                "a client that leaves is no longer spoken to, and the others go on",
                "客户端走了就不再对它说话，别人继续",
            ),
            why: t(
                "recv brings no bytes: the peer has gone. The next send to it would succeed, and the one after raise BrokenPipe.",
                "recv 返回 0 字节：对端走了。接下来的一次 send 会成功，再下一次抛出 BrokenPipe。",
            ),
            ideas: &["D10", "F4"],
            steps: [
                begins(SILENT),
                begins(A),
                vec![Step::Close(SILENT)],
                told("one", &[A]),
                told("two", &[A]),
                told("three", &[A]),
                goes_on(says(A, "four")),
            ]
            .concat(),
        },
        does_not_read(),
    ]
}

fn does_not_read() -> Check {
    const DEAF: Peer = "a client that does not read";
    let line = whole::message();
    // More than the kernel's buffers hold for it.
    let much = (0..100).flat_map(|_| told(&line, &[A])).collect();
    let narrow = [vec![Step::ConnectNarrow(DEAF)], says(DEAF, &format!("你好, says {DEAF}"))];
    let rest = Step::ExpectRest(DEAF, whole::MESSAGES);
    Check {
        name: "does-not-read",
        says: t(
            "a client that does not read holds nobody up, and is sent no part of a message in place of it",
            "不读取的客户端不会挡住别人，发给它的也不会是半条消息",
        ),
        why: t(
            "Its kernel's buffer fills, then ours, and then send waits, and with it whoever sends to all. A queue with a limit for each client, and a thread or a task that empties it. A socket that does not block takes a part of a message, and the rest is still to be sent.",
            "先是它的内核缓冲区满了，然后是我们的，然后 send 就等着，负责发给大家的那个线程也跟着等。给每个客户端一个有上限的队列，再用一个线程或任务去清空它。非阻塞的套接字可能只收下半条消息，剩下的还得发。",
        ),
        ideas: &["E1", "F1"],
        steps: [
            narrow.concat(),
            begins(A),
            much,
            says(A, "still here"),
            // Now it reads, and there is room again for a message behind one that was cut.
            vec![rest.clone()],
            told(&line, &[A]),
            vec![rest],
        ]
        .concat(),
    }
}

fn client() -> Vec<Check> {
    let said = |text: &str| told(text, &[S]);
    let own = vec![
        Check {
            name: "word",
            says: t("the word is sent, and ends the client", "结束词要发送，客户端随之结束"),
            why: t(
                "The server shall know that this was the end, and that the connection did not break.",
                "要让服务端知道这是结束，而不是连接断了。",
            ),
            ideas: &["F5", "D13"],
            steps: [
                vec![Step::Accept(S)],
                said("hi"),
                said("bye"),
                vec![Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(Ending::Well)],
            ]
            .concat(),
        },
        Check {
            name: "end-of-input",
            says: t(
                "the end of the input ends the conversation in good order",
                "输入结束，对话也妥善结束",
            ),
            why: t(
                "input() raises EOFError: close the connection, and do not leave a thread behind that goes on receiving.",
                "input() 抛出 EOFError：关闭连接，别留下一个还在接收的线程。",
            ),
            ideas: &["F5", "D13"],
            steps: [
                vec![Step::Accept(S)],
                said("hi"),
                vec![
                    Step::EndInput,
                    Step::ExpectEnd(S),
                    Step::Close(S),
                    Step::ExpectExit(Ending::Well),
                ],
            ]
            .concat(),
        },
        Check {
            name: "gone",
            says: t(
                "a server that leaves ends the client, though its user types nothing",
                "服务端走了，客户端也结束，哪怕用户什么都没输入",
            ),
            why: t(
                "The thread that receives sees it, and the other waits for a line that nobody needs. The tutorial's client asks for two more lines, and dies of BrokenPipe at the second.",
                "接收的线程看到了，另一个却在等一行没人要的输入。教程的客户端会再要两行，发第二行时因 BrokenPipe 而崩溃。",
            ),
            ideas: &["D10", "B5"],
            steps: [
                vec![Step::Accept(S)],
                said("hi"),
                vec![Step::Close(S), Step::ExpectExit(Ending::Anyhow)],
            ]
            .concat(),
        },
    ];
    [vec![comes()], either(S, &vec![Step::Accept(S)]), own].concat()
}
