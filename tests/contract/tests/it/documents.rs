//! What the documents and help texts name is there: files, programs, options. That transcripts come
//! out as they are shown is for the crate `transcripts`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use harness::pairs::PAIRS;
use harness::{Program, binary, each_program};

/// The root of the workspace.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Every document: those of the workspace and those of its folders.
fn documents() -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.join("README.md").exists()).chain([root().to_owned()]);
    let files =
        folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let documents =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let documents: Vec<_> =
        documents.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect();
    assert!(documents.len() >= 2, "found only {documents:?}");
    documents
}

/// Whether it is a program of a pair.
fn is_program(word: &str) -> bool {
    PAIRS.iter().any(|pair| pair.server == word || pair.client == word)
}

/// The program and the arguments of a command line, if it calls one of ours, by name or by `cargo
/// run`.
fn call(line: &str) -> Option<(String, Vec<String>)> {
    let line = line.split(" # ").next().unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    if let [cargo, run, options @ ..] = words.as_slice()
        && *cargo == "cargo"
        && *run == "run"
    {
        let after = |name| options.iter().skip_while(|word| **word != name).nth(1).copied();
        if options.contains(&"--example") {
            // A program for one lesson, without options.
            return None;
        }
        let package = after("-p")?;
        // `default-run` is the server.
        let program = after("--bin").map_or_else(|| format!("{package}-server"), str::to_owned);
        let args = options.iter().skip_while(|word| **word != "--").skip(1);
        // `DEMO` stands for any of them.
        return is_program(&program)
            .then(|| (program, args.map(|word| (*word).to_owned()).collect()));
    }
    let at = words.iter().position(|word| is_program(word))?;
    let args = words[at + 1..].iter().take_while(|word| !["|", "&&", ";", ">"].contains(word));
    Some((words[at].to_owned(), args.map(|word| (*word).to_owned()).collect()))
}

/// The commands in a document: in its `console` blocks behind `$`, and in its code spans.
fn commands(document: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut in_block = false;
    for line in document.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            commands.extend(line.strip_prefix("$ ").map(str::to_owned));
        } else {
            commands.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    commands
}

/// Fails if the line calls one of our programs with an option that its help does not name.
fn assert_options_exist(line: &str, place: &str) {
    let Some((program, args)) = call(line) else { return };
    let help = help(&program);
    for arg in args.iter().filter(|arg| arg.starts_with("--") && arg.len() > 2) {
        let option: String =
            arg.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let named =
            help.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|word| word == option);
        assert!(named, "{place}: `{line}`: {program} has no {option}");
    }
}

fn help(program: &str) -> String {
    thread_local! {
        static HELPS: std::cell::RefCell<BTreeMap<String, String>> = std::cell::RefCell::default();
    }
    HELPS.with_borrow_mut(|helps| {
        let ask = || Program::new(binary(program)).arg("--help").run().out();
        helps.entry(program.to_owned()).or_insert_with(ask).clone()
    })
}

#[test]
fn every_file_that_a_document_points_to_is_there() {
    for (path, text) in documents() {
        let targets = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            let file = path.parent().unwrap().join(target.split('#').next().unwrap());
            assert!(file.exists(), "{}: {target} is not there", path.display());
        }
    }
}

#[test]
fn every_option_that_a_document_names_is_there() {
    let mut calls = 0;
    for (path, text) in documents() {
        for command in commands(&text) {
            assert_options_exist(&command, &path.display().to_string());
            calls += usize::from(call(&command).is_some());
        }
    }
    assert!(
        calls > 10,
        "only {calls} commands were found: are the documents written in another way now?"
    );
}

#[test]
fn every_option_in_the_examples_of_a_help_is_there() {
    each_program(|program| {
        let help = help(program);
        let (_, examples) = help.split_once("xamples").unwrap();
        let lines: Vec<&str> = examples.lines().filter(|line| line.contains(program)).collect();
        assert!(!lines.is_empty(), "the examples of {program} do not call it");
        for line in lines {
            // Words of explanation follow after some blanks.
            assert_options_exist(
                line.trim().split("   ").next().unwrap(),
                &format!("{program} --help"),
            );
        }
    });
}

/// The files with code of a lesson.
fn code(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let here = files.map(|path| fs::read_to_string(path).unwrap());
    here.chain(folders.iter().flat_map(|folder| code(folder))).collect()
}

#[test]
fn what_a_lesson_shows_of_its_code_stands_there() {
    let mut shown = 0;
    for (path, document) in documents() {
        let lesson = path.parent().unwrap();
        if !lesson.join("examples").exists() {
            continue;
        }
        let files = [code(&lesson.join("examples")), code(&lesson.join("src"))].concat();
        for block in document.split("\n```rust\n").skip(1) {
            let (block, _) = block.split_once("\n```").unwrap();
            assert!(
                files.iter().any(|file| file.contains(block)),
                "{}: in no file of the lesson stands\n{block}",
                path.display()
            );
            shown += 1;
        }
    }
    assert!(shown > 10, "only {shown} pieces of code were found");
}
