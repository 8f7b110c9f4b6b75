//! How sessions end, and that nothing is left of them: looked at by the numbers of processes, and
//! with signals.

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

fn is_there(process: u32) -> bool {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(process).unwrap());
    // One that nobody has waited for is no more than a number.
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    nix::sys::signal::kill(pid, None).is_ok() && !stat.contains(") Z ")
}

fn all_are_gone(processes: &[u32]) {
    eventually("all programs have ended", || !processes.iter().any(|one| is_there(*one)));
}

#[test]
fn a_server_whose_program_was_built_anew_begins_sessions_and_says_so_when_it_is_gone() {
    // As cargo does it: the file that runs loses its name, and another one gets it.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let program = folder.path().join("web");
    let build = || std::fs::hard_link(env!("CARGO_BIN_EXE_web"), &program).unwrap();
    build();
    let web = Web::start_of(&program, &[]);
    std::fs::remove_file(&program).unwrap();
    build();
    let mut tab = web.pair("tcp-echo", json!({}));
    tab.type_line("client", "hello");
    tab.until_printed("client", "hello");
    std::fs::remove_file(&program).unwrap();
    let answer = web.post("/api/sessions", &json!({ "kind": "pair", "lesson": "tcp-echo" }));
    assert_eq!((answer.status, answer.code().as_str()), (500, "system"));
    assert!(answer.text().contains("`cargo lab web`"), "{answer:?}");
}

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

/// All that has begun within a session.
#[cfg(target_os = "linux")]
fn of_session(id: &str) -> Vec<u32> {
    let mark = format!("LAB_WEB_SESSION={id}").into_bytes();
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = all.filter_map(|process| process.file_name().to_str()?.parse().ok());
    let has_it = |process: &u32| {
        let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|one| one == mark)
    };
    numbers.filter(has_it).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn the_judges_programs_end_with_their_session_that_is_killed() {
    let web = Web::start(&[]);
    let order = json!({ "kind": "check", "lesson": "tcp-echo", "side": "server" });
    let mut check = web.begin(&order);
    check.kind("checking");
    // One of them is the session itself, which is in another group than what it judges.
    eventually("a program is judged", || of_session(&check.id).len() > 1);
    let own = of_session(&check.id).into_iter().find(|one| parent(*one) == Some(web.process.id()));
    let own = nix::unistd::Pid::from_raw(i32::try_from(own.unwrap()).unwrap());
    nix::sys::signal::kill(own, nix::sys::signal::Signal::SIGKILL).unwrap();
    assert_eq!(check.end(), "failed");
    eventually("nothing is left of it", || of_session(&check.id).is_empty());
}

#[test]
fn a_conversation_that_is_too_long_to_be_kept_is_ended() {
    let web = Web::start(&[]);
    let mut tab = web.pair("tcp-echo", json!({ "dialect": "raw" }));
    let limits = web.get("/api/catalog").json()["limits"].clone();
    let line = "x".repeat(usize::try_from(limits["line"].as_u64().unwrap()).unwrap() - 1);
    // All that may be typed comes back, and is in the capture four times.
    for _ in 0..limits["typed"].as_u64().unwrap() / limits["line"].as_u64().unwrap() {
        if tab.ask("input", json!({ "side": "client", "text": line })).status != 204 {
            break;
        }
    }
    assert_eq!(tab.end(), "limit");
    let kept = web.get(&format!("/api/sessions/{}/events.json", tab.id)).body.len()
        + web.get(&format!("/api/sessions/{}/capture.pcapng", tab.id)).body.len();
    let most = usize::try_from(limits["log"].as_u64().unwrap()).unwrap();
    assert!(kept <= most + 200_000 && kept > most / 2, "{kept} of {most}");
}

#[test]
fn cargo_lab_web_becomes_the_server_so_that_a_signal_to_it_is_one_to_the_server() {
    let lab = harness::Program::new(harness::binary("lab"));
    let lab = lab.args(["web", "--addr", "127.0.0.1:0"]).start();
    let out = lab.wait_stdout_within("/?token=", 30 * harness::patience());
    assert!(out.starts_with(b"listening on 127.0.0.1:"), "{}", String::from_utf8_lossy(&out));
    lab.signal(harness::Signal::SIGINT);
    let exit = lab.wait();
    assert_eq!(exit.code, Some(0), "{}", exit.err());
}
