//! What is no temperature, and what a reply to it has to say.

use common::text::Text;

use crate::bytes::Difference;
use crate::judge::{Part, Wrong, find};
use crate::report::Failure;
use crate::script::{Answer, Check, Step};

use super::super::{A, SILENCE, t};
use super::{PREFIX, asks, refuses};

/// The longest error reply, in bytes.
const LONGEST: usize = 300;

const WANTS: Text = t(
    "a reply that says what is wrong (UTF-8 text of 1 to 300 bytes, with a word such as error, invalid, not, send; without the words before an answer)",
    "说明哪里不对的回答（UTF-8，1 到 300 字节，含“错误”“无效”“请”或 error、invalid、send 之类的词；开头不是正常回答的那几个字）",
);

/// One of these is in whatever says that something is wrong, or what would be right.
const WORDS: [&str; 109] = [
    "err",
    "invalid",
    "not ",
    "n't",
    "no ",
    "non",
    "bad",
    "wrong",
    "cannot",
    "illegal",
    "fail",
    "unknown",
    "only",
    "must",
    "need",
    "expect",
    "send",
    "please",
    "number",
    "numer",
    "temperature",
    "degree",
    "celsius",
    "nan",
    "range",
    "below",
    "above",
    "zero",
    "absolute",
    "unable",
    "refus",
    "reject",
    "what",
    "unparsable",
    "understand",
    "usage",
    "malformed",
    "deny",
    "denied",
    "huh",
    "fehler",
    "kein",
    "zahl",
    "too ",
    "try",
    "again",
    "impossible",
    "overflow",
    "sorry",
    "oops",
    "pars",
    "syntax",
    "digit",
    "decimal",
    "finite",
    "cold",
    "format",
    "problem",
    "exception",
    "could",
    "garbage",
    "nonsense",
    "useless",
    "mistake",
    "weird",
    "support",
    "错",
    "不",
    "无",
    "非",
    "请",
    "失败",
    "未",
    "数字",
    "温度",
    "范围",
    "低于",
    "绝对零度",
    "摄氏",
    "異",
    "エラー",
    "ungültig",
    "inválid",
    "ошиб",
    "числ",
    "有误",
    "问题",
    "格式",
    "看不懂",
    "听不懂",
    "太",
    "小于",
    "大于",
    "异常",
    "乱",
    "怪",
    "抱歉",
    "检查",
    "误",
    "無",
    "請",
    "錯",
    "數字",
    "溫度",
    "重新",
    "重试",
    "重输",
    "超出",
    "超过",
];

/// An error reply to `request`.
pub(super) fn to(request: &[u8]) -> Answer {
    let request = request.to_vec();
    let read = move |reply: &[u8]| match is_one(reply, &request) {
        Ok(()) => Ok(Some(reply.len())),
        Err(wrong) => {
            let difference = Difference { expected: None, came: reply.to_vec(), at: wrong.at };
            let failure = Failure::new(wrong.why);
            Err(if reply.is_empty() { failure } else { failure.at(difference) })
        }
    };
    Answer::Part(Part::new(WANTS.words(), read))
}

/// Whether `reply` tells who sent `request` that it is wrong. What it repeats of that says nothing.
pub(super) fn is_one(reply: &[u8], request: &[u8]) -> Result<(), Wrong> {
    if reply.is_empty() {
        return Err(Wrong::new(0, EMPTY.words()));
    }
    // With whatever colon.
    if reply.starts_with(PREFIX.trim_end_matches(": ").as_bytes()) {
        return Err(Wrong::new(PREFIX.len().min(reply.len()), AS_IF.words()));
    }
    let text = std::str::from_utf8(reply)
        .map_err(|error| Wrong::new(error.valid_up_to(), NOT_UTF8.words()))?;
    if reply.len() > LONGEST {
        return Err(Wrong::new(LONGEST, TOO_LONG.words()));
    }
    let own = match find(reply, request) {
        Some(at) if !request.is_empty() => {
            let (before, after) = reply.split_at(at);
            let after = after.get(request.len()..).unwrap_or_default();
            format!("{} {}", String::from_utf8_lossy(before), String::from_utf8_lossy(after))
        }
        _ => text.to_owned(),
    };
    let own = own.to_lowercase();
    if WORDS.iter().any(|word| own.contains(word)) {
        return Ok(());
    }
    Err(Wrong::new(0, SAYS_NOTHING.words()))
}

const EMPTY: Text =
    t("the reply is empty: it does not say what is wrong", "回答是空的：没有说哪里不对");
const AS_IF: Text =
    t("this is no temperature, and was answered as if it were one", "这不是温度，却当作温度回答了");
const NOT_UTF8: Text = t("the reply is not UTF-8", "回答不是 UTF-8");
const TOO_LONG: Text = t("the reply has more than 300 bytes", "回答超过 300 字节");
const SAYS_NOTHING: Text = t(
    "the reply does not say that anything is wrong: who asked would take it for an answer",
    "回答没有说哪里不对：问的人会把它当成答案",
);

/// What is refused, and that the server goes on.
pub(super) fn checks() -> Vec<Check> {
    [texts(), numbers()].concat()
}

fn texts() -> Vec<Check> {
    vec![
        Check {
            name: "not-a-number",
            says: t(
                "a word gets a reply that says what is wrong, and the server goes on",
                "一个词得到说明哪里不对的回答，服务端照常运行",
            ),
            why: t(
                "Anything may be in a datagram. float() raises ValueError for it: the tutorial's server dies of that, and its client waits for ever. Catch it and answer.",
                "数据报里什么都可能有。float() 为此抛出 ValueError：教程的服务端因此结束，它的客户端永远等下去。捕获它，并给出回答。",
            ),
            ideas: &["D19", "F6"],
            // One reply for each: a second one would be taken for the answer to the next question.
            steps: [refuses(["abc", "温度"]), vec![Step::ExpectSilence(A, SILENCE)]].concat(),
        },
        Check {
            name: "empty",
            says: t("an empty datagram is a request like any other", "空数据报也是一个请求"),
            why: t(
                "Over UDP zero bytes are a message (the user pressed Enter). They are no end of anything: recvfrom returns b'' and the sender waits for a reply.",
                "在 UDP 上零字节也是消息（用户按了回车），并不表示结束：recvfrom 返回 b''，而发送者在等回答。",
            ),
            ideas: &["C4", "C8"],
            steps: refuses(["", "  ", "\n"]),
        },
        Check {
            name: "not-text",
            says: t(
                "bytes that are no text get a reply, and the server goes on",
                "不是文字的字节得到回答，服务端照常运行",
            ),
            why: t(
                "decode() raises UnicodeDecodeError, which is a ValueError. The tutorial's server dies of a single such datagram, which anybody can send.",
                "decode() 抛出 UnicodeDecodeError，它也是一种 ValueError。教程的服务端收到一个这样的数据报就结束，而谁都能发一个。",
            ),
            ideas: &["D12", "D19"],
            steps: refuses([&b"\xff\xfe\x00"[..], b"\xc4\xe3", b"36.6\x00", b"36.6\xff"]),
        },
    ]
}

fn numbers() -> Vec<Check> {
    vec![
        Check {
            name: "almost-numbers",
            says: t(
                "36,6 and 36.6℃ and 0x10 get a reply that says what is wrong",
                "36,6、36.6℃ 和 0x10 得到说明哪里不对的回答",
            ),
            why: t(
                "These are what people type. Each of them ends the tutorial's server.",
                "人们就是这样输入的。每一个都会让教程的服务端结束。",
            ),
            ideas: &["D19", "F6"],
            steps: refuses(["36,6", "36.6℃", "0x10", "36.6 37", "0b1"]),
        },
        Check {
            name: "half-a-number",
            says: t("a number with something behind it is none", "后面跟着别的东西的数不是数"),
            why: t(
                "atof and parseFloat read as much as they like and pass over the rest; Java takes 36.6f, and C 0x1p3. A wrong question must not get an answer to another one.",
                "atof 和 parseFloat 能读多少读多少，其余的略过；Java 接受 36.6f，C 接受 0x1p3。问错的问题，不能得到另一个问题的答案。",
            ),
            ideas: &["D19", "F6"],
            steps: refuses([
                "36.6abc", "36.6f", "36.6d", "1e", "3-4", "36.6.6", "--5", ".", "0x1p3",
            ]),
        },
        Check {
            name: "no-temperatures",
            says: t("nan, inf and 1e400 are no temperatures", "nan、inf 和 1e400 不是温度"),
            why: t(
                "float() in Python takes nan, inf and Infinity, and makes inf of 1e400. Test with math.isfinite. The tutorial's server answers `nan`.",
                "Python 的 float() 接受 nan、inf 和 Infinity，并把 1e400 变成 inf。用 math.isfinite 检验。教程的服务端会回答 `nan`。",
            ),
            ideas: &["F6"],
            steps: refuses(["nan", "NaN", "inf", "-inf", "Infinity", "1e400", "1e308"]),
        },
        Check {
            name: "digits-only",
            says: t("1_0 and full-width digits are no numbers here", "1_0 和全角数字在这里不是数"),
            why: t(
                "float() in Python takes both, for it reads program text and every script's digits; other languages do not. A protocol is what all read alike: look at the text before you call float().",
                "Python 的 float() 两者都接受，因为它读程序文本，也认各种文字的数字；别的语言不认。协议要让大家读法一致：调用 float() 之前先看看文字。",
            ),
            ideas: &["A2", "F6"],
            steps: refuses(["1_0", "３６．６", "３６", "٣٦"]),
        },
        Check {
            name: "absolute-zero",
            says: t("nothing is colder than -273.15 degrees", "没有什么比 -273.15 度更冷"),
            why: t(
                "A number is not yet a temperature. The tutorial's server answers -273.16 with degrees that do not exist.",
                "是数还不一定是温度。教程的服务端会给 -273.16 回答一个不存在的度数。",
            ),
            ideas: &["F6"],
            steps: [
                refuses(["-273.16", "-1000", "-1e400"]),
                asks(super::super::B, "-273.15", "-459.67").into(),
            ]
            .concat(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_that_says_what_is_wrong_may_say_it_in_many_words() {
        for reply in [
            "error: not a decimal number: send degrees Celsius such as 36.6, -40 or 1e3",
            "Error",
            "ERR",
            "invalid input",
            "'abc' is not a number",
            "could not convert string to float: 'abc'",
            "That's no temperature.",
            "请输入数字",
            "错误：输入无效",
            "Keine Zahl!",
            "bad number",
            "不是数字",
            "输入有误",
            "格式有问题，请重新输入",
            "看不懂",
            "这也太冷了",
            "ValueError",
            "Too cold!",
            "Try again",
            "Impossible.",
            "解析出现异常",
            "ERROR_PARSE",
            "抱歉",
            "數字格式錯誤",
            "syntax",
            "oops",
        ] {
            assert_eq!(is_one(reply.as_bytes(), b"abc"), Ok(()), "{reply}");
        }
    }

    #[test]
    fn a_reply_that_says_nothing_is_wrong_however_long_it_is() {
        for reply in [
            "",
            "好",
            "ok",
            "97.88",
            "abc",
            "Hello, abc!",
            "服务端已收到消息!",
            "收到",
            "abc -> 0",
            "32.0",
            "转换为华氏温度为：32.0",
            "converted abc to 0",
            "abc accepted",
            "received abc",
            "?",
            "你说的是 abc",
        ] {
            assert!(is_one(reply.as_bytes(), b"abc").is_err(), "{reply}");
        }
        assert!(is_one(format!("{PREFIX}1.0").as_bytes(), b"abc").is_err());
        assert!(is_one("Hello, not a number!".as_bytes(), b"not a number").is_err());
        assert!(is_one(&[b'e'; 301], b"abc").is_err());
    }
}
