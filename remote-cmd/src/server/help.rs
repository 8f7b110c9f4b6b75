//! The help of the server's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::options::Options;

impl InChinese for Options {
    const CHINESE: Chinese = Chinese {
        about: "运行客户端发来的命令，把打印的内容发回去",
        examples: "\
例子：
  remote-cmd-server                                在 127.0.0.1:8000 上监听
  remote-cmd-server --new-key key                  写一个新密钥；把它拷到客户端
  remote-cmd-server --key-file key -a :8000        有这个密钥的其他计算机也能用
  remote-cmd-server --allow date --allow uptime    只有这两个程序，没有 shell
  remote-cmd-server --framing prefix --encoding gbk
                                                   给教程的第二个客户端用，它读 GBK",
        arguments: &[
            ("Access", "权限"),
            ("addr", "在哪里监听；没有密钥时只能是本机自己的地址，127.0.0.1 或 ::1"),
            ("framing", "怎样分清一个个回答"),
            ("framing=stream", "输出一边产生一边发，最后说命令怎样结束"),
            ("framing=prefix", "每个回答前面有 4 字节的长度（教程的第二种办法）"),
            ("framing=ack", "先发长度，客户端发 `ready!`，再发回答（教程的第一种办法）"),
            ("framing=none", "什么也没有：回答会粘在一起"),
            ("encoding", "发给客户端的输出用什么编码"),
            ("encoding=utf-8", "UTF-8（RFC 3629）：除了教程的远程命令，到处都用它"),
            ("encoding=gbk", "GBK，中文 Windows 的代码页 936：教程的远程命令要求输出用它"),
            ("key_file", "只服务有这个文件里的密钥的客户端，并且全部加密"),
            ("new_key", "往这个文件里写一个新密钥，然后退出"),
            ("allow", "只运行这个程序，不经过 shell；可以写几次"),
            ("end_commands", "标准输入结束时，终止它说过的命令：这是本程序自己的事"),
            ("run_timeout", "命令运行超过这么久就终止；0 表示不限时 [默认：0，教程的分帧是 60]"),
            (
                "max_output",
                "命令打印超过这么多就终止；0 表示没有上限 [默认：0，教程的分帧是 16777216]",
            ),
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
