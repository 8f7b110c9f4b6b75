//! What a person sees during a download.
use crate::play::Play;
use harness::{Program, Terminal, eventually, peer};

const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2048\r\nETag: \"v1\"\r\n\r\n";

/// A client on a terminal that has received 1 KiB of the 2 that it waits for.
fn halfway(play: &Play, args: &[&str]) -> (Terminal, std::net::TcpStream) {
    halfway_on(100, play, args)
}

fn halfway_on(columns: u16, play: &Play, args: &[&str]) -> (Terminal, std::net::TcpStream) {
    let client = Terminal::start(play.program("/page", args), columns, 24);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, format!("{HALF}{}", "x".repeat(1024)));
    (client, stream)
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_person_sees_bytes_rate_and_time_left() {
    let play = Play::new();
    let (client, mut stream) = halfway(&play, &[]);
    let screen = client.wait_screen(|screen| {
        screen.contains("page 1.00 KiB/2.00 KiB [") && screen.contains("left")
    });
    assert!(screen.contains("B/s"), "{screen}");
    peer::send(&mut stream, "x".repeat(1024));
    let exit = client.wait();
    exit.assert_code(0);
    assert!(exit.out().contains("page 2.00 KiB "), "{}", exit.out());
    assert!(exit.out().ends_with('\n'), "{:?}", exit.out());
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn on_a_narrow_terminal_one_line_is_enough() {
    let play = Play::new();
    let (client, mut stream) = halfway_on(40, &play, &[]);
    client.wait_text("1.00 KiB/2.00 KiB");
    peer::send(&mut stream, "x".repeat(1024));
    let exit = client.wait();
    exit.assert_code(0);
    let out = exit.out();
    let shown: Vec<&str> = out.lines().last().unwrap().split("\r\x1b[2K").collect();
    assert!(
        shown.iter().all(|line| line.len() <= 40) && shown.last().unwrap().starts_with("2.00 KiB "),
        "{out}"
    );
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_name_in_chinese_takes_two_columns_a_character_and_the_line_is_still_one() {
    let play = Play::new();
    let path = "/%E5%BE%88%E5%A4%A7%E7%9A%84%E6%96%87%E4%BB%B6";
    let client = Terminal::start(play.program(path, &[]), 100, 24);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, format!("{HALF}{}", "x".repeat(1024)));
    client.wait_text("很大的文件 1.00 KiB/2.00 KiB [");
    peer::send(&mut stream, "x".repeat(1024));
    let exit = client.wait();
    exit.assert_code(0);
    let columns =
        |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let out = exit.out();
    let shown: Vec<&str> = out.lines().last().unwrap().split("\r\x1b[2K").collect();
    assert!(shown.len() > 1 && shown.iter().all(|line| columns(line) <= 100), "{out}");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_body_of_unknown_length_shows_what_has_come() {
    let play = Play::new();
    let client = Terminal::start(play.program("/page", &[]), 100, 24);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(1024)));
    client.wait_text("page 1.00 KiB ");
    drop(stream);
    client.wait().assert_code(0);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn ctrl_c_leaves_the_terminal_in_order() {
    let play = Play::new();
    let (client, _stream) = halfway(&play, &[]);
    let before = client.settings();
    client.wait_text("page 1.00 KiB/2.00 KiB");
    client.keys("\x03");
    client.wait_text("1024 bytes are kept in page.part");
    let settings = client.settings();
    let exit = client.wait();
    exit.assert_code(130);
    assert_eq!(settings, before);
    assert!(exit.out().ends_with('\n'), "{:?}", exit.out());
    assert_eq!(play.files(), ["page.part", "page.part.from"]);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn an_error_stands_on_a_line_of_its_own() {
    let play = Play::new();
    let (client, stream) = halfway(&play, &[]);
    client.wait_text("page 1.00 KiB/2.00 KiB");
    drop(stream);
    let screen = client.wait_screen(|screen| screen.contains("closed after 1024 of 2048 bytes"));
    assert!(screen.lines().any(|line| line.starts_with("error: ")), "{screen}");
    assert!(screen.lines().any(|line| line.starts_with("notice: 1024 bytes are kept")), "{screen}");
    assert!(screen.lines().any(|line| line.starts_with("page 1.00 KiB ")), "{screen}");
    client.wait().assert_code(1);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_reader_that_leaves_takes_the_line_with_it() {
    let play = Play::new();
    let client = env!("CARGO_BIN_EXE_http-fetch-client");
    // `head` leaves after the first byte, and the shell behind it closes its own end before it says
    // so.
    let script = format!(
        "{client} {} -o - | {{ head -c 1 > first; exec 0<&-; : > gone; }}",
        play.url("/page")
    );
    let shell = Program::new("sh").args(["-c", &script]).dir(play.dir.path());
    let terminal = Terminal::start(shell, 100, 24);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, format!("{HALF}{}", "x".repeat(1024)));
    terminal.wait_text("1.00 KiB/2.00 KiB");
    eventually("the reader has left", || play.path("gone").exists());
    peer::send(&mut stream, "x".repeat(1024));
    let screen = terminal.wait_screen(|screen| screen.contains("cannot write standard output"));
    assert!(!screen.contains("KiB"), "{screen}");
    terminal.wait();
    assert_eq!(play.text("first"), "x");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn nobody_else_sees_it() {
    // A pipe: see the tests that compare all of standard error. A terminal that shows something
    // else:
    for args in [&["--trace"][..], &["-o", "-"]] {
        let play = Play::new();
        let (client, mut stream) = halfway(&play, args);
        peer::send(&mut stream, "x".repeat(1024));
        let exit = client.wait();
        exit.assert_code(0);
        assert!(!exit.out().contains("KiB"), "{}", exit.out());
    }
}
