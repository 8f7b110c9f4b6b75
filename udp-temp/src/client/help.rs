//! The help of the client's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::Args;

impl InChinese for Args {
    const CHINESE: Chinese = Chinese {
        about: "请服务端把摄氏度换算成华氏度",
        examples: "\
例子：
  udp-temp-client 25 -40                      问两个温度
  udp-temp-client                             一个个地问，直到 Ctrl+D
  seq -40 10 40 | udp-temp-client             每行一个问题
  udp-temp-client --retries 0 --timeout 0.2 25

退出状态：全部换算出来是 0，有一个没换算出来就是 1",
        arguments: &[
            ("celsius", "摄氏度；一个也不写，就从标准输入读，每行一个"),
            ("addr", "服务端：HOST:PORT、HOST、:PORT（本机）或 PORT"),
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
