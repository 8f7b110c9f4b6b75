//! Our server and our client, run for real.

use std::net::{Shutdown, TcpStream};

use harness::peer::{self, assert_closed, recv, recv_exact, recv_to_end, send};
use harness::{Exit, Process, Program, Server, Signal, Terminal};

use crate::{CLIENT, SERVER};

fn client(server: &Server) -> Program {
    Program::at(CLIENT, server.addr())
}

fn say(server: &Server, args: &[&str]) -> Process {
    client(server).args(args).start()
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows has no signals")]
fn every_dialect_works_in_every_model() {
    let cases = [
        ("repeat", "服务端接收到了信息 one\n服务端接收到了信息 二\n"),
        ("ack", "服务端已收到消息!\n服务端已收到消息!\n"),
        ("greet", "Welcome!\nHello, one!\nHello, 二!\n"),
        ("oneway", ""),
        ("raw", "one\n二\n"),
    ];
    for (dialect, expected) in cases {
        for model in ["queue", "threads", "tasks"] {
            let server = Server::start(SERVER, &["--dialect", dialect, "--model", model]);
            let exit = say(&server, &["--dialect", dialect, "one", "二"]).wait();
            exit.assert_code(0);
            assert_eq!(exit.out(), expected, "{dialect} {model}");
            server.signal(Signal::SIGTERM);
            server.wait().assert_code(0);
        }
    }
}

#[test]
fn a_pipe_is_one_message_a_line_and_ends_in_good_order() {
    let server = Server::start(SERVER, &[]);
    let client = say(&server, &[]);
    client.write("你好\r\nno newline at the end");
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "服务端接收到了信息 你好\n服务端接收到了信息 no newline at the end\n");
    let shown = String::from_utf8(server.wait_stdout("no newline at the end\n")).unwrap();
    assert!(shown.contains(": 你好\n"), "{shown}");
}

#[test]
fn exit_on_the_command_line_ends_the_conversation() {
    let server = Server::start(SERVER, &[]);
    let exit = say(&server, &["你好", "exit", "never said"]).wait();
    assert_eq!(exit.out(), "服务端接收到了信息 你好\n");
}

#[test]
fn raw_is_binary_clean_and_the_half_close_keeps_the_rest_of_the_echo() {
    for model in ["queue", "threads", "tasks"] {
        let server = Server::start(SERVER, &["--dialect", "raw", "--model", model]);
        let mut client = peer::connect(server.addr());
        let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        send(&mut client, &bytes);
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(recv_to_end(&mut client), bytes);
    }
}

#[test]
fn one_byte_at_a_time_is_echoed_one_byte_at_a_time() {
    let server = Server::start(SERVER, &["--dialect", "raw"]);
    let mut client = peer::connect(server.addr());
    for byte in "粘包".bytes() {
        send(&mut client, [byte]);
        assert_eq!(recv_exact(&mut client, 1), [byte]);
    }
}

#[test]
fn a_small_buffer_makes_pieces_and_a_trace_shows_them() {
    let server = Server::start(SERVER, &["--dialect", "raw", "--read-size", "4", "--trace"]);
    let exit = say(&server, &["--dialect", "raw", "abcdefghij"]).wait();
    assert_eq!(exit.out(), "abcdefghij\n");
    for piece in ["4 \"abcd\" 61626364", "4 \"efgh\" 65666768", "2 \"ij\" 696a"] {
        server.wait_stderr(piece);
    }
}

#[test]
fn a_server_that_does_not_answer_ends_the_client_with_a_reason() {
    let silent = peer::listen();
    let client = Program::at(CLIENT, silent.addr()).args(["--timeout", "0.2", "hello"]).start();
    let _held = silent.accept();
    let exit = client.wait();
    exit.assert_code(1);
    assert!(exit.err().starts_with("error: no reply from 127.0.0.1:"), "{}", exit.err());
    assert!(
        exit.err().contains("within 0.2 s; does the server speak --dialect repeat?"),
        "{}",
        exit.err()
    );
}

#[test]
fn a_server_that_dies_in_mid_reply_is_told_and_what_came_is_shown() {
    let dying = peer::listen();
    let client = Program::at(CLIENT, dying.addr()).args(["hello"]).start();
    let mut server = dying.accept();
    recv_exact(&mut server, 5);
    send(&mut server, "服务端接收到了信息 hel");
    drop(server);
    let exit = client.wait();
    exit.assert_code(1);
    assert_eq!(exit.out(), "服务端接收到了信息 hel\n");
    assert!(
        exit.err().contains("closed the connection before its reply was complete"),
        "{}",
        exit.err()
    );
}

#[test]
fn of_a_server_that_resets_in_mid_reply_what_came_is_shown() {
    for (dialect, reply) in [("raw", "hel"), ("repeat", "服务端接收到了信息 hel")] {
        let dying = peer::listen();
        let client = Program::at(CLIENT, dying.addr()).args(["--dialect", dialect, "hello"]);
        let client = client.arg("--trace").start();
        let mut server = dying.accept();
        recv_exact(&mut server, 5);
        send(&mut server, reply);
        // Some systems throw away with a reset what was not fetched before.
        client.wait_stderr(&format!(" {} \"", reply.len()));
        peer::reset(server);
        let exit = client.wait();
        exit.assert_code(1);
        assert_eq!(exit.out(), format!("{reply}\n"), "{}", exit.err());
        assert!(exit.err().contains("error: no reply from 127.0.0.1:"), "{}", exit.err());
    }
}

type Peer = fn(TcpStream);

/// A client that says one thing to a peer and gets no answer.
fn says(message: &str, peer: Peer) -> Exit {
    let listener = peer::listen();
    let client = Program::at(CLIENT, listener.addr()).args(["--dialect", "oneway"]).start();
    client.line(message);
    client.close_stdin();
    peer(listener.accept());
    client.wait()
}

#[test]
fn a_reset_behind_a_message_that_nobody_answers_is_an_error() {
    let long = "x".repeat(3_000_000);
    let resets: [(&str, Peer); 3] = [
        ("hello", |mut server| {
            recv_exact(&mut server, 5);
            peer::reset(server);
        }),
        ("hello", peer::reset),
        // As the tutorial's server has it: one `recv`, and the rest is thrown away.
        (&long, |mut server| _ = recv(&mut server, 1024)),
    ];
    for (message, reset) in resets {
        let exit = says(message, reset);
        let error = exit.assert_one_error(1);
        // It may come before the message.
        let words =
            ["may not have read all of the message", "cannot send to ", "cannot connect to "];
        assert!(words.iter().any(|words| error.contains(words)), "{error}");
    }
}

#[test]
fn whoever_has_read_a_message_may_close_as_it_likes() {
    let closes: [Peer; 3] = [
        |mut server| _ = recv_exact(&mut server, 5),
        |mut server| _ = recv_to_end(&mut server),
        |mut server| {
            recv_exact(&mut server, 5);
            send(&mut server, "what nobody asked for");
            recv_to_end(&mut server);
        },
    ];
    for close in closes {
        let exit = says("hello", close);
        exit.assert_code(0);
        assert_eq!((exit.out(), exit.err()), (String::new(), String::new()));
    }
}

#[test]
fn a_server_with_other_words_is_understood_as_the_tutorial_does() {
    let other = peer::listen();
    let client = Program::at(CLIENT, other.addr()).args(["a", "b"]).start();
    let mut server = other.accept();
    for reply in ["收到！", "又收到！"] {
        recv_exact(&mut server, 1);
        send(&mut server, reply);
    }
    assert_closed(&mut server);
    drop(server);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "收到！\n又收到！\n");
    assert_eq!(exit.err().matches("notice: these are not the words").count(), 1, "{}", exit.err());
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn on_a_terminal_there_is_a_prompt_and_control_characters_are_shown_not_obeyed() {
    let server = Server::start(SERVER, &["--dialect", "repeat"]);
    let terminal = Terminal::start(client(&server), 80, 24);
    let before = terminal.wait_text(">>> ");
    assert!(!before.contains("服务端"));
    terminal.keys("你好\r");
    terminal.wait_text("服务端接收到了信息 你好");
    terminal.keys("exit\r");
    terminal.wait().assert_code(0);

    let hostile = peer::listen();
    let target = hostile.addr().to_string();
    let terminal = Terminal::start(Program::at(CLIENT, &target).args(["x"]), 80, 24);
    let mut server = hostile.accept();
    recv_exact(&mut server, 1);
    send(&mut server, "\x1b[2Jgone\x07");
    drop(server);
    terminal.wait_text("\\x1b[2Jgone\\x07");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn ctrl_c_at_the_prompt_ends_the_client_with_130_and_leaves_the_terminal_as_it_was() {
    let server = Server::start(SERVER, &[]);
    let terminal = Terminal::start(client(&server), 80, 24);
    terminal.wait_text(">>> ");
    terminal.keys("\x03");
    terminal.wait().assert_code(130);
}

#[test]
fn ctrl_c_while_a_reply_is_owed_ends_the_client_with_130() {
    let silent = peer::listen();
    let client = Program::at(CLIENT, silent.addr()).args(["hello"]).start();
    let mut server = silent.accept();
    recv_exact(&mut server, 5);
    client.signal(Signal::SIGINT);
    client.wait().assert_code(130);
}

#[test]
fn a_conversation_under_way_may_finish_after_the_first_signal() {
    for model in ["queue", "threads", "tasks"] {
        let server = Server::start(SERVER, &["--think", "0.5", "--model", model]);
        let mut client = peer::connect(server.addr());
        send(&mut client, "hello");
        server.wait_stdout("hello\n");
        server.signal(Signal::SIGINT);
        assert_eq!(recv_exact(&mut client, 33).len(), 33);
        drop(client);
        server.wait().assert_code(0);
    }
}

#[test]
fn a_server_that_thinks_for_long_answers_when_it_is_to_stop() {
    for model in ["queue", "threads", "tasks"] {
        let server = Server::start(SERVER, &["--think", "3600", "--model", model]);
        let mut client = peer::connect(server.addr());
        send(&mut client, "hello");
        server.wait_stdout("hello\n");
        server.signal(Signal::SIGINT);
        assert_eq!(recv_exact(&mut client, 33).len(), 33, "{model}");
        drop(client);
        server.wait().assert_code(0);
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "a disk that is full is Linux's /dev/full")]
fn a_reply_that_cannot_be_shown_is_no_missing_reply() {
    let server = Server::start(SERVER, &[]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let exit = client(&server).arg("hello").stdout(full).start().wait();
    exit.assert_code(1);
    assert!(
        exit.err().starts_with("error: cannot write to standard output: no space left"),
        "{}",
        exit.err()
    );
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn in_a_burst_a_reply_does_not_break_the_line_being_typed() {
    let slow = peer::listen();
    let program = Program::at(CLIENT, slow.addr()).args(["--burst"]);
    let terminal = Terminal::start(program, 80, 24);
    let mut server = slow.accept();
    terminal.wait_text(">>> ");
    terminal.keys("one\r");
    recv_exact(&mut server, 3);
    terminal.keys("half a li");
    terminal.wait_text(">>> half a li");
    send(&mut server, "服务端接收到了信息 one");
    let screen = terminal.wait_text("服务端接收到了信息 one\n>>> half a li");
    assert!(!screen.contains("li服务端"), "{screen}");
}
