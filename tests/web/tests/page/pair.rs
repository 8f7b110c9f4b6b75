//! Lessons as pairs, and what can be done with what was seen.

use harness::eventually;

use crate::chromium::Tab;
use crate::laboratory::{Laboratory, printed, row};

/// A pair of the page, and a line that its client sends and its server gets.
fn echo(lab: &Laboratory, lesson: &str, line: &str) -> Tab {
    let mut tab = lab.open("pair");
    tab.start(lesson);
    tab.type_line("client", line);
    tab.wait(&row(".from-l", line));
    tab
}

#[test]
fn pieces_come_apart_by_a_gap_and_a_connection_is_cut_by_a_reset() {
    let lab = Laboratory::start(&[]);
    let mut tab = echo(&lab, "tcp-echo", "hello");
    tab.wait(&printed("client", "hello"));
    tab.choose(".faults > select", "client");
    tab.switch("split");
    tab.eval(
        "{ const gap = document.querySelectorAll('.fault:has([data-name=split]) input')[1]; \
         gap.value = 600; gap.dispatchEvent(new Event('change')); }",
    );
    // What is set is what the tap says that it is, also in another tab.
    let hash = tab.eval("location.hash.slice(1)");
    let mut other = lab.open(hash.as_str().unwrap());
    other.wait(
        "document.querySelectorAll('.fault:has([data-name=split]) input')[1].value === '600'",
    );
    tab.type_line("client", "abc");
    tab.wait("document.querySelectorAll('.row.from-m.to-r').length >= 3");
    let left: Vec<u64> = tab
        .events()
        .iter()
        .filter(|event| event["kind"] == "piece" && event["path"] == "out" && event["bytes"] == 1)
        .map(|event| event["t"].as_u64().unwrap())
        .collect();
    assert_eq!(left.len(), 3);
    assert!(left.windows(2).all(|two| two[1] - two[0] > 300_000), "{left:?}");
    tab.switch("split");
    tab.switch("cut_after");
    tab.choose(".fault:has([data-name=cut_after]) select", "rst");
    other
        .wait("document.querySelector('.fault:has([data-name=cut_after]) select').value === 'rst'");
    tab.type_line("client", "longer than ten bytes");
    tab.wait(&row(".from-m", "RST"));
    tab.wait("document.querySelector('.client .chip').className.includes('bad')");
    tab.assert_content();
    other.assert_content();
}

#[test]
fn three_messages_become_one_at_one_click() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.click("[data-scene=sticky]");
    tab.wait(&row(".from-m.to-r", "11 bytes\"onetwothree\""));
    tab.wait(&row("", "3 sends in one"));
    tab.wait(&printed("server", "onetwothree"));
    tab.assert_content();
}

#[test]
fn a_datagram_vanishes_and_the_client_asks_again() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.click("[data-scene=vanish]");
    tab.wait(&row(".lost", "Michael"));
    tab.wait(&row(".wait", "s"));
    tab.wait(&row(".from-l.to-r", "Michael"));
    tab.wait(&printed("client", "Michael"));
    tab.assert_content();
}

#[test]
fn a_temperature_and_bad_input() {
    let lab = Laboratory::start(&[]);
    let mut tab = echo(&lab, "udp-temp", "36.6");
    tab.wait(&printed("client", "97.88"));
    tab.type_line("client", "abc");
    tab.wait(&row(".from-r", ""));
    tab.wait(&row(".from-l", "abc"));
    tab.assert_content();
}

#[test]
fn both_talk_and_either_may_end() {
    let lab = Laboratory::start(&[]);
    let mut tab = echo(&lab, "tcp-chat", "你好");
    tab.wait(&printed("server", "你好"));
    tab.type_line("server", "吃了吗");
    tab.wait(&row(".from-r.to-l", "吃了吗"));
    tab.wait(&printed("client", "吃了吗"));
    tab.type_line("client", "bye");
    tab.wait("document.querySelector('.client .chip').className.includes('over')");
    tab.assert_content();
}

#[test]
fn a_length_is_told_from_its_payload() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.click("[data-scene=length]");
    tab.wait("document.querySelector('.row.from-r .label .length')?.textContent === '07 00 00 00'");
    tab.wait(&printed("client", "你好"));
    tab.click(".row.from-r:has(.length)");
    tab.wait("document.querySelectorAll('.bytes td.length').length === 4");
    tab.wait("document.querySelectorAll('.bytes td.payload').length === 7");
    tab.wait("document.querySelectorAll('.bytes .calls li').length >= 2");
    tab.assert_content();
}

#[test]
fn a_page_is_fetched_and_fetched_again() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.click("[data-scene=http]");
    tab.wait(&row(".from-l", "GET / HTTP/1.1"));
    tab.wait(&row(".from-r", "HTTP/1.1 200"));
    tab.click(".client .acts [data-always]");
    tab.wait("[...document.querySelectorAll('.row.from-l')].filter((row) => row.textContent.includes('GET /')).length === 2");
    tab.assert_content();
}

#[test]
fn what_was_seen_is_seen_again_step_by_step_and_saved() {
    let lab = Laboratory::start(&[]);
    let mut tab = echo(&lab, "tcp-echo", "again");
    tab.wait(&printed("client", "again"));
    tab.key("Escape");
    tab.click(".bar .stop");
    tab.wait("document.querySelector('.bar .stop').disabled");
    let rows = "Number(document.querySelector('.wire small').textContent.split(' ')[0])";
    let all = tab.eval(rows).as_u64().unwrap();
    assert!(all > 3, "{all} rows");
    // Step: one row, then one more.
    tab.click(".transport button[title]:nth-of-type(4)");
    tab.wait(&format!("{rows} <= 2"));
    let first = tab.eval(rows).as_u64().unwrap();
    tab.click(".transport button[title]:nth-of-type(4)");
    tab.wait(&format!("{rows} > {first}"));
    tab.choose(".transport select", "4");
    tab.click("[data-key=r]");
    tab.wait(&format!("{rows} === {all}"));
    tab.wait(&printed("client", "again"));

    for (file, begins) in [
        ("page.html", "<!DOCTYPE html>"),
        ("picture.svg", "<svg"),
        ("capture.pcapng", "\\n\\r\\r\\n"),
    ] {
        let saved = tab.eval(&format!(
            "fetch(document.querySelector('.bar a[href*=\"{file}\"]').href).then((a) => a.blob()).then((b) => b.slice(0, 2000).text())"
        ));
        let begins = begins.replace("\\n", "\n").replace("\\r", "\r");
        assert!(
            saved.as_str().unwrap().trim_start_matches("<?xml version=\"1.0\"?>").contains(&begins),
            "{file}: {saved}"
        );
    }
    // A click saves it, and says who does so, and why where there is nothing any more.
    let folder = tempfile::tempdir().unwrap();
    let _saves = lab.user.saves_to(folder.path());
    tab.click(".bar a[href*='page.html']");
    let saved = folder.path().join("tcp-echo.html");
    eventually("the page is saved", || {
        std::fs::read_to_string(&saved).is_ok_and(|page| page.trim_end().ends_with("</html>"))
    });
    tab.wait("document.querySelector('#notice').textContent.startsWith('The browser saves tcp-echo.html')");
    assert_eq!(tab.ask("DELETE", "", ""), 204);
    tab.click(".bar a[href*='page.html']");
    tab.wait("document.querySelector('#notice.error')?.checkVisibility()");
    tab.assert_content();
}

#[test]
fn a_switch_stands_as_it_was_clicked_last_however_quickly() {
    let lab = Laboratory::start(&[]);
    let mut tab = echo(&lab, "tcp-echo", "first");
    tab.eval("for (let n = 0; n < 21; n += 1) document.querySelector('[data-name=delay]').click()");
    // Each click has been one order, and they came in their order.
    tab.wait("document.querySelector('[data-name=delay]').getAttribute('aria-checked') === 'true'");
    tab.type_line("client", "last");
    tab.wait(&row(".from-l.to-m", "last"));
    let told = tab.events();
    let delays: Vec<_> = told.iter().filter(|event| event["kind"] == "tap").skip(1).collect();
    let wanted: Vec<_> = (0..21).map(|n| if n % 2 == 0 { 300 } else { 0 }).collect();
    assert_eq!(delays.iter().map(|tap| tap["delay"].as_u64().unwrap()).collect::<Vec<_>>(), wanted);
    // What the server refuses is shown as it was.
    tab.eval("{ const input = document.querySelector('.fault:has([data-name=delay]) input'); input.max = ''; \
              input.value = 99999; input.dispatchEvent(new Event('change')); }");
    tab.wait("document.querySelector('#notice.error')?.checkVisibility()");
    tab.wait("document.querySelector('.fault:has([data-name=delay]) input').value === '300'");
    tab.assert_content();
}

#[test]
fn whoever_starts_again_and_again_has_one_pair_and_who_leaves_has_none() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.eval("for (let n = 0; n < 4; n += 1) document.querySelector('[data-scene=chat]').click()");
    tab.wait(&printed("server", "你好"));
    tab.eval("for (let n = 0; n < 4; n += 1) document.querySelector('[data-key=a]').click()");
    tab.wait(&printed("server", "你好"));
    tab.wait(&row(".from-l.to-r", "你好"));
    // One server has begun. (The client's `connect` may stand in a row before the one of `accept`.)
    let all = tab.eval("[...document.querySelectorAll('.row')].filter((row) => row.textContent.includes('listen')).length");
    assert_eq!(all, 1, "the rows are of one pair");
    eventually("one pair runs", || tab.running().len() == 1);
    // Left while they start: an experiment, a scene, a check.
    for (part, button) in [
        ("experiments/nagle", "article .bar button[type=button]"),
        ("tour", ".tour .main"),
        ("check", ".setup .main"),
    ] {
        tab.go(part);
        tab.eval(&format!("document.querySelector('{button}').click(); location.hash = 'pair'"));
        tab.wait("document.querySelector('.scenes')?.checkVisibility()");
    }
    eventually("nothing runs", || tab.running().is_empty());
    tab.assert_content();
}

#[test]
fn a_browser_whose_connections_are_taken_says_so() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    // As five tabs hold them.
    let mut other = lab.open("check");
    other.eval("for (let n = 0; n < 5; n += 1) navigator.locks.request(`lab-stream-${n}`, () => new Promise(() => {})); 0");
    other.wait("(navigator.locks.query().then(({ held }) => { window.held = held.length; }), window.held === 5)");
    tab.click("[data-scene=sticky]");
    tab.wait("document.querySelector('#notice.error')?.textContent.includes('six connections')");
    tab.wait("document.querySelector('.scenes').checkVisibility()");
    other.call("Page.navigate", serde_json::json!({ "url": "about:blank" }));
    tab.wait("(navigator.locks.query().then(({ held }) => { window.held = held.length; }), window.held === 0)");
    tab.click("[data-scene=sticky]");
    tab.wait(&row(".from-m.to-r", "onetwothree"));
    tab.assert_content();
}

/// Linux delays an acknowledgement for 40 ms, once a connection has been used for a while.
#[test]
#[cfg(target_os = "linux")]
fn nagle_waits_for_40_ms_at_one_click() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.click("[data-scene=nagle]");
    tab.wait("[...document.querySelectorAll('.row.wait.long')].some((row) => parseFloat(/[\\d.]+ ms/.exec(row.textContent)?.[0]) >= 36)");
    tab.wait("/over/.test(document.querySelector('.client .chip').className)");
    tab.wait("document.querySelector('.caption').textContent.includes('acknowledged')");
    tab.assert_content();
}
