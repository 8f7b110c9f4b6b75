//! Options that are the same in every program.

mod chinese;
mod description;
mod examples;
mod language;
mod parse;
mod usage;
mod values;
mod wrap;

pub use chinese::{Chinese, InChinese, without_chinese};
pub use parse::{parse, parse_from};
pub use values::{Idle, idle, milliseconds, or_0_for_never, percent, seconds, whole};

use std::time::Duration;

use crate::server::limits::Limits;
use crate::trace::Trace;

/// Above the options that say where, and how long to wait for it. What stands under no heading is
/// what the program does, and what all programs have.
pub const NETWORK: &str = "Network";
/// Above the options that say how much, how many, how long.
pub const LIMITS: &str = "Limits";

/// What every server takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ServerOptions {
    /// Show each socket call on standard error
    #[arg(long)]
    trace: bool,
    /// Serve one client (UDP: one datagram), then exit
    #[arg(long, help_heading = LIMITS)]
    pub once: bool,
}

impl ServerOptions {
    /// Whether to show socket calls.
    pub fn trace(&self) -> Trace {
        Trace::new(self.trace)
    }
}

/// What every TCP server takes.
#[derive(Clone, Debug, clap::Args)]
pub struct TcpServerOptions {
    /// How many clients may be connected at once
    #[arg(long, value_name = "N", default_value = "4096", help_heading = LIMITS, value_parser = whole(1..=usize::MAX))]
    pub max_clients: usize,
    /// Close a client that has been silent that long; 0 is never
    #[arg(long, value_name = "SECONDS", default_value = "300", help_heading = LIMITS, value_parser = idle)]
    pub idle_timeout: Idle,
}

impl TcpServerOptions {
    /// What no client may exceed, with `--once` or without.
    pub fn limits(&self, once: bool) -> Limits {
        Limits { max_clients: self.max_clients, idle_timeout: self.idle_timeout.0, once }
    }
}

/// What every TCP client takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ClientOptions {
    /// Show each socket call on standard error
    #[arg(long)]
    trace: bool,
    /// Limit for finding the address, for connecting, and for a reply that is owed
    #[arg(long, value_name = "SECONDS", default_value = "10", help_heading = NETWORK, value_parser = seconds)]
    pub timeout: Duration,
}

impl ClientOptions {
    /// Whether to show socket calls.
    pub fn trace(&self) -> Trace {
        Trace::new(self.trace)
    }
}

/// What every UDP client takes.
#[derive(Clone, Debug, clap::Args)]
pub struct UdpClientOptions {
    /// Show each socket call on standard error
    #[arg(long)]
    trace: bool,
    /// Limit for the reply to each try
    #[arg(id = "timeout_of_a_try", long = "timeout", value_name = "SECONDS", default_value = "1", help_heading = NETWORK, value_parser = seconds)]
    pub timeout: Duration,
    /// Further tries after the first
    #[arg(long, value_name = "N", default_value = "3", help_heading = NETWORK, value_parser = whole(0..=u32::MAX))]
    pub retries: u32,
}

impl UdpClientOptions {
    /// What all tries together may take, and finding the address before them.
    pub fn limit(&self) -> Duration {
        self.timeout.saturating_mul(self.retries.saturating_add(1))
    }

    /// Whether to show socket calls.
    pub fn trace(&self) -> Trace {
        Trace::new(self.trace)
    }
}
