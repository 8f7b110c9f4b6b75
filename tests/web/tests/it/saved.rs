//! What is saved of a session.

use pcap_file::pcapng::{Block, PcapNgReader};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

use crate::client::{Tab, Web};

fn saved(tab: &Tab<'_>, file: &str) -> Vec<u8> {
    let answer = tab.web.get(&format!("/api/sessions/{}/{file}", tab.id));
    assert_eq!(answer.status, 200, "{file}: {answer:?}");
    assert!(answer.head.contains("content-disposition: attachment"), "{}", answer.head);
    answer.body
}

#[test]
fn a_pair_is_saved_as_capture_picture_and_page() {
    let web = Web::start(&[]);
    for (lesson, typed) in [("tcp-echo", "hello <&> world"), ("udp-echo", "hello <&> world")] {
        let mut tab = web.pair(lesson, json!({ "dialect": "raw" }));
        tab.type_line("client", typed);
        tab.until_printed("client", typed);
        tab.act("stop", json!({}));
        tab.end();

        let capture = saved(&tab, "capture.pcapng");
        let mut reader = PcapNgReader::new(&capture[..]).unwrap();
        let mut with_it = 0;
        while let Some(block) = reader.next_block() {
            if let Block::EnhancedPacket(packet) = block.unwrap() {
                let holds = |window: &[u8]| window == typed.as_bytes();
                with_it += usize::from(packet.data.windows(typed.len()).any(holds));
            }
        }
        // Both ways, on both legs.
        assert!(with_it >= 4, "{with_it}");

        let picture = String::from_utf8(saved(&tab, "picture.svg")).unwrap();
        assert!(picture.starts_with("<svg ") && picture.contains("&lt;&amp;&gt;"), "{picture}");
        assert!(!picture.contains("<script"), "{picture}");
        let mut reader = Reader::from_str(&picture);
        let mut texts = 0;
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) if start.name().as_ref() == b"text" => texts += 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert!(texts > 6, "{picture}");

        let page = String::from_utf8(saved(&tab, "page.html")).unwrap();
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<svg "), "{page}");
        assert!(page.contains(&format!("{lesson}-server")), "{page}");
        let path = format!("/api/sessions/{}/page.html?lang=zh", tab.id);
        let page = web.get(&path).text();
        assert!(page.contains("lang=\"zh-CN\""), "{page}");
        assert!(page.contains(&format!("<h1>两个终端：{lesson}</h1>")), "{page}");
    }
}

#[test]
fn a_scene_has_a_picture_and_no_capture() {
    let web = Web::start(&[]);
    let mut tab = web.begin(&json!({ "kind": "tour", "lesson": "udp-temp" }));
    assert_eq!(tab.end(), "over");
    assert!(String::from_utf8(saved(&tab, "picture.svg")).unwrap().contains("36.6"));
    assert!(String::from_utf8(saved(&tab, "page.html")).unwrap().contains("36.6"));
    let path = format!("/api/sessions/{}/capture.pcapng", tab.id);
    assert_eq!(web.get(&path).status, 404);
}

#[test]
fn others_are_answered_while_a_long_conversation_is_drawn() {
    let web = Web::start(&[]);
    let mut tab = web.begin(&json!({
        "kind": "pair", "lesson": "tcp-chat", "tap": { "split": 1, "gap": 0, "from": "client" },
    }));
    tab.until(|event| event["kind"] == "started" && event["side"] == "client");
    tab.type_line("client", &"x".repeat(2500));
    tab.until(|event| event["kind"] == "piece" && event["out"][1].as_u64() >= Some(2400));
    let answered = std::thread::scope(|scope| {
        let drawn = scope.spawn(|| saved(&tab, "picture.svg"));
        let mut answered = 0;
        while !drawn.is_finished() {
            assert_eq!(web.get("/api/sessions").status, 200);
            answered += 1;
        }
        assert!(!drawn.join().unwrap().is_empty());
        answered
    });
    // One before it is asked for, and one that waits for it, are answered in any case.
    assert!(answered > 4, "{answered}");
}
