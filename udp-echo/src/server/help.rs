//! The help of the server's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::options::Options;

impl InChinese for Options {
    const CHINESE: Chinese = Chinese {
        about: "回答收到的数据报",
        examples: "\
例子：
  udp-echo-server                           问候，在 127.0.0.1:9999
  udp-echo-server --dialect time            报时
  udp-echo-server -a :7777 --dialect raw    谁都能用，IPv6 和 IPv4 都行
  udp-echo-server --drop 30 --seed 1        丢掉 30 % 的数据报，每次丢的都是同样那些
  udp-echo-server --delay 50 --jitter 100   回答得晚，顺序也不一定对
  printf Tracy | nc -u -w1 127.0.0.1 9999   不用我们的客户端，直接跟它说话",
        arguments: &[
            (
                "addr",
                "在哪里监听：HOST:PORT、HOST、:PORT（所有网络接口）或 PORT；端口 0 是随便哪个空闲端口",
            ),
            ("dialect", "回答什么"),
            ("dialect=greet", "`Hello, 名字!`，跟教程里的一样"),
            ("dialect=time", "服务端的本地时间，加上“接收到消息”"),
            ("dialect=raw", "原样送回收到的字节（RFC 862）"),
            ("Impairments", "网络的毛病"),
            ("drop", "每 100 个数据报丢掉这么多个"),
            ("duplicate", "每 100 个回答有这么多个发两次"),
            ("delay", "每个回答都扣住这么久再发"),
            ("jitter", "每个回答再随机多扣一会儿，最多这么久"),
            ("seed", "种子相同，每次运行的遭遇就相同；不写就每次都不同"),
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
