//! Every console transcript of every README, run with the real programs. Where one has changed,
//! `UPDATE=1 cargo test -p transcripts` writes what is seen now.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

macro_rules! documents {
    ($($test:ident: $document:literal)*) => {
        $(#[test] fn $test() { transcripts::assert_comes_out_as_shown(&root().join($document)); })*
        const TESTED: &[&str] = &[$($document),*];
    };
}

documents! {
    the_front_door: "README.md"
    the_front_door_in_chinese: "README.zh-CN.md"
    tcp_echo: "tcp-echo/README.md"
    tcp_echo_in_chinese: "tcp-echo/README.zh-CN.md"
    tcp_chat: "tcp-chat/README.md"
    tcp_chat_in_chinese: "tcp-chat/README.zh-CN.md"
    udp_echo: "udp-echo/README.md"
    udp_echo_in_chinese: "udp-echo/README.zh-CN.md"
    udp_temp: "udp-temp/README.md"
    udp_temp_in_chinese: "udp-temp/README.zh-CN.md"
    remote_cmd: "remote-cmd/README.md"
    remote_cmd_in_chinese: "remote-cmd/README.zh-CN.md"
    http_fetch: "http-fetch/README.md"
    http_fetch_in_chinese: "http-fetch/README.zh-CN.md"
    tests: "tests/README.md"
}

#[test]
fn every_readme_is_tested_here() {
    let below = |folder: &Path| {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.collect::<Vec<_>>()
    };
    let folders = below(root()).into_iter().filter(|path| path.join("README.md").exists());
    let files = folders.flat_map(|folder| below(&folder)).chain(below(root()));
    let readmes = files.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("README") && name.ends_with(".md")
    });
    let names: BTreeSet<_> = readmes
        .map(|path| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, TESTED.iter().map(|&name| name.to_owned()).collect());
}

#[test]
fn a_changed_output_is_told_or_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("README.md");
    let with = |seen: &str| format!("```console\n$ echo hello; echo world\nhello\n{seen}\n```\n");
    std::fs::write(&document, with("word")).unwrap();
    let checked = std::panic::catch_unwind(|| transcripts::assert_comes_out_as_shown(&document));
    if std::env::var_os("UPDATE").is_some() {
        checked.unwrap();
        assert_eq!(std::fs::read_to_string(&document).unwrap(), with("world"));
    } else {
        let told = checked.unwrap_err().downcast::<String>().unwrap();
        assert!(
            told.contains("README.md:2:\n  $ echo hello; echo world\n  hello\n- word\n+ world\n"),
            "{told}"
        );
        assert!(told.contains("`UPDATE=1 cargo test -p transcripts`"), "{told}");
    }
}
