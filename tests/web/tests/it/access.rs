//! Who may, and who may not.

use harness::Program;
use serde_json::json;

use crate::client::Web;

#[test]
fn it_says_where_it_listens_and_then_an_address_with_a_token_that_is_another_each_time() {
    let (one, other) = (Web::start(&[]), Web::start(&["--addr", "localhost:0"]));
    assert!(one.addr.ip().is_loopback() && other.addr.ip().is_loopback());
    assert!(one.token.len() >= 40 && one.token != other.token);
    assert!(one.token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
    assert_eq!(one.get("/api/catalog").status, 200);
    let answer = other.get(&format!("/api/catalog?token={}", one.token));
    assert_eq!(answer.status, 200, "the header counts");
}

#[test]
fn what_others_could_reach_is_refused_with_a_reason() {
    for addr in ["0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0"] {
        let exit = Program::new(env!("CARGO_BIN_EXE_web")).args(["web", "--addr", addr]).run();
        assert_eq!(exit.code, Some(1), "{addr}: {}", exit.err());
        assert!(
            exit.err().starts_with("error: ") && exit.err().contains("127.0.0.1"),
            "{}",
            exit.err()
        );
        assert_eq!(exit.out(), "");
    }
}

#[test]
fn a_command_needs_a_lesson_and_is_no_empty_line() {
    for args in [
        &["--command", "x"][..],
        &["--lesson", "udp-temp"],
        &["--command", "", "--lesson", "udp-temp"],
        &["--command", "'x", "--lesson", "udp-temp"],
        &["--command", "x", "--lesson", "nonsense"],
    ] {
        let exit = Program::new(env!("CARGO_BIN_EXE_web")).arg("web").args(args).run();
        assert_eq!(exit.code, Some(2), "{args:?}: {}", exit.err());
    }
}

#[test]
fn without_the_token_there_is_nothing_but_the_pages_own_files() {
    let web = Web::start(&[]);
    for path in ["/", "/?token=x", "/api/catalog", "/api/sessions", "/api/sessions/x/events"] {
        let answer = web.ask("GET", path, &[], b"");
        assert_eq!(answer.status, 403, "{path}: {answer:?}");
    }
    let refused = web.ask("GET", "/", &[], b"").text();
    assert!(refused.contains("cargo lab web") && refused.contains("令牌"), "{refused}");
    let wrong = format!("Bearer {}x", web.token);
    let answer = web.ask("GET", "/api/catalog", &[("authorization", &wrong)], b"");
    assert_eq!((answer.status, answer.code().as_str()), (403, "token"));
    // A form of another site can send this much.
    let body = json!({ "kind": "tour", "lesson": "udp-temp" }).to_string();
    let origin = format!("http://{}", web.addr);
    let path = format!("/api/sessions?token={}", web.token);
    let answer = web.ask("POST", &path, &[("origin", &origin)], body.as_bytes());
    assert_eq!((answer.status, answer.code().as_str()), (403, "token"));
    assert_eq!(web.get("/api/sessions").json()["sessions"], json!([]));
}

#[test]
fn another_host_and_another_origin_are_refused() {
    let web = Web::start(&[]);
    let bearer = format!("Bearer {}", web.token);
    let token = ("authorization", bearer.as_str());
    let named = format!("localhost:{}", web.addr.port());
    assert_eq!(web.ask("GET", "/api/catalog", &[token, ("host", &named)], b"").status, 200);
    for host in ["evil.example", &format!("evil.example:{}", web.addr.port()), "127.0.0.1"] {
        let answer = web.ask("GET", "/api/catalog", &[token, ("host", host)], b"");
        assert_eq!((answer.status, answer.code().as_str()), (421, "host"), "{host}");
    }
    let json = ("content-type", "application/json");
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let answer = web.ask("POST", "/api/sessions", &[token, json, ("origin", origin)], b"{}");
        assert_eq!((answer.status, answer.code().as_str()), (403, "origin"), "{origin}");
    }
    let answer = web.ask("POST", "/api/sessions", &[token, json], b"{}");
    assert_eq!((answer.status, answer.code().as_str()), (403, "origin"));
}

#[test]
fn every_answer_says_that_nothing_else_may_be_loaded() {
    let web = Web::start(&[]);
    for path in ["/api/catalog", "/nothing", "/?token=wrong"] {
        let head = web.get(path).head;
        for wanted in [
            "content-security-policy: default-src 'none'; script-src 'self'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
        ] {
            assert!(head.contains(wanted), "{path}: {head}");
        }
        assert!(!head.contains("unsafe") && !head.contains("set-cookie"), "{head}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_words_in_both_languages() {
    let web = Web::start(&[]);
    assert_eq!(web.get("/nothing").status, 404);
    assert_eq!(web.get("/api/sessions/nothing/events").status, 404);
    assert_eq!(web.change("PUT", "/api/catalog", b"").status, 405);
    let long = vec![b' '; 300 * 1024];
    assert_eq!(web.change("POST", "/api/sessions", &long).status, 413);
    for body in ["", "[]", "{", "nonsense", "\u{0}"] {
        let answer = web.change("POST", "/api/sessions", body.as_bytes());
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
    }
    for order in [
        json!({ "kind": "shell" }),
        json!({ "kind": "pair" }),
        json!({ "kind": "pair", "lesson": "../../bin/sh" }),
        json!({ "kind": "pair", "lesson": "tcp-echo", "options": { "addr": "0.0.0.0:1" } }),
        json!({ "kind": "pair", "lesson": "tcp-echo", "tap": { "drop": 5 } }),
        json!({ "kind": "pair", "lesson": "udp-temp", "own": true }),
        json!({ "kind": "pair", "lesson": "udp-temp", "command": "sh", "own": true }),
        json!({ "kind": "tour", "lesson": "tcp-echo", "scene": 99 }),
        json!({ "kind": "experiment", "name": "nonsense" }),
        json!({ "kind": "check", "lesson": "tcp-echo", "side": "server", "value": "nonsense" }),
        json!({ "kind": "check", "lesson": "tcp-echo", "side": "server", "only": ["nonsense"] }),
        json!({ "kind": "tour", "lesson": "tcp-echo", "lang": "fr" }),
    ] {
        let answer = web.post("/api/sessions", &order);
        assert_eq!((answer.status, answer.code().as_str()), (400, "request"), "{order}");
        let words = &answer.json()["error"]["words"];
        assert!(words["en"] != words["zh"], "{words}");
    }
    assert_eq!(web.get("/api/sessions").json()["sessions"], json!([]));
    assert!(web.process.is_running());
}
