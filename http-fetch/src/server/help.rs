//! The help of the server's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::Args;

impl InChinese for Args {
    const CHINESE: Chinese = Chinese {
        about: "浏览器能访问的网页服务器",
        examples: "\
例子：
  http-fetch-server                      欢迎页，在 http://127.0.0.1:8080/
  http-fetch-server --root .             这个目录里的文件
  http-fetch-server -a :8000 --root .    同上，能连到这台机器的人都能看
  http-fetch-server --trace --once       一个客户端，看它的每一次套接字调用",
        arguments: &[("addr", "在哪里监听"), ("root", "不要欢迎页，改为提供这个目录里的文件")],
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
