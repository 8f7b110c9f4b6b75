//! The help of the client's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::options::Options;

impl InChinese for Options {
    const CHINESE: Chinese = Chinese {
        about: "向回声服务端发数据报，并显示它的回答",
        examples: "\
例子：
  udp-echo-client                            问候教程里的三个人；在终端上，接着问候你键入的名字
  udp-echo-client 你好 Tracy                 两条消息
  ls | udp-echo-client --dialect raw         每行一条消息
  udp-echo-client -a 192.0.2.7 --retries 0 --timeout 0.2 hi
  udp-echo-client --ping 5 --interval 0.2    往返时间、丢失率，最后像 ping 那样汇总
  udp-echo-client --ping 0 --size 1400       发长的数据报，一直到 Ctrl+C

退出状态：每条消息都得到回答是 0，有一条没有是 1",
        arguments: &[
            ("Ping", "测往返时间"),
            ("messages", "要发的消息，每条一个数据报；一条也不写，就发标准输入里的每一行"),
            ("addr", "服务端：HOST:PORT、HOST、:PORT（本机）或 PORT"),
            ("dialect", "服务端回答什么"),
            ("dialect=greet", "`Hello, 名字!`，跟教程里的一样"),
            ("dialect=time", "服务端的本地时间，加上“接收到消息”"),
            ("dialect=raw", "原样送回收到的字节（RFC 862）"),
            (
                "ping",
                "发这么多个带编号的请求，每隔一段时间一个，并显示往返时间；不重发；0 表示一直发到 Ctrl+C；\
                 按 Ctrl+\\ 显示到目前为止的情况",
            ),
            ("interval", "两个 ping 之间隔多久"),
            ("size", "每个 ping 多少字节，最多 65507；比编号本身还短就不起作用"),
        ],
        commands: &[],
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_help_is_all_there_in_chinese() {
        assert_eq!(common::cli::without_chinese::<crate::Options>(), [""; 0]);
    }
}
