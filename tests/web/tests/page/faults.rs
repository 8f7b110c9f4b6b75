//! Each lesson as a pair, with each fault of its tap, by clicks and keys while it runs: something
//! is sent, and the page shows what that fault does to it.

mod showing;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::laboratory::Laboratory;
use showing::Showing;

/// A lesson, in one of the ways in which it speaks.
struct Pair {
    lesson: &'static str,
    /// An option of the form, and its value.
    way: Option<(&'static str, &'static str)>,
    /// What is typed to the client, the `n`th time; none where it does one thing and ends.
    line: Option<fn(u32) -> String>,
    /// What of that stands on the client's arrow, and with which text the tap may replace which.
    sent: fn(u32) -> String,
    other: fn(u32) -> (String, String),
    /// What of the answer stands on the server's arrow, and then in the client's terminal.
    answer: Option<fn(&str) -> String>,
    /// Whether it stands in the server's terminal, too, and whether the server answers by hand.
    heard: bool,
    by_hand: bool,
    faults: &'static [Fault],
}

/// What the tap does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Split,
    Merge,
    Delay,
    Jitter,
    Rate,
    Nagle,
    Corrupt,
    Replace,
    Hold,
    CutAfter,
    Fin,
    Rst,
    Drop,
    Duplicate,
    Reorder,
}

use Fault::*;

const STREAM: &[Fault] =
    &[Merge, Delay, Jitter, Rate, Nagle, Replace, Hold, Split, Corrupt, CutAfter, Fin, Rst];
/// What framing is there for.
const FRAMING: &[Fault] = &[Replace, Split, Corrupt, Rst];
const DATAGRAMS: &[Fault] = &[Delay, Jitter, Replace, Hold, Corrupt, Drop, Duplicate, Reorder];

/// The switches that the page has, in their order.
const OF_STREAMS: &str = "delay jitter corrupt replace split merge rate cut_after nagle FIN RST";
const OF_DATAGRAMS: &str = "delay jitter corrupt replace drop duplicate reorder";

const fn pair(lesson: &'static str, way: Option<(&'static str, &'static str)>) -> Pair {
    Pair {
        lesson,
        way,
        line: Some(|n| format!("cat {n}")),
        sent: |n| format!("cat {n}"),
        other: |_| ("cat".to_owned(), "dog".to_owned()),
        answer: Some(str::to_owned),
        heard: false,
        by_hand: false,
        faults: FRAMING,
    }
}

const fn command(framing: &'static str, faults: &'static [Fault]) -> Pair {
    let line = |n: u32| format!("echo cat {n}");
    Pair { line: Some(line), faults, ..pair("remote-cmd", Some(("framing", framing))) }
}

const fn chat(mode: &'static str, faults: &'static [Fault]) -> Pair {
    Pair { answer: None, heard: true, faults, ..pair("tcp-chat", Some(("mode", mode))) }
}

/// Those with most to do first.
const PAIRS: &[Pair] = &[
    command("stream", STREAM),
    Pair { heard: true, faults: STREAM, ..pair("tcp-echo", None) },
    chat("duplex", STREAM),
    Pair {
        line: None,
        sent: |_| "GET / HTTP/1.1".to_owned(),
        other: |_| ("GET".to_owned(), "HEY".to_owned()),
        answer: Some(|sent| {
            if sent.starts_with("GET") { "HTTP/1.1 200" } else { "HTTP/1.1 " }.to_owned()
        }),
        faults: STREAM,
        ..pair("http-fetch", None)
    },
    Pair {
        line: Some(|n| format!("{}", 100 + n)),
        sent: |n| format!("{}", 100 + n),
        other: |n| (format!("{}", 100 + n), format!("{}", 200 + n)),
        answer: Some(|sent| {
            ((sent.parse::<f64>().unwrap() * 18.0).round() / 10.0 + 32.0).to_string()
        }),
        faults: DATAGRAMS,
        ..pair("udp-temp", None)
    },
    Pair { faults: DATAGRAMS, ..pair("udp-echo", None) },
    Pair { by_hand: true, ..chat("turns", FRAMING) },
    chat("room", FRAMING),
    command("prefix", FRAMING),
    command("ack", FRAMING),
    command("none", FRAMING),
    pair("tcp-echo", Some(("dialect", "raw"))),
    pair("tcp-echo", Some(("dialect", "greet"))),
    Pair {
        answer: None,
        heard: true,
        faults: &[Replace, Split, Corrupt],
        ..pair("tcp-echo", Some(("dialect", "oneway")))
    },
    Pair {
        answer: Some(|_| "服务端已收到消息!".to_owned()),
        ..pair("tcp-echo", Some(("dialect", "ack")))
    },
    Pair { faults: &[Replace, Drop], ..pair("udp-echo", Some(("dialect", "raw"))) },
    Pair {
        answer: Some(|_| "接收到消息".to_owned()),
        faults: &[Replace, Drop],
        ..pair("udp-echo", Some(("dialect", "time")))
    },
];

/// As many as one browser may watch at a time.
const TABS: usize = 5;

#[test]
fn each_lesson_shows_each_fault_of_its_tap() {
    let lab = Laboratory::start(&[]);
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..TABS {
            scope.spawn(|| {
                let mut tab = lab.open("pair");
                Showing::prepare(&mut tab);
                while let Some(pair) = PAIRS.get(next.fetch_add(1, Ordering::SeqCst)) {
                    Showing::new(&mut tab, pair).all();
                }
                tab.assert_content();
            });
        }
    });
}
