//! The Chinese of the command line's help. The English stands beside the options.

use common::cli::{Chinese, InChinese};

use crate::Arguments;

impl InChinese for Arguments {
    const CHINESE: Chinese = Chinese {
        about: "做一个离线包，给没有网络的教室：程序、补全、手册页、课文、导览

程序按发布配置（release）编译，第一次要几分钟。DIR 是新的或者空的；什么也不会被覆盖，没做成就什么也不留下。",
        examples: "\
例子：
  cargo lab kit two-terminals-kit                放进 U 盘或者共享文件夹
  cargo lab kit --vendor two-terminals-kit       连同全部源代码：到了那里也能编译
  cargo lab kit --programs target/release kit    用已经编译好的程序",
        arguments: &[
            ("dir", "要做的文件夹"),
            (
                "vendor",
                "加上源代码和用到的所有 crate 的源代码，在那里可以 `cargo build --offline --locked`",
            ),
            ("programs", "程序从这个文件夹里拿，一个也不编译"),
            ("no_tour", "不要导览；做导览要把所有程序都运行一遍"),
        ],
        commands: &[],
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_help_is_all_there_in_chinese() {
        assert_eq!(common::cli::without_chinese::<crate::Arguments>(), [""; 0]);
    }
}
