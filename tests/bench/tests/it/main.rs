//! What the benches do with figures, without a server: their arithmetic, and what other programs
//! tell them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use bench::{Latencies, Schedule, first_version, wrk};

const MS: Duration = Duration::from_millis(1);

fn is_about(time: Duration, expected: Duration) -> bool {
    time.abs_diff(expected) <= expected / 1000
}

#[test]
fn percentiles_are_those_of_all_times_to_three_digits() {
    let mut times = Latencies::new().unwrap();
    assert_eq!((times.percentile(99.0), times.max()), (Duration::ZERO, Duration::ZERO));
    for ms in (1..=1000).rev() {
        times.record(ms * MS);
    }
    assert!(is_about(times.percentile(50.0), 500 * MS), "{:?}", times.percentile(50.0));
    assert!(is_about(times.percentile(99.0), 990 * MS), "{:?}", times.percentile(99.0));
    assert!(is_about(times.max(), 1000 * MS), "{:?}", times.max());
    times.clear();
    times.record(Duration::from_nanos(1500));
    assert!(is_about(times.percentile(99.0), Duration::from_nanos(1500)));
    // Longer than anybody waits is not forgotten.
    times.record(Duration::MAX);
    assert!(times.max() >= Duration::from_secs(3600));
}

/// A server that answers in 1 ms, and once not at all for a second. Who asks only after each answer
/// has one slow answer of 9,000; who asks when it is time to sees that a tenth of all waited.
#[test]
fn a_stall_counts_for_all_that_were_due_during_it() {
    let start = Instant::now();
    let stall = (start + 5_000 * MS, start + 6_000 * MS);
    let answered = |asked: Instant| {
        if asked >= stall.0 && asked < stall.1 { stall.1 + MS } else { asked + MS }
    };
    let mut at_a_rate = Latencies::new().unwrap();
    let schedule = Schedule::new(start, 1_000, 10_000 * MS);
    for due in (0..schedule.count()).filter_map(|number| schedule.due(number)) {
        at_a_rate.record(answered(due).duration_since(due));
    }
    let mut closed_loop = Latencies::new().unwrap();
    let mut now = start;
    while now < start + 10_000 * MS {
        closed_loop.record(answered(now).duration_since(now));
        now = answered(now);
    }
    assert!(is_about(at_a_rate.percentile(50.0), MS));
    // The slowest hundredth are those that were due in the first tenth of the stall.
    assert!(is_about(at_a_rate.percentile(99.0), 901 * MS), "{:?}", at_a_rate.percentile(99.0));
    assert!(is_about(closed_loop.percentile(99.0), MS), "{:?}", closed_loop.percentile(99.0));
}

#[test]
fn every_program_tells_its_version_somewhere_in_what_it_says() {
    let version = |said| first_version(said).unwrap_or_default();
    for (said, expected) in [
        ("nginx version: nginx/1.22.1", "1.22.1"),
        ("socat by Gerhard Rieger and contributors\nsocat version 1.7.4.4 on 6 Nov", "1.7.4.4"),
        ("Ncat: Version 7.93 ( https://nmap.org/ncat )", "7.93"),
        ("OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.14", "9.2p1"),
        ("wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012", "4.1.0"),
        ("cc (Debian 12.2.0-14) 12.2.0", "12.2.0"),
        ("iperf 3.12 (cJSON 1.7.15)", "3.12"),
        ("Python 3.11.7", "3.11.7"),
        ("no version", ""),
    ] {
        assert_eq!(version(said), expected, "{said}");
    }
}

#[test]
fn what_wrk_reports_is_read_in_its_units() {
    let said = "\
  Latency Distribution
     50%  870.00us
     75%    1.20ms
     90%    2.00ms
     99%    1.02s 
  140000 requests in 1.00s, 20.00MB read
Requests/sec: 139876.54
Transfer/sec:     20.00MB
";
    let expected = wrk::Report { rate: 139_876.54, p50: 0.87, p99: 1020.0 };
    let report = wrk::report(said).unwrap();
    assert!((report.p50 - expected.p50).abs() < 1e-9, "{report:?}");
    assert_eq!(wrk::Report { p50: expected.p50, ..report }, expected);
    assert_eq!(wrk::report("unable to connect"), None);
}
