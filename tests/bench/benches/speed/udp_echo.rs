//! Echo over UDP: two calls for each datagram, as everybody writes it, and one call for as many as
//! are there.

use std::process::Command;

use bench::{Bench, Better, Contest, Goal, Metric, Sample};

use crate::load::{self, Load, Volley, latency};
use crate::peers::{self, Missing, Peer, Ready};

pub(crate) const DATAGRAMS: Metric =
    Metric { name: "datagrams/s", better: Better::Higher, digits: 0, steady: false };
const MEGABYTES: Metric = Metric { name: "MB/s", better: Better::Higher, digits: 2, steady: false };

const C: &str = "C recvmmsg, sendmmsg";
const C_PLAIN: &str = "C recvfrom, sendto";
const OURS: &str = "ours";
const PYTHON: &str = "Python, as in the tutorials";
/// The others print nothing.
const UNHEARD: &str = "ours, its lines unread";

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    for in_flight in [1, 8, 64] {
        bench.hold(contest(in_flight)?)?;
    }
    for a_second in [1_000, bench.rate(20_000)] {
        bench.hold(at_a_rate(a_second)?)?;
    }
    let windows = if bench.is_quick() { &[1, 64][..] } else { &[1, 8, 64, 512] };
    let windows = windows.iter().map(|&in_flight| {
        let mut contest = Contest::new(format!("{in_flight} in flight, 64 B"), &[DATAGRAMS]);
        enter_few(&mut contest, in_flight, 64, |load, _| load.sample(&DATAGRAMS))?;
        contest.goal(UNHEARD, &DATAGRAMS, Goal::ratio(0.9, C_PLAIN));
        Ok((in_flight as u64, contest))
    });
    let windows = windows.collect::<anyhow::Result<Vec<_>>>()?;
    bench.series("64 B, more and more in flight", "in flight", windows)?;

    let sizes = if bench.is_quick() { &[1, 65_507][..] } else { &[1, 64, 512, 1472, 8192, 65_507] };
    let sizes = sizes.iter().map(|&size| {
        // Of the longest the kernel holds no more than two for a socket.
        let mut contest = Contest::new(format!("2 in flight, {size} B"), &[MEGABYTES]);
        enter_few(&mut contest, 2, size, |load, size| {
            let megabytes = load.per_second() * size as f64 / 1e6;
            Sample::of(&MEGABYTES, megabytes).busy(load.server, load.generator, load.wall)
        })?;
        if size > 8192 {
            contest.goal(UNHEARD, &MEGABYTES, Goal::ratio(0.8, C_PLAIN));
        }
        Ok((size as u64, contest))
    });
    let sizes = sizes.collect::<anyhow::Result<Vec<_>>>()?;
    bench.series("2 in flight, longer and longer", "bytes", sizes)
}

fn contest(in_flight: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = Contest::new(format!("{in_flight} in flight, 64 B"), &[DATAGRAMS]);
    enter_few(&mut contest, in_flight, 64, |load, _| load.sample(&DATAGRAMS))?;
    let mut enter = |name: &str, server| {
        enter(&mut contest, name, server, in_flight, 64, |load, _| load.sample(&DATAGRAMS));
    };
    enter(PYTHON, python("udp_echo.py"));
    enter("socat", socat());
    if in_flight == 1 {
        // Through its pipe to `cat` several datagrams would come back as one.
        enter("ncat", ncat());
        // No slower: what two runs of one program differ by is no difference.
        contest.goal(UNHEARD, &DATAGRAMS, Goal::ratio(0.95, C_PLAIN));
    } else {
        // Plain code in the lesson may cost a tenth.
        contest.goal(UNHEARD, &DATAGRAMS, Goal::ratio(0.9, C));
    }
    if in_flight == 64 {
        contest.goal(OURS, &DATAGRAMS, Goal::ratio(1.1, C_PLAIN));
        contest.goal(UNHEARD, &DATAGRAMS, Goal::ratio(1.15, C_PLAIN));
    }
    Ok(contest)
}

/// How long an echo takes: one at a time, nearly, and where the server is at work all the time.
fn at_a_rate(a_second: u32) -> anyhow::Result<Contest<'static>> {
    let name = format!("64 B, {a_second} due a second");
    let mut contest = load::pinned(Contest::new(name, &latency::ALL)).with_spreads();
    let mut enter = |name: &str, server: Result<Peer, Missing>| {
        contest.enter(name, server, move |server: &mut Peer, turn| {
            Ok(load::datagrams_at_a_rate(server, a_second, turn)?.sample())
        });
    };
    enter(C_PLAIN, c("udp_plain"));
    enter(OURS, Ok(ours()?));
    enter(UNHEARD, Ok(unheard()?));
    enter(PYTHON, python("udp_echo.py"));
    if a_second <= 1_000 {
        contest.goal(OURS, &latency::P50, Goal::ratio(1.15, C_PLAIN));
    }
    for name in [OURS, UNHEARD] {
        contest.goal(name, &latency::P99, Goal::ratio(1.5, C_PLAIN));
    }
    Ok(contest)
}

fn enter_few(
    contest: &mut Contest<'static>,
    in_flight: usize,
    size: usize,
    sample: fn(&Load, usize) -> Sample,
) -> anyhow::Result<()> {
    enter(contest, C, c("udp_mmsg"), in_flight, size, sample);
    enter(contest, C_PLAIN, c("udp_plain"), in_flight, size, sample);
    enter(contest, OURS, Ok(ours()?), in_flight, size, sample);
    enter(contest, UNHEARD, Ok(unheard()?), in_flight, size, sample);
    Ok(())
}

fn enter(
    contest: &mut Contest<'static>,
    name: &str,
    server: Result<Peer, Missing>,
    in_flight: usize,
    size: usize,
    sample: fn(&Load, usize) -> Sample,
) {
    let message = vec![b'x'; size];
    contest.enter(name, server, move |server, turn| {
        let what = Volley { server, in_flight, request: &message, reply: &message };
        Ok(sample(&load::volley(&what, turn)?, size))
    });
}

pub(crate) fn ours() -> anyhow::Result<Peer> {
    Peer::ours("udp-echo-server", &["--dialect", "raw"])
}

fn unheard() -> anyhow::Result<Peer> {
    Peer::unheard("udp-echo-server", &["--dialect", "raw"])
}

fn c(name: &str) -> Result<Peer, Missing> {
    Peer::on_port(Command::new(peers::c(name)?), Ready::Runs)
}

pub(crate) fn python(file: &str) -> Result<Peer, Missing> {
    Peer::on_port(peers::python(file, None)?, Ready::Runs)
}

fn socat() -> Result<Peer, Missing> {
    let mut command = Command::new(peers::installed("socat")?);
    let addr = peers::free_port()?;
    // A child for each datagram: one for each client would lose the borders of datagrams in its
    // pipe.
    command.args(["-b", "65536"]);
    command.arg(format!("UDP4-RECVFROM:{},bind=127.0.0.1,fork", addr.port()));
    command.arg("PIPE");
    Peer::start(command, &Ready::Runs(addr))
}

fn ncat() -> Result<Peer, Missing> {
    let mut command = Command::new(peers::installed("ncat")?);
    command.args(["--udp", "--listen", "--keep-open", "--exec", "/bin/cat", "127.0.0.1"]);
    Peer::on_port(command, Ready::Runs)
}
