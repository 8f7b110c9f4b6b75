//! How commands end that do not end by themselves: they are asked, and only then killed, with all
//! that they have started.
use std::path::{Path, PathBuf};

use harness::{Process, Program, Server, Signal, eventually, usage};

use crate::{CLIENT, SERVER};

fn server(args: &[&str]) -> Server {
    Server::start(SERVER, args)
}

fn client(server: &Server, command: &str) -> Program {
    Program::at(CLIENT, server.addr()).arg(command)
}

/// An argument of `sleep` that no other process has.
fn seconds(name: &str) -> String {
    format!("77.{}{name}", std::process::id())
}

/// Whether a `sleep` with this argument runs.
fn sleeps(seconds: &str) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap();
    processes.filter_map(|entry| std::fs::read(entry.ok()?.path().join("cmdline")).ok()).any(
        |line| {
            line.starts_with(b"sleep\0")
                && line.split(|b| *b == 0).any(|word| word == seconds.as_bytes())
        },
    )
}

/// A command that tidies up when it is asked to end, and what it leaves then.
fn tidy(directory: &Path) -> (String, PathBuf) {
    let tidied = directory.join("tidied");
    let lock = directory.join("lock");
    // What a shell says of its child that was terminated nobody reads once the server is gone.
    let command = format!(
        "exec 2>/dev/null; trap 'rm {lock}; echo asked >{tidied}; exit 9' TERM; touch {lock}; echo ready; while :; do sleep 0.02; done",
        lock = lock.display(),
        tidied = tidied.display(),
    );
    (command, tidied)
}

fn has_tidied(directory: &Path, tidied: &Path) {
    eventually("it has tidied up", || {
        std::fs::read_to_string(tidied).is_ok_and(|words| words == "asked\n")
    });
    assert!(!directory.join("lock").exists());
}

#[test]
fn a_command_is_asked_to_end_before_it_is_killed() {
    type End = fn(&Server, &Process);
    let ends: [(&[&str], End); 4] = [
        (&[], |_, client| client.signal(Signal::SIGKILL)),
        (&["--run-timeout", "0.5"], |_, _| {}),
        (&[], |server, _| server.signal(Signal::SIGTERM)),
        (&[], |server, _| server.signal(Signal::SIGKILL)),
    ];
    for (args, end) in ends {
        let directory = tempfile::tempdir().unwrap();
        let (command, tidied) = tidy(directory.path());
        let server = server(args);
        let process = client(&server, &command).start();
        process.wait_stdout("ready\n");
        end(&server, &process);
        has_tidied(directory.path(), &tidied);
    }
}

#[test]
fn what_a_command_says_when_it_is_asked_still_arrives() {
    // So long that the shell has set its trap by then, whatever else this machine does.
    let server = server(&["--run-timeout", "1.5"]);
    let exit =
        client(&server, "trap 'echo bye; echo oh >&2; exit' TERM; while :; do sleep 0.02; done")
            .run();
    exit.assert_code(255);
    assert_eq!(exit.out(), "bye\n");
    // The shell may say of its own child that it was terminated.
    assert!(
        exit.err().ends_with(
            "oh\nerror: the command was killed after 1.5 s, the server's --run-timeout\n"
        ),
        "{}",
        exit.err()
    );
}

#[test]
fn what_a_command_has_started_is_heard_to_its_end_too() {
    // So long that the inner shell has said it is ready by then.
    let server = server(&["--run-timeout", "1.5"]);
    // The outer shell heeds no signal and ends at once; the inner one has something to say.
    let inner = "trap 'sleep 0.3; echo bye; exit' TERM; echo ready; while :; do sleep 0.02; done";
    for _ in 0..3 {
        let exit = client(&server, &format!("sh -c \"{inner}\" & wait")).run();
        exit.assert_code(255);
        assert_eq!(exit.out(), "ready\nbye\n");
    }
}

#[test]
fn too_much_output_is_a_reason_to_ask_too() {
    let directory = tempfile::tempdir().unwrap();
    let (command, tidied) = tidy(directory.path());
    let server = server(&["--max-output", "100000"]);
    let exit =
        client(&server, &command.replace("sleep 0.02", "echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxx")).run();
    exit.assert_code(255);
    assert!(exit.err().ends_with("the server's --max-output\n"), "{}", exit.err());
    has_tidied(directory.path(), &tidied);
}

#[test]
fn who_does_not_heed_it_is_killed() {
    let server = server(&["--run-timeout", "0.2"]);
    let deaf = seconds("1");
    let exit = client(&server, &format!("trap '' TERM INT HUP; sleep {deaf} & sleep {deaf}")).run();
    exit.assert_code(255);
    eventually("both are killed", || !sleeps(&deaf));
    // One that is stopped can neither heed nor end.
    let exit = client(&server, "kill -STOP $$; echo not reached").run();
    exit.assert_code(255);
    assert_eq!(exit.out(), "");
    client(&server, "true").run().assert_code(0);
}

#[test]
fn groups_of_their_own_are_ended_with_their_session() {
    for (name, args) in [("2", &[][..]), ("3", &["--run-timeout", "1"])] {
        let seconds = seconds(name);
        let server = server(args);
        // `timeout` leads a group of its own, and so does each job of a shell with job control.
        let command =
            format!("timeout 70 sleep {seconds} & bash -mc 'sleep {seconds} & wait' & wait");
        let process = client(&server, &command).start();
        let count = || {
            std::fs::read_dir("/proc")
                .unwrap()
                .filter(|entry| {
                    let line = entry
                        .as_ref()
                        .ok()
                        .and_then(|entry| std::fs::read(entry.path().join("cmdline")).ok());
                    line.is_some_and(|line| line == format!("sleep\0{seconds}\0").into_bytes())
                })
                .count()
        };
        eventually("both sleep", || count() == 2);
        if args.is_empty() {
            process.signal(Signal::SIGKILL);
        }
        eventually("both are ended", || count() == 0);
        eventually("no child is left", || usage::children(server.id()).is_empty());
    }
}

#[test]
fn a_server_that_is_killed_leaves_no_command_running() {
    let seconds = seconds("4");
    for framing in ["stream", "prefix"] {
        let server = server(&["--framing", framing]);
        let commands = [
            format!("sleep {seconds}"),
            format!("trap '' TERM; sleep {seconds}; sleep {seconds}"),
            format!("sh -c 'sleep {seconds}; true' | cat"),
            format!("timeout 70 sleep {seconds}"),
        ];
        let clients: Vec<Process> = commands
            .iter()
            .map(|command| {
                Program::at(CLIENT, server.addr()).args(["--framing", framing, command]).start()
            })
            .collect();
        eventually("they run", || usage::children(server.id()).len() >= clients.len());
        eventually("it sleeps", || sleeps(&seconds));
        server.signal(Signal::SIGKILL);
        eventually("all are ended", || !sleeps(&seconds));
    }
}

#[test]
fn a_process_in_the_background_outlives_its_command_and_not_an_end_of_it() {
    let server = server(&[]);
    let seconds = seconds("5");
    client(&server, &format!("sleep {seconds} & echo started")).run().assert_code(0);
    eventually("it goes on", || sleeps(&seconds));
    client(&server, &format!("pkill -f '^sleep {seconds}$'")).run().assert_code(0);
    eventually("it was to be found", || !sleeps(&seconds));
}

#[test]
fn a_client_takes_two_threads() {
    let server = server(&[]);
    client(&server, "true").run().assert_code(0);
    let before = usage::threads(server.id());
    let clients: Vec<Process> =
        (0..8).map(|_| client(&server, "echo ready; exec sleep 60").start()).collect();
    for client in &clients {
        client.wait_stdout("ready\n");
    }
    eventually("the one before has left", || usage::threads(server.id()) <= before + 16);
}

#[test]
fn a_command_finds_no_signal_blocked() {
    let server = server(&[]);
    let exit = client(&server, "grep -c '^SigBlk:.0*$' /proc/self/status").run();
    assert_eq!(exit.out(), "1\n");
}

#[test]
fn a_server_out_of_files_says_so_and_serves_the_next() {
    let server = Server::of(
        Program::new(SERVER).args(["-a", "127.0.0.1:0"]).under(&["prlimit", "--nofile=26:26"]),
    );
    let mut clients = Vec::new();
    let refused = loop {
        assert!(clients.len() < 26, "no limit was met");
        let process = client(&server, "echo ready; exec sleep 60").start();
        let mut words = String::new();
        eventually("it runs or is refused", || {
            words = String::from_utf8([process.stdout(), process.stderr()].concat()).unwrap();
            words.contains('\n')
        });
        if words != "ready\n" {
            break process.wait();
        }
        clients.push(process);
    };
    refused.assert_code(255);
    assert!(refused.err().contains("too many open files"), "{}", refused.err());
    for client in clients.drain(..) {
        client.signal(Signal::SIGKILL);
    }
    eventually("all have left", || usage::children(server.id()).is_empty());
    eventually("the next is served", || client(&server, "echo hi").run().out() == "hi\n");
}

#[test]
fn a_directory_that_is_gone_is_named_and_left() {
    let directory = tempfile::tempdir().unwrap();
    let top = directory.path().canonicalize().unwrap();
    let gone = top.join("一/b c");
    std::fs::create_dir_all(&gone).unwrap();
    let server = server(&[]);
    let process = Program::at(CLIENT, server.addr()).start();
    process.line(format!("cd '{}'", gone.display()));
    process.line("pwd");
    process.wait_stdout("b c\n");
    std::fs::remove_dir(&gone).unwrap();
    process.line("pwd");
    process.wait_stderr(&format!("cannot run commands in {}: it is gone", gone.display()));
    process.line("cd ..");
    process.line("pwd");
    process.wait_stdout("一\n");
    std::fs::remove_dir(top.join("一")).unwrap();
    process.line("cd ../..");
    process.line(format!("test \"$PWD\" = '{}' && echo above", top.parent().unwrap().display()));
    process.wait_stdout("above\n");
    process.close_stdin();
    process.wait().assert_code(0);
}

/// Whether processes can be put into a container of their own here.
fn has_namespaces() -> bool {
    let tried =
        std::process::Command::new("unshare").args(["-pf", "--mount-proc", "true"]).status();
    tried.is_ok_and(|status| status.success())
}

#[test]
fn as_the_first_process_of_a_container_it_reaps_orphans() {
    if !has_namespaces() {
        eprintln!("not tried: no PID namespaces here");
        return;
    }
    let server = Server::of(Program::new(SERVER).args(["-a", "127.0.0.1:0"]).under(&[
        "unshare",
        "-pf",
        "--kill-child",
        "--mount-proc",
    ]));
    let zombies = "grep -l '^State:.Z' /proc/[0-9]*/status | wc -l";
    for _ in 0..3 {
        client(&server, "(sleep 0.05 &) ; (sleep 0.01 &) ; true").run().assert_code(0);
    }
    eventually("they have ended and are gone", || {
        let exit = client(&server, &format!("pgrep sleep | wc -l; {zombies}")).run();
        exit.out() == "0\n0\n"
    });
    assert_eq!(client(&server, "cat /proc/1/comm").run().out(), "remote-cmd-serv\n");
}
