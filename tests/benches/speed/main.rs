//! How fast our programs are, beside others that do the same on this machine.
//!
//! ```text
//! cargo lab bench                      every bench, some minutes
//! cargo lab bench tcp-echo --runs 9    one of them
//! cargo lab bench --quick              only whether all of it works
//! cargo lab bench --html bench.html    bars, too
//! ```
//!
//! Each bench is a module that says who takes part and what the work is. [`harness::speed`] lets them run in turn and
//! compares them, [`peers`] knows who is there, [`load`] makes servers work.

mod load;
mod machine;
mod peers;

mod build;
mod download;
mod frames;
mod idle;
mod nginx;
mod remote_cmd;
mod room;
mod start;
mod tcp_echo;
mod udp_echo;
mod udp_temp;
mod web_files;
mod web_page;

use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use common::{cli, notice, shutdown};

use harness::speed::{self as bench, self as contest, Bench};

type Hold = fn(&mut Bench) -> anyhow::Result<()>;

/// Every bench: its name, what it asks, who holds it.
const BENCHES: [(&str, &str, Hold); 12] = [
    (
        "tcp-echo",
        "How many messages a second go there and back over TCP, one at a time on each connection?",
        tcp_echo::hold,
    ),
    (
        "udp-echo",
        "How many datagrams a second come back over UDP, when so many are in flight?",
        udp_echo::hold,
    ),
    ("udp-temp", "How many temperatures a second are converted?", udp_temp::hold),
    ("remote-cmd", "How fast does the output of a command come from afar?", remote_cmd::hold),
    ("tcp-idle", "What does a connection cost on which nothing is said?", idle::hold),
    ("frames", "How fast do messages pass whose length stands in front?", frames::hold),
    ("web-page", "How many requests for a small page does a web server answer a second?", web_page::hold),
    (
        "web-files",
        "How many files does a web server send a second, and how fast is a long one?",
        web_files::hold,
    ),
    ("download", "What does it take to fetch a long file into memory?", download::hold),
    (
        "room",
        "How many lines a second does a chat room deliver, and what does a member that does not read cost the others?",
        room::hold,
    ),
    ("start", "What does a server cost before anybody has come?", start::hold),
    ("build", "How long does the first build of one demo take, in the debug profile?", build::hold),
];

/// How fast are the programs of this workspace, beside others on this machine?
#[derive(Debug, clap::Parser)]
#[command(name = "bench", bin_name = "cargo lab bench", version)]
struct Arguments {
    /// Only these benches
    #[arg(value_parser = PossibleValuesParser::new(BENCHES.map(|(name, ..)| name)))]
    names: Vec<String>,
    /// How often everybody runs; medians are compared
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// How long a run takes, where that can be chosen
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = cli::seconds)]
    seconds: Duration,
    /// Only show that everything works: one run, 50 ms, small sizes
    #[arg(long, conflicts_with_all = ["runs", "seconds"])]
    quick: bool,
    /// Write the same as a page with bars and lines, too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// `cargo bench` says so to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments: Arguments = cli::parse();
    cli::run_with(cli::FAILED, || run(&arguments))
}

fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let Some(directory) = env::var_os("LAB_DIRECTORY") {
        env::set_current_dir(directory)?;
    }
    // They are in process groups of their own, which the terminal's Ctrl+C does not reach.
    shutdown::exit_on_interrupt(peers::kill_all)?;
    let mut bench = if arguments.quick {
        Bench::quick(io::stdout())
    } else {
        Bench::new(io::stdout(), usize::try_from(arguments.runs)?, arguments.seconds)
    };
    let runs = if arguments.quick || arguments.runs == 1 {
        "one run each".to_owned()
    } else {
        format!("medians of {} interleaved runs", arguments.runs)
    };
    let taken = format!(
        "{}; {runs}. Compare ratios: figures change with the machine and what else it does.",
        machine::name()
    );
    bench.show(&format!("{taken}\n"))?;
    let chosen =
        |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|chosen| chosen == name);
    for (name, about, hold) in BENCHES.iter().filter(|(name, ..)| chosen(name)) {
        bench.begin(name, about)?;
        hold(&mut bench).with_context(|| format!("the bench {name}"))?;
    }
    let summary = bench::summary(bench.outcomes());
    bench.show(&summary)?;
    if let Some(file) = &arguments.html {
        let page = bench::page(&taken, bench.chapters());
        std::fs::write(file, page).with_context(|| format!("cannot write {}", file.display()))?;
        notice!("the page is in {}", file.display());
    }
    let failed: Vec<&str> = bench.outcomes().flat_map(bench::failures).collect();
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(io::stderr(), "error: not all could do their work: {}", failed.join(", "))?;
    Ok(ExitCode::from(cli::FAILED))
}
