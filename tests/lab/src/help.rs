//! The Chinese of the command line's help, by command.

use common::cli::{Chinese, InChinese};

impl InChinese for crate::Arguments {
    const CHINESE: Chinese = Chinese {
        about: "看它发生，弄坏它，修好它：这些课的实验室。",
        examples: "\
例子：
  cargo lab tour                                各课的程序怎样对话
  cargo lab show sticky                         先预测，再运行，然后对照
  cargo lab learn udp-temp --in python          自己写
  cargo lab check udp-temp --command 'python3 server.py {port}'
  cargo lab tap --listen 5000 --to 50000        看任何两个程序之间经过什么",
        commands: &[
            ("tour", crate::tour::CHINESE),
            ("show", SHOW),
            ("list", LIST),
            ("steps", STEPS),
            ("tap", TAP),
            ("check", CHECK),
            ("learn", LEARN),
            ("class", CLASS),
            ("kit", KIT),
            ("web", WEB),
            ("bench", ::bench::CHINESE),
            ("soak", ::bench::SOAK_CHINESE),
        ],
        ..Chinese::NONE
    };
}

const SHOW: Chinese = Chinese {
    about: "先预测，再运行，然后看：每个知识点一个实验

在终端上，先问你怎样预测。只要一切都跟实验的预测一样，不管你自己怎样预测，退出状态都是 0；这台机器上有哪里不一样，就是 1。",
    examples: "\
例子：
  cargo lab show sticky
  cargo lab show nagle backlog
  cargo lab show --no-ask all

`cargo lab list` 列出它们的名字。",
    arguments: &[
        ("names", "哪些实验；`all` 是全部"),
        ("ask", "运行之前先问你怎样预测；输入和输出都是终端时就是这样"),
        ("no_ask", "什么也不问：直接说出预测"),
        ("code", "给出运行的代码，以及它在哪里"),
    ],
    commands: &[],
};

const LIST: Chinese = Chinese {
    about: "列出各课的知识点，哪篇教程教它，用什么看到它",
    examples: "\
例子：
  cargo lab list
  cargo lab list --names
  cargo lab list --sources",
    arguments: &[("names", "只列实验的名字，每行一个"), ("sources", "连同教程的行号一起列出")],
    ..Chinese::NONE
};

const STEPS: Chinese = Chinese {
    about: "各课一步步的例子：每一步通过哪些检查，改了什么",
    examples: "\
例子：
  cargo lab steps
  cargo lab steps tcp-echo
  cargo lab steps tcp-echo 2",
    arguments: &[
        ("lesson", "哪一课"),
        ("number", "第几个例子：它改了什么，现在通过哪些检查，哪些还没通过，为什么要紧"),
    ],
    commands: &[],
};

const TAP: Chinese = Chinese {
    about: "夹在任何客户端和任何服务端之间：显示经过的一切，还能按要求捣乱

它像服务端那样监听，像客户端那样连接。让客户端连它，让它连服务端，不管那两个程序是谁写的。每条连接画成一张时序图，客户端在左，服务端在右。按 Ctrl+C 结束，并给出总结。

它对字节做什么，只由选项和 --seed 决定；字节到达的时刻会有些影响。",
    examples: "\
例子：
  cargo lab tap --listen 5000 --to 50000         在 tcp-echo-server 前面；客户端用 tcp-echo-client -a :5000
  cargo lab tap --listen 5000 --to 50000 --split 1      一个字节一个字节地发：另一端还懂吗？
  cargo lab tap --listen 5000 --to 50000 --merge 200    消息粘在一起
  cargo lab tap --listen 5000 --to 50000 --cut-after 10 --from server --cut-with rst
  cargo lab tap --udp --listen 5000 --to 9999 --drop 30 --seed 1    每次丢的都是同样那 30 %
  cargo lab tap --udp --listen 5000 --to 9999 --reorder 50 --duplicate 20 --delay 50 --jitter 20
  cargo lab tap --listen 5000 --to 50000 --corrupt 1 --seed 7     平均每一百个字节有一个翻转一位
  cargo lab tap --listen 5000 --to 8080 --replace 'HTTP/1.1=HTTP/1.0' --from client
  cargo lab tap --listen 5000 --to 50000 --script faults.txt      照文件里的各行去做
  cargo lab tap --listen 5000 --to 8080 --save web.pcapng    按 Ctrl+C，然后用 Wireshark 打开 web.pcapng

脚本的一行：谁的字节，什么时候，做什么。一条连接的字节和数据报都从 1 数起。
  client byte 5 corrupt                 # 翻转它的一位；哪一位由 --seed 决定
  client byte 9 insert \"\\r\\n\"         # 插在它前面
  client byte 20 replace \"XYZ\"         # 换掉它和后面两个
  server byte 100 pause 500ms           # 发它之前停一停
  server byte 1000 cut rst              # 发完它就切断；也可以是 cut fin
  both after 2s pause 1s                # 从开始算起 2 秒后；也可以是 cut fin、cut rst
  client datagram 3 drop                # --udp；还有 duplicate、delay 300ms、corrupt、replace \"x\"
  server after 1.5s drop for 2s         # --udp；这段时间里的全都丢掉",
    arguments: &[
        (
            "listen",
            "客户端连到哪里：HOST:PORT、HOST、:PORT（所有网络接口）或 PORT；端口 0 是随便哪个空闲端口",
        ),
        ("to", "服务端在哪里：HOST:PORT、:PORT 或 PORT"),
        ("udp", "转发 UDP 数据报，不是 TCP 连接"),
        ("save", "把经过的内容还原成抓包文件，给 Wireshark 看"),
        ("max_clients", "同时最多有多少个客户端"),
        ("Faults", "故障"),
        ("from", "这些故障出在谁的字节上"),
        ("from=client", "客户端发的"),
        ("from=server", "服务端发的"),
        ("from=both", "两边发的"),
        ("delay", "什么都扣住这么久再放行"),
        ("jitter", "再随机多扣一会儿，最多这么久"),
        ("corrupt", "每 100 个里有这么多个翻转一位：TCP 是字节，UDP 是数据报"),
        (
            "replace",
            "把每一处 FROM 换成 TO；\\n、\\r、\\t、\\0、\\\\、\\= 和 \\x00 表示字节。可以写好几次",
        ),
        ("script", "照这个文件的各行，在它们写明的字节、数据报和时刻去做（见下面）"),
        ("seed", "跟用过这个种子的那一次做同样的决定；不写就每次都不同"),
        ("Faults of a stream (TCP)", "字节流的故障（TCP）"),
        ("split", "每次最多发 N 个字节，一次一个调用"),
        ("gap", "--split 的两块之间等多久，好让它们一块块地被收到"),
        ("merge", "把这段时间里到达的攒在一起，一次发出"),
        ("rate", "每秒发这么多字节"),
        ("cut_after", "从某一方收到这么多字节后，切断连接"),
        ("cut_with", "--cut-after 怎样切断：正常关闭，或者复位；复位可能跑到最后那些字节前面"),
        ("cut_with=fin", "正常关闭"),
        ("cut_with=rst", "复位"),
        ("Faults of datagrams (UDP)", "数据报的故障（UDP）"),
        ("drop", "每 100 个丢掉这么多个"),
        ("duplicate", "每 100 个有这么多个发两次"),
        ("reorder", "每 100 个有这么多个被后一个超过"),
        ("forget", "客户端这么久没有动静就忘掉它"),
    ],
    commands: &[],
};

const CHECK: Chinese = Chinese {
    about: "检查你自己写的程序合不合一课的要求，什么语言写的都行

每项检查都通过，退出状态是 0；有一项没通过，是 1。",
    examples: "\
例子：
  cargo lab check udp-temp --command 'python3 my_server.py {port}'
  cargo lab check udp-temp --command 'python3 my_server.py' --addr 127.0.0.1:9999
  cargo lab check udp-temp --addr 127.0.0.1:9999          已经在运行的服务端
  cargo lab check udp-temp --client --command 'python3 my_client.py {port}'
  cargo lab check tcp-echo --dialect greet --command './server {port}' --only exit
  cargo lab check tcp-chat --mode room --command './server {port}'
  cargo lab check udp-temp --command './server {port}' --json --junit report.xml
  cargo lab check udp-temp --list

每项检查都重新启动一次命令，不经过 shell。命令里的 {port}、{host}、{addr} 换成要监听的端口、主机、地址（有 --client 时是要连接的），{file} 换成要存到的文件；环境变量里有 PORT 和 HOST。
程序该说什么、该显示什么，见那一课的 README.zh-CN.md。",
    arguments: &[
        ("lesson", "哪一课"),
        ("client", "检查客户端：由检查来扮演它的服务端"),
        ("dialect", "程序说哪种方言，如果这一课有几种"),
        ("framing", "程序怎样标明回答到哪里为止，如果这一课有几种办法"),
        ("mode", "谁什么时候可以说，如果这一课有几种模式"),
        ("bye", "轮流说时结束对话的词"),
        ("addr", "服务端在哪里监听"),
        ("command", "怎样启动程序"),
        ("only", "只做名字是这个、或者以它开头的检查"),
        ("list", "只列出检查，一项也不做"),
        ("timeout", "程序回答一次最多用多久（默认 10 秒，有一项没通过之后就更短）"),
        ("json", "不写报告，每项检查写一行 JSON 对象"),
        ("junit", "把结果也写进这个文件，用 JUnit 的 XML"),
    ],
    commands: &[],
};

const LEARN: Chinese = Chinese {
    about: "自己写一课的程序：给你一个开头，每保存一次就检查一次",
    arguments: &[("words", "见 `cargo lab learn --help`")],
    ..Chinese::NONE
};

const CLASS: Chinese = Chinese {
    about: "检查全班：DIR 里每个文件夹是一个学生的",
    arguments: &[("words", "见 `cargo lab class --help`")],
    ..Chinese::NONE
};

const KIT: Chinese = Chinese {
    about: "做一个离线包，给没有网络的教室：程序、补全、手册页、课文、导览",
    arguments: &[("words", "见 `cargo lab kit --help`")],
    ..Chinese::NONE
};

const WEB: Chinese = Chinese {
    about: "在浏览器里看这个实验室：两个终端，中间是线路",
    arguments: &[("words", "见 `cargo lab web --help`")],
    ..Chinese::NONE
};

#[cfg(test)]
mod tests {
    #[test]
    fn the_help_is_all_there_in_chinese() {
        assert_eq!(common::cli::without_chinese::<crate::Arguments>(), [""; 0]);
    }
}
