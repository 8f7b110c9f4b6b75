//! So many sessions, so many listeners, and who comes back.

use serde_json::json;

use crate::client::Web;

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

#[test]
fn so_many_listen_and_no_more() {
    let web = Web::start(&[]);
    let mut tab = web.pair("tcp-echo", json!({}));
    let others: Vec<_> = (1..16).map(|_| web.listen(&tab.id, 0)).collect();
    assert!(others.iter().all(|other| other.status == 200));
    assert_eq!(web.listen(&tab.id, 0).status, 429);
    drop(others);
    tab.type_line("client", "hello");
    tab.until_printed("client", "hello");
    harness::eventually("there is room again", || web.listen(&tab.id, 0).status == 200);
}
