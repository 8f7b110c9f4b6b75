//! A receiver that is too slow: TCP waits for it, UDP does not.

use std::io::{Read as _, Write as _};
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use crate::show::ends::{SILENCE, pair, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::kernel::udp_drops;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "overflow",
    idea: "to a receiver that sleeps, TCP waits and UDP loses",
    rows: &["A6", "B7", "C2"],
    tutorials: &["001:7", "002:20", "002:34", "000:126"],
    predict: "20,000 datagrams of 204 bytes to a receiver that is not reading: every sendto succeeds, and \
              most of them are lost, on one machine, without any network. What the receiver's buffer holds \
              comes out in order. The same 4,080,000 bytes over TCP arrive all of them, in order, since the \
              sender is made to wait.",
    run,
    why: "Each socket has a receive buffer (Linux: net.core.rmem_default, 208 KiB). TCP tells the sender how \
          much room is left, the window, and the sender stops at none. UDP has nothing to tell it with: a \
          datagram that finds the buffer full is dropped.",
    mend: "A larger SO_RCVBUF (it only takes longer to fill), a sender that waits for answers or keeps to a \
           rate, numbers in the messages so that a loss is seen, and repetition. Or TCP.",
    lesson: "udp-echo",
    try_next: &[
        "cargo lab show retries",
        "cargo run -q -p udp-echo --bin udp-echo-client -- --ping 20   (with udp-echo-server --drop 30)",
    ],
};

const MESSAGES: u32 = 20_000;
const SIZE: usize = 204;

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
    report.check("UDP: sends that succeeded", 20_000, sent);
    let got = drain(&receiver);
    report.holds("UDP: datagrams that arrived", "fewer than 10,000", got.len(), got.len() < 10_000);
    if let Some(dropped) = udp_drops(receiver.local_addr()?.port()) {
        report.see(format_args!(
            "the kernel says in /proc/net/udp that it dropped {dropped} at this socket; nobody was told"
        ));
    }
    report.check("UDP: the first to arrive is number", 0, got.first().copied().unwrap_or(MESSAGES));
    report.check("UDP: those that arrived are in order", true, got.is_sorted());

    let (mut client, mut server) = pair()?;
    let reader = thread::spawn(move || {
        // It is late, so that the sender has to wait for it.
        thread::sleep(Duration::from_millis(50));
        let (mut next, mut bytes) = (0, [0; SIZE]);
        while server.read_exact(&mut bytes).is_ok() && number(&bytes) == Some(next) {
            next += 1;
        }
        next
    });
    for n in 0..MESSAGES {
        client.write_all(&message(n))?;
    }
    drop(client);
    report.check(
        "TCP: messages that arrived, in order",
        MESSAGES,
        reader.join().unwrap_or_default(),
    );
    Ok(())
}

/// The numbers of all datagrams that are there.
fn drain(receiver: &UdpSocket) -> Vec<u32> {
    let _ = receiver.set_read_timeout(Some(SILENCE));
    std::iter::from_fn(|| recv_from(receiver, SIZE).ok())
        .filter_map(|(message, _)| number(&message))
        .collect()
}
