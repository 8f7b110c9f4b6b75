//! Our own programs do all that the checks ask.

use harness::check::{Side, Suite, Target, Trial};
use harness::{binary, patience};

/// Does all checks of a suite with a program of ours.
fn all_hold(lesson: &str, side: Side, variant: &str, args: &[&str]) {
    let suite = Suite::find(lesson, side, Some(variant)).expect("a suite of that name");
    let name = if side == Side::Server { "server" } else { "client" };
    let target = Target::program(binary(&format!("{lesson}-{name}")), args);
    let trial = Trial { suite, target: &target, limit: patience() };
    let failed: Vec<String> = (suite.checks)()
        .iter()
        .map(|check| trial.run(check))
        .filter(|o| o.has_failed())
        .map(|o| o.to_string())
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn the_temperature_server_is_right() {
    all_hold("udp-temp", Side::Server, "", &["--addr", "{addr}"]);
}

#[test]
fn the_temperature_client_is_right() {
    all_hold("udp-temp", Side::Client, "", &["--addr", "{addr}"]);
}

#[test]
fn the_echo_server_is_right_in_each_dialect() {
    for dialect in ["repeat", "ack", "greet", "oneway", "raw"] {
        for model in ["threads", "tasks"] {
            let args = ["--addr", "{addr}", "--dialect", dialect, "--model", model];
            all_hold("tcp-echo", Side::Server, dialect, &args);
        }
    }
}

#[test]
fn the_echo_client_is_right_in_each_dialect() {
    for dialect in ["repeat", "ack", "greet"] {
        all_hold("tcp-echo", Side::Client, dialect, &["--addr", "{addr}", "--dialect", dialect]);
    }
}
