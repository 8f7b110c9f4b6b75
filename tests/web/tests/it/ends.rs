//! How sessions end, and that nothing is left of them.

use std::time::Duration;

use harness::eventually;
use serde_json::{Value, json};

use crate::client::{Tab, Web};

/// The processes of a pair: both programs, and the one that has started them.
fn processes(tab: &Tab<'_>) -> Vec<u32> {
    let started = tab.events.iter().filter(|event| event["kind"] == "started");
    let mut all: Vec<u32> =
        started.map(|event| u32::try_from(event["pid"].as_u64().unwrap()).unwrap()).collect();
    assert!(all.len() >= 2);
    all.extend(parent(all[0]));
    all
}

/// Who has started it; only Linux says so in a file.
fn parent(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(unix)]
fn is_there(process: u32) -> bool {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(process).unwrap());
    // One that nobody has waited for is no more than a number.
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    nix::sys::signal::kill(pid, None).is_ok() && !stat.contains(") Z ")
}

#[cfg(unix)]
fn all_are_gone(processes: &[u32]) {
    eventually("all programs have ended", || !processes.iter().any(|one| is_there(*one)));
}

#[cfg(unix)]
#[test]
fn a_closed_tab_ends_its_programs_and_a_second_one_keeps_them() {
    let web = Web::start(&[]);
    let first = web.pair("tcp-echo", json!({}));
    let (id, all) = (first.id.clone(), processes(&first));
    let mut second = web.listen(&id, 0);
    drop(first);
    // Longer than a closed tab has.
    let typed = std::time::Instant::now();
    while typed.elapsed() < Duration::from_secs(7) {
        second.type_line("client", "still here");
        let is_it = |event: &Value| event["kind"] == "out" && event["side"] == "client";
        second.until(is_it);
        std::thread::sleep(Duration::from_millis(200));
    }
    drop(second);
    all_are_gone(&all);
    let mut later = web.listen(&id, 0);
    assert_eq!(later.end(), "closed");
}

#[cfg(unix)]
#[test]
fn nothing_outlives_the_server_however_it_ends() {
    for signal in [harness::Signal::SIGINT, harness::Signal::SIGTERM, harness::Signal::SIGKILL] {
        let web = Web::start(&[]);
        let mut all = Vec::new();
        let mut tabs = vec![web.pair("tcp-chat", json!({})), web.pair("udp-temp", json!({}))];
        for tab in &tabs {
            all.extend(processes(tab));
        }
        // The judge's programs are in groups of their own.
        let order = json!({ "kind": "check", "lesson": "tcp-echo", "side": "server" });
        let mut check = web.begin(&order);
        check.kind("checking");
        tabs.push(check);
        web.process.signal(signal);
        let exit = web.process.wait();
        if signal == harness::Signal::SIGKILL {
            assert_eq!(exit.code, None);
        } else {
            assert_eq!(exit.code, Some(0), "{}", exit.err());
        }
        all_are_gone(&all);
        drop(tabs);
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_is_killed_ends_no_other_session() {
    let web = Web::start(&[]);
    let (mut one, mut other) = (web.pair("tcp-echo", json!({})), web.pair("tcp-echo", json!({})));
    one.act("kill", json!({ "side": "server" }));
    let exit = one.until(|event| event["kind"] == "exit" && event["side"] == "server");
    assert_eq!((&exit["status"], &exit["signal"]), (&Value::Null, &json!(9)));
    // The process of the session itself.
    let all = processes(&one);
    if let Some(own) = all.get(2).and_then(|own| i32::try_from(*own).ok()) {
        let own = nix::unistd::Pid::from_raw(own);
        nix::sys::signal::kill(own, nix::sys::signal::Signal::SIGKILL).unwrap();
        assert_eq!(one.end(), "failed");
        all_are_gone(&all);
    }
    other.type_line("client", "hello");
    other.until_printed("client", "hello");
}

#[test]
fn so_many_sessions_run_and_no_more() {
    let web = Web::start(&[]);
    let limit = web.get("/api/catalog").json()["limits"]["sessions"].as_u64().unwrap();
    let mut tabs: Vec<_> = (0..limit).map(|_| web.pair("udp-temp", json!({}))).collect();
    let order = json!({ "kind": "tour", "lesson": "udp-temp" });
    let answer = web.post("/api/sessions", &order);
    assert_eq!((answer.status, answer.code().as_str()), (429, "sessions"));
    let mut last = tabs.pop().unwrap();
    last.act("stop", json!({}));
    assert_eq!(last.end(), "stopped");
    assert_eq!(web.post("/api/sessions", &order).status, 201);
}

#[test]
fn who_comes_back_gets_what_it_has_missed_and_at_the_end_nothing_more() {
    let web = Web::start(&[]);
    let mut tab = web.pair("tcp-echo", json!({}));
    tab.type_line("client", "one");
    tab.until_printed("client", "one");
    let (id, last) = (tab.id.clone(), tab.last);
    // The connection is lost; what happens meanwhile is kept.
    drop(tab);
    let answer =
        web.post(&format!("/api/sessions/{id}/input"), &json!({ "side": "client", "text": "two" }));
    assert_eq!(answer.status, 204);
    let mut tab = web.listen(&id, last);
    tab.until_printed("client", "two");
    tab.act("stop", json!({}));
    assert_eq!(tab.end(), "stopped");
    let whole = web.get(&format!("/api/sessions/{id}/events.json")).json();
    assert_eq!(whole.as_array().unwrap().len() as u64, tab.last);
    let mut replay = web.listen(&id, 0);
    replay.end();
    assert_eq!(json!(replay.events), whole);
    // A browser that is told this comes back no more.
    assert_eq!(web.listen(&id, tab.last).status, 204);
    assert_eq!(web.change("DELETE", &format!("/api/sessions/{id}"), b"").status, 204);
    assert_eq!(web.get(&format!("/api/sessions/{id}/events.json")).status, 404);
}
