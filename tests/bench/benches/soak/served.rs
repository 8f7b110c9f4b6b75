//! A server under load: its honest clients, and what it uses.

use std::io::{self, BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use common::text::{LANG_OF_THE_LAB, lang};
use harness::Process;
use harness::pairs::{Pair, Transport};
use harness::usage::{open_files, resident, threads};

use crate::text;

/// How long a conversation may take beside hostile clients, and alone.
const CONVERSATION_LIMIT: Duration = Duration::from_secs(30);

/// How long a server may take to close what has ended: as long as it waits for a client that
/// closes slowly.
const REST: Duration = Duration::from_secs(20);

/// What an allocator may keep of what was freed, in bytes: each of its arenas some of the largest
/// messages. A leak grows with the load, and beyond this in minutes.
const KEPT: u64 = 16 << 20;

/// So many troubles are told, the others counted.
const TOLD: usize = 3;

/// A server.
pub(crate) struct Served {
    pair: &'static Pair,
    process: Process,
    addr: SocketAddr,
    honest: AtomicU64,
    hostile: AtomicU64,
    troubles: Mutex<Vec<String>>,
    pub(crate) usage_before: Option<Usage>,
}

/// What a process uses.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// In bytes.
    memory: u64,
    threads: usize,
    files: usize,
}

/// How a server stood it.
pub(crate) struct Report {
    pub(crate) line: String,
    pub(crate) troubles: Vec<String>,
    pub(crate) failed: bool,
}

impl Served {
    /// Starts the server of a pair. What it says is read and forgotten: minutes of it would fill
    /// our own memory.
    pub(crate) fn start(pair: &'static Pair) -> anyhow::Result<Served> {
        let (said, output) = io::pipe()?;
        let process = pair.server_at("127.0.0.1:0").stdout(output).stderr(Stdio::null()).start();
        let mut said = BufReader::new(said);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let addr = line
            .trim_end()
            .strip_prefix("listening on ")
            .and_then(|addr| addr.parse().ok())
            .with_context(|| text::no_address(pair.name(), format_args!("{line:?}")))?;
        thread::spawn(move || io::copy(&mut said, &mut io::sink()));
        Ok(Served {
            pair,
            process,
            addr,
            honest: AtomicU64::new(0),
            hostile: AtomicU64::new(0),
            troubles: Mutex::default(),
            usage_before: None,
        })
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn transport(&self) -> Transport {
        self.pair.transport
    }

    /// Counts one attack.
    pub(crate) fn attacked(&self) {
        self.hostile.fetch_add(1, Ordering::Relaxed);
    }

    /// One honest conversation.
    pub(crate) fn converse(&self) {
        let client = self.pair.client_to(&self.addr.to_string()).args(self.pair.says);
        let client = client.env(LANG_OF_THE_LAB, lang().code());
        // A flood of datagrams fills the kernel's buffer, and honest ones are lost as well: then
        // who asks often enough must be answered.
        let often: &[&str] = match self.pair.transport {
            Transport::Tcp => &[],
            Transport::Udp => &["--retries", "25"],
        };
        let client = self.pair.speak(client.args(often));
        let trouble = match client.ended_within(CONVERSATION_LIMIT) {
            None => Some(text::not_served_within(format_args!("{CONVERSATION_LIMIT:?}"))),
            Some(_) => {
                let exit = client.wait();
                let heard = exit.out().contains(self.pair.hears);
                (exit.code != Some(0) || !heard).then(|| {
                    let said = exit.out() + &exit.err();
                    text::client_ended(exit.code, &said)
                })
            }
        };
        self.honest.fetch_add(1, Ordering::Relaxed);
        if let Some(trouble) = trouble {
            self.troubles.lock().unwrap_or_else(PoisonError::into_inner).push(trouble);
        }
    }

    /// Waits until the server has closed what has ended: until it uses no less from one second to
    /// the next.
    pub(crate) fn rest(&self) {
        let end = Instant::now() + REST;
        let mut last = self.usage();
        while Instant::now() < end {
            thread::sleep(Duration::from_secs(1));
            let now = self.usage();
            if now.threads == last.threads && now.files == last.files {
                return;
            }
            last = now;
        }
    }

    /// What it uses now.
    pub(crate) fn usage(&self) -> Usage {
        let pid = self.process.id();
        Usage { memory: resident(pid), threads: threads(pid), files: open_files(pid) }
    }

    /// How it stood the load, which is over.
    pub(crate) fn report(&self) -> Report {
        let end = Instant::now() + REST;
        let before = self.usage_before.unwrap_or_else(|| self.usage());
        let mut now = self.usage();
        while (now.threads > before.threads || now.files > before.files) && Instant::now() < end {
            thread::sleep(Duration::from_millis(100));
            now = self.usage();
        }
        let started = Instant::now();
        self.converse();
        let served_in = started.elapsed();
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if now.threads > before.threads || now.files > before.files {
            troubles.push(text::threads_kept().to_owned());
        }
        if now.memory > before.memory + KEPT {
            troubles.push(text::memory_kept().to_owned());
        }
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let line = text::stood(
            self.pair.name(),
            self.honest.load(Ordering::Relaxed),
            self.hostile.load(Ordering::Relaxed),
            format_args!("{:.1} → {:.1}", mib(before.memory), mib(now.memory)),
            format_args!("{} → {}", before.threads, now.threads),
            format_args!("{} → {}", before.files, now.files),
            served_in.as_secs_f64() * 1000.0,
        );
        let failed = !troubles.is_empty();
        let more = troubles.len().saturating_sub(TOLD);
        troubles.truncate(TOLD);
        if more > 0 {
            troubles.push(text::more_like_these(more));
        }
        Report { line, troubles, failed }
    }
}
