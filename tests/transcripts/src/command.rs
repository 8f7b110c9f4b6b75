//! What a command of a transcript is, and the command that is run in its place.

use harness::pairs::{PAIRS, Pair};

use super::markdown::{Block, Entry};
use super::same::number;

/// What stands between what is sent by hand and a port.
const ANSWER: &str = " | ncat -l ";
const REQUEST: &str = " | nc localhost ";

/// Keys, and the prompt behind which they are typed, if they wait for one.
pub(super) struct Typed {
    pub(super) prompt: &'static str,
    pub(super) keys: String,
}

/// A command line that a document shows.
pub(super) struct Command<'a> {
    pub(super) kind: Kind,
    /// What is typed, without `cargo run …`: the program's name and its arguments, or a line for a
    /// shell.
    line: String,
    /// The first program of this workspace in it.
    program: Option<(&'static Pair, String)>,
    /// Whether that is an example of a lesson, which takes its address as its first argument.
    pub(super) is_example: bool,
    pub(super) entry: &'a Entry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A server of this workspace: it runs on.
    Server,
    /// `… | ncat -l PORT`: an answer by hand for the next client.
    Answer,
    /// `… | nc localhost PORT`: a request by hand.
    Request,
    /// A client, or anything else that a shell can do.
    Other,
}

impl<'a> Command<'a> {
    pub(super) fn new(entry: &'a Entry) -> Self {
        let (line, example) = without_cargo(&entry.command);
        let is_example = example.is_some();
        let named = |name: &str| word(&line, name).is_some();
        let of_pair = |pair: &'static Pair| {
            let name = [pair.server, pair.client].into_iter().find(|name| named(name));
            name.map(|name| (pair, name.to_owned()))
        };
        let program = example.or_else(|| PAIRS.iter().find_map(of_pair));
        let kind = match &program {
            Some((_, name)) if is_example && !name.contains("client") => Kind::Server,
            Some((pair, name)) if *name == pair.server => Kind::Server,
            _ if line.contains(ANSWER) => Kind::Answer,
            _ if line.contains(REQUEST) => Kind::Request,
            _ => Kind::Other,
        };
        Command { kind, line, program, is_example, entry }
    }

    /// The prompt with which the program asks, without the blank behind it, if it does.
    pub(super) fn prompt(&self) -> Option<&'static str> {
        let pair = self.program.as_ref().filter(|_| !self.is_example).map(|(pair, _)| pair);
        let prompt = pair.map(|pair| match self.entry.is_chinese {
            true => pair.prompt_in_chinese(),
            false => pair.prompt,
        });
        prompt.map(str::trim_end).filter(|prompt| !prompt.is_empty())
    }

    /// What is typed in `line`, if it is typed. The last line may be a prompt at which nobody has
    /// typed yet.
    pub(super) fn typed(&self, line: &str, is_last: bool) -> Option<Typed> {
        if line == "^C" {
            return Some(Typed { prompt: "", keys: "\x03".to_owned() });
        }
        let prompt = self.prompt()?;
        let keys = match line.strip_prefix(prompt)?.trim_end() {
            "" if is_last => return None,
            " ^C" => "\x03".to_owned(),
            " ^D" => "\x04".to_owned(),
            text => format!("{}\r", text.strip_prefix(' ').unwrap_or(text)),
        };
        Some(Typed { prompt, keys })
    }

    /// Whether the program waits at a prompt at the end of what is shown.
    pub(super) fn stays(&self) -> bool {
        let last = self.entry.lines.iter().rfind(|line| !line.is_empty());
        self.prompt().is_some_and(|prompt| last.is_some_and(|line| line.trim_end() == prompt))
    }

    /// Whether it is shown to its end.
    pub(super) fn ends(&self) -> bool {
        let interrupted = self.entry.lines.iter().any(|line| line.ends_with("^C"));
        interrupted || self.kind == Kind::Other && !self.stays()
    }

    /// The port that the document says: of `--addr`, or of a URL, or the default.
    pub(super) fn documented_port(&self) -> Option<u16> {
        if let Some((_, port)) = self.by_hand() {
            return Some(number(port)?.0);
        }
        let said = self.said_port().and_then(|at| number(&self.line[at..]));
        said.map(|(port, _)| port).or_else(|| Some(self.program.as_ref()?.0.default_port()))
    }

    /// Where in the line a port stands.
    fn said_port(&self) -> Option<usize> {
        self.program.as_ref()?;
        let before = ["127.0.0.1:", "localhost:", "[::1]:", "-a :", "--addr :", "-a ", "--addr "];
        let ends = before.iter().filter_map(|before| Some(self.line.find(before)? + before.len()));
        // `-a 127.0.0.1:50000` has no port right behind `-a`.
        let is_port = |at: usize| {
            number(&self.line[at..])
                .is_some_and(|(_, digits)| !self.line[at + digits..].starts_with('.'))
        };
        ends.filter(|&at| is_port(at)).min()
    }

    /// The line for a shell, with the `path` of the program, and `port` instead of the documented
    /// one.
    pub(super) fn script(&self, path: impl Fn(&str) -> String, port: u16) -> String {
        let Some((pair, name)) = &self.program else { return self.line.clone() };
        let mut line = self.line.clone();
        let says_port = self.said_port();
        if let Some(at) = says_port {
            let digits = number(&line[at..]).map_or(0, |(_, digits)| digits);
            line.replace_range(at..at + digits, &port.to_string());
        }
        let at = word(&line, name).unwrap_or_default();
        let addr = match says_port {
            None if self.is_example => format!(" 127.0.0.1:{port}"),
            None if !pair.takes_url() || name == pair.server => format!(" --addr 127.0.0.1:{port}"),
            _ => String::new(),
        };
        line.replace_range(at..at + name.len(), &format!("{}{addr}", path(name)));
        // A signal is for the program, not for a shell around it.
        let simple = at == 0 && !line.contains(['|', ';', '&', '>', '<']);
        if simple { format!("exec {line}") } else { line }
    }

    /// For what is sent by hand: the command that makes it, and the port.
    fn by_hand(&self) -> Option<(&str, &str)> {
        self.line.split_once(ANSWER).or_else(|| self.line.split_once(REQUEST))
    }

    /// What is sent by hand.
    pub(super) fn bytes_by_hand(&self) -> Vec<u8> {
        let command = self.by_hand().map_or("", |(command, _)| command);
        let made = std::process::Command::new("/bin/sh").args(["-c", command]).output();
        made.expect("a shell").stdout
    }
}

/// Whether a server is started in a block.
pub(super) fn starts_a_server(block: &Block) -> bool {
    block.entries().iter().any(|entry| Command::new(entry).kind == Kind::Server)
}

/// An example of a lesson: its name, and the pair that speaks as it does.
type Example = (&'static Pair, String);

/// `cargo run -p DEMO -- …` is `DEMO-server …`; with `--bin NAME` or `--example NAME` it is `NAME
/// …`. Other lines stay as they are.
fn without_cargo(line: &str) -> (String, Option<Example>) {
    let Some((before, mut rest)) = line.split_once("cargo run ") else {
        return (line.to_owned(), None);
    };
    let (mut package, mut program, mut is_example) = ("", None, false);
    loop {
        rest = rest.trim_start();
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        let (value, after_value) = after.split_once(' ').unwrap_or((after, ""));
        match word {
            "-p" => (package, rest) = (value, after_value),
            "--bin" => (program, rest) = (Some(value), after_value),
            "--example" => (program, rest, is_example) = (Some(value), after_value, true),
            "-q" | "--release" => rest = after,
            "--" => {
                rest = after;
                break;
            }
            _ => break,
        }
    }
    // `default-run` is the server.
    let server = format!("{package}-server");
    let pair = PAIRS.iter().find(|pair| is_example && pair.server == server);
    let program = program.map_or(server, str::to_owned);
    let line = format!("{before}{program} {rest}").trim_end().to_owned();
    (line, pair.map(|pair| (pair, program)))
}

/// Where `name` stands in `line` as a word of its own.
fn word(line: &str, name: &str) -> Option<usize> {
    let code = line.split(" # ").next().unwrap_or(line);
    code.match_indices(name).map(|(at, _)| at).find(|&at| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        before.is_none_or(|c| c == ' ') && after.is_none_or(|c| c == ' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(command: &str) -> Entry {
        Entry { command: command.to_owned(), lines: Vec::new(), is_chinese: false }
    }

    fn script(command: &str) -> String {
        Command::new(&entry(command)).script(|name| format!("/bin/{name}"), 4123)
    }

    #[test]
    fn programs_are_told_where_their_partner_is() {
        for (shown, run) in [
            (
                "cargo run -q -p tcp-echo -- --think 1",
                "exec /bin/tcp-echo-server --addr 127.0.0.1:4123 --think 1",
            ),
            (
                "cargo run -p tcp-echo --bin tcp-echo-client  # 2",
                "exec /bin/tcp-echo-client --addr 127.0.0.1:4123 # 2",
            ),
            ("cargo run -p tcp-echo -- -a :8888", "exec /bin/tcp-echo-server -a :4123"),
            (
                "http-fetch-client localhost:8080 -o -",
                "exec /bin/http-fetch-client localhost:4123 -o -",
            ),
            (
                "printf x | remote-cmd-client | tail -1",
                "printf x | /bin/remote-cmd-client --addr 127.0.0.1:4123 | tail -1",
            ),
            (
                "printf x | cargo run -p tcp-chat --bin tcp-chat-client",
                "printf x | /bin/tcp-chat-client --addr 127.0.0.1:4123",
            ),
            (
                "cargo run -q -p udp-temp --example 1-one-question",
                "exec /bin/1-one-question 127.0.0.1:4123",
            ),
            (
                "cargo run -p remote-cmd --example 6-client -- 127.0.0.1:8000 'echo hi' | tail -1",
                "/bin/6-client 127.0.0.1:4123 'echo hi' | tail -1",
            ),
            ("cat index.html", "cat index.html"),
        ] {
            assert_eq!(script(shown), run);
        }
    }

    #[test]
    fn the_documented_port_is_the_one_said_or_the_default() {
        for (command, port) in [
            ("cargo run -p tcp-echo", Some(50000)),
            ("cargo run -p tcp-echo -- -a 8888", Some(8888)),
            ("udp-temp-client --addr 127.0.0.1:7000 25", Some(7000)),
            ("http-fetch-client localhost:8081/greeting", Some(8081)),
            ("printf 'HTTP/1.1 200 OK' | ncat -l 8081", Some(8081)),
            ("ls", None),
        ] {
            assert_eq!(Command::new(&entry(command)).documented_port(), port, "{command}");
        }
    }

    #[test]
    fn what_follows_a_prompt_is_typed() {
        let shown = Entry {
            lines: vec![">>> 你好".to_owned(), ">>> ".to_owned()],
            ..entry("tcp-echo-client")
        };
        let command = Command::new(&shown);
        let keys = |line, is_last| command.typed(line, is_last).map(|typed| typed.keys);
        assert_eq!(keys(">>> 你好", true).as_deref(), Some("你好\r"));
        assert_eq!(keys(">>> ", false).as_deref(), Some("\r"));
        assert_eq!(keys(">>> ^D", true).as_deref(), Some("\x04"));
        assert_eq!(keys("^C", true).as_deref(), Some("\x03"));
        assert_eq!(keys(">>> ", true).as_deref(), None);
        assert_eq!(keys("服务端接收到了信息 你好", false).as_deref(), None);
        assert!(command.stays());
    }
}
