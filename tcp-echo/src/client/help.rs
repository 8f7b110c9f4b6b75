//! The help of the client's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::args::Args;

impl InChinese for Args {
    const CHINESE: Chinese = Chinese {
        about: "会说五篇教程里各种方言的 TCP 回声客户端",
        examples: "\
例子：
  tcp-echo-client                             键入消息；`exit` 或 Ctrl+D 结束
  tcp-echo-client 你好 exit                   说一句就走
  tcp-echo-client --burst one two three       会有几个回答？
  tcp-echo-client --dialect raw <in >out      每个字节一去一回",
        arguments: &[
            ("messages", "要说的话；不写，标准输入的每一行就是一条消息"),
            ("addr", "服务端"),
            ("dialect", "谁说什么；要跟服务端的一样"),
            ("dialect=repeat", "服务端加上几个字，重复每条消息（教程 000）"),
            ("dialect=ack", "服务端用同样的话确认每条消息（教程 001）"),
            ("dialect=greet", "服务端先开口，问候每个名字；`exit` 结束（教程 002 和 003）"),
            ("dialect=oneway", "客户端说一件事，得不到回答（教程 004）"),
            ("dialect=raw", "服务端原样送回每个字节，别的什么也不说（RFC 862）"),
            ("burst", "不等回答，一口气全发出去：看消息怎样粘在一起"),
        ],
        commands: &[],
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_help_is_all_there_in_chinese() {
        assert_eq!(common::cli::without_chinese::<crate::Args>(), [""; 0]);
    }
}
