//! The help of the client's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::Args;

impl InChinese for Args {
    const CHINESE: Chinese = Chinese {
        about: "跟服务端聊天：双方同时说，轮流说，或者大家在一个聊天室里说",
        examples: "\
例子：
  tcp-chat-client                                  跟 127.0.0.1:9999 上的服务端聊天
  tcp-chat-client --mode turns --bye byebye -a :9000
                                                   跟教程 004 的服务端轮流说
  tcp-chat-client --mode room --name 小明          进 127.0.0.1:9999 上的聊天室
  tcp-chat-client --mode room --name 小明 --reconnect --times
                                                   同上，在里面待上一整天
  printf 'hello\\nbye\\n' | tcp-chat-client          每行一条消息",
        arguments: &[
            ("Room", "聊天室"),
            ("addr", "服务端在哪里监听"),
            ("mode", "谁什么时候可以说"),
            ("mode=duplex", "双方随时都可以说（教程 004）"),
            ("mode=turns", "一人一句，客户端先说（教程 002 和 004）"),
            ("mode=room", "许多客户端，各有名字，一行一句"),
            ("bye", "结束对话的词，用于 duplex 和 turns"),
            ("name", "在聊天室里叫什么名字"),
            ("reconnect", "和聊天室的连接断了，就隔 1、2、4……秒再连，并取回原来的名字"),
            ("times", "在每行前面显示它是什么时候来的：14:05"),
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
