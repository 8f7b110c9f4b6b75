//! The room: many members, over the wire and through the client.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use harness::peer::{self, reset};
use harness::{Process, Program, Server, Signal, Terminal};

use crate::{CLIENT, SERVER};

fn room(args: &[&str]) -> Server {
    Server::start(SERVER, &[&["--mode", "room"], args].concat())
}

fn client(server: &Server, args: &[&str]) -> Process {
    program(server, args).start()
}

fn program(server: &Server, args: &[&str]) -> Program {
    Program::new(CLIENT).args(["--mode", "room", "--addr", &server.addr().to_string()]).args(args)
}

/// A member that has nothing but a connection, as `nc` has.
struct Member {
    stream: BufReader<TcpStream>,
    name: String,
}

impl Member {
    fn join(server: &Server) -> Self {
        let mut member =
            Member { stream: BufReader::new(peer::connect(server.addr())), name: String::new() };
        let welcome = member.line();
        let name = welcome.strip_prefix("* you are ").and_then(|rest| rest.split(';').next());
        member.name = name.unwrap_or_else(|| panic!("no welcome: {welcome}")).to_owned();
        member
    }

    fn say(&mut self, line: impl AsRef<[u8]>) {
        let line = [line.as_ref(), b"\n"].concat();
        self.stream.get_mut().write_all(&line).unwrap();
    }

    /// The next line, without its end; empty at the end of the stream.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line.trim_end_matches('\n').to_owned()
    }

    /// Skips what the room says until it says this.
    fn wait_for(&mut self, wanted: &str) {
        loop {
            let line = self.line();
            if line == wanted {
                return;
            }
            assert!(line.starts_with("* "), "{wanted:?} was wanted, and somebody said {line:?}");
        }
    }
}

#[test]
fn who_joins_hears_the_last_lines_that_were_said() {
    let server = room(&["--history", "2"]);
    let mut first = Member::join(&server);
    for line in ["one", "/nick 小明", "two", "//three"] {
        first.say(line);
    }
    while first.line() != "小明: /three" {}
    let mut second = Member::join(&server);
    assert_eq!([second.line(), second.line()], ["小明: two", "小明: /three"]);
    // Nothing else comes before what is said now.
    first.say("four");
    assert_eq!(second.line(), "小明: four");
    let forgetful = room(&[]);
    let mut first = Member::join(&forgetful);
    first.say("one");
    first.wait_for(&format!("{}: one", first.name.clone()));
    let mut second = Member::join(&forgetful);
    first.say("two");
    assert_eq!(second.line(), format!("{}: two", first.name));
}

#[test]
fn only_a_room_has_a_history() {
    for mode in ["duplex", "turns"] {
        let exit = Program::new(SERVER).args(["--mode", mode, "--history", "1"]).run();
        assert!(exit.assert_one_error(2).contains("--mode room"), "{exit:?}");
    }
}

#[test]
fn members_with_nc_and_with_telnet_hear_each_other() {
    let server = room(&[]);
    let (mut nc, mut telnet) = (Member::join(&server), Member::join(&server));
    nc.wait_for("* guest-2 has joined");
    nc.say("你好");
    telnet.stream.get_mut().write_all(b"hello\r\n").unwrap();
    for member in [&mut nc, &mut telnet] {
        let mut said = [member.line(), member.line()];
        said.sort();
        assert_eq!(said, ["guest-1: 你好", "guest-2: hello"]);
    }
    server.wait_stdout("guest-1: 你好\n");
}

#[test]
fn names_are_taken_and_refused() {
    let server = room(&[]);
    let (mut first, mut second) = (Member::join(&server), Member::join(&server));
    first.say("/nick 小明");
    second.wait_for("* guest-1 is now 小明");
    second.say("/nick 小明");
    second.wait_for("* the name 小明 is taken");
    second.say("/nick a\x1b[31m");
    assert!(second.line().starts_with("* a name has"));
    second.say("/who");
    second.wait_for("* here: 2");
    second.wait_for("* 小明 guest-2");
    first.say("/quit");
    second.wait_for("* 小明 has left");
    first.wait_for("* guest-2 has joined");
    first.wait_for("* guest-1 is now 小明");
    assert_eq!(first.line(), "");
}

#[test]
fn a_line_that_is_too_long_is_refused_and_the_next_is_heard() {
    let server = room(&[]);
    let (mut speaker, mut hearer) = (Member::join(&server), Member::join(&server));
    speaker.wait_for("* guest-2 has joined");
    let longest = "长".repeat(1365) + "x";
    assert_eq!(longest.len(), 4096);
    speaker.say("x".repeat(4097));
    speaker.say(vec![b'x'; 5 << 20]);
    speaker.say(&longest);
    for _ in 0..2 {
        speaker.wait_for("* a line has at most 4096 bytes; yours was not said");
    }
    hearer.wait_for(&format!("guest-1: {longest}"));
}

#[test]
fn a_line_cut_anywhere_by_the_network_is_one_line() {
    let server = room(&["--trace"]);
    let mut speaker = Member::join(&server);
    let bytes = "你好\n".as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        speaker.stream.get_mut().write_all(&[*byte]).unwrap();
        server.wait_stderr(|trace: &[u8]| {
            let trace = String::from_utf8_lossy(trace);
            trace.lines().filter(|line| line.split(' ').nth(1) == Some("recv")).count() == index + 1
        });
    }
    speaker.wait_for("guest-1: 你好");
}

#[test]
fn a_member_that_dies_or_is_reset_is_announced_to_the_others() {
    let server = room(&[]);
    let mut witness = Member::join(&server);
    let dying = client(&server, &[]);
    witness.wait_for("* guest-2 has joined");
    dying.line("half");
    witness.wait_for("guest-2: half");
    dying.signal(Signal::SIGKILL);
    witness.wait_for("* guest-2 has left");
    let reset_one = Member::join(&server);
    witness.wait_for("* guest-3 has joined");
    reset(reset_one.stream.into_inner());
    witness.wait_for("* guest-3 has left");
    witness.say("still here");
    witness.wait_for("guest-1: still here");
}

#[test]
fn a_last_line_without_an_end_is_heard() {
    let server = room(&[]);
    let (mut hearer, mut speaker) = (Member::join(&server), Member::join(&server));
    speaker.stream.get_mut().write_all("没有换行".as_bytes()).unwrap();
    speaker.stream.get_ref().shutdown(Shutdown::Write).unwrap();
    hearer.wait_for("guest-2: 没有换行");
    hearer.wait_for("* guest-2 has left");
    let mut rest = Vec::new();
    speaker.stream.read_to_end(&mut rest).unwrap();
    assert_eq!(String::from_utf8(rest).unwrap(), "guest-2: 没有换行\n");
}

#[test]
fn a_member_that_does_not_read_is_dropped_and_nobody_waits_for_it() {
    let server = room(&[]);
    let stuck = Member::join(&server);
    let (mut speaker, mut hearer) = (Member::join(&server), Member::join(&server));
    speaker.wait_for("* guest-3 has joined");
    let line = "x".repeat(4000);
    let (mut slowest, mut dropped) = (Duration::ZERO, false);
    // More than all buffers on the way take: the kernel's two, and the server's.
    for _ in 0..10_000 {
        let began = Instant::now();
        speaker.say(&line);
        for member in [&mut speaker, &mut hearer] {
            let mut heard = member.line();
            if heard == "* guest-1 has been dropped: it does not read" {
                dropped = true;
                heard = member.line();
            }
            assert!(heard == format!("guest-2: {line}"), "{heard}");
        }
        slowest = slowest.max(began.elapsed());
        if dropped {
            break;
        }
    }
    assert!(dropped, "40 MB did not fill the outbox");
    assert!(slowest < Duration::from_secs(2), "a line took {slowest:?}");
    drop(stuck);
}

#[test]
fn who_reads_is_not_dropped_however_much_the_others_say() {
    const MEMBERS: usize = 100;
    const LINES: usize = 10;
    let server = room(&[]);
    let members: Vec<Member> = (0..MEMBERS).map(|_| Member::join(&server)).collect();
    // One line of each is more than may wait for one.
    let said = format!("{}\n", "x".repeat(4000)).repeat(LINES);
    thread::scope(|scope| {
        for mut member in members {
            let mut speaker = member.stream.get_ref().try_clone().unwrap();
            let said = &said;
            scope.spawn(move || speaker.write_all(said.as_bytes()).unwrap());
            scope.spawn(move || {
                let mut heard = 0;
                while heard < MEMBERS * LINES {
                    let line = member.line();
                    assert!(!line.is_empty(), "{} was left out after {heard} lines", member.name);
                    assert!(!line.ends_with("it does not read"), "{line}");
                    heard += usize::from(line.ends_with('x'));
                }
            });
        }
    });
}

#[test]
fn a_flood_slows_the_one_who_makes_it_and_loses_nothing() {
    const LINES: usize = 1000;
    let server = room(&[]);
    let (flooder, mut honest) = (Member::join(&server), Member::join(&server));
    let mut to = flooder.stream.get_ref().try_clone().unwrap();
    let began = Instant::now();
    let flood = thread::spawn(move || to.write_all("flood\n".repeat(LINES).as_bytes()));
    let mut heard = 0;
    while heard < LINES {
        if heard == LINES / 2 {
            honest.say("here I am");
            // Of the flood no more comes before it than is said meanwhile.
            let before = (0..).take_while(|_| honest.line() != "guest-2: here I am").count();
            assert!(before < LINES * 2 / 5, "{before} lines before an honest one");
            heard += before;
        }
        assert_eq!(honest.line(), "guest-1: flood");
        heard += 1;
    }
    // 400 at once, then 200 a second.
    assert!(began.elapsed() > Duration::from_secs(2), "{:?}", began.elapsed());
    flood.join().unwrap().unwrap();
    drop(flooder);
    honest.wait_for("* guest-1 has left");
}

#[test]
fn telnet_is_answered_and_its_commands_are_shown_to_nobody() {
    let server = room(&[]);
    let (mut telnet, mut other) = (Member::join(&server), Member::join(&server));
    telnet.wait_for("* guest-2 has joined");
    // Ctrl+C in the middle of a line; then will terminal type.
    telnet.stream.get_mut().write_all(b"he\xff\xf4\xff\xfd\x06llo\r\n\xff\xfb\x18").unwrap();
    let mut answer = [0; 6];
    telnet.stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, *b"\xff\xfc\x06\xff\xfe\x18");
    telnet.say("还在");
    for line in ["guest-1: hello", "guest-1: 还在"] {
        assert_eq!(telnet.line(), line);
        assert_eq!(other.line(), line);
    }
}

#[test]
fn a_web_page_says_nothing() {
    let server = room(&[]);
    let mut witness = Member::join(&server);
    let requests = [
        "POST / HTTP/1.1\r\nHost: x\r\n\r\n/nick root\nhi\n".to_owned(),
        format!("GET /{} HTTP/1.1\r\nX-Y: z\r\n\r\nhi\n", "x".repeat(9000)),
        "\r\nOPTIONS * HTTP/1.1\r\n\r\n".to_owned(),
    ];
    for (guest, request) in (2..).zip(requests) {
        let mut page = Member::join(&server);
        page.stream.get_mut().write_all(request.as_bytes()).unwrap();
        page.wait_for(
            "* you have been dropped: this is no web server, and nothing of your request was said",
        );
        assert_eq!(page.line(), "");
        for line in ["has joined", "has been dropped: it speaks HTTP"] {
            assert_eq!(witness.line(), format!("* guest-{guest} {line}"));
        }
        server.wait_stderr("an HTTP request was refused and not said");
    }
    // A person may speak of one.
    witness.say("hi");
    witness.say("GET / HTTP/1.1");
    witness.wait_for("guest-1: hi");
    witness.wait_for("guest-1: GET / HTTP/1.1");
}

#[test]
fn an_answer_comes_after_what_was_said_before_the_question() {
    let server = room(&[]);
    let (mut asker, mut other) = (Member::join(&server), Member::join(&server));
    asker.wait_for("* guest-2 has joined");
    for round in 0..100 {
        asker.stream.get_mut().write_all(format!("{round}\n/who\n").as_bytes()).unwrap();
        let lines: Vec<String> = (0..3).map(|_| asker.line()).collect();
        assert_eq!(lines, [&format!("guest-1: {round}"), "* here: 2", "* guest-1 guest-2"]);
        assert_eq!(other.line(), format!("guest-1: {round}"));
    }
}

#[test]
fn who_joins_hears_what_is_said_from_then_on_and_who_leaves_what_was_said_until_then() {
    let server = room(&[]);
    let mut speaker = Member::join(&server);
    for round in 2..100 {
        let name = format!("guest-{round}");
        // The answer shows that the room has heard it; others may not have been told yet.
        speaker.say("before\n/who");
        for line in ["guest-1: before", "* here: 1", "* guest-1"] {
            assert_eq!(speaker.line(), line);
        }
        let mut guest = Member::join(&server);
        speaker.say("while");
        assert_eq!(guest.line(), "guest-1: while");
        guest.say("my last\n/quit");
        assert_eq!(guest.line(), format!("{name}: my last"));
        assert_eq!(guest.line(), "");
        let heard: Vec<String> = (0..4).map(|_| speaker.line()).collect();
        let [joined, last] = [format!("* {name} has joined"), format!("{name}: my last")];
        assert_eq!(heard, [&joined, "guest-1: while", &last, &format!("* {name} has left")]);
    }
}

#[test]
fn past_max_clients_a_client_is_told_so() {
    let server = room(&["--max-clients", "1"]);
    let _only = Member::join(&server);
    let exit = client(&server, &[]).wait();
    assert_eq!(exit.out(), "* the room is full\n");
    exit.assert_code(1);
}

#[test]
fn a_silent_member_is_dropped_and_the_others_are_told() {
    let server = room(&["--idle-timeout", "0.5"]);
    let mut talker = Member::join(&server);
    let mut silent = Member::join(&server);
    talker.wait_for("* guest-2 has joined");
    let began = Instant::now();
    loop {
        talker.say("/who");
        let line = talker.line();
        if line == "* guest-2 has been dropped: it was silent for too long" {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(10));
    }
    silent
        .wait_for("* you have been dropped: nothing was heard from you for 0.5 s (--idle-timeout)");
    assert_eq!(silent.line(), "");
}

#[test]
fn our_client_takes_a_name_speaks_and_leaves() {
    let server = room(&[]);
    let mut witness = Member::join(&server);
    let ours = client(&server, &["--name", "小红"]);
    witness.wait_for("* guest-2 is now 小红");
    ours.line("大家好");
    witness.wait_for("小红: 大家好");
    witness.say("你好小红");
    ours.wait_stdout("guest-1: 你好小红\n");
    ours.line("/quit");
    ours.wait().assert_code(0);
    witness.wait_for("小红: 大家好".replace("小红: 大家好", "guest-1: 你好小红").as_str());
    witness.wait_for("* 小红 has left");
}

#[test]
fn a_name_that_cannot_be_one_is_a_usage_error() {
    for wrong in [
        &["--mode", "room", "--name", "a b"][..],
        &["--mode", "duplex", "--name", "a"],
        &["--name", "\u{202e}"],
    ] {
        let exit = Program::new(CLIENT).args(wrong).run();
        exit.assert_code(2);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
    }
}

#[test]
fn lines_from_a_pipe_are_all_heard_and_then_the_client_leaves() {
    let server = room(&[]);
    let mut witness = Member::join(&server);
    let ours = client(&server, &["--name", "pipe"]);
    witness.wait_for("* guest-2 is now pipe");
    let lines: Vec<String> = (0..2000).map(|line| format!("行 {line}")).collect();
    ours.write(lines.join("\n") + "\n");
    ours.close_stdin();
    for line in &lines {
        assert_eq!(witness.line(), format!("pipe: {line}"));
    }
    witness.wait_for("* pipe has left");
    ours.wait().assert_code(0);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn incoming_lines_appear_above_the_line_being_typed() {
    let server = room(&[]);
    let mut other = Member::join(&server);
    let ours = Terminal::start(program(&server, &["--name", "小明"]), 60, 12);
    other.wait_for("* guest-2 is now 小明");
    ours.wait_screen(|screen| screen.trim_end().ends_with("is now 小明\n>"));
    ours.keys("我还在打");
    ours.wait_text("> 我还在打");
    other.say("插一句话");
    ours.wait_screen(|screen| screen.ends_with("guest-1: 插一句话\n> 我还在打"));
    ours.keys("字\r");
    other.wait_for("guest-1: 插一句话");
    other.wait_for("小明: 我还在打字");
    ours.wait_screen(|screen| screen.trim_end().ends_with("> 我还在打字\n小明: 我还在打字\n>"));
    ours.keys("\x04");
    ours.wait().assert_code(0);
    other.wait_for("* 小明 has left");
}

#[test]
fn the_servers_end_is_announced() {
    let server = room(&[]);
    let mut member = Member::join(&server);
    server.signal(Signal::SIGINT);
    member.wait_for("* the server is going down");
    server.wait_within(Duration::from_secs(4)).assert_code(0);
}

/// Each member says so many lines.
fn converse(members: usize, lines: usize) {
    let server = room(&[]);
    let mut members: Vec<Member> = (0..members).map(|_| Member::join(&server)).collect();
    for round in 0..lines {
        for member in &mut members {
            member.say(format!("line {round}"));
        }
    }
    let expected = members.len() * lines;
    let mut orders = Vec::new();
    for member in &mut members {
        let mut order = Vec::with_capacity(expected);
        while order.len() < expected {
            let line = member.line();
            if !line.starts_with("* ") {
                order.push(line);
            }
        }
        orders.push(order);
    }
    // All hear the same in the same order, and in it each member's lines once and in the order of
    // that member.
    let first = orders.swap_remove(0);
    assert!(orders.iter().all(|order| *order == first));
    let mut next: HashMap<&str, usize> = HashMap::new();
    for line in &first {
        let (name, said) = line.split_once(": ").unwrap();
        let expected = next.entry(name).or_default();
        assert_eq!(said, format!("line {expected}"));
        *expected += 1;
    }
    assert_eq!(next.len(), members.len());
}

#[test]
fn every_member_sees_every_line_once_in_the_order_of_its_sender() {
    converse(30, 100);
}

#[test]
fn a_thousand_members_hear_each_other() {
    converse(1000, 1);
}

/// A room on a slow way, or on a machine with much to do: what it says comes more than a second
/// after the client has said all.
#[test]
fn who_has_said_all_waits_for_what_the_room_still_says() {
    let listener = peer::listen();
    let client = Program::at(CLIENT, listener.addr()).args(["--mode", "room"]).start();
    client.line("hello");
    client.close_stdin();
    let mut room = listener.accept();
    assert_eq!(peer::recv_to_end(&mut room), b"hello\n");
    // Silence may not end it, and that is all that this test is about.
    assert!(client.ended_within(Duration::from_millis(1500)).is_none());
    peer::send(&mut room, "guest-1: hello\n");
    drop(room);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "guest-1: hello\n");
}
