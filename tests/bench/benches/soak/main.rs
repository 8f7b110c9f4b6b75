//! Whether the servers stand a long day: honest and hostile clients at once, and in the end memory,
//! threads and files must be where they were, and an honest client is served.
//!
//! ```text
//! cargo lab soak                  one minute
//! cargo lab soak --minutes 10
//! ```
//!
//! [`hostile`] is what clients do that mean harm or are broken, [`served`] a server under load, its
//! honest clients, and what it uses.

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod hostile;
#[cfg(target_os = "linux")]
mod served;
#[cfg(target_os = "linux")]
mod text;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    soak::main()
}

#[cfg(target_os = "linux")]
mod soak {
    use std::io::{self, Write as _};
    use std::process::ExitCode;
    use std::thread;
    use std::time::{Duration, Instant};

    use bench::Soak;
    use common::cli;
    use common::exit;
    use common::random::Random;
    use common::server::raise_open_files;
    use harness::pairs::{PAIRS, VARIANTS};

    use crate::hostile;
    use crate::served::Served;
    use crate::text;

    /// Clients that mean harm, for each server.
    const HOSTILE: u64 = 2;

    /// Do the servers stand honest and hostile clients, for as long as it takes?
    #[derive(Debug, clap::Parser)]
    #[command(name = "soak", bin_name = "cargo lab soak", version)]
    struct CommandLine {
        #[command(flatten)]
        arguments: Soak,
        /// `cargo bench` says so to every bench
        #[arg(long, hide = true)]
        bench: bool,
    }

    impl cli::InChinese for CommandLine {
        const CHINESE: cli::Chinese = ::bench::SOAK_CHINESE;
    }

    pub(super) fn main() -> ExitCode {
        let CommandLine { arguments, .. } = cli::parse();
        exit::run_with(exit::FAILED, || run(&arguments))
    }

    fn run(arguments: &Soak) -> anyhow::Result<ExitCode> {
        harness::say_what_is_built(|what| ::bench::text::building(what));
        // Before anybody is started: servers inherit the limit.
        raise_open_files(16_384);
        let mut served =
            PAIRS.iter().chain(&VARIANTS).map(Served::start).collect::<anyhow::Result<Vec<_>>>()?;
        let mut out = io::stdout();
        // What is used only once (buffers that are kept, threads' arenas) is used before it counts.
        load(&served, arguments, Duration::from_secs(5));
        for server in &mut served {
            server.rest();
            server.usage_before = Some(server.usage());
        }
        let time = format!("{:?}", arguments.minutes);
        writeln!(out, "{}", text::soaked(served.len(), time))?;
        load(&served, arguments, arguments.minutes);
        let mut failed = false;
        for server in &served {
            let report = server.report();
            failed |= report.failed;
            writeln!(out, "{}", report.line)?;
            for trouble in report.troubles {
                writeln!(out, "    {trouble}")?;
            }
        }
        Ok(if failed { ExitCode::from(exit::FAILED) } else { ExitCode::SUCCESS })
    }

    fn load(served: &[Served], arguments: &Soak, lasts: Duration) {
        let end = Instant::now() + lasts;
        thread::scope(|at_once| {
            for (number, server) in (0_u64..).zip(served) {
                at_once.spawn(move || {
                    while Instant::now() < end {
                        server.converse();
                    }
                });
                for client in 0..HOSTILE {
                    let stream = number * HOSTILE + client;
                    at_once.spawn(move || {
                        let mut random = Random::stream(arguments.seed, stream);
                        while Instant::now() < end {
                            hostile::attack(server.transport(), server.addr(), &mut random);
                            server.attacked();
                        }
                    });
                }
            }
        });
    }
}
