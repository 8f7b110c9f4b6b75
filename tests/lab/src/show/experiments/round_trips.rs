//! What the handshake costs.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use super::text::round_trips as said;
use crate::show::ends::{listen, median, ms, pair_on, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "round-trips",
    rows: &["C3", "B1"],
    tutorials: &["000:128", "001:9", "002:60"],
    lesson: "udp-temp",
    words: &said::WORDS,
    run,
    source: source!("round_trips.rs"),
};

const ROUNDS: usize = 101;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let udp = measure(by_udp()?)?;
    let tcp = measure(by_new_connections()?)?;
    let kept = measure(by_one_connection()?)?;
    report.see(said::udp(ms(udp), ROUNDS));
    report.see(said::tcp_new(ms(tcp)));
    report.see(said::tcp_kept(ms(kept)));
    let times = |a: Duration, b: Duration| {
        said::times(format_args!("{:.1}", a.as_secs_f64() / b.as_secs_f64()))
    };
    report.answer(match tcp.as_secs_f64() / udp.as_secs_f64() {
        ratio if ratio < 0.9 => "less",
        ratio if ratio <= 1.1 => "the same",
        _ => "more",
    });
    report.holds(said::ratio(), said::over_one(), times(tcp, udp), tcp > udp);
    report.holds(said::ratio_open(), said::over_two(), times(tcp, kept), tcp > kept * 2);
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
