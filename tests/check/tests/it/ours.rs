//! Our own programs do all that the checks ask.

use check::{Side, Suite, Target, Trial};
use harness::{binary, patience};

use crate::several::each;

/// Does all checks of a suite with a program of ours.
fn all_hold(lesson: &str, side: Side, variant: &str, args: &[&str]) {
    let suite = Suite::find(lesson, side, Some(variant)).expect("a suite of that name");
    let target = Target::program(binary(&format!("{lesson}-{}", side.name())), args);
    let trial = Trial::new(suite, &target, patience());
    each(&(suite.checks)(), |check| {
        let report = trial.run(check);
        report.has_failed().then(|| report.to_string())
    });
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

#[test]
fn the_chat_server_is_right_with_each_word() {
    for bye in ["bye", "byebye"] {
        let args = ["--addr", "{addr}", "--mode", "turns", "--bye", bye];
        all_hold("tcp-chat", Side::Server, bye, &args);
        all_hold("tcp-chat", Side::Client, bye, &args);
    }
}

#[test]
fn the_chat_server_and_client_are_right_where_both_speak_and_in_a_room() {
    for mode in ["duplex", "room"] {
        let args = ["--addr", "{addr}", "--mode", mode];
        all_hold("tcp-chat", Side::Server, mode, &args);
        all_hold("tcp-chat", Side::Client, mode, &args);
    }
}

#[test]
fn the_datagram_server_is_right_in_each_dialect() {
    for dialect in ["greet", "time", "raw"] {
        all_hold("udp-echo", Side::Server, dialect, &["--addr", "{addr}", "--dialect", dialect]);
    }
}

#[test]
fn the_datagram_client_is_right_in_each_dialect() {
    for dialect in ["greet", "time", "raw"] {
        all_hold("udp-echo", Side::Client, dialect, &["--addr", "{addr}", "--dialect", dialect]);
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "the commands of these checks are those of a Unix shell")]
fn the_command_server_is_right_in_each_framing() {
    for framing in ["prefix", "ack", "stream"] {
        all_hold("remote-cmd", Side::Server, framing, &["--addr", "{addr}", "--framing", framing]);
    }
}

#[test]
fn the_command_client_is_right_in_each_framing() {
    for framing in ["prefix", "ack", "stream"] {
        all_hold("remote-cmd", Side::Client, framing, &["--addr", "{addr}", "--framing", framing]);
    }
}

#[test]
fn the_web_server_is_right() {
    all_hold("http-fetch", Side::Server, "", &["--addr", "{addr}"]);
}

#[test]
fn the_web_client_is_right() {
    all_hold("http-fetch", Side::Client, "", &["http://{addr}/page", "-o", "{file}"]);
}
