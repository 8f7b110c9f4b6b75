//! The help of the server's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::Args;

impl InChinese for Args {
    const CHINESE: Chinese = Chinese {
        about: "聊天服务端：双方同时说，轮流说，或者大家在一个聊天室里说",
        examples: "\
例子：
  tcp-chat-server                                  跟每个连到 127.0.0.1:9999 的人说话
  tcp-chat-server --mode turns --bye byebye -a :9000
                                                   跟教程 004 的客户端轮流说
  tcp-chat-server --mode room -a :9999             一个聊天室，能连到这台机器的人都能进
  tcp-chat-server --once < lines.txt               对第一个客户端说这些话",
        arguments: &[
            ("Room", "聊天室"),
            ("addr", "在哪里监听"),
            ("mode", "谁什么时候可以说"),
            ("mode=duplex", "双方随时都可以说（教程 004）"),
            ("mode=turns", "一人一句，客户端先说（教程 002 和 004）"),
            ("mode=room", "许多客户端，各有名字，一行一句"),
            ("bye", "结束对话的词，用于 duplex 和 turns"),
            ("history", "聊天室：把最后说过的这么多行告诉新来的人，最多 1000 行，并且最多 64 KiB"),
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
