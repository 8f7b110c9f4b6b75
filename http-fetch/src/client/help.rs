//! The help of the client's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::Options;

impl InChinese for Options {
    const CHINESE: Chinese = Chinese {
        about: "通过 HTTP 或 HTTPS 取一个或几个 URL，把内容存下来

响应头显示在标准输出上，响应体存进文件。文件完整了才得到它的名字，在那之前没有：响应被切断，或者是 404 那样的错误，原来的文件都保持原样。",
        examples: "\
例子：
  http-fetch-client localhost:8080                  另一个终端里那个服务端的网页，存为 index.html
  http-fetch-client http://localhost:8080/a.txt -o - | wc -c
                                                    响应体进管道，响应头在终端上
  http-fetch-client https://example.com -o page.html
  http-fetch-client --continue http://localhost:8080/big.iso
                                                    从上次中断的地方接着下载（断点续传）
  http-fetch-client --retry 5 http://localhost:8080/big.iso
                                                    同上，由它自己来，最多再试五次
  http-fetch-client --sha256 9f86d081… https://example.com/a.iso
                                                    是别人担保过的那个文件才要
  http-fetch-client localhost:8080/a localhost:8080/b
                                                    一次取几个，各存一个文件
  http-fetch-client -I localhost:8080               只要响应头
  http-fetch-client -d name=value http://localhost:8080/form -o -
  http-fetch-client --trace localhost:8080          看每一次套接字调用

环境变量：http_proxy、https_proxy、all_proxy、no_proxy、SSL_CERT_FILE，读法同 curl。
退出状态：0 已存好，1 失败，2 用法不对，130 被中断。",
        arguments: &[
            ("Request", "请求"),
            ("Saving", "保存"),
            (
                "url",
                "要取什么；不写 http:// 之类，就当作 http://。写几个，就各存一个文件，一个失败了，其余的照样取",
            ),
            (
                "output",
                "响应体存到哪里；- 是标准输出，这时响应头到标准错误上。不写，名字就是 URL 的最后一段；\
                 有几个 URL，就按它们的顺序各写一次，或者写一个 - 给全部",
            ),
            ("sha256", "SHA-256 是这个值才保存；有几个 URL，就各写一次"),
            ("resume", "接着上次留在 FILE.part 里的内容下载（断点续传）"),
            ("remote_header_name", "用服务端给的文件名（Content-Disposition）保存，前提是还没有这个文件"),
            ("head", "只要响应头，什么也不保存"),
            (
                "headers",
                "在请求里加上这一行，代替同名的那一行：\"Accept: text/html\"；冒号后面什么也不写，就去掉这一行",
            ),
            ("data", "像表单那样用 POST 发送这段文字：name=value；给几次就用 & 连起来"),
            (
                "retry",
                "网络出错，或者服务端说稍后再来（408、429、500、502、503、504）时，再试这么多次，\
                 隔 1、2、4……秒，或者按服务端说的时间；已有的部分接着取",
            ),
            ("max_redirects", "最多跟着重定向走几次"),
            ("max_size", "文件超过这么多字节就不要"),
            ("cacert", "只信任这个 PEM 文件里的证书颁发机构；不写就用 SSL_CERT_FILE 指定的，如果有的话"),
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
