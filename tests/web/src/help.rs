//! The Chinese of the command line's help.

use common::cli::{Chinese, InChinese};

impl InChinese for crate::Command {
    const CHINESE: Chinese = Chinese { commands: &[("web", WEB)], ..Chinese::NONE };
}

const WEB: Chinese = Chinese {
    about: "在浏览器里看这个实验室：两个终端，中间是线路

先打印监听的地址，再打印带令牌的网址；用浏览器打开它。只有这台机器连得上。按 Ctrl+C 结束，它启动的一切也随之结束。",
    examples: "\
例子：
  cargo lab web
  cargo lab web --addr 127.0.0.1:8888
  cargo lab web --lesson udp-temp --command 'python3 my_server.py {port}'
  cargo lab web --lesson udp-temp --side client --command 'python3 my_client.py {port}'

命令不经过 shell 启动，代替这一课自己的程序。其中 {port}、{host} 和 {addr} 代表要监听的端口、主机和地址（客户端：
要连接的），{file} 代表存到哪里；环境变量里有 PORT 和 HOST。除此之外，网页只会启动这个工作区的程序。",
    arguments: &[
        ("addr", "在哪里监听：本机的环回地址；端口 0 是随便哪个空闲端口"),
        ("command", "用什么命令启动自己写的程序，代替这一课的程序"),
        ("lesson", "它是哪一课的程序"),
        ("side", "它是这一课的哪个程序"),
    ],
    ..Chinese::NONE
};

#[cfg(test)]
mod tests {
    #[test]
    fn all_options_have_chinese() {
        assert_eq!(common::cli::without_chinese::<crate::Command>(), [""; 0]);
    }
}
