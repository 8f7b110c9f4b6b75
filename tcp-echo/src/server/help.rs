//! The help of the server's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::args::Args;

impl InChinese for Args {
    const CHINESE: Chinese = Chinese {
        about: "会说五篇教程里各种方言的 TCP 回声服务端",
        examples: "\
例子：
  tcp-echo-server                           重复客户端说的话，在 127.0.0.1:50000
  tcp-echo-server -a :7 --dialect raw       RFC 862 的回声服务，在所有网络接口上
  tcp-echo-server --model queue             一次一个客户端：再开一个试试
  tcp-echo-server --read-size 8 --trace     看长消息怎样散成几块",
        arguments: &[
            ("addr", "在哪里监听"),
            ("dialect", "谁说什么"),
            ("dialect=repeat", "服务端加上几个字，重复每条消息（教程 000）"),
            ("dialect=ack", "服务端用同样的话确认每条消息（教程 001）"),
            ("dialect=greet", "服务端先开口，问候每个名字；`exit` 结束（教程 002 和 003）"),
            ("dialect=oneway", "客户端说一件事，得不到回答（教程 004）"),
            ("dialect=raw", "服务端原样送回每个字节，别的什么也不说（RFC 862）"),
            ("model", "怎样服务几个客户端"),
            ("model=queue", "一个接一个，后来的等着（教程 000 和 001）"),
            ("model=threads", "每个客户端一个线程（教程 002 和 003）"),
            ("model=tasks", "每个客户端一个任务，只用几个线程（教程 004 的协程）"),
            ("read_size", "接收缓冲区的大小；小了，消息就会散成几块"),
            ("think", "每次回答前想这么久"),
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
