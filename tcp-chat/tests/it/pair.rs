//! Server and client, together as people and scripts use them.

use std::net::TcpStream;
use std::time::Duration;

use harness::peer::{self, assert_closed, recv, recv_exact, recv_to_end, send};
use harness::{Process, Program, Server, Signal, Terminal, eventually};

use crate::{CLIENT, SERVER};

fn client_of(addr: impl ToString, args: &[&str]) -> Process {
    program(addr, args).start()
}

fn program(addr: impl ToString, args: &[&str]) -> Program {
    Program::at(CLIENT, addr).args(args)
}

/// Our client on a terminal, at its prompt.
fn at_a_prompt(server: &Server, args: &[&str], cols: u16, rows: u16) -> Terminal {
    let terminal = Terminal::start(program(server.addr(), args), cols, rows);
    terminal.wait_screen(|screen| screen.trim_end().ends_with("\n>"));
    server.wait_stderr("has joined\n");
    terminal
}

/// The settings that a terminal has before a program touches it.
fn untouched_settings() -> String {
    Terminal::start(Program::new("cat"), 80, 24).settings()
}

/// What was said, as the server shows it, without who said it.
fn said(server: &Server) -> Vec<String> {
    let shown = String::from_utf8(server.stdout()).unwrap();
    shown
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(_, text)| text.to_owned())
        .collect()
}

#[test]
fn both_sides_speak_whenever_they_like() {
    let server = Server::start(SERVER, &[]);
    let client = client_of(server.addr(), &[]);
    client.line("你好");
    server.wait_stdout(": 你好\n");
    server.line("你也好");
    client.wait_stdout("你也好\n");
    server.line("在吗");
    client.wait_stdout("在吗\n");
    client.line("bye");
    client.wait().assert_code(0);
    server.wait_stderr("said bye\n");
}

#[test]
fn the_servers_end_word_ends_all_conversations_and_not_the_server() {
    let server = Server::start(SERVER, &["--bye", "再见"]);
    let clients = [
        client_of(server.addr(), &["--bye", "再见"]),
        client_of(server.addr(), &["--bye", "再见"]),
    ];
    server.wait_stderr(|output: &[u8]| {
        String::from_utf8_lossy(output).matches("has joined").count() == 2
    });
    server.line("last words");
    for client in &clients {
        client.wait_stdout("last words\n");
    }
    server.line("再见");
    for client in clients {
        let exit = client.wait();
        exit.assert_code(0);
        assert_eq!(exit.out(), "last words\n");
        assert!(exit.err().contains("said 再见\n"));
    }
    let next = client_of(server.addr(), &[]);
    next.line("next");
    server.wait_stdout(": next\n");
}

#[test]
fn lines_from_a_pipe_wait_until_somebody_is_there() {
    for mode in ["duplex", "turns"] {
        let server = Server::start(SERVER, &["--mode", mode, "--once"]);
        server.write("welcome\nbye\n");
        server.close_stdin();
        let client = client_of(server.addr(), &["--mode", mode]);
        client.write("hello\nmore\n");
        let exit = client.wait();
        exit.assert_code(0);
        assert_eq!(exit.out(), "welcome\n");
        server.wait().assert_code(0);
    }
}

#[test]
fn a_client_that_does_not_read_does_not_keep_lines_from_the_others() {
    let server = Server::start(SERVER, &[]);
    let _stuck = peer::connect(server.addr());
    let mut other = peer::connect(server.addr());
    server.wait_stderr(|output: &[u8]| {
        String::from_utf8_lossy(output).matches("has joined").count() == 2
    });
    let line = vec![b'x'; 1 << 20];
    for _ in 0..16 {
        server.line(&line);
        assert_eq!(recv_exact(&mut other, line.len()), line);
    }
    server.wait_stderr("does not read: this line was not sent to it\n");
    server.line("end");
    assert_eq!(recv(&mut other, 512), b"end");
}

#[test]
fn past_max_clients_a_client_is_closed_and_the_others_are_not() {
    let server = Server::start(SERVER, &["--max-clients", "1"]);
    let mut first = peer::connect(server.addr());
    server.wait_stderr("has joined");
    let mut second = peer::connect(server.addr());
    assert_eq!(recv_to_end(&mut second), "the server is full: try again later".as_bytes());
    send(&mut first, "still here");
    server.wait_stdout("still here\n");
}

#[test]
fn a_silent_client_is_closed() {
    for mode in ["duplex", "turns"] {
        let server = Server::start(SERVER, &["--mode", mode, "--idle-timeout", "0.1"]);
        let mut client = peer::connect(server.addr());
        // It is told why first.
        assert!(recv(&mut client, 512).starts_with(b"you have been dropped: "));
        assert_closed(&mut client);
        server.wait_stderr("--idle-timeout");
    }
}

#[test]
fn a_client_is_not_silent_while_it_is_the_servers_turn() {
    let server = Server::start(SERVER, &["--mode", "turns", "--idle-timeout", "0.05", "--trace"]);
    let mut client = peer::connect(server.addr());
    send(&mut client, "hello");
    server.wait_stdout("hello\n");
    // Several limits pass.
    server.wait_stderr(|output: &[u8]| {
        String::from_utf8_lossy(output).matches("timed out").count() > 3
    });
    server.line("hello");
    assert_eq!(recv(&mut client, 512), b"hello");
}

#[test]
fn the_trace_shows_the_calls_of_the_lesson() {
    let server = Server::start(SERVER, &["--trace", "--once"]);
    let client = client_of(server.addr(), &["--trace"]);
    client.write("hi\nbye\n");
    let (client, server) = (client.wait(), server.wait());
    for (shown, calls) in [
        (server.err(), &["socket", "bind", "listen", "accept", "recv", "shutdown", "close"][..]),
        (client.err(), &["socket", "connect", "send", "shutdown", "recv", "close"][..]),
    ] {
        for call in calls {
            assert!(
                shown.lines().any(|line| line.split(' ').nth(1) == Some(call)),
                "{call} in:\n{shown}"
            );
        }
    }
}

#[test]
fn without_a_server_the_client_says_what_to_do() {
    let free = peer::listen();
    let addr = free.addr();
    drop(free);
    let exit = client_of(addr, &[]).wait();
    exit.assert_code(1);
    let error = exit.err();
    assert!(
        error.starts_with("error: ") && error.lines().count() == 1 && error.contains("refused"),
        "{error}"
    );
}

#[test]
fn usage_errors_are_one_line_and_status_2() {
    for wrong in
        [&["--bye", ""][..], &["--mode", "monologue"], &["--timeout", "0"], &["--nonsense"]]
    {
        let exit = Program::new(CLIENT).args(wrong).run();
        exit.assert_code(2);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn incoming_lines_appear_above_the_line_being_typed_and_do_not_break_it() {
    let server = Server::start(SERVER, &[]);
    let client = at_a_prompt(&server, &[], 60, 10);
    client.keys("你好, 我正在");
    client.wait_text("> 你好, 我正在");
    server.line("第一行消息");
    client.wait_screen(|screen| screen.ends_with("第一行消息\n> 你好, 我正在"));
    server.line("second");
    client.wait_screen(|screen| screen.ends_with("第一行消息\nsecond\n> 你好, 我正在"));
    // Two prompt columns and one for the comma and the blank each; Chinese characters take two.
    assert_eq!(client.cursor(), (2 + 2 * 5 + 2, 4 - 1));
    client.keys("打字\r");
    server.wait_stdout(": 你好, 我正在打字\n");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_line_longer_than_the_screen_is_wide_stays_whole_too() {
    let server = Server::start(SERVER, &[]);
    let client = at_a_prompt(&server, &[], 20, 12);
    let typed = "汉".repeat(25);
    // Where the rows end is the terminal's business.
    let shows =
        |wanted: String| client.wait_screen(|screen| screen.replace('\n', "").ends_with(&wanted));
    client.keys(&typed);
    shows(format!("leaves> {typed}"));
    server.line("消息");
    shows(format!("leaves消息> {typed}"));
    assert_eq!(client.cursor().0, 12);
    client.keys("\r");
    server.wait_stdout(&format!(": {typed}\n"));
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn three_pasted_lines_are_three_messages() {
    for paste in ["one\r二\rthree\r", "\x1b[200~one\r二\rthree\x1b[201~\r"] {
        let server = Server::start(SERVER, &[]);
        let client = at_a_prompt(&server, &[], 80, 24);
        client.keys(paste);
        server.wait_stdout(": three\n");
        assert_eq!(said(&server), ["one", "二", "three"]);
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_pasted_line_longer_than_the_terminals_4095_bytes_loses_nothing() {
    let long = "汉".repeat(1667);
    for paste in [
        format!("{long}\r"),
        format!("\x1b[200~{long}\x1b[201~\r"),
        format!("{long}\r{long}\r{long}\r"),
    ] {
        let server = Server::start(SERVER, &[]);
        let client = at_a_prompt(&server, &[], 80, 24);
        client.keys(&paste);
        let lines = paste.matches('\r').count();
        server.wait_stdout(|output: &[u8]| {
            String::from_utf8_lossy(output).matches('\n').count() == lines + 1
        });
        assert_eq!(said(&server), vec![long.as_str(); lines]);
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn what_a_peer_sends_cannot_move_the_cursor() {
    let server = Server::start(SERVER, &[]);
    let client = at_a_prompt(&server, &[], 80, 24);
    server.line("\x1b[2J\x1b]0;owned\x07\u{202e}");
    client.wait_text(r"\x1b[2J\x1b]0;owned\x07\u{202e}");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn the_line_before_is_fetched_with_the_arrow_key() {
    let server = Server::start(SERVER, &[]);
    let client = at_a_prompt(&server, &[], 80, 24);
    client.keys("again\r");
    server.wait_stdout(": again\n");
    client.keys("\x1b[A\r");
    server.wait_stdout(": again\n");
    server
        .wait_stdout(|output: &[u8]| String::from_utf8_lossy(output).matches("again").count() == 2);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn in_turns_the_prompt_comes_with_the_turn_and_early_keys_are_kept() {
    let server = Server::start(SERVER, &["--mode", "turns"]);
    let client = at_a_prompt(&server, &["--mode", "turns"], 80, 24);
    client.keys("first\r");
    server.wait_stdout(": first\n");
    client.keys("早");
    server.line("answer");
    client.wait_screen(|screen| screen.ends_with("> first\nanswer\n> 早"));
    client.keys("\r");
    server.wait_stdout(": 早\n");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn ctrl_d_ends_and_ctrl_c_interrupts() {
    for (key, code) in [("\x04", 0), ("\x03", 130)] {
        let server = Server::start(SERVER, &[]);
        let client = at_a_prompt(&server, &[], 80, 24);
        client.keys(key);
        client.wait().assert_code(code);
        server.wait_stderr("has left\n");
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows has no signals")]
fn a_terminal_is_left_as_it_was_found_whatever_ends_the_client() {
    type End = fn(&Server, &Terminal);
    let ends: [(&str, End); 6] = [
        ("Ctrl+D", |_, client| client.keys("\x15\x04")),
        ("Ctrl+C", |_, client| client.keys("half a line\x03")),
        ("SIGTERM", |_, client| client.signal(Signal::SIGTERM)),
        ("SIGINT", |_, client| client.signal(Signal::SIGINT)),
        ("the server's end word", |server, _| server.line("bye")),
        ("the server's death", |server, _| server.signal(Signal::SIGKILL)),
    ];
    let untouched = untouched_settings();
    for (what, end) in ends {
        let server = Server::start(SERVER, &[]);
        let client = at_a_prompt(&server, &[], 80, 24);
        assert_ne!(client.settings(), untouched);
        client.keys("半");
        client.wait_text("> 半");
        end(&server, &client);
        let exit = client.wait();
        assert_eq!(client.settings(), untouched, "after {what}");
        let output = String::from_utf8_lossy(&exit.stdout);
        assert!(
            output.rfind("\x1b[?2004l") > output.rfind("\x1b[?2004h"),
            "bracketed paste is off after {what}"
        );
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_server_on_a_terminal_ends_by_one_ctrl_c_at_its_prompt() {
    for mode in ["duplex", "turns"] {
        let untouched = untouched_settings();
        let server = Terminal::start(
            Program::new(SERVER).args(["--addr", "127.0.0.1:0", "--mode", mode]),
            80,
            24,
        );
        // In turns there is no prompt before somebody has spoken.
        let ready = |screen: &str| mode == "turns" || screen.trim_end().ends_with("\n>");
        let screen = server.wait_screen(|screen| screen.contains("listening on ") && ready(screen));
        let addr =
            screen.lines().next().unwrap().trim_start_matches("listening on ").trim().to_owned();
        let client = client_of(&addr, &["--mode", mode]);
        client.line("hello");
        server.wait_screen(|screen| screen.contains(": hello\n>"));
        server.keys("hi\r");
        client.wait_stdout("hi\n");
        client.line("once more");
        server.wait_screen(|screen| screen.contains(": once more\n>"));
        server.keys("\x03");
        server.wait_within(Duration::from_secs(4)).assert_code(0);
        assert_eq!(server.settings(), untouched);
        client.wait();
    }
}

/// Job control is the shell's, so there has to be one.
#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let server = Server::start(SERVER, &[]);
    let shell = Terminal::start(
        Program::new("bash").args(["--norc", "-i"]).env("PS1", "shell$ ").env("LANG", "C.UTF-8"),
        80,
        24,
    );
    shell.wait_text("shell$");
    shell.keys(format!("{CLIENT} --addr {}\r", server.addr()));
    server.wait_stderr("has joined");
    shell.wait_screen(|screen| screen.trim_end().ends_with("\n>"));
    for round in 1..=3 {
        shell.keys("半");
        shell.wait_screen(|screen| screen.ends_with(&format!("> {}", "半".repeat(round))));
        shell.keys("\x1a");
        shell.wait_screen(|screen| {
            screen.matches("Stopped").count() == round && screen.trim_end().ends_with("shell$")
        });
        server.line(format!("while stopped {round}"));
        shell.keys("fg\r");
        // What came meanwhile is shown, and the line is where it was.
        shell.wait_screen(|screen| {
            screen.ends_with(&format!("while stopped {round}\n> {}", "半".repeat(round)))
        });
    }
    shell.keys("\r");
    server.wait_stdout(": 半半半\n");
    shell.keys("\x04");
    server.wait_stderr("has left");
    shell.keys("exit\r");
    shell.wait();
}

#[test]
fn a_second_ctrl_c_ends_the_server_at_once() {
    let server = Server::start(SERVER, &[]);
    let mut client = peer::connect(server.addr());
    send(&mut client, "hello");
    server.wait_stdout("hello\n");
    server.signal(Signal::SIGINT);
    eventually("nobody else is let in", || TcpStream::connect(server.addr()).is_err());
    // The conversation may go on for a while.
    send(&mut client, "still talking");
    server.wait_stdout("still talking\n");
    // One that comes at once would be taken for an echo of the first, hence perhaps more than one.
    eventually("the server ends", || {
        server.signal(Signal::SIGINT);
        !server.is_running()
    });
    server.wait().assert_code(130);
    recv_to_end(&mut client);
}
