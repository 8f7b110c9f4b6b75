//! Keys: who holds one may run commands, nobody else may, and nobody on the way learns or repeats
//! anything.
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use harness::peer::{self, connect, recv_exact, send};
use harness::{Program, Server};
use tempfile::TempDir;

use crate::{CLIENT, SERVER};

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;

const HELLO: &[u8] = b"\x89RCMD\n\x01\x01";

/// A directory with the keys `one` and `two`.
fn keys() -> (TempDir, PathBuf, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| directory.path().join(name));
    for key in [&one, &two] {
        Program::new(SERVER).arg("--new-key").arg(key).run().assert_code(0);
    }
    (directory, one, two)
}

fn server(key: &Path) -> Server {
    Server::start(SERVER, &["--key-file", key.to_str().unwrap()])
}

fn client(addr: impl ToString, key: &Path) -> Program {
    Program::new(CLIENT).args(["-a", &addr.to_string(), "--key-file"]).arg(key)
}

#[test]
fn a_new_key_is_private_and_never_overwrites() {
    let (_directory, one, two) = keys();
    let contents = std::fs::read_to_string(&one).unwrap();
    assert_eq!(contents.len(), 65);
    assert!(
        contents.ends_with('\n') && contents.trim().bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{contents}"
    );
    assert_ne!(contents, std::fs::read_to_string(&two).unwrap());
    #[cfg(unix)]
    assert_eq!(one.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let again = Program::new(SERVER).arg("--new-key").arg(&one).run();
    again.assert_code(1);
    assert!(again.err().contains("file exists"), "{}", again.err());
    assert_eq!(std::fs::read_to_string(&one).unwrap(), contents);
}

#[test]
#[cfg(unix)] // permissions as Unix has them
fn a_key_that_others_can_read_is_refused_with_what_to_do() {
    let (_directory, one, _) = keys();
    for mode in [0o644, 0o640, 0o604, 0o620] {
        std::fs::set_permissions(&one, std::fs::Permissions::from_mode(mode)).unwrap();
        let exit = Program::new(SERVER).args(["-a", "127.0.0.1:0", "--key-file"]).arg(&one).run();
        exit.assert_code(1);
        assert!(exit.err().contains(&format!("chmod 600 {}", one.display())), "{}", exit.err());
        let exit = client("127.0.0.1:1", &one).arg("id").run();
        exit.assert_code(255);
        assert!(
            exit.err().contains(&format!("(mode 0{mode:o}); make it yours alone: chmod 600 ")),
            "{}",
            exit.err()
        );
    }
}

#[test]
fn a_file_that_holds_no_key_is_refused() {
    let (directory, ..) = keys();
    let none = directory.path().join("none");
    for contents in ["", "secret\n", &"0".repeat(63), &"x".repeat(64)] {
        std::fs::write(&none, contents).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&none, std::fs::Permissions::from_mode(0o600)).unwrap();
        let exit = client("127.0.0.1:1", &none).arg("id").run();
        exit.assert_code(255);
        assert!(
            exit.err().contains("a key is 64 hexadecimal digits and a newline"),
            "{}",
            exit.err()
        );
    }
    let exit = client("127.0.0.1:1", &directory.path().join("nowhere")).arg("id").run();
    exit.assert_code(255);
    assert!(exit.err().contains("nowhere: no such file"), "{}", exit.err());
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn with_the_same_key_all_works_as_without() {
    let (_directory, one, _) = keys();
    let server = server(&one);
    let exit = client(server.addr(), &one).arg("echo 你好; echo 错误 >&2; exit 5").run();
    exit.assert_code(5);
    assert_eq!((exit.out().as_str(), exit.err().as_str()), ("你好\n", "错误\n"));
    let long = client(server.addr(), &one).arg("head -c 1000000 /dev/zero").run();
    assert_eq!(long.stdout, vec![0; 1_000_000]);
    let process = client(server.addr(), &one).start();
    // Not a plain `sleep`: a shell that is about to become one may forget the signal.
    process.line("trap 'exit 7' INT; echo ready; while :; do sleep 0.02; done");
    process.wait_stdout("ready\n");
    process.signal(harness::Signal::SIGINT);
    process.line("echo still here; exit 3");
    process.close_stdin();
    process.wait().assert_code(3);
}

#[test]
fn a_wrong_key_is_told_after_a_delay_and_runs_nothing() {
    let (directory, one, two) = keys();
    let server = server(&one);
    let owned = directory.path().join("owned");
    let begun = Instant::now();
    let exit = client(server.addr(), &two).arg(format!("touch '{}'", owned.display())).run();
    exit.assert_code(255);
    assert!(exit.err().ends_with(": wrong key: the server holds another one\n"), "{}", exit.err());
    assert!(begun.elapsed() >= Duration::from_secs(1));
    server.wait_stderr("wrong key, and nothing run");
    assert!(!owned.exists());
    client(server.addr(), &one).arg("exit 0").run().assert_code(0);
}

#[test]
fn one_key_on_two_sides_is_needed() {
    let (_directory, one, _) = keys();
    let keyed = server(&one);
    let exit = Program::new(CLIENT).args(["-a", &keyed.addr().to_string(), "id"]).run();
    exit.assert_code(255);
    assert!(
        exit.err().contains("the server wants a key: name the file that holds it with --key-file"),
        "{}",
        exit.err()
    );
    let plain = Server::start(SERVER, &[]);
    let exit = client(plain.addr(), &one).arg("id").run();
    exit.assert_code(255);
    assert!(exit.err().contains("the server has no key, and would not encrypt"), "{}", exit.err());
    assert_eq!(exit.out(), "");
}

#[test]
fn other_computers_are_served_with_a_key_only_and_never_in_the_tutorials_framings() {
    let (_directory, one, _) = keys();
    let key = one.to_str().unwrap();
    let exit = Program::new(SERVER).args(["-a", "0.0.0.0:0"]).run();
    exit.assert_code(1);
    assert!(
        exit.err().starts_with("error: will not listen on 0.0.0.0:0: whoever reaches it"),
        "{}",
        exit.err()
    );
    assert!(exit.err().contains("--new-key"), "{}", exit.err());
    let server = Server::of(Program::new(SERVER).args(["-a", "0.0.0.0:0", "--key-file", key]));
    let addr = format!("127.0.0.1:{}", server.addr().port());
    client(addr, &one).arg("exit 0").run().assert_code(0);
    for framing in ["prefix", "ack", "none"] {
        let exit = Program::new(SERVER)
            .args(["-a", "127.0.0.1:0", "--key-file", key, "--framing", framing])
            .run();
        exit.assert_code(2);
        assert!(exit.err().contains("only the framing stream has keys"), "{}", exit.err());
        let exit = client("127.0.0.1:1", &one).args(["--framing", framing, "id"]).run();
        exit.assert_code(2);
        assert!(exit.err().contains("only the framing stream has keys"), "{}", exit.err());
    }
}

/// Passes a connection on to the server, and returns what went each way.
fn listen_in(server: &Server, key: &Path, command: &str) -> (Vec<u8>, Vec<u8>) {
    fn forward(mut from: TcpStream, mut to: TcpStream) -> thread::JoinHandle<Vec<u8>> {
        thread::spawn(move || {
            let mut seen = Vec::new();
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                seen.extend(&buffer[..length]);
                if to.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Write);
            seen
        })
    }
    let listener = peer::listen();
    let process = client(listener.addr(), key).arg(command).start();
    let (to_client, to_server) = (listener.accept(), connect(server.addr()));
    let there = forward(to_client.try_clone().unwrap(), to_server.try_clone().unwrap());
    let back = forward(to_server, to_client);
    process.wait().assert_code(0);
    (there.join().unwrap(), back.join().unwrap())
}

#[test]
fn who_listens_in_learns_nothing() {
    let (_directory, one, _) = keys();
    let server = server(&one);
    let (there, back) = listen_in(&server, &one, "echo abcdefgh; echo abcdefgh");
    assert!(there.starts_with(HELLO) && back.starts_with(HELLO));
    for seen in [&there, &back] {
        assert!(
            !seen.windows(4).any(|window| window == b"abcd" || window == b"echo"),
            "{}",
            seen.escape_ascii()
        );
    }
    let (again, _) = listen_in(&server, &one, "echo abcdefgh; echo abcdefgh");
    assert_ne!(there[8..], again[8..], "the same command on another day looks different");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn recorded_bytes_that_are_sent_again_do_nothing() {
    let (directory, one, _) = keys();
    let server = server(&one);
    let count = directory.path().join("count");
    let (there, _) = listen_in(&server, &one, &format!("echo x >>'{}'", count.display()));
    assert_eq!(std::fs::read_to_string(&count).unwrap(), "x\n");
    // At once, and when the server has answered what came before.
    for pieces in [vec![&there[..]], vec![&there[..8], &there[8..58], &there[58..]]] {
        let mut socket = connect(server.addr());
        for (piece, answer) in pieces.into_iter().zip([8, 2 + 48, 0]) {
            send(&mut socket, piece);
            recv_exact(&mut socket, answer);
        }
        let mut told = Vec::new();
        let _ = socket.read_to_end(&mut told);
    }
    client(server.addr(), &one).arg("exit 0").run().assert_code(0);
    assert_eq!(std::fs::read_to_string(&count).unwrap(), "x\n");
}

#[test]
fn bytes_changed_on_the_way_end_the_connection() {
    let (_directory, one, _) = keys();
    let server = server(&one);
    let listener = peer::listen();
    let process = client(listener.addr(), &one).arg("id").start();
    let (mut to_client, mut to_server) = (listener.accept(), connect(server.addr()));
    // Hello, hello, handshake, handshake, and the client's first two records.
    send(&mut to_server, recv_exact(&mut to_client, 8));
    send(&mut to_client, recv_exact(&mut to_server, 8));
    send(&mut to_server, recv_exact(&mut to_client, 2 + 48));
    send(&mut to_client, recv_exact(&mut to_server, 2 + 48));
    let empty = recv_exact(&mut to_client, 2 + 16);
    send(&mut to_server, empty);
    let mut run = recv_exact(&mut to_client, 2 + 4 + 1 + 2 + 16);
    run[10] ^= 1;
    send(&mut to_server, run);
    server.wait_stderr("a record was changed on the way, or is not of this connection");
    assert!(!String::from_utf8(server.stdout()).unwrap().contains(": id"));
    drop((to_client, to_server));
    process.wait().assert_code(255);
}

#[test]
fn who_stands_in_the_door_keeps_nobody_out_who_has_the_key() {
    let (_directory, one, _) = keys();
    let server = server(&one);
    // One after the other, so that it is known who has stood there longest.
    let mut silent: Vec<TcpStream> = Vec::new();
    for _ in 0..64 {
        let mut socket = connect(server.addr());
        send(&mut socket, HELLO);
        assert_eq!(recv_exact(&mut socket, 8), HELLO);
        silent.push(socket);
    }
    client(server.addr(), &one).arg("exit 0").run().assert_code(0);
    peer::assert_closed(&mut silent[0]);
    peer::assert_nothing_within(&mut silent[63], 50);
}

#[test]
fn nobody_may_stand_in_the_door_for_long() {
    let (_directory, one, _) = keys();
    let server = server(&one);
    let mut silent = connect(server.addr());
    let mut shy = connect(server.addr());
    send(&mut shy, HELLO);
    assert_eq!(recv_exact(&mut shy, 8), HELLO);
    for socket in [&mut silent, &mut shy] {
        socket.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        assert_eq!(socket.read(&mut [0; 16]).unwrap(), 0);
    }
    server.wait_stderr("not let in");
}
