//! The Chinese of options that are the same in every program, by their names in the code; and what
//! the parser of command lines itself says.

/// What each option is for.
pub(crate) const OPTIONS: &[(&str, &str)] = &[
    ("trace", "在标准错误上显示每一次套接字调用"),
    ("once", "只服务一个客户端（UDP：一个数据报），然后退出"),
    ("max_clients", "同时最多连接多少个客户端"),
    ("idle_timeout", "客户端这么久没有动静就关闭；0 表示永远不关"),
    ("timeout", "查找地址、建立连接、等该来的回答，各最多等多久"),
    ("timeout_of_a_try", "每试一次，最多等多久"),
    ("retries", "第一次之后再试几次"),
    ("lang", "帮助、提示和错误用的语言；不写就跟系统一样"),
    ("Network", "网络"),
    ("Limits", "限制"),
];

/// Whole lines of a help. A line that ends so gets another end.
pub(crate) const LABELS: &[(&str, &str)] = &[
    ("Print help (see more with '--help')", "显示帮助（--help 更详细）"),
    ("Print help (see a summary with '-h')", "显示帮助（-h 更简短）"),
    ("Print help", "显示帮助"),
    ("Print version", "显示版本"),
    (
        "Print this message or the help of the given subcommand(s)",
        "显示这份帮助，或者某个命令的帮助",
    ),
];

/// Headings.
pub(crate) const HEADINGS: &[(&str, &str)] =
    &[("Arguments:", "参数："), ("Options:", "选项："), ("Commands:", "命令：")];

crate::texts! {
    pub(crate) fn possible_values() { en: "Possible values:", zh: "可选值：" }
    pub(crate) fn try_help(words) { en: "{words} (try --help)", zh: "{words}（用法见 --help）" }
    pub(crate) fn not_seconds() {
        en: "not a number of seconds, such as 2.5",
        zh: "要写秒数，例如 2.5",
    }
    pub(crate) fn seconds_above_0() {
        en: "seconds must be finite and above 0",
        zh: "秒数必须大于 0，并且不是无穷大",
    }
    pub(crate) fn seconds_at_most(most) {
        en: "at most {most} seconds, which is 100 years",
        zh: "最多 {most} 秒，也就是 100 年",
    }
    pub(crate) fn or_0_for_never(words) { en: "{words}; 0 is never", zh: "{words}；0 表示不限时" }
    pub(crate) fn not_milliseconds() {
        en: "not a number of milliseconds from 0 to 3600000, such as 50",
        zh: "要写 0 到 3600000 之间的毫秒数，例如 50",
    }
    pub(crate) fn not_percentage() {
        en: "not a percentage: a number from 0 to 100, such as 12.5",
        zh: "要写百分数，也就是 0 到 100 之间的数，例如 12.5",
    }
    pub(crate) fn not_whole(least, most) {
        en: "not a whole number from {least} to {most}",
        zh: "要写 {least} 到 {most} 之间的整数",
    }
}

/// What is wrong with a command line. In English the parser says it itself.
pub(crate) mod usage {
    pub(crate) fn unknown_argument(argument: &str) -> String {
        format!("不认识的参数 '{argument}'")
    }

    pub(crate) fn unknown_command(command: &str) -> String {
        format!("没有 '{command}' 这个命令")
    }

    pub(crate) fn invalid_value(value: &str, argument: &str) -> String {
        format!("'{argument}' 的值 '{value}' 不对")
    }

    pub(crate) fn no_value(argument: &str) -> String {
        format!("'{argument}' 后面要有一个值")
    }

    pub(crate) fn choose(values: &str) -> String {
        format!(" [可选值：{values}]")
    }

    pub(crate) fn missing(arguments: &str) -> String {
        format!("缺少参数：{arguments}")
    }

    pub(crate) fn missing_command(commands: &str) -> String {
        format!("要写出一个命令 [可选：{commands}]")
    }

    pub(crate) fn twice(argument: &str) -> String {
        format!("'{argument}' 只能写一次")
    }

    pub(crate) fn alone(argument: &str) -> String {
        format!("'{argument}' 不能和别的参数一起用")
    }

    pub(crate) fn not_together(argument: &str, others: &str) -> String {
        format!("'{argument}' 不能和 '{others}' 一起用")
    }

    pub(crate) fn too_many(value: &str, argument: &str) -> String {
        format!("'{argument}' 不再要别的值，'{value}' 是多余的")
    }

    pub(crate) fn too_few(argument: &str) -> String {
        format!("'{argument}' 的值不够")
    }

    pub(crate) fn takes_no_value(value: &str, argument: &str) -> String {
        format!("'{argument}' 不带值，'{value}' 是多余的")
    }

    pub(crate) fn needs_equals(argument: &str) -> String {
        format!("'{argument}' 的值要用等号连着写")
    }

    pub(crate) const NO_UTF8: &str = "参数不是 UTF-8 文本";
    pub(crate) const NONSENSE: &str = "命令行写得不对";

    pub(crate) fn perhaps(meant: &str) -> String {
        format!("；是不是想写 '{meant}'？")
    }

    pub(crate) fn as_a_value(argument: &str) -> String {
        format!("；要是想把 '{argument}' 当作内容，就写 '-- {argument}'")
    }
}
