//! What is wrong with the tutorials' chats, and that it is not wrong here. The names say the
//! defect.

use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use harness::peer::{self, assert_closed, assert_nothing_within, recv, recv_exact, reset, send};
use harness::{Process, Program, Server, Signal};

use crate::{CLIENT, SERVER};

fn client_of(addr: impl ToString, args: &[&str]) -> Process {
    Program::at(CLIENT, addr).args(args).start()
}

fn name(client: &TcpStream) -> String {
    client.local_addr().unwrap().to_string()
}

/// A conversation with our server works from beginning to end.
fn assert_serves(server: &Server) {
    let mut client = peer::connect(server.addr());
    send(&mut client, "还在吗");
    server.wait_stdout(&format!("{}: 还在吗\n", name(&client)));
    server.line("在");
    assert_eq!(recv(&mut client, 1024), "在".as_bytes());
    send(&mut client, "bye");
    assert_closed(&mut client);
}

#[test]
fn an_empty_line_does_not_make_both_sides_wait_for_each_other() {
    let server = Server::start(SERVER, &["--mode", "turns"]);
    let client = client_of(server.addr(), &["--mode", "turns"]);
    client.line("");
    client.wait_stderr("notice: an empty line cannot be sent\n");
    client.line("question");
    server.wait_stdout("question\n");
    server.line("");
    server.wait_stderr("notice: an empty line cannot be sent\n");
    server.line("answer");
    client.wait_stdout("answer\n");
}

#[test]
fn an_empty_line_in_duplex_is_refused_too() {
    let server = Server::start(SERVER, &[]);
    let client = client_of(server.addr(), &[]);
    client.line("");
    client.wait_stderr("notice: an empty line cannot be sent\n");
    client.line("text");
    server.wait_stdout(": text\n");
}

#[test]
fn a_client_that_is_gone_is_noticed_while_the_server_is_to_speak_and_the_next_is_served() {
    let server = Server::start(SERVER, &["--mode", "turns"]);
    let mut client = peer::connect(server.addr());
    let peer = name(&client);
    send(&mut client, "hello");
    server.wait_stdout("hello\n");
    drop(client);
    server.wait_stderr(&format!("notice: {peer} has left without saying bye\n"));
    assert_serves(&server);
}

#[test]
fn a_server_that_is_gone_is_noticed_while_the_client_is_to_speak() {
    let tutorial = peer::listen();
    let ours = client_of(tutorial.addr(), &["--mode", "turns"]);
    drop(tutorial.accept());
    let exit = ours.wait();
    exit.assert_code(1);
    assert_eq!(
        exit.err().lines().last().unwrap(),
        format!("error: {} has left without saying bye", tutorial.addr())
    );
}

#[test]
fn a_peer_that_is_gone_is_noticed_in_duplex_before_anything_is_typed() {
    let server = Server::start(SERVER, &[]);
    let client = client_of(server.addr(), &[]);
    server.wait_stderr("has joined");
    client.signal(Signal::SIGKILL);
    server.wait_stderr("has left");

    let tutorial = peer::listen();
    let ours = client_of(tutorial.addr(), &[]);
    drop(tutorial.accept());
    let exit = ours.wait();
    exit.assert_code(0);
    assert!(exit.err().contains(&format!("notice: {} has left\n", tutorial.addr())));
}

#[test]
fn a_half_closed_peer_does_not_keep_the_server_asking_for_ever() {
    for mode in ["turns", "duplex"] {
        let server = Server::start(SERVER, &["--mode", mode]);
        let mut client = peer::connect(server.addr());
        send(&mut client, "last");
        client.shutdown(Shutdown::Write).unwrap();
        server.wait_stdout("last\n");
        server.wait_stderr("has left");
        assert_closed(&mut client);
        assert_serves(&server);
    }
}

#[test]
fn one_reset_does_not_end_the_server() {
    for mode in ["turns", "duplex"] {
        let server = Server::start(SERVER, &["--mode", mode]);
        let mut client = peer::connect(server.addr());
        send(&mut client, "hello");
        server.wait_stdout("hello\n");
        reset(client);
        server.wait_stderr("connection reset by peer");
        assert_serves(&server);
    }
}

/// What was said last may not have been heard then, and what was to be heard has not come.
#[test]
fn a_reset_is_told_by_the_client_and_is_a_failure() {
    for mode in ["turns", "duplex", "room"] {
        for input_ends in [false, true] {
            let tutorial = peer::listen();
            let ours = client_of(tutorial.addr(), &["--mode", mode]);
            let mut client = tutorial.accept();
            ours.line("hello");
            // In a room a line has an end, which the last one does not get any more.
            let (heard, said): (&[u8], _) = match mode {
                "room" => (b"hello\n", "a line\nhalf a li"),
                _ => (b"hello", "a line"),
            };
            assert_eq!(recv(&mut client, 1024), heard);
            if input_ends && mode != "turns" {
                ours.close_stdin();
                assert_eq!(recv(&mut client, 1024), b"", "{mode}");
            }
            send(&mut client, said);
            ours.wait_stdout("a line\n");
            reset(client);
            let exit = ours.wait();
            assert!(exit.assert_one_error(1).contains("connection reset by peer"), "{mode}");
            assert_eq!(exit.out(), format!("{said}\n"), "{mode}");
        }
    }
}

#[test]
fn a_reset_after_the_last_word_is_no_failure() {
    for (mode, word) in [("duplex", "bye"), ("room", "/quit")] {
        let tutorial = peer::listen();
        let ours = client_of(tutorial.addr(), &["--mode", mode]);
        let mut client = tutorial.accept();
        ours.line(word);
        assert!(recv(&mut client, 1024).starts_with(word.as_bytes()));
        reset(client);
        ours.wait().assert_code(0);
    }
}

#[test]
fn bytes_that_are_no_utf8_end_nothing_and_go_into_a_pipe_as_they_came() {
    for mode in ["turns", "duplex"] {
        let server = Server::start(SERVER, &["--mode", mode]);
        let mut client = peer::connect(server.addr());
        send(&mut client, b"\xc4\xe3\xba\xc3 \xff");
        server.wait_stdout(&[name(&client).as_bytes(), b": \xc4\xe3\xba\xc3 \xff\n"].concat()[..]);
        server.line("still here");
        assert_eq!(recv(&mut client, 1024), b"still here");
    }
}

#[test]
fn a_character_cut_by_the_network_comes_out_whole() {
    for mode in ["turns", "duplex"] {
        let server = Server::start(SERVER, &["--mode", mode, "--trace"]);
        let mut client = peer::connect(server.addr());
        let (head, tail) = "你好".as_bytes().split_at(4);
        send(&mut client, head);
        server.wait_stderr(" e4bda0e5\n");
        send(&mut client, tail);
        server.wait_stdout(&format!("{}: 你好\n", name(&client)));
    }
}

#[test]
fn a_character_that_is_never_finished_is_shown_at_the_end() {
    for mode in ["turns", "duplex"] {
        let server = Server::start(SERVER, &["--mode", mode]);
        let mut client = peer::connect(server.addr());
        send(&mut client, b"half \xe4\xbd");
        // Its rest may come, but what stands before it is not held up.
        server.wait_stdout("half \n");
        client.shutdown(Shutdown::Write).unwrap();
        server.wait_stdout(&b": \xe4\xbd\n"[..]);
    }
}

#[test]
fn three_lines_from_a_pipe_do_not_stick_together() {
    // One after the other as the tutorial's server reads them, 512 bytes at a time.
    let tutorial = peer::listen();
    let ours = client_of(tutorial.addr(), &[]);
    let mut client = tutorial.accept();
    ours.write("one\ntwo\nthree\n");
    for line in ["one", "two", "three"] {
        assert_eq!(recv(&mut client, 512), line.as_bytes());
    }
    // And as ours shows them, with the end word behind them.
    let server = Server::start(SERVER, &[]);
    let client = client_of(server.addr(), &[]);
    client.write("一\n二\n三\nbye\n");
    client.wait().assert_code(0);
    server.wait_stderr("said bye\n");
    let shown = String::from_utf8(server.stdout()).unwrap();
    let said: Vec<_> = shown
        .lines()
        .skip(1)
        .filter_map(|line| line.rsplit_once(": "))
        .map(|(_, text)| text)
        .collect();
    assert_eq!(said, ["一", "二", "三"]);
}

#[test]
fn a_long_message_is_not_cut_into_several() {
    let long = "长".repeat(60_000);
    for mode in ["turns", "duplex"] {
        let server = Server::start(SERVER, &["--mode", mode]);
        let client = client_of(server.addr(), &["--mode", mode]);
        client.line(&long);
        let shown = server
            .wait_stdout(|output: &[u8]| output.iter().filter(|&&byte| byte == b'\n').count() == 2);
        assert_eq!(
            shown.iter().rev().skip(1).take_while(|&&byte| byte != b' ').count(),
            long.len()
        );
    }
}

#[test]
fn two_clients_do_not_share_the_servers_lines_but_both_get_each() {
    let server = Server::start(SERVER, &[]);
    let mut clients = [peer::connect(server.addr()), peer::connect(server.addr())];
    server.wait_stderr(|output: &[u8]| {
        String::from_utf8_lossy(output).matches("has joined").count() == 2
    });
    for line in 0..6 {
        server.line(format!("line{line}"));
    }
    for client in &mut clients {
        assert_eq!(recv_exact(client, 30), b"line0line1line2line3line4line5");
    }
    // And what they say comes with who said it.
    for client in &mut clients {
        send(client, "me");
        server.wait_stdout(&format!("{}: me\n", name(client)));
    }
}

#[test]
fn a_second_client_does_not_hang_unseen_but_is_served_after_the_first() {
    let server = Server::start(SERVER, &["--mode", "turns"]);
    let mut first = peer::connect(server.addr());
    let mut second = peer::connect(server.addr());
    send(&mut second, "second");
    send(&mut first, "first");
    server.wait_stdout(&format!("{}: first\n", name(&first)));
    server.line("bye");
    assert_eq!(recv(&mut first, 1024), b"bye");
    drop(first);
    server.wait_stdout(&format!("{}: second\n", name(&second)));
    server.line("now you");
    assert_eq!(recv(&mut second, 1024), b"now you");
}

#[test]
fn the_end_word_of_the_other_tutorial_is_text_and_leads_to_no_closed_connection() {
    let server = Server::start(SERVER, &["--mode", "turns", "--bye", "byebye"]);
    let client = client_of(server.addr(), &["--mode", "turns", "--bye", "bye"]);
    client.line("bye");
    client.wait().assert_code(0);
    server.wait_stdout(": bye\n");
    server.wait_stderr("has left without saying byebye\n");
}

#[test]
fn the_end_word_counts_only_as_a_whole_message() {
    let server = Server::start(SERVER, &["--mode", "turns"]);
    let mut client = peer::connect(server.addr());
    send(&mut client, "bye now");
    server.wait_stdout("bye now\n");
    server.line("see you");
    assert_eq!(recv(&mut client, 1024), b"see you");
}

#[test]
fn what_comes_while_the_other_side_is_to_speak_is_shown() {
    let tutorial = peer::listen();
    let ours = client_of(tutorial.addr(), &["--mode", "turns"]);
    let mut client = tutorial.accept();
    send(&mut client, "out of turn");
    ours.wait_stdout("out of turn\n");
    ours.line("my turn");
    assert_eq!(recv(&mut client, 1024), b"my turn");
}

#[test]
fn lines_typed_too_early_wait_for_their_turn() {
    let tutorial = peer::listen();
    let ours = client_of(tutorial.addr(), &["--mode", "turns"]);
    let mut client = tutorial.accept();
    ours.write("one\ntwo\n");
    assert_eq!(recv(&mut client, 1024), b"one");
    assert_nothing_within(&mut client, 100);
    send(&mut client, "go on");
    assert_eq!(recv(&mut client, 1024), b"two");
}

#[test]
fn one_ctrl_c_is_enough() {
    for mode in ["turns", "duplex"] {
        let server = Server::start(SERVER, &["--mode", mode]);
        let client = client_of(server.addr(), &["--mode", mode]);
        client.line("hello");
        server.wait_stdout("hello\n");
        client.signal(Signal::SIGINT);
        client.wait_within(Duration::from_secs(2)).assert_code(130);
        server.wait_stderr("has left");
        server.signal(Signal::SIGINT);
        server.wait_within(Duration::from_secs(4)).assert_code(0);
    }
}

#[test]
fn the_end_of_the_input_is_the_end_of_the_conversation() {
    let tutorial = peer::listen();
    let ours = client_of(tutorial.addr(), &["--mode", "turns"]);
    let mut client = tutorial.accept();
    ours.line("only");
    ours.close_stdin();
    assert_eq!(recv(&mut client, 1024), b"only");
    send(&mut client, "and?");
    // In turns the other side has to be told, or it would wait.
    assert_eq!(recv(&mut client, 1024), b"bye");
    drop(client);
    ours.wait().assert_code(0);

    let server = Server::start(SERVER, &[]);
    let client = client_of(server.addr(), &[]);
    client.line("only");
    client.close_stdin();
    client.wait().assert_code(0);
    server.wait_stdout(": only\n");
    server.wait_stderr("has left\n");
}

#[test]
fn a_restart_finds_its_port_free() {
    let server = Server::start(SERVER, &["--mode", "turns"]);
    let addr = server.addr();
    let mut client = peer::connect(addr);
    send(&mut client, "hello");
    server.wait_stdout("hello\n");
    // The server's close comes first, so TIME-WAIT is on its side.
    server.line("bye");
    assert_eq!(recv(&mut client, 1024), b"bye");
    drop(client);
    drop(server);
    let again = Server::of(Program::at(SERVER, addr));
    assert_eq!(again.addr(), addr);
}

#[test]
fn who_is_dropped_for_its_silence_is_told_why_and_exits_1() {
    for mode in ["turns", "duplex", "room"] {
        let server = Server::start(SERVER, &["--mode", mode, "--idle-timeout", "0.3"]);
        let exit = client_of(server.addr(), &["--mode", mode]).wait();
        exit.assert_code(1);
        let words =
            "you have been dropped: nothing was heard from you for 0.3 s (--idle-timeout)\n";
        assert!(exit.out().ends_with(words), "{mode}: {}", exit.out());
        assert!(
            exit.err().lines().last().unwrap().starts_with("error: "),
            "{mode}: {}",
            exit.err()
        );
        server.wait_stderr("closed: nothing moved for 0.3 s (--idle-timeout)");
    }
}

#[test]
fn silence_has_no_end_unless_one_is_given() {
    let help = Program::new(SERVER).args(["--help"]).run();
    let out = help.out();
    let (_, idle) = out.split_once("--idle-timeout").unwrap();
    let (_, default) = idle.split_once("[default: ").unwrap();
    assert!(default.starts_with("0]"), "{}", help.out());
}

#[test]
#[cfg(target_os = "linux")]
fn clients_for_whom_there_is_no_memory_are_refused_and_end_nobody() {
    use std::io::Write as _;

    const LITTLE_MEMORY: [&str; 3] = ["/bin/sh", "-c", "ulimit -v 200000; exec \"$0\" \"$@\""];
    // Those who are sent away take some of it, too, until they have gone.
    const VERY_LITTLE: [&str; 3] = ["/bin/sh", "-c", "ulimit -d 20000; exec \"$0\" \"$@\""];
    for (mode, full, limit) in [
        ("duplex", "the server is full: try again later", LITTLE_MEMORY),
        ("duplex", "the server is full: try again later", VERY_LITTLE),
        ("room", "* the room is full\n", LITTLE_MEMORY),
        ("room", "* the room is full\n", VERY_LITTLE),
    ] {
        let program = Program::at(SERVER, "127.0.0.1:0").args(["--mode", mode]).under(&limit);
        let server = Server::of(program);
        let mut crowd: Vec<TcpStream> = (0..300).map(|_| peer::connect(server.addr())).collect();
        for client in &mut crowd {
            // Some have been closed already.
            let _ = client.write_all(&[b'x'; 60_000]);
        }
        let mut last = peer::connect(server.addr());
        assert_eq!(recv_exact(&mut last, full.len()), full.as_bytes(), "{mode}");
        server.wait_stderr("refused: there is memory for ");
        drop(crowd);
        // Who comes now is served as soon as they have left.
        let served = |server: &Server| {
            let mut client = peer::connect(server.addr());
            if mode == "room" {
                return recv(&mut client, 5) == b"* you";
            }
            let joined = format!("{} has joined", name(&client));
            harness::eventually("it is let in or refused", || {
                let shown = String::from_utf8_lossy(&server.stderr()).into_owned();
                shown.contains(&joined) || shown.contains(&format!("{}: refused", name(&client)))
            });
            String::from_utf8_lossy(&server.stderr()).contains(&joined)
        };
        harness::eventually("there is room again", || served(&server));
        server.signal(Signal::SIGTERM);
        server.wait().assert_code(0).assert_no_panic();
    }
}

#[test]
fn the_time_limit_covers_finding_the_address() {
    for mode in ["turns", "duplex", "room"] {
        let client =
            Program::at(CLIENT, "localhost:9").args(["--mode", mode, "--timeout", "0.000001"]);
        let words = client.run().assert_one_error(1);
        assert!(words.contains("'localhost': no answer within 0.000001 s"), "{words}");
    }
}

#[test]
fn who_is_one_too_many_is_told_so_and_exits_1() {
    for (mode, words) in
        [("duplex", "the server is full: try again later"), ("room", "* the room is full")]
    {
        let server = Server::start(SERVER, &["--mode", mode, "--max-clients", "1"]);
        let _first = peer::connect(server.addr());
        server.wait_stderr("has joined");
        let exit = client_of(server.addr(), &["--mode", mode]).wait();
        exit.assert_code(1);
        assert!(exit.out().contains(words), "{mode}: {}", exit.out());
    }
}
