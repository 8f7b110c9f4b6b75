//! A lesson shows its own files as they are, and says the same in both languages.

use std::fs;
use std::path::{Path, PathBuf};

use harness::pairs::PAIRS;

/// The folder of each lesson.
fn lessons() -> Vec<PathBuf> {
    PAIRS
        .iter()
        .filter_map(|pair| pair.server.strip_suffix("-server"))
        .map(|name| root().join(name))
        .collect()
}

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).to_owned()
}

/// A document in English and in Chinese: `NAME.md` and `NAME.zh-CN.md`.
fn texts(folder: &Path, name: &str) -> [(PathBuf, String); 2] {
    ["md", "zh-CN.md"].map(|end| {
        let path = folder.join(format!("{name}.{end}"));
        (path.clone(), fs::read_to_string(path).unwrap())
    })
}

/// The blocks of code in a document, each with the words behind its fence.
fn blocks(document: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block = lines.by_ref().take_while(|line| *line != "```");
            blocks.push((language, block.map(|line| format!("{line}\n")).collect()));
        }
    }
    blocks
}

/// The text of every Rust file in this folder and below.
fn rust_files(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push(fs::read_to_string(path).unwrap().replace("\r\n", "\n"));
        }
    }
    texts
}

/// What must be the same in every language: the sections, the rows of tables, and the commands.
fn outline(document: &str) -> Vec<String> {
    let mut outline = Vec::new();
    let mut in_block = false;
    for line in document.lines() {
        if let Some(language) = line.strip_prefix("```") {
            in_block = !in_block;
            outline.push(format!("``` {language}"));
        } else if in_block {
            // Behind `#` it says in which terminal.
            let command = line.strip_prefix("$ ").and_then(|line| line.split(" # ").next());
            outline.extend(command.map(|command| format!("$ {}", command.trim_end())));
        } else if line.starts_with('#') {
            outline.push(line.chars().take_while(|&letter| letter == '#').collect());
        } else if line.starts_with('|') {
            outline.push(format!("a row of {} cells", line.matches('|').count() - 1));
        }
    }
    outline
}

#[test]
fn every_listing_stands_in_a_file_of_its_lesson() {
    for lesson in lessons() {
        let files =
            [rust_files(&lesson.join("examples")), rust_files(&lesson.join("src"))].concat();
        for (path, text) in texts(&lesson, "README") {
            for (_, listing) in
                blocks(&text).into_iter().filter(|(language, _)| *language == "rust")
            {
                let found = files.iter().any(|file| file.contains(&listing));
                assert!(found, "{}: in no file of this lesson:\n{listing}", path.display());
            }
        }
    }
}

#[test]
fn both_languages_of_a_document_have_the_same_sections_tables_and_commands() {
    let documents = lessons().into_iter().map(|lesson| (lesson, "README"));
    let documents = documents.chain([(root(), "README"), (root(), "BASICS")]);
    for (folder, name) in documents {
        let [(path, english), (_, chinese)] = texts(&folder, name);
        let (english, chinese) = (outline(&english), outline(&chinese));
        let same = english
            .iter()
            .zip(&chinese)
            .take_while(|(english, chinese)| english == chinese)
            .count();
        let (left, right) = (english.get(same), chinese.get(same));
        let before = &english[same.saturating_sub(3)..same];
        assert!(
            left == right,
            "{}: after {before:?} {left:?}, in Chinese {right:?}",
            path.display()
        );
    }
}
