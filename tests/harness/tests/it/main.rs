//! The harness, tried on programs that every Unix has.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Stdio;
use std::time::{Duration, Instant};

use harness::{Program, Server, Signal, Terminal, eventually, peer};

fn sh(script: &str) -> Program {
    Program::new("/bin/sh").args(["-c", script])
}

/// The message with which `test` fails.
fn failure(test: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("this has to fail");
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string()))
        .unwrap()
}

#[test]
fn what_is_typed_comes_back_from_cat() {
    let cat = Program::new("cat").start();
    cat.line("one");
    assert_eq!(cat.wait_stdout("one\n"), b"one\n");
    cat.write("two");
    cat.close_stdin();
    let exit = cat.wait();
    assert_eq!((exit.code, exit.stdout.as_slice()), (Some(0), &b"one\ntwo"[..]));
}

#[test]
fn the_streams_are_kept_apart_and_the_status_is_the_programs() {
    let exit = sh("echo out; echo err >&2; exit 7").run();
    exit.assert_code(7);
    assert_eq!((exit.out().as_str(), exit.err().as_str()), ("out\n", "err\n"));
}

#[test]
fn more_than_a_pipe_holds_is_collected_while_the_program_runs() {
    let exit = sh("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2").run();
    assert_eq!((exit.stdout.len(), exit.stderr.len()), (3_000_000, 3_000_000));
}

#[test]
fn a_program_that_does_not_read_does_not_hang_the_test() {
    let deaf = sh("echo ready; read line; echo got $line; exec sleep 60").start();
    deaf.wait_stdout("ready");
    deaf.line("first");
    deaf.write(vec![b'x'; 10_000_000]);
    deaf.wait_stdout("got first");
}

#[test]
fn a_wait_fails_at_once_when_the_output_has_ended_without() {
    let start = Instant::now();
    let message = failure(|| {
        sh("echo something").start().wait_stdout("something else");
    });
    assert_eq!(message, "stdout ended without \"something else\"");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_predicate_sees_all_output_so_far() {
    let counting = sh("for i in 1 2 3; do echo $i; done; exec cat").start();
    let seen =
        counting.wait_stdout(|output: &[u8]| output.iter().filter(|&&b| b == b'\n').count() == 3);
    assert_eq!(seen, b"1\n2\n3\n");
}

#[test]
fn a_signal_ends_a_program_and_is_reported() {
    let cat = Program::new("cat").start();
    cat.signal(Signal::SIGTERM);
    let exit = cat.wait();
    assert_eq!((exit.code, exit.signal), (None, Some(15)));
}

#[test]
fn a_wait_that_is_too_short_names_the_command() {
    let message = failure(|| {
        sh("exec sleep 60").start().wait_within(Duration::from_millis(50));
    });
    assert_eq!(message, "still running after 50ms: /bin/sh -c \"exec sleep 60\"");
}

#[test]
fn a_dropped_program_dies_with_its_children() {
    let parent = sh("sleep 60 & echo $!; wait").start();
    let child: i32 = String::from_utf8(parent.wait_stdout("\n")).unwrap().trim().parse().unwrap();
    drop(parent);
    let child = nix::unistd::Pid::from_raw(child);
    eventually("the child is gone", || is_gone(child));
}

/// No longer there, or a zombie that only waits for the system to reap it.
fn is_gone(pid: nix::unistd::Pid) -> bool {
    nix::sys::signal::kill(pid, None).is_err()
        || std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .is_ok_and(|stat| stat.contains(") Z "))
}

#[test]
fn an_exit_is_seen_though_a_child_keeps_the_output_open() {
    let parent = sh("sleep 60 & echo done").start();
    assert_eq!(parent.wait().stdout, b"done\n");
}

#[test]
fn a_program_can_be_given_a_closed_output() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let exit = sh("trap '' PIPE; echo lost || exit 3").stdout(writer).run();
    exit.assert_code(3);
}

#[test]
fn directory_and_environment_are_the_tests() {
    let exit = sh("pwd; echo $HARNESS_COLOUR; echo ${HOME-none}")
        .dir("/")
        .env("HARNESS_COLOUR", "blue")
        .without_env("HOME")
        .stdin(Stdio::null())
        .run();
    assert_eq!(exit.out(), "/\nblue\nnone\n");
}

#[test]
fn a_server_tells_its_address() {
    let server = Server::of(sh("echo listening on 127.0.0.1:4711; exec cat"));
    assert_eq!(server.addr(), "127.0.0.1:4711".parse().unwrap());
    assert!(server.is_running());
}

#[test]
fn a_server_that_does_not_listen_fails_the_test() {
    let message = failure(|| {
        Server::of(sh("echo something else"));
    });
    assert!(message.contains("\"something else\""), "{message}");
}

#[test]
fn a_terminal_shows_what_the_program_draws() {
    let terminal = Terminal::start(
        sh("printf 'wrong\\rright\\n\\033[2Jclean'; read line; echo \"<$line>\""),
        40,
        10,
    );
    terminal.wait_screen(|screen| screen.trim() == "clean");
    terminal.keys("typed\r");
    terminal.wait_text("<typed>");
    terminal.wait().assert_code(0);
}

#[test]
fn ctrl_c_on_a_terminal_interrupts() {
    let terminal = Terminal::start(
        sh("trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.01; done"),
        40,
        10,
    );
    terminal.wait_text("ready");
    terminal.keys("\x03");
    terminal.wait_text("caught");
    terminal.wait().assert_code(9);
}

#[test]
fn a_terminal_answers_where_its_cursor_is() {
    let script = "stty -icanon -echo; printf 'ab\\033[6n'; dd bs=1 count=6 2>/dev/null | od -c";
    let terminal = Terminal::start(sh(script), 60, 10);
    terminal.wait_text("033   [   1   ;   3   R");
}

#[test]
fn changed_settings_of_a_terminal_are_noticed() {
    let terminal =
        Terminal::start(sh("read go; stty -echo; echo done; read end; stty echo"), 40, 10);
    assert!(terminal.is_as_found());
    terminal.keys("\r");
    terminal.wait_text("done");
    assert!(!terminal.is_as_found());
    terminal.keys("\r");
    terminal.wait();
    assert!(terminal.is_as_found());
}

#[test]
fn peers_speak_and_end() {
    let listener = peer::listen();
    let mut client = peer::connect(listener.addr());
    let mut server = listener.accept();
    peer::send(&mut client, "one\ntwo");
    assert_eq!(peer::recv_until(&mut server, "\n"), b"one\n");
    assert_eq!(peer::recv_exact(&mut server, 2), b"tw");
    assert_eq!(peer::recv(&mut server, 1024), b"o");
    peer::assert_nothing_within(&mut server, 20);
    drop(client);
    peer::assert_closed(&mut server);
}

#[test]
fn a_reset_is_no_orderly_end() {
    let listener = peer::listen();
    let client = peer::connect(listener.addr());
    let mut server = listener.accept();
    peer::reset(client);
    let message = failure(|| drop(peer::recv_to_end(&mut server)));
    assert!(message.contains("reset"), "{message}");
}

#[test]
fn datagrams_are_cut_as_recvfrom_cuts_them() {
    let (a, b) = (peer::udp(), peer::udp());
    a.send_to(b"datagram", b.local_addr().unwrap()).unwrap();
    assert_eq!(peer::recv_from(&b, 4), (b"data".to_vec(), a.local_addr().unwrap()));
    peer::assert_no_datagram_within(&b, 20);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn memory_threads_and_children_are_counted() {
    use harness::usage;
    let parent = sh("sleep 60 & echo; wait").start();
    parent.wait_stdout("\n");
    assert_eq!(usage::children(parent.id()).len(), 1);
    assert_eq!(usage::threads(parent.id()), 1);
    assert!(usage::open_files(parent.id()) >= 3);
    assert!((100_000..100_000_000).contains(&usage::resident(parent.id())));
}

#[test]
fn a_failing_test_shows_every_program_it_ran() {
    if std::env::var_os("HARNESS_FAILS").is_some() {
        let server = sh("echo served; echo careful >&2; exec sleep 60").start();
        server.wait_stdout("served");
        server.wait_stderr("careful");
        sh("echo asked; exit 5").run().assert_code(0);
    }
    let name = std::thread::current().name().unwrap().to_owned();
    let itself = Program::new(std::env::current_exe().unwrap()).args(["--exact", &name]);
    let exit = itself.env("HARNESS_FAILS", "yes").run();
    exit.assert_code(101);
    let output = exit.out();
    for expected in [
        ": /bin/sh -c \"echo asked; exit 5\"\nstatus: 5\nstdout (6 bytes):\n    | asked\nstderr (0 bytes):\n",
        "exec sleep 60\"\nstatus: still running\nstdout (7 bytes):\n    | served\nstderr (8 bytes):\n    | careful\n",
    ] {
        assert!(output.contains(expected), "{output}");
    }
}
