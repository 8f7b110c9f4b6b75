//! The programs speak the language of their user, and say the same in every one over the wire.

use std::net::{SocketAddr, TcpStream};

use harness::pairs::{self, PAIRS, Transport, VARIANTS};
use harness::{Program, Server, Signal, Terminal, binary, each_pair, each_program, peer};

use crate::nobody;

/// Words of which an English sentence has one or two. A Chinese one has none of them.
const ENGLISH: &[&str] = &[
    "a",
    "after",
    "again",
    "all",
    "already",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "before",
    "but",
    "by",
    "cannot",
    "connected",
    "connection",
    "default",
    "did",
    "does",
    "each",
    "for",
    "from",
    "gets",
    "has",
    "have",
    "how",
    "in",
    "is",
    "it",
    "its",
    "left",
    "lost",
    "more",
    "no",
    "not",
    "nobody",
    "of",
    "on",
    "one",
    "only",
    "or",
    "received",
    "received:",
    "refused",
    "sent",
    "so",
    "than",
    "that",
    "the",
    "then",
    "there",
    "this",
    "to",
    "too",
    "until",
    "was",
    "what",
    "when",
    "where",
    "which",
    "who",
    "with",
    "without",
    "you",
    "your",
];

/// What of `text` is English, if anything is. What is typed is the same in every language: options,
/// names, and in the examples of a help the command before the gap.
fn english(text: &str) -> Option<String> {
    let said = |line: &str| {
        let is_command = line.starts_with("  ") && !line.trim_start().starts_with('-');
        let (command, words) = line.trim_start().split_once("  ").unwrap_or((line, ""));
        let is_english = |words: &str| {
            let is_mark = |letter: char| !letter.is_ascii_alphabetic() && letter != '-';
            let mut words = words.split([' ', '：', '，', '；', '。', '（', '）', '、', '“', '”']);
            words.any(|word| ENGLISH.contains(&word.trim_matches(is_mark).to_lowercase().as_str()))
        };
        let all = if is_command && command.is_ascii() { words } else { line };
        // `[OPTIONS]`, `Usage:` and their like are the parser's own.
        let of_the_parser = ["OPTIONS", "Usage", "Options:", "Arguments:", "Print ", "possible"];
        is_english(all) || of_the_parser.iter().any(|word| line.contains(word))
    };
    text.lines().find(|line| said(line)).map(str::to_owned)
}

#[track_caller]
fn assert_chinese(text: &str) {
    assert!(english(text).is_none(), "this is English: {:?}\nin:\n{text}", english(text));
    assert!(!text.is_ascii(), "nothing of this is Chinese:\n{text}");
}

#[test]
fn english_is_told_from_chinese() {
    for words in [
        "error: 无法连接：nothing listens there",
        "notice: 127.0.0.1:9 connected",
        "Usage: x [OPTIONS]",
        "      --once  Serve one client, then exit",
        "  -V, --version  Print version",
    ] {
        assert!(english(words).is_some(), "{words}");
    }
    for words in [
        "error: 无法连接 127.0.0.1:9：连接被拒绝；用 `cargo run -p tcp-echo` 启动服务端",
        "notice: 127.0.0.1:9 已连接",
        "  tcp-echo-client --burst one two three       会有几个回答？",
        "  ls | udp-echo-client --dialect raw     每行一条消息",
        "      --lang <LANG>  帮助用的语言 [可选值：en, zh]",
    ] {
        assert_eq!(english(words), None, "{words}");
    }
}

#[test]
fn help_is_in_chinese_where_the_system_is() {
    each_program(|program| {
        for flag in ["--help", "-h"] {
            let exit = Program::new(binary(program)).arg(flag).in_chinese().run();
            exit.assert_code(0);
            assert_chinese(&exit.out());
            assert!(exit.out().contains("用法：") && exit.out().contains("例子"), "{exit:?}");
            // The same options are there, line by line.
            let english = Program::new(binary(program)).arg(flag).run().out();
            let options = |help: &str| {
                let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
                let words = lines.map(|line| line.split("  ").next().unwrap_or(line).to_owned());
                words.filter(|line| line.contains("--")).collect::<Vec<_>>()
            };
            assert_eq!(options(&exit.out()), options(&english));
        }
    });
}

#[test]
fn examples_are_aligned_by_the_width_of_their_letters() {
    each_program(|program| {
        let help = Program::new(binary(program)).arg("-h").in_chinese().run().out();
        let (_, examples) = help.split_once("例子：\n").unwrap();
        let columns: Vec<(usize, usize)> = examples
            .lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| {
                let (command, _) = line.trim_start().split_once("  ")?;
                let before = line.len() - line.trim_start().len();
                let after = line.get(before + command.len()..).unwrap_or_default();
                let gap = after.chars().take_while(|&c| c == ' ').count();
                Some((before + width(command), before + width(command) + gap))
            })
            .collect();
        let common = columns
            .iter()
            .map(|&(_, begins)| begins)
            .max_by_key(|&column| columns.iter().filter(|&&(_, begins)| begins == column).count());
        for (end, begins) in columns {
            let fits = common.is_some_and(|common| end + 2 <= common);
            assert!(!fits || Some(begins) == common, "{program}: {begins}, not {common:?}\n{help}");
        }
    });
}

/// Columns on a terminal, near enough for the letters of a help.
fn width(text: &str) -> usize {
    let is_wide = |letter: char| matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}');
    text.chars().map(|letter| if is_wide(letter) { 2 } else { 1 }).sum()
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn help_fits_a_terminal_of_60_and_80_and_120_columns() {
    each_program(|program| {
        for columns in [60, 80, 120] {
            for flag in ["-h", "--help"] {
                let help = Program::new(binary(program)).arg(flag).in_chinese();
                let shown = Terminal::start(help, columns, 50).wait();
                let shown = shown.assert_code(0).out().replace('\r', "");
                for line in shown.lines() {
                    assert!(width(line) <= usize::from(columns), "{columns}: {line:?}");
                    let first = line.trim_start().chars().next().unwrap_or(' ');
                    assert!(!"，。、；：？）”".contains(first), "{columns}: {line:?}");
                }
                let bare = |text: &str| text.split_whitespace().collect::<String>();
                let whole = Program::new(binary(program)).arg(flag).in_chinese().run().out();
                assert_eq!(bare(&shown), bare(&whole));
            }
        }
    });
}

#[test]
fn an_option_is_stronger_than_the_system() {
    each_program(|program| {
        let help = |args: &[&str], chinese: bool| {
            let program = Program::new(binary(program)).args(args).arg("-h");
            let exit = if chinese { program.in_chinese() } else { program }.run();
            exit.assert_code(0).out()
        };
        let (english, chinese) = (help(&[], false), help(&[], true));
        assert_ne!(english, chinese);
        assert_eq!(help(&["--lang", "zh"], false), chinese);
        assert_eq!(help(&["--lang=en"], true), english);
    });
}

#[test]
fn the_variables_of_the_system_are_heeded_in_their_order() {
    let help = |variables: [&str; 3]| {
        let mut program = Program::new(binary("udp-temp-client")).arg("-h");
        for (name, value) in ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().zip(variables) {
            program =
                if value.is_empty() { program.without_env(name) } else { program.env(name, value) };
        }
        program.run().out().contains("用法：")
    };
    for (variables, is_chinese) in [
        (["", "", ""], cfg!(windows) && help(["", "", ""])),
        (["zh_CN.UTF-8", "C", "C"], true),
        (["", "zh_TW", "en_US.UTF-8"], true),
        (["", "", "zh_CN.UTF-8"], true),
        (["C.UTF-8", "zh_CN", "zh_CN"], false),
        (["", "en_GB.UTF-8", "zh_CN"], false),
        (["", "", "POSIX"], false),
    ] {
        assert_eq!(help(variables), is_chinese, "{variables:?}");
    }
}

#[test]
fn usage_errors_are_told_in_chinese() {
    each_program(|program| {
        let error = |args: &[&str]| {
            let exit = Program::new(binary(program)).args(args).in_chinese().run();
            let error = exit.assert_one_error(2);
            assert_chinese(&error);
            error
        };
        assert!(error(&["--no-such-option"]).contains("'--no-such-option'"));
        assert!(error(&["--tracee"]).contains("'--trace'"));
        assert!(error(&["--lang", "fr"]).contains("en, zh"));
        error(&["--trace=yes"]);
        error(&["--trace", "--trace"]);
        if program.ends_with("-client") {
            for seconds in ["0", "abc", "nan", "1e300"] {
                assert!(error(&["--timeout", seconds]).contains("--timeout"));
            }
            error(&["--timeout"]);
        }
        if program != "http-fetch-client" {
            for addr in ["", ":::", "x y:80", "1.2.3", "127.0.0.1:65536", "http://x", "本机：80"]
            {
                error(&[&format!("--addr={addr}")]);
            }
        }
    });
}

#[test]
fn a_refused_client_is_told_in_chinese_how_to_start_the_server() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let (_nobody, addr) = nobody(pair.transport);
        let client = pair.client_to(&addr.to_string()).args(["--timeout", "5"]).args(pair.says);
        let exit = client.in_chinese().run();
        let error = exit.assert_one_error(pair.failed);
        assert_chinese(&exit.err());
        assert!(error.contains(&format!("cargo run -p {}", pair.package())), "{error}");
    });
}

#[test]
fn who_gets_no_answer_is_told_in_chinese() {
    each_pair(&PAIRS, |pair| {
        if pair.server == "tcp-chat-server" {
            return;
        }
        let (tcp, udp) = (peer::listen(), peer::udp());
        let (addr, retries): (SocketAddr, &[&str]) = match pair.transport {
            Transport::Tcp => (tcp.addr(), &[]),
            Transport::Udp => (udp.local_addr().unwrap(), &["--retries", "1"]),
        };
        let client = pair.client_to(&addr.to_string()).args(["--timeout", "0.2"]).args(retries);
        let exit = client.args(pair.says).in_chinese().run();
        exit.assert_code(pair.failed);
        assert_chinese(&exit.err());
        let unknown = pair.client_to("nowhere.invalid:9").args(pair.says).in_chinese().run();
        assert_chinese(&unknown.assert_one_error(pair.failed));
    });
}

#[test]
fn a_server_whose_port_is_taken_says_so_in_chinese() {
    each_pair(&PAIRS, |pair| {
        let first = pair.serve(&[]);
        let exit = pair.server_at(&first.addr().to_string()).in_chinese().run();
        assert_chinese(&exit.assert_one_error(1));
    });
}

#[test]
fn an_address_of_another_machine_is_refused_in_chinese() {
    each_pair(&PAIRS, |pair| {
        let exit = pair.server_at("192.0.2.1:0").in_chinese().run();
        assert_chinese(&exit.assert_one_error(1));
    });
}

#[test]
fn notices_of_a_conversation_are_in_chinese() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let server = Server::of(pair.server_at("127.0.0.1:0").in_chinese());
        let client =
            pair.speak(pair.client_to(&server.addr().to_string()).args(pair.says).in_chinese());
        let client = client.wait();
        client.assert_code(0);
        server.signal(Signal::SIGINT);
        let server = server.wait();
        server.assert_code(0);
        for said in [client.err(), server.err()] {
            // The head of an answer, which stands there too, is the protocol's.
            let ours = said.lines().filter(|line| line.starts_with("notice: "));
            let ours = ours.collect::<Vec<_>>().join("\n");
            assert!(english(&ours).is_none(), "{:?} in:\n{said}", english(&ours));
        }
        // What scripts look for stays.
        assert!(server.out().starts_with("listening on "), "{server:?}");
        assert!(server.err().lines().all(|line| line.starts_with("notice: ")), "{server:?}");
        let told = server.out() + &server.err();
        assert!(pair.server == "http-fetch-server" || !told.is_ascii(), "{told}");
    });
}

#[test]
fn a_server_that_leaves_or_resets_is_told_in_chinese() {
    each_pair(pairs::tcp(), |pair| {
        let ends: [fn(TcpStream); 2] = [drop, peer::reset];
        for end in ends {
            let listener = peer::listen();
            let client = pair.client_to(&listener.addr().to_string()).args(pair.says);
            let client = client.in_chinese().start();
            if pair.says.is_empty() {
                client.line(pair.line);
            }
            end(listener.accept());
            assert_chinese(&client.wait().err());
        }
    });
}

#[test]
fn a_client_that_resets_is_told_in_chinese() {
    each_pair(pairs::tcp(), |pair| {
        let server = Server::of(pair.server_at("127.0.0.1:0").in_chinese());
        let mut client = peer::connect(server.addr());
        peer::send(&mut client, "hi\n");
        peer::reset(client);
        // Whoever comes after it is served after it.
        pair.converse(server.addr());
        server.signal(Signal::SIGINT);
        let err = server.wait().err();
        let ours: Vec<_> = err.lines().filter(|line| line.starts_with("notice: ")).collect();
        assert_eq!(english(&ours.join("\n")), None, "{err}");
    });
}

#[test]
fn over_the_wire_the_same_is_said_in_every_language() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        if pair.server == "http-fetch-server" {
            // A page is for the one who reads it: it is in the language of its server.
            return;
        }
        let heard = |chinese: bool| {
            let server = pair.server_at("127.0.0.1:0");
            let server = Server::of(if chinese { server.in_chinese() } else { server });
            let stdout = pair.converse(server.addr()).out();
            stdout.replace(&server.addr().to_string(), "ADDR")
        };
        assert_eq!(heard(true), heard(false));
    });
}

#[test]
fn a_trace_is_the_same_in_every_language() {
    each_pair(&PAIRS, |pair| {
        let (_nobody, addr) = nobody(pair.transport);
        let client = pair.client_to(&addr.to_string()).arg("--trace").args(["--timeout", "0.3"]);
        let retries: &[&str] =
            if pair.transport == Transport::Udp { &["--retries", "0"] } else { &[] };
        let exit = client.args(retries).args(pair.says).in_chinese().run();
        let err = exit.err();
        let trace: Vec<_> = err.lines().filter(|line| line.starts_with(char::is_numeric)).collect();
        assert!(!trace.is_empty(), "{err}");
        assert!(trace.iter().any(|line| line.contains(" ! connection refused")), "{err}");
    });
}
