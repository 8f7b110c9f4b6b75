//! `--reconnect`: a member of a room comes back when its connection is lost.

use std::net::TcpStream;

use harness::peer::{self, Listener, recv_until, reset, send};
use harness::{Process, Program, Server, Signal, Terminal};

use crate::{CLIENT, SERVER};

fn room_at(addr: impl ToString, args: &[&str]) -> Server {
    let program = Program::new(SERVER).args(["--mode", "room", "--addr", &addr.to_string()]);
    Server::of(program.args(args))
}

/// The server ends without a word.
fn kill(server: &Server) {
    server.signal(Signal::SIGKILL);
    server.wait();
}

fn program(addr: impl ToString, args: &[&str]) -> Program {
    Program::at(CLIENT, addr).args(["--mode", "room", "--reconnect"]).args(args)
}

fn client(addr: impl ToString, args: &[&str]) -> Process {
    program(addr, args).start()
}

/// A room that the test plays: lets the next one in, under this name.
fn let_in(room: &Listener, name: &str) -> TcpStream {
    let mut stream = room.accept();
    send(&mut stream, format!("* you are {name}; /help lists the commands\n"));
    stream
}

fn line(stream: &mut TcpStream) -> String {
    String::from_utf8(recv_until(stream, "\n")).unwrap()
}

/// How often a program has said this on standard output.
fn times_said(client: &Process, words: &str) -> usize {
    String::from_utf8_lossy(&client.stdout()).matches(words).count()
}

#[test]
fn a_member_comes_back_with_its_name_when_the_server_does() {
    let server = room_at("127.0.0.1:0", &[]);
    let addr = server.addr();
    let client = client(addr, &["--name", "小明"]);
    client.wait_stdout("* guest-1 is now 小明\n");
    client.line("before");
    client.wait_stdout("小明: before\n");
    kill(&server);
    client.wait_stderr("trying again in ");
    client.line("meanwhile");
    client.wait_stderr("notice: not connected: the line is kept");
    let server = room_at(addr, &[]);
    client.wait_stderr(&format!("notice: connected to {addr} again\n"));
    client.wait_stdout("小明: meanwhile\n");
    assert_eq!(times_said(&client, "* guest-1 is now 小明\n"), 2);
    server.wait_stdout("小明: meanwhile\n");
    client.line("after");
    client.wait_stdout("小明: after\n");
    // In good order, too: a server that is going down is one that may come back.
    drop(server);
    client.wait_stderr(|err: &[u8]| {
        String::from_utf8_lossy(err).matches("trying again in ").count() >= 2
    });
    let _server = room_at(addr, &[]);
    client.wait_stdout(|out: &[u8]| {
        String::from_utf8_lossy(out).matches("* guest-1 is now 小明\n").count() == 3
    });
    client.close_stdin();
    client.wait().assert_code(0);
}

#[test]
fn a_server_that_is_gone_for_good_is_left_at_once_by_an_interrupt() {
    let server = room_at("127.0.0.1:0", &[]);
    let client = client(server.addr(), &[]);
    client.wait_stdout("* you are ");
    kill(&server);
    // Longer pauses are waited for, too.
    client.wait_stderr(|err: &[u8]| {
        String::from_utf8_lossy(err).matches("connection refused").count() >= 2
    });
    client.signal(Signal::SIGINT);
    client.wait().assert_code(130);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_server_that_is_gone_for_good_is_left_at_once_by_ctrl_c_at_the_prompt() {
    let server = room_at("127.0.0.1:0", &[]);
    let client = Terminal::start(program(server.addr(), &[]), 100, 20);
    client.wait_text("* you are ");
    kill(&server);
    client.wait_text("trying again in ");
    client.keys("anybody?\r");
    client.wait_text("the line is kept");
    client.keys("\x03");
    client.wait().assert_code(130);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn who_leaves_while_there_is_no_room_is_told_what_was_not_said() {
    for (typed, last, code) in [("", "\x04", 0), ("hello\r", "\x04", 1), ("hello\r", "/quit\r", 1)]
    {
        let room = peer::listen();
        let client = Terminal::start(program(room.addr(), &[]), 100, 20);
        let stream = let_in(&room, "guest-1");
        client.wait_text("* you are guest-1");
        drop(stream);
        drop(room);
        client.wait_text("trying again in ");
        client.keys(typed);
        if !typed.is_empty() {
            client.wait_text("the line is kept");
        }
        client.keys(last);
        client.wait().assert_code(code);
        assert_eq!(client.screen().contains("not sent: 1"), code == 1, "{}", client.screen());
    }
}

#[test]
fn who_leaves_or_is_sent_away_does_not_come_back() {
    let server = room_at("127.0.0.1:0", &["--max-clients", "1", "--idle-timeout", "3"]);
    let inside = client(server.addr(), &[]);
    inside.wait_stdout("* you are ");
    let full = client(server.addr(), &[]).wait();
    full.assert_code(1);
    assert!(full.err().contains("the room is full"), "{}", full.err());
    let silent = inside.wait();
    silent.assert_code(1);
    assert!(silent.err().contains("nothing was heard from you"), "{}", silent.err());
    for exit in [full, silent] {
        assert!(!exit.err().contains("again in"), "{}", exit.err());
    }
    let server = room_at("127.0.0.1:0", &[]);
    for last in ["/quit\n", ""] {
        let client = client(server.addr(), &[]);
        client.write(format!("hello\n{last}"));
        client.wait_stdout(": hello\n");
        client.close_stdin();
        let exit = client.wait();
        exit.assert_code(0);
        assert_eq!(exit.err(), "", "{last:?}");
    }
    // Somebody must have been there: a wrong address is told at once.
    let nobody = client("127.0.0.1:1", &[]).wait();
    assert!(nobody.assert_one_error(1).contains("refused"), "{}", nobody.err());
    for mode in ["duplex", "turns"] {
        let exit = Program::new(CLIENT).args(["--reconnect", "--mode", mode]).run();
        assert!(exit.assert_one_error(2).contains("--mode room"), "{}", exit.err());
    }
}

#[test]
fn a_room_that_is_full_when_we_come_back_is_asked_again() {
    let room = peer::listen();
    let client = client(room.addr(), &[]);
    let stream = let_in(&room, "guest-1");
    client.wait_stdout("* you are guest-1");
    reset(stream);
    let mut full = room.accept();
    send(&mut full, "* the room is full\n");
    drop(full);
    client.wait_stderr("the room is full; trying again in ");
    let mut stream = let_in(&room, "guest-7");
    assert_eq!(line(&mut stream), "/nick guest-1\n");
    client.signal(Signal::SIGKILL);
}

#[test]
fn a_name_that_our_ghost_still_has_is_asked_for_until_it_is_free() {
    let room = peer::listen();
    let client = client(room.addr(), &["--name", "小明"]);
    let mut stream = let_in(&room, "guest-1");
    assert_eq!(line(&mut stream), "/nick 小明\n");
    send(&mut stream, "* guest-1 is now 小明\n");
    client.wait_stdout("is now 小明\n");
    reset(stream);
    let mut stream = let_in(&room, "guest-2");
    assert_eq!(line(&mut stream), "/nick 小明\n");
    send(&mut stream, "* the name 小明 is taken\n");
    client.wait_stderr("notice: somebody has the name 小明; you are guest-2 until it is free\n");
    // And once more by itself.
    assert_eq!(line(&mut stream), "/nick 小明\n");
    send(&mut stream, "* guest-2 is now 小明\n");
    client.line("/quit");
    assert_eq!(line(&mut stream), "/quit\n");
    drop(stream);
    client.wait().assert_code(0);
}

#[test]
fn what_may_not_have_been_heard_is_told() {
    let room = peer::listen();
    let client = client(room.addr(), &[]);
    let mut stream = let_in(&room, "guest-1");
    for words in ["heard", "lost\x1b[31m"] {
        client.line(words);
        assert_eq!(line(&mut stream), format!("{words}\n"));
    }
    send(&mut stream, "guest-1: heard\n");
    client.wait_stdout("guest-1: heard\n");
    reset(stream);
    client.wait_stderr("notice: perhaps nobody has heard: lost");
    let err = String::from_utf8(client.stderr()).unwrap();
    assert!(!err.contains("heard: heard") && !err.contains('\x1b'), "{err}");
}

#[test]
fn what_comes_through_a_pipe_is_said_before_the_end() {
    let server = room_at("127.0.0.1:0", &[]);
    let addr = server.addr();
    let client = client(addr, &[]);
    client.wait_stdout("* you are ");
    kill(&server);
    client.wait_stderr("trying again in ");
    client.write("one\ntwo\nthree\n");
    client.close_stdin();
    let server = room_at(addr, &[]);
    server.wait_stdout("guest-1: three\n");
    client.wait().assert_code(0);
    let said = String::from_utf8(server.stdout()).unwrap();
    let said: Vec<&str> = said.lines().filter(|line| line.starts_with("guest-1: ")).collect();
    assert_eq!(said, ["guest-1: one", "guest-1: two", "guest-1: three"]);
}

#[test]
fn the_pauses_grow_while_nobody_lets_us_in() {
    let room = peer::listen();
    let client = client(room.addr(), &[]);
    for _ in 0..3 {
        drop(room.accept());
    }
    let said =
        client.wait_stderr(|err: &[u8]| String::from_utf8_lossy(err).matches(" s\n").count() == 3);
    let said = String::from_utf8(said).unwrap();
    let pauses: Vec<f64> = said
        .lines()
        .filter_map(|line| line.split_once("trying again in ")?.1.strip_suffix(" s")?.parse().ok())
        .collect();
    for (pause, most) in pauses.iter().zip([1.0, 2.0, 4.0]) {
        assert!(*pause >= most / 2.0 && *pause <= most, "{said}");
    }
    assert_eq!(pauses.len(), 3, "{said}");
}
