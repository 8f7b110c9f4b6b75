//! Our round trips beside those of `ping`.

use std::time::Duration;

use harness::Program;
use network::{Faults, Network};

use crate::tasks::LIMIT;

/// What is between `start` and `end`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start:?} in {text}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end:?} in {text}")).0
}

/// The smallest and the mean round trip of a summary, in milliseconds, and the loss in percent.
fn summary(text: &str) -> (f64, f64, f64) {
    let loss = text.lines().find(|line| line.contains("% packet loss") || line.contains("% loss"));
    let loss = between(loss.unwrap_or_else(|| panic!("no loss in {text}")), "received, ", "%");
    let times = between(text, "min/avg/max/mdev = ", " ms");
    let times: Vec<f64> = times.split('/').map(|time| time.parse().unwrap()).collect();
    (times[0], times[1], loss.parse().unwrap())
}

#[test]
fn our_ping_agrees_with_ping() {
    let network = Network::new(1500);
    network.set(Faults { delay: Duration::from_millis(100), ..Faults::NONE });
    let server = network.right.serve("udp-echo-server", &["--dialect", "raw"]);
    let theirs =
        network.left.start(Program::new("ping").args(["-c", "10", "-i", "0.2", "10.77.0.2"]));
    let ours = network.left.client("udp-echo-client", &server);
    let ours =
        network.left.start(ours.args(["--dialect", "raw", "--ping", "10", "--interval", "0.2"]));
    let (theirs, ours) = (theirs.wait_within(LIMIT), ours.wait_within(LIMIT));
    ours.assert_code(0);
    let ((min, _, loss), (our_min, _, our_loss)) = (summary(&theirs.out()), summary(&ours.out()));
    assert_eq!((loss, our_loss), (0.0, 0.0));
    // No round trip can be shorter than the wire, and the best of ten is hardly longer.
    assert!(min >= 200.0 && our_min >= 200.0, "{min} and {our_min} ms over a wire of 200");
    assert!((min - our_min).abs() < 30.0, "{min} and {our_min} ms");
}

#[test]
fn what_is_lost_on_the_way_is_lost_in_the_summary_and_nothing_else() {
    let network = Network::new(1500);
    network.set(Faults { loss: 0.3, duplicates: 0.3, ..Faults::NONE });
    let server = network.right.serve("udp-echo-server", &["--dialect", "raw"]);
    let ping = network.left.client("udp-echo-client", &server);
    let ping =
        network.left.start(ping.args(["--dialect", "raw", "--ping", "30", "--interval", "0.1"]));
    let exit = ping.wait_within(LIMIT);
    let out = exit.out();
    let answered =
        out.lines().filter(|line| line.contains(": seq=") && !line.contains("DUP")).count();
    let (min, mean, loss) = summary(&out);
    assert!(min <= mean && (1..30).contains(&answered), "{out}");
    let lost = 100.0 * (30 - answered) as f64 / 30.0;
    assert!((loss - lost).abs() < 0.1, "{out}");
}
