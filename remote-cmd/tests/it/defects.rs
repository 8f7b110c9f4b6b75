//! What is wrong with the tutorial's programs, and is not with these: one test or more for each
//! defect.
use std::io::Read;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use harness::peer::{self, assert_closed, connect, recv, recv_exact, send};
use harness::{Program, Server, eventually, usage};

use crate::{CLIENT, SERVER};

fn server(args: &[&str]) -> Server {
    Server::start(SERVER, &[&["--framing", "prefix"], args].concat())
}

/// An answer of the framing `prefix`.
fn answer(socket: &mut TcpStream) -> Vec<u8> {
    let head: [u8; 4] = recv_exact(socket, 4).try_into().unwrap();
    recv_exact(socket, i32::from_le_bytes(head).try_into().unwrap())
}

fn ask(socket: &mut TcpStream, command: &str) -> String {
    send(socket, command);
    String::from_utf8(answer(socket)).unwrap()
}

/// Runs our client against a server played by the test, which gets the command and then may do
/// anything.
fn against(framing: &str, play: impl FnOnce(&mut TcpStream)) -> harness::Exit {
    let listener = peer::listen();
    let addr = listener.addr().to_string();
    let client = Program::new(CLIENT)
        .args(["-a", &addr, "--timeout", "0.5", "--framing", framing, "echo", "hi"])
        .start();
    let mut socket = listener.accept();
    assert_eq!(recv(&mut socket, 1024), b"echo hi");
    play(&mut socket);
    client.wait()
}

/// A program and an argument that no other process has.
fn sleeper(name: &str) -> (String, String) {
    let seconds = format!("30.{}{name}", std::process::id());
    (format!("sleep {seconds}"), seconds)
}

/// Whether a process with this argument runs. What has ended and waits to be reaped has no
/// arguments any more.
fn runs(argument: &str) -> bool {
    let processes = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.path().join("cmdline")));
    processes.filter_map(|path| std::fs::read(path).ok()).any(|line| {
        line.starts_with(b"sleep\0")
            && line.split(|&byte| byte == 0).any(|word| word == argument.as_bytes())
    })
}

// 1. An unauthenticated remote shell: at least nobody from outside reaches it, and no web page.

#[test]
fn any_address_that_others_can_reach_is_refused() {
    for addr in ["0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
        let exit = Program::new(SERVER).args(["-a", addr, "--framing", "prefix"]).run();
        exit.assert_code(1);
        assert!(exit.err().starts_with("error: will not listen on "), "{}", exit.err());
        assert!(exit.err().contains("run commands as you"), "{}", exit.err());
        assert_eq!(exit.out(), "");
    }
}

#[test]
fn a_browsers_request_is_refused_and_not_run() {
    let directory = tempfile::tempdir().unwrap();
    for framing in ["prefix", "ack", "none"] {
        let server = Server::of(
            Program::new(SERVER)
                .args(["-a", "127.0.0.1:0", "--framing", framing])
                .dir(directory.path()),
        );
        for request in [
            "GET /;touch${IFS}owned HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST / HTTP/1.1\r\n\r\n;touch owned",
        ] {
            let mut socket = connect(server.addr());
            send(&mut socket, request);
            let farewell = String::from_utf8(peer::recv_to_end(&mut socket)).unwrap();
            assert!(farewell.starts_with("HTTP/1.1 400 "), "{farewell}");
        }
        let mut socket = connect(server.addr());
        send(&mut socket, b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03");
        assert_eq!(peer::recv_to_end(&mut socket)[..1], [21]);
        server.wait_stderr("HTTP request was refused and not run");
        server.wait_stderr("TLS handshake was refused and not run");
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn only_allowed_programs_run_and_nothing_is_expanded() {
    let server = server(&["--allow", "echo", "--allow", "pwd"]);
    let mut socket = connect(server.addr());
    assert_eq!(ask(&mut socket, "echo $HOME * ; id | wc '&'"), "$HOME * ; id | wc &\n");
    assert_eq!(
        ask(&mut socket, "id"),
        "error: \"id\" is not allowed here; allowed (--allow): echo, pwd\n"
    );
    assert_eq!(
        ask(&mut socket, "/bin/sh -c id"),
        "error: \"/bin/sh\" is not allowed here; allowed (--allow): echo, pwd\n"
    );
}

// 2. Deadlock on more than 64 KiB.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn output_beyond_what_a_pipe_holds_is_no_deadlock() {
    let server = server(&[]);
    let mut socket = connect(server.addr());
    for size in [65_536, 65_537, 1_000_000] {
        assert_eq!(ask(&mut socket, &format!("head -c {size} /dev/zero")).len(), size);
        assert_eq!(ask(&mut socket, &format!("head -c {size} /dev/zero >&2")).len(), size);
        let both = format!(
            "head -c {size} /dev/zero; head -c {size} /dev/zero >&2; head -c {size} /dev/zero"
        );
        assert_eq!(ask(&mut socket, &both).len(), size);
    }
}

// 3. stdin never closed, background processes, no limit of time.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_command_that_reads_its_input_finds_the_end_of_it() {
    let server = server(&[]);
    let mut socket = connect(server.addr());
    assert_eq!(ask(&mut socket, "cat; echo end"), "end\n");
    assert_eq!(ask(&mut socket, "read line || echo none"), "none\n");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_process_in_the_background_does_not_hold_the_answer_up() {
    let server = server(&[]);
    let mut socket = connect(server.addr());
    let (sleep, argument) = sleeper("1");
    let begun = Instant::now();
    assert_eq!(ask(&mut socket, &format!("{sleep} & echo x")), "x\n");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    eventually("it goes on", || runs(&argument));
    // It writes for ever into the pipe that the command left behind.
    assert!(ask(&mut socket, "yes & echo first").contains("first\n"));
    assert_eq!(ask(&mut socket, "echo next"), "next\n");
    ask(&mut socket, &format!("pkill -f '^{sleep}$'"));
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_command_that_runs_too_long_is_killed_with_all_it_started() {
    let server = server(&["--run-timeout", "0.3"]);
    let mut socket = connect(server.addr());
    let (sleep, argument) = sleeper("2");
    let answer =
        ask(&mut socket, &format!("trap '' TERM INT HUP; {sleep} & {sleep}; echo not reached"));
    assert_eq!(answer, "error: the command was killed after 0.3 s, the server's --run-timeout\n");
    eventually("the command is killed", || !runs(&argument));
    assert_eq!(ask(&mut socket, "echo next"), "next\n");
}

// 4. What the framing itself forces stays as it is; an exit by signal is told.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_command_that_was_killed_is_not_called_a_success() {
    let server = server(&[]);
    let mut socket = connect(server.addr());
    assert_eq!(ask(&mut socket, "kill -9 $$"), "killed by signal 9 (SIGKILL)\n");
    assert_eq!(
        ask(&mut socket, "printf half; kill -TERM $$"),
        "half\nkilled by signal 15 (SIGTERM)\n"
    );
}

// 5. GBK against UTF-8.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn both_sides_can_be_told_the_encoding() {
    let server = server(&["--encoding", "gbk"]);
    let addr = server.addr().to_string();
    let client = Program::new(CLIENT).args([
        "-a",
        &addr,
        "--framing",
        "prefix",
        "--encoding",
        "gbk",
        "printf",
        "中",
    ]);
    let exit = client.run();
    exit.assert_code(0);
    assert_eq!(exit.out(), "中\n");
    let mut socket = connect(server.addr());
    send(&mut socket, "printf '中\\377\\n'");
    assert_eq!(answer(&mut socket), b"\xd6\xd0\\xff\n");
}

#[test]
fn an_answer_in_another_encoding_is_shown_and_does_not_end_the_client() {
    let exit = against("prefix", |socket| send(socket, b"\x04\0\0\0\xe4\xb8\xad\n"));
    exit.assert_code(0);
    assert_eq!(exit.out(), "中\n");
}

// 6. A command over 1024 bytes is cut.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_long_command_is_run_as_a_whole() {
    for framing in ["prefix", "ack"] {
        let server = Server::start(SERVER, &["--framing", framing]);
        let mut socket = connect(server.addr());
        let long = "x".repeat(5000);
        send(&mut socket, format!("echo {long} | wc -c"));
        if framing == "ack" {
            assert_eq!(recv(&mut socket, 1024), b"5");
            send(&mut socket, "ready!");
            assert_eq!(recv_exact(&mut socket, 5), b"5001\n");
        } else {
            assert_eq!(answer(&mut socket), b"5001\n");
        }
    }
}

#[test]
fn a_command_that_fills_the_servers_buffer_is_refused_and_its_rest_is_not_run() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::of(
        Program::new(SERVER)
            .args(["-a", "127.0.0.1:0", "--framing", "prefix"])
            .dir(directory.path()),
    );
    let mut socket = connect(server.addr());
    send(&mut socket, format!(": {}\ntouch owned", "x".repeat(200_000)));
    // Where the first piece ends is the network's choice. The rest of it must not run alone.
    server.wait_stderr("notice: ");
    let gone =
        |socket: &mut TcpStream| !matches!(socket.read(&mut [0; 4096]), Ok(length) if length > 0);
    eventually("the connection is closed", || gone(&mut socket));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn what_comes_before_an_answer_is_not_run_as_a_command() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::of(
        Program::new(SERVER)
            .args(["-a", "127.0.0.1:0", "--framing", "prefix"])
            .dir(directory.path()),
    );
    let (sleep, argument) = sleeper("3");
    let mut socket = connect(server.addr());
    send(&mut socket, sleep);
    eventually("the command runs", || runs(&argument));
    send(&mut socket, "touch owned");
    assert_closed(&mut socket);
    eventually("the command is killed", || !runs(&argument));
    server.wait_stderr("sent more before it had its answer");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn the_client_does_not_send_a_command_that_the_tutorials_server_would_cut() {
    for framing in ["prefix", "ack", "none"] {
        let listener = peer::listen();
        let addr = listener.addr().to_string();
        let client = Program::new(CLIENT)
            .args(["-a", &addr, "--framing", framing, &"x".repeat(1025)])
            .start();
        assert_closed(&mut listener.accept());
        let exit = client.wait();
        exit.assert_code(255);
        assert!(exit.err().starts_with("error: the command has 1025 bytes; "), "{}", exit.err());
    }
}

// 7. The client spins when the server goes away in mid-answer.

#[test]
fn a_server_that_goes_away_in_the_middle_of_an_answer_is_an_error() {
    let exit = against("prefix", |socket| {
        send(socket, b"\x64\0\0\0hello");
        socket.shutdown(Shutdown::Write).unwrap();
    });
    exit.assert_code(255);
    assert!(exit.err().contains("after 5 of 100 bytes"), "{}", exit.err());
    let exit = against("ack", |socket| {
        send(socket, "100");
        assert_eq!(recv(socket, 1024), b"ready!");
        send(socket, "hello");
        socket.shutdown(Shutdown::Write).unwrap();
    });
    exit.assert_code(255);
    assert!(exit.err().contains("after 5 of 100 bytes"), "{}", exit.err());
}

#[test]
fn a_server_that_closes_instead_of_answering_is_an_error() {
    for framing in ["prefix", "ack", "none"] {
        let exit = against(framing, |socket| socket.shutdown(Shutdown::Write).unwrap());
        exit.assert_code(255);
        assert_eq!(exit.err(), "error: no answer: the server closed the connection\n");
    }
}

#[test]
fn a_server_that_stops_in_the_middle_of_an_answer_is_an_error() {
    let exit = against("prefix", |socket| send(socket, b"\x64\0\0\0hello"));
    exit.assert_code(255);
    assert!(exit.err().starts_with("error: no answer: "), "{}", exit.err());
}

// 8. recv(4) may return less.

#[test]
fn a_length_that_comes_byte_by_byte_is_a_length() {
    let exit = against("prefix", |socket| {
        for byte in b"\x03\0\0\0hi\n" {
            send(socket, [*byte]);
        }
    });
    exit.assert_code(0);
    assert_eq!(exit.out(), "hi\n");
}

// 9. The length is not checked.

#[test]
fn a_length_that_cannot_be_is_an_error() {
    for (framing, length) in [
        ("prefix", &b"\xff\xff\xff\xff"[..]),
        ("prefix", b"\0\0\0\x03"),
        ("ack", b"-5"),
        ("ack", b"abc"),
        ("ack", b"1hello"),
        ("ack", b"99999999999999999999"),
    ] {
        let exit = against(framing, |socket| send(socket, length));
        exit.assert_code(255);
        assert!(exit.err().starts_with("error: no answer: "), "{length:?}: {}", exit.err());
        assert_eq!(exit.err().lines().count(), 1);
        assert_eq!(exit.out(), "");
    }
}

// 10. The acknowledgement is not checked.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_second_command_instead_of_the_acknowledgement_is_neither_run_nor_swallowed() {
    let server = Server::start(SERVER, &["--framing", "ack"]);
    for wrong in ["echo b", "READY!", "ready!!"] {
        let mut socket = connect(server.addr());
        send(&mut socket, "echo a");
        assert_eq!(recv(&mut socket, 1024), b"2");
        send(&mut socket, wrong);
        assert_closed(&mut socket);
    }
    server.wait_stderr("the client sent something else than \"ready!\"");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn an_end_instead_of_the_acknowledgement_is_the_end() {
    let server = Server::start(SERVER, &["--framing", "ack"]);
    let mut socket = connect(server.addr());
    send(&mut socket, "echo a");
    assert_eq!(recv(&mut socket, 1024), b"2");
    socket.shutdown(Shutdown::Write).unwrap();
    assert_closed(&mut socket);
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_client_that_never_acknowledges_keeps_nobody_else_waiting() {
    let server = Server::start(SERVER, &["--framing", "ack"]);
    let mut silent = connect(server.addr());
    send(&mut silent, "echo a");
    assert_eq!(recv(&mut silent, 1024), b"2");
    let mut other = connect(server.addr());
    send(&mut other, "echo b");
    assert_eq!(recv(&mut other, 1024), b"2");
}

// 11. The connection is never closed; bytes that are no text leave the client hanging.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn bytes_that_are_no_text_are_answered_with_an_error() {
    let server = server(&[]);
    let mut socket = connect(server.addr());
    send(&mut socket, b"echo \xff");
    assert_eq!(answer(&mut socket), b"error: the command is no UTF-8 text\n");
    send(&mut socket, b"echo a\0b");
    assert_eq!(answer(&mut socket), b"error: the command contains a NUL byte\n");
    assert_eq!(ask(&mut socket, "echo next"), "next\n");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn connections_are_closed_and_nothing_is_left_of_them() {
    let server = server(&[]);
    let before = usage::open_files(server.id());
    for _ in 0..20 {
        let mut socket = connect(server.addr());
        assert_eq!(ask(&mut socket, "echo hi"), "hi\n");
    }
    eventually("every file is closed", || usage::open_files(server.id()) == before);
    eventually("every thread has ended", || usage::threads(server.id()) < 6);
}

// 12. Zombies.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn commands_that_have_ended_are_reaped() {
    let server = server(&[]);
    let mut socket = connect(server.addr());
    for _ in 0..5 {
        ask(&mut socket, "true");
        assert_eq!(usage::children(server.id()), []);
    }
}

// 13. Memory without limit.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_command_that_prints_too_much_is_killed_and_takes_no_memory() {
    let server = server(&["--max-output", "1000000"]);
    let mut socket = connect(server.addr());
    let error =
        "error: the command was killed after 1000000 bytes of output, the server's --max-output\n";
    assert_eq!(ask(&mut socket, "head -c 300000000 /dev/zero >&2"), error);
    assert_eq!(ask(&mut socket, "yes"), error);
    assert_eq!(ask(&mut socket, "head -c 1000000 /dev/zero").len(), 1_000_000);
    assert!(usage::resident(server.id()) < 32 << 20, "{}", usage::resident(server.id()));
}

#[test]
fn a_long_answer_takes_the_client_no_more_time_than_it_should() {
    let begun = Instant::now();
    let exit = against("prefix", |socket| {
        send(socket, 8_000_000_i32.to_le_bytes());
        send(socket, vec![b'x'; 8_000_000]);
    });
    exit.assert_code(0);
    assert_eq!(exit.stdout.len(), 8_000_001);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

// 14. Two small sends: 43 ms for each answer.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn an_answer_arrives_in_one_piece_without_waiting_for_nagle() {
    let server = server(&[]);
    let mut socket = connect(server.addr());
    for _ in 0..20 {
        send(&mut socket, "true");
        assert_eq!(recv(&mut socket, 1024).len(), 19, "head and body in one recv");
    }
}

// 15. One client at a time; no SO_REUSEADDR; two framings that meet.

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_command_that_runs_keeps_no_other_client_waiting() {
    let server = server(&[]);
    let (sleep, argument) = sleeper("4");
    let mut busy = connect(server.addr());
    send(&mut busy, sleep);
    eventually("the command runs", || runs(&argument));
    let mut other = connect(server.addr());
    assert_eq!(ask(&mut other, "echo hi"), "hi\n");
    drop(busy);
    eventually("the command is killed", || !runs(&argument));
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn a_server_that_was_killed_can_be_started_again_at_once() {
    let first = server(&[]);
    let addr = first.addr();
    let mut socket = connect(addr);
    assert_eq!(ask(&mut socket, "echo hi"), "hi\n");
    first.signal(harness::Signal::SIGKILL);
    first.wait();
    let second =
        Server::of(Program::new(SERVER).args(["-a", &addr.to_string(), "--framing", "prefix"]));
    let mut socket = connect(second.addr());
    assert_eq!(ask(&mut socket, "echo hi"), "hi\n");
}

#[test]
fn framings_that_do_not_match_are_an_error_that_says_so() {
    for (one, other) in [("prefix", "ack"), ("ack", "prefix")] {
        let server = Server::start(SERVER, &["--framing", one]);
        let addr = server.addr().to_string();
        let exit = Program::new(CLIENT)
            .args(["-a", &addr, "--timeout", "0.5", "--framing", other, "echo", "hi"])
            .run();
        exit.assert_code(255);
        assert!(exit.err().contains("--framing"), "{}", exit.err());
    }
}

#[test]
#[cfg(target_os = "linux")]
fn clients_for_whom_there_is_no_memory_are_refused_and_end_nobody() {
    const LITTLE_MEMORY: [&str; 3] = ["/bin/sh", "-c", "ulimit -v 300000; exec \"$0\" \"$@\""];
    for framing in ["prefix", "none"] {
        let program =
            Program::at(SERVER, "127.0.0.1:0").args(["--framing", framing]).under(&LITTLE_MEMORY);
        let server = Server::of(program);
        let (command, seconds) = sleeper("5");
        let mut crowd: Vec<TcpStream> = (0..300).map(|_| connect(server.addr())).collect();
        for client in &mut crowd {
            let _ = std::io::Write::write_all(client, format!("exec {command}").as_bytes());
        }
        let mut last = crowd.pop().unwrap();
        let words = if framing == "prefix" { answer(&mut last) } else { recv(&mut last, 1024) };
        assert!(
            words.starts_with(b"error: the server has as many clients as it takes"),
            "{words:?}"
        );
        server.wait_stderr("refused: there is memory for ");
        eventually("a command sleeps", || runs(&seconds));
        drop(crowd);
        eventually("the commands have ended", || !runs(&seconds));
        eventually("there is room again", || {
            let mut client = connect(server.addr());
            send(&mut client, "echo ok");
            let answer =
                if framing == "prefix" { answer(&mut client) } else { recv(&mut client, 1024) };
            answer == b"ok\n"
        });
        server.signal(harness::Signal::SIGTERM);
        server.wait().assert_code(0).assert_no_panic();
    }
}

/// The answers of the tutorial's framings are held whole. Thirty of 16 MB do not fit.
#[test]
#[cfg(target_os = "linux")]
fn answers_for_which_there_is_no_memory_are_refused_and_end_nobody() {
    const LITTLE_MEMORY: [&str; 3] = ["/bin/sh", "-c", "ulimit -v 300000; exec \"$0\" \"$@\""];
    let program =
        Program::at(SERVER, "127.0.0.1:0").args(["--framing", "prefix"]).under(&LITTLE_MEMORY);
    let server = Server::of(program);
    let folder = tempfile::tempdir().unwrap();
    let go = folder.path().join("go");
    let mut crowd: Vec<TcpStream> = (0..30).map(|_| connect(server.addr())).collect();
    for client in &mut crowd {
        // All that is printed is held until the command has ended.
        let wait = format!("until [ -e {} ]; do sleep 0.2; done", go.display());
        send(client, format!("head -c 16000000 /dev/zero; {wait}"));
        client.set_nonblocking(true).unwrap();
    }
    eventually("one is refused", || crowd.iter().any(|client| client.peek(&mut [0]).is_ok()));
    std::fs::write(go, "").unwrap();
    crowd.iter().for_each(|client| client.set_nonblocking(false).unwrap());
    let answers: Vec<Vec<u8>> = crowd.iter_mut().map(answer).collect();
    let (whole, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.len() == 16_000_000);
    assert!(!whole.is_empty() && !refused.is_empty(), "{} and {}", whole.len(), refused.len());
    for answer in refused {
        let told = String::from_utf8_lossy(&answer[answer.len().saturating_sub(300)..]);
        assert!(told.contains("the server has no memory for all of its output"), "{told}");
    }
    let mut client = connect(server.addr());
    send(&mut client, "echo ok");
    assert_eq!(answer(&mut client), b"ok\n");
}
