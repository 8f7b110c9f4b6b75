//! The help of the server's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::Args;

impl InChinese for Args {
    const CHINESE: Chinese = Chinese {
        about: "把摄氏度换算成华氏度，一次一个数据报",
        examples: "\
例子：
  udp-temp-server                   只给本机用，在 127.0.0.1:9999
  udp-temp-server --addr :9999      谁都能问，IPv6 和 IPv4 都行
  udp-temp-server --once            回答一个问题就结束，跟教程里的一样
  printf 36.6 | nc -u -w1 127.0.0.1 9999    不用我们的客户端也能问",
        arguments: &[(
            "addr",
            "在哪里监听：HOST:PORT、HOST、:PORT（所有网络接口）或 PORT；端口 0 是随便哪个空闲端口",
        )],
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
