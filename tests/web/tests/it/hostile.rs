//! What programs and peers send is text, whatever is in it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::client::Web;

#[test]
fn markup_control_characters_and_wrong_utf_8_travel_as_they_are() {
    let web = Web::start(&[]);
    let mut tab = web.pair("tcp-echo", json!({ "dialect": "raw" }));
    let hostile = b"</script><!--\x1b[2J\x07\xff\xfe\xc3( \xe2\x80\xae\r end\n";
    tab.act("input", json!({ "side": "client", "base64": STANDARD.encode(hostile) }));
    let typed = tab.kind("typed");
    assert_eq!(typed["base64"], STANDARD.encode(hostile));
    let piece = tab.until(|event| event["kind"] == "piece" && event["from"] == "server");
    assert!(piece["data"].as_str().is_some());
    tab.until_printed("client", "end");
    let out = tab.printed("client");
    assert!(
        out.contains("</script>") && !out.contains('\x1b') && !out.contains('\u{202e}'),
        "{out:?}"
    );
    // As one line of an array, and in what is saved, it is markup of nobody.
    let all = web.get(&format!("/api/sessions/{}/events.json", tab.id));
    assert!(all.json().as_array().unwrap().len() >= tab.events.len());
    let page = web.get(&format!("/api/sessions/{}/page.html", tab.id)).text();
    assert!(!page.contains("<script") && !page.contains("</script>"), "{page}");
    assert!(page.contains("&lt;/script&gt;"), "{page}");
}

#[test]
fn a_megabyte_without_an_end_of_line_comes_in_pieces() {
    let web = Web::start(&[]);
    let mut tab = web.pair("tcp-chat", json!({}));
    let part = "x".repeat(32 * 1024);
    let parts = 32;
    for _ in 0..parts {
        tab.act("input", json!({ "side": "client", "text": part, "eol": false }));
    }
    tab.act("input", json!({ "side": "client", "text": "" }));
    let mut seen = 0;
    while seen < part.len() * parts {
        let event = tab.until(|event| event["kind"] == "out" && event["side"] == "server");
        let text = event["text"].as_str().unwrap();
        assert!(text.len() <= 64 * 1024, "{}", text.len());
        seen += text.matches('x').count();
    }
    let piece = tab.events.iter().find(|event| event["kind"] == "piece").unwrap();
    assert_eq!((&piece["more"], piece["bytes"].as_u64() > Some(4096)), (&json!(true), true));
}

#[test]
fn there_is_an_end_of_what_can_be_typed() {
    let web = Web::start(&[]);
    let tab = web.pair("tcp-echo", json!({}));
    let long = "x".repeat(65_537);
    let answer = tab.ask("input", json!({ "side": "client", "text": long }));
    assert_eq!((answer.status, answer.code().as_str()), (413, "typed"));
    for body in [
        json!({ "side": "client" }),
        json!({ "side": "nobody", "text": "x" }),
        json!({ "side": "client", "text": 5 }),
        json!({ "side": "client", "base64": "!" }),
    ] {
        assert_eq!(tab.ask("input", body).status, 400);
    }
}
