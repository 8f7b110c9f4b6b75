//! A room in which all hear what some say: how many lines a second are delivered, and what one
//! member that does not read costs the others.

use std::process::Command;
use std::time::{Duration, Instant};

use bench::{Bench, Better, Contest, Goal, Metric, Sample, Turn};

use crate::load::chat::{self, Chat, Talk, Until};
use crate::load::{self, latency};
use crate::memory::mebibytes;
use crate::peers::{self, Missing, Peer, Ready};

const DELIVERIES: Metric =
    Metric { name: "deliveries/s", better: Better::Higher, digits: 0, steady: false };
const P99: Metric =
    Metric { name: "99 of 100 within ms", better: Better::Lower, digits: 1, steady: false };

const EACH: Metric =
    Metric { name: "KiB a member", better: Better::Lower, digits: 1, steady: true };
const JOINED: Metric =
    Metric { name: "s until all have joined", better: Better::Lower, digits: 2, steady: false };

const ROOM: &str = "room";
const NCAT: &str = "ncat --chat";

const TALK: Talk = Talk { speakers: 100, ahead: 100, size: 40, echo: true };

/// What the kernel about holds for a connection whose receiver takes nothing, in bytes.
const FILL: usize = 2_000_000;

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    let many = if bench.is_quick() { 100 } else { 1000 };
    bench.hold(throughput(many)?)?;
    bench.hold(at_a_rate(100, 200)?)?;
    bench.hold(mute(many)?)?;
    bench.hold(memory(many)?)?;
    let members: &[usize] = if bench.is_quick() { &[10] } else { &[10, 30, 100, 300, 1000] };
    let points = members.iter().map(|&members| Ok((u64::try_from(members)?, growth(members)?)));
    let points = points.collect::<anyhow::Result<Vec<_>>>()?;
    bench.series("Deliveries a second", "members", points)
}

fn throughput(many: usize) -> anyhow::Result<Contest<'static>> {
    let contest = Contest::new("100 talk, each with a line of 40 B on its way", &[DELIVERIES]);
    let mut contest = load::pinned_if_it_swings(contest);
    enter(&mut contest, &format!("{NCAT}, 100 members"), ncat(100), 100, false);
    enter(&mut contest, "room, 100 members", Ok(ours()?), 100, true);
    let name = format!("room, {many} members");
    if many > 100 {
        enter(&mut contest, &name, Ok(ours()?), many, true);
    }
    contest.goal(name, &DELIVERIES, Goal::ratio(3.0, format!("{NCAT}, 100 members")));
    Ok(contest)
}

/// How long a line takes to each member, where there is room for all that is said.
fn at_a_rate(members: usize, a_second: u32) -> anyhow::Result<Contest<'static>> {
    let name = format!("{members} members, {a_second} lines due a second");
    let mut contest = load::pinned(Contest::new(name, &latency::ALL)).with_spreads();
    let mut enter = |name, is_there, start: fn(usize) -> anyhow::Result<Peer>, echo| {
        contest.enter(name, is_there, move |(), turn| {
            let server = start(members)?;
            let mut chat = Chat::with_witnesses(chat::ALL)?;
            chat.join(server.addr(), members)?;
            let times = chat.talk_at(&server, &Talk { echo, ..TALK }, a_second, turn)?;
            chat.hear_out()?;
            Ok(times.sample())
        });
    };
    // ncat's chat may end when somebody leaves, so that each turn has one of its own.
    enter(NCAT, peers::installed("ncat").map(drop), |members| Ok(ncat(members)?), false);
    enter(ROOM, Ok(()), |_| ours(), true);
    contest.goal(ROOM, &latency::P99, Goal::limit(2.0));
    Ok(contest)
}

/// What a member costs that says nothing, and how long it takes until all are there.
fn memory(members: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest =
        Contest::new(format!("{members} silent members"), &[EACH, JOINED]).each_alone();
    contest.enter(ROOM, Ok(()), move |(), _| {
        // One that has had members already keeps what they took, and gives it to the next.
        let server = ours()?;
        let before = server.resident();
        let started = Instant::now();
        let mut chat = Chat::new()?;
        chat.join(server.addr(), members)?;
        let joined = started.elapsed();
        #[expect(clippy::cast_precision_loss, reason = "some thousand")]
        let members = members as f64;
        let resident = mebibytes(server.resident().saturating_sub(before));
        let sample = Sample::of(&EACH, resident * 1024.0 / members);
        Ok(sample.and(&JOINED, joined.as_secs_f64()))
    });
    contest.goal(ROOM, &EACH, Goal::limit(8.0));
    Ok(contest)
}

fn growth(members: usize) -> anyhow::Result<Contest<'static>> {
    let contest = Contest::new(format!("{members} members"), &[DELIVERIES]);
    let mut contest = load::pinned_if_it_swings(contest);
    enter(&mut contest, ROOM, Ok(ours()?), members, true);
    // To copy a line once more costs next to nothing: the more hear it, the more are delivered.
    if members >= 100 {
        contest.goal(ROOM, &DELIVERIES, Goal::limit(1_000_000.0));
    }
    Ok(contest)
}

fn enter(
    contest: &mut Contest<'_>,
    name: &str,
    server: Result<Peer, Missing>,
    members: usize,
    echo: bool,
) {
    contest.enter(name, server, move |server, turn| {
        let mut chat = Chat::new()?;
        chat.join(server.addr(), members)?;
        let load = chat.talk(server, &Talk { echo, ..TALK }, turn, Until::Time)?;
        // Who leaves with something unread leaves by a reset, and ncat's chat ends when it finds
        // such a one.
        chat.hear_out()?;
        Ok(load.sample(&DELIVERIES))
    });
}

/// While the second run lasts, the buffers of the mute member fill up, and it is dropped. The
/// speakers would be held up by that, if anybody were.
fn mute(members: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest =
        Contest::new(format!("{members} members, and one that does not read"), &[P99, DELIVERIES]);
    for (name, has_mute) in [("all read", false), ("one does not", true)] {
        contest.enter(name, Ok(ours()?), move |server, turn| {
            let _mute = has_mute.then(|| chat::mute(server.addr())).transpose()?;
            let mut chat = Chat::new()?;
            chat.join(server.addr(), 1)?;
            chat.fill(FILL)?;
            chat.join(server.addr(), members - 1)?;
            let end = if has_mute { Until::Dropped } else { Until::Time };
            let turn = Turn { length: turn.length.max(Duration::from_secs(2)), ..turn };
            let load = chat.talk(server, &TALK, turn, end)?;
            let p99 = chat.p99().as_secs_f64() * 1000.0;
            Ok(load.sample(&DELIVERIES).and(&P99, p99))
        });
    }
    contest.goal("one does not", &P99, Goal::ratio(1.1, "all read"));
    Ok(contest)
}

fn ours() -> anyhow::Result<Peer> {
    Peer::ours("tcp-chat-server", &["--mode", "room"])
}

fn ncat(members: usize) -> Result<Peer, Missing> {
    let mut command = Command::new(peers::installed("ncat")?);
    command.args(["--listen", "--chat", "--max-conns", &(members + 2).to_string(), "127.0.0.1"]);
    Peer::on_port(command, Ready::Listens)
}
