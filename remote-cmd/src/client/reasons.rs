//! Why a server did not do what it was asked, in the user's language.
//!
//! Over the wire it comes in English, whatever either side speaks. `{}` stands for what is
//! different each time.

use common::text::{Lang, Text, lang};

const fn says(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// What servers of this workspace say. Of two that fit the first is taken.
const REASONS: &[Text] = &[
    says(
        "the command was killed after {} s, the server's --run-timeout",
        "命令运行了 {} 秒，到了服务端的 --run-timeout，被终止",
    ),
    says(
        "the command was killed after {} bytes of output, the server's --max-output",
        "命令打印了 {} 字节，到了服务端的 --max-output，被终止",
    ),
    says("{} is not allowed here; allowed (--allow): {}", "这里不允许 {}；允许的有（--allow）：{}"),
    says("the command is no UTF-8 text", "命令不是 UTF-8 文本"),
    says("the command contains a NUL byte", "命令里有 NUL 字节"),
    says("a quotation mark has no partner", "有一个引号没有配对"),
    says("a command of {} bytes or more is too long", "命令太长：要少于 {} 字节"),
    says(
        "the server cannot run the command: {}; end another command, or allow the server more (ulimit -n)",
        "服务端无法运行这条命令：{}；先结束别的命令，或者让服务端能打开更多文件（ulimit -n）",
    ),
    says(
        "the server cannot run the command: {}; end another command, or allow the server more processes (ulimit -u)",
        "服务端无法运行这条命令：{}；先结束别的命令，或者让服务端能有更多进程（ulimit -u）",
    ),
    says("the server cannot run the command: {}", "服务端无法运行这条命令：{}"),
    says(
        "cannot run commands in {}: {}; `cd` leads elsewhere",
        "无法在 {} 里运行命令：{}；用 `cd` 换到别处",
    ),
    says(
        "this server does not speak the framing stream; start both with the same --framing",
        "这个服务端用的不是 stream 分帧；启动双方时请用同样的 --framing",
    ),
    says(
        "the server has as many clients as it takes (--max-clients)",
        "服务端的客户端数已到上限（--max-clients）",
    ),
    says(
        "the server has ended the session: nothing was asked for too long (its --idle-timeout)",
        "服务端结束了会话：太久没有命令（它的 --idle-timeout）",
    ),
    says("the server has ended the session: {}", "服务端结束了会话：{}"),
    says(
        "this server speaks the framing stream (remote-cmd-client without --framing)",
        "这个服务端用的是 stream 分帧（remote-cmd-client 不加 --framing）",
    ),
    says(
        "the server has too many open files, try again later",
        "服务端打开的文件太多，请过一会儿再试",
    ),
];

/// What stands in their braces, where that is words.
const CAUSES: &[Text] = &[
    says("it is gone", "它已经不在了"),
    says("a thread of the server has panicked", "服务端的一个线程崩溃了"),
    says("argument list too long", "参数太长"),
    says("cannot allocate memory", "内存不够"),
    says("exec format error", "不是能运行的程序"),
    says("no such file or directory", "没有这个文件或目录"),
    says("not a directory", "这不是目录"),
    says("permission denied", "权限不够"),
    says("resource temporarily unavailable", "资源暂时不可用"),
    says("too many open files", "打开的文件太多"),
];

/// What the server `said`, in the language that this program speaks; what is not known is said as
/// it came.
pub(crate) fn reason(said: &str) -> String {
    let known = REASONS.iter().find_map(|reason| Some((reason, captured(reason.en, said)?)));
    match (lang(), known) {
        (Lang::Zh, Some((reason, captures))) => filled(reason.zh, &captures),
        _ => said.to_owned(),
    }
}

/// What stands in `said` where the braces of the pattern are; `None` if all else is not the same.
fn captured<'a>(pattern: &str, said: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split("{}").peekable();
    let mut rest = said.strip_prefix(pieces.next()?)?;
    let mut captures = Vec::new();
    while let Some(piece) = pieces.next() {
        let (capture, behind) = match pieces.peek() {
            Some(_) => rest.split_once(piece)?,
            None => (rest.strip_suffix(piece)?, ""),
        };
        captures.push(capture);
        rest = behind;
    }
    rest.is_empty().then_some(captures)
}

/// The words, with these in their braces.
fn filled(words: &str, captures: &[&str]) -> String {
    let mut captures = captures.iter().map(|capture| {
        let known = CAUSES.iter().find(|cause| cause.en == *capture);
        known.map_or(*capture, |cause| cause.zh)
    });
    let mut pieces = words.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text += captures.next().unwrap_or_default();
        text += piece;
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::text::speaking;
    use remote_cmd::command_end::CommandEnd;

    use super::*;

    #[test]
    fn the_servers_reasons_are_told_in_the_users_language() {
        let limits = [
            CommandEnd::TimeLimit(Duration::from_millis(1500)).to_string(),
            CommandEnd::OutputLimit(1000).to_string(),
        ];
        let others = REASONS.iter().map(|reason| reason.en.replace("{}", "x"));
        for said in limits.into_iter().chain(others) {
            assert_eq!(speaking(Lang::En, || reason(&said)), said);
            assert!(!speaking(Lang::Zh, || reason(&said)).is_ascii(), "{said}");
        }
        let in_chinese = |said: &str| speaking(Lang::Zh, || reason(said));
        assert_eq!(in_chinese("the moon is full"), "the moon is full");
        assert_eq!(
            in_chinese("\"id\" is not allowed here; allowed (--allow): echo"),
            "这里不允许 \"id\"；允许的有（--allow）：echo"
        );
        assert_eq!(
            in_chinese("cannot run commands in /a: it is gone; `cd` leads elsewhere"),
            "无法在 /a 里运行命令：它已经不在了；用 `cd` 换到别处"
        );
        assert_eq!(
            in_chinese("the server cannot run the command: permission denied"),
            "服务端无法运行这条命令：权限不够"
        );
    }

    #[test]
    fn what_the_server_refuses_with_is_known() {
        let sources = [
            include_str!("../server/main.rs"),
            include_str!("../server/handshake.rs"),
            include_str!("../sniff.rs"),
        ];
        let mut known = 0;
        for said in sources.iter().flat_map(|source| source.split("error: ").skip(1)) {
            let Some((said, _)) = said.split_once("\\n\"") else { continue };
            assert!(!speaking(Lang::Zh, || reason(said)).is_ascii(), "{said}");
            known += 1;
        }
        assert!(known >= 5, "only {known} are found");
    }

    #[test]
    fn both_languages_have_the_same_braces() {
        let count = |words: &str| words.matches("{}").count();
        for Text { en, zh } in REASONS {
            assert_eq!(count(en), count(zh), "{zh}");
        }
    }
}
