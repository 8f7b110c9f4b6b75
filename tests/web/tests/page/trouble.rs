//! Hostile bytes, two tabs, a lost connection, very long conversations, a page that is closed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use harness::eventually;

use crate::chromium::{Tab, timed};
use crate::laboratory::{Laboratory, printed, row};

/// Types bytes as they are to the client, as no keyboard can.
fn type_bytes(tab: &mut Tab, bytes: &[u8]) {
    let body = format!("{{\"side\":\"client\",\"base64\":\"{}\"}}", STANDARD.encode(bytes));
    let sent = tab.ask("POST", "/input", &body);
    assert_eq!(sent, 204);
}

#[test]
fn what_a_peer_sends_is_text_and_never_markup() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.start("tcp-chat");
    let markup = "</script><script>window.owned = 1</script><img src=x onerror='window.owned = 1'><h1 id=owned>";
    tab.type_line("client", markup);
    tab.wait(&row(".from-l", "</script><script>window.owned"));
    tab.wait(&printed("server", "<h1 id=owned>"));
    type_bytes(&mut tab, b"\x1b[2J\x1b]0;owned\x07 \xff\xfe\xc0\x80 \xe4\xbd \xe2\x80\xaeback\n");
    tab.wait(&row(".from-l", "\\x1b[2J"));
    tab.wait(&printed("server", "back"));
    // A line of a megabyte, in pieces of what may be typed at a time.
    for _ in 0..20 {
        type_bytes(&mut tab, &[b'x'; 50_000]);
    }
    type_bytes(&mut tab, b" the end\n");
    tab.wait("document.querySelector('.server .output').textContent.includes('xxxx')");
    // What the client says now could stick to the end of that line; what the server says does not.
    tab.type_line("server", "still here");
    tab.wait(&row(".from-r", "still here"));
    tab.wait(&printed("client", "still here"));
    assert_eq!(tab.eval("window.owned === undefined && document.querySelector('#owned, main img, main script') === null"), true);
    assert_ne!(tab.eval("document.title"), "owned");
    let raw = tab.eval("/[\\u0000-\\u0008\\u001b\\u202e]/.test(document.body.textContent)");
    assert_eq!(raw, false, "a control character stands on the page");
    assert!(tab.eval("document.documentElement.scrollWidth").as_u64() <= Some(1280));
    tab.assert_content();
}

#[test]
fn two_tabs_show_the_same_pair_and_the_same_switches() {
    let lab = Laboratory::start(&[]);
    let mut one = lab.open("pair");
    one.start("tcp-echo");
    one.type_line("client", "from one");
    one.wait(&printed("client", "from one"));
    let hash = one.eval("location.hash.slice(1)");
    let mut other = lab.open(hash.as_str().unwrap());
    other.wait(&printed("client", "from one"));
    other.type_line("client", "from the other");
    one.wait(&row(".from-l.to-r", "from the other"));
    other.switch("delay");
    one.wait("document.querySelector('.fault [data-name=delay]').getAttribute('aria-checked') === 'true'");
    one.assert_content();
    other.assert_content();
}

#[test]
fn two_tabs_have_pairs_of_their_own() {
    let lab = Laboratory::start(&[]);
    let (mut one, mut other) = (lab.open("pair"), lab.open("pair"));
    one.start("tcp-echo");
    other.start("udp-temp");
    one.type_line("client", "stream");
    other.type_line("client", "25");
    one.wait(&printed("client", "stream"));
    other.wait(&printed("client", "77"));
    assert_eq!(one.eval(&printed("client", "77")), false);
}

#[test]
fn a_lost_connection_is_told_and_nothing_is_missing_afterwards() {
    let (lab, wire) = Laboratory::behind_a_wire();
    let mut tab = lab.open_by_wire("pair");
    tab.start("tcp-echo");
    tab.type_line("client", "before");
    tab.wait(&printed("client", "before"));
    let hash = tab.eval("location.hash.slice(1)");
    // Another tab goes on meanwhile; it also keeps the programs from being ended.
    let mut other = lab.open(hash.as_str().unwrap());
    other.wait(&printed("client", "before"));
    wire.cut();
    tab.wait("document.querySelector('#notice.lost')?.checkVisibility()");
    for n in 0..5 {
        other.type_line("client", &format!("meanwhile {n}"));
        other.wait(&printed("client", &format!("meanwhile {n}")));
    }
    assert_eq!(tab.eval(&printed("client", "meanwhile 0")), false);
    wire.mend();
    tab.wait("!document.querySelector('#notice').checkVisibility()");
    tab.wait(&printed("client", "meanwhile 4"));
    // Each row once, in the same order as where nothing was lost.
    let rows = "[document.querySelector('.wire small').textContent, ...[...document.querySelectorAll('.row .label')].map((one) => one.textContent)]";
    // What came last is drawn a moment after it has been printed, in either tab.
    eventually("both tabs show the same rows", || tab.eval(rows) == other.eval(rows));
}

#[test]
fn a_page_that_is_loaded_again_has_all_that_happened() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.start("tcp-echo");
    tab.type_line("client", "kept");
    tab.wait(&printed("client", "服务端接收到了信息 kept"));
    // Somebody else looks meanwhile: what nobody looks at is ended.
    let hash = tab.eval("location.hash.slice(1)");
    let mut other = lab.open(hash.as_str().unwrap());
    other.wait(&printed("client", "kept"));
    tab.reload();
    tab.wait(&printed("client", "服务端接收到了信息 kept"));
    tab.wait(&row("", ""));
    tab.type_line("client", "and on");
    tab.wait(&printed("client", "服务端接收到了信息 and on"));
    tab.assert_content();
}

#[test]
fn ten_thousand_rows_scroll_and_few_of_them_are_elements() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.start("tcp-chat");
    tab.wait("document.querySelector('.client .typing input')?.disabled === false");
    tab.choose(".faults > select", "client");
    tab.switch("split");
    tab.fill(".fault:has([data-name=split]) input:nth-of-type(2)", "0");
    type_bytes(&mut tab, &[&[b'x'; 12_000][..], b"\n"].concat());
    let rows = "Number(document.querySelector('.wire small').textContent.split(' ')[0])";
    let (_, time) = timed(|| {
        for _ in 0..4 {
            if tab.eval(&format!("{rows} >= 10000")) == true {
                break;
            }
            tab.wait(&format!("{rows} >= 10000"));
        }
    });
    assert!(tab.eval("document.querySelectorAll('.row').length").as_u64() < Some(100));
    // A hand that drags the bar: wherever it is, rows are there in the next frame but one.
    let frames = tab.eval(
        "(async () => { const list = document.querySelector('.scroller'); const frame = () => new Promise(requestAnimationFrame); \
         let bare = 0; const times = []; for (let n = 0; n < 120; n += 1) { const begin = performance.now(); \
         list.scrollTop = list.scrollHeight * ((n * 37) % 100) / 100; await frame(); await frame(); times.push(performance.now() - begin); \
         const middle = list.scrollTop + list.clientHeight / 2; \
         if (![...list.querySelectorAll('.row')].some((row) => row.offsetTop <= middle && middle <= row.offsetTop + 2 * row.offsetHeight)) bare += 1; } \
         times.sort((a, b) => a - b); return { bare, middle: times[60], most: times[119] }; })()",
    );
    assert_eq!(frames["bare"], 0, "{frames}");
    println!("12,000 pieces in {time:?}; two frames: {frames}");
    // A hand that drags through the replay: what a place in it costs the page, laid out.
    let seeks = tab.eval(
        "(() => { const [list, place] = [document.querySelector('.scroller'), document.querySelector('.transport input[type=range]')]; \
         const most = Number(place.max); const times = []; let bare = 0; for (let n = 0; n < 120; n += 1) { const begin = performance.now(); \
         place.value = Math.ceil((most * (1 + ((n * 37) % 100))) / 100); place.dispatchEvent(new Event('input')); const end = list.scrollTop + list.clientHeight; \
         times.push(performance.now() - begin); \
         if (![...list.querySelectorAll('.row')].some((row) => row.offsetTop < end && end <= row.offsetTop + row.offsetHeight + 1)) bare += 1; } \
         times.sort((a, b) => a - b); return { bare, middle: times[60], most: times[119] }; })()",
    );
    assert_eq!(seeks["bare"], 0, "{seeks}");
    println!("120 places of the replay: {seeks} ms");
    assert!(tab.eval("document.querySelectorAll('.row').length").as_u64() < Some(100));
    tab.click(".transport button:last-of-type");
    tab.wait(&format!("{rows} >= 10000"));
    tab.click(".scroller");
    tab.key("Home");
    tab.wait("document.querySelector('#row-0.here')");
    tab.key("End");
    tab.wait("Number(document.querySelector('.row.here').dataset.n) >= 9999");
    tab.assert_content();
}

#[test]
fn a_tab_that_is_closed_ends_its_programs() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.start("tcp-echo");
    tab.type_line("client", "soon gone");
    tab.wait(&printed("client", "soon gone"));
    let hash = tab.eval("location.hash").as_str().unwrap().to_owned();
    tab.call("Page.close", serde_json::json!({}));
    // Somebody who looks without listening sees it end.
    let mut other = lab.open("check");
    let id = hash.split('/').nth(1).unwrap();
    eventually("the programs of a closed tab end", || !other.running().contains(&id.into()));
}

#[test]
fn a_conversation_that_is_too_long_to_be_kept_says_so_and_stays_to_be_read() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.choose(".setup [name=dialect]", "raw");
    tab.start("tcp-echo");
    tab.wait("document.querySelector('.client .typing input')?.disabled === false");
    // All that may be typed comes back, and is in the capture four times.
    tab.eval(
        "(async () => { const body = JSON.stringify({ side: 'client', text: 'x'.repeat(65535) }); \
         const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${new URLSearchParams(location.search).get('token')}` }; \
         const path = `/api/sessions/${location.hash.split('/')[1]}/input`; \
         for (let n = 0; n < 64; n += 1) { const { status } = await fetch(path, { method: 'POST', headers, body }); if (status !== 204) break; } })()",
    );
    tab.wait(&row(".note", "as much as one session may have"));
    tab.wait("document.querySelector('.bar .stop').disabled");
    assert!(tab.eval("document.querySelectorAll('.row.from-l').length").as_u64() > Some(0));
    tab.assert_content();
}

#[test]
fn a_laboratory_that_has_gone_is_missed_after_a_while() {
    let (lab, wire) = Laboratory::behind_a_wire();
    let mut tab = lab.open_by_wire("pair");
    tab.start("tcp-echo");
    tab.wait("document.querySelector('.client .typing input')?.disabled === false");
    wire.cut();
    tab.wait("document.querySelector('#notice.lost')?.textContent.startsWith('Connection lost')");
    tab.wait("document.querySelector('#notice.lost')?.textContent.includes('cargo lab web')");
    // Its programs have been ended by now, for nobody was there.
    eventually("the pair has ended", || {
        wire.mend();
        tab.eval("document.querySelector('.bar .stop').disabled") == true
    });
}

#[test]
fn a_place_in_the_replay_is_as_it_was_then() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.start("tcp-echo");
    tab.type_line("client", "one");
    tab.wait(&printed("client", "one"));
    tab.switch("split");
    tab.type_line("client", "two");
    tab.wait(&row(".from-m.to-r", "w"));
    tab.click(".client .acts button");
    tab.wait("/over|bad/.test(document.querySelector('.client .chip').className)");
    tab.click(".bar .stop");
    tab.wait("document.querySelector('.bar .stop').disabled");
    let told = serde_json::Value::from(tab.events());
    let others = tab.eval(&format!(
        "import('/ladder.js').then(({{ Ladder }}) => {{ const told = {told}.map((event, nth) => ({{ id: nth + 1, ...event }})); \
         const after = (count) => told.slice(0, count).reduce((ladder, event) => (ladder.event(event), ladder), new Ladder()); \
         const shown = (ladder, count) => JSON.stringify([ladder.statesAt(count), ...Array.from({{ length: ladder.total(count) }}, (_, n) => ladder.row(n, count))]); \
         const all = after(told.length); let others = 0; \
         for (let count = 0; count <= told.length; count += 1) if (shown(all, count) !== shown(after(count), count)) others += 1; \
         return [others, all.rows.some((row) => row.past.length > 2), told.length]; }})"
    ));
    assert_eq!((&others[0], &others[1]), (&0.into(), &true.into()), "{others}");
    // The terminals, too: nothing at the beginning, and at the end what there was before.
    let said = "document.querySelector('.client .output').textContent";
    let all = tab.eval(said);
    let seek = |tab: &mut Tab, to: &str| {
        tab.eval(&format!(
            "{{ const place = document.querySelector('.transport input[type=range]'); place.value = {to}; \
             place.dispatchEvent(new Event('input')); }}"
        ));
    };
    seek(&mut tab, "0");
    assert_eq!(
        tab.eval(&format!("[{said}, document.querySelectorAll('.row').length]")),
        serde_json::json!(["", 0])
    );
    seek(&mut tab, "place.max");
    assert_eq!(tab.eval(said), all);
    tab.assert_content();
}

#[test]
fn what_cannot_be_saved_is_told_by_the_browser_and_what_did_not_come_by_the_page() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.start("udp-temp");
    tab.type_line("client", "25");
    tab.wait(&printed("client", "77"));
    // No folder at all has as little room as a full disk.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mut browser = lab.user.saves_to(&file.join("below"));
    tab.click(".bar a[href*='capture.pcapng']");
    tab.wait("document.querySelector('#notice').textContent.includes('list of downloads')");
    browser.wait_for("Browser.downloadProgress", |told| told["state"] == "canceled");
    // The answer ends before it is whole.
    tab.eval(
        "{ const all = window.fetch; window.fetch = async (path, order) => { window.fetch = all; const answer = await all(path, order); \
         const cut = new ReadableStream({ start(out) { out.enqueue(new Uint8Array(9)); out.error(new TypeError('cut')); } }); \
         return new Response(cut, answer); }; }",
    );
    tab.click(".bar a[href*='page.html']");
    tab.wait(
        "document.querySelector('#notice.error')?.textContent.includes('did not arrive whole')",
    );
    tab.type_line("client", "-40");
    tab.wait(&row(".from-r", "-40"));
    tab.assert_content();
}
