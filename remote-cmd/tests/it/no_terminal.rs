//! Programs that want a terminal, which no command has.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use harness::{Program, Server, Signal};

use crate::{CLIENT, SERVER};

/// A server that finds these programs, which do as theirs would without a terminal, and no others.
fn server(programs: &[&str]) -> (tempfile::TempDir, Server) {
    let directory = tempfile::tempdir().unwrap();
    for name in programs {
        let script = "#!/bin/sh\n[ -t 0 ] || { echo no tty >&2; exit 1; }\n";
        put(&directory.path().join(name), script);
    }
    let program = Program::new(SERVER).args(["--addr", "127.0.0.1:0"]);
    let server = Server::of(program.env("PATH", directory.path()));
    (directory, server)
}

fn put(path: &Path, script: &str) {
    std::fs::write(path, script).unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

fn client(server: &Server, command: &str) -> Program {
    Program::at(CLIENT, server.addr()).arg(command).stdin(Stdio::null())
}

#[test]
fn what_draws_on_a_screen_is_told_that_there_is_none() {
    let (_directory, server) = server(&["vi", "top"]);
    for command in ["vi notes.txt", "top"] {
        let exit = client(&server, command).run();
        exit.assert_code(1);
        let program = command.split(' ').next().unwrap();
        let notice = format!("no tty\nnotice: {program} wants a terminal, and a command here has");
        assert!(exit.err().starts_with(&notice), "{}", exit.err());
        let exit = client(&server, command).in_chinese().run();
        assert!(exit.err().contains(&format!("notice: {program} 需要终端")), "{}", exit.err());
    }
    // Not there, which is another matter; and what fails for reasons of its own.
    for command in ["nano", "false", "exit 1"] {
        let exit = client(&server, command).run();
        assert!(!exit.err().contains("notice"), "{}", exit.err());
    }
}

/// `vim` does so; it draws, and reads keys that never come.
#[test]
fn what_waits_on_a_screen_that_is_not_there_is_told_so_while_it_waits() {
    let (directory, server) = server(&[]);
    let waits = "#!/bin/sh\nprintf 'drawn \\033[?1049h'\nexec /bin/sleep 1000\n";
    put(&directory.path().join("vim"), waits);
    let client = client(&server, "vim notes.txt").start();
    client.wait_stderr("notice: vim wants a terminal");
    client.wait_stdout("drawn ");
    client.signal(Signal::SIGINT);
    let exit = client.wait();
    exit.assert_code(130);
    assert_eq!(exit.err().matches("notice").count(), 1, "{}", exit.err());
}

#[test]
fn what_reads_from_a_keyboard_is_told_that_nothing_comes_from_there() {
    let (_directory, server) = server(&[]);
    let exit = client(&server, "/bin/sh").run();
    exit.assert_code(0);
    assert!(exit.err().starts_with("notice: sh reads from standard input"), "{}", exit.err());
    let with_input = Program::at(CLIENT, server.addr()).arg("/bin/sh").start();
    with_input.write("exit 0\n");
    with_input.close_stdin();
    let exit = with_input.wait();
    exit.assert_code(0);
    assert_eq!(exit.err(), "");
    assert_eq!(client(&server, "/bin/sh -c :").run().err(), "");
}

#[test]
fn a_script_of_several_lines_is_one_command_in_every_framing() {
    let script = "i=0\nwhile [ $i -lt 3 ]; do\n  i=$((i + 1))\n  echo \"line $i\"\ndone\n";
    for framing in ["stream", "prefix", "ack"] {
        let server = Server::start(SERVER, &["--framing", framing]);
        let client = Program::at(CLIENT, server.addr()).args(["--framing", framing, "-"]).start();
        client.write(script);
        client.close_stdin();
        let exit = client.wait();
        exit.assert_code(0);
        assert_eq!(exit.out().trim_end(), "line 1\nline 2\nline 3", "{framing}");
    }
}
