//! The five tutorials that the lessons rebuild: what they are called, and where they are found.

use common::text::Text;

/// A tutorial.
#[derive(Debug)]
pub struct Document {
    /// As this workspace numbers it.
    pub number: &'static str,
    /// Its title, in its own language.
    pub title: &'static str,
    /// A few words of that, where a line has no room for all of them.
    pub short: &'static str,
    /// Where it is found, as far as the text that was at hand says so.
    pub place: Text,
}

/// All of them.
pub(crate) const DOCUMENTS: [Document; 5] = [
    Document {
        number: "000",
        title: "第十七章---网络编程",
        short: "第十七章 网络编程",
        place: Text {
            en: "by 山那边不是山, posted on 20 February 2021 in a blog of cnblogs.com",
            zh: "作者“山那边不是山”，2021 年 2 月 20 日发表于博客园（cnblogs.com）",
        },
    },
    Document {
        number: "001",
        title: "python服务端编程_TCP和UDP的区别以及使用python服务端客户端简单编程",
        short: "TCP和UDP的区别",
        place: Text {
            en: "a blog of csdn.net; look for its title",
            zh: "CSDN 博客（csdn.net）；按标题查找",
        },
    },
    Document {
        number: "002",
        title: "11. 网络编程",
        short: "11. 网络编程",
        place: Text {
            en: "chapter 11 of a Python course, whose text names neither author nor address",
            zh: "某 Python 课程的第 11 章；文中没有写作者和网址",
        },
    },
    Document {
        number: "003",
        title: "网络编程",
        short: "网络编程（TCP粘包）",
        place: Text {
            en: "a blog of csdn.net; look for its title together with TCP粘包 and 糊涂窗口",
            zh: "CSDN 博客（csdn.net）；按标题加上“TCP”“粘包”“糊涂窗口”查找",
        },
    },
    Document {
        number: "004",
        title: "Python 学习笔记(七)--socket",
        short: "Python 学习笔记(七)--socket",
        place: Text {
            en: "https://www.cnblogs.com/xuliuzai/p/15506254.html",
            zh: "https://www.cnblogs.com/xuliuzai/p/15506254.html",
        },
    },
];

/// The documents of such places as `003:131`, each once and in order.
pub fn of(places: &[&str]) -> Vec<&'static Document> {
    let is_one_of = |document: &&Document| {
        places.iter().any(|place| place.split(':').next() == Some(document.number))
    };
    DOCUMENTS.iter().filter(is_one_of).collect()
}
