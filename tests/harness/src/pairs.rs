//! The programs of the workspace in pairs: what every test that concerns all of them goes through.

use std::net::SocketAddr;

use crate::{Exit, Process, Program, Server, binary};

/// What a pair speaks over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A stream.
    Tcp,
    /// Datagrams.
    Udp,
}
use Transport::{Tcp, Udp};

/// A server and its client, and a conversation that both end well.
#[derive(Debug)]
pub struct Pair {
    /// The name of the server's program.
    pub server: &'static str,
    /// The name of the client's program.
    pub client: &'static str,
    /// What both are told so that they talk in another way than by default: a mode, a framing.
    pub way: &'static [&'static str],
    /// What the server alone is told.
    pub model: &'static [&'static str],
    /// What they speak over.
    pub transport: Transport,
    /// The server's default, and the client's, which has one unless it takes a URL.
    pub default: &'static str,
    /// Options of the server's own.
    pub server_options: &'static [&'static str],
    /// Options of the client's own.
    pub client_options: &'static [&'static str],
    /// What the client is told to say, in arguments, if it takes any.
    pub says: &'static [&'static str],
    /// The same as a line that a user types, if it asks for any, and the prompt with which it asks.
    pub line: &'static str,
    /// See [`line`](Pair::line).
    pub prompt: &'static str,
    /// What is on the client's standard output in the end.
    pub hears: &'static str,
    /// The client's status for its own failures.
    pub failed: i32,
}

/// All of them.
pub const PAIRS: [Pair; 6] = [
    Pair {
        server: "tcp-echo-server",
        client: "tcp-echo-client",
        way: &[],
        model: &[],
        transport: Tcp,
        default: "127.0.0.1:50000",
        server_options: &["--dialect", "--model", "--read-size", "--think"],
        client_options: &["--dialect", "--burst"],
        says: &["你好"],
        line: "你好",
        prompt: ">>> ",
        hears: "服务端接收到了信息 你好",
        failed: 1,
    },
    Pair {
        server: "tcp-chat-server",
        client: "tcp-chat-client",
        way: &[],
        model: &[],
        transport: Tcp,
        default: "127.0.0.1:9999",
        server_options: &["--mode", "--bye", "--history"],
        client_options: &["--mode", "--bye", "--name"],
        says: &[],
        line: "你好",
        prompt: "> ",
        hears: "",
        failed: 1,
    },
    Pair {
        server: "udp-echo-server",
        client: "udp-echo-client",
        way: &[],
        model: &[],
        transport: Udp,
        default: "127.0.0.1:9999",
        server_options: &["--dialect", "--drop", "--duplicate", "--delay", "--jitter", "--seed"],
        client_options: &["--dialect", "--retries", "--ping", "--interval", "--size"],
        says: &["Michael"],
        line: "Michael",
        prompt: "message> ",
        hears: "Hello, Michael!",
        failed: 1,
    },
    Pair {
        server: "udp-temp-server",
        client: "udp-temp-client",
        way: &[],
        model: &[],
        transport: Udp,
        default: "127.0.0.1:9999",
        server_options: &[],
        client_options: &["--retries"],
        says: &["36.6"],
        line: "36.6",
        prompt: "degrees Celsius> ",
        hears: "97.88",
        failed: 1,
    },
    Pair {
        server: "remote-cmd-server",
        client: "remote-cmd-client",
        way: &[],
        model: &[],
        transport: Tcp,
        default: "127.0.0.1:8000",
        server_options: &[
            "--framing",
            "--encoding",
            "--key-file",
            "--allow",
            "--run-timeout",
            "--max-output",
        ],
        client_options: &["--framing", "--encoding", "--key-file"],
        says: &["echo", "hi"],
        line: "echo hi",
        prompt: ">>: ",
        hears: "hi",
        failed: 255,
    },
    Pair {
        server: "http-fetch-server",
        client: "http-fetch-client",
        way: &[],
        model: &[],
        transport: Tcp,
        default: "127.0.0.1:8080",
        server_options: &["--root", "--qr"],
        client_options: &[
            "--output",
            "--continue",
            "--remote-header-name",
            "--head",
            "--header",
            "--data",
            "--retry",
            "--max-redirects",
            "--max-size",
            "--cacert",
        ],
        says: &["-o", "-"],
        line: "",
        prompt: "",
        hears: "欢迎",
        failed: 1,
    },
];

/// The ways of some that have code of their own for the beginning and the end of a conversation.
pub const VARIANTS: [Pair; 3] = [
    Pair { model: &["--model", "tasks"], ..PAIRS[0] },
    Pair { way: &["--mode", "room"], hears: ": 你好", ..PAIRS[1] },
    Pair { way: &["--framing", "prefix"], ..PAIRS[4] },
];

impl Pair {
    /// The server, listening on a free port of 127.0.0.1.
    #[track_caller]
    pub fn serve(&self, args: &[&str]) -> Server {
        Server::of(self.server_at("127.0.0.1:0").args(args))
    }

    /// The server program, told to listen on `addr`.
    pub fn server_at(&self, addr: &str) -> Program {
        Program::new(binary(self.server)).args(["--addr", addr]).args(self.way).args(self.model)
    }

    /// The client program, told to connect to `addr`, as far as its user would write it.
    pub fn client_to(&self, addr: &str) -> Program {
        let client = Program::new(binary(self.client)).args(self.way);
        if self.takes_url() {
            client.arg(format!("http://{addr}/"))
        } else {
            client.args(["--addr", addr])
        }
    }

    /// Whether the client takes a URL in place of `--addr`.
    pub fn takes_url(&self) -> bool {
        self.client == "http-fetch-client"
    }

    /// Starts a client that says its part to `addr`.
    pub fn start_client(&self, addr: impl ToString) -> Process {
        self.speak(self.client_to(&addr.to_string()).args(self.says))
    }

    /// Starts a client, and has it say its part on standard input where arguments are not for that.
    #[track_caller]
    pub fn speak(&self, client: Program) -> Process {
        let client = client.start();
        if self.says.is_empty() {
            client.line(self.line);
        }
        client.close_stdin();
        client
    }

    /// A whole conversation with the server at `addr`, which has to go well.
    #[track_caller]
    pub fn converse(&self, addr: impl ToString) -> Exit {
        let exit = self.start_client(addr).wait();
        exit.assert_code(0);
        assert!(
            exit.out().contains(self.hears),
            "the client did not hear {:?}: {}",
            self.hears,
            exit.out()
        );
        exit
    }

    /// The server, and in what way it is told to serve.
    pub fn name(&self) -> String {
        [&[self.server], self.way, self.model].concat().join(" ")
    }

    /// The prompt of a client that speaks Chinese.
    pub fn prompt_in_chinese(&self) -> &'static str {
        match self.prompt {
            "message> " => "消息> ",
            "degrees Celsius> " => "摄氏度> ",
            other => other,
        }
    }

    /// The port of [`default`](Pair::default).
    pub fn default_port(&self) -> u16 {
        self.default.parse::<SocketAddr>().expect("an address").port()
    }

    /// The crate of both, as `cargo run -p` wants it.
    pub fn package(&self) -> &'static str {
        self.server.trim_end_matches("-server")
    }
}

/// Those that speak over TCP, in all their ways.
pub fn tcp() -> impl Iterator<Item = &'static Pair> {
    PAIRS.iter().chain(&VARIANTS).filter(|pair| pair.transport == Tcp)
}

/// Those that speak over UDP.
pub fn udp() -> impl Iterator<Item = &'static Pair> {
    PAIRS.iter().filter(|pair| pair.transport == Udp)
}
