//! The command line of the server.

use std::path::PathBuf;

use clap::Parser;
use common::addr::Addr;
use common::cli::{self, Idle, ServerOptions};

const EXAMPLES: &str = "\
Examples:
  http-fetch-server                      the welcome page on http://127.0.0.1:8080/
  http-fetch-server --root .             the files of this directory
  http-fetch-server -a :8000 --root .    the same, for everybody who can reach this machine
  http-fetch-server -a :8000 --root . --qr
                                         with a code that a telephone reads
  http-fetch-server --trace --once       one client, with each of its socket calls";

/// A web server that a browser can visit
#[derive(Parser)]
#[command(name = "http-fetch-server", version, after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Where to listen
    #[arg(short, long, value_name = "ADDR", default_value = "127.0.0.1:8080", help_heading = cli::NETWORK)]
    pub(crate) addr: Addr,
    /// Serve the files below this directory in place of the welcome page
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// Draw the URL for other machines as a code for a telephone
    #[arg(long, help_heading = cli::NETWORK)]
    pub(crate) qr: bool,
    #[command(flatten)]
    pub(crate) server: ServerOptions,
    /// How many clients may be connected at once
    #[arg(long, value_name = "N", default_value = "4096", value_parser = cli::whole(1..=usize::MAX), help_heading = cli::LIMITS)]
    pub(crate) max_clients: usize,
    /// Close a client that is silent between two requests, takes longer for a whole head, or takes
    /// nothing of its answer that long; 0 is never [default: 10, 10 and 60]
    #[arg(long, value_name = "SECONDS", value_parser = cli::idle, help_heading = cli::LIMITS)]
    pub(crate) idle_timeout: Option<Idle>,
}
