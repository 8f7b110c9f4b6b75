//! Who takes part: which programs, and with which command lines.

use std::env;
use std::ffi::OsStr;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;
use check::{Transport, free_addr};
use common::text::lang;
use common::trace::tells_states;
use lab::tap::Side;
use serde_json::{Value, json};

use crate::lessons::{COMMANDS, Chosen, Lesson, Whose, find};
use crate::own::Own;
use crate::text;

/// The programs of a pair.
pub(super) struct Cast {
    pub(super) lesson: &'static Lesson,
    pub(super) chosen: Chosen,
    own: Option<Own>,
    /// Where the learner's program may save something.
    file: PathBuf,
}

pub(super) fn name(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Server => "server",
    }
}

pub(super) fn side(value: &Value) -> Option<Side> {
    match value.as_str()? {
        "client" => Some(Side::Client),
        "server" => Some(Side::Server),
        _ => None,
    }
}

impl Cast {
    /// Reads an order.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn read(order: &Value) -> anyhow::Result<Self> {
        let lesson = order["lesson"].as_str().and_then(find).context(text::no_order())?;
        let chosen = lesson.read(&order["options"]).ok().context(text::no_order())?;
        let file = env::temp_dir().join(format!("lab-web-{}", std::process::id()));
        Ok(Self { lesson, chosen, own: Own::read(&order["own"]), file })
    }

    /// The first event.
    pub(super) fn json(&self) -> Value {
        json!({
            "lesson": self.lesson.name,
            "udp": self.lesson.udp,
            "framed": self.lesson.is_framed(),
            "options": self.chosen.json(),
            "own": self.own.as_ref().map(|own| own.side),
            "states": tells_states(),
        })
    }

    /// Whether the learner's program stands there.
    pub(super) fn is_own(&self, side: Side) -> bool {
        self.own.as_ref().is_some_and(|own| own.side == name(side))
    }

    /// Whose calls nobody tells.
    pub(super) fn silent(&self) -> Option<Side> {
        [Side::Client, Side::Server].into_iter().find(|side| self.is_own(*side))
    }

    /// What the program is called.
    pub(super) fn name(&self, side: Side) -> String {
        match &self.own {
            Some(own) if self.is_own(side) => own.line.clone(),
            _ => format!("{}-{}", self.lesson.name, name(side)),
        }
    }

    /// Where the server is to listen: any port, where it says which it is.
    ///
    /// # Errors
    /// No port is free.
    pub(super) fn server_addr(&self) -> anyhow::Result<SocketAddr> {
        if !self.is_own(Side::Server) {
            return Ok((Ipv4Addr::LOCALHOST, 0).into());
        }
        Ok(free_addr(if self.lesson.udp { Transport::Udp } else { Transport::Tcp })?)
    }

    /// What starts a program, and the same as a line.
    ///
    /// # Errors
    /// It cannot be built.
    pub(super) fn command(
        &self,
        side: Side,
        addr: SocketAddr,
    ) -> anyhow::Result<(Command, String)> {
        let (program, arguments) = match &self.own {
            Some(own) if self.is_own(side) => {
                let mut words = own.filled(addr, &self.file).into_iter();
                (PathBuf::from(words.next().unwrap_or_default()), words.collect())
            }
            _ => {
                let path = harness::find_binary(&self.name(side)).map_err(lab::not_built)?;
                (path, self.arguments(side, addr))
            }
        };
        let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let line = shell_words::join(std::iter::once(&name).chain(&arguments));
        let mut command = Command::new(program);
        command.args(arguments);
        // The programs are on this machine, whatever proxy leads to others.
        command.env("no_proxy", "127.0.0.1").env("NO_PROXY", "127.0.0.1");
        if self.is_own(side) {
            command.env("PORT", addr.port().to_string()).env("HOST", addr.ip().to_string());
            // Python keeps what it prints into a pipe until it ends.
            command.env("PYTHONUNBUFFERED", OsStr::new("1"));
        }
        Ok((command, line))
    }

    fn arguments(&self, side: Side, addr: SocketAddr) -> Vec<String> {
        let mut arguments = ["--trace", "--lang", lang().code()].map(str::to_owned).to_vec();
        let whose = if side == Side::Client { Whose::Client } else { Whose::Server };
        let fetches = self.lesson.name == "http-fetch" && side == Side::Client;
        if fetches {
            arguments.push(format!("http://{addr}{}", self.chosen.text("path")));
            if !self.chosen.is_set("head") {
                arguments.extend(["--output", "-"].map(str::to_owned));
            }
        } else {
            arguments.extend(["--addr".to_owned(), addr.to_string()]);
        }
        arguments.extend(self.chosen.arguments(self.lesson, whose));
        if self.lesson.name == "remote-cmd" && side == Side::Server {
            // No shell, and nothing that changes anything, whoever may have got the token.
            for command in COMMANDS.iter().filter(|command| is_there(command)) {
                arguments.extend(["--allow".to_owned(), (*command).to_owned()]);
            }
        }
        let words = self.chosen.words(self.lesson);
        if side == Side::Client && !words.is_empty() {
            arguments.push("--".to_owned());
            arguments.extend(words);
        }
        arguments
    }
}

impl Drop for Cast {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Whether a program of this name is in `PATH`.
fn is_there(name: &str) -> bool {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&file).is_file()))
}

/// Where a server says that it listens.
pub(super) fn listening(printed: &[u8]) -> Option<SocketAddr> {
    let text = String::from_utf8_lossy(printed);
    // Only a whole line has the whole port.
    let mut lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    lines.find_map(|line| line.trim_end().strip_prefix("listening on ")?.parse().ok())
}

/// Whether somebody has this port already.
pub(super) fn is_taken(addr: SocketAddr, udp: bool) -> bool {
    let bound = match udp {
        true => UdpSocket::bind(addr).map(drop),
        false => TcpListener::bind(addr).map(drop),
    };
    bound.is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(order: &Value, side: Side) -> String {
        let cast = Cast::read(order).unwrap();
        cast.arguments(side, "127.0.0.1:5".parse().unwrap()).join(" ")
    }

    #[test]
    fn what_was_chosen_stands_on_the_command_line() {
        let order =
            json!({ "lesson": "udp-temp", "options": { "messages": "-40 --trace", "retries": 1 } });
        let client = arguments(&order, Side::Client);
        assert_eq!(client, "--trace --lang en --addr 127.0.0.1:5 --retries 1 -- -40 --trace");
        let order = json!({ "lesson": "http-fetch", "options": { "path": "/x" } });
        assert_eq!(
            arguments(&order, Side::Client),
            "--trace --lang en http://127.0.0.1:5/x --output -"
        );
        assert_eq!(arguments(&order, Side::Server), "--trace --lang en --addr 127.0.0.1:5");
    }

    #[test]
    fn commands_from_afar_are_run_without_a_shell() {
        let order = json!({ "lesson": "remote-cmd" });
        let server = arguments(&order, Side::Server);
        assert!(server.contains(" --allow whoami"), "{server}");
        for shell in ["sh", "bash", "cmd", "powershell", "env", "cat"] {
            assert!(!server.split(' ').any(|word| word == shell), "{server}");
        }
    }

    #[test]
    fn a_server_listens_where_its_whole_line_says() {
        assert_eq!(listening(b"listening on 127.0.0.1:50"), None);
        let addr = "127.0.0.1:5000".parse().ok();
        assert_eq!(listening(b"x\nlistening on 127.0.0.1:5000\n"), addr);
    }

    #[test]
    fn a_port_is_taken_while_somebody_has_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(is_taken(listener.local_addr().unwrap(), false));
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        assert!(is_taken(socket.local_addr().unwrap(), true));
    }
}
