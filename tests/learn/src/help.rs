//! The Chinese of the command line's help.

use common::cli::{Chinese, InChinese};

impl InChinese for crate::Command {
    const CHINESE: Chinese =
        Chinese { commands: &[("learn", LEARN), ("class", CLASS)], ..Chinese::NONE };
}

const LEARN: Chinese = Chinese {
    about: "自己写一课的程序：给你一个开头，每保存一次就检查一次

第一次运行会建一个文件夹，里面的程序能运行，但什么也不做。改一改，保存，它就指出第一处不对的地方。明天用同一条命令接着写。",
    examples: "\
例子：
  cargo lab learn udp-temp --in python
  cargo lab learn udp-temp                       接着写
  cargo lab learn tcp-echo --in go --dir echo    放在自己选的文件夹里
  cargo lab learn tcp-chat --mode room --in c    这一课的另一种方言
  cargo lab learn udp-temp --once --hint         只检查一次，并给出提示
  cargo lab learn udp-temp --repair              程序差不多是对的，找出里面的毛病

用 --once 时的退出状态：全部通过是 0，有没通过的是 1。",
    arguments: &[
        ("lesson", "哪一课"),
        ("language", "开头用哪种语言；第一次要写"),
        ("side", "写这一课的哪个程序"),
        ("dialect", "有几种方言的课里，说哪一种"),
        ("framing", "有几种办法的课里，怎样标出回答到哪里为止"),
        ("mode", "有几种模式的课里，谁什么时候可以说话"),
        ("bye", "轮流说话时，哪个词结束对话"),
        ("dir", "程序放在哪个文件夹；没有就新建 [默认：my-课名，或 my-课名-client]"),
        ("once", "只检查一次，不等着"),
        ("hint", "为第一个没通过的关卡给出提示；每次多给一条"),
        ("repair", "从一个有一处毛病的程序开始，把毛病找出来"),
        ("seed", "哪一处毛病：号码相同，毛病就相同 [默认：随便一个]"),
    ],
    ..Chinese::NONE
};

const CLASS: Chinese = Chinese {
    about: "检查全班：DIR 里每个文件夹是一个学生的，里面有 `lesson.toml` 和程序

`lesson.toml` 说明这是什么程序：`lesson`（课名）、`side`（server 或 client）、需要编译的话还有 `build`，以及 `command`，其中 {port} 代表端口。`lab learn` 会写好这个文件。",
    examples: "\
例子：
  cargo lab class homework/ --html homework.html
  cargo lab class homework/ --csv homework.csv --junit homework.xml

退出状态：所有文件夹都检查了就是 0，不管结果怎样。",
    arguments: &[
        ("dir", "放着学生文件夹的文件夹"),
        ("csv", "另外写成电子表格能读的表"),
        ("html", "另外写成网页：谁到了哪一关，还有每份报告"),
        ("junit", "另外写成 JUnit 格式的报告"),
    ],
    ..Chinese::NONE
};
