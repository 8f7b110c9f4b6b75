//! The ideas of the tutorials.

mod addresses;
mod servers;
mod sockets;
mod sticky;
mod tcp;
mod udp;

use common::text::Text;

/// One idea. The experiments that show it name it in their `rows`.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its number in the list.
    pub(crate) id: &'static str,
    /// The idea itself.
    pub(crate) idea: Text,
    /// Documents and lines of the tutorials: `003:131` is line 131 of document 003.
    pub(crate) taught: &'static [&'static str],
    /// What is wrong or missing there.
    pub(crate) wrong: Text,
    /// Commands that show it, besides experiments.
    pub(crate) run: &'static [Run],
    /// What to know where no program can show it, or not all of it.
    pub(crate) read: Text,
}

/// A command, and a word about it.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) command: &'static str,
    pub(crate) remark: Text,
}

const NOTHING: Text = Text { en: "", zh: "" };

/// All ideas, by subject.
pub(crate) const PARTS: &[(Text, &[Row])] = &[
    (Text { en: "A. Networks, protocols, addresses", zh: "A. 网络、协议、地址" }, addresses::ROWS),
    (Text { en: "B. TCP", zh: "B. TCP" }, tcp::ROWS),
    (Text { en: "C. UDP", zh: "C. UDP" }, udp::ROWS),
    (Text { en: "D. The socket interface", zh: "D. 套接字接口" }, sockets::ROWS),
    (Text { en: "E. Sticky messages and buffers", zh: "E. 粘包与缓冲区" }, sticky::ROWS),
    (Text { en: "F. Servers for many, chat, HTTP", zh: "F. 多客户端、聊天、HTTP" }, servers::ROWS),
];
