//! The framing `stream`: its bytes, and what can be done with it that the tutorial's framings
//! cannot.
use std::fs::File;
use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use harness::peer::{self, assert_closed, connect, recv_exact, send};
use harness::{Exit, Process, Program, Server, Signal, Terminal, eventually, usage};

use crate::{CLIENT, SERVER};

const HELLO: &[u8] = b"\x89RCMD\n\x01\x00";

fn server(args: &[&str]) -> Server {
    Server::start(SERVER, args)
}

fn client(server: &Server) -> Program {
    Program::at(CLIENT, server.addr())
}

fn run(server: &Server, command: &str) -> Exit {
    client(server).arg(command).run()
}

/// A connection on which both have said hello.
fn session(server: &Server) -> TcpStream {
    let mut socket = connect(server.addr());
    send(&mut socket, HELLO);
    assert_eq!(recv_exact(&mut socket, 8), HELLO);
    socket
}

/// A message in its frame.
fn framed(message: &[u8]) -> Vec<u8> {
    [&u32::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

fn send_message(socket: &mut TcpStream, message: impl AsRef<[u8]>) {
    send(socket, framed(message.as_ref()));
}

fn recv_message(socket: &mut TcpStream) -> Vec<u8> {
    let head: [u8; 4] = recv_exact(socket, 4).try_into().unwrap();
    recv_exact(socket, usize::try_from(u32::from_be_bytes(head)).unwrap())
}

/// The one process that the server runs.
fn the_child(server: &Server) -> u32 {
    eventually("the command runs", || usage::children(server.id()).len() == 1);
    usage::children(server.id())[0]
}

/// The child of the shell that the server runs.
fn the_printer(server: &Server) -> u32 {
    let shell = the_child(server);
    eventually("it prints", || usage::children(shell).len() == 1);
    usage::children(shell)[0]
}

/// Waits until the server's command sleeps, by itself or in a child of the shell. A shell that is
/// just starting a program catches SIGINT in between, and may forget it; on a terminal, too, one
/// presses Ctrl+C again.
fn sleeps(server: &Server) {
    let is_sleep = |id: &u32| {
        std::fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name == "sleep\n")
    };
    eventually("something sleeps", || {
        let children = usage::children(server.id());
        children.iter().any(|id| is_sleep(id) || usage::children(*id).iter().any(is_sleep))
    });
}

fn no_children(server: &Server) {
    eventually("the command has ended", || usage::children(server.id()).is_empty());
}

// The bytes.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_servers_bytes_are_those_of_the_description() {
    let server = server(&[]);
    let mut socket = session(&server);
    send(&mut socket, b"\0\0\0\x08\x01echo hi");
    assert_eq!(recv_exact(&mut socket, 17), b"\0\0\0\x04\x11hi\n\0\0\0\x05\x13\0\0\0\0");
    send_message(&mut socket, "\x01printf oops >&2; exit 3");
    assert_eq!(recv_exact(&mut socket, 18), b"\0\0\0\x05\x12oops\0\0\0\x05\x13\0\0\0\x03");
    send_message(&mut socket, "\x01kill -9 $$");
    assert_eq!(recv_message(&mut socket), b"\x14\0\0\0\x09");
    send_message(&mut socket, "\x03/");
    assert_eq!(recv_message(&mut socket), b"\x13\0\0\0\0");
    send_message(&mut socket, "\x01pwd");
    assert_eq!(recv_message(&mut socket), b"\x11/\n");
    assert_eq!(recv_message(&mut socket), b"\x13\0\0\0\0");
    send_message(&mut socket, "\x01sleep 60");
    sleeps(&server);
    send_message(&mut socket, "\x02");
    assert_eq!(recv_message(&mut socket), b"\x14\0\0\0\x02");
}

#[test]
#[cfg_attr(windows, ignore = "NUL is an input there, and not known to be empty beforehand")]
fn the_clients_bytes_are_those_of_the_description() {
    let listener = peer::listen();
    let client = Program::new(CLIENT)
        .args(["-a", &listener.addr().to_string(), "echo", "你好"])
        .stdin(std::process::Stdio::null())
        .start();
    let mut socket = listener.accept();
    assert_eq!(recv_exact(&mut socket, 8), HELLO);
    peer::assert_nothing_within(&mut socket, 50);
    send(&mut socket, HELLO);
    assert_eq!(recv_message(&mut socket), "\x01echo 你好".as_bytes());
    for byte in [framed(b"\x11out\n"), framed(b"\x12err\n"), framed(b"\x13\0\0\0\x07")].concat() {
        send(&mut socket, [byte]);
    }
    assert_closed(&mut socket);
    let exit = client.wait();
    exit.assert_code(7);
    assert_eq!((exit.out().as_str(), exit.err().as_str()), ("out\n", "err\n"));
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn an_interrupt_that_comes_with_the_command_is_not_lost() {
    // Without a shell, which may forget it: see `sleeps`.
    let server = server(&["--allow", "sleep", "--allow", "true"]);
    let mut socket = session(&server);
    for _ in 0..10 {
        send(&mut socket, [framed(b"\x01sleep 60"), framed(b"\x02")].concat());
        assert_eq!(recv_message(&mut socket), b"\x14\0\0\0\x02");
        // This one comes too late, and is not for the next command.
        send_message(&mut socket, "\x02");
        send_message(&mut socket, "\x01true");
        assert_eq!(recv_message(&mut socket), b"\x13\0\0\0\0");
    }
}

// Statuses and streams.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_clients_status_is_the_commands() {
    let server = server(&[]);
    for status in [0, 1, 3, 255] {
        run(&server, &format!("exit {status}")).assert_code(status);
    }
    run(&server, "no-such-command").assert_code(127);
    let killed = run(&server, "kill -9 $$");
    killed.assert_code(137);
    assert_eq!(killed.err(), "notice: killed by signal 9 (SIGKILL)\n");
    run(&server, "kill -TERM $$").assert_code(143);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn stdout_and_stderr_stay_apart_and_exact() {
    let server = server(&[]);
    let directory = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..=255).cycle().take(1_000_003).collect();
    let path = directory.path().join("字节");
    std::fs::write(&path, &bytes).unwrap();
    let exit = run(&server, &format!("cat '{0}'; cat '{0}' '{0}' >&2", path.display()));
    exit.assert_code(0);
    assert_eq!(exit.stdout, bytes);
    assert_eq!(exit.stderr, [&bytes[..], &bytes].concat());
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn nothing_is_added_to_output_without_a_newline() {
    let server = server(&[]);
    assert_eq!(run(&server, "printf 你好").stdout, "你好".as_bytes());
    assert_eq!(run(&server, "true").stdout, b"");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn output_comes_while_the_command_still_runs() {
    let server = server(&[]);
    let directory = tempfile::tempdir().unwrap();
    let go = directory.path().join("go");
    let command =
        format!("echo one; while ! test -e '{}'; do sleep 0.02; done; echo two >&2", go.display());
    let process = client(&server).arg(command).start();
    process.wait_stdout("one\n");
    File::create(go).unwrap();
    process.wait_stderr("two\n");
    process.wait().assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_gigabyte_passes_in_constant_memory() {
    let server = server(&[]);
    let process = client(&server)
        .arg("head -c 1073741824 /dev/zero")
        .stdout(File::create("/dev/null").unwrap())
        .start();
    let mut most = 0;
    eventually("the gigabyte has passed", || {
        let seen = [server.id(), process.id()]
            .map(|id| std::fs::read_to_string(format!("/proc/{id}/statm")));
        let pages =
            seen.iter().flatten().filter_map(|statm| statm.split(' ').nth(1)?.parse::<u64>().ok());
        most = pages.max().unwrap_or(0).max(most);
        !process.is_running()
    });
    process.wait().assert_code(0);
    assert!(most * 4096 < 32 << 20, "{most} pages");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_client_that_does_not_read_makes_the_command_wait() {
    let server = server(&[]);
    let directory = tempfile::tempdir().unwrap();
    let done = directory.path().join("done");
    let mut socket = session(&server);
    let size: u64 = 256 << 20;
    send_message(&mut socket, format!("\x01head -c {size} /dev/zero; touch '{}'", done.display()));
    assert_eq!(recv_message(&mut socket)[0], 0x11);
    // It writes no more: buffers and pipe are full. On the way it goes on within a fraction of that
    // time.
    let head = the_printer(&server);
    let (mut written, mut looks) = (0, 0);
    eventually("the command waits", || {
        let before = std::mem::replace(&mut written, usage::written(head));
        looks = if written == before { looks + 1 } else { 0 };
        looks >= 20
    });
    assert!(written < size, "{written}");
    assert!(!done.exists());
    assert!(usage::resident(server.id()) < 32 << 20);
    let mut rest = 0;
    while !recv_message(&mut socket).starts_with(b"\x13") {
        rest += 1;
    }
    assert!(rest >= size / (64 << 10) - 1);
    assert!(done.exists());
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn output_in_bulk_is_exact_whatever_the_pieces_it_is_printed_in() {
    let server = server(&[]);
    for (command, last) in [
        // Lines, which `seq` prints in pieces of 4 KiB; large pieces; small ones behind large ones.
        ("seq 3000000", "3000000\n"),
        ("seq 3000000 | dd bs=1M iflag=fullblock 2>/dev/null", "3000000\n"),
        ("seq 2999999; sleep 0.02; echo 3000000", "3000000\n"),
    ] {
        let exit = run(&server, command);
        exit.assert_code(0);
        let mut lines = exit.out().lines().map(str::to_owned).collect::<Vec<_>>().into_iter();
        assert!(
            (1..=3_000_000).all(|number| lines.next() == Some(number.to_string())),
            "{command}"
        );
        assert!(lines.next().is_none() && exit.out().ends_with(last), "{command}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn what_a_command_had_in_a_wide_pipe_is_not_lost_when_it_ends_and_its_children_do_not() {
    let server = server(&[]);
    let exit = run(&server, "head -c 30000000 /dev/zero; sleep 20 & echo $!");
    exit.assert_code(0);
    assert!(exit.stdout.starts_with(&vec![0; 30_000_000]), "{} bytes", exit.stdout.len());
    let sleeper = String::from_utf8(exit.stdout[30_000_000..].to_vec()).unwrap();
    run(&server, &format!("kill {}", sleeper.trim())).assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn an_interrupt_ends_output_in_bulk_at_once() {
    let server = server(&["--allow", "yes"]);
    let mut socket = session(&server);
    send_message(&mut socket, "\x01yes");
    for _ in 0..100 {
        assert_eq!(recv_message(&mut socket)[0], 0x11);
    }
    send_message(&mut socket, "\x02");
    let last = loop {
        let message = recv_message(&mut socket);
        if message[0] != 0x11 {
            break message;
        }
    };
    assert_eq!(last, b"\x14\0\0\0\x02");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_output_up_to_the_limit_arrives_and_nothing_after_it() {
    for limit in [1, 4096, 100_000, 3_000_001] {
        let server = server(&["--max-output", &limit.to_string()]);
        for command in ["yes", "yes | dd bs=300000 iflag=fullblock 2>/dev/null"] {
            let exit = run(&server, command);
            exit.assert_code(255);
            assert_eq!(exit.stdout.len(), limit, "{command}");
            assert!(exit.err().contains("the server's --max-output"), "{}", exit.err());
        }
        let exactly = run(&server, &format!("head -c {limit} /dev/zero"));
        exactly.assert_code(0);
        assert_eq!(exactly.stdout.len(), limit);
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_client_that_does_not_read_cannot_escape_the_limit_of_time() {
    let server = server(&["--run-timeout", "0.4"]);
    let mut socket = session(&server);
    send_message(&mut socket, "\x01yes");
    the_child(&server);
    no_children(&server);
    let last = loop {
        let message = recv_message(&mut socket);
        if message[0] != 0x11 {
            break message;
        }
    };
    assert_eq!(last, b"\x15the command was killed after 0.4 s, the server's --run-timeout");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_reader_that_leaves_ends_command_and_client_quietly() {
    let server = server(&[]);
    let process = client(&server).arg("yes").stdout(std::process::Stdio::piped());
    // `head` closes its input: here the pipe's reading end is dropped at once.
    let (reader, writer) = std::io::pipe().unwrap();
    let process = process.stdout(writer).start();
    drop(reader);
    let exit = process.wait();
    exit.assert_code(141);
    assert_eq!(exit.err(), "");
    no_children(&server);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_process_in_the_background_holds_nobody_up() {
    let server = server(&[]);
    let begun = Instant::now();
    let exit = run(&server, "sleep 20 & echo $!");
    exit.assert_code(0);
    assert!(begun.elapsed() < Duration::from_secs(5));
    run(&server, &format!("kill {}", exit.out().trim())).assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_command_has_a_session_of_its_own_and_not_the_servers_terminal() {
    let terminal = Terminal::start(Program::new(SERVER).args(["-a", "127.0.0.1:0"]), 80, 24);
    let screen =
        terminal.wait_screen(|screen| screen.lines().any(|line| line.starts_with("listening on ")));
    let addr =
        screen.lines().find_map(|line| line.trim_end().strip_prefix("listening on ")).unwrap();
    let run = |command: &str| Program::new(CLIENT).args(["-a", addr, command]).run();
    let exit =
        run("(read line </dev/tty) 2>/dev/null || echo none; (echo owned >/dev/tty) 2>/dev/null");
    assert_eq!(exit.out(), "none\n");
    assert!(
        !terminal.screen().lines().any(|line| line.trim_end() == "owned"),
        "{}",
        terminal.screen()
    );
    let exit = run("echo $$; cut -d ' ' -f 6 /proc/$$/stat");
    let (id, session) =
        exit.out().trim().split_once('\n').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert_eq!(id, session);
}

// Ends before the end.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_first_interrupt_is_the_commands() {
    let server = server(&[]);
    let process = client(&server)
        .arg("trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.02; done")
        .start();
    process.wait_stdout("ready\n");
    process.signal(Signal::SIGINT);
    let exit = process.wait();
    exit.assert_code(7);
    assert_eq!(exit.out(), "ready\ncaught\n");
    let process = client(&server).arg("sleep 60").start();
    sleeps(&server);
    process.signal(Signal::SIGINT);
    let exit = process.wait();
    exit.assert_code(130);
    assert_eq!(exit.err(), "");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_second_interrupt_leaves_and_the_command_is_killed() {
    let server = server(&[]);
    let process =
        client(&server).arg("trap 'echo no' INT; echo ready; while :; do sleep 0.02; done").start();
    process.wait_stdout("ready\n");
    process.signal(Signal::SIGINT);
    process.wait_stdout("no\n");
    process.signal(Signal::SIGINT);
    process.wait().assert_code(130);
    no_children(&server);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn an_interrupted_command_does_not_end_the_session() {
    let server = server(&[]);
    let process = client(&server).start();
    for round in 0..3 {
        process.line(format!("echo begun {round}; sleep 60"));
        process.wait_stdout(&format!("begun {round}\n"));
        sleeps(&server);
        process.signal(Signal::SIGINT);
        no_children(&server);
    }
    process.line("echo still here");
    process.wait_stdout("still here\n");
    process.line("quit");
    process.wait().assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_client_that_is_killed_takes_its_command_with_it() {
    let server = server(&[]);
    let process = client(&server).arg("sleep 61 & sleep 61; echo $!").start();
    let shell = the_child(&server);
    eventually("both sleep", || usage::children(shell).len() == 2);
    let sleepers = usage::children(shell);
    process.signal(Signal::SIGKILL);
    no_children(&server);
    for id in sleepers {
        eventually("it is killed, too", || !std::fs::exists(format!("/proc/{id}")).unwrap());
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_server_that_is_killed_is_told_by_the_client() {
    let server = server(&[]);
    let process = client(&server).arg("echo ready; exec sleep 2").start();
    process.wait_stdout("ready\n");
    server.signal(Signal::SIGKILL);
    let exit = process.wait();
    exit.assert_code(255);
    assert_eq!(
        exit.err(),
        "error: the server closed the connection before the command had ended\n"
    );
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn limits_are_told_by_name_and_the_session_goes_on() {
    let server = server(&["--run-timeout", "0.3", "--max-output", "100000"]);
    let slow = run(&server, "echo begun; sleep 60");
    slow.assert_code(255);
    assert_eq!(slow.out(), "begun\n");
    assert_eq!(
        slow.err(),
        "error: the command was killed after 0.3 s, the server's --run-timeout\n"
    );
    let process = client(&server).start();
    process.line("yes");
    process.wait_stderr("killed after 100000 bytes of output, the server's --max-output");
    process.line("echo next");
    process.wait_stdout("next\n");
    process.close_stdin();
    process.wait().assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_server_that_stops_kills_what_still_runs() {
    let server = server(&[]);
    let process = client(&server)
        .arg("trap '' INT TERM HUP; echo ready; while :; do sleep 0.05; done")
        .start();
    process.wait_stdout("ready\n");
    let shell = the_child(&server);
    server.signal(Signal::SIGTERM);
    server.wait().assert_code(0);
    eventually("the command is killed", || !std::fs::exists(format!("/proc/{shell}")).unwrap());
    process.wait();
}

// The session.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn cd_is_remembered_for_the_session() {
    let directory = tempfile::tempdir().unwrap();
    let top = directory.path().canonicalize().unwrap();
    std::fs::create_dir(top.join("目录 一")).unwrap();
    let server = Server::of(Program::new(SERVER).args(["-a", "127.0.0.1:0"]).dir(&top));
    let process = client(&server).start();
    process
        .write("pwd\ncd '目录 一'\npwd\ncd ..\npwd\ncd -\ncd nowhere\necho $?\ncd /; pwd\npwd\n");
    process.close_stdin();
    let exit = process.wait();
    exit.assert_code(0);
    let (top, sub) = (top.display().to_string(), top.join("目录 一").display().to_string());
    assert_eq!(exit.out().lines().collect::<Vec<_>>(), [&top, &sub, &top, &sub, "0", "/", &sub]);
    assert!(exit.err().starts_with("cd: nowhere: no such file or directory\n"), "{}", exit.err());
    assert!(exit.err().contains("only a plain `cd DIRECTORY` is remembered"), "{}", exit.err());
    // Another session begins where the server is.
    assert_eq!(run(&server, "pwd").out().trim(), top);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_session_ends_with_the_status_of_its_last_command() {
    let server = server(&[]);
    let process = client(&server).start();
    process.write("echo a\n\nexit 3\n");
    process.close_stdin();
    process.wait().assert_code(3);
    let process = client(&server).start();
    process.write("false\ntrue\nquit\necho not reached\n");
    let exit = process.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "");
}

/// Whether these lines are on the screen, one below the other.
fn shows(screen: &str, lines: &[&str]) -> bool {
    let shown: Vec<&str> = screen.lines().map(str::trim_end).collect();
    shown.windows(lines.len()).any(|window| window == lines)
}

fn prompt(server: &Server) -> Terminal {
    let terminal = Terminal::start(client(server), 70, 16);
    terminal.wait_text(">>:");
    terminal
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_prompt_survives_ctrl_c_and_output_without_a_newline() {
    let server = server(&[]);
    let terminal = prompt(&server);
    let before = terminal.settings();
    terminal.keys("printf 你好; printf '\\033[2J'\r");
    terminal.wait_screen(|screen| shows(screen, &["你好\\x1b[2J", ">>:"]));
    terminal.keys("sleep 60\r");
    sleeps(&server);
    terminal.keys(b"\x03");
    terminal
        .wait_screen(|screen| screen.lines().last().is_some_and(|line| line.trim_end() == ">>:"));
    terminal.keys("echo not sent\x03");
    terminal.wait_screen(|screen| shows(screen, &[">>: echo not sent", ">>:"]));
    terminal.keys("echo still here\r");
    terminal.wait_screen(|screen| shows(screen, &["still here", ">>:"]));
    assert_eq!(terminal.settings(), before);
    // History: the line before comes back.
    terminal.keys("\x1b[A; echo again\r");
    terminal.wait_screen(|screen| shows(screen, &["still here", "again", ">>:"]));
    terminal.keys("quit\r");
    terminal.wait().assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn what_is_typed_ahead_is_not_lost() {
    let server = server(&[]);
    let terminal = prompt(&server);
    let directory = tempfile::tempdir().unwrap();
    let go = directory.path().join("go");
    let wait = format!("while ! test -e '{}'; do sleep 0.02; done", go.display());
    terminal.keys(format!("echo one; {wait}\recho two\r"));
    terminal.wait_screen(|screen| shows(screen, &["one"]));
    terminal.keys("echo three\r");
    std::fs::write(go, "").unwrap();
    terminal
        .wait_screen(|screen| ["one", "two", "three"].iter().all(|line| shows(screen, &[line])));
    terminal.keys("quit\r");
    terminal.wait().assert_code(0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_second_ctrl_c_leaves_the_terminal_as_it_was_found() {
    let server = server(&[]);
    let terminal = prompt(&server);
    terminal.keys("trap 'echo no' INT; echo ready; while :; do sleep 0.02; done\r");
    terminal.wait_screen(|screen| shows(screen, &["ready"]));
    terminal.keys(b"\x03");
    terminal.wait_screen(|screen| shows(screen, &["no"]) || shows(screen, &["^Cno"]));
    terminal.keys(b"\x03");
    terminal.wait().assert_code(130);
    no_children(&server);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn only_allowed_programs_run() {
    let server = server(&["--allow", "echo", "--allow", "pwd"]);
    let exit = run(&server, "echo $HOME '*' \"a  b\" ; id");
    exit.assert_code(0);
    assert_eq!(exit.out(), "$HOME * a  b ; id\n");
    let exit = run(&server, "id");
    exit.assert_code(255);
    assert_eq!(exit.err(), "error: \"id\" is not allowed here; allowed (--allow): echo, pwd\n");
    let process = client(&server).start();
    process.write("cd /\npwd\n");
    process.close_stdin();
    assert_eq!(process.wait().out(), "/\n");
    let exit = Program::new(SERVER).args(["--allow", "no-such-program"]).run();
    exit.assert_code(1);
    assert!(
        exit.err().starts_with("error: --allow no-such-program: no such program"),
        "{}",
        exit.err()
    );
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn both_encodings_work_here_too() {
    let server = server(&["--encoding", "gbk"]);
    let exit = client(&server).args(["--encoding", "gbk", "echo 你好; echo 错误 >&2"]).run();
    assert_eq!((exit.out().as_str(), exit.err().as_str()), ("你好\n", "错误\n"));
    assert_eq!(run(&server, "printf 你").stdout, b"\xc4\xe3");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_silent_client_is_closed_but_not_while_its_command_runs() {
    let server = server(&["--idle-timeout", "0.3"]);
    let exit = run(&server, "sleep 0.8; echo done");
    exit.assert_code(0);
    let process = client(&server).start();
    process.line("echo hi");
    process.wait_stdout("hi\n");
    server.wait_stderr("--idle-timeout");
    process.line("echo ho");
    process.wait_stderr(
        "the server has ended the session: nothing was asked for too long (its --idle-timeout)",
    );
}

// Strangers.

#[test]
fn a_stranger_is_told_at_once_and_nothing_is_run() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::of(Program::new(SERVER).args(["-a", "127.0.0.1:0"]).dir(directory.path()));
    for (said, answer) in [
        ("touch owned\n", "error: this server speaks the framing stream"),
        ("t", "error: this server speaks the framing stream"),
        ("GET /;touch${IFS}owned HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n"),
        ("\x16\x03\x01\x02\0\x01\0", "\x15\x03\x03"),
    ] {
        let mut socket = connect(server.addr());
        send(&mut socket, said);
        let told = String::from_utf8(peer::recv_to_end(&mut socket)).unwrap();
        assert!(told.starts_with(answer), "{told:?}");
    }
    let mut socket = connect(server.addr());
    send(&mut socket, b"\x89RCMD\n\x09\x00");
    assert_eq!(peer::recv_to_end(&mut socket), HELLO);
    server.wait_stderr("the client speaks version 9 of the framing stream");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

/// Our client against a server that says this.
fn against(said: &[u8]) -> Exit {
    let listener = peer::listen();
    let addr = listener.addr().to_string();
    let client = Program::new(CLIENT).args(["-a", &addr, "--timeout", "0.5", "id"]).start();
    let mut socket = listener.accept();
    assert_eq!(recv_exact(&mut socket, 8), HELLO);
    send(&mut socket, said);
    client.wait()
}

#[test]
fn a_server_of_another_protocol_is_an_error_at_once() {
    for (said, told) in [
        (
            &b"SSH-2.0-OpenSSH_9.2\r\n"[..],
            "does not speak the framing stream, it said \"SSH-2.0-OpenSSH_9.2\"",
        ),
        (b"error: the server is full\n", "the server said: the server is full"),
        (b"\x89RCMD\n\x02\x00", "the server speaks version 2 of the framing stream, this client 1"),
        (b"\x89RCMD\n\x01\x01", "the server wants a key"),
        (b"", "the server said nothing for 0.5 s: does it speak another --framing?"),
    ] {
        let exit = against(said);
        exit.assert_code(255);
        assert!(exit.err().contains(told), "{told}: {}", exit.err());
        assert_eq!(exit.err().lines().count(), 1);
    }
}

#[test]
fn framings_that_do_not_match_are_an_error_at_once() {
    for framing in ["prefix", "ack", "none"] {
        let tutorial = server(&["--framing", framing]);
        let exit = client(&tutorial).args(["--timeout", "5", "id"]).run();
        exit.assert_code(255);
        assert!(
            exit.err().contains("this server does not speak the framing stream"),
            "{}",
            exit.err()
        );
        let stream = server(&[]);
        let exit = client(&stream).args(["--framing", framing, "--timeout", "5", "id"]).run();
        if framing != "none" {
            exit.assert_code(255);
            assert!(exit.err().contains("--framing"), "{}", exit.err());
        } else {
            assert!(exit.out().contains("this server speaks the framing stream"), "{}", exit.out());
        }
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_client_that_breaks_the_rules_is_closed_and_others_are_served() {
    let server = server(&[]);
    for wrong in [
        &b"\0\0\0\0"[..],
        b"\xff\xff\xff\xff",
        b"\0\x01\0\x02",
        b"\0\0\0\x01\x7f",
        b"\0\0\0\x02\x01\xff",
        b"\0\0\0\x02\x02!",
        b"\0\0\0\x09\x01sleep 60\0\0\0\x03\x01id",
        b"GET / HTTP/1.1\r\n\r\n",
    ] {
        let mut socket = session(&server);
        send(&mut socket, wrong);
        let mut told = Vec::new();
        let _ = socket.read_to_end(&mut told);
        assert!(told.get(4) == Some(&0x15) || told.is_empty(), "{}", told.escape_ascii());
        no_children(&server);
    }
    run(&server, "true").assert_code(0);
}

#[test]
fn a_server_that_breaks_the_rules_is_an_error() {
    for wrong in [&b"\xff\xff\xff\xff"[..], b"\0\0\0\0", b"\0\0\0\x02\x13\0", b"\0\0\0\x03\x01id"] {
        let exit = against(&[HELLO, wrong].concat());
        exit.assert_code(255);
        assert!(exit.err().starts_with("error: "), "{}", exit.err());
    }
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn nothing_is_left_of_clients_that_have_gone() {
    let server = server(&[]);
    run(&server, "true");
    let before = usage::open_files(server.id());
    let clients: Vec<Process> =
        (0..5).map(|_| client(&server).arg("echo hi; sleep 60").start()).collect();
    for client in &clients {
        client.wait_stdout("hi\n");
    }
    drop(clients);
    no_children(&server);
    eventually("every file is closed", || usage::open_files(server.id()) <= before);
    eventually("every thread has ended", || usage::threads(server.id()) < 6);
}
