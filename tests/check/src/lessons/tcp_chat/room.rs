//! Many members with names, in lines of text: what the room must do.

use crate::script::{Answer, Check, Peer, Step};

use super::super::hints::COMMON;
use super::super::{A, B, C, Steps, Suite, X, closes, listens, outlives, pieces, send, t};
use super::room_lines::{
    Lines, hears, hears_many, hears_next, hears_something, hears_the_room, hears_the_same,
    hears_without, notice,
};
use super::{room_hints, whole};

mod names;

pub(in crate::lessons) const ROOM: Suite = Suite {
    variant: "room",
    option: "mode",
    checks: server,
    hints: &[room_hints::SERVER, COMMON],
    ..super::BYE
};

/// Comes in under a name.
fn joins(who: Peer, name: &str) -> Steps {
    vec![Step::Connect(who), send(who, format!("/nick {name}\n")), notice(who, name)]
}

fn says(who: Peer, text: &str) -> Step {
    send(who, format!("{text}\n"))
}

fn begins(who: Peer) -> Steps {
    let name = who.replace(' ', "-");
    [joins(who, &name), vec![says(who, "你好"), hears(who, format!("{name}: 你好"))]].concat()
}

fn both() -> Steps {
    [joins(A, "小明"), joins(B, "小红")].concat()
}

/// Both have heard all that there was to hear.
fn up_to_now() -> Steps {
    vec![says(B, "now"), hears(A, "小红: now"), hears(B, "小红: now")]
}

fn server() -> Vec<Check> {
    let own = [vec![listens()], talk(), lines(), names::checks(), limits()].concat();
    own.into_iter().chain(outlives(&begins, &begins, &closes, b"/nick gone\n")).collect()
}

fn talk() -> Vec<Check> {
    vec![
        Check {
            name: "welcome",
            says: t("a member has a name at once, and is told", "成员一来就有名字，并被告知"),
            why: t(
                "Nobody has to say who it is before it may listen: guest-1, guest-2 and so on are names.",
                "不必先说自己是谁才能旁听：guest-1、guest-2 等等就是名字。",
            ),
            ideas: &["B10"],
            steps: vec![Step::Connect(A), notice(A, "guest-")],
        },
        Check {
            name: "said",
            says: t(
                "what a member says comes to all with its name before it, to the speaker, too",
                "成员说的话带着名字发给所有人，也包括说话的人",
            ),
            why: t(
                "A connection has two ends: a chat for many is a server that copies. Who speaks hears itself in its place among the others, so all see one conversation. A member takes a name by `/nick NAME`, and a line `* …` with that name in it says that it has it.",
                "一个连接只有两端：多人聊天要靠一个负责复制转发的服务端。说话的人也在众人的话中间听到自己的话，于是大家看到的是同一场对话。成员用 `/nick 名字` 给自己起名，一行带着这个名字的 `* …` 说明起好了。",
            ),
            ideas: &["B13", "F5"],
            steps: [
                both(),
                vec![says(A, "你好"), hears(A, "小明: 你好"), hears(B, "小明: 你好")],
                vec![says(B, " two  words"), hears(A, "小红:  two  words")],
                vec![hears(B, "小红:  two  words")],
            ]
            .concat(),
        },
        Check {
            name: "renamed",
            says: t("all are told who takes another name", "有人改名，大家都被告知"),
            why: t(
                "Who does not hear of it takes the new name for somebody else.",
                "没听说的人，会把新名字当成另一个人。",
            ),
            ideas: &["B13"],
            steps: [both(), up_to_now(), vec![says(B, "/nick 小刚"), notice(A, "小刚")]].concat(),
        },
        Check {
            name: "come-and-go",
            says: t("the room tells who comes and who leaves", "谁来了、谁走了，聊天室都会说"),
            why: t(
                "What the room itself says begins with `* `, which nobody's words do, for a name stands before them.",
                "聊天室自己的话以 `* ` 开头，别人的话都不会，因为前面有名字。",
            ),
            ideas: &["D10"],
            steps: [
                joins(A, "小明"),
                vec![says(A, "one"), hears(A, "小明: one")],
                // It has said nothing yet: that it is there is news enough.
                vec![Step::Connect(B), hears_the_room(A)],
                vec![says(A, "two"), hears(A, "小明: two")],
                vec![notice(B, "guest-"), Step::Close(B), hears_the_room(A)],
                // Who vanishes has left as well.
                vec![Step::Connect(C), hears_the_room(A), notice(C, "guest-")],
                vec![Step::Reset(C), hears_the_room(A)],
            ]
            .concat(),
        },
        order(),
    ]
}

fn order() -> Check {
    const EACH: usize = 30;
    let kept = Lines::default();
    let all = (0..EACH).flat_map(|n| [says(A, &format!("a{n}")), says(B, &format!("b{n}"))]);
    Check {
        name: "order",
        says: t("all hear everything in the same order", "所有人听到的顺序相同"),
        why: t(
            "An answer that comes before its question makes two conversations of one. One lock, or one thread, decides the order for all, the speaker among them.",
            "答在问之前，一场对话就成了两场。由一把锁或一个线程为所有人定下顺序，包括说话的人自己。",
        ),
        ideas: &["F5", "B13"],
        steps: [
            both(),
            up_to_now(),
            all.collect(),
            vec![hears_many(A, 2 * EACH, &kept), hears_the_same(B, 2 * EACH, &kept)],
        ]
        .concat(),
    }
}

fn lines() -> Vec<Check> {
    vec![
        Check {
            name: "byte-by-byte",
            says: t("a line that comes byte by byte is one line", "一个字节一个字节来的行仍是一行"),
            why: t(
                "A message ends at its newline, wherever recv cuts. Keep what has no newline yet.",
                "不管 recv 切在哪里，消息到换行为止。还没有换行的先留着。",
            ),
            ideas: &["B9", "E4"],
            steps: [both(), vec![pieces(A, "你好\n".as_bytes().chunks(1)), hears(B, "小明: 你好")]]
                .concat(),
        },
        Check {
            name: "three-in-one",
            says: t(
                "three lines in one segment are three messages",
                "一个报文段里的三行是三条消息",
            ),
            why: t(
                "recv brings what has arrived. Split at the newlines: that is what they are for.",
                "recv 返回的是已经到达的东西。在换行处分开：换行就是干这个的。",
            ),
            ideas: &["B9", "E2"],
            steps: [
                both(),
                vec![send(A, "one\ntwo\nthree\n")],
                ["小明: one", "小明: two", "小明: three"].map(|line| hears(B, line)).into(),
            ]
            .concat(),
        },
        Check {
            name: "telnet",
            says: t(
                "a line may end with a carriage return and a newline",
                "行也可以以回车加换行结束",
            ),
            why: t(
                "telnet and the programs of Windows end their lines so. Left in, the return moves the readers' cursor to the beginning of the line.",
                "telnet 和 Windows 的程序就这样结束一行。回车留在里面，会把读者的光标移到行首。",
            ),
            ideas: &["B9", "A2"],
            steps: [both(), vec![send(A, "hi\r\n"), hears(B, "小明: hi")]].concat(),
        },
        Check {
            name: "empty-line",
            says: t("an empty line says nothing", "空行什么也没说"),
            why: t(
                "Somebody pressed Enter. Nobody wants to read a name with nothing behind it.",
                "有人按了回车。谁也不想看一个后面什么都没有的名字。",
            ),
            ideas: &["B9"],
            steps: [both(), vec![send(A, "\n\r\n"), says(A, "text"), hears(B, "小明: text")]]
                .concat(),
        },
        Check {
            name: "not-text",
            says: t(
                "bytes that are no text do not end the conversation",
                "不是文字的字节不会结束对话",
            ),
            why: t(
                "decode() raises UnicodeDecodeError, and in the thread of one member that is the end of it.",
                "decode() 抛出 UnicodeDecodeError，这位成员的线程就此结束。",
            ),
            ideas: &["D12", "D19"],
            steps: [
                joins(A, "小明"),
                vec![send(A, b"\xff\xfe\n"), hears_something(A)],
                joins(B, "小红"),
                vec![says(A, "still here"), hears(B, "小明: still here")],
            ]
            .concat(),
        },
        Check {
            name: "slash",
            says: t(
                "two slashes say one, and an unknown command is told to nobody else",
                "两个斜杠说出一个斜杠，不认识的命令不会告诉别人",
            ),
            why: t(
                "A command is for the room alone. There has to be a way to say a line that looks like one.",
                "命令只是给聊天室的。总得有办法说出一行看起来像命令的话。",
            ),
            ideas: &["A2"],
            steps: [
                both(),
                up_to_now(),
                vec![says(A, "/dance"), says(A, "//sing"), hears_next(B, "小明: /sing")],
                vec![hears(A, "小明: /sing")],
            ]
            .concat(),
        },
        Check {
            name: "help",
            says: t("/help is answered, to who asked alone", "/help 有回答，只给问的人"),
            why: t(
                "Who sits at nc has no other place to look. The others did not ask.",
                "用 nc 的人没有别处可查。别人可没有问。",
            ),
            ideas: &["A2", "B13"],
            steps: [
                both(),
                up_to_now(),
                vec![says(A, "/help"), hears_the_room(A)],
                vec![says(A, "thanks"), hears_next(B, "小明: thanks")],
            ]
            .concat(),
        },
        Check {
            name: "quit",
            says: t("/quit ends the connection", "/quit 结束连接"),
            why: t("Who sits at nc has no other word for it.", "用 nc 的人没有别的词可用。"),
            ideas: &["D13"],
            steps: [joins(A, "小明"), vec![says(A, "/quit"), Step::ExpectEnd(A)]].concat(),
        },
    ]
}

fn limits() -> Vec<Check> {
    let long = "x".repeat(5000);
    vec![
        Check {
            name: "long",
            says: t(
                "a line of more than 4096 bytes is left out as a whole",
                "超过 4096 字节的行整行略去",
            ),
            why: t(
                "Who waits for a newline has to know when to stop waiting, or one member fills the memory. A part of a line is something that nobody said.",
                "等换行的一方得知道等到什么时候为止，否则一位成员就能占满内存。而半行是谁也没说过的话。",
            ),
            ideas: &["E4", "E3"],
            steps: [both(), vec![says(A, &long), says(A, "next"), hears(B, "小明: next")]].concat(),
        },
        Check {
            name: "web-page",
            says: t("a web page does not speak in the room", "网页不能在聊天室里说话"),
            why: t(
                "A page can have its reader's browser send any lines to 127.0.0.1, in the reader's name. What begins like a request of HTTP is no member: close.",
                "网页可以让访问者的浏览器以访问者的名义向 127.0.0.1 发送任意的行。开头像 HTTP 请求的不是成员：关闭。",
            ),
            ideas: &["A2", "D19"],
            steps: [
                joins(A, "小明"),
                vec![
                    Step::Connect(X),
                    send(X, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n/nick root\nowned\n"),
                    Step::HalfClose(X),
                    Step::Expect(X, Answer::UntilGone(Vec::new())),
                    says(A, "after"),
                    hears_without(A, "小明: after", "owned"),
                    Step::Close(X),
                    Step::Connect(X),
                    send(X, "GET /owned HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
                    Step::HalfClose(X),
                    Step::Expect(X, Answer::UntilGone(Vec::new())),
                    says(A, "and after"),
                    hears_without(A, "小明: and after", "owned"),
                ],
            ]
            .concat(),
        },
        does_not_read(),
    ]
}

fn does_not_read() -> Check {
    const DEAF: Peer = "a member that does not read";
    let page = format!("{}\n", "x".repeat(4000)).repeat(50);
    // Made once: each is told in words as well.
    let hears_one = hears(A, format!("小明: {}", "x".repeat(4000)));
    let mut much: Steps = [vec![Step::ConnectNarrow(DEAF)], joins(A, "小明")].concat();
    // More than the kernel's buffers hold for it, and a queue of a thousand lines.
    for _ in 0..30 {
        much.push(send(A, &page));
        much.extend(std::iter::repeat_n(hears_one.clone(), 50));
    }
    // Now it reads, and there is room again for a line behind one that was cut.
    let again = send(A, format!("{}\n", "x".repeat(4000)));
    let rest = Step::ExpectRest(DEAF, whole::LINES);
    much.extend([rest.clone(), again, hears_one, rest]);
    Check {
        name: "does-not-read",
        says: t(
            "a member that does not read holds nobody up, and is sent no part of a line in place of the line",
            "不读取的成员不会挡住别人，发给它的也不会是半行",
        ),
        why: t(
            "Its kernel's buffer fills, then ours, and then send waits: under a lock, or in the only thread, all wait with it. A queue with a limit for each member, and a thread or a task that empties it. A socket that does not block takes a part of a line, and the rest is still to be sent.",
            "先是它的内核缓冲区满了，然后是我们的，然后 send 就等着：拿着锁等，或者在唯一的线程里等，大家就都跟着等。给每个成员一个有上限的队列，再用一个线程或任务去清空它。非阻塞的套接字可能只收下半行，剩下的还得发。",
        ),
        ideas: &["E1", "F1"],
        steps: much,
    }
}
