//! The help of the client's command line in Chinese. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::Args;

impl InChinese for Args {
    const CHINESE: Chinese = Chinese {
        about: "在服务端运行命令，并显示命令打印的内容",
        examples: "\
例子：
  remote-cmd-client uname -a                       一条命令
  remote-cmd-client 'ls -l | head -3'              交给服务端的 shell：加上引号，免得被自己的 shell 拆开
  remote-cmd-client cat picture.png > copy.png     输出一个字节也不差
  tar c . | remote-cmd-client tar x -C /tmp        输入也一样，一边来一边交给命令
  remote-cmd-client - < script.sh                  标准输入的全部内容就是命令
  remote-cmd-client --key-file key -a HOST uptime  在另一台计算机上
  remote-cmd-client --framing ack --encoding gbk   跟教程里 Windows 上的第一个服务端对话

不写命令，就一条条地问，直到 `quit` 或者输入结束。上一条里的 `cd` 到下一条还记得。
Ctrl+C 打断正在运行的命令；再按一次就离开。
命令没有终端，跟不带 -t 的 ssh 一样：vi 和 top 运行不了，sudo 也没有地方问密码。

退出状态：就是那条命令的；命令被信号 N 终止是 128 + N；本程序自己出错是 255，但选项写错是 2，这时什么也没有发出去；
按了第二次 Ctrl+C 是 130；读输出的一方已经走了是 141。命令自己也可能以这些状态结束，那时没有 `error: …` 这一行。
教程的分帧不告诉命令的状态：有回答就是 0。",
        arguments: &[
            ("Access", "权限"),
            ("command", "命令，各个词用空格连起来；`-`：标准输入里写的就是命令；不写就一条条地问"),
            ("addr", "服务端的地址"),
            ("framing", "怎样分清一个个回答；要跟服务端的一样"),
            ("framing=stream", "输出一边产生一边发，最后说命令怎样结束"),
            ("framing=prefix", "每个回答前面有 4 字节的长度（教程的第二种办法）"),
            ("framing=ack", "先发长度，客户端发 `ready!`，再发回答（教程的第一种办法）"),
            ("framing=none", "什么也没有：回答会粘在一起"),
            ("encoding", "输出的编码"),
            ("encoding=utf-8", "UTF-8（RFC 3629）：除了教程的远程命令，到处都用它"),
            ("encoding=gbk", "GBK，中文 Windows 的代码页 936：教程的远程命令要求输出用它"),
            ("no_input", "不给命令标准输入（分帧 stream）；终端的输入本来就不给"),
            ("key_file", "证明自己有这个文件里的密钥，并且全部加密"),
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
