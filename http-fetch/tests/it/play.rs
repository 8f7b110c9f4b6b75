//! The client in a directory of its own, and a server that the test plays line by line.
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use harness::peer::{self, Listener};
use harness::{Exit, Process, Program};
use tempfile::TempDir;

/// A stage for one test.
pub(crate) struct Play {
    pub(crate) dir: TempDir,
    pub(crate) server: Listener,
}

impl Play {
    pub(crate) fn new() -> Self {
        Play { dir: tempfile::tempdir().unwrap(), server: peer::listen() }
    }

    /// `http://127.0.0.1:PORT` and then `path`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.addr())
    }

    /// The client, to be started in the directory. The first argument is the path of the URL.
    pub(crate) fn program(&self, path: &str, args: &[&str]) -> Program {
        let program = Program::new(env!("CARGO_BIN_EXE_http-fetch-client")).dir(self.dir.path());
        program.arg(self.url(path)).args(args)
    }

    /// The client, started in the directory.
    pub(crate) fn client(&self, path: &str, args: &[&str]) -> Process {
        self.program(path, args).start()
    }

    /// Takes the next connection and its request, sends `answer` and closes. Gives the request.
    #[track_caller]
    pub(crate) fn answer(&self, answer: impl AsRef<[u8]>) -> String {
        let mut stream = self.server.accept();
        let request = peer::recv_until(&mut stream, "\r\n\r\n");
        // A client that dislikes what it reads may be gone before all is sent.
        let _ = stream.write_all(answer.as_ref());
        String::from_utf8(request).unwrap()
    }

    /// Runs the client against these answers, one connection each. Gives how it ended, and the
    /// requests.
    #[track_caller]
    pub(crate) fn fetch(
        &self,
        path: &str,
        args: &[&str],
        answers: &[&[u8]],
    ) -> (Exit, Vec<String>) {
        let client = self.client(path, args);
        let requests = answers.iter().map(|answer| self.answer(answer)).collect();
        (client.wait(), requests)
    }

    /// Runs the client against one answer.
    #[track_caller]
    pub(crate) fn fetch_once(&self, answer: impl AsRef<[u8]>) -> Exit {
        self.fetch("/page", &[], &[answer.as_ref()]).0
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What a file holds, as text.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    /// The names of all files in the directory.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The last line of standard error, which must be the error.
#[track_caller]
pub(crate) fn error(exit: &Exit) -> String {
    let err = exit.err();
    let line = err.lines().last().unwrap_or_default().to_owned();
    assert!(line.starts_with("error: "), "no error: {err}");
    assert_eq!(err.matches("error: ").count(), 1, "{err}");
    line
}
