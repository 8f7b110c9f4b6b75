//! The tour, the experiments and the judge.

use serde_json::{Value, json};

use crate::client::Web;

#[test]
fn every_scene_of_the_tour_comes_with_its_words_and_steps() {
    let web = Web::start(&[]);
    let catalog = web.get("/api/catalog").json();
    for lesson in catalog["lessons"].as_array().unwrap() {
        let mut tab = web.begin(&json!({ "kind": "tour", "lesson": lesson["name"], "lang": "zh" }));
        assert_eq!(tab.end(), "over", "{:?}", tab.events.last());
        let begin = &tab.events[0];
        assert_eq!(
            (&begin["kind"], &begin["says"]),
            (&json!("begin"), &lesson["scenes"][0]["says"])
        );
        assert!(tab.has(|event| event["kind"] == "ladder" && event["names"]["right"] != ""));
        let arrow = |event: &Value| event["kind"] == "step" && event["what"] == "arrow";
        assert!(tab.has(arrow), "{}", lesson["name"]);
        assert!(tab.has(|event| event["kind"] == "printed" && event["who"] == "服务端"));
        let terms = tab.events.iter().find(|event| event["kind"] == "terms").unwrap();
        assert!(!terms["terms"].as_array().unwrap().is_empty());
    }
}

#[test]
fn an_experiment_tells_what_it_measures_and_which_choice_was_right() {
    let web = Web::start(&[]);
    for lang in ["en", "zh"] {
        let mut tab = web.begin(&json!({ "kind": "experiment", "name": "sticky", "lang": lang }));
        assert_eq!(tab.end(), "over");
        let lines = tab.events.iter().filter(|event| event["kind"] == "line");
        assert!(lines.clone().all(|line| line["mark"] == "✓"), "{:?}", tab.events);
        assert!(lines.count() >= 4);
        let verdict = tab.events.iter().find(|event| event["kind"] == "verdict").unwrap();
        assert_eq!((&verdict["as_predicted"], verdict["choice"].is_u64()), (&json!(true), true));
        let tally = verdict["tally"].as_str().unwrap();
        assert_eq!(tally.contains("predicted"), lang == "en", "{tally}");
    }
}

#[test]
fn the_judges_report_grows_while_it_runs() {
    let web = Web::start(&[]);
    let mut tab = web.begin(&json!({ "kind": "check", "lesson": "udp-temp", "side": "server" }));
    assert_eq!(tab.end(), "over");
    let begin = &tab.events[0];
    let names = begin["checks"].as_array().unwrap();
    assert!(names.len() > 3, "{begin}");
    for name in names {
        let is_it = |event: &Value| event["kind"] == "checked" && &event["check"] == name;
        let checked = tab.events.iter().find(|event| is_it(event)).unwrap();
        assert_eq!(checked["result"], "ok", "{checked}");
        assert!(tab.has(|event| event["kind"] == "checking" && &event["check"] == name));
    }
    let summary = tab.events.iter().find(|event| event["kind"] == "summary").unwrap();
    assert_eq!((&summary["held"], &summary["failed"]), (&json!(names.len()), &json!([])));
}

#[test]
fn the_judge_says_what_is_wrong_with_a_program_of_ones_own() {
    let echo = harness::binary("udp-echo-server");
    let command = format!("'{}' --addr {{addr}}", echo.display());
    let web = Web::start(&["--lesson", "udp-temp", "--command", &command]);
    let lessons = web.get("/api/catalog").json()["lessons"].clone();
    let lesson = lessons.as_array().unwrap().iter().find(|l| l["name"] == "udp-temp").unwrap();
    let checks = &lesson["suites"][0]["checks"];
    let only = [&checks[0]["name"], &checks[1]["name"]];
    let order = json!({
        "kind": "check", "lesson": "udp-temp", "side": "server", "own": true, "only": only,
    });
    let mut tab = web.begin(&order);
    assert_eq!(tab.end(), "over");
    assert_eq!(tab.events[0]["program"], command);
    let failed = tab.events.iter().find(|event| event["result"] == "failed").unwrap();
    assert!(!failed["rows"].as_array().unwrap().is_empty(), "{failed}");
    assert!(failed["what"].as_str().is_some_and(|what| !what.is_empty()), "{failed}");
}
