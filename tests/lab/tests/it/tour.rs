//! `cargo lab tour`: the pairs run for real, and their conversations as ladders.

use harness::{Exit, Program, Terminal};

use crate::LAB;

/// The laboratory builds what it shows, which may take its time; not in a test that waits for it.
fn lab() -> Program {
    harness::binary("tcp-echo-server");
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
            "» 服务端接收到了信息 你好",
            "exits with status 0",
            "recv 8 bytes \"网络\\xe7\\xbc\"",
            "recv 4 bytes \"\\x96程\"",
        ],
    );
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
            "» error: 'abc': not a decimal number: send degrees Celsius",
            "exits with status 1",
            "23 bytes \"echo 你好; echo again\"",
            "» 欢迎来此访问!",
        ],
    );
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
    plain.wait_text("exits with status 1");
    assert!(
        !String::from_utf8_lossy(&plain.wait_raw("Next, in two terminals")).contains("\x1b[36m")
    );
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_ladder_is_as_wide_as_the_terminal() {
    let narrow = Terminal::start(lab().args(["tour", "udp-temp"]), 72, 80);
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
