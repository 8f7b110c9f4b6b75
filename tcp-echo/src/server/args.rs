//! The command line of the server.

use std::time::Duration;

use clap::Parser;
use common::addr::Addr;
use common::cli::{self, ServerOptions, TcpServerOptions};
use tcp_echo::Dialect;

use crate::text;

/// A TCP echo server that speaks the dialects of five tutorials
#[derive(Debug, Parser)]
#[command(name = "tcp-echo-server", version, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Where to listen
    #[arg(short, long, value_name = "ADDR", help_heading = cli::NETWORK, default_value = "127.0.0.1:50000")]
    pub(crate) addr: Addr,
    /// Who says what
    #[arg(long, value_enum, default_value = "repeat")]
    pub(crate) dialect: Dialect,
    /// How several clients are served
    #[arg(long, value_enum, default_value = "threads")]
    pub(crate) model: Model,
    /// Size of the receive buffer; with a small one messages fall apart
    #[arg(long, value_name = "BYTES", default_value = "65536", value_parser = read_size)]
    pub(crate) read_size: usize,
    /// Think so long before each reply
    #[arg(long, value_name = "SECONDS", value_parser = cli::seconds)]
    pub(crate) think: Option<Duration>,
    #[command(flatten)]
    pub(crate) tcp: TcpServerOptions,
    #[command(flatten)]
    pub(crate) options: ServerOptions,
}

const EXAMPLES: &str = "\
Examples:
  tcp-echo-server                           repeat what clients say, on 127.0.0.1:50000
  tcp-echo-server -a :7 --dialect raw       the echo service of RFC 862, on every interface
  tcp-echo-server --model queue             one client at a time: try a second one
  tcp-echo-server --read-size 8 --trace     watch a long message fall apart";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Model {
    /// One client after the other; the next waits (tutorials 000 and 001)
    Queue,
    /// A thread for each client (tutorials 002 and 003)
    Threads,
    /// A task for each client, on few threads (tutorial 004's coroutines)
    Tasks,
}

fn read_size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(size @ 1..=0x1_000_000) => Ok(size),
        _ => Err(text::read_size().to_owned()),
    }
}
