//! What the client can be told on its command line.

use std::ffi::OsString;
use std::time::Duration;

use clap::Parser;
use common::addr::Addr;
use common::cli::{self, UdpClientOptions};
use common::socket::MAX_DATAGRAM;
use udp_echo::Dialect;

/// Sends datagrams to an echo server and shows its replies
#[derive(Parser)]
#[command(
    name = "udp-echo-client",
    version,
    after_help = "\
Examples:
  udp-echo-client                            greets the tutorial's three people; on a terminal, then whom you type
  udp-echo-client 你好 Tracy                 two messages
  ls | udp-echo-client --dialect raw         each line is a message
  udp-echo-client -a 192.0.2.7 --retries 0 --timeout 0.2 hi
  udp-echo-client --ping 5 --interval 0.2    round trips, loss, and the summary that ping has
  udp-echo-client --ping 0 --size 1400       long ones, until Ctrl+C

Exit status: 0 when every message was answered, 1 when one was not"
)]
pub(crate) struct Options {
    /// What to send, each in a datagram of its own; without any, the lines of standard input
    #[arg(value_name = "MESSAGE")]
    pub(crate) messages: Vec<OsString>,
    /// The server: HOST:PORT, HOST, :PORT (this machine) or PORT
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:9999", help_heading = cli::NETWORK)]
    pub(crate) addr: Addr,
    /// What the server replies
    #[arg(long, value_enum, default_value_t = Dialect::Greet)]
    pub(crate) dialect: Dialect,
    /// Send so many numbered requests, one each interval, and show the round trips; nothing is sent
    /// again; 0 goes on until Ctrl+C; Ctrl+\ shows how things stand
    #[arg(long, value_name = "COUNT", conflicts_with = "messages", value_parser = cli::whole(0..=u64::MAX), help_heading = "Ping")]
    pub(crate) ping: Option<u64>,
    /// From one ping to the next
    #[arg(long, value_name = "SECONDS", default_value = "1", requires = "ping", conflicts_with = "messages", value_parser = cli::seconds, help_heading = "Ping")]
    pub(crate) interval: Duration,
    /// Bytes of each ping, up to 65507; fewer than its number takes are not heeded
    #[arg(long, value_name = "BYTES", default_value = "0", requires = "ping", conflicts_with = "messages", value_parser = cli::whole(0..=MAX_DATAGRAM), help_heading = "Ping")]
    pub(crate) size: usize,
    #[command(flatten)]
    pub(crate) client: UdpClientOptions,
}
