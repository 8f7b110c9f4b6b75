//! Files over HTTP: small ones, where the cost is in opening them, and a long one, where it is in
//! copying.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use bench::leftovers::Folder;
use bench::{Bench, Better, Contest, Goal, Metric, Sample, Turn};

use crate::load::{self, Exchange, Reply, Watch};
use crate::memory::mebibytes;
use crate::nginx::{Log, Nginx, Setting};
use crate::peers::{Missing, Peer};
use crate::trouble;

const REQUESTS: Metric =
    Metric { name: "requests/s", better: Better::Higher, digits: 0, steady: false };
const SPEED: Metric = Metric { name: "MB/s", better: Better::Higher, digits: 0, steady: false };
const PEAK: Metric = Metric { name: "MiB at most", better: Better::Lower, digits: 1, steady: true };

const COPIES: &str = "nginx, sendfile off";
const SENDFILE: &str = "nginx, sendfile on";
/// Ours writes a line for each request, too.
const LOGGING: &str = "nginx, sendfile off, buffered log";
/// It keeps files open, and reads long ones by half a mebibyte.
const TUNED: &str = "nginx tuned, sendfile off";
/// It keeps files open.
const TUNED_SENDFILE: &str = "nginx tuned, sendfile on";
const OURS: &str = "http-fetch-server";

const CONNECTIONS: usize = 64;

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    // On a disk, as files are that a server has; they have just been written, and so are in memory
    // as well.
    let folder = Folder::new().with_context(trouble::no_folder)?;
    let long = long_file(bench.is_quick());
    fs::write(folder.path().join("small.txt"), [b'x'; 100])?;
    fs::write(folder.path().join("middle.bin"), vec![0; 100 * 1024])?;
    fs::write(folder.path().join("long.bin"), vec![0; long])?;
    for (name, file) in [("100 B", "small.txt"), ("100 KiB", "middle.bin")] {
        let mut contest = asked(format!("{name}, one file"), folder.path(), vec![get(file)])?;
        if file == "small.txt" {
            for peer in [TUNED, TUNED_SENDFILE] {
                contest.goal(OURS, &REQUESTS, Goal::ratio(0.95, peer));
            }
        }
        bench.hold(contest)?;
    }
    // One file only asks a server's memory of it.
    let (full, empty) = if bench.is_quick() { (100, 100) } else { (1_000, 10_000) };
    for (count, size, what) in [(full, 100, "files of 100 B"), (empty, 0, "empty files")] {
        let requests = many(folder.path(), count, size)?;
        let mut contest = asked(format!("{count} {what}"), folder.path(), requests)?;
        for peer in [TUNED, TUNED_SENDFILE] {
            contest.goal(OURS, &REQUESTS, Goal::ratio(0.95, peer));
        }
        bench.hold(contest)?;
    }
    let name = format!("{} MiB, one connection", long >> 20);
    let mut contest =
        contest(name, &[SPEED, PEAK], folder.path(), move |server, _| download(server, long))?;
    contest.goal(OURS, &SPEED, Goal::ratio(1.0, TUNED));
    contest.goal(OURS, &PEAK, Goal::limit(16.0));
    bench.hold(contest)
}

/// Files of `size` bytes, no two of which are the same, unless they are empty; and a request for
/// each. In folders of a hundred, as people have them.
fn many(root: &Path, count: usize, size: usize) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut requests = Vec::with_capacity(count);
    for number in 0..count {
        let folder = format!("{size}/{:03}", number / 100);
        let name = format!("{folder}/{number:06}.txt");
        if number.is_multiple_of(100) {
            fs::create_dir_all(root.join(folder))?;
        }
        let mut bytes = number.to_string().into_bytes();
        bytes.resize(size, b'x');
        fs::write(root.join(&name), bytes)?;
        requests.push(get(&name));
    }
    // Neighbours in a folder are not asked for one after the other, as they are not by people.
    // (The step has no divisor in common with either count.)
    let step = 7 * 11 * 13;
    Ok((0..count).filter_map(|index| requests.get(index * step % count).cloned()).collect())
}

fn get(file: &str) -> Vec<u8> {
    format!("GET /{file} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// Who answers how many requests for these.
fn asked(name: String, root: &Path, requests: Vec<Vec<u8>>) -> anyhow::Result<Contest<'static>> {
    let reply = if requests.len() == 1 { Reply::Http } else { Reply::HttpOfAnySize };
    let name = format!("{name}, {CONNECTIONS} connections, kept alive");
    let contest = contest(name, &[REQUESTS], root, move |server, turn| {
        let connections = CONNECTIONS;
        let what = Exchange { server, connections, requests: &requests, reply };
        Ok(load::exchange(&what, turn)?.sample(&REQUESTS))
    })?;
    Ok(load::pinned_if_it_swings(contest))
}

/// The length of a long file, in bytes.
pub(crate) fn long_file(is_quick: bool) -> usize {
    if is_quick { 16 << 20 } else { 1 << 30 }
}

/// nginx in its ways and ours, all with the files in `root`. `run` asks them.
fn contest<'a>(
    name: String,
    metrics: &[Metric],
    root: &Path,
    run: impl Fn(&Peer, Turn) -> anyhow::Result<Sample> + Clone + 'a,
) -> anyhow::Result<Contest<'a>> {
    let mut contest = Contest::new(name, metrics);
    for (name, setting, log) in [
        (COPIES, Setting::Plain, Log::Off),
        (LOGGING, Setting::Plain, Log::Buffered),
        (SENDFILE, Setting::Sendfile, Log::Off),
        (TUNED, Setting::Tuned, Log::Off),
        (TUNED_SENDFILE, Setting::TunedSendfile, Log::Off),
    ] {
        let run = run.clone();
        let nginx: Result<Nginx, Missing> = Nginx::files(root, setting, log);
        contest.enter(name, nginx, move |server, turn| run(server, turn));
    }
    let root = root.to_str().with_context(trouble::odd_folder)?;
    let ours = Peer::ours(OURS, &["--root", root])?;
    contest.enter(OURS, Ok(ours), move |server, turn| run(server, turn));
    for metric in metrics.iter().take(1) {
        contest.goal(OURS, metric, Goal::ratio(1.0, COPIES));
        contest.goal(OURS, metric, Goal::ratio(1.0, SENDFILE));
    }
    Ok(contest)
}

/// Fetches the long file once and throws it away.
fn download(server: &Peer, length: usize) -> anyhow::Result<Sample> {
    let mut stream = TcpStream::connect(server.addr())?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut buffer = vec![0; 1 << 20];
    let watch = Watch::start(server);
    stream.write_all(b"GET /long.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut come = 0;
    loop {
        match stream.read(&mut buffer)? {
            0 => break,
            got => {
                if come == 0 && !buffer.starts_with(b"HTTP/1.1 200 ") {
                    let said = buffer.get(..got.min(30)).unwrap_or_default().escape_ascii();
                    bail!(trouble::no_file(said));
                }
                come += got;
            }
        }
    }
    ensure!(come > length, trouble::no_head(come, length));
    let load = watch.stop(u64::try_from(come)?);
    let sample = Sample::of(&SPEED, load.per_second() / 1e6).and(&PEAK, mebibytes(server.peak()));
    Ok(sample.busy(load.server, load.generator, load.wall))
}
