//! Who is who: names are promises.

use super::{
    A, B, C, Check, Step, Steps, X, both, hears, hears_next, hears_something, joins, notice, says,
    t, up_to_now,
};
use crate::lessons::tcp_chat::room_lines::{hears_different, hears_harmless, hears_who};

/// The second member asks for these names, and has its own still.
fn refused(names: &[&str]) -> Steps {
    [
        both(),
        names.iter().map(|name| says(B, &format!("/nick {name}"))).collect(),
        vec![says(B, "/nick"), says(B, "hi"), hears(A, "小红: hi")],
    ]
    .concat()
}

pub(super) fn checks() -> Vec<Check> {
    [asked_for(), refusals()].concat()
}

/// A member takes the name that the room would give to a guest who comes: to the first, or to the
/// next where the room counts from nought.
fn guests() -> Steps {
    [
        vec![says(B, "/nick guest-3"), says(B, "up to now"), hears_something(A)],
        vec![Step::Connect(C), notice(C, "guest-"), Step::Connect(X), notice(X, "guest-")],
        [B, C, X].map(|who| says(who, "it is me")).into(),
        vec![hears_different(A, 3)],
    ]
    .concat()
}

fn asked_for() -> Vec<Check> {
    let leaves = [joins(C, "小刚"), vec![notice(A, "小刚"), Step::Close(C), notice(A, "小刚")]];
    vec![
        Check {
            name: "who",
            says: t(
                "/who names those who are there and nobody who has left, and only who asked is told",
                "/who 点出在场的人，不点已经离开的，而且只告诉问的人",
            ),
            why: t(
                "An answer goes to who asked. Who has left must be forgotten, or its name is taken for ever.",
                "谁问就答谁。离开的人要忘掉，否则它的名字永远被占着。",
            ),
            ideas: &["B13"],
            steps: [
                both(),
                leaves.concat(),
                up_to_now(),
                vec![says(A, "/who"), says(A, "done")],
                vec![hears_who(A, "小明: done", &["小明", "小红"], "小刚")],
                vec![hears_next(B, "小明: done")],
                vec![says(B, "/nick 小刚"), says(B, "mine"), hears(A, "小刚: mine")],
            ]
            .concat(),
        },
        Check {
            name: "taken",
            says: t("a name that somebody has is not given twice", "有人用着的名字不会再给别人"),
            why: t(
                "A name says who speaks. Whoever has another's could speak for him.",
                "名字说明是谁在说话。拿了别人的名字，就能冒充别人说话。",
            ),
            ideas: &["D19"],
            steps: [refused(&["小明"]), guests()].concat(),
        },
        Check {
            name: "capitals",
            says: t("a name in other capitals is the same name", "大小写不同的名字是同一个名字"),
            why: t(
                "Readers take Ming and MING for one person. Compare names without their capitals.",
                "读者会把 Ming 和 MING 当成一个人。比较名字时不分大小写。",
            ),
            ideas: &["D19"],
            steps: [
                joins(A, "Ming"),
                joins(B, "小红"),
                vec![says(B, "/nick mING"), says(B, "hi"), hears(A, "小红: hi")],
            ]
            .concat(),
        },
        Check {
            name: "look-alike",
            says: t("a name that looks like another is not given", "看起来和别人一样的名字不给"),
            why: t(
                "Ｍｉｎｇ in full-width letters is read as Ming, é may be one character or e with an accent behind it, and ＊ is read as the room's own *. Compare names in their normal form: unicodedata.normalize('NFKC', name) in Python, normalize('NFKC') in JavaScript.",
                "全角的 Ｍｉｎｇ 读起来就是 Ming，é 可以是一个字符，也可以是 e 后面跟一个重音符，＊ 读起来就是聊天室自己的 *。按规范形式比较名字：Python 用 unicodedata.normalize('NFKC', name)，JavaScript 用 normalize('NFKC')。",
            ),
            ideas: &["D19"],
            steps: [
                joins(A, "Ming"),
                joins(C, "Ren\u{e9}"),
                joins(B, "小红"),
                ["Ｍｉｎｇ", "Rene\u{301}", "＊x"]
                    .map(|name| says(B, &format!("/nick {name}")))
                    .into(),
                vec![says(B, "hi"), hears(A, "小红: hi")],
            ]
            .concat(),
        },
    ]
}

fn refusals() -> Vec<Check> {
    vec![
        Check {
            name: "forged",
            says: t(
                "a name cannot be made to look like somebody's words",
                "名字不能做得看起来像别人的话",
            ),
            why: t(
                "With a colon and a blank in it, or in the words of the room, it would be one line more that another seems to have said.",
                "名字里要是有冒号和空格，或者像聊天室自己的话，就会多出一行看似别人说过的话。",
            ),
            ideas: &["D19"],
            steps: refused(&[
                "小明: ",
                "小明: 是",
                "小明:",
                "小明 ",
                "小 明",
                "* 小明",
                "*",
                "*x",
                "",
                " ",
            ]),
        },
        Check {
            name: "invisible",
            says: t("a name has no characters that cannot be seen", "名字里没有看不见的字符"),
            why: t(
                "With a zero-width space two names look the same, a control character moves the reader's cursor.",
                "有了零宽空格，两个名字看起来就一样；控制字符会移动读者的光标。",
            ),
            ideas: &["D19"],
            steps: refused(&[
                "小\u{200b}明",
                "\u{202e}x",
                "a\u{7}b",
                "a\tb",
                "\u{1b}[31mx",
                "a\u{7f}b",
                "\u{9b}31mx",
                "\u{feff}小明",
                "小\u{2060}明",
            ]),
        },
        Check {
            name: "control",
            says: t(
                "control characters in what a member says are escaped",
                "成员话里的控制字符要转义",
            ),
            why: t(
                "At nc they reach the terminal as they are: they can clear its screen, or write a line that another seems to have said. There are three kinds of them: below 20, 7f, and from 80 to 9f, where 9b does what ESC [ does.",
                "用 nc 时它们原样到达终端：可以清屏，也可以写出一行看似别人说过的话。控制字符有三类：20 以下的，7f，以及 80 到 9f，其中 9b 的作用就是 ESC [。",
            ),
            ideas: &["D19"],
            steps: [
                both(),
                vec![says(A, "\u{1b}[31mred"), hears_harmless(B, "小明", "red")],
                vec![says(A, "a\rroot: b"), hears_harmless(B, "小明", "root: b")],
                // Python's splitlines() takes the first four for the ends of lines, too.
                ["\u{b}", "\u{1c}", "\u{85}", "\u{2028}", "\u{7f}", "\u{9b}2J", "\u{90}"]
                    .into_iter()
                    .flat_map(|end| {
                        [says(A, &format!("a{end}root: c")), hears_harmless(B, "小明", "root: c")]
                    })
                    .collect(),
            ]
            .concat(),
        },
    ]
}
