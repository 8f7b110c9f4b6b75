//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::ensure;
use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ServerOptions, TcpServerOptions};
use common::encoding::Encoding;
use common::exit;
use remote_cmd::{DEFAULT_ADDR, Framing};

use crate::run::Limits;
use crate::text;

/// How long a command may run in the tutorial's framings, whose clients cannot interrupt it.
const TUTORIAL_TIME: Duration = Duration::from_secs(60);

/// How much a command may print in the tutorial's framings, whose answers are held in memory, in
/// bytes.
const TUTORIAL_OUTPUT: u64 = 16 << 20;

/// Runs the commands that clients send, and sends what they print.
#[derive(Parser)]
#[command(
    name = "remote-cmd-server",
    version,
    after_help = "\
Examples:
  remote-cmd-server                                listen on 127.0.0.1:8000
  remote-cmd-server --new-key key                  write a new key; copy it to the clients
  remote-cmd-server --key-file key -a :8000        serve other computers, too, that have the key
  remote-cmd-server --allow date --allow uptime    these two programs, and no shell
  remote-cmd-server --framing prefix --encoding gbk
                                                   serve the tutorial's second client, which reads GBK"
)]
pub(crate) struct Options {
    /// Address to listen on; without a key one of this computer's own, 127.0.0.1 or ::1
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:8000", help_heading = cli::NETWORK)]
    addr: Addr,
    /// How answers are told apart
    #[arg(long, value_enum, default_value = "stream")]
    pub(crate) framing: Framing,
    /// Encoding of the output that clients get
    #[arg(long, value_enum, default_value = "utf-8")]
    pub(crate) encoding: Encoding,
    /// Serve only clients that hold the key in this file, and encrypt everything
    #[arg(long, value_name = "FILE", help_heading = "Access")]
    pub(crate) key_file: Option<PathBuf>,
    /// Write a new key to this file, and exit
    #[arg(long, value_name = "FILE", exclusive = true, help_heading = "Access")]
    pub(crate) new_key: Option<PathBuf>,
    /// End the commands that standard input tells of, when it ends: this program's own business
    #[arg(long, hide = true, exclusive = true)]
    pub(crate) end_commands: bool,
    /// Run only this program, without a shell; may be given several times
    #[arg(long, value_name = "PROGRAM", help_heading = "Access")]
    pub(crate) allow: Vec<String>,
    /// Kill a command that runs longer; 0 is never [default: 0, in the tutorial's framings 60]
    #[arg(long, value_name = "SECONDS", value_parser = time_limit, help_heading = cli::LIMITS)]
    run_timeout: Option<Limit<Duration>>,
    /// Kill a command that prints more; 0 is no limit [default: 0, in the tutorial's framings
    /// 16777216]
    #[arg(long, value_name = "BYTES", value_parser = output_limit, help_heading = cli::LIMITS)]
    max_output: Option<Limit<u64>>,
    #[command(flatten)]
    pub(crate) tcp: TcpServerOptions,
    #[command(flatten)]
    pub(crate) server: ServerOptions,
}

/// A limit that an option gives; `None` is no limit.
#[derive(Clone, Copy, Debug)]
struct Limit<T>(Option<T>);

fn time_limit(text: &str) -> Result<Limit<Duration>, String> {
    match text.parse::<f64>() {
        Ok(0.0) => Ok(Limit(None)),
        _ => cli::seconds(text).map(|limit| Limit(Some(limit))).map_err(cli::or_0_for_never),
    }
}

fn output_limit(text: &str) -> Result<Limit<u64>, String> {
    let bytes = cli::whole(0..=u64::MAX)(text)?;
    Ok(Limit((bytes > 0).then_some(bytes)))
}

impl Options {
    /// What a command may take.
    pub(crate) fn limits(&self) -> Limits {
        let is_tutorial = self.framing != Framing::Stream;
        let time = self.run_timeout.unwrap_or(Limit(is_tutorial.then_some(TUTORIAL_TIME)));
        let output = self.max_output.unwrap_or(Limit(is_tutorial.then_some(TUTORIAL_OUTPUT)));
        Limits { time: time.0, output: output.0 }
    }

    /// Where to listen.
    ///
    /// # Errors
    /// There is no such address; or others could reach it, who would run commands as the user who
    /// started the server. Only a key tells who they are.
    pub(crate) fn addrs(&self) -> anyhow::Result<Vec<SocketAddr>> {
        let addrs = self.addr.to_listen(DEFAULT_ADDR)?;
        let framing_has_keys = self.framing == Framing::Stream;
        if self.key_file.is_some() && !framing_has_keys {
            exit::misused(text::only_stream_has_keys());
        }
        for addr in addrs.iter().filter(|addr| !addr.ip().to_canonical().is_loopback()) {
            ensure!(
                self.key_file.is_some(),
                text::not_without_key(addr, if framing_has_keys { text::how_to_key() } else { "" })
            );
        }
        Ok(addrs)
    }
}
