//! A server and a client, run for real with `--trace`, and what both of them said.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};

use super::call::Call;

/// How long one conversation of the tour may take; they take a fraction of a second.
const LIMIT: Duration = Duration::from_secs(20);

/// How to run a pair. In every argument `{addr}` stands for the server's address.
pub(crate) struct Pair {
    /// The demo; the programs are `DEMO-server` and `DEMO-client`.
    pub(crate) demo: &'static str,
    pub(crate) server: &'static [&'static str],
    pub(crate) client: &'static [&'static str],
    /// What is typed at the server, and at the client.
    pub(crate) typed: [&'static str; 2],
}

/// What one program said.
pub(crate) struct Said {
    pub(crate) stdout: String,
    pub(crate) calls: Vec<Call>,
    /// What else was on standard error: notices and errors.
    pub(crate) others: Vec<String>,
}

/// What the conversation came to.
pub(crate) struct Conversation {
    pub(crate) server: Said,
    pub(crate) client: Said,
    /// The client's exit status.
    pub(crate) status: Option<i32>,
}

impl Pair {
    /// How a user starts the server.
    pub(crate) fn server_command(&self) -> String {
        let options = self.server.iter().map(|arg| quoted(arg));
        let command = format!("cargo run -p {}", self.demo);
        [command]
            .into_iter()
            .chain((!self.server.is_empty()).then(|| "--".to_owned()))
            .chain(options)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// How a user starts the client.
    pub(crate) fn client_command(&self) -> String {
        // The address is the one that the server has said, which for a user is the default.
        let args = self.client.iter().filter(|arg| !matches!(**arg, "--addr" | "{addr}"));
        let args: Vec<String> =
            args.map(|arg| quoted(&arg.replace("{addr}", "localhost:8080"))).collect();
        let command = format!("cargo run -p {0} --bin {0}-client", self.demo);
        let typed = match self.typed[1] {
            "" => String::new(),
            typed => format!("printf '{}' | ", typed.replace('\n', "\\n")),
        };
        match args.is_empty() {
            true => format!("{typed}{command}"),
            false => format!("{typed}{command} -- {}", args.join(" ")),
        }
    }

    /// Starts the server, then the client, waits for the client's end and ends the server.
    pub(crate) fn run(
        &self,
        find: impl Fn(&str) -> anyhow::Result<std::path::PathBuf>,
    ) -> anyhow::Result<Conversation> {
        let server_path = find(&format!("{}-server", self.demo))?;
        let client_path = find(&format!("{}-client", self.demo))?;
        let mut args = vec!["--addr", "127.0.0.1:0", "--trace"];
        args.extend(self.server);
        let mut server = Program::start(&server_path, args.iter().copied(), self.typed[0])?;
        let addr = server.listening()?;
        let args: Vec<String> =
            self.client.iter().map(|arg| arg.replace("{addr}", &addr)).collect();
        // First, since a remote command takes all that follows it.
        let args = ["--trace"].into_iter().chain(args.iter().map(String::as_str));
        let client = Program::start(&client_path, args, self.typed[1])?;
        let (client, status) = client.wait()?;
        server.stop();
        let (server, _) = server.wait()?;
        Ok(Conversation { server, client, status: status.code() })
    }
}

/// One running program, killed when it is dropped.
struct Program {
    name: String,
    child: Child,
    _stdin: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Program {
    fn start<'a>(
        path: &Path,
        args: impl Iterator<Item = &'a str>,
        typed: &str,
    ) -> anyhow::Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut child = Command::new(path)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let stdout = lines_of(child.stdout.take().context("no standard output")?)?;
        let stderr = lines_of(child.stderr.take().context("no standard error")?)?;
        let mut stdin = child.stdin.take();
        if let Some(stdin) = &mut stdin {
            // A program that has ended already does not read; its own words say why.
            let _ = stdin.write_all(typed.as_bytes());
        }
        // Kept open for a server: the end of its input would end its part of a chat.
        let stdin = stdin.filter(|_| name.ends_with("-server"));
        Ok(Self { name, child, _stdin: stdin, stdout, stderr })
    }

    /// The address in a server's first line.
    fn listening(&mut self) -> anyhow::Result<String> {
        let Ok(line) = self.stdout.recv_timeout(LIMIT) else {
            let said: Vec<String> = self.stderr.try_iter().collect();
            bail!("{} does not listen: {}", self.name, said.join("; "));
        };
        let addr = line.strip_prefix("listening on ").map(str::to_owned);
        addr.with_context(|| format!("{} said '{line}'", self.name))
    }

    /// Asks a server to end, if it has not done so.
    fn stop(&mut self) {
        #[cfg(unix)]
        {
            use nix::sys::signal::{Signal, kill};
            use nix::unistd::Pid;

            if let Ok(pid) = i32::try_from(self.child.id()) {
                // It is ours and not waited for yet, so the number is still its own.
                let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
            }
        }
        #[cfg(not(unix))]
        let _ = self.child.kill();
    }

    /// Everything that it says until its end.
    fn wait(mut self) -> anyhow::Result<(Said, ExitStatus)> {
        let deadline = Instant::now() + LIMIT;
        let stdout = self.rest(deadline, |program| &program.stdout)?;
        let stderr = self.rest(deadline, |program| &program.stderr)?;
        let status = self.child.wait().with_context(|| format!("cannot wait for {}", self.name))?;
        let mut said = Said { stdout: stdout.join("\n"), calls: Vec::new(), others: Vec::new() };
        for line in stderr {
            match Call::parse(&line) {
                Some(call) => said.calls.push(call),
                // The ruler beneath a framed call.
                None if line.starts_with(' ') => {}
                None => said.others.push(line),
            }
        }
        Ok((said, status))
    }

    fn rest(
        &mut self,
        deadline: Instant,
        pipe: impl Fn(&Self) -> &Receiver<String>,
    ) -> anyhow::Result<Vec<String>> {
        let mut lines = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match pipe(self).recv_timeout(left) {
                Ok(line) => lines.push(line),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return Ok(lines),
                Err(_) => {
                    return Err(anyhow!(
                        "{} has not ended within {} s",
                        self.name,
                        LIMIT.as_secs()
                    ));
                }
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An argument as a shell takes it.
fn quoted(arg: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:{}".contains(letter);
    if arg.chars().all(plain) { arg.to_owned() } else { format!("'{arg}'") }
}

/// The lines of a pipe, as they come.
fn lines_of(pipe: impl Read + Send + 'static) -> anyhow::Result<Receiver<String>> {
    let (line, lines) = channel();
    let read = move || {
        let mut pipe = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while pipe.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&bytes);
            if line.send(text.trim_end_matches(['\n', '\r']).to_owned()).is_err() {
                return;
            }
            bytes.clear();
        }
    };
    thread::Builder::new().spawn(read).context("cannot start a thread")?;
    Ok(lines)
}
