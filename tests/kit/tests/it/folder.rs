//! A kit is all there, or nothing of it; and nothing is written over.

use std::fs;
use std::path::Path;

#[cfg(unix)]
use crate::programs;
use crate::{kit, made, names};

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_kit_holds_programs_pages_completions_and_how_to_use_them() {
    assert_eq!(
        entries(made()),
        [
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "README.zh-CN.md",
            "bin",
            "completions",
            "index.html",
            "index.zh-CN.html",
            "lessons",
            "libexec",
            "man"
        ]
    );
    let mut programs: Vec<String> =
        names().map(|name| format!("{name}{}", std::env::consts::EXE_SUFFIX)).collect();
    programs.sort();
    assert_eq!(entries(&made().join("bin")), programs);
}

#[test]
fn the_laboratory_of_a_kit_finds_its_programs_there() {
    let lab = made().join("bin").join(format!("lab{}", std::env::consts::EXE_SUFFIX));
    let nothing = tempfile::tempdir().unwrap();
    // Without cargo, and elsewhere than in the workspace.
    let tour = harness::Program::new(&lab)
        .args(["tour", "udp-temp"])
        .dir(nothing.path())
        .env("CARGO", "no-such-cargo")
        .env("PATH", nothing.path().to_str().unwrap());
    let tour = tour.run().assert_code(0).out();
    assert!(tour.contains("\n  udp-temp-client 25 -40\n"), "{tour}");
    assert!(!tour.contains("cargo"), "{tour}");
    let learn = harness::Program::new(&lab)
        .args(["learn", "udp-temp", "--help"])
        .env("CARGO", "no-such-cargo")
        .run();
    assert!(learn.assert_code(0).out().contains("--in"), "{learn:?}");
}

#[test]
fn programs_of_a_kit_name_no_command_of_cargo() {
    let program = |name: &str| {
        harness::Program::new(
            made().join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)),
        )
    };
    for words in [&["--help"][..], &["tour", "--help"], &["learn", "--help"], &["list"]] {
        let said = program("lab").args(words).run().assert_code(0).out();
        assert!(said.contains("lab "), "{words:?}: {said}");
        assert!(!said.contains("cargo lab") && !said.contains("cargo run -p"), "{words:?}: {said}");
    }
    // Nobody listens there: it is a port that the system has just given away and taken back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (client, server) in
        [("tcp-echo-client", "`tcp-echo-server`"), ("http-fetch-client", "`http-fetch-server`")]
    {
        let client = program(client);
        let client = match server {
            "`tcp-echo-server`" => client.args(["-a", &format!("127.0.0.1:{port}"), "hi"]),
            _ => client.arg(format!("http://127.0.0.1:{port}/")),
        };
        let error = client.run().assert_one_error(1);
        assert!(error.contains(server) && !error.contains("cargo"), "{error}");
    }
    let page = fs::read_to_string(made().join("man").join("man1").join("lab-tour.1")).unwrap();
    assert!(!page.contains("cargo lab"), "{page}");
}

#[test]
fn a_folder_that_holds_something_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let error = kit(folder.path(), &["--no-tour"]).run().assert_one_error(1);
    assert!(
        error.contains("is not empty") && error.contains("nothing in it is written over"),
        "{error}"
    );
    assert_eq!(entries(folder.path()), ["mine.txt"]);
    assert_eq!(fs::read_to_string(folder.path().join("mine.txt")).unwrap(), "mine");
}

#[test]
fn a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = kit(&file, &["--no-tour"]).run().assert_one_error(1);
    assert!(error.contains("cannot make"), "{error}");
    assert_eq!(fs::read_to_string(file).unwrap(), "mine");
}

#[test]
fn what_an_interrupted_run_left_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".unfinished")).unwrap();
    let error = kit(folder.path(), &["--no-tour"]).run().assert_one_error(1);
    assert!(error.contains("unfinished") && error.contains(".unfinished"), "{error}");
}

#[test]
fn a_run_that_fails_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let no_programs = tempfile::tempdir().unwrap();
    let options = ["--no-tour", "--programs", no_programs.path().to_str().unwrap()];
    let new = folder.path().join("new");
    let error = kit(&new, &options).run().assert_one_error(1);
    assert!(error.contains("tcp-echo-server"), "{error}");
    assert_eq!(entries(folder.path()), [""; 0]);
    // An empty folder of the user's stays.
    kit(folder.path(), &options).run().assert_one_error(1);
    assert_eq!(entries(folder.path()), [""; 0]);
}

#[test]
fn a_program_that_is_none_of_ours_is_told_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    for name in names().chain(["learn", "web"]) {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        fs::write(other.path().join(name), "no program").unwrap();
    }
    let options = ["--no-tour", "--programs", other.path().to_str().unwrap()];
    let error = kit(&folder.path().join("new"), &options).run().assert_one_error(1);
    assert!(error.contains("cannot run") && error.contains("tcp-echo-server"), "{error}");
    assert_eq!(entries(folder.path()), [""; 0]);
}

#[test]
#[cfg(unix)]
fn an_interruption_leaves_nothing() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let new = folder.path().join("new");
    let running = kit(&new, &["--programs", programs().to_str().unwrap()]).start();
    // It has begun to fill the folder, and is in the middle of it.
    harness::eventually("programs are copied", || new.join(".unfinished/bin").is_dir());
    running.signal(harness::Signal::SIGINT);
    running.wait().assert_code(130);
    assert_eq!(entries(folder.path()), [""; 0]);
}

#[test]
fn its_readme_speaks_of_what_is_there() {
    for name in ["README.md", "README.zh-CN.md"] {
        let readme = fs::read_to_string(made().join(name)).unwrap();
        for left_out in ["(tour", "`source/`", "{version}", "{system}", "{lessons}", "<!--"] {
            assert!(!readme.contains(left_out), "{left_out}: {readme}");
        }
        assert!(readme.contains(env!("CARGO_PKG_VERSION")), "{readme}");
    }
}
