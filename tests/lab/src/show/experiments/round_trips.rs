//! What the handshake costs.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::show::ends::{listen, median, ms, pair_on, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "round-trips",
    idea: "one question costs less by UDP; a long conversation does not",
    rows: &["C3", "B1"],
    tutorials: &["000:128 ⚠ less delay, not more throughput", "002:60", "001:9"],
    predict: "One question and its answer by UDP takes less time than connect, question, answer and close by \
              TCP. On a connection that is already open, TCP takes less than half of what it takes with a \
              new one.",
    run,
    why: "TCP's handshake is one round trip before the first byte: nothing here, but 200 ms to the other \
          side of the earth. Its close costs segments, too. Once connected, a question and an answer are one \
          round trip by either, and for bulk TCP is the quicker one on most systems.",
    mend: "Keep connections open and use them again, as HTTP does (`Connection: keep-alive`). UDP for one \
           short question whose loss does no harm; QUIC for both.",
    lesson: "udp-temp",
    try_next: &[
        "cargo lab show nagle",
        "cargo run -q -p udp-temp --bin udp-temp-client -- 25   (with udp-temp-server running)",
    ],
};

const ROUNDS: usize = 101;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let udp = measure(by_udp()?)?;
    let tcp = measure(by_new_connections()?)?;
    let kept = measure(by_one_connection()?)?;
    report.see(format_args!(
        "UDP: {} (the middle one of {ROUNDS}, both ends in one thread)",
        ms(udp)
    ));
    report.see(format_args!("TCP, a connection for each: {}", ms(tcp)));
    report.see(format_args!("TCP, one connection for all: {}", ms(kept)));
    let times =
        |a: Duration, b: Duration| format!("{:.1} times", a.as_secs_f64() / b.as_secs_f64());
    report.holds(
        "TCP with a connection for each, as a multiple of UDP",
        "more than 1",
        times(tcp, udp),
        tcp > udp,
    );
    report.holds(
        "the same as a multiple of TCP on an open connection",
        "more than 2",
        times(tcp, kept),
        tcp > kept * 2,
    );
    Ok(())
}

fn measure(mut round: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round()?;
        times.push(start.elapsed());
    }
    Ok(median(times))
}

fn by_udp() -> anyhow::Result<impl FnMut() -> anyhow::Result<()>> {
    let (server, client) = (udp()?, udp()?);
    client.connect(server.local_addr()?)?;
    Ok(move || {
        client.send(b"25")?;
        let (_, from) = recv_from(&server, 64)?;
        server.send_to(b"77.0", from)?;
        recv_from(&client, 64)?;
        Ok(())
    })
}

fn by_new_connections() -> anyhow::Result<impl FnMut() -> anyhow::Result<()>> {
    let listener = listen()?;
    Ok(move || {
        let (mut client, mut server) = pair_on(&listener)?;
        ask(&mut client, &mut server)
    })
}

fn by_one_connection() -> anyhow::Result<impl FnMut() -> anyhow::Result<()>> {
    let (mut client, mut server) = pair_on(&listen()?)?;
    Ok(move || ask(&mut client, &mut server))
}

fn ask(client: &mut std::net::TcpStream, server: &mut std::net::TcpStream) -> anyhow::Result<()> {
    client.write_all(b"25")?;
    server.read_exact(&mut [0; 2])?;
    server.write_all(b"77.0")?;
    client.read_exact(&mut [0; 4])?;
    Ok(())
}
