//! The tutorials' programs, byte for byte with their buffer sizes, against ours: systems 6, 14 and
//! 15.

use std::net::TcpStream;

use harness::peer::{self, assert_closed, recv, send};
use harness::{Process, Program, Server};

use crate::{CLIENT, SERVER};

/// Our client for a server of the tutorial's.
fn client_of(server: &peer::Listener, args: &[&str]) -> Process {
    Program::at(CLIENT, server.addr()).args(args).start()
}

/// How the server of ours names this client.
fn name(client: &TcpStream) -> String {
    client.local_addr().unwrap().to_string()
}

/// The two turn-taking chats differ in their end word and in the size of their buffers.
const TURNS: [(&str, usize); 2] = [("bye", 1024), ("byebye", 512)];

#[test]
fn systems_6_and_14_the_client_takes_turns_with_our_server_and_ends_it() {
    for (bye, size) in TURNS {
        let server = Server::start(SERVER, &["--mode", "turns", "--bye", bye]);
        let mut client = peer::connect(server.addr());
        for (question, answer) in [("你好", "hello"), ("how are you", "很好, 谢谢")] {
            send(&mut client, question);
            server.wait_stdout(&format!("{}: {question}\n", name(&client)));
            server.line(answer);
            assert_eq!(recv(&mut client, size), answer.as_bytes());
        }
        send(&mut client, bye);
        assert_closed(&mut client);
        server.wait_stderr(&format!("notice: {} said {bye}\n", name(&client)));

        // Tutorial 002's server has ended by now; 004's takes the next client, and so does ours.
        let mut next = peer::connect(server.addr());
        send(&mut next, "下一个");
        server.wait_stdout(&format!("{}: 下一个\n", name(&next)));
    }
}

#[test]
fn systems_6_and_14_our_server_says_the_end_word_to_the_client() {
    for (bye, size) in TURNS {
        let server = Server::start(SERVER, &["--mode", "turns", "--bye", bye, "--once"]);
        let mut client = peer::connect(server.addr());
        send(&mut client, "hello");
        server.wait_stdout("hello");
        server.line(bye);
        assert_eq!(recv(&mut client, size), bye.as_bytes());
        assert_closed(&mut client);
        drop(client);
        server.wait().assert_code(0);
    }
}

#[test]
fn systems_6_and_14_our_client_takes_turns_with_the_server_and_ends_it() {
    for (bye, size) in TURNS {
        let tutorial = peer::listen();
        let ours = client_of(&tutorial, &["--mode", "turns", "--bye", bye]);
        let mut client = tutorial.accept();
        for (question, answer) in [("你好", "hello"), ("第二句", "很好")] {
            ours.line(question);
            assert_eq!(recv(&mut client, size), question.as_bytes());
            send(&mut client, answer);
            ours.wait_stdout(&format!("{answer}\n"));
        }
        ours.line(bye);
        assert_eq!(recv(&mut client, size), bye.as_bytes());
        // The server closes as soon as it has heard the word.
        drop(client);
        let exit = ours.wait();
        exit.assert_code(0);
        assert_eq!(exit.out(), "hello\n很好\n");
    }
}

#[test]
fn systems_6_and_14_the_server_says_the_end_word_to_our_client() {
    for (bye, size) in TURNS {
        let tutorial = peer::listen();
        let ours = client_of(&tutorial, &["--mode", "turns", "--bye", bye]);
        let mut client = tutorial.accept();
        ours.line("hi");
        assert_eq!(recv(&mut client, size), b"hi");
        send(&mut client, bye);
        drop(client);
        let exit = ours.wait();
        exit.assert_code(0);
        assert!(exit.err().contains(&format!("said {bye}\n")), "the one who receives it says so");
        assert_eq!(exit.out(), "");
    }
}

#[test]
fn system_15_the_client_and_our_server_speak_whenever_they_like() {
    let server = Server::start(SERVER, &[]);
    let mut client = peer::connect(server.addr());
    send(&mut client, "一");
    server.wait_stdout(&format!("{}: 一\n", name(&client)));
    send(&mut client, "二");
    server.wait_stdout(&format!("{}: 二\n", name(&client)));
    for line in ["three", "四", "五"] {
        server.line(line);
        assert_eq!(recv(&mut client, 512), line.as_bytes());
    }
}

#[test]
fn system_15_the_server_and_our_client_speak_whenever_they_like() {
    let tutorial = peer::listen();
    let ours = client_of(&tutorial, &[]);
    let mut client = tutorial.accept();
    for line in ["一", "二", "three"] {
        ours.line(line);
        assert_eq!(recv(&mut client, 512), line.as_bytes());
    }
    send(&mut client, "四");
    ours.wait_stdout("四\n");
    send(&mut client, "five");
    ours.wait_stdout("five\n");
    // Its server has no end word and never closes; ours sends the word, and does not wait for ever.
    ours.line("bye");
    assert_eq!(recv(&mut client, 512), b"bye");
    ours.wait().assert_code(0);
}
