//! Commands of Windows: what `cmd` prints, and the end of all that it has started.
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use harness::peer::{connect, recv_exact, send};
use harness::{Exit, Process, Program, Server, Signal, eventually};

use crate::{CLIENT, SERVER};

const FRAMINGS: [&str; 3] = ["stream", "prefix", "ack"];

const HELLO: &[u8] = b"\x89RCMD\n\x01\x00";

fn client(server: &Server, framing: &str) -> Program {
    Program::at(CLIENT, server.addr()).args(["--framing", framing])
}

fn run(server: &Server, framing: &str, command: &str) -> Exit {
    client(server, framing).arg(command).run()
}

/// A server in a console with this code page, which ends with its first client.
fn server_in_code_page(page: u32, framing: &str) -> Server {
    let server = Path::new(SERVER);
    let name = server.file_name().unwrap().to_str().unwrap();
    let line = format!("chcp {page} >nul & {name} --addr 127.0.0.1:0 --once --framing {framing}");
    Server::of(Program::new("cmd").args(["/C", &line]).dir(server.parent().unwrap()))
}

#[test]
fn what_cmd_prints_is_utf_8_whatever_the_code_page_of_the_console() {
    for page in [936, 437, 65001] {
        for framing in FRAMINGS {
            let server = server_in_code_page(page, framing);
            let exit = run(&server, framing, "echo 你好, wörld ½");
            exit.assert_code(0);
            assert_eq!(exit.out(), "你好, wörld ½\r\n", "{page} {framing}");
        }
    }
}

#[test]
fn names_of_files_and_complaints_in_chinese_are_utf_8() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("目录")).unwrap();
    let server = Server::of(Program::at(SERVER, "127.0.0.1:0").dir(directory.path()));
    let exit = run(&server, "stream", "dir /b");
    exit.assert_code(0);
    assert_eq!(exit.out(), "目录\r\n");
    let exit = run(&server, "stream", "没有这个命令");
    assert_ne!(exit.code, Some(0));
    assert!(exit.err().contains("没有这个命令"), "{}", exit.err());
}

#[test]
fn a_line_with_quotation_marks_and_signs_goes_to_cmd_as_it_is() {
    let server = Server::start(SERVER, &[]);
    for (line, printed) in [
        ("echo \"a  b\" c", "\"a  b\" c\r\n"),
        ("\"cmd\" /C \"echo x\"", "x\r\n"),
        ("echo one&echo two", "one\r\ntwo\r\n"),
    ] {
        assert_eq!(run(&server, "stream", line).out(), printed, "{line}");
    }
}

#[test]
fn the_status_is_the_commands() {
    let server = Server::start(SERVER, &[]);
    run(&server, "stream", "exit 3").assert_code(3);
    run(&server, "stream", "echo ok").assert_code(0);
}

#[test]
fn cd_is_remembered_and_commands_run_there() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(directory.path().join("目录\\sub")).unwrap();
    let server = Server::of(Program::at(SERVER, "127.0.0.1:0").dir(directory.path()));
    let process = client(&server, "stream").start();
    process.write("cd 目录\\sub\necho %CD%\ncd ..\necho %CD%\n");
    process.close_stdin();
    let exit = process.wait();
    exit.assert_code(0);
    let lines: Vec<_> = exit.out().lines().map(str::to_owned).collect();
    assert!(lines[0].ends_with("\\目录\\sub") && !lines[0].starts_with("\\\\"), "{lines:?}");
    assert!(lines[1].ends_with("\\目录"), "{lines:?}");
}

/// A command that runs until somebody ends it: another server, below a `cmd` of its own.
fn endless() -> String {
    format!("cmd /C \"\"{SERVER}\" --addr 127.0.0.1:0\"")
}

/// Where the endless command listens.
fn listens_at(line: &[u8]) -> SocketAddr {
    let line = String::from_utf8_lossy(line);
    line.trim().strip_prefix("listening on ").unwrap().parse().unwrap()
}

fn is_gone(addr: SocketAddr) {
    eventually("all that the command has started is gone", || TcpStream::connect(addr).is_err());
}

fn started(process: &Process) -> SocketAddr {
    let addr = listens_at(&process.wait_stdout("\n"));
    drop(connect(addr));
    addr
}

#[test]
fn a_client_that_is_killed_takes_all_that_it_has_started_with_it() {
    let server = Server::start(SERVER, &[]);
    let process = client(&server, "stream").arg(endless()).start();
    let addr = started(&process);
    process.signal(Signal::SIGKILL);
    is_gone(addr);
    assert_eq!(run(&server, "stream", "echo next").out(), "next\r\n");
}

#[test]
fn a_command_that_runs_too_long_is_killed_with_all_that_it_has_started() {
    let server = Server::start(SERVER, &["--run-timeout", "5"]);
    let process = client(&server, "stream").arg(endless()).start();
    let addr = started(&process);
    let exit = process.wait();
    exit.assert_code(255);
    assert!(exit.err().contains("killed after 5 s, the server's --run-timeout"), "{}", exit.err());
    is_gone(addr);
}

#[test]
fn an_interrupt_ends_the_command_and_not_the_session() {
    let server = Server::start(SERVER, &[]);
    let mut socket = connect(server.addr());
    send(&mut socket, HELLO);
    assert_eq!(recv_exact(&mut socket, 8), HELLO);
    send_message(&mut socket, format!("\x01{}", endless()));
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        let message = recv_message(&mut socket);
        assert_eq!(message[0], 0x11, "{}", message.escape_ascii());
        line.extend_from_slice(&message[1..]);
    }
    let addr = listens_at(&line);
    drop(connect(addr));
    send_message(&mut socket, "\x02");
    let (_, end) = recv_answer(&mut socket);
    assert!(end[0] == 0x13 && end[1..] != [0; 4], "{}", end.escape_ascii());
    is_gone(addr);
    send_message(&mut socket, "\x01echo next");
    let (printed, end) = recv_answer(&mut socket);
    assert_eq!((&printed[..], &end[..]), (&b"next\r\n"[..], &b"\x13\0\0\0\0"[..]));
}

/// What a command prints, in however many pieces, and the message that says how it ended.
fn recv_answer(socket: &mut TcpStream) -> (Vec<u8>, Vec<u8>) {
    let mut printed = Vec::new();
    loop {
        match recv_message(socket) {
            message if [0x11, 0x12].contains(&message[0]) => printed.extend(&message[1..]),
            end => return (printed, end),
        }
    }
}

fn send_message(socket: &mut TcpStream, message: impl AsRef<[u8]>) {
    let length = u32::try_from(message.as_ref().len()).unwrap().to_be_bytes();
    send(socket, [&length, message.as_ref()].concat());
}

fn recv_message(socket: &mut TcpStream) -> Vec<u8> {
    let head: [u8; 4] = recv_exact(socket, 4).try_into().unwrap();
    recv_exact(socket, usize::try_from(u32::from_be_bytes(head)).unwrap())
}

#[test]
fn a_program_is_allowed_by_its_name_without_exe() {
    let folder = Path::new(SERVER).parent().unwrap();
    let program = Program::at(SERVER, "127.0.0.1:0").env("PATH", folder);
    let server = Server::of(program.args(["--allow", "remote-cmd-client"]));
    let exit = run(&server, "stream", "remote-cmd-client --version");
    exit.assert_code(0);
    assert!(exit.out().starts_with("remote-cmd-client "), "{}", exit.out());
    run(&server, "stream", "cmd /C echo no").assert_code(255);
}
