//! The switches of the tap, while it runs.

use serde_json::{Value, json};

use crate::client::{Tab, Web, data, is_piece};

/// What of the client's reaches the tap with these bytes, and what then leaves it.
fn through_the_tap(tab: &mut Tab<'_>, bytes: &[u8]) -> (Value, Value) {
    let came = tab.until(|event| event["path"] == "in" && is_piece(event, "client", bytes));
    let left = tab.until(|event| event["path"] == "out" && event["from"] == "client");
    assert_eq!(left["out"], came["in"], "{left} is another piece than {came}, of\n{}", tab.all());
    (came, left)
}

#[test]
fn a_stream_is_split_corrupted_delayed_and_left_alone_again() {
    let web = Web::start(&[]);
    let mut tab = web.pair("tcp-echo", json!({ "dialect": "raw" }));
    tab.type_line("client", "plain");
    tab.until_printed("client", "plain");
    tab.act("tap", json!({ "split": 1, "gap": 0, "from": "client" }));
    let told = tab.until(|event| event["kind"] == "tap" && event["split"] == 1);
    assert_eq!(told["from"], "client");
    tab.type_line("client", "abc");
    // The end of the line has an arrow of its own, which may come behind what the client prints.
    for letter in [b"a", b"b", b"c", b"\n"] {
        tab.until(|event| event["path"] == "out" && is_piece(event, "client", letter));
    }
    tab.until_printed("client", "abc");
    tab.act("tap", json!({ "split": null, "corrupt": 100 }));
    tab.type_line("client", "wrong");
    let (_, out) = through_the_tap(&mut tab, b"wrong\n");
    assert_eq!(data(&out).len(), 6, "{out}");
    assert!(!data(&out).starts_with(b"wrong"), "{out}");
    tab.act("tap", json!({ "corrupt": null, "delay": 120 }));
    tab.type_line("client", "late");
    let (came, left) = through_the_tap(&mut tab, b"late\n");
    assert_eq!(data(&left), b"late\n");
    let waited = left["t"].as_u64().unwrap() - came["t"].as_u64().unwrap();
    assert!(waited >= 120_000, "{waited}");
    tab.act("tap", json!({ "delay": null, "replace": [["cat", "dog"]] }));
    tab.type_line("client", "a cat!");
    tab.until_printed("client", "a dog!");
    tab.act("tap", json!({ "replace": null, "from": null }));
    tab.type_line("client", "plain again");
    tab.until(|event| {
        event["path"] == "whole"
            && event["from"] == "client"
            && data(event).starts_with(b"plain again")
    });
}

#[test]
fn what_the_tap_collects_goes_on_as_soon_as_the_client_is_done() {
    let web = Web::start(&[]);
    let collects = 10_000;
    let mut tab = web.begin(&json!({
        "kind": "pair", "lesson": "tcp-echo", "tap": { "merge": collects, "from": "client" },
        "options": { "burst": true, "messages": "one two three" },
    }));
    let left = tab.until(|event| event["path"] == "out" && event["from"] == "client");
    assert_eq!(data(&left), b"onetwothree", "{}", tab.all());
    let came = tab.events.iter().find(|event| event["path"] == "in" && event["from"] == "client");
    let waited = left["t"].as_u64().unwrap() - came.unwrap()["t"].as_u64().unwrap();
    assert!(waited < collects * 1000, "{waited}");
    tab.until_printed("server", "onetwothree");
}

#[test]
fn a_connection_is_cut() {
    let web = Web::start(&[]);
    for with in ["fin", "rst"] {
        let mut tab = web.pair("tcp-echo", json!({}));
        tab.type_line("client", "hello");
        tab.until_printed("client", "hello");
        tab.act("cut", json!({ "with": with }));
        tab.until(|event| event["kind"] == "at" && event["place"] == "tap");
        // Who types does not know of it yet.
        tab.type_line("client", "anybody?");
        tab.until(|event| event["kind"] == "exit" && event["side"] == "client");
        tab.act("client", json!({}));
        tab.until(|event| event["kind"] == "connection" && event["conn"] == 2);
        tab.act("tap", json!({ "cut_after": 3, "cut_with": with, "from": "client" }));
        tab.type_line("client", "hello");
        let piece = tab.until(|event| event["path"] == "out" && event["conn"] == 2);
        assert_eq!(data(&piece), b"hel");
        let words = if with == "rst" { "reset (RST)" } else { "end of stream (FIN)" };
        let sign = tab.until(|event| event["kind"] == "sign" && event["path"] == "out");
        assert_eq!(sign["words"], words);
        tab.until(|event| event["kind"] == "exit" && event["side"] == "client");
    }
}

#[test]
fn a_datagram_vanishes_and_is_asked_for_again() {
    let web = Web::start(&[]);
    let mut tab = web.pair("udp-echo", json!({ "timeout": 0.3, "retries": 10 }));
    tab.act("tap", json!({ "drop": 100, "from": "client" }));
    tab.until(|event| event["kind"] == "tap" && event["drop"] == 100);
    tab.type_line("client", "Tracy");
    let lost = tab.until(|event| event["kind"] == "piece" && event["path"] == "lost");
    assert_eq!((&lost["fate"], &lost["out"]), (&json!("dropped"), &Value::Null));
    tab.act("tap", json!({ "drop": 0 }));
    tab.until_printed("client", "Tracy");
    tab.act("tap", json!({ "duplicate": 100 }));
    tab.until(|event| event["kind"] == "tap" && event["duplicate"] == 100);
    tab.type_line("client", "Sarah");
    // Behind it may still be what the client asked again before the last answer came.
    tab.until(|event| event["fate"] == "doubled" && is_piece(event, "client", b"Sarah"));
    for _ in 0..2 {
        tab.until(|event| event["path"] == "out" && is_piece(event, "client", b"Sarah"));
    }
}

#[test]
fn each_piece_waits_until_it_is_told_to_pass() {
    let web = Web::start(&[]);
    let mut tab = web.begin(&json!({
        "kind": "pair", "lesson": "tcp-echo", "options": { "dialect": "raw" }, "hold": true,
    }));
    tab.until(|event| event["kind"] == "started" && event["side"] == "client");
    tab.type_line("client", "first");
    tab.until(|event| event["kind"] == "held" && event["client"] == 1);
    assert!(!tab.has(|event| event["kind"] == "piece" && event["path"] != "in"));
    tab.act("step", json!({}));
    tab.until(|event| event["path"] == "out" && event["from"] == "client");
    // The answer waits as well.
    tab.until(|event| event["kind"] == "held" && event["server"] == 1);
    tab.act("step", json!({ "from": "server" }));
    tab.until_printed("client", "first");
    tab.act("tap", json!({ "hold": false }));
    tab.type_line("client", "second");
    tab.until_printed("client", "second");
    assert_eq!(tab.ask("step", json!({ "drop": true })).status, 400);
}

#[test]
fn a_datagram_that_waits_can_be_lost_by_hand() {
    let web = Web::start(&[]);
    let mut tab = web.begin(&json!({
        "kind": "pair", "lesson": "udp-echo", "options": { "timeout": 0.5, "retries": 10 }, "tap": { "hold": true },
    }));
    tab.until(|event| event["kind"] == "started" && event["side"] == "client");
    tab.type_line("client", "Tracy");
    tab.until(|event| event["kind"] == "held" && event["client"] != 0);
    tab.act("step", json!({ "drop": true, "from": "client" }));
    tab.until(|event| event["kind"] == "piece" && event["path"] == "lost");
    tab.act("tap", json!({ "hold": false }));
    tab.until_printed("client", "Tracy");
}

#[test]
fn a_switch_that_is_none_is_refused() {
    let web = Web::start(&[]);
    let tab = web.pair("udp-echo", json!({}));
    for body in [json!({ "split": 1 }), json!({ "drop": -1 }), json!({ "nonsense": 1 })] {
        assert_eq!(tab.ask("tap", body).status, 400);
    }
    assert_eq!(tab.ask("cut", json!({})).status, 400);
    assert_eq!(tab.ask("step", json!({ "from": "nobody" })).status, 400);
}
