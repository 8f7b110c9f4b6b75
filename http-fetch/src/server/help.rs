//! The help of the server's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::options::Options;

impl InChinese for Options {
    const CHINESE: Chinese = Chinese {
        about: "浏览器能访问的网页服务器",
        examples: "\
例子：
  http-fetch-server                      欢迎页，在 http://127.0.0.1:8080/
  http-fetch-server --root .             这个目录里的文件
  http-fetch-server -a :8000 --root .    同上，能连到这台机器的人都能看
  http-fetch-server -a :8000 --root . --qr
                                         再画一个手机能扫的二维码
  http-fetch-server --trace --once       一个客户端，看它的每一次套接字调用",
        arguments: &[
            ("addr", "在哪里监听"),
            ("root", "不要欢迎页，改为提供这个目录里的文件"),
            ("qr", "把其他机器用的 URL 画成二维码，给手机扫"),
            (
                "idle_timeout",
                "客户端在两个请求之间没有动静、迟迟发不完请求头、或者一点也不取走响应，这么久就关闭；\
                 0 表示永远不关 [默认：10、10 和 60]",
            ),
        ],
        commands: &[],
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_help_is_all_there_in_chinese() {
        assert_eq!(common::cli::without_chinese::<crate::options::Options>(), [""; 0]);
    }
}
