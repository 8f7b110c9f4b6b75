//! The programs in pairs, as DESIGN has them: what every test over all of them goes through.

#![allow(dead_code, reason = "each test file uses its part")]

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use harness::{Exit, Process, Program, Server, binary};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Tcp,
    Udp,
}
use Transport::{Tcp, Udp};

/// A server and its client, and a conversation that both end well.
pub(crate) struct Pair {
    pub(crate) server: &'static str,
    pub(crate) client: &'static str,
    pub(crate) transport: Transport,
    /// The server's default, and the client's, which has one unless it takes a URL.
    pub(crate) default: &'static str,
    /// Options of the server's own.
    pub(crate) server_options: &'static [&'static str],
    /// Options of the client's own.
    pub(crate) client_options: &'static [&'static str],
    /// What the client is told to say: arguments, and its standard input.
    pub(crate) says: &'static [&'static str],
    pub(crate) types: &'static str,
    /// What is on the client's standard output in the end.
    pub(crate) hears: &'static str,
    /// The client's status for its own failures.
    pub(crate) failed: i32,
}

pub(crate) const PAIRS: [Pair; 3] = [
    Pair {
        server: "tcp-echo-server",
        client: "tcp-echo-client",
        transport: Tcp,
        default: "127.0.0.1:50000",
        server_options: &["--dialect", "--model", "--read-size", "--think"],
        client_options: &["--dialect", "--burst"],
        says: &["你好"],
        types: "",
        hears: "服务端接收到了信息 你好",
        failed: 1,
    },
    Pair {
        server: "udp-echo-server",
        client: "udp-echo-client",
        transport: Udp,
        default: "127.0.0.1:9999",
        server_options: &["--dialect"],
        client_options: &["--dialect", "--retries"],
        says: &["Michael"],
        types: "",
        hears: "Hello, Michael!",
        failed: 1,
    },
    Pair {
        server: "udp-temp-server",
        client: "udp-temp-client",
        transport: Udp,
        default: "127.0.0.1:9999",
        server_options: &[],
        client_options: &["--retries"],
        says: &["36.6"],
        types: "",
        hears: "97.88",
        failed: 1,
    },
];

impl Pair {
    /// The server, listening on a free port of 127.0.0.1.
    #[track_caller]
    pub(crate) fn serve(&self, args: &[&str]) -> Server {
        Server::start(binary(self.server), args)
    }

    /// The server program, told to listen on `addr`.
    pub(crate) fn server_at(&self, addr: &str) -> Program {
        Program::new(binary(self.server)).args(["--addr", addr])
    }

    /// The client program, told to connect to `addr`, as far as its user would write it.
    pub(crate) fn client_to(&self, addr: &str) -> Program {
        let client = Program::new(binary(self.client));
        if self.takes_url() { client.arg(format!("http://{addr}/")) } else { client.args(["--addr", addr]) }
    }

    pub(crate) fn takes_url(&self) -> bool {
        self.client == "http-fetch-client"
    }

    /// Starts a client that says its part to `addr`.
    pub(crate) fn start_client(&self, addr: impl ToString) -> Process {
        let client = self.client_to(&addr.to_string()).args(self.says).start();
        client.write(self.types);
        client.close_stdin();
        client
    }

    /// A whole conversation with the server at `addr`, which has to go well.
    #[track_caller]
    pub(crate) fn converse(&self, addr: impl ToString) -> Exit {
        let exit = self.start_client(addr).wait();
        exit.assert_code(0);
        assert!(exit.out().contains(self.hears), "the client did not hear {:?}: {}", self.hears, exit.out());
        exit
    }

    pub(crate) fn default_port(&self) -> u16 {
        self.default.parse::<SocketAddr>().unwrap().port()
    }
}

pub(crate) fn tcp() -> impl Iterator<Item = &'static Pair> {
    PAIRS.iter().filter(|pair| pair.transport == Tcp)
}

pub(crate) fn udp() -> impl Iterator<Item = &'static Pair> {
    PAIRS.iter().filter(|pair| pair.transport == Udp)
}

/// The names of all.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    PAIRS.iter().flat_map(|pair| [pair.server, pair.client])
}

/// Checks every one, and fails in the end with the names of all that failed, not at the first.
#[track_caller]
pub(crate) fn each<T>(items: impl Iterator<Item = T>, name: impl Fn(&T) -> &'static str, check: impl Fn(&T)) {
    let failed = |item: &T| {
        let name = name(item);
        catch_unwind(AssertUnwindSafe(|| check(item))).is_err().then(|| {
            eprintln!("^^^^ {name}");
            name
        })
    };
    let failures: Vec<_> = items.filter_map(|item| failed(&item)).collect();
    assert!(failures.is_empty(), "not so: {failures:?}");
}

/// `each` for names of programs.
#[track_caller]
pub(crate) fn each_program(names: impl Iterator<Item = &'static str>, check: impl Fn(&'static str)) {
    each(names, |name| name, |name| check(name));
}

/// `each` for pairs.
#[track_caller]
pub(crate) fn each_pair(pairs: impl Iterator<Item = &'static Pair>, check: impl Fn(&'static Pair)) {
    each(pairs, |pair| pair.server, |pair| check(pair));
}

/// The program did not panic, whatever else it did.
#[track_caller]
pub(crate) fn assert_no_panic(exit: &Exit) {
    assert!(exit.code != Some(101) && !exit.err().contains("panicked"), "a panic: {}", exit.err());
}

/// The program failed with `code` and one line of error, before which there may be notices. Returns that line.
#[track_caller]
pub(crate) fn assert_one_error(exit: &Exit, code: i32) -> String {
    exit.assert_code(code);
    let err = exit.err();
    let (notices, errors): (Vec<_>, Vec<_>) = err.lines().partition(|line| line.starts_with("notice: "));
    assert!(
        err.ends_with('\n') && errors.len() == 1,
        "one line of error: {err:?} ({} notices)",
        notices.len()
    );
    let words = errors[0].strip_prefix("error: ").unwrap_or_else(|| panic!("`error: `: {err:?}"));
    assert!(!words.is_empty() && !words.starts_with(char::is_whitespace), "words after `error: `: {err:?}");
    assert!(!words.contains("error: "), "said once: {err:?}");
    errors[0].to_owned()
}
