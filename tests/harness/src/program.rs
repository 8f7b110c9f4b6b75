//! A program that is to be started: path, arguments, surroundings.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What to start, and how. End with [`start`](Program::start), or give it to a
/// [`Terminal`](crate::Terminal) or [`Server::of`](crate::Server::of).
#[derive(Debug)]
pub struct Program {
    pub(crate) path: PathBuf,
    pub(crate) args: Vec<OsString>,
    /// `None` takes the variable away.
    pub(crate) env: Vec<(OsString, Option<OsString>)>,
    pub(crate) dir: Option<PathBuf>,
    pub(crate) stdin: Option<Stdio>,
    pub(crate) stdout: Option<Stdio>,
    pub(crate) stderr: Option<Stdio>,
    /// How many bytes of each are kept.
    pub(crate) most_output: usize,
}

/// What tells a program which language to speak, whatever else does (`man 7 locale`).
const LOCALE: &str = "LC_ALL";

/// By this one the laboratory tells its programs which language it was asked for.
const LANG_OF_THE_LAB: &str = "LAB_LANG";

/// By these variables programs find a proxy.
const PROXIES: [&str; 8] = [
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "SSL_CERT_FILE",
];

/// What the machine of the tests is behind, and who runs them, is none of their business.
fn undisturbed() -> impl Iterator<Item = (OsString, Option<OsString>)> {
    PROXIES.iter().chain([&LANG_OF_THE_LAB]).map(|name| (OsString::from(name), None))
}

impl Program {
    /// The program at `path`: in a test `env!("CARGO_BIN_EXE_tcp-echo-server")`. It speaks English,
    /// whatever the language of this machine is.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Program {
            path: path.as_ref().to_owned(),
            args: Vec::new(),
            env: undisturbed().chain([(LOCALE.into(), Some("C".into()))]).collect(),
            dir: None,
            stdin: None,
            stdout: None,
            stderr: None,
            most_output: usize::MAX,
        }
    }

    /// The program at `path` with `--addr`: where to listen, or what to connect to.
    pub fn at(path: impl AsRef<Path>, addr: impl ToString) -> Self {
        Program::new(path.as_ref()).args(["--addr", &addr.to_string()])
    }

    /// Adds one argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Has another program start it, which finds path and arguments behind its own: `nice`,
    /// `timeout 5`, a shell.
    ///
    /// # Panics
    ///
    /// When `starter` is empty.
    pub fn under(mut self, starter: &[&str]) -> Self {
        let own = std::mem::replace(&mut self.path, starter[0].into());
        let args = starter[1..].iter().map(OsString::from).chain([own.into()]);
        self.args.splice(0..0, args);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), Some(value.as_ref().to_owned())));
        self
    }

    /// Keeps so many bytes of what it writes on standard output, and so many of standard error: of
    /// more the beginning and the end. What is not kept is read all the same.
    pub fn keeping_output(mut self, most: usize) -> Self {
        self.most_output = most;
        self
    }

    /// Takes an environment variable away.
    pub fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), None));
        self
    }

    /// Has it speak Chinese, as on the machine of somebody who does.
    pub fn in_chinese(self) -> Self {
        self.in_locale("zh_CN.UTF-8")
    }

    /// Has it speak the language of this locale. By `LANG`: of another variable bash complains if
    /// the system has no such locale.
    pub fn in_locale(self, name: &str) -> Self {
        self.without_env(LOCALE).without_env("LC_MESSAGES").env("LANG", name)
    }

    /// Has it speak what this machine's user speaks: for a program that is not of this workspace.
    pub fn in_the_users_language(mut self) -> Self {
        self.env.retain(|(name, _)| name != LOCALE);
        self
    }

    /// Sets the working directory.
    pub fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.dir = Some(dir.as_ref().to_owned());
        self
    }

    /// Gives it another standard input than the pipe that [`Process::write`](crate::Process::write)
    /// feeds.
    pub fn stdin(mut self, stdin: impl Into<Stdio>) -> Self {
        self.stdin = Some(stdin.into());
        self
    }

    /// Sends standard output elsewhere; it is not collected then.
    pub fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.stdout = Some(stdout.into());
        self
    }

    /// Sends standard error elsewhere; it is not collected then.
    pub fn stderr(mut self, stderr: impl Into<Stdio>) -> Self {
        self.stderr = Some(stderr.into());
        self
    }

    /// The command line as a person would type it, near enough.
    pub(crate) fn command_line(&self) -> String {
        let mut line = self.path.display().to_string();
        for arg in &self.args {
            let arg = arg.to_string_lossy();
            let plain = !arg.is_empty()
                && !arg.contains(|c: char| c.is_whitespace() || "'\"\\$&;|<>*".contains(c));
            let _ = if plain { write!(line, " {arg}") } else { write!(line, " {arg:?}") };
        }
        line
    }
}
