//! The tutorials' programs, byte for byte with their buffer sizes, against ours: systems 1, 3, 5
//! and 13.

use std::net::{Shutdown, TcpStream};

use harness::peer::{self, assert_closed, recv, recv_to_end, send};
use harness::{Process, Program, Server};

use crate::{CLIENT, SERVER};

const MODELS: [&str; 3] = ["queue", "threads", "tasks"];

/// Our server in every model, and a client of the tutorial's for it.
fn with_each_model(dialect: &str, client: impl Fn(TcpStream, &Server)) {
    for model in MODELS {
        let server = Server::start(SERVER, &["--dialect", dialect, "--model", model]);
        client(peer::connect(server.addr()), &server);
    }
}

/// Our client for a server of the tutorial's.
fn client_of(server: &peer::Listener, args: &[&str]) -> Process {
    Program::at(CLIENT, server.addr()).args(args).start()
}

#[test]
fn system_1_the_client_of_000_is_answered_in_one_segment_each() {
    with_each_model("repeat", |mut client, server| {
        for line in ["hello", "你好"] {
            send(&mut client, line);
            assert_eq!(recv(&mut client, 1024), format!("服务端接收到了信息 {line}").as_bytes());
        }
        client.shutdown(Shutdown::Write).unwrap();
        assert_closed(&mut client);
        server.wait_stdout("你好");
    });
}

#[test]
fn system_1_the_server_of_000_is_driven_by_our_client() {
    let tutorial = peer::listen();
    let ours = client_of(&tutorial, &[]);
    let mut client = tutorial.accept();
    for line in ["hello", "你好"] {
        ours.line(line);
        let heard = recv(&mut client, 512);
        assert_eq!(heard, line.as_bytes());
        send(&mut client, [b"\xe6\x9c\x8d\xe5\x8a\xa1\xe7\xab\xaf\xe6\x8e\xa5\xe6\x94\xb6\xe5\x88\xb0\xe4\xba\x86\xe4\xbf\xa1\xe6\x81\xaf ", &heard[..]].concat());
        ours.wait_stdout(format!("服务端接收到了信息 {line}\n").as_str());
    }
    // `exit` is compared locally and never sent.
    ours.line("exit");
    assert_closed(&mut client);
    drop(client);
    let exit = ours.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "服务端接收到了信息 hello\n服务端接收到了信息 你好\n");
}

#[test]
fn system_1_once_is_the_one_client_server_of_000() {
    for model in MODELS {
        let server = Server::start(SERVER, &["--once", "--model", model]);
        let mut client = peer::connect(server.addr());
        send(&mut client, "hello");
        assert_eq!(recv(&mut client, 1024).len(), 33);
        drop(client);
        server.wait().assert_code(0);
    }
}

#[test]
fn system_3_the_client_of_001_is_acknowledged() {
    with_each_model("ack", |mut client, _| {
        for line in ["你好", "exit", "quit", "bye", "byebye"] {
            send(&mut client, line);
            assert_eq!(recv(&mut client, 1024), "服务端已收到消息!".as_bytes());
        }
        client.shutdown(Shutdown::Write).unwrap();
        assert_closed(&mut client);
    });
}

#[test]
fn system_3_the_server_of_001_is_driven_by_our_client() {
    let tutorial = peer::listen();
    let ours = client_of(&tutorial, &["--dialect", "ack"]);
    let mut client = tutorial.accept();
    for line in ["你好", "exit"] {
        ours.line(line);
        assert_eq!(recv(&mut client, 1024), line.as_bytes());
        send(&mut client, "服务端已收到消息!");
        ours.wait_stdout("服务端已收到消息!\n");
    }
    // The empty line ends the client: nothing is sent but the end of the stream.
    ours.line("");
    assert_closed(&mut client);
    drop(client);
    ours.wait().assert_code(0);
}

#[test]
fn system_5_the_client_of_003_is_welcomed_and_greeted() {
    with_each_model("greet", |mut client, _| {
        assert_eq!(recv(&mut client, 1024), b"Welcome!");
        for name in ["Michael", "Tracy", "Sarah"] {
            send(&mut client, name);
            assert_eq!(recv(&mut client, 1024), format!("Hello, {name}!").as_bytes());
        }
        send(&mut client, "exit");
        client.shutdown(Shutdown::Write).unwrap();
        assert_closed(&mut client);
    });
}

#[test]
fn system_5_the_server_of_002_and_003_is_driven_by_our_client() {
    let tutorial = peer::listen();
    let ours = client_of(&tutorial, &["--dialect", "greet", "Michael", "Tracy", "Sarah"]);
    let mut client = tutorial.accept();
    send(&mut client, "Welcome!");
    for name in ["Michael", "Tracy", "Sarah"] {
        assert_eq!(recv(&mut client, 1024), name.as_bytes());
        send(&mut client, format!("Hello, {name}!"));
    }
    // `exit`, and the end of the stream right behind it.
    assert_eq!(recv_to_end(&mut client), b"exit");
    drop(client);
    let exit = ours.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "Welcome!\nHello, Michael!\nHello, Tracy!\nHello, Sarah!\n");
}

#[test]
fn system_13_the_client_of_004_says_one_thing() {
    with_each_model("oneway", |mut client, server| {
        send(&mut client, "python学习笔记");
        let addr = client.local_addr().unwrap();
        drop(client);
        server.wait_stdout(format!("{addr}: python学习笔记\n").as_str());
    });
}

#[test]
fn system_13_the_server_of_004_is_driven_by_our_client() {
    let tutorial = peer::listen();
    let ours = client_of(&tutorial, &["--dialect", "oneway", "python学习笔记"]);
    let mut client = tutorial.accept();
    assert_eq!(recv(&mut client, 512), "python学习笔记".as_bytes());
    drop(client);
    let exit = ours.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "");
}
