//! A room in which all hear what some say: how many lines a second are delivered, and what one
//! member that does not read costs the others.

use std::process::Command;
use std::time::Duration;

use bench::{Bench, Better, Contest, Goal, Metric};

use crate::load::chat::{self, Chat, Talk, Until};
use crate::peers::{self, Missing, Peer, Ready};

const DELIVERIES: Metric = Metric { name: "deliveries/s", better: Better::Higher, digits: 0 };
const P99: Metric = Metric { name: "99 of 100 within ms", better: Better::Lower, digits: 1 };

const NCAT: &str = "ncat --chat";

const TALK: Talk = Talk { speakers: 100, ahead: 100, size: 40, echo: true };

/// What the kernel about holds for a connection whose receiver takes nothing, in bytes.
const FILL: usize = 2_000_000;

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    let many = if bench.is_quick() { 100 } else { 1000 };
    bench.hold(throughput(many)?)?;
    bench.hold(mute(many)?)?;
    let members: &[usize] = if bench.is_quick() { &[10] } else { &[10, 30, 100, 300, 1000] };
    let points = members.iter().map(|&members| Ok((u64::try_from(members)?, growth(members)?)));
    let points = points.collect::<anyhow::Result<Vec<_>>>()?;
    bench.series("Deliveries a second", "members", points)
}

fn throughput(many: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = Contest::new("100 talk, each with a line of 40 B on its way", &[DELIVERIES]);
    enter(&mut contest, &format!("{NCAT}, 100 members"), ncat(100), 100, false);
    enter(&mut contest, "room, 100 members", Ok(ours()?), 100, true);
    let name = format!("room, {many} members");
    if many > 100 {
        enter(&mut contest, &name, Ok(ours()?), many, true);
    }
    contest.goal(name, &DELIVERIES, Goal::ratio(3.0, format!("{NCAT}, 100 members")));
    Ok(contest)
}

fn growth(members: usize) -> anyhow::Result<Contest<'static>> {
    let mut contest = Contest::new(format!("{members} members"), &[DELIVERIES]);
    enter(&mut contest, "room", Ok(ours()?), members, true);
    Ok(contest)
}

fn enter(
    contest: &mut Contest<'_>,
    name: &str,
    server: Result<Peer, Missing>,
    members: usize,
    echo: bool,
) {
    contest.enter(name, server, move |server, length| {
        let mut chat = Chat::new()?;
        chat.join(server.addr(), members)?;
        let load = chat.talk(server, &Talk { echo, ..TALK }, length, Until::Time)?;
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
        contest.enter(name, Ok(ours()?), move |server, length| {
            let _mute = has_mute.then(|| chat::mute(server.addr())).transpose()?;
            let mut chat = Chat::new()?;
            chat.join(server.addr(), 1)?;
            chat.fill(FILL)?;
            chat.join(server.addr(), members - 1)?;
            let end = if has_mute { Until::Dropped } else { Until::Time };
            let load = chat.talk(server, &TALK, length.max(Duration::from_secs(2)), end)?;
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
