//! Standard input goes to the command, as ssh's does.
use std::fs::File;
use std::io::Write;
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;

use harness::peer::{self, connect, recv_exact, send};
use harness::{Program, Server, Signal, eventually, usage};

use crate::{CLIENT, SERVER};

const HELLO: &[u8] = b"\x89RCMD\n\x01\x00";

fn server(args: &[&str]) -> Server {
    Server::start(SERVER, args)
}

fn client(server: &Server, command: &str) -> Program {
    Program::at(CLIENT, server.addr()).arg(command)
}

/// So many bytes, of all values.
fn bytes(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

/// A file with these bytes, opened to be read.
fn file_of(directory: &Path, contents: &[u8]) -> File {
    let path = directory.join("input");
    std::fs::write(&path, contents).unwrap();
    File::open(path).unwrap()
}

fn endless() -> File {
    File::open("/dev/zero").unwrap()
}

#[test]
fn input_is_exact_to_the_byte_with_and_without_a_key() {
    let directory = tempfile::tempdir().unwrap();
    let key = directory.path().join("key");
    let key = key.to_str().unwrap();
    Program::new(SERVER).args(["--new-key", key]).run().assert_code(0);
    for key in [&[][..], &["--key-file", key]] {
        let server = server(key);
        for length in [0, 1, 65_536, 65_537, 3_000_003] {
            let sent = bytes(length);
            let input = file_of(directory.path(), &sent);
            let exit = Program::at(CLIENT, server.addr()).args(key).arg("cat").stdin(input).run();
            exit.assert_code(0);
            assert!(exit.stdout == sent, "{length} bytes, {key:?}");
        }
    }
}

#[test]
fn input_comes_while_the_command_runs_and_its_end_when_it_ends() {
    let server = server(&[]);
    let process = client(&server, "while read line; do echo \"<$line>\"; done; echo end").start();
    for line in ["one", "two", "三"] {
        process.line(line);
        process.wait_stdout(&format!("<{line}>\n"));
    }
    process.close_stdin();
    let exit = process.wait();
    exit.assert_code(0);
    assert!(exit.out().ends_with("<三>\nend\n"), "{}", exit.out());
}

#[test]
fn a_last_line_without_an_end_is_not_lost() {
    let server = server(&[]);
    let process = client(&server, "cat; echo .; exit 3").start();
    process.write("no newline");
    process.close_stdin();
    let exit = process.wait();
    exit.assert_code(3);
    assert_eq!(exit.out(), "no newline.\n");
}

#[test]
fn a_command_that_ends_before_its_input_does_ends_the_client() {
    let server = server(&[]);
    for (command, status, output) in
        [("true", 0, ""), ("exit 7", 7, ""), ("head -c 200000 | wc -c", 0, "200000\n")]
    {
        let exit = client(&server, command).stdin(endless()).run();
        exit.assert_code(status);
        assert_eq!((exit.out().trim_start(), exit.err().as_str()), (output, ""), "{command}");
    }
    // It has closed its input, and goes on.
    let exit = client(&server, "exec <&-; sleep 0.3; echo done").stdin(endless()).run();
    exit.assert_code(0);
    assert_eq!(exit.out(), "done\n");
}

#[test]
fn a_command_that_never_reads_locks_nothing_up() {
    let server = server(&[]);
    let process = client(&server, "echo ready; exec sleep 60").stdin(endless()).start();
    process.wait_stdout("ready\n");
    let (server_id, client_id) = (server.id(), process.id());
    let still = |id: u32| {
        let before = usage::written(id);
        move || usage::written(id) == before
    };
    eventually("the client has sent what it may", still(client_id));
    assert!(usage::resident(server_id) < 32 << 20 && usage::resident(client_id) < 32 << 20);
    process.signal(Signal::SIGINT);
    process.wait().assert_code(130);
    // And one whose client goes away in the middle of it.
    let process = client(&server, "echo ready; exec sleep 60").stdin(endless()).start();
    process.wait_stdout("ready\n");
    process.signal(Signal::SIGKILL);
    eventually("the command is ended", || usage::children(server_id).is_empty());
    client(&server, "true").run().assert_code(0);
}

#[test]
fn output_beyond_all_buffers_and_input_pass_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(&[]);
    let sent = bytes(5_000_000);
    // It prints much before it reads anything, and again while it reads.
    let command = "head -c 3000000 /dev/zero; cat; head -c 3000000 /dev/zero >&2";
    let exit = client(&server, command).stdin(file_of(directory.path(), &sent)).run();
    exit.assert_code(0);
    assert!(exit.stdout == [vec![0; 3_000_000], sent].concat());
    assert_eq!(exit.stderr.len(), 3_000_000);
}

#[test]
fn without_input_a_command_finds_the_end_of_it_at_once() {
    let server = server(&[]);
    let exit =
        Program::at(CLIENT, server.addr()).args(["-n", "cat; echo end"]).stdin(endless()).run();
    exit.assert_code(0);
    assert_eq!(exit.out(), "end\n");
    assert_eq!(client(&server, "cat; echo end").run().out(), "end\n");
    // Nobody writes to it any more.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(writer);
    assert_eq!(client(&server, "cat; echo end").stdin(reader).run().out(), "end\n");
}

#[test]
fn a_file_that_has_no_length_is_input_all_the_same() {
    let server = server(&[]);
    let input = File::open("/proc/self/status").unwrap();
    let exit = client(&server, "grep -c ^Name:").stdin(input).run();
    assert_eq!(exit.out(), "1\n");
}

#[test]
fn input_that_is_made_non_blocking_is_waited_for() {
    let server = server(&[]);
    let (ours, theirs) = UnixStream::pair().unwrap();
    theirs.set_nonblocking(true).unwrap();
    let process = client(&server, "wc -c").stdin(OwnedFd::from(theirs)).start();
    let writer = thread::spawn(move || {
        let mut ours = ours;
        for piece in bytes(400_000).chunks(999) {
            ours.write_all(piece).unwrap();
        }
    });
    let exit = process.wait();
    writer.join().unwrap();
    exit.assert_code(0);
    assert_eq!(exit.out().trim(), "400000");
}

#[test]
fn input_that_cannot_be_read_is_an_error_and_no_end_of_it() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(&[]);
    let done = directory.path().join("done");
    let input = File::open(directory.path()).unwrap();
    let exit = client(&server, &format!("cat && touch '{}'", done.display())).stdin(input).run();
    exit.assert_code(255);
    assert_eq!(exit.err(), "error: cannot read standard input: is a directory\n");
    eventually("the command is ended", || usage::children(server.id()).is_empty());
    assert!(!done.exists());
}

#[test]
fn a_script_of_several_lines_is_one_command() {
    let server = server(&[]);
    let process = Program::at(CLIENT, server.addr()).arg("-").start();
    process.write("place=here\ncd /\nfor n in 1 2; do\n  echo \"$n $place $PWD\"\ndone\nexit 4\n");
    process.close_stdin();
    let exit = process.wait();
    exit.assert_code(4);
    assert_eq!(exit.out(), "1 here /\n2 here /\n");
    let process = Program::at(CLIENT, server.addr()).arg("-").start();
    process.write("#".repeat(70_000));
    process.close_stdin();
    let exit = process.wait();
    exit.assert_code(255);
    assert!(exit.err().contains("a script of more than 65536 bytes"), "{}", exit.err());
}

#[test]
fn several_clients_with_input_do_not_hold_each_other_up() {
    let server = server(&[]);
    let stuck = client(&server, "echo ready; exec sleep 60").stdin(endless()).start();
    stuck.wait_stdout("ready\n");
    let directory = tempfile::tempdir().unwrap();
    let sent = bytes(1_000_000);
    for _ in 0..3 {
        let exit = client(&server, "cat").stdin(file_of(directory.path(), &sent)).run();
        assert!(exit.stdout == sent);
    }
    stuck.signal(Signal::SIGKILL);
}

// The bytes.

fn session(server: &Server) -> TcpStream {
    let mut socket = connect(server.addr());
    send(&mut socket, HELLO);
    assert_eq!(recv_exact(&mut socket, 8), HELLO);
    socket
}

fn send_message(socket: &mut TcpStream, message: &[u8]) {
    send(socket, [&u32::try_from(message.len()).unwrap().to_be_bytes(), message].concat());
}

fn recv_message(socket: &mut TcpStream) -> Vec<u8> {
    let head: [u8; 4] = recv_exact(socket, 4).try_into().unwrap();
    recv_exact(socket, usize::try_from(u32::from_be_bytes(head)).unwrap())
}

/// Messages up to the last of a command, those of one kind next to each other.
fn answer(socket: &mut TcpStream) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        all.push(recv_message(socket));
        if all.last().is_some_and(|last| [0x13, 0x14, 0x15].contains(&last[0])) {
            all.sort();
            return all;
        }
    }
}

#[test]
fn the_servers_bytes_for_input_are_those_of_the_description() {
    let server = server(&[]);
    let mut socket = session(&server);
    send_message(&mut socket, b"\x04cat; exit 2");
    send_message(&mut socket, b"\x05abc");
    let mut first = [recv_message(&mut socket), recv_message(&mut socket)];
    first.sort();
    assert_eq!(first, [b"\x11abc".to_vec(), b"\x16\0\0\0\x03".to_vec()]);
    send_message(&mut socket, b"\x05");
    assert_eq!(recv_message(&mut socket), b"\x13\0\0\0\x02");
    // What comes too late goes nowhere, and the session goes on.
    send_message(&mut socket, b"\x04exec <&-; echo closed; sleep 0.1");
    assert_eq!(answer(&mut socket), [&b"\x11closed\n"[..], b"\x13\0\0\0\0", b"\x16\0\0\0\0"]);
    send_message(&mut socket, b"\x05late");
    send_message(&mut socket, b"\x01cat");
    assert_eq!(answer(&mut socket), [b"\x13\0\0\0\0"]);
}

#[test]
fn who_sends_more_than_the_window_is_told_and_closed() {
    let server = server(&[]);
    let piece = [&b"\x05"[..], &bytes(65_536)].concat();
    for wrong in [vec![piece; 5], vec![b"\x05".to_vec(), b"\x05x".to_vec()]] {
        let mut socket = session(&server);
        send_message(&mut socket, b"\x04exec sleep 60");
        for message in wrong {
            send_message(&mut socket, &message);
        }
        let told = String::from_utf8_lossy(&peer::recv_to_end(&mut socket)).into_owned();
        assert!(told.contains("the client sent more input"), "{told}");
        eventually("the command is ended", || usage::children(server.id()).is_empty());
    }
    // Input without a command that is to get it.
    let mut socket = session(&server);
    send_message(&mut socket, b"\x05x");
    let told = String::from_utf8_lossy(&peer::recv_to_end(&mut socket)).into_owned();
    assert!(told.contains("input that no command was to get"), "{told}");
}

#[test]
fn the_clients_bytes_for_input_are_those_of_the_description() {
    let listener = peer::listen();
    let process = Program::at(CLIENT, listener.addr()).arg("cat").start();
    let mut socket = listener.accept();
    assert_eq!(recv_exact(&mut socket, 8), HELLO);
    send(&mut socket, HELLO);
    assert_eq!(recv_message(&mut socket), b"\x04cat");
    process.write("hi");
    assert_eq!(recv_message(&mut socket), b"\x05hi");
    process.close_stdin();
    assert_eq!(recv_message(&mut socket), b"\x05");
    send_message(&mut socket, b"\x13\0\0\0\0");
    process.wait().assert_code(0);
}

#[test]
fn a_client_sends_no_more_than_the_window_until_it_is_told_that_some_was_taken() {
    let listener = peer::listen();
    let process = Program::at(CLIENT, listener.addr()).arg("cat").stdin(endless()).start();
    let mut socket = listener.accept();
    assert_eq!(recv_exact(&mut socket, 8), HELLO);
    send(&mut socket, HELLO);
    assert_eq!(recv_message(&mut socket), b"\x04cat");
    let mut got = 0;
    while got < 262_144 {
        let message = recv_message(&mut socket);
        assert_eq!(message[0], 5);
        got += message.len() - 1;
    }
    assert_eq!(got, 262_144);
    peer::assert_nothing_within(&mut socket, 50);
    send_message(&mut socket, b"\x16\0\0\0\x07");
    assert_eq!(recv_message(&mut socket), b"\x05\0\0\0\0\0\0\0");
    send_message(&mut socket, b"\x16\0\0\0\0");
    peer::assert_nothing_within(&mut socket, 50);
    send_message(&mut socket, b"\x13\0\0\0\0");
    process.wait().assert_code(0);
}

/// Where the framing has no place for it, whoever pipes something is told, and whoever does not is
/// not.
#[test]
fn in_the_tutorials_framings_a_user_is_told_that_input_stays_here() {
    let directory = tempfile::tempdir().unwrap();
    for framing in ["ack", "prefix", "none"] {
        let server = server(&["--framing", framing]);
        let run = |input: OwnedFd, more: &[&str]| {
            let client = Program::at(CLIENT, server.addr()).args(["--framing", framing]);
            let exit = client.args(more).arg("echo hi").stdin(input).run();
            exit.assert_code(0);
            assert_eq!(exit.out(), "hi\n");
            exit.err()
        };
        let (near, mut far) = UnixStream::pair().unwrap();
        far.write_all(b"123\n").unwrap();
        for input in [file_of(directory.path(), b"123\n").into(), near.into(), endless().into()] {
            let said = run(input, &[]);
            let words =
                [format!("--framing {framing}"), "--framing stream".to_owned(), "-n".to_owned()];
            assert!(words.iter().all(|word| said.contains(word.as_str())), "{said}");
            assert!(said.starts_with("notice: ") && said.lines().count() == 1, "{said}");
        }
        // Nothing is there, or it is not meant for the command.
        let (open, _far) = UnixStream::pair().unwrap();
        let (ended, far) = UnixStream::pair().unwrap();
        drop(far);
        let null = File::open("/dev/null").unwrap();
        for input in [open.into(), ended.into(), null.into(), file_of(directory.path(), b"").into()]
        {
            assert_eq!(run(input, &[]), "");
        }
        assert_eq!(run(file_of(directory.path(), b"123\n").into(), &["-n"]), "");
        assert_eq!(run(endless().into(), &["-n"]), "");
    }
}

/// As ssh leaves it, or whoever shares a pipe with it.
#[test]
fn a_script_from_an_input_that_does_not_wait_is_waited_for() {
    let server = server(&[]);
    let (ours, mut far) = UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let before = usage::threads(server.id());
    let client = client(&server, "-").stdin(OwnedFd::from(ours)).start();
    far.write_all(b"echo one\n").unwrap();
    eventually("it has connected", || usage::threads(server.id()) > before);
    far.write_all(b"echo two\n").unwrap();
    drop(far);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "one\ntwo\n");
}
