//! The pair in ordinary use.
use harness::{Exit, Program, Server, Signal, Terminal, eventually, peer};

use crate::{CLIENT, SERVER};

const TUTORIAL: [&str; 2] = ["prefix", "ack"];

fn client(server: &Server, framing: &str) -> Program {
    Program::at(CLIENT, server.addr()).args(["--framing", framing])
}

fn run(server: &Server, framing: &str, command: &[&str]) -> Exit {
    client(server, framing).args(command).run()
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_command_on_the_command_line_is_run_and_answered() {
    for framing in TUTORIAL {
        let server = Server::start(SERVER, &["--framing", framing]);
        let exit = run(&server, framing, &["echo", "-n", "你好,", "世界"]);
        exit.assert_code(0);
        assert_eq!((exit.out().as_str(), exit.err().as_str()), ("你好, 世界\n", ""));
        let exit = run(&server, framing, &["false"]);
        exit.assert_code(0);
        assert_eq!(exit.out(), "action success!\n");
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn lines_from_a_pipe_are_commands_until_quit_or_the_end() {
    for framing in TUTORIAL {
        let server = Server::start(SERVER, &["--framing", framing]);
        let process = client(&server, framing).start();
        process.write("echo one\n\necho 二\nquit\necho three\n");
        let exit = process.wait();
        exit.assert_code(0);
        assert_eq!(exit.out(), "one\n二\n");
        let process = client(&server, framing).start();
        process.write("echo last line without an end");
        process.close_stdin();
        let exit = process.wait();
        exit.assert_code(0);
        assert_eq!(exit.out(), "last line without an end\n");
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_prompt_takes_commands_on_a_terminal() {
    let server = Server::start(SERVER, &["--framing", "prefix"]);
    let terminal = Terminal::start(client(&server, "prefix"), 60, 12);
    terminal.wait_screen(|screen: &str| screen.contains(">>:"));
    terminal.keys("echo 你好; printf '\\033[31mred'\r".as_bytes());
    terminal.wait_screen(|screen: &str| screen.contains("你好\n\\x1b[31mred"));
    terminal.keys(b"quit\r");
    terminal.wait().assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn without_a_framing_answers_stick_together() {
    let server = Server::start(SERVER, &["--framing", "none"]);
    let process = client(&server, "none").start();
    process.line("seq 1000");
    process.wait_stdout("1\n2\n3\n");
    process.line("echo mine");
    process.line("quit");
    let exit = process.wait();
    exit.assert_code(0);
    // 2 × 1024 bytes of `seq`, and of `mine` no trace.
    let expected: String = (1..=1000).map(|number| format!("{number}\n")).collect();
    let out = exit.out().replace('\n', "");
    assert!(expected.replace('\n', "").starts_with(&out), "{out}");
    assert!(exit.stdout.len() >= 2048 && exit.stdout.len() <= 2050);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_client_that_is_killed_takes_its_command_with_it() {
    for framing in TUTORIAL {
        let server = Server::start(SERVER, &["--framing", framing]);
        let process = client(&server, framing).args(["sleep", "33.25"]).start();
        server.wait_stdout("sleep 33.25");
        eventually("the command runs", || harness::usage::children(server.id()).len() == 1);
        process.signal(Signal::SIGKILL);
        eventually("the command is killed", || harness::usage::children(server.id()).is_empty());
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn an_interrupted_client_ends_with_130() {
    let server = Server::start(SERVER, &["--framing", "prefix"]);
    let process = client(&server, "prefix").args(["sleep", "33.5"]).start();
    server.wait_stdout("sleep 33.5");
    process.signal(Signal::SIGINT);
    process.wait().assert_code(130);
    eventually("the command is killed", || harness::usage::children(server.id()).is_empty());
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_server_that_is_stopped_kills_what_still_runs_after_two_seconds() {
    let server = Server::start(SERVER, &["--framing", "prefix"]);
    let mut socket = peer::connect(server.addr());
    peer::send(&mut socket, "trap '' INT TERM; sleep 33.75 & echo $!; echo $$; wait");
    eventually("the command runs", || harness::usage::children(server.id()).len() == 1);
    let shell = harness::usage::children(server.id())[0];
    eventually("its child runs", || harness::usage::children(shell).len() == 1);
    let sleep = harness::usage::children(shell)[0];
    server.signal(Signal::SIGTERM);
    server.wait().assert_code(0);
    for process in [shell, sleep] {
        eventually("the process is gone", || !std::fs::exists(format!("/proc/{process}")).unwrap());
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_second_signal_kills_the_server_and_its_commands_at_once() {
    let server = Server::start(SERVER, &["--framing", "prefix"]);
    let mut socket = peer::connect(server.addr());
    peer::send(&mut socket, "exec sleep 34");
    eventually("the command runs", || harness::usage::children(server.id()).len() == 1);
    let sleep = harness::usage::children(server.id())[0];
    server.signal(Signal::SIGINT);
    // The first is seen by this: nobody is accepted any more.
    eventually("the server stops accepting", || {
        std::net::TcpStream::connect(server.addr()).is_err()
    });
    // One that comes at once would be taken for its echo, hence more than one.
    eventually("the server ends", || {
        if server.is_running() {
            server.signal(Signal::SIGINT);
        }
        !server.is_running()
    });
    server.wait_within(std::time::Duration::from_secs(1)).assert_code(130);
    eventually("the process is gone", || !std::fs::exists(format!("/proc/{sleep}")).unwrap());
}

#[test]
fn once_serves_one_client() {
    let server = Server::start(SERVER, &["--framing", "prefix", "--once"]);
    run(&server, "prefix", &["echo", "hi"]).assert_code(0);
    server.wait().assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_silent_client_is_closed_but_not_while_its_command_runs() {
    let server = Server::start(SERVER, &["--framing", "prefix", "--idle-timeout", "0.3"]);
    let exit = run(&server, "prefix", &["sleep 0.7; echo done"]);
    assert_eq!(exit.out(), "done\n");
    let mut silent = peer::connect(server.addr());
    peer::assert_closed(&mut silent);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_journal_says_who_ran_what_on_one_line_each() {
    let server = Server::start(SERVER, &["--framing", "prefix"]);
    run(&server, "prefix", &["echo a\n127.0.0.1:1: rm -rf /\x1b[2J >/dev/null"]).assert_code(0);
    let out = String::from_utf8(server.wait_stdout("echo a")).unwrap();
    assert!(out.contains(": echo a\\n127.0.0.1:1: rm -rf /\\x1b[2J"), "{out}");
}

#[test]
fn no_server_is_an_error_that_says_how_to_start_one() {
    let addr = peer::listen().addr().to_string();
    let exit = Program::new(CLIENT).args(["-a", &addr, "--framing", "prefix", "ls"]).run();
    exit.assert_code(255);
    assert!(
        exit.err().starts_with(&format!("error: cannot connect to {addr}: connection refused")),
        "{}",
        exit.err()
    );
    assert!(exit.err().contains("cargo run -p remote-cmd"), "{}", exit.err());
}

#[test]
fn usage_errors_are_status_2_and_help_has_examples() {
    for program in [SERVER, CLIENT] {
        Program::new(program).args(["--framing", "morse"]).run().assert_code(2);
        let help = Program::new(program).arg("--help").run();
        help.assert_code(0);
        assert!(help.out().contains("Examples:"));
    }
    Program::new(SERVER).args(["--run-timeout", "-1"]).run().assert_code(2);
    Program::new(SERVER).args(["--max-output", "many"]).run().assert_code(2);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_trace_marks_which_bytes_are_the_length_and_which_the_answer() {
    for (framing, length) in [("prefix", "LLLLLLLL......"), ("stream", "LLLLLLLL........")] {
        let server = Server::start(SERVER, &["--framing", framing, "--trace"]);
        let client = run(&server, framing, &["echo hi"]);
        client.assert_code(0);
        // Beneath the hexadecimal digits; a frame of `stream` has a byte for its kind before `hi`
        // and the newline.
        server.wait_stderr(format!(" {length}\n").as_str());
    }
}
