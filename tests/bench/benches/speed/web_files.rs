//! Files over HTTP: small ones, where the cost is in opening them, and a long one, where it is in
//! copying.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use bench::leftovers::Folder;
use bench::{Bench, Better, Contest, Goal, Metric, Sample};

use crate::load::{self, Exchange, Reply, Watch};
use crate::nginx::{Log, Nginx};
use crate::peers::{self, Missing, Peer};

const REQUESTS: Metric = Metric { name: "requests/s", better: Better::Higher, digits: 0 };
const SPEED: Metric = Metric { name: "MB/s", better: Better::Higher, digits: 0 };
const PEAK: Metric = Metric { name: "MiB at most", better: Better::Lower, digits: 1 };

const COPIES: &str = "nginx, sendfile off";
const SENDFILE: &str = "nginx, sendfile on";
/// Ours writes a line for each request, too.
const LOGGING: &str = "nginx, sendfile off, buffered log";
const OURS: &str = "http-fetch-server";

const CONNECTIONS: usize = 64;

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    // On a disk, as files are that a server has; they have just been written, and so are in memory
    // as well.
    let folder = Folder::new().context("cannot make a folder for files")?;
    let long = long_file(bench.is_quick());
    fs::write(folder.path().join("small.txt"), [b'x'; 100])?;
    fs::write(folder.path().join("middle.bin"), vec![0; 100 * 1024])?;
    fs::write(folder.path().join("long.bin"), vec![0; long])?;
    for (name, file) in [("100 B", "small.txt"), ("100 KiB", "middle.bin")] {
        let request = format!("GET /{file} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let name = format!("{name}, {CONNECTIONS} connections, kept alive");
        bench.hold(contest(name, &[REQUESTS], folder.path(), move |server, time| {
            let what = Exchange {
                server,
                connections: CONNECTIONS,
                request: request.as_bytes(),
                reply: Reply::Http,
            };
            Ok(load::exchange(&what, time)?.sample(&REQUESTS))
        })?)?;
    }
    let name = format!("{} MiB, one connection", long >> 20);
    let mut contest =
        contest(name, &[SPEED, PEAK], folder.path(), move |server, _| download(server, long))?;
    contest.goal(OURS, &PEAK, Goal::limit(16.0));
    bench.hold(contest)
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
    run: impl Fn(&Peer, Duration) -> anyhow::Result<Sample> + Clone + 'a,
) -> anyhow::Result<Contest<'a>> {
    let mut contest = Contest::new(name, metrics);
    for (name, sendfile, log) in
        [(COPIES, false, Log::Off), (LOGGING, false, Log::Buffered), (SENDFILE, true, Log::Off)]
    {
        let run = run.clone();
        let nginx: Result<Nginx, Missing> = Nginx::files(root, sendfile, log);
        contest.enter(name, nginx, move |server, time| run(server, time));
    }
    let root = root.to_str().context("a folder with an odd name")?;
    let ours = Peer::ours(OURS, &["--root", root])?;
    contest.enter(OURS, Ok(ours), move |server, time| run(server, time));
    for metric in metrics.iter().take(1) {
        contest.goal(OURS, metric, Goal::ratio(1.0, COPIES));
        contest.goal(OURS, metric, Goal::ratio(0.8, SENDFILE));
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
                    bail!(
                        "no file, but {}",
                        buffer.get(..got.min(30)).unwrap_or_default().escape_ascii()
                    );
                }
                come += got;
            }
        }
    }
    ensure!(come > length, "{come} bytes came, of {length} and a head");
    let load = watch.stop(u64::try_from(come)?);
    let sample =
        Sample::of(&SPEED, load.per_second() / 1e6).and(&PEAK, peers::mebibytes(server.peak()));
    Ok(sample.busy(load.server, load.generator, load.wall))
}
