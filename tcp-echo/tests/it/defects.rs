//! What goes wrong with the tutorials' programs of systems 1, 3, 5 and 13, and does not with ours.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use harness::peer::{self, assert_closed, recv, recv_exact, recv_to_end, send};
use harness::{Process, Program, Server, eventually};

use crate::{CLIENT, SERVER};

const MODELS: [&str; 3] = ["queue", "threads", "tasks"];
const HEAD: usize = 28;
const HEAD_BYTES: &[u8] = tcp_echo::REPEAT_HEAD.as_bytes();

fn client_of(server: &Server, args: &[&str]) -> Process {
    Program::at(CLIENT, server.addr()).args(args).start()
}

fn assert_serves(server: &Server) {
    let mut client = peer::connect(server.addr());
    send(&mut client, "ok");
    assert!(recv(&mut client, 1024).ends_with(b" ok"));
}

#[test]
fn an_empty_line_does_not_hang_the_client() {
    let server = Server::start(SERVER, &[]);
    let client = client_of(&server, &[]);
    client.write("\n\nhello\n\n");
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "服务端接收到了信息 hello\n");
    assert!(exit.err().contains("notice: an empty message cannot be sent"), "{}", exit.err());
}

#[test]
fn a_second_client_is_served_beside_the_first_and_after_it() {
    for model in ["threads", "tasks"] {
        let server = Server::start(SERVER, &["--model", model]);
        let _idle = peer::connect(server.addr());
        assert_serves(&server);
        assert_serves(&server);
    }
}

#[test]
fn in_a_queue_a_silent_client_does_not_hold_up_the_others_for_ever() {
    let server = Server::start(SERVER, &["--model", "queue", "--idle-timeout", "0.1"]);
    let mut silent = peer::connect(server.addr());
    assert_serves(&server);
    assert_closed(&mut silent);
    server.wait_stderr("closed: nothing moved for 0.1 s (--idle-timeout)");
}

#[test]
fn a_character_cut_by_the_receive_buffer_comes_out_whole() {
    for model in MODELS {
        let server = Server::start(SERVER, &["--read-size", "512", "--model", model]);
        let message = "中".repeat(171);
        let mut client = peer::connect(server.addr());
        send(&mut client, &message);
        let replies = recv_exact(&mut client, 2 * HEAD + 513);
        assert_eq!(&replies[HEAD..HEAD + 510], "中".repeat(170).as_bytes());
        assert_eq!(&replies[2 * HEAD + 510..], "中".as_bytes());
        let shown = server.wait_stdout("中\n");
        assert!(!String::from_utf8_lossy(&shown).contains("\\x"));
    }
}

#[test]
fn a_character_cut_by_the_network_comes_out_whole() {
    for model in MODELS {
        let server = Server::start(SERVER, &["--model", model]);
        let mut client = peer::connect(server.addr());
        for byte in "你".as_bytes() {
            send(&mut client, [*byte]);
        }
        assert_eq!(
            recv_exact(&mut client, HEAD + 3),
            "服务端接收到了信息 你".as_bytes(),
            "{model}"
        );
        server.wait_stdout("你\n");
        // What never becomes whole is given up at the end of the stream.
        send(&mut client, b"\xf0\x9f");
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(recv_to_end(&mut client), [HEAD_BYTES, b"\xf0\x9f"].concat(), "{model}");
    }
}

#[test]
fn a_long_line_gets_one_reply_and_the_next_line_its_own() {
    let server = Server::start(SERVER, &[]);
    let long = "a".repeat(600);
    let client = client_of(&server, &[&long, "NEXT", "THIRD"]);
    let exit = client.wait();
    exit.assert_code(0);
    let expected =
        ["服务端接收到了信息 ", &long, "\n服务端接收到了信息 NEXT\n服务端接收到了信息 THIRD\n"]
            .concat();
    assert_eq!(exit.out(), expected);
}

#[test]
fn a_line_that_a_small_buffer_takes_in_pieces_does_not_shift_the_next_reply() {
    // What the tutorial's server does with its 512 bytes, switched on in ours.
    let server = Server::start(SERVER, &["--read-size", "512"]);
    let long = "a".repeat(600);
    let client = client_of(&server, &[&long, "NEXT"]);
    let exit = client.wait();
    exit.assert_code(0);
    let lines: Vec<usize> = exit.out().lines().map(str::len).collect();
    assert_eq!(lines, [HEAD + 512, HEAD + 88, HEAD + 4]);
    assert!(exit.err().contains("took the message in 2 pieces"), "{}", exit.err());
}

#[test]
fn a_line_longer_than_all_buffers_does_not_lock_up() {
    let server = Server::start(SERVER, &[]);
    // Who is locked up never ends; a busy machine takes its time for so many bytes.
    let client = client_of(&server, &["--timeout", "240"]);
    let line = "x".repeat(12 << 20);
    client.line(&line);
    client.line("short");
    client.close_stdin();
    let exit = client.wait_within(Duration::from_secs(240));
    exit.assert_code(0);
    let out = exit.out();
    assert_eq!(out.matches('x').count(), line.len());
    assert!(out.ends_with("\n服务端接收到了信息 short\n"));
}

#[test]
fn messages_stick_together_only_when_that_is_switched_on() {
    let server = Server::start(SERVER, &["--think", "0.5"]);
    let waiting = client_of(&server, &["one", "two", "three"]).wait();
    assert_eq!(waiting.out().lines().count(), 3);
    let hasty = client_of(&server, &["--burst", "one", "two", "three"]).wait();
    hasty.assert_code(0);
    // The server thinks about the first while the others arrive and stick: at most two replies.
    let replies = hasty.out().matches("服务端接收到了信息").count();
    assert!(replies < 3, "{}", hasty.out());
    let said: String = hasty.out().replace("服务端接收到了信息 ", "").replace('\n', "");
    assert_eq!(said, "onetwothree");
}

#[test]
fn a_burst_larger_than_all_buffers_does_not_lock_up() {
    let server = Server::start(SERVER, &["--dialect", "raw"]);
    let client = client_of(&server, &["--dialect", "raw"]);
    let bytes: Vec<u8> = (0..8_000_000_u32).map(|n| (n % 251) as u8).collect();
    client.write(&bytes);
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(0);
    assert!(exit.stdout == bytes, "{} bytes came back", exit.stdout.len());
}

#[test]
fn bytes_that_are_no_text_do_not_end_the_server() {
    for dialect in ["repeat", "ack", "greet", "oneway", "raw"] {
        for model in MODELS {
            let server = Server::start(SERVER, &["--dialect", dialect, "--model", model]);
            for bytes in [&b"\xff\xfe"[..], b"\xe4\xbd", b"\0\0\0"] {
                let mut client = peer::connect(server.addr());
                send(&mut client, bytes);
                client.shutdown(Shutdown::Write).unwrap();
                recv_to_end(&mut client);
            }
            assert!(server.is_running());
        }
    }
}

#[test]
fn a_reset_does_not_end_the_server() {
    for model in MODELS {
        let server = Server::start(SERVER, &["--model", model]);
        for said in ["", "hello"] {
            let mut client = peer::connect(server.addr());
            client.write_all(said.as_bytes()).unwrap();
            peer::reset(client);
        }
        assert_serves(&server);
    }
}

#[test]
fn a_restart_finds_the_port_free() {
    let first = Server::start(SERVER, &[]);
    let addr = first.addr().to_string();
    // A conversation that the server's end breaks off: its port is then in TIME-WAIT or FIN-WAIT.
    let mut client = peer::connect(first.addr());
    send(&mut client, "hello");
    recv(&mut client, 1024);
    first.signal(harness::Signal::SIGKILL);
    first.wait();
    let second = Server::of(Program::at(SERVER, &addr));
    assert_serves(&second);
}

#[test]
fn more_clients_than_the_tutorials_backlog_connect_at_once() {
    let server = Server::start(SERVER, &["--model", "queue"]);
    let clients: Vec<TcpStream> = (0..100).map(|_| peer::connect(server.addr())).collect();
    assert_eq!(clients.len(), 100);
}

#[test]
fn greetings_come_at_once_unless_thinking_is_switched_on() {
    let quick = Server::start(SERVER, &["--dialect", "greet"]);
    let thoughtful = Server::start(SERVER, &["--dialect", "greet", "--think", "0.3"]);
    for (server, least) in [(quick, 0.0), (thoughtful, 0.3)] {
        let begin = std::time::Instant::now();
        let exit = client_of(&server, &["--dialect", "greet", "Michael"]).wait();
        assert_eq!(exit.out(), "Welcome!\nHello, Michael!\n");
        assert!(begin.elapsed().as_secs_f64() >= least);
    }
}

#[test]
fn exit_with_a_line_end_from_nc_ends_the_greeting() {
    for exit in ["exit", "exit\n", "exit\r\n"] {
        let server = Server::start(SERVER, &["--dialect", "greet"]);
        let mut client = peer::connect(server.addr());
        assert_eq!(recv(&mut client, 1024), b"Welcome!");
        send(&mut client, exit);
        assert_closed(&mut client);
    }
}

#[test]
fn an_exit_that_sticks_to_a_name_is_text_but_the_end_of_the_stream_ends_it_all_the_same() {
    let server = Server::start(SERVER, &["--dialect", "greet"]);
    let mut client = peer::connect(server.addr());
    send(&mut client, "Sarahexit");
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(recv_to_end(&mut client), b"Welcome!Hello, Sarahexit!");
    server.wait_stderr("closed");
}

#[test]
fn what_is_said_after_exit_does_not_reset_the_connection() {
    for model in MODELS {
        let server = Server::start(SERVER, &["--dialect", "greet", "--model", model]);
        let mut client = peer::connect(server.addr());
        send(&mut client, "Michael");
        assert_eq!(recv_exact(&mut client, 23), b"Welcome!Hello, Michael!");
        send(&mut client, "exit");
        assert_closed(&mut client);
        // The server has said its last word, and takes what still comes: a reset would be an error
        // here.
        send(&mut client, "and one thing more");
        client.shutdown(Shutdown::Write).unwrap();
        assert_closed(&mut client);
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_thread_ends_with_its_client() {
    let server = Server::start(SERVER, &["--dialect", "greet"]);
    let mut first = peer::connect(server.addr());
    assert_eq!(recv(&mut first, 1024), b"Welcome!");
    let at_rest = harness::usage::threads(server.id());
    let clients: Vec<TcpStream> = (0..50).map(|_| peer::connect(server.addr())).collect();
    eventually("a thread for each client", || harness::usage::threads(server.id()) == at_rest + 50);
    drop(clients);
    eventually("no threads left over", || harness::usage::threads(server.id()) == at_rest);
}

#[test]
fn clients_past_the_cap_are_told_and_the_others_are_not_disturbed() {
    for model in ["threads", "tasks"] {
        let server = Server::start(SERVER, &["--max-clients", "1", "--model", model]);
        let mut first = peer::connect(server.addr());
        send(&mut first, "hello");
        assert_eq!(recv(&mut first, 1024).len(), 33);
        let mut second = peer::connect(server.addr());
        // Closed with this unread, the connection would be reset, and the words lost.
        send(&mut second, "let me in");
        assert_eq!(recv_to_end(&mut second), b"the server is full: try again later");
        send(&mut first, "still here");
        assert!(recv(&mut first, 1024).ends_with(b"still here"));
    }
}

#[test]
fn a_thousand_who_are_turned_away_and_stay_do_not_keep_the_next_waiting() {
    for model in ["threads", "tasks"] {
        let server = Server::start(SERVER, &["--max-clients", "1", "--model", model]);
        let mut first = peer::connect(server.addr());
        send(&mut first, "hello");
        assert_eq!(recv(&mut first, 1024).len(), 33);
        let mut stubborn: Vec<TcpStream> =
            (0..1000).map(|_| peer::connect(server.addr())).collect();
        assert!(
            recv_to_end(stubborn.last_mut().unwrap()).starts_with(b"the server is full"),
            "{model}"
        );
        drop(first);
        eventually("a free place", || {
            let mut client = peer::connect(server.addr());
            send(&mut client, "hello");
            recv(&mut client, 1024).ends_with(b"hello")
        });
    }
}

#[test]
fn a_message_that_comes_whole_is_taken_whole_however_long_it_is() {
    for model in MODELS {
        let server = Server::start(SERVER, &["--model", model]);
        let mut client = peer::connect(server.addr());
        for length in [1, 1023, 1024, 1025, 3000, 16 * 1024, 1] {
            let message = vec![b'x'; length];
            send(&mut client, &message);
            let mut reply = vec![0; 28 + length];
            client.read_exact(&mut reply).unwrap();
            assert!(reply.ends_with(&message));
        }
        // One line says where it listens, seven what was heard; each message in one piece.
        eventually("each message shown", || {
            String::from_utf8_lossy(&server.stdout()).lines().count() == 8
        });
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_silent_client_holds_no_buffer() {
    const CLIENTS: usize = 200;
    for (model, dialect) in
        [("threads", "raw"), ("threads", "repeat"), ("tasks", "raw"), ("tasks", "repeat")]
    {
        let server = Server::start(SERVER, &["--dialect", dialect, "--model", model]);
        let before = harness::usage::resident(server.id());
        let message = vec![b'x'; 60_000];
        let mut reply = vec![0; message.len() + if dialect == "repeat" { HEAD } else { 0 }];
        let clients: Vec<TcpStream> = (0..CLIENTS)
            .map(|_| {
                let mut client = peer::connect(server.addr());
                send(&mut client, &message);
                client.read_exact(&mut reply).unwrap();
                client
            })
            .collect();
        let most = before + u64::try_from(CLIENTS * message.len() / 3 * 2).unwrap();
        eventually("the buffers given back", || harness::usage::resident(server.id()) < most);
        drop(clients);
    }
}

#[test]
fn oneway_takes_the_whole_message_however_it_arrives() {
    for model in MODELS {
        let server = Server::start(SERVER, &["--dialect", "oneway", "--model", model]);
        let mut client = peer::connect(server.addr());
        let message = format!("{}-学习笔记", "x".repeat(600));
        for byte in message.as_bytes().chunks(7) {
            send(&mut client, byte);
        }
        client.shutdown(Shutdown::Write).unwrap();
        assert_closed(&mut client);
        server.wait_stdout(format!("{message}\n").as_str());
    }
}

#[test]
fn oneway_shows_nothing_for_a_client_that_says_nothing() {
    let server = Server::start(SERVER, &["--dialect", "oneway"]);
    drop(peer::connect(server.addr()));
    let mut client = peer::connect(server.addr());
    send(&mut client, "something");
    drop(client);
    server.wait_stdout("something\n");
    assert_eq!(String::from_utf8_lossy(&server.stdout()).lines().count(), 2);
}

#[test]
fn a_oneway_message_without_end_is_refused_and_its_memory_bounded() {
    let server = Server::start(SERVER, &["--dialect", "oneway"]);
    let mut client = peer::connect(server.addr());
    let chunk = vec![b'a'; 1 << 16];
    while client.write_all(&chunk).is_ok() {}
    server.wait_stderr("the message is longer than 65536 bytes");
    assert!(server.is_running());
}

#[test]
fn a_standard_error_that_nobody_reads_does_not_stop_the_server() {
    for model in ["threads", "tasks"] {
        let (_unread, stderr) = std::io::pipe().unwrap();
        let server = Server::of(
            Program::new(SERVER).args(["--model", model, "--addr", "127.0.0.1:0"]).stderr(stderr),
        );
        // Two notices for each client: far more than a pipe holds.
        for _ in 0..2_000 {
            drop(peer::connect(server.addr()));
        }
        assert_serves(&server);
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_client_that_never_reads_is_closed_and_takes_little_memory() {
    for model in ["threads", "tasks"] {
        let server =
            Server::start(SERVER, &["--dialect", "raw", "--model", model, "--idle-timeout", "0.2"]);
        let mut client = peer::connect(server.addr());
        client.set_write_timeout(None).unwrap();
        let chunk = vec![b'a'; 1 << 16];
        while client.write_all(&chunk).is_ok() {}
        assert!(harness::usage::resident(server.id()) < 64 << 20);
        assert!(server.is_running());
    }
}

#[test]
fn a_longest_oneway_message_is_shown() {
    let server = Server::start(SERVER, &["--dialect", "oneway"]);
    let mut client = peer::connect(server.addr());
    send(&mut client, vec![b'a'; 64 * 1024]);
    drop(client);
    server.wait_stdout("aaa\n");
}

#[test]
fn clients_that_send_faster_than_they_are_served_do_not_keep_a_task_from_its_turn() {
    let server =
        Server::start(SERVER, &["--dialect", "raw", "--model", "tasks", "--read-size", "1"]);
    let threads = std::thread::available_parallelism().unwrap().get();
    for _ in 0..=threads {
        let mut fast = peer::connect(server.addr());
        let mut echo = fast.try_clone().unwrap();
        std::thread::spawn(move || std::io::copy(&mut echo, &mut std::io::sink()));
        std::thread::spawn(move || while fast.write_all(&[b'a'; 1 << 18]).is_ok() {});
    }
    for _ in 0..3 {
        let mut client = peer::connect(server.addr());
        send(&mut client, "x");
        assert_eq!(recv(&mut client, 1), b"x");
    }
}

#[test]
fn a_server_that_says_nothing_ends_the_client_however_the_client_speaks() {
    for mode in ["--burst", "--dialect=raw"] {
        let silent = peer::listen();
        let client = Program::at(CLIENT, silent.addr()).args(["--timeout=0.2", mode]).start();
        let mut server = silent.accept();
        // While nothing is owed it may be silent.
        client.line("hello");
        assert!(recv(&mut server, 1024).starts_with(b"hello"));
        client.close_stdin();
        let exit = client.wait();
        exit.assert_code(1);
        assert!(exit.err().contains("timed out"), "{}", exit.err());
    }
}

#[test]
fn a_server_that_never_reads_ends_the_client_however_the_client_speaks() {
    for dialect in ["oneway", "raw"] {
        let silent = peer::listen();
        let target = silent.addr().to_string();
        let client =
            Program::at(CLIENT, &target).args(["--timeout=0.2", "--dialect", dialect]).start();
        client.write(vec![b'a'; 15_000_000]);
        client.close_stdin();
        let _held = silent.accept();
        let exit = client.wait();
        exit.assert_code(1);
        assert!(exit.err().contains("timed out"), "{}", exit.err());
    }
}

#[test]
fn a_server_that_closes_ends_the_client_also_while_standard_input_is_open() {
    let closing = peer::listen();
    let client = Program::at(CLIENT, closing.addr()).args(["--dialect", "raw"]).start();
    drop(closing.accept());
    let exit = client.wait();
    exit.assert_code(1);
    assert!(
        exit.err().contains("closed the connection before everything was said"),
        "{}",
        exit.err()
    );
}

#[test]
fn what_a_server_says_without_owing_it_does_not_fill_the_clients_memory() {
    let flooding = peer::listen();
    let client = Program::at(CLIENT, flooding.addr()).args(["--dialect", "ack", "x"]).start();
    let mut server = flooding.accept();
    recv(&mut server, 1);
    send(&mut server, "服务端已收到消息!");
    let chunk = vec![b'z'; 1 << 20];
    let mut sent = 0;
    while sent < 1 << 8 && server.write_all(&chunk).is_ok() {
        sent += 1;
    }
    client.wait().assert_code(0);
    assert!(sent < 1 << 5, "the client took {sent} MiB");
}

#[test]
fn a_client_of_a_full_server_fails_and_says_why() {
    let server = Server::start(SERVER, &["--max-clients", "1"]);
    let mut first = peer::connect(server.addr());
    send(&mut first, "hello");
    recv(&mut first, 1024);
    let exit = client_of(&server, &["hello"]).wait();
    exit.assert_code(1);
    assert_eq!(exit.out(), "");
    assert!(exit.err().ends_with(": the server is full: try again later\n"), "{}", exit.err());
}

/// How a server is started that has 300 MB of addresses.
#[cfg(target_os = "linux")]
const LITTLE_MEMORY: [&str; 3] = ["/bin/sh", "-c", "ulimit -v 300000; exec \"$0\" \"$@\""];

#[test]
#[cfg(target_os = "linux")]
fn clients_for_whom_there_is_no_memory_are_refused_and_end_nobody() {
    // 3 MB for each, so that there are too many soon; and what the buffers are by default.
    for (size, all_fit) in [("1000000", false), ("65536", true)] {
        let program =
            Program::at(SERVER, "127.0.0.1:0").args(["--read-size", size]).under(&LITTLE_MEMORY);
        let server = Server::of(program);
        let message = "x".repeat(60_000);
        let crowd: Vec<TcpStream> = (0..300)
            .map(|_| {
                let mut client = peer::connect(server.addr());
                let _ = client.write_all(message.as_bytes());
                client
            })
            .collect();
        let mut refused = 0;
        for mut client in crowd {
            let mut head = [0; HEAD];
            client.read_exact(&mut head).unwrap();
            refused += usize::from(tcp_echo::FULL.as_bytes().starts_with(&head));
        }
        assert!(refused < 300 && (refused == 0) == all_fit, "{refused}");
        eventually("there is room again", || {
            let mut client = peer::connect(server.addr());
            send(&mut client, "ok");
            recv(&mut client, 1024).ends_with(b" ok")
        });
        if !all_fit {
            server.wait_stderr("refused: there is memory for ");
        }
        server.signal(harness::Signal::SIGTERM);
        server.wait().assert_code(0).assert_no_panic();
    }
}

#[test]
fn the_time_limit_covers_finding_the_address() {
    // No resolver is as quick as that.
    let exit = Program::at(CLIENT, "localhost:9").args(["--timeout", "0.000001", "hi"]).run();
    let words = exit.assert_one_error(1);
    assert!(
        words.contains("cannot find the address of 'localhost': no answer within 0.000001 s"),
        "{words}"
    );
}

#[test]
fn a_byte_order_mark_before_the_first_line_is_not_sent() {
    let server = Server::start(SERVER, &[]);
    let client = client_of(&server, &[]);
    client.write("\u{feff}你好\r\n\u{feff}x\n");
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "服务端接收到了信息 你好\n服务端接收到了信息 \u{feff}x\n");
}
