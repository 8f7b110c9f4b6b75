//! Runs a scene: starts its programs with `--trace`, lets happen what is to happen, and records
//! all.

use std::env;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use common::called::by_cargo;
use common::text::{Lang, lang};
use programs::Over;

use super::cast::{Part, Play, Plot, Who};
use super::order::{Row, arranged};
use super::possible;
use super::program::{Program, Said};
use super::step::queues;
use super::text;

/// How often a scene is begun anew, where another program has taken its port meanwhile, or where
/// what was recorded has no possible order.
const TRIES: usize = 3;

/// What became of a scene.
#[derive(Clone, Debug)]
pub(crate) struct Performance {
    /// How the programs were started, and what else was done, as a user would do it.
    pub(crate) commands: Vec<String>,
    pub(crate) rows: Vec<Row>,
    pub(crate) server: Said,
    pub(crate) clients: Vec<Said>,
    pub(crate) tap: Option<Said>,
    /// Where the tap listens.
    pub(crate) tap_addr: Option<SocketAddr>,
    pub(crate) was_killed: bool,
}

impl Play {
    /// Whether its programs speak TCP.
    pub(crate) fn streams(&self) -> bool {
        !self.demo.starts_with("udp")
    }

    /// Runs it, and puts what was recorded in order.
    ///
    /// # Errors
    /// A program does not start or does not end, or what it said makes no sense.
    pub(crate) fn perform(
        &self,
        find: impl Fn(&str) -> anyhow::Result<PathBuf>,
    ) -> anyhow::Result<Performance> {
        let mut result = self.perform_once(&find);
        for _ in 1..TRIES {
            if result.is_ok() {
                break;
            }
            result = self.perform_once(&find);
        }
        result
    }

    /// The same without another try.
    pub(crate) fn perform_once(
        &self,
        find: impl Fn(&str) -> anyhow::Result<PathBuf>,
    ) -> anyhow::Result<Performance> {
        let server = find(&format!("{}-server", self.demo))?;
        let client = find(&format!("{}-client", self.demo))?;
        let mut stage = Stage::open(self, &server, &find)?;
        let mut clients = Vec::new();
        let mut killed = None;
        for (number, part) in self.clients.iter().enumerate() {
            let mut remark = "";
            if number > 0 && self.plot == Plot::SecondWaits {
                stage.server.has_called("recv", 1)?;
                remark = text::when_received();
            }
            let args = stage.client_args(part);
            stage.enter(self.demo, "client", part, &args, remark);
            let mut program = Command::new(&client);
            program.args(&args);
            clients.push(Program::start(program, part.typed)?);
        }
        if let (Plot::Killed { after }, Some(client)) = (self.plot, clients.first_mut()) {
            client.has_called(after, 1)?;
            stage.server.has_called("recv", 1)?;
            killed = Some(stage.kill(after)?);
        }
        let clients =
            clients.into_iter().map(Program::wait).collect::<anyhow::Result<Vec<Said>>>()?;
        stage.close(self, clients, killed)
    }
}

/// The programs that wait for clients.
struct Stage {
    server: Program,
    tap: Option<Program>,
    tap_addr: Option<SocketAddr>,
    /// Where clients connect to.
    addr: SocketAddr,
    commands: Vec<String>,
}

impl Stage {
    fn open(
        play: &Play,
        server: &Path,
        find: impl Fn(&str) -> anyhow::Result<PathBuf>,
    ) -> anyhow::Result<Self> {
        let addr = free_addr(play.streams())?;
        let mut args = vec!["--addr".to_owned(), addr.to_string(), "--trace".to_owned()];
        args.extend(language());
        args.extend(play.server.args.iter().map(|arg| (*arg).to_owned()));
        let mut program = Command::new(server);
        program.args(&args);
        let server = Program::start(program, play.server.typed)?;
        let mut stage = Self { server, tap: None, tap_addr: None, addr, commands: Vec::new() };
        stage.enter(play.demo, "server", &play.server, &args, "");
        stage.server.listens()?;
        if let Some(options) = play.tap {
            stage.put_tap(&find("lab")?, options)?;
        }
        Ok(stage)
    }

    /// Puts a tap in front of the server.
    fn put_tap(&mut self, lab: &Path, options: &[&str]) -> anyhow::Result<()> {
        let addr = free_addr(false)?;
        let (listen, to) = (addr.to_string(), self.addr.to_string());
        let mut args = vec!["tap", "--udp", "--listen", &listen, "--to", &to];
        let language = language();
        args.extend(language.iter().map(String::as_str));
        args.extend(options);
        let mut program = Command::new(lab);
        program.args(&args);
        let mut tap = Program::start(program, None)?;
        tap.listens()?;
        let words: Vec<String> = args.iter().map(|arg| quoted(arg)).collect();
        let lab = if has_cargo() { "cargo lab" } else { "lab" };
        self.commands.push(format!("{lab} {}", words.join(" ")));
        (self.tap, self.tap_addr, self.addr) = (Some(tap), Some(addr), addr);
        Ok(())
    }

    /// First the trace, since a remote command takes all that follows it.
    fn client_args(&self, part: &Part) -> Vec<String> {
        let addr = self.addr.to_string();
        let own = part.args.iter().map(|arg| arg.replace("{addr}", &addr));
        ["--trace".to_owned()].into_iter().chain(language()).chain(own).collect()
    }

    /// How a user starts this program, and when.
    fn enter(&mut self, demo: &str, side: &str, part: &Part, args: &[String], when: &str) {
        let start = match (has_cargo(), side) {
            (true, "server") => format!("cargo run -p {demo} --"),
            (true, _) => format!("cargo run -p {demo} --bin {demo}-{side} --"),
            (false, _) => format!("{demo}-{side}"),
        };
        let typed = match part.typed {
            // cmd and PowerShell have no `printf`: there it is typed.
            Some(_) if cfg!(windows) => String::new(),
            Some(lines) => format!("printf '{}' | ", lines.replace('\n', "\\n")),
            None => String::new(),
        };
        let words: Vec<String> = args.iter().map(|arg| quoted(arg)).collect();
        let command = format!("{typed}{start} {}   {when}", words.join(" "));
        self.commands.push(command.trim_end().to_owned());
    }

    fn kill(&mut self, after: &str) -> anyhow::Result<Duration> {
        let kill = if cfg!(windows) { "taskkill /F /PID" } else { "kill -9" };
        let command = format!("{kill} {}   {}", self.server.id(), text::when_called(after));
        self.commands.push(command);
        self.server.kill()
    }

    /// Ends who still runs, and puts all in order.
    fn close(
        mut self,
        play: &Play,
        clients: Vec<Said>,
        killed: Option<Duration>,
    ) -> anyhow::Result<Performance> {
        let tap = match self.tap.take() {
            Some(mut tap) => {
                tap.stop();
                Some(tap.wait()?)
            }
            None => None,
        };
        if killed.is_none() {
            self.server.stop();
        }
        let server = self.server.wait()?;
        let queues = queues(&server, killed, &clients, tap.is_some());
        let rows = arranged(queues.clone(), play.streams())?;
        possible::check(&queues, &rows, play.streams())?;
        let (commands, tap_addr, was_killed) = (self.commands, self.tap_addr, killed.is_some());
        Ok(Performance { commands, rows, server, clients, tap, tap_addr, was_killed })
    }
}

impl Performance {
    /// The address of a client, if it had one alone.
    pub(crate) fn client_addr(&self, number: usize) -> Option<SocketAddr> {
        let calls = &self.clients.get(number)?.calls;
        let mut addrs = calls.iter().filter_map(|call| call.local);
        let first = addrs.next()?;
        addrs.all(|addr| addr == first).then_some(first)
    }

    /// Where the server listens.
    pub(crate) fn server_addr(&self) -> Option<SocketAddr> {
        self.server.calls.iter().find_map(|call| call.local)
    }

    /// The client that a step of the server is about.
    pub(crate) fn client_of(&self, link: Option<SocketAddr>) -> usize {
        let is_it = |client: &Said| client.calls.iter().any(|call| call.local == link);
        link.and_then(|_| self.clients.iter().position(is_it)).unwrap_or_default()
    }

    /// Everybody, with what each said.
    pub(crate) fn everybody(&self) -> impl Iterator<Item = (Option<Who>, &Said)> {
        let clients = self.clients.iter().enumerate();
        let clients = clients.map(|(number, said)| (Some(Who::Client(number)), said));
        [(Some(Who::Server), &self.server)]
            .into_iter()
            .chain(self.tap.iter().map(|tap| (None, tap)))
            .chain(clients)
    }
}

/// A port for a server of streams, or of datagrams.
fn free_addr(streams: bool) -> anyhow::Result<SocketAddr> {
    let found = match streams {
        true => programs::free_addr(Over::Tcp, |addr| TcpListener::bind(addr)?.local_addr()),
        false => programs::free_addr(Over::Udp, |addr| UdpSocket::bind(addr)?.local_addr()),
    };
    found.with_context(text::no_port)
}

/// The language that the tour speaks, where it is not that which programs speak by themselves.
fn language() -> Vec<String> {
    let own = lang();
    let differs = own != Lang::of_the_system();
    let option = differs.then(|| ["--lang".to_owned(), own.code().to_owned()]);
    option.into_iter().flatten().collect()
}

/// Whether programs are run by cargo: an archive of them has none.
fn has_cargo() -> bool {
    by_cargo() && env::var_os("HARNESS_PROGRAMS").is_none()
}

/// An argument as a shell takes it.
fn quoted(arg: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:".contains(letter);
    if !arg.is_empty() && arg.chars().all(plain) { arg.to_owned() } else { format!("'{arg}'") }
}
