//! What a bench is asked. `cargo lab bench` reads it, too, so that a wrong word is refused before
//! anything is built.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum as _;
use common::cli::{self, Chinese};
use common::text::{Lang, lang};

/// Every bench, in the order in which they are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Name {
    /// How many messages a second go there and back over TCP, one at a time on each connection?
    TcpEcho,
    /// How many datagrams a second come back over UDP, when so many are in flight?
    UdpEcho,
    /// How many temperatures a second are converted?
    UdpTemp,
    /// How fast does the output of a command come from afar?
    RemoteCmd,
    /// What does a connection cost on which nothing is said?
    TcpIdle,
    /// How fast do messages pass whose length stands in front?
    Frames,
    /// How many requests for a small page does a web server answer a second?
    WebPage,
    /// How many files does a web server send a second, and how fast is a long one?
    WebFiles,
    /// What does it take to fetch a long file into memory?
    Download,
    /// How many lines a second does a chat room deliver, and what does a member that does not read
    /// cost the others?
    Room,
    /// What does a server cost before anybody has come?
    Start,
    /// How long does the first build of one demo take, in the debug profile?
    Build,
}

/// Measure the programs beside others that do the same on this machine
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo lab bench
  cargo lab bench tcp-echo web-page
  cargo lab bench --quick                  does everything work here?
  cargo lab bench --html bench.html        with bars and lines")]
pub struct Arguments {
    /// Only these benches
    #[arg(value_name = "NAME")]
    names: Vec<Name>,
    /// How often everybody runs; medians are compared
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = cli::whole(1..=1000_u32))]
    pub runs: u32,
    /// How long a run takes, where that can be chosen
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = cli::seconds)]
    pub seconds: Duration,
    /// Only show that everything works: one run, 50 ms, small sizes
    #[arg(long, conflicts_with_all = ["runs", "seconds"])]
    pub quick: bool,
    /// Write the same as a page with bars and lines, too
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// The Chinese of the help.
pub const CHINESE: Chinese = Chinese {
    about: "跟这台机器上做同样事情的别的程序比一比，有多快",
    examples: "\
例子：
  cargo lab bench
  cargo lab bench tcp-echo web-page
  cargo lab bench --quick                  这里一切都能用吗？
  cargo lab bench --html bench.html        画成图",
    arguments: &[
        ("names", "只测这些"),
        ("names=tcp-echo", "TCP：每条连接上一问一答，每秒有多少条消息一来一回？"),
        ("names=udp-echo", "UDP：同时在路上这么多个，每秒回来多少个数据报？"),
        ("names=udp-temp", "每秒换算多少个温度？"),
        ("names=remote-cmd", "远处命令的输出来得有多快？"),
        ("names=tcp-idle", "什么也不说的连接要花多少资源？"),
        ("names=frames", "前面带长度的消息传得有多快？"),
        ("names=web-page", "网页服务器每秒回答多少个小网页的请求？"),
        ("names=web-files", "网页服务器每秒发多少个文件，长文件有多快？"),
        ("names=download", "把一个长文件取到内存里要花什么？"),
        ("names=room", "聊天室每秒送到多少行，一个不读的成员让别人付出什么代价？"),
        ("names=start", "还没有人来的服务端要花什么？"),
        ("names=build", "第一次编译一课要多久（debug 配置）？"),
        ("runs", "每个跑几次；比的是中位数"),
        ("seconds", "一次跑多久，能选的话"),
        ("quick", "只看一切能不能用：一次，50 毫秒，小数据"),
        ("html", "另外写成一个带条形图和曲线的网页"),
    ],
    ..Chinese::NONE
};

impl Arguments {
    /// The benches that are asked for; where none is named, all.
    pub fn benches(&self) -> impl Iterator<Item = Name> {
        let all = Name::value_variants().iter().copied();
        all.filter(|name| self.names.is_empty() || self.names.contains(name))
    }
}

impl Name {
    /// What it is called by, and what it asks.
    #[must_use]
    pub fn title(self) -> (String, String) {
        let value = self.to_possible_value();
        let english = value.as_ref().and_then(|value| value.get_help()).map(ToString::to_string);
        let about = match lang() {
            Lang::En => english,
            Lang::Zh => value.as_ref().and_then(|value| {
                let key = format!("names={}", value.get_name());
                let known = CHINESE.arguments.iter().find(|(name, _)| *name == key);
                known.map(|(_, about)| (*about).to_owned())
            }),
        };
        (
            value.map(|value| value.get_name().to_owned()).unwrap_or_default(),
            about.unwrap_or_default(),
        )
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn read(words: &[&str]) -> Result<Arguments, clap::Error> {
        Line::try_parse_from([&["bench"], words].concat()).map(|line| line.arguments)
    }

    #[test]
    fn without_a_word_all_benches_are_held_five_times() {
        let arguments = read(&[]).unwrap();
        assert_eq!(
            (arguments.runs, arguments.seconds, arguments.quick),
            (5, Duration::from_secs(1), false)
        );
        assert_eq!(arguments.benches().count(), Name::value_variants().len());
    }

    #[test]
    fn benches_are_held_in_their_own_order_and_so_often() {
        let arguments = read(&["room", "udp-echo", "--runs", "9", "--seconds", "0.5"]).unwrap();
        assert_eq!((arguments.runs, arguments.seconds), (9, Duration::from_millis(500)));
        assert_eq!(arguments.benches().collect::<Vec<_>>(), [Name::UdpEcho, Name::Room]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for words in
            [&["nosuch"][..], &["--runs", "0"], &["--seconds", "x"], &["--quick", "--runs", "2"]]
        {
            assert!(read(words).is_err(), "{words:?}");
        }
    }
}
