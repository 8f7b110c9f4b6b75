//! A receiver that is too slow: TCP waits for it, UDP does not.

use std::io::{Read as _, Write as _};
use std::net::UdpSocket;
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::text::overflow as said;
use crate::show::ends::{SILENCE, listen, ms, pair_on, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::kernel::udp_drops;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "overflow",
    rows: &["A6", "B7", "C2"],
    tutorials: &["000:126", "001:7", "002:20", "002:34"],
    lesson: "udp-echo",
    words: &said::WORDS,
    run,
    source: source!("overflow.rs"),
};

const MESSAGES: u32 = 20_000;
const SIZE: usize = 204;
/// TCP's buffers here: with the usual ones all of the messages would fit into them.
const SMALL: usize = 1 << 16;
/// How late the reader is. Its thread may have begun before the sender's clock.
const LATE: Duration = Duration::from_millis(50);

/// A number, and filling.
fn message(n: u32) -> [u8; SIZE] {
    let mut message = [0; SIZE];
    for (to, from) in message.iter_mut().zip(n.to_be_bytes()) {
        *to = from;
    }
    message
}

fn number(message: &[u8]) -> Option<u32> {
    message.first_chunk().copied().map(u32::from_be_bytes)
}

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (receiver, sender) = (udp()?, udp()?);
    sender.connect(receiver.local_addr()?)?;
    let mut sent = 0;
    for n in 0..MESSAGES {
        sent += usize::from(sender.send(&message(n)).is_ok());
    }
    report.check(said::succeeded(), 20_000, sent);
    let got = drain(&receiver);
    report.answer(match (sent == 20_000, got.len() == 20_000) {
        (true, false) => "lost",
        (true, true) => "kept",
        (false, _) => "refused",
    });
    report.holds(said::arrived(), said::few(), got.len(), got.len() < 10_000);
    if let Some(dropped) = udp_drops(receiver.local_addr()?.port()) {
        report.see(said::dropped(dropped));
    }
    report.check(said::first(), 0, got.first().copied().unwrap_or(MESSAGES));
    report.check(said::in_order(), true, got.is_sorted());

    let listener = listen()?;
    SockRef::from(&listener).set_recv_buffer_size(SMALL)?;
    let (mut client, mut server) = pair_on(&listener)?;
    SockRef::from(&client).set_send_buffer_size(SMALL)?;
    let reader = thread::spawn(move || {
        // It is late, so that the sender has to wait for it.
        thread::sleep(LATE);
        let (mut next, mut bytes) = (0, [0; SIZE]);
        while server.read_exact(&mut bytes).is_ok() && number(&bytes) == Some(next) {
            next += 1;
        }
        next
    });
    let start = Instant::now();
    for n in 0..MESSAGES {
        client.write_all(&message(n))?;
    }
    let took = start.elapsed();
    drop(client);
    report.holds(said::held_up(), said::at_least(), ms(took), took >= Duration::from_millis(40));
    report.check(said::all_arrived(), MESSAGES, reader.join().unwrap_or_default());
    Ok(())
}

/// The numbers of all datagrams that are there.
fn drain(receiver: &UdpSocket) -> Vec<u32> {
    let _ = receiver.set_read_timeout(Some(SILENCE));
    std::iter::from_fn(|| recv_from(receiver, SIZE).ok())
        .filter_map(|(message, _)| number(&message))
        .collect()
}
