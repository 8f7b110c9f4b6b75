//! The names of figures, contests and contestants, which the benches have in English, in the
//! language that is spoken.

use common::text::{Lang, lang};

/// Names in Chinese, between the commas; of those that begin with a number what follows it.
const NAMES: &[(&str, &str)] = &[
    // Figures.
    ("messages/s", "消息/秒"),
    ("MiB resident", "常驻 MiB"),
    ("KiB a connection", "每条连接 KiB"),
    ("ms until a new one is served", "新连接等待 ms"),
    ("server's MiB", "服务端 MiB"),
    ("client's MiB", "客户端 MiB"),
    ("s", "秒"),
    ("s of processor", "处理器秒"),
    ("MiB at most", "最多 MiB"),
    ("round trips/s", "往返/秒"),
    ("ms to `listening on`", "到 `listening on` 的 ms"),
    ("MiB at rest", "空闲 MiB"),
    ("s to build", "编译秒数"),
    ("crates", "crate 数"),
    ("requests/s", "请求/秒"),
    ("datagrams/s", "数据报/秒"),
    ("deliveries/s", "送达/秒"),
    ("99 of 100 within ms", "百分之九十九在多少 ms 内"),
    ("p99 ms", "p99 ms"),
    ("max ms", "最长 ms"),
    ("sent late", "发晚了"),
    ("server busy %", "服务端忙 %"),
    ("closed loop", "一问一答"),
    ("server's s of processor", "服务端的处理器秒数"),
    ("KiB a member", "每个成员 KiB"),
    ("s until all have joined", "全部加入用的秒数"),
    // Contests and series.
    ("connection", "条连接"),
    ("connections", "条连接"),
    ("silent connections", "条不说话的连接"),
    ("GiB of output", "GiB 的输出"),
    ("MiB from nginx", "MiB，从 nginx 取"),
    ("B there and back", "B 一来一回"),
    ("on one processor", "在一个处理器上"),
    ("start", "启动"),
    ("first build", "第一次编译"),
    ("kept alive", "保持连接"),
    ("closed after each answer", "每次回答后关闭"),
    ("asked and counted by wrk", "由 wrk 提问和计数"),
    ("one connection", "一条连接"),
    ("in flight", "个同时在路上"),
    ("B frames", "B 的帧"),
    ("KiB frames", "KiB 的帧"),
    ("members", "个成员"),
    ("silent members", "个不说话的成员"),
    ("due a second", "条消息每秒按时发出"),
    ("lines due a second", "行每秒按时说出"),
    ("one file", "一个文件"),
    ("files of 100 B", "个 100 B 的文件"),
    ("empty files", "个空文件"),
    ("and one that does not read", "其中一个不读"),
    ("talk", "人说话"),
    ("each with a line of 40 B on its way", "每人一行 40 B 在路上"),
    ("by the number of connections", "连接越来越多"),
    ("by the size of a message", "消息越来越长"),
    ("one way", "单向"),
    ("by the size of a frame", "帧越来越长"),
    ("more and more in flight", "同时在路上的越来越多"),
    ("longer and longer", "越来越长"),
    ("Deliveries a second", "每秒送达"),
    ("bytes", "字节"),
    // Who takes part.
    ("tasks", "任务"),
    ("threads", "线程"),
    ("Python threads", "Python 线程"),
    ("KiB reads", "KiB 一次地读"),
    ("remote-cmd with a key", "remote-cmd 加密钥"),
    ("no frames", "不分帧"),
    ("KiB gathered", "KiB 攒着发"),
    ("blocking", "阻塞式"),
    ("KiB buffers", "KiB 的缓冲区"),
    ("tokio", "tokio"),
    ("nginx tuned", "调优过的 nginx"),
    ("receiving 1 KiB at a time", "一次收 1 KiB"),
    ("the tutorial's loop", "教程的循环"),
    ("a frame in one write", "一帧一次写"),
    ("a frame in two writes", "一帧两次写"),
    ("Nagle's algorithm on", "开着 Nagle 算法"),
    ("one worker", "一个工作进程"),
    ("no log", "不写日志"),
    ("buffered log", "日志带缓冲"),
    ("one write", "一次写"),
    ("head in pieces", "响应头分几次写"),
    ("ours", "我们的"),
    ("its lines unread", "它的输出没人读"),
    ("as in the tutorials", "跟教程一样"),
    ("as in the tutorial", "跟教程一样"),
    ("sendfile off", "不用 sendfile"),
    ("sendfile on", "用 sendfile"),
    ("room", "聊天室"),
    ("all read", "人人都读"),
    ("one does not", "有一个不读"),
];

/// A name in the language that is spoken.
pub(crate) fn shown(name: &str) -> String {
    match lang() {
        Lang::En => name.to_owned(),
        Lang::Zh => name.split(", ").map(fragment).collect::<Vec<_>>().join("，"),
    }
}

fn fragment(words: &str) -> String {
    let known = |words: &str| NAMES.iter().find(|(en, _)| *en == words).map(|(_, zh)| *zh);
    if let Some(chinese) = known(words) {
        return chinese.to_owned();
    }
    match words.split_once(' ') {
        Some((number, rest)) if number.starts_with(|first: char| first.is_ascii_digit()) => {
            format!("{number} {}", known(rest).unwrap_or(rest))
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use common::text::speaking;

    use super::*;

    #[test]
    fn names_are_said_piece_by_piece_around_their_numbers() {
        let chinese = |name| speaking(Lang::Zh, || shown(name));
        assert_eq!(chinese("50 connections, 64 B"), "50 条连接，64 B");
        assert_eq!(
            chinese("2000 members, and one that does not read"),
            "2000 个成员，其中一个不读"
        );
        assert_eq!(chinese("nginx, one worker, no log"), "nginx，一个工作进程，不写日志");
        assert_eq!(chinese("C epoll"), "C epoll");
        assert_eq!(speaking(Lang::En, || shown("tasks")), "tasks");
    }

    /// The sources in a folder and in those within it.
    fn sources(folder: &Path) -> Vec<String> {
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let read = |file: PathBuf| match file.is_dir() {
            true => sources(&file),
            false => vec![std::fs::read_to_string(&file).unwrap()],
        };
        files.flat_map(read).collect()
    }

    /// Every name in the benches that is made of English words is known in Chinese.
    #[test]
    fn no_name_in_the_benches_is_left_in_english() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed");
        let sources = sources(Path::new(folder));
        let mut unknown = Vec::new();
        for source in &sources {
            for before in ["name: \"", "Contest::new(\"", "enter(\"", "&str = \"", "series(\""] {
                for (_, rest) in source.match_indices(before).map(|(at, _)| source.split_at(at)) {
                    let name = rest.get(before.len()..).unwrap().split('"').next().unwrap();
                    let english = |piece: &str| {
                        let words = piece.split(' ').filter(|word| word.len() > 1);
                        let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
                        words.filter(|word| plain(word)).count() > 1
                    };
                    let said = speaking(Lang::Zh, || shown(name));
                    if said.split('，').any(english) && name != "python3 -m http.server" {
                        unknown.push(name.to_owned());
                    }
                }
            }
        }
        assert_eq!(unknown, [""; 0]);
    }
}
