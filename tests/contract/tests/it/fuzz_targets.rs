//! That what the documents say of fuzzing is so: each target has a corpus that `cargo test` runs,
//! and stands in the list.

use std::fs;
use std::path::{Path, PathBuf};

/// The files of targets, which are named so wherever they lie.
fn targets_in(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
            targets_in(&path, found);
        } else if path.ends_with("fuzz.rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_fuzz_target_has_a_corpus_and_is_listed() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let listed = fs::read_to_string(root.join("tests/README.md")).unwrap();
    let mut files = Vec::new();
    targets_in(root, &mut files);
    let mut targets = 0;
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        for name in source.split("check!(name = \"").skip(1) {
            let name = name.split('"').next().unwrap();
            let corpus = file.with_file_name("__fuzz__").join(name).join("corpus");
            let inputs = fs::read_dir(&corpus).map_or(0, |inputs| inputs.count());
            assert!(inputs > 0, "{} holds nothing", corpus.display());
            let is_listed =
                listed.contains(&format!("`{name}`")) || listed.contains(&format!("::{name}`"));
            assert!(is_listed, "`{name}` is missing in tests/README.md");
            targets += 1;
        }
    }
    assert!(targets >= 26, "{targets} targets");
}
