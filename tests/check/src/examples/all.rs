//! The examples of the lessons, as they were when the laboratory was built.

use super::Example;

macro_rules! examples {
    ($($lesson:literal: $($name:literal)+;)+) => {
        &[$($(Example {
            lesson: $lesson,
            name: $name,
            text: include_str!(concat!("../../../../", $lesson, "/examples/", $name, ".rs")),
        },)+)+]
    };
}

/// All of them, lesson by lesson, in their order.
pub const ALL: &[Example] = examples! {
    "tcp-echo":
        "1-one-client"
        "2-next-client"
        "3-a-thread-each"
        "4-whole-characters"
        "5-limits"
        "6-a-task-each"
        "7-client"
        "8-whole-answers"
        "9-client-with-a-time-limit";
    "tcp-chat":
        "1-turns-server"
        "2-turns-client"
        "3-both-client"
        "4-both-server"
        "5-room"
        "6-nobody-stalls";
    "udp-echo":
        "1-hello"
        "2-whatever-arrives"
        "3-client"
        "4-client-asks-again"
        "5-client-believes-one";
    "udp-temp":
        "1-one-question"
        "2-next-question"
        "3-bad-input"
        "4-client";
    "remote-cmd":
        "1-it-sticks"
        "2-length-and-acknowledgement"
        "3-length-in-front"
        "4-both-pipes"
        "5-an-end-to-everything"
        "6-client"
        "7-client-acknowledges"
        "8-client-length-in-front";
    "http-fetch":
        "1-client-until-the-end"
        "2-client-where-a-body-ends"
        "3-client-saves-whole"
        "4-a-page-for-everybody"
        "5-what-was-asked-for"
        "6-files";
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_example_of_every_lesson_is_here() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let lessons: BTreeSet<_> = ALL.iter().map(|example| example.lesson).collect();
        for lesson in lessons {
            let folder = fs::read_dir(root.join(lesson).join("examples")).unwrap();
            let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let there: BTreeSet<_> = names
                .filter(|name| name.starts_with(|first: char| first.is_ascii_digit()))
                .map(|name| name.trim_end_matches(".rs").to_owned())
                .collect();
            let here: BTreeSet<_> = ALL
                .iter()
                .filter(|example| example.lesson == lesson)
                .map(|example| example.name.to_owned())
                .collect();
            assert_eq!(here, there, "{lesson}");
        }
    }
}
