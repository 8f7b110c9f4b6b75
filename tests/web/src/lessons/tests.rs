use super::*;

fn lesson(name: &str) -> &'static Lesson {
    find(name).unwrap()
}

#[test]
fn the_lessons_are_those_of_the_tour_and_the_judge() {
    let names: Vec<_> = ALL.iter().map(|lesson| lesson.name).collect();
    assert_eq!(names, lab::tour::LESSONS.each_ref().map(|lesson| lesson.name));
    for name in check::lessons() {
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn every_value_that_can_be_chosen_is_known_to_the_programs() {
    for lesson in ALL {
        for (side, whose) in [("server", Whose::Server), ("client", Whose::Client)] {
            let program = harness::binary(&format!("{}-{side}", lesson.name));
            for choice in lesson.options {
                let values = match choice.kind {
                    Kind::One(values) => values.iter().map(|(value, _)| json!(value)).collect(),
                    Kind::Number { least, most, .. } => vec![number(least), number(most)],
                    Kind::Flag => vec![json!(true)],
                    Kind::Words => vec![json!("a 'b c'")],
                    Kind::Path => vec![json!("/a?b")],
                };
                for value in values {
                    let mut options = json!({ choice.name: value });
                    if let Some((option, value)) = choice.only {
                        options[option] = json!(value);
                    }
                    let chosen = lesson.read(&options).unwrap();
                    let arguments = chosen.arguments(lesson, whose);
                    // Help is shown when all before it was understood.
                    let help =
                        harness::Program::new(&program).args(arguments.clone()).arg("--help").run();
                    assert_eq!(help.code, Some(0), "{arguments:?}: {}", help.err());
                }
            }
        }
    }
}

#[test]
fn what_is_not_in_the_catalog_is_refused() {
    for (name, options) in [
        ("tcp-echo", json!({ "dialect": "nonsense" })),
        ("tcp-echo", json!({ "dialect": ["repeat"] })),
        ("tcp-echo", json!({ "addr": "0.0.0.0:1" })),
        ("tcp-echo", json!({ "think": 11 })),
        ("tcp-echo", json!({ "think": -1 })),
        ("tcp-echo", json!({ "read-size": 1.5 })),
        ("tcp-echo", json!({ "read-size": "8" })),
        ("tcp-echo", json!({ "burst": "yes" })),
        ("tcp-echo", json!({ "messages": "'open" })),
        ("tcp-echo", json!({ "messages": "a\u{0}b" })),
        ("tcp-echo", json!({ "messages": "x".repeat(LONGEST + 1) })),
        ("tcp-chat", json!({ "history": 5 })),
        ("tcp-chat", json!({ "history": 5, "mode": "turns" })),
        ("http-fetch", json!({ "path": "http://example.com/" })),
        ("http-fetch", json!({ "path": "/a b" })),
        ("http-fetch", json!("/")),
    ] {
        assert!(lesson(name).read(&options).is_err(), "{name} {options}");
    }
    assert!(lesson("tcp-chat").read(&json!({ "history": 5, "mode": "room" })).is_ok());
}

#[test]
fn options_become_arguments_and_words_stand_behind_them() {
    let lesson = lesson("tcp-echo");
    let options = json!({ "think": 0.5, "burst": true, "messages": "-a 'b c' --trace" });
    let chosen = lesson.read(&options).unwrap();
    let words = ["-a", "b c", "--trace"].map(str::to_owned);
    assert_eq!(chosen.words(lesson), words);
    let server = chosen.arguments(lesson, Whose::Server).join(" ");
    assert_eq!(server, "--dialect repeat --model threads --think 0.5");
    let client = chosen.arguments(lesson, Whose::Client).join(" ");
    assert_eq!(client, "--dialect repeat --burst");
    assert_eq!(lesson.read(&Value::Null).unwrap().arguments(lesson, Whose::Client).len(), 2);
}
