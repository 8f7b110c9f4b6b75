//! The command line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::bail;
use clap::builder::PossibleValuesParser;
use common::addr::Addr;
use common::exit;

use crate::own::Own;
use crate::text;

/// See the laboratory in a browser: two terminals, and the wire between them
///
/// Prints where it listens and then an address with a token; open that in a browser. Only this
/// machine can reach it. Ctrl+C ends it and all that it has started.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo lab web
  cargo lab web --addr 127.0.0.1:8888
  cargo lab web --lesson udp-temp --command 'python3 my_server.py {port}'
  cargo lab web --lesson udp-temp --side client --command 'python3 my_client.py {port}'

The command is started without a shell, in the place of the lesson's own program. In it {port}, {host} and
{addr} stand for the port, host and address to listen on (a client: to connect to), and {file} for where to
save; PORT and HOST are in its environment. The page starts nothing else but the programs of this workspace.")]
pub(crate) struct Arguments {
    /// Where to listen: a loopback address; port 0 is any free one
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    addr: Addr,
    /// What starts a program of your own, in the place of the lesson's
    #[arg(long, value_name = "COMMAND", requires = "lesson")]
    command: Option<String>,
    /// Which lesson's program that is
    #[arg(long, requires = "command", value_parser = PossibleValuesParser::new(::check::lessons()))]
    lesson: Option<String>,
    /// Which of its programs
    #[arg(long, value_name = "SIDE", value_enum, default_value = "server", requires = "command")]
    side: SideName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum SideName {
    Server,
    Client,
}

/// Where to listen, where nobody says more.
const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

impl Arguments {
    /// Where to listen.
    ///
    /// # Errors
    /// There is no such address, or others could reach it, who would run programs here.
    pub(crate) fn addrs(&self) -> anyhow::Result<Vec<SocketAddr>> {
        let addrs = self.addr.to_listen(DEFAULT_ADDR)?;
        for addr in &addrs {
            if !addr.ip().to_canonical().is_loopback() {
                bail!(text::not_loopback(addr));
            }
        }
        Ok(addrs)
    }

    /// The learner's own program, if there is one.
    pub(crate) fn own(&self) -> Option<Own> {
        let (command, lesson) = (self.command.as_ref()?, self.lesson.as_ref()?);
        let words = shell_words::split(command)
            .unwrap_or_else(|_| exit::misused(&text::quotes_open(command)));
        if words.is_empty() {
            exit::misused(text::empty_command());
        }
        let side = match self.side {
            SideName::Server => "server",
            SideName::Client => "client",
        };
        Some(Own { lesson: lesson.clone(), side, line: command.clone(), words })
    }
}
