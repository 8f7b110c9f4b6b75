//! Temperatures over UDP: what it costs to understand a datagram, beside sending it back as it is.

use bench::{Bench, Contest, Goal};

use crate::load::{self, Volley};
use crate::peers::{Missing, Peer};
use crate::udp_echo::{self, DATAGRAMS};

const ECHO: &str = "udp-echo-server";
const OURS: &str = "udp-temp-server";

const CELSIUS: &str = "36.6";
const FAHRENHEIT: &str = "转换为华氏温度为: 97.88";

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    for in_flight in [1, 8, 64] {
        let mut contest = Contest::new(format!("{in_flight} in flight"), &[DATAGRAMS]);
        let mut enter = |name: &str, server: Result<Peer, Missing>, reply: &'static str| {
            contest.enter(name, server, move |server, turn| {
                let (request, reply) = (CELSIUS.as_bytes(), reply.as_bytes());
                let what = Volley { server, in_flight, request, reply };
                Ok(load::volley(&what, turn)?.sample(&DATAGRAMS))
            });
        };
        enter(ECHO, Ok(udp_echo::ours()?), CELSIUS);
        enter(OURS, Ok(Peer::ours("udp-temp-server", &[])?), FAHRENHEIT);
        enter("Python, as in the tutorial", udp_echo::python("udp_temp.py"), FAHRENHEIT);
        contest.goal(OURS, &DATAGRAMS, Goal::ratio(0.9, ECHO));
        bench.hold(contest)?;
    }
    Ok(())
}
