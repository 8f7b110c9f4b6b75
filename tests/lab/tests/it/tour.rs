//! `cargo lab tour`: the pairs run for real, and their conversations as ladders.

use harness::{Exit, Program, Terminal};

use crate::LAB;
use crate::chinese::assert_chinese;

/// The laboratory builds what it shows, which may take its time; not in a test that waits for it.
fn lab() -> Program {
    for pair in harness::pairs::PAIRS {
        harness::binary(pair.server);
    }
    Program::new(LAB)
}

fn tour(args: &[&str]) -> Exit {
    let exit = lab().arg("tour").args(args).run();
    exit.assert_code(0);
    exit
}

/// The arrows and words of the ladders, without times, states and frames.
fn rungs(exit: &Exit) -> Vec<String> {
    let lines = exit.out();
    let between = lines.lines().filter_map(|line| {
        let (_, rest) = line.split_once('│')?;
        let (between, _) = rest.rsplit_once('│')?;
        Some(between.trim_matches([' ', '─', '▶', '◀']).to_owned())
    });
    between.filter(|rung| !rung.is_empty()).collect()
}

fn assert_in_order(exit: &Exit, wanted: &[&str]) {
    let rungs = rungs(exit);
    let mut rest = rungs.iter();
    for wanted in wanted {
        assert!(rest.any(|rung| rung == wanted), "no {wanted:?} in its place in {rungs:#?}");
    }
}

#[test]
fn an_echo_is_told_from_the_first_socket_to_the_last_close() {
    let exit = tour(&["tcp-echo"]);
    assert_in_order(
        &exit,
        &[
            "socket, bind, listen",
            "socket",
            "connect, accept",
            "6 bytes \"你好\"",
            "34 bytes \"服务端接收到了信息 你\"…",
            "shutdown: end of stream",
            "close: end of stream",
            "recv 8 bytes \"网络\\xe7\\xbc\"",
            "recv 4 bytes \"\\x96程\"",
        ],
    );
}

/// The part of the tour that shows the scene with these words, up to the next one.
fn scene(exit: &Exit, says: &str) -> String {
    let out = exit.out();
    let (_, rest) = out.split_once(says).unwrap_or_else(|| panic!("no {says:?} in {out}"));
    // A scene's commands begin with a prompt; the next scene has some of its own.
    let (commands, rest) = rest.split_once("\n\n").unwrap();
    let rest = rest.split("\n  $ ").next().unwrap();
    format!("{commands}\n\n{rest}")
}

#[test]
fn what_the_programs_printed_is_set_apart_from_what_they_called() {
    let exit = tour(&["tcp-echo", "--width", "240"]);
    let scene = scene(&exit, "repeats it behind some words.");
    let printed = scene.split_once("Printed by the server:").unwrap();
    assert!(printed.0.contains("close: end of stream") && !printed.0.contains('»'), "{scene}");
    let lines: Vec<&str> = printed.1.lines().map(str::trim).collect();
    assert!(lines.contains(&"» 服务端接收到了信息 你好"), "{scene}");
    assert!(lines.contains(&"The client exits with status 0."), "{scene}");
    assert!(lines[1].starts_with("» listening on 127.0.0.1:"), "{scene}");
    assert!(!printed.1.contains('│'), "no call follows what was printed: {scene}");
}

#[test]
fn the_command_above_a_scene_is_the_one_that_ran() {
    let exit = tour(&["http-fetch", "--width", "240"]);
    let scene = scene(&exit, "fetches the welcome page.");
    let url = scene.split_once("http-fetch-client -- --trace http://").unwrap().1;
    let host = url.split('/').next().unwrap();
    for place in ["--addr ", "listening on ", "server "] {
        assert!(scene.contains(&format!("{place}{host}")), "no {place}{host} in {scene}");
    }
    // A trace shows the beginning of what is sent.
    assert!(scene.contains("Host: 127.0.0."), "{scene}");
    assert!(
        scene.contains(&format!("$ cargo run -p http-fetch -- --addr {host} --trace --once\n"))
    );
    // The head comes before the body, as the client printed them.
    let head = scene.find("» HTTP/1.1 200 OK").unwrap();
    assert!(head < scene.find("» 欢迎来此访问!").unwrap(), "{scene}");
}

#[test]
#[cfg_attr(
    not(unix),
    ignore = "what the kernel sends for a program that was killed is another thing there"
)]
fn a_reset_a_half_close_and_a_server_that_vanishes_have_a_scene_each() {
    let exit = tour(&["tcp-echo", "--width", "240"]);
    let half = scene(&exit, "The server is still thinking.");
    let end = half.find("shutdown: end of stream").unwrap();
    assert!(end < half.find("bytes \"服务端接收到了信息 你\"…").unwrap(), "{half}");
    let vanished = scene(&exit, "is killed while it thinks about the answer.");
    assert!(vanished.contains("is killed: end of stream"), "{vanished}");
    assert!(vanished.contains("The server was killed.") && vanished.contains("» error: "));
    let reset = scene(&exit, "since its receive buffer holds three.");
    assert!(reset.contains("is killed: reset (RST)"), "{reset}");
    assert!(reset.contains("The client exits with status 1."), "{reset}");
    for kill in [&vanished, &reset] {
        assert!(
            kill.contains(if cfg!(windows) { "$ taskkill /F" } else { "$ kill -9 " }),
            "{kill}"
        );
    }
}

#[test]
fn a_second_client_is_connected_and_waits_until_the_first_has_gone() {
    let exit = tour(&["tcp-echo", "--width", "240"]);
    let queue = scene(&exit, "The second comes while the first is served.");
    let at = |what: &str| queue.find(what).unwrap_or_else(|| panic!("no {what} in {queue}"));
    // The two halves of the second handshake are far apart.
    let connected = at(" connect ─│");
    let served = at("bytes \"服务端接收到了信息 f");
    assert!(connected < at("send 6 bytes \"second\"") && connected < served, "{queue}");
    assert!(at("┊ accept") > served, "{queue}");
    assert!(queue.contains("client 1 127.0.0.1:") && queue.contains("client 2 127.0.0.1:"));
}

#[test]
fn a_lost_datagram_has_a_scene_and_is_sent_again() {
    let exit = tour(&["udp-echo", "--width", "240"]);
    let scene = scene(&exit, "makes it lose the first.");
    // The tap prints a ladder of its own.
    let is_row = |line: &&str| line.contains('│') && !line.contains('»');
    let ladder: String = scene.lines().filter(is_row).collect();
    assert_eq!(ladder.matches("7 bytes \"Michael\"").count(), 2, "{scene}");
    assert_eq!(ladder.matches("lost").count(), 1, "{scene}");
    assert!(ladder.contains('✗') && ladder.contains("bytes \"Hello, Michael!\""), "{scene}");
    assert!(scene.contains("1 dropped") && scene.contains("cargo lab tap --udp"), "{scene}");
}

/// How often each scene is drawn beside the others; `TIMES=100` takes some minutes.
fn times() -> usize {
    std::env::var("TIMES").map_or(2, |times| times.parse().unwrap())
}

#[test]
fn every_scene_is_drawn_in_an_order_that_can_have_happened_each_time_on_a_busy_machine() {
    // A scene of which no order is possible is an error, and not shown. The lessons are one
    // another's load.
    std::thread::scope(|scope| {
        for lesson in ["tcp-echo", "tcp-chat", "udp-echo", "udp-temp", "remote-cmd", "http-fetch"] {
            scope.spawn(move || {
                let scenes = |exit: &Exit| exit.out().matches("\n  $ ").count();
                let first = scenes(&tour(&[lesson]));
                assert!(first > 0, "{lesson}");
                for _ in 1..times() {
                    let exit = tour(&[lesson]);
                    assert_eq!(scenes(&exit), first, "{}", exit.out());
                }
            });
        }
    });
}

#[test]
fn every_word_of_a_ladder_is_explained_where_it_is_new() {
    let exit = tour(&["tcp-echo"]);
    let out = exit.out();
    for word in ["socket", "bind", "listen", "connect", "accept", "shutdown", "close", "is killed"]
    {
        assert_eq!(out.matches(&format!("\n    {word}  ")).count(), 1, "{word} in {out}");
    }
    #[cfg(target_os = "linux")]
    for state in ["LISTEN", "ESTABLISHED", "CLOSE-WAIT", "TIME-WAIT"] {
        assert_eq!(out.matches(&format!("\n    {state}  ")).count(), 1, "{state} in {out}");
    }
}

#[test]
fn the_tour_speaks_chinese_and_so_do_its_programs() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("tour.html");
    for width in ["60", "80", "120"] {
        let html = file.to_str().unwrap();
        let exit = tour(&["udp-echo", "--lang", "zh", "--width", width, "--html", html]);
        let out = exit.out();
        for words in [
            "三个数据报，三个回答。",
            "服务端打印的：",
            "客户端退出，状态是 0。",
            "7 字节 \"Michael\"",
        ] {
            assert!(out.contains(words), "no {words} in {out}");
        }
        assert!(out.contains("--trace --lang zh"), "{out}");
        assert_chinese(&out);
        let is_row = |line: &&str| line.contains('│') && !line.contains('»');
        for line in out.lines().filter(is_row) {
            let before = line.rsplit_once('│').unwrap().0;
            let columns = common::terminal::columns(line);
            assert!(columns <= width.parse().unwrap(), "{width}: {line}");
            assert!(common::terminal::columns(before) >= 55, "{width}: {line}");
        }
        let page = std::fs::read_to_string(&file).unwrap();
        assert!(
            page.contains("<html lang=\"zh-CN\">") && page.contains(">7 字节 &quot;Michael&quot;")
        );
    }
}

#[test]
fn every_width_has_its_ladders_straight() {
    for width in ["60", "80", "120"] {
        let exit = tour(&["tcp-echo", "--width", width]);
        let out = exit.out();
        let ladders = out.lines().filter(|line| line.contains('│'));
        for line in ladders {
            let columns = common::terminal::columns(line);
            assert!(columns <= width.parse().unwrap(), "{columns} of {width}: {line}");
            assert_eq!(line.matches('│').count(), 2, "{line}");
        }
    }
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "the kernel tells the state of a connection on Linux"
)]
fn the_states_of_the_connection_stand_at_the_sides() {
    let lines = tour(&["tcp-echo"]).out();
    for side in [
        "│ LISTEN",
        "ESTABLISHED │─ connect, accept ─",
        "▶│ ESTABLISHED",
        "│ CLOSE-WAIT",
        "TIME-WAIT │",
    ] {
        assert!(lines.contains(side), "no {side} in {lines}");
    }
}

#[test]
fn every_lesson_is_shown_with_what_to_notice_and_what_to_try() {
    let exit = tour(&[]);
    let lines = exit.out();
    for lesson in ["tcp-echo", "tcp-chat", "udp-echo", "udp-temp", "remote-cmd", "http-fetch"] {
        assert!(lines.contains(&format!(". {lesson}: ")), "{lines}");
        assert!(lines.contains(&format!("\n  cargo run -p {lesson}")), "{lines}");
    }
    assert_in_order(
        &exit,
        &[
            "3 bytes \"bye\"",
            "15 bytes \"Hello, Michael!\"",
            "31 bytes \"转换为华氏温度为: 97.88\"",
            if cfg!(windows) {
                "22 bytes \"echo 你好&echo again\""
            } else {
                "23 bytes \"echo 你好; echo again\""
            },
            "exits: end of stream",
        ],
    );
    for printed in ["» error: 'abc': not a decimal number: send degrees Celsius", "» 欢迎来此访问!"]
    {
        assert!(lines.contains(printed), "no {printed} in {lines}");
    }
    assert!(!lines.contains('\x1b'), "colours are for terminals");
    assert!(!lines.contains("recvfrom 0 bytes"), "how a server wakes itself up is nobody's lesson");
}

#[test]
fn a_lesson_that_does_not_exist_is_a_usage_error_that_names_those_that_do() {
    let exit = lab().args(["tour", "nope"]).run();
    exit.assert_code(2);
    assert!(
        exit.err().contains("tcp-echo, tcp-chat, udp-echo, udp-temp, remote-cmd, http-fetch"),
        "{}",
        exit.err()
    );
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_terminal_gets_colours_unless_it_wants_none() {
    let tour = || lab().args(["tour", "udp-temp"]);
    let colourful = Terminal::start(tour().without_env("NO_COLOR"), 110, 60);
    colourful.wait_raw("\x1b[36m");
    colourful.wait().assert_code(0);
    let plain = Terminal::start(tour().env("NO_COLOR", "1"), 110, 60);
    plain.wait_text("exits with status 1.");
    assert!(
        !String::from_utf8_lossy(&plain.wait_raw("Next, in two terminals")).contains("\x1b[36m")
    );
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_ladder_is_as_wide_as_the_terminal() {
    let narrow = Terminal::start(lab().args(["tour", "udp-temp"]), 72, 120);
    let screen = narrow.wait_screen(|screen| screen.contains("Next, in two terminals"));
    let rungs: Vec<&str> = screen.lines().filter(|line| line.contains('│')).collect();
    assert!(rungs.len() > 10, "{screen}");
    // A row that went on in the next one would leave a piece without both lines there.
    assert!(rungs.iter().all(|rung| rung.matches('│').count() == 2), "{screen}");
    narrow.wait().assert_code(0);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    let tour = lab().args(["tour", "udp-temp"]).stdout(writer).start();
    drop(reader);
    let exit = tour.wait();
    exit.assert_code(0);
    assert_eq!(exit.err(), "");
}

#[test]
fn the_same_is_written_as_one_page_without_script_or_other_files() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("tour.html");
    let exit = tour(&["udp-temp", "--html", file.to_str().unwrap()]);
    assert!(exit.out().contains("exits with status 1"), "the text is shown all the same");
    assert!(exit.err().contains("notice: the page is in "), "{}", exit.err());
    let page = std::fs::read_to_string(file).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert_eq!(page.matches("<svg").count(), 1);
    assert!(page.contains("31 bytes &quot;转换为华氏温度为: 97.88&quot;</text>"), "{page}");
    assert!(page.contains("<html lang=\"en\">"), "{page}");
    let printed = page.split_once("<pre class=\"printed\">").unwrap().1;
    assert!(printed.contains("» ") || printed.contains("转换为华氏温度为: 97.88\n"), "{page}");
    // The namespace of SVG is a name, not an address that anybody visits.
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    for other in ["<script", "<link", "<img", "src=", "@import", "url(", "http://", "https://"] {
        assert!(!addresses.contains(other), "{other}");
    }
}

#[test]
fn a_page_that_cannot_be_written_is_an_error_that_names_it() {
    let exit = lab().args(["tour", "udp-temp", "--html", "/nowhere/tour.html"]).run();
    exit.assert_code(1);
    assert!(
        exit.err().starts_with("error: cannot write /nowhere/tour.html: no such file or directory"),
        "{}",
        exit.err()
    );
}
