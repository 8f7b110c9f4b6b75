//! The command line of the client.

use clap::Parser;
use common::addr::Addr;
use common::cli::{ClientOptions, NETWORK};
use tcp_echo::Dialect;

/// A TCP echo client that speaks the dialects of five tutorials
#[derive(Debug, Parser)]
#[command(name = "tcp-echo-client", version, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// What to say; without it, each line of standard input is a message
    #[arg(value_name = "MESSAGE")]
    pub(crate) messages: Vec<String>,
    /// The server
    #[arg(short, long, value_name = "ADDR", help_heading = NETWORK, default_value = "127.0.0.1:50000")]
    pub(crate) addr: Addr,
    /// Who says what; the server must have the same
    #[arg(long, value_enum, default_value = "repeat")]
    pub(crate) dialect: Dialect,
    /// Send everything without waiting for replies: see messages stick together
    #[arg(long)]
    pub(crate) burst: bool,
    #[command(flatten)]
    pub(crate) options: ClientOptions,
}

const EXAMPLES: &str = "\
Examples:
  tcp-echo-client                             type messages; `exit` or Ctrl+D ends
  tcp-echo-client 你好 exit                   say one thing and leave
  tcp-echo-client --burst one two three       how many replies are there?
  tcp-echo-client --dialect raw <in >out      every byte there and back";
