//! Runs what a session of blocks shows, every command on a terminal of its own.

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Scope, ScopedJoinHandle, scope};
use std::time::Duration;

use super::command::{Command, Kind};
use super::markdown::{Block, Entry};
use super::ports::Ports;
use super::same::{by_way, is_trace, normal, number, same, without_key};
use harness::{Program, Signal, Terminal, binary, example, patience, peer};

/// The screen: nothing that a document shows is wider or longer.
const COLUMNS: u16 = 240;
const ROWS: u16 = 150;

/// How long to wait for the rest once something differs: whatever comes then is only to be
/// reported.
const IMPATIENCE: Duration = Duration::from_secs(1);

/// Runs the blocks in `folder`: the first one's server, and the others as its clients. Gives those
/// that did not come out as they are shown, with the lines that were seen.
pub(super) fn session(blocks: &[Block], folder: &Path) -> Vec<(Block, Vec<String>)> {
    let entries: Vec<Vec<Entry>> = blocks.iter().map(Block::entries).collect();
    let commands: Vec<Command<'_>> = entries.iter().flatten().map(Command::new).collect();
    let known = commands.iter().filter_map(Command::documented_port).collect();
    let stage = Stage { folder, known, differs: AtomicBool::new(false) };

    let seen = scope(|scope| {
        let mut ports = Ports::default();
        let mut commands = commands.into_iter();
        let mut running = Vec::new();
        for (block, entries) in blocks.iter().zip(&entries) {
            if block.is_marked("alone") {
                ports.forget();
            }
            running.extend(
                commands
                    .by_ref()
                    .take(entries.len())
                    .map(|command| stage.start(scope, command, block.first(), &mut ports)),
            );
        }
        // Nobody may leave before all have seen what they are to see.
        let played: Vec<Played<'_>> = running.into_iter().map(Running::wait).collect();
        let somebody_stays = played.iter().any(|played| played.command.stays());
        played.into_iter().map(|played| played.seen(&stage, !somebody_stays)).collect::<Vec<_>>()
    });

    let mut seen = seen.into_iter();
    let results = blocks.iter().zip(&entries);
    let results = results.map(|(block, entries)| {
        (block, entries, seen.by_ref().take(entries.len()).collect::<Vec<_>>())
    });
    results
        .filter_map(|(block, entries, seen)| Some((block.clone(), as_seen(entries, &seen)?)))
        .collect()
}

/// The lines of a block with what was seen in it, if that is not what it shows.
fn as_seen(entries: &[Entry], seen: &[Option<Vec<String>>]) -> Option<Vec<String>> {
    seen.iter().any(Option::is_some).then(|| {
        let lines = entries.iter().zip(seen).flat_map(|(entry, seen)| {
            let lines = seen.as_ref().unwrap_or(&entry.lines);
            std::iter::once(format!("$ {}", entry.command)).chain(lines.iter().cloned())
        });
        lines.collect()
    })
}

/// What the commands of a session have in common.
struct Stage<'a> {
    folder: &'a Path,
    /// The ports that the documents say.
    known: Vec<u16>,
    /// Set when something was not as it is shown.
    differs: AtomicBool,
}

impl<'a> Stage<'a> {
    /// Starts a command, and lets one that ends by itself end.
    fn start<'s>(
        &'s self,
        scope: &'s Scope<'s, '_>,
        command: Command<'a>,
        first: usize,
        ports: &mut Ports,
    ) -> Running<'s, 'a>
    where
        'a: 's,
    {
        let documented = command.documented_port();
        match command.kind {
            Kind::Answer => {
                let listener = ports.listener(documented);
                let ports = ports.clone();
                Running::Going(scope.spawn(move || self.answer(command, &listener, ports)))
            }
            Kind::Server => {
                let terminal = self.terminal(&command, 0);
                // The trace of `bind` shows what was asked for.
                if let Some(shown) = documented {
                    ports.take(shown, 0);
                    ports.take(shown, port_of(&terminal));
                }
                let ports = ports.clone();
                Running::Going(scope.spawn(move || self.play(command, terminal, ports)))
            }
            Kind::Request => {
                let port = documented.map_or(0, |shown| ports.of(shown));
                Running::Done(self.request(command, port, ports.clone()))
            }
            Kind::Other => {
                let port = documented.map_or(0, |shown| ports.of(shown));
                let terminal = self.terminal(&command, port);
                let ports = ports.clone();
                if !command.stays() {
                    return Running::Done(self.play(command, terminal, ports));
                }
                self.wait(&terminal, |screen| {
                    self.begins_as_shown(&command, first, screen, &ports)
                });
                Running::Going(scope.spawn(move || self.play(command, terminal, ports)))
            }
        }
    }

    fn terminal(&self, command: &Command<'_>, port: u16) -> Terminal {
        let path = |name: &str| if command.is_example { example(name) } else { binary(name) };
        let script = command.script(|name| path(name).display().to_string(), port);
        let shell = Program::new("/bin/sh").args(["-c", &script]).dir(self.folder);
        // No system has a locale of that name: only our programs speak Chinese, and what else runs
        // says the same on every machine.
        let shell = if command.entry.is_chinese { shell.in_locale("zh") } else { shell };
        Terminal::start(shell, COLUMNS, ROWS)
    }

    /// Types what is typed, each line when all before it has been seen, and waits for the rest.
    fn play<'s>(&self, command: Command<'s>, terminal: Terminal, ports: Ports) -> Played<'s> {
        let lines = &command.entry.lines;
        for (at, line) in lines.iter().enumerate() {
            let Some(typed) = command.typed(line, at + 1 == lines.len()) else { continue };
            self.wait(&terminal, |screen| {
                let last = screen.trim_end().lines().next_back().unwrap_or_default();
                (typed.prompt.is_empty() || last.trim_end() == typed.prompt)
                    && self.is_as_shown(&command, &lines[..at], screen, &ports)
            });
            terminal.keys(typed.keys);
        }
        self.wait(&terminal, |screen| self.is_as_shown(&command, lines, screen, &ports));
        if command.ends() {
            // Its screen may be as shown before it is complete.
            terminal.wait_screen_within(self.patience(), |_| false);
        }
        let screen = terminal.screen();
        Played { command, terminal: Some(terminal), screen, ports }
    }

    /// What `ncat -l` does with a client: it shows the request, and sends what was made for it.
    fn answer<'s>(
        &self,
        command: Command<'s>,
        listener: &peer::Listener,
        ports: Ports,
    ) -> Played<'s> {
        let answer = command.bytes_by_hand();
        let mut stream = listener.accept();
        let request = peer::recv_until(&mut stream, "\r\n\r\n");
        // A client that dislikes what it reads may be gone before all is sent.
        let _ = stream.write_all(&answer);
        // What nobody wants to see is not shown.
        let wanted = !command.entry.lines.is_empty();
        let screen =
            if wanted { String::from_utf8_lossy(&request).into_owned() } else { String::new() };
        Played { command, terminal: None, screen, ports }
    }

    /// What `nc` does with a server: it sends what was made for it, and shows the answer.
    fn request<'s>(&self, command: Command<'s>, port: u16, ports: Ports) -> Played<'s> {
        let mut stream = peer::connect(("127.0.0.1", port));
        stream.set_read_timeout(Some(patience())).expect("a read timeout");
        peer::send(&mut stream, command.bytes_by_hand());
        let answer = peer::recv_to_end(&mut stream);
        Played {
            command,
            terminal: None,
            screen: String::from_utf8_lossy(&answer).into_owned(),
            ports,
        }
    }

    fn wait(&self, terminal: &Terminal, shown: impl Fn(&str) -> bool) {
        let (_, as_shown) = terminal.wait_screen_within(self.patience(), shown);
        if !as_shown {
            self.differs.store(true, Ordering::Relaxed);
        }
    }

    fn patience(&self) -> Duration {
        if self.differs.load(Ordering::Relaxed) { IMPATIENCE } else { patience() }
    }

    fn begins_as_shown(
        &self,
        command: &Command<'_>,
        first: usize,
        screen: &str,
        ports: &Ports,
    ) -> bool {
        let beginning: Vec<&str> = screen.lines().take(first).collect();
        self.is_as_shown(command, &command.entry.lines[..first], &beginning.join("\n"), ports)
    }

    fn is_as_shown(
        &self,
        command: &Command<'_>,
        lines: &[String],
        screen: &str,
        ports: &Ports,
    ) -> bool {
        let seen = seen_lines(screen, command, ports);
        let normal = |lines: &[String]| match command.kind == Kind::Server
            || lines.iter().any(|line| is_trace(line))
        {
            true => normal(&by_way(lines), &self.known),
            false => normal(lines, &self.known),
        };
        same(&normal(tidy(lines, command)), &normal(&seen))
    }
}

/// The port that a server says that it listens on.
fn port_of(terminal: &Terminal) -> u16 {
    let screen =
        terminal.wait_screen(|screen| screen.lines().any(|line| line.starts_with("listening on ")));
    let line = screen.lines().find(|line| line.starts_with("listening on ")).unwrap_or_default();
    let port = line.rsplit_once(':').and_then(|(_, port)| number(port));
    port.unwrap_or_else(|| panic!("a server says `listening on ADDR`, this one {line:?}")).0
}

/// The lines of a screen, with the documented ports.
fn seen_lines(screen: &str, command: &Command<'_>, ports: &Ports) -> Vec<String> {
    let lines: Vec<String> = screen.lines().map(|line| ports.documented(line.trim_end())).collect();
    tidy(&lines, command).to_vec()
}

/// The lines without what is empty at their end, be it a line or a prompt.
fn tidy<'l>(lines: &'l [String], command: &Command<'_>) -> &'l [String] {
    let is_empty = |line: &String| {
        let line = without_key(line);
        line.is_empty() || command.prompt() == Some(line)
    };
    let end = lines.iter().rposition(|line| !is_empty(line)).map_or(0, |last| last + 1);
    &lines[..end]
}

enum Running<'s, 'a> {
    Done(Played<'a>),
    Going(ScopedJoinHandle<'s, Played<'a>>),
}

impl<'a> Running<'_, 'a> {
    fn wait(self) -> Played<'a> {
        match self {
            Running::Done(played) => played,
            Running::Going(thread) => {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
        }
    }
}

/// A command after its part.
struct Played<'a> {
    command: Command<'a>,
    /// Held, so that a program that goes on is not ended before all are done.
    terminal: Option<Terminal>,
    screen: String,
    ports: Ports,
}

impl Played<'_> {
    /// What was seen, if it is not what is shown. `last` says that nobody is left who speaks to a
    /// server: it is ended then, to see whether it had more to say.
    fn seen(self, stage: &Stage<'_>, last: bool) -> Option<Vec<String>> {
        let shown = &self.command.entry.lines;
        if !stage.is_as_shown(&self.command, shown, &self.screen, &self.ports) {
            return Some(self.document(&self.screen));
        }
        let terminal =
            self.terminal.as_ref().filter(|_| last && self.command.kind == Kind::Server)?;
        terminal.signal(Signal::SIGTERM);
        terminal.wait();
        // How the end is traced is not shown.
        let mut screen: Vec<_> = terminal.screen().lines().map(str::to_owned).collect();
        while screen.last().is_some_and(|line| is_trace(line)) {
            if stage.is_as_shown(&self.command, shown, &screen.join("\n"), &self.ports) {
                return None;
            }
            screen.pop();
        }
        let screen = screen.join("\n");
        (!stage.is_as_shown(&self.command, shown, &screen, &self.ports))
            .then(|| self.document(&screen))
    }

    /// What is seen as the document would show it.
    fn document(&self, screen: &str) -> Vec<String> {
        let lines = &self.command.entry.lines;
        let end = &lines[tidy(lines, &self.command).len()..];
        [&seen_lines(screen, &self.command, &self.ports), end].concat()
    }
}
