//! A command that prints a gigabyte, run from afar: in the clear beside iperf3, which moves bytes
//! and does nothing else, and enciphered beside ssh.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use bench::leftovers::{self, Folder, Group};
use bench::{Bench, Better, Contest, Goal, Metric, Sample};
use common::error_text::cause;
use common::text::{LANG_OF_THE_LAB, how_it_ended, lang};

use crate::iperf;
use crate::memory;
use crate::peers::{self, Missing, Peer, Ready};
use crate::trouble;

const THROUGHPUT: Metric =
    Metric { name: "GB/s", better: Better::Higher, digits: 2, steady: false };
/// With its command and all else that it has started.
const CPU: Metric =
    Metric { name: "server's s of processor", better: Better::Lower, digits: 2, steady: false };
const SERVER: Metric =
    Metric { name: "server's MiB", better: Better::Lower, digits: 1, steady: true };
const CLIENT: Metric =
    Metric { name: "client's MiB", better: Better::Lower, digits: 1, steady: true };

const IPERF: &str = "iperf3";
const SSH: &str = "ssh";
const PLAIN: &str = "remote-cmd";
const KEYED: &str = "remote-cmd with a key";

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    let bytes: u64 = if bench.is_quick() { 16 << 20 } else { 1 << 30 };
    // It writes a mebibyte at a time, so that it is in nobody's way; `head` writes 4 KiB at a time,
    // as most programs do.
    let dd = format!("dd if=/dev/zero bs=1M count={} 2>/dev/null", bytes >> 20);
    let head = format!("head -c {bytes} /dev/zero");
    let directory = Folder::new()?;
    let keyed = Session::ours(Some(directory.path()))?;
    let mut contest = Contest::new("1 GiB of output", &[THROUGHPUT, CPU, SERVER, CLIENT]);
    contest.enter(IPERF, iperf::serve(), move |server, _| iperf_sends(server, bytes));
    for (name, session, command) in [
        (PLAIN, Ok(Session::ours(None)?), &dd),
        ("remote-cmd, of `head`", Ok(Session::ours(None)?), &head),
        (KEYED, Ok(keyed), &dd),
        (SSH, Session::ssh(), &dd),
    ] {
        contest.enter(name, session, move |session, _| session.prints(command, bytes));
    }
    contest.goal(PLAIN, &THROUGHPUT, Goal::ratio(0.8, IPERF));
    contest.goal(KEYED, &THROUGHPUT, Goal::ratio(1.0, SSH));
    for name in [PLAIN, KEYED] {
        contest.goal(name, &SERVER, Goal::limit(16.0));
        contest.goal(name, &CLIENT, Goal::limit(16.0));
    }
    bench.hold(contest)
}

/// A server, and how to have a command run by it.
struct Session {
    server: Peer,
    client: Box<dyn Fn(&str) -> Command>,
    /// Keys and settings.
    _files: Option<Folder>,
}

impl Session {
    /// Ours; with a key in `directory`, if there is one.
    fn ours(directory: Option<&Path>) -> anyhow::Result<Self> {
        let key = directory.map(|directory| directory.join("key"));
        if let Some(key) = &key {
            fs::write(key, format!("{}\n", "5a".repeat(32)))?;
            fs::set_permissions(key, Permissions::from_mode(0o600))?;
        }
        let key = key.map(|key| key.display().to_string());
        let option: Vec<&str> = key.iter().flat_map(|key| ["--key-file", key]).collect();
        let server = Peer::ours("remote-cmd-server", &option)?;
        let program = harness::find_binary("remote-cmd-client").map_err(anyhow::Error::msg)?;
        let addr = server.addr().to_string();
        let client = move |line: &str| {
            let mut client = Command::new(&program);
            client.args(["--addr", &addr]).env(LANG_OF_THE_LAB, lang().code());
            client.args(key.iter().flat_map(|key| ["--key-file", key])).arg(line);
            client
        };
        Ok(Session { server, client: Box::new(client), _files: None })
    }

    /// OpenSSH's, with keys of its own and its default cipher.
    fn ssh() -> Result<Self, Missing> {
        let [sshd, ssh, keygen] = ["sshd", "ssh", "ssh-keygen"].map(peers::installed);
        let (sshd, ssh, keygen) = (sshd?, ssh?, keygen?);
        let files =
            Folder::new().map_err(|error| Missing(bench::text::no_folder(cause(&error))))?;
        let path = |name: &str| files.path().join(name).display().to_string();
        for name in ["host", "user"] {
            let made = Command::new(&keygen)
                .args(["-q", "-t", "ed25519", "-N", "", "-f", &path(name)])
                .status();
            if !made.is_ok_and(|status| status.success()) {
                return Err(Missing(bench::text::no_key().to_owned()));
            }
        }
        let addr = peers::free_port()?;
        let is_root = fs::metadata(files.path()).is_ok_and(|folder| folder.uid() == 0);
        let mut command = with_its_folder(&sshd, is_root);
        command.args(["-D", "-e", "-f", "/dev/null"]);
        for option in [
            format!("ListenAddress={addr}"),
            format!("HostKey={}", path("host")),
            format!("AuthorizedKeysFile={}", path("user.pub")),
            "PidFile=none".to_owned(),
            "StrictModes=no".to_owned(),
            "UsePAM=no".to_owned(),
        ] {
            command.args(["-o", &option]);
        }
        let server = Peer::start(command, &Ready::Listens(addr))?;
        let user = path("user");
        let client = move |line: &str| {
            let mut client = Command::new(&ssh);
            client.args(["-F", "/dev/null", "-q", "-i", &user, "-p", &addr.port().to_string()]);
            for option in
                ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"]
            {
                client.args(["-o", option]);
            }
            client.arg(addr.ip().to_string()).arg(line);
            client
        };
        Ok(Session { server, client: Box::new(client), _files: Some(files) })
    }

    /// The output goes nowhere, so that it is not a reader's speed that is measured.
    fn prints(&self, command: &str, bytes: u64) -> anyhow::Result<Sample> {
        // Whether all of it comes is asked first, and not measured.
        let short = leftovers::output(&mut (self.client)("head -c 100000 /dev/zero"))?;
        if short.stdout.len() != 100_000 {
            let why = String::from_utf8_lossy(&short.stderr);
            bail!(trouble::part_came(short.stdout.len(), why.trim()));
        }
        let mut command = (self.client)(command);
        let before = self.server.cpu();
        let started = Instant::now();
        let (mut client, _group) =
            Group::spawn(command.stdin(Stdio::null()).stdout(Stdio::null()))?;
        let mut peak = 0;
        let status = loop {
            peak = peak.max(memory::peak(client.id()));
            match client.try_wait()? {
                Some(status) => break status,
                None => thread::sleep(Duration::from_millis(1)),
            }
        };
        let took = started.elapsed();
        if !status.success() {
            bail!(trouble::client_ended(how_it_ended(status)));
        }
        let server = memory::mebibytes(self.server.peak());
        let sample = throughput(bytes, took).and(&SERVER, server);
        let sample = sample.and(&CLIENT, memory::mebibytes(peak));
        let cpu = self.server.cpu().zip(before).map(|(now, then)| now.saturating_sub(then));
        Ok(cpu.iter().fold(sample, |sample, cpu| sample.and(&CPU, cpu.as_secs_f64())))
    }
}

/// sshd as root wants `/run/sshd`, which only its installation as a service makes: where it is
/// missing, it gets a `/run` of its own, which nobody else sees (unshare(1)).
fn with_its_folder(sshd: &Path, is_root: bool) -> Command {
    if !is_root || Path::new("/run/sshd").is_dir() || !cfg!(target_os = "linux") {
        return Command::new(sshd);
    }
    let mut command = Command::new("unshare");
    let script = "mount -t tmpfs none /run && mkdir -m 755 /run/sshd && exec \"$0\" \"$@\"";
    command.args(["--mount", "sh", "-c", script]).arg(sshd);
    command
}

fn throughput(bytes: u64, took: Duration) -> Sample {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let bytes = bytes as f64;
    Sample::of(&THROUGHPUT, bytes / 1e9 / took.as_secs_f64().max(f64::EPSILON))
}

fn iperf_sends(server: &Peer, bytes: u64) -> anyhow::Result<Sample> {
    let rate = iperf::send(server, &["--bytes", &bytes.to_string()])?;
    Ok(Sample::of(&THROUGHPUT, rate / 1e9))
}
