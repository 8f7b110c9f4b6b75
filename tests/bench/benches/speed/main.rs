//! How fast our programs are, beside others that do the same on this machine.
//!
//! ```text
//! cargo lab bench                      every bench, some minutes
//! cargo lab bench tcp-echo --runs 9    one of them
//! cargo lab bench --quick              only whether all of it works
//! cargo lab bench --html bench.html    bars, too
//! ```
//!
//! Each bench is a module that says who takes part and what the work is. [`bench`] lets them run in
//! turn and compares them, [`peers`] knows who is there, [`load`] makes servers work.
//!
//! They are for Unix: who is measured runs in a process group, and the processor time of both is
//! read with `getrusage`.

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod load;
#[cfg(unix)]
mod machine;
#[cfg(unix)]
mod memory;
#[cfg(unix)]
mod peers;

#[cfg(unix)]
mod build;
#[cfg(unix)]
mod download;
#[cfg(unix)]
mod frames;
#[cfg(unix)]
mod idle;
#[cfg(unix)]
mod iperf;
#[cfg(unix)]
mod nginx;
#[cfg(unix)]
mod remote_cmd;
#[cfg(unix)]
mod room;
#[cfg(unix)]
mod start;
#[cfg(unix)]
mod tcp_echo;
#[cfg(unix)]
mod trouble;
#[cfg(unix)]
mod udp_echo;
#[cfg(unix)]
mod udp_temp;
#[cfg(unix)]
mod web_files;
#[cfg(unix)]
mod web_page;

#[cfg(unix)]
use std::io::{self, Write as _};
#[cfg(unix)]
use std::process::ExitCode;

#[cfg(unix)]
use anyhow::Context as _;
#[cfg(unix)]
use common::server::raise_open_files;
#[cfg(unix)]
use common::text::list;
#[cfg(unix)]
use common::{cli, exit, notice, signals};

#[cfg(unix)]
use bench::{Arguments, Bench, Name, leftovers, text};

/// How fast are the programs of this workspace, beside others on this machine?
#[cfg(unix)]
#[derive(Debug, clap::Parser)]
#[command(name = "bench", bin_name = "cargo lab bench", version)]
struct CommandLine {
    #[command(flatten)]
    arguments: Arguments,
    /// `cargo bench` says so to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

#[cfg(unix)]
impl cli::InChinese for CommandLine {
    const CHINESE: cli::Chinese = cli::Chinese {
        about: "这个工作区的程序，跟这台机器上别的程序比，有多快？",
        ..::bench::CHINESE
    };
}

#[cfg(unix)]
fn main() -> ExitCode {
    let CommandLine { arguments, .. } = cli::parse();
    exit::run_with(exit::FAILED, || run(&arguments))
}

#[cfg(unix)]
fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    harness::say_what_is_built(|what| text::building(what));
    // The peers are in process groups of their own, which the terminal's Ctrl+C does not reach.
    signals::exit_on_interrupt(leftovers::clear)?;
    // Before anybody is started: servers inherit the limit.
    raise_open_files(idle::CLIENTS);
    let mut bench = if arguments.quick {
        Bench::quick(io::stdout())
    } else {
        Bench::new(io::stdout(), usize::try_from(arguments.runs)?, arguments.seconds)
    };
    let runs = if arguments.quick || arguments.runs == 1 {
        text::one_run_each().to_owned()
    } else {
        text::medians(arguments.runs)
    };
    let names: Vec<Name> = arguments.benches().collect();
    let peers = machine::peers(&names);
    let made_by = if peers.is_empty() {
        text::made_by(command_line())
    } else {
        text::made_beside(command_line(), list(peers))
    };
    let taken = format!("{}\n{made_by}", text::taken(machine::name(), runs));
    bench.show(&format!("{taken}\n"))?;
    for name in names {
        bench.begin(name)?;
        hold(name, &mut bench).with_context(|| text::the_bench(name.title().0))?;
    }
    let summary = ::bench::summary(bench.outcomes());
    bench.show(&summary)?;
    if let Some(file) = &arguments.html {
        let page = ::bench::page(&taken, bench.chapters());
        std::fs::write(file, page).with_context(|| text::cannot_write(file.display()))?;
        notice!("{}", text::page_is_in(file.display()));
    }
    let failed: Vec<&str> = bench.outcomes().flat_map(::bench::failures).collect();
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(io::stderr(), "error: {}", text::not_all_could(list(failed)))?;
    Ok(ExitCode::from(exit::FAILED))
}

/// What was typed, but for where the page goes.
#[cfg(unix)]
fn command_line() -> String {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut line = "cargo lab bench".to_owned();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--html" | "--lang" => drop(words.next()),
            word if word.starts_with("--html=") || word.starts_with("--lang=") => {}
            word => line.extend([" ", word]),
        }
    }
    line
}

#[cfg(unix)]
fn hold(name: Name, bench: &mut Bench) -> anyhow::Result<()> {
    match name {
        Name::TcpEcho => tcp_echo::hold(bench),
        Name::UdpEcho => udp_echo::hold(bench),
        Name::UdpTemp => udp_temp::hold(bench),
        Name::RemoteCmd => remote_cmd::hold(bench),
        Name::TcpIdle => idle::hold(bench),
        Name::Frames => frames::hold(bench),
        Name::WebPage => web_page::hold(bench),
        Name::WebFiles => web_files::hold(bench),
        Name::Download => download::hold(bench),
        Name::Room => room::hold(bench),
        Name::Start => start::hold(bench),
        Name::Build => build::hold(bench),
    }
}
