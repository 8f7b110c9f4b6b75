//! Every lesson as a pair: what is typed, what passes between, and what comes out.

use serde_json::{Value, json};

use crate::client::{Tab, Web, data, is_piece};

/// The pieces that brought `bytes` from one side, one of which holds all of it, and the calls that
/// belong to it: a send of the one side, and a recv of the other.
fn check_calls(tab: &mut Tab<'_>, from: &str, part: &[u8]) {
    let holds = |event: &Value| {
        let bytes = data(event);
        bytes.windows(part.len()).any(|window| window == part)
    };
    let is_it = |event: &Value| event["kind"] == "piece" && event["from"] == from && holds(event);
    if !tab.has(is_it) {
        tab.until(is_it);
    }
    let at = tab.events.iter().position(is_it).unwrap();
    let (id, piece) = (json!(at + 1), tab.events[at].clone());
    assert_eq!(piece["path"], "whole", "{piece}");
    let senders = piece["sent_by"].as_array().unwrap().clone();
    assert!(!senders.is_empty(), "{piece}");
    for sender in &senders {
        let call = tab.event(sender);
        let name = call["name"].as_str().unwrap();
        assert!(call["side"] == from && name.starts_with("send"), "{call}");
        assert!(sender.as_u64() < id.as_u64(), "{call} after {piece}");
    }
    let brings = |event: &Value| {
        let pieces = event["pieces"].as_array();
        event["kind"] == "call" && pieces.is_some_and(|pieces| pieces.contains(&id))
    };
    if !tab.has(brings) {
        tab.until(brings);
    }
    let call = tab.events.iter().find(|event| brings(event)).unwrap();
    let name = call["name"].as_str().unwrap();
    assert!(call["side"] != from && name.starts_with("recv"), "{call}");
}

/// Ends it, and looks how.
fn stop(mut tab: Tab<'_>) {
    tab.act("stop", json!({}));
    assert_eq!(tab.end(), "stopped");
    for side in ["client", "server"] {
        assert!(tab.has(|event| event["kind"] == "exit" && event["side"] == side), "{side}");
    }
}

#[test]
fn tcp_echo_says_again_what_was_typed() {
    let web = Web::start(&[]);
    let mut tab = web.pair("tcp-echo", json!({}));
    tab.type_line("client", "你好");
    tab.until_printed("client", "你好");
    check_calls(&mut tab, "client", "你好".as_bytes());
    check_calls(&mut tab, "server", "你好".as_bytes());
    let connect = |event: &Value| event["kind"] == "call" && event["name"] == "connect";
    assert!(tab.has(connect));
    let connection = tab.events.iter().find(|event| event["kind"] == "connection").unwrap();
    assert_eq!(connection["conn"], 1);
    // The end of what is typed is the end of the conversation.
    tab.act("input", json!({ "side": "client", "eof": true }));
    let exit = tab.until(|event| event["kind"] == "exit" && event["side"] == "client");
    assert_eq!((&exit["status"], &exit["signal"]), (&json!(0), &Value::Null));
    let answer = tab.ask("input", json!({ "side": "client", "text": "late" }));
    assert_eq!((answer.status, answer.code().as_str()), (409, "ended"));
    // And there may be another one.
    tab.act("client", json!({}));
    tab.until(|event| event["kind"] == "started" && event["side"] == "client");
    assert_eq!(tab.ask("client", json!({})).status, 409);
    tab.type_line("client", "again");
    let out = tab.until(|event| event["kind"] == "out" && event["side"] == "client");
    assert!(out["text"].as_str().unwrap().contains("again"), "{out}");
    stop(tab);
}

#[test]
fn three_messages_become_one() {
    let web = Web::start(&[]);
    let options = json!({ "dialect": "raw", "burst": true, "messages": "one two three" });
    let mut tab = web.begin(&json!({
        "kind": "pair", "lesson": "tcp-echo", "options": options, "tap": { "merge": 300 },
    }));
    let piece = tab.until(|event| event["kind"] == "piece" && event["path"] == "out");
    assert_eq!(data(&piece), b"onetwothree");
    assert_eq!(piece["out"], json!([0, 11]));
    let received = tab.until(|event| {
        event["kind"] == "call" && event["side"] == "server" && event["name"] == "recv"
    });
    assert_eq!((&received["bytes"], &received["range"]), (&json!(11), &json!([0, 11])));
    let sends =
        tab.events.iter().filter(|event| event["kind"] == "call" && event["name"] == "send");
    assert!(sends.filter(|event| event["side"] == "client").count() >= 1);
    stop(tab);
}

#[test]
fn tcp_chat_speaks_both_ways() {
    let web = Web::start(&[]);
    for mode in ["duplex", "turns", "room"] {
        let mut tab = web.pair("tcp-chat", json!({ "mode": mode }));
        tab.type_line("client", "你好");
        tab.until_printed("server", "你好");
        if mode != "room" {
            tab.type_line("server", "吃了吗");
            tab.until_printed("client", "吃了吗");
            check_calls(&mut tab, "server", "吃了吗".as_bytes());
        }
        check_calls(&mut tab, "client", "你好".as_bytes());
        stop(tab);
    }
}

#[test]
fn udp_echo_answers_each_datagram() {
    let web = Web::start(&[]);
    let mut tab = web.pair("udp-echo", json!({}));
    for (number, name) in ["Michael", "小明"].into_iter().enumerate() {
        tab.type_line("client", name);
        tab.until_printed("client", name);
        check_calls(&mut tab, "client", name.as_bytes());
        check_calls(&mut tab, "server", name.as_bytes());
        let piece = tab.events.iter().find(|event| is_piece(event, "client", name.as_bytes()));
        assert_eq!(piece.unwrap()["in"], json!([number, number + 1]), "datagrams are counted");
    }
    stop(tab);
}

#[test]
fn udp_temp_counts_in_fahrenheit() {
    let web = Web::start(&[]);
    let mut tab = web.pair("udp-temp", json!({ "messages": "-40 36.6" }));
    let exit = tab.until(|event| event["kind"] == "exit" && event["side"] == "client");
    assert_eq!(exit["status"], 0);
    let printed = tab.printed("client");
    assert!(printed.contains("-40") && printed.contains("97.88"), "{printed}");
    check_calls(&mut tab, "client", b"36.6");
    stop(tab);
}

#[test]
fn remote_cmd_marks_which_bytes_are_the_length() {
    let web = Web::start(&[]);
    for framing in ["prefix", "stream", "ack", "none"] {
        let options = json!({ "framing": framing, "messages": "echo hello" });
        let mut tab = web.pair("remote-cmd", options);
        let exit = tab.until(|event| event["kind"] == "exit" && event["side"] == "client");
        assert_eq!(exit["status"], 0, "{framing}: {}", tab.printed("client"));
        assert!(tab.printed("client").contains("hello"), "{framing}");
        check_calls(&mut tab, "server", b"hello");
        if framing == "prefix" {
            let marked = tab.events.iter().find(|event| {
                event["kind"] == "piece"
                    && event["from"] == "server"
                    && data(event).ends_with(b"hello\n")
            });
            assert_eq!(marked.unwrap()["marks"], "LLLL......");
            let called = tab.events.iter().find(|event| event["marks"] == "LLLL......");
            assert!(called.is_some());
        }
        // No shell, and nothing but what is allowed.
        tab.act("client", json!({ "options": { "framing": framing, "messages": "sh -c whoami" } }));
        tab.until(|event| event["kind"] == "exit" && event["side"] == "client");
        let said = tab.printed("client");
        assert!(said.contains("--allow"), "{framing}: {said}");
        stop(tab);
    }
}

#[test]
fn http_fetch_gets_a_page() {
    let web = Web::start(&[]);
    let mut tab = web.pair("http-fetch", json!({}));
    let exit = tab.until(|event| event["kind"] == "exit" && event["side"] == "client");
    assert_eq!(exit["status"], 0, "{}", tab.printed("client"));
    assert!(tab.has(|event| event["kind"] == "out" && event["stream"] == "out"));
    check_calls(&mut tab, "client", b"GET / HTTP/1.1\r\n");
    tab.act("client", json!({ "options": { "path": "/missing" } }));
    tab.until(|event| event["kind"] == "started" && event["side"] == "client");
    tab.until(|event| event["kind"] == "exit" && event["side"] == "client");
    check_calls(&mut tab, "client", b"GET /missing HTTP/1.1\r\n");
    stop(tab);
}

#[test]
fn states_stand_beside_the_calls_that_change_them() {
    let web = Web::start(&[]);
    if web.get("/api/catalog").json()["states"] != true {
        return;
    }
    let mut tab = web.pair("tcp-echo", json!({}));
    let connect = tab.until(|event| event["kind"] == "call" && event["name"] == "connect");
    assert_eq!(connect["state"], "ESTABLISHED", "{connect}");
    tab.act("input", json!({ "side": "client", "eof": true }));
    let close = |event: &Value| {
        event["kind"] == "call"
            && event["side"] == "server"
            && event["name"] == "recv"
            && event["bytes"] == 0
    };
    assert_eq!(tab.until(close)["state"], "CLOSE-WAIT");
    stop(tab);
}

#[test]
fn a_program_of_ones_own_stands_in_the_place_of_the_lessons() {
    let server = harness::binary("udp-temp-server");
    let command = format!("'{}' --addr {{addr}}", server.display());
    let web = Web::start(&["--lesson", "udp-temp", "--command", &command]);
    assert_eq!(web.get("/api/catalog").json()["own"]["command"], command);
    let order = json!({ "kind": "pair", "lesson": "udp-temp", "own": true });
    let mut tab = web.begin(&order);
    tab.until(|event| event["kind"] == "started" && event["side"] == "client");
    tab.type_line("client", "25");
    tab.until_printed("client", "77");
    let piece = tab.events.iter().find(|event| is_piece(event, "client", b"25")).unwrap();
    assert_eq!((&piece["path"], &piece["in"]), (&json!("whole"), &json!([0, 1])));
    assert!(!tab.has(|event| event["kind"] == "call" && event["side"] == "server"));
    stop(tab);
    // It is of this lesson alone.
    let order = json!({ "kind": "pair", "lesson": "tcp-echo", "own": true });
    assert_eq!(web.post("/api/sessions", &order).status, 400);
}
