//! A number of the code that a document tells is told as the code has it, in both languages.

use std::fs;
use std::path::Path;

/// A number that a document tells.
struct Told {
    /// The document without its ending: `tcp-echo/README`.
    document: &'static str,
    /// The words with the number, in English and in Chinese. Where a line ends does not matter.
    words: [&'static str; 2],
    /// The file that has the number, and the line there.
    code: [&'static str; 2],
}

const fn told(
    document: &'static str,
    english: &'static str,
    chinese: &'static str,
    file: &'static str,
    line: &'static str,
) -> Told {
    Told { document, words: [english, chinese], code: [file, line] }
}

const TOLD: &[Told] = &[
    told(
        "README",
        "each is answered 408 after 10 s",
        "10 s 后每个都得到 408",
        "http-fetch/src/server/time_limits.rs",
        "request: Duration::from_secs(10),",
    ),
    // What is limited everywhere.
    told(
        "tcp-echo/README",
        "Here it is 4,096; `--max-clients` limits",
        "这里是 4,096。",
        "common/src/socket/listener.rs",
        "pub const BACKLOG: i32 = 4096;",
    ),
    told(
        "tcp-echo/README",
        "two seconds for those who are there",
        "还在的给两秒",
        "common/src/server/shutdown.rs",
        "pub const GRACE: Duration = Duration::from_secs(2);",
    ),
    told(
        "tcp-echo/README",
        "The buffer is 64 KiB; and where",
        "缓冲区 64 KiB；就算",
        "tcp-echo/src/server/args.rs",
        "default_value = \"65536\"",
    ),
    told(
        "tcp-echo/README",
        "waits 10 seconds and no longer",
        "都只等 10 秒",
        "tcp-echo/examples/9-client-with-a-time-limit.rs",
        "const LIMIT: Duration = Duration::from_secs(10);",
    ),
    told(
        "tcp-chat/README",
        "acknowledges nothing for 75 seconds",
        "75 秒什么都不确认",
        "common/src/socket/keepalive.rs",
        "const UNACKNOWLEDGED_LIMIT: Duration = Duration::from_secs(75);",
    ),
    told(
        "tcp-chat/README",
        "They leave 150 ms between two messages",
        "两条消息之间停 150 毫秒",
        "tcp-chat/src/both_sides/pace.rs",
        "const PAUSE: Duration = Duration::from_millis(150);",
    ),
    told(
        "tcp-chat/README",
        "less from the twentieth line of a file on",
        "整个文件从第二十行起停得短些",
        "tcp-chat/src/both_sides/pace.rs",
        "const PASTED_LINES: u32 = 20;",
    ),
    told(
        "tcp-chat/README",
        "after a second, what stands before that character is shown",
        "过了一秒，先显示它前面的部分",
        "tcp-chat/src/both_sides/mod.rs",
        "const REST_OF_CHARACTER: Duration = Duration::from_secs(1);",
    ),
    told(
        "tcp-chat/README",
        "fills its queue (1 MiB)",
        "谁的队列满（1 MiB）",
        "tcp-chat/src/server/broadcast.rs",
        "const CAPACITY: usize = 1 << 20;",
    ),
    told(
        "tcp-chat/README",
        "A line of more than 4,096 bytes is refused",
        "超过 4,096 字节的一行整行不要",
        "tcp-chat/src/room.rs",
        "pub const MAX_LINE: usize = 4096;",
    ),
    // 256 KiB are four of 64.
    told(
        "tcp-chat/README",
        "Its queue is bounded (256 KiB,",
        "他的队列有上限（256 KiB，",
        "tcp-chat/src/server/room.rs",
        "const CAPACITY: usize = 4 * BATCH;",
    ),
    told(
        "tcp-chat/README",
        "Its queue is bounded (256 KiB,",
        "他的队列有上限（256 KiB，",
        "tcp-chat/src/server/hub/hand_out.rs",
        "pub(crate) const BATCH: usize = 64 * 1024;",
    ),
    told(
        "tcp-chat/README",
        "only once, for a quarter of a second;",
        "只等一次，四分之一秒；",
        "tcp-chat/src/server/outbox.rs",
        "const STALLED_AFTER: Duration = Duration::from_millis(250);",
    ),
    told(
        "tcp-chat/README",
        "at most 200 lines a second from each member",
        "每个成员每秒最多 200 行",
        "tcp-chat/src/server/flood_control.rs",
        "const MOST: usize = 200;",
    ),
    told(
        "tcp-chat/README",
        "after 1, 2, 4 … seconds, up to a minute",
        "隔 1、2、4……秒再连，最长一分钟",
        "tcp-chat/src/client/pauses.rs",
        "const FIRST: Duration = Duration::from_secs(1);",
    ),
    told(
        "tcp-chat/README",
        "after 1, 2, 4 … seconds, up to a minute",
        "隔 1、2、4……秒再连，最长一分钟",
        "tcp-chat/src/client/pauses.rs",
        "pub(crate) const LONGEST: Duration = Duration::from_secs(60);",
    ),
    told(
        "udp-echo/README",
        "is cut to 65,507 bytes",
        "问候截到 65,507 字节",
        "udp-echo/src/lib.rs",
        "pub const MAX_DATAGRAM: usize = 65_507;",
    ),
    told(
        "udp-echo/README",
        "It waited (`--timeout`, 1 s), asked again",
        "它等（`--timeout`，1 秒），再问",
        "common/src/cli/mod.rs",
        "long = \"timeout\", value_name = \"SECONDS\", default_value = \"1\"",
    ),
    told(
        "udp-echo/README",
        "(`--retries`, three times more)",
        "（`--retries`，最多再问三次）",
        "common/src/cli/mod.rs",
        "long, value_name = \"N\", default_value = \"3\"",
    ),
    told(
        "udp-temp/README",
        "(1 s), three times more (`--retries`)",
        "最多再试三次（`--retries`）",
        "common/src/cli/mod.rs",
        "long, value_name = \"N\", default_value = \"3\"",
    ),
    told(
        "udp-temp/README",
        "send degrees Celsius from -273.15 up",
        "send degrees Celsius from -273.15 up",
        "udp-temp/src/lib.rs",
        "pub const ABSOLUTE_ZERO: f64 = -273.15;",
    ),
    told(
        "remote-cmd/README",
        "Hello and handshake may take 10 seconds",
        "问候和握手限时 10 秒",
        "remote-cmd/src/server/handshake.rs",
        "const TIME_LIMIT: Duration = Duration::from_secs(10);",
    ),
    told(
        "remote-cmd/README",
        "64 clients may be in them at once",
        "同时最多 64 个客户端",
        "remote-cmd/src/server/handshake.rs",
        "const MAX_AT_ONCE: usize = 64;",
    ),
    told(
        "remote-cmd/README",
        "A wrong key gets its answer after a second",
        "密钥不对，一秒以后才有回答",
        "remote-cmd/src/server/handshake.rs",
        "const WRONG_KEY_DELAY: Duration = Duration::from_secs(1);",
    ),
    told(
        "remote-cmd/README",
        "A command has 60 seconds and 16 MiB unless",
        "命令有 60 秒和 16 MiB，",
        "remote-cmd/src/server/options.rs",
        "const TUTORIAL_TIME: Duration = Duration::from_secs(60);",
    ),
    told(
        "remote-cmd/README",
        "A command has 60 seconds and 16 MiB unless",
        "命令有 60 秒和 16 MiB，",
        "remote-cmd/src/server/options.rs",
        "const TUTORIAL_OUTPUT: u64 = 16 << 20;",
    ),
    told(
        "remote-cmd/README",
        "compares the number with 32 MiB",
        "先和 32 MiB 比较",
        "remote-cmd/src/command_end.rs",
        "pub const MAX_ANSWER: usize = 32 << 20;",
    ),
    told(
        "remote-cmd/README",
        "This one receives 65,536, refuses",
        "这里收 65536 字节，填满了就拒绝",
        "remote-cmd/src/lib.rs",
        "pub const MAX_COMMAND: usize = 65_536;",
    ),
    told(
        "remote-cmd/README",
        "does not send more than 1,024 bytes",
        "客户端最多发 1024 字节",
        "remote-cmd/src/lib.rs",
        "pub const MAX_TUTORIAL_COMMAND: usize = 1024;",
    ),
    told(
        "remote-cmd/README",
        "up to 65,536 bytes of output",
        "最多 65536 字节的输出",
        "remote-cmd/src/stream.rs",
        "pub const MAX_OUTPUT: usize = 64 * 1024;",
    ),
    told(
        "remote-cmd/README",
        "may have 256 KiB on their way",
        "最多让 256 KiB 在路上",
        "remote-cmd/src/stream.rs",
        "pub const INPUT_WINDOW: usize = 256 * 1024;",
    ),
    told(
        "remote-cmd/README",
        "what is still there two seconds later is killed",
        "两秒以后还在的才杀掉",
        "remote-cmd/src/server/ending.rs",
        "pub(crate) const GRACE: Duration = Duration::from_secs(2);",
    ),
    told(
        "http-fetch/README",
        "up to `--max-redirects` (10)",
        "最多 `--max-redirects` 次（10）",
        "http-fetch/src/client/options.rs",
        "long, value_name = \"N\", default_value = \"10\"",
    ),
    told(
        "http-fetch/README",
        "one buffer of 1 MiB, and",
        "一个 1 MiB 的缓冲区",
        "http-fetch/src/client/connection.rs",
        "const READ_SIZE: usize = 1024 * 1024;",
    ),
    told(
        "http-fetch/README",
        "| `--idle-timeout`, 10 s |",
        "| `--idle-timeout`，10 秒 |",
        "http-fetch/src/server/time_limits.rs",
        "idle: Duration::from_secs(10),",
    ),
    told(
        "http-fetch/README",
        "| drips its head | 10 s for all of it | 408 |",
        "| 整个请求头 10 秒 | 408 |",
        "http-fetch/src/server/time_limits.rs",
        "request: Duration::from_secs(10),",
    ),
    told(
        "http-fetch/README",
        "60 s for each 40 KiB",
        "每 40 KiB 60 秒",
        "http-fetch/src/server/time_limits.rs",
        "reader: Duration::from_secs(60),",
    ),
    told(
        "http-fetch/README",
        "60 s for each 40 KiB",
        "每 40 KiB 60 秒",
        "http-fetch/src/server/connection.rs",
        "const ENOUGH: u64 = 40 * 1024;",
    ),
    told(
        "http-fetch/README",
        "| 16 answers |",
        "| 16 个响应 |",
        "http-fetch/src/server/main.rs",
        "const ANSWERS_PER_TURN: u32 = 16;",
    ),
    told(
        "http-fetch/README",
        "thrown away for up to two seconds",
        "读掉扔掉，最多两秒",
        "http-fetch/src/server/connection.rs",
        "const LINGERING_CLOSE: Duration = Duration::from_secs(2);",
    ),
    told(
        "http-fetch/README",
        "a text of more than 2 MiB is not read for that",
        "超过 2 MiB 的不去通读",
        "http-fetch/src/server/site.rs",
        "const LONGEST_LOOK: u64 = 2 * 1024 * 1024;",
    ),
];

#[test]
fn a_number_of_the_code_is_told_as_the_code_has_it() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let read = |path: &str| {
        fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
    let mut wrong = Vec::new();
    for Told { document, words, code: [file, line] } in TOLD {
        if !read(file).contains(line) {
            wrong.push(format!("{file} has no `{line}`, and {document} says “{}”", words[0]));
        }
        for (words, ending) in words.iter().zip(["md", "zh-CN.md"]) {
            let document = format!("{document}.{ending}");
            if !without_blanks(&read(&document)).contains(&without_blanks(words)) {
                wrong.push(format!("{document} does not say “{words}”, and {file} has `{line}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
