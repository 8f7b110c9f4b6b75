//! What other programs make of a kit: shells of its completions, man of its pages, and a machine
//! without network of its programs. Needs bash, zsh, fish, shellcheck, man, groff, ip and unshare.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use harness::Program;
use harness::pairs::PAIRS;

/// What people call.
fn names() -> impl Iterator<Item = &'static str> {
    PAIRS.iter().flat_map(|pair| [pair.server, pair.client]).chain(["lab"])
}

/// A whole kit, of the programs that the tests have built.
fn made() -> &'static Path {
    static KIT: OnceLock<PathBuf> = OnceLock::new();
    KIT.get_or_init(|| {
        let all: Vec<PathBuf> = names().chain(["learn", "web"]).map(harness::binary).collect();
        let programs = all[0].parent().unwrap();
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kit-for-shells");
        let _ = fs::remove_dir_all(&dir);
        let kit = Program::new(env!("CARGO_BIN_EXE_kit")).arg(&dir);
        kit.arg("--programs").arg(programs).run().assert_code(0);
        dir
    })
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(made().join(folder)).unwrap();
    let files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 13, "{folder}: {files:?}");
    files
}

/// What a shell says to these lines, in the folder of the kit.
fn said_by(shell: &[&str], lines: &str) -> String {
    let exit = Program::new(shell[0]).args(&shell[1..]).args(["-c", lines]).dir(made()).run();
    assert_eq!(exit.assert_code(0).err(), "", "{shell:?}: {lines}");
    exit.out()
}

#[test]
fn shellcheck_finds_nothing_in_the_completions_for_bash() {
    let exit = Program::new("shellcheck").arg("--shell=bash").args(files("completions/bash")).run();
    exit.assert_code(0);
}

/// The function that completes a program in bash.
fn function(name: &str) -> String {
    format!("_{}", name.replace('-', "__"))
}

#[test]
fn bash_completes_options_values_and_commands() {
    let bash = ["bash", "--noprofile", "--norc"];
    let all = "for file in completions/bash/*; do . \"$file\"; done\n";
    for name in names() {
        let known = said_by(&bash, &format!("{all}complete -p {name}"));
        let function = function(name);
        assert!(known.contains(&format!("-F {function} {name}\n")), "{known}");
    }
    for (typed, words, expected) in [
        ("--mo", "tcp-echo-server --mo", "--model"),
        ("ta", "tcp-echo-server --model ta", "tasks"),
        ("che", "lab che", "check"),
        ("--js", "lab check --js", "--json"),
        ("--ven", "lab kit --ven", "--vendor"),
    ] {
        let program = words.split(' ').next().unwrap();
        let before = words.split(' ').rev().nth(1).unwrap();
        let lines = format!(
            "{all}COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             {} {program} '{typed}' '{before}'; echo \"${{COMPREPLY[@]}}\"",
            function(program)
        );
        let completed = said_by(&bash, &lines);
        assert!(completed.split_whitespace().any(|word| word == expected), "{words}: {completed}");
    }
}

#[test]
fn zsh_loads_the_completions_in_both_languages() {
    for folder in ["completions/zsh", "completions/zh_CN/zsh"] {
        for file in files(folder) {
            Program::new("zsh").args(["-f", "-n"]).arg(file).run().assert_code(0);
        }
        let dump = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zcompdump");
        let _ = fs::remove_file(&dump);
        for name in names() {
            let lines = format!(
                "fpath=(\"$PWD/{folder}\" $fpath); autoload -Uz compinit\n\
                 compinit -u -d '{}'; print $_comps[{name}]; autoload +X _{name}",
                dump.display()
            );
            assert_eq!(said_by(&["zsh", "-f"], &lines), format!("_{name}\n"));
        }
    }
}

#[test]
fn fish_completes_options_values_and_commands() {
    for (folder, words, expected) in [
        ("fish", "tcp-echo-server --mo", "--model\tHow several clients are served"),
        ("fish", "tcp-echo-server --model ta", "tasks"),
        ("fish", "lab kit --ven", "--vendor"),
        ("zh_CN/fish", "tcp-echo-server --mo", "--model\t怎样服务几个客户端"),
    ] {
        // fish reads them for programs that it finds.
        let lines = format!(
            "set -p PATH $PWD/bin; set -p fish_complete_path $PWD/completions/{folder}\n\
             complete -C '{words}'"
        );
        let completed = said_by(&["fish", "--no-config"], &lines);
        assert!(completed.lines().any(|line| line.starts_with(expected)), "{words}: {completed}");
    }
}

#[test]
fn man_and_groff_have_no_warnings_about_any_page() {
    let pages = [files("man/man1"), files("man/zh_CN/man1")].concat();
    for page in pages {
        let man = Program::new("man")
            .args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"])
            .arg(&page)
            .env("LC_ALL", "C.UTF-8")
            .env("MANROFFSEQ", "")
            .env("MANWIDTH", "80");
        let exit = man.run();
        assert_eq!(exit.assert_code(0).err(), "", "{}", page.display());
        assert!(!exit.out().is_empty());
    }
}

#[test]
fn whatis_finds_what_each_page_is_about() {
    for (page, expected) in [
        ("man/man1/udp-temp-server.1", "\"udp-temp-server - Converts degrees Celsius"),
        ("man/zh_CN/man1/udp-temp-server.1", "\"udp-temp-server - 把摄氏度换算成华氏度"),
        ("man/man1/lab-kit.1", "\"lab-kit - Make what a room without network needs"),
    ] {
        let lexgrog = Program::new("lexgrog").arg(made().join(page)).env("LC_ALL", "C.UTF-8");
        let line = lexgrog.run().assert_code(0).out();
        assert!(line.contains(expected), "{line}");
    }
}

#[test]
fn a_kit_is_used_without_network_and_without_cargo() {
    let lines = "\
ip link set lo up || exit 90
! ip route get 192.0.2.1 2>/dev/null || exit 91
PATH=$PWD/bin:$PATH
mkfifo \"$TMP/said\" && exec 3<>\"$TMP/said\" || exit 93
tcp-echo-server --addr 127.0.0.1:0 --once >\"$TMP/said\" &
read -r listening on addr <&3
[ \"$listening $on\" = 'listening on' ] || exit 94
tcp-echo-client --addr \"$addr\" 你好 exit || exit 95
wait || exit 96
lab tour udp-temp || exit 97
lab check udp-temp --command \"$PWD/bin/udp-temp-server --addr 127.0.0.1:{port}\" || exit 98
lab learn udp-temp --help >/dev/null && lab web --help >/dev/null || exit 99";
    let folder = tempfile::tempdir().unwrap();
    let exit = Program::new("unshare")
        .args(["--user", "--map-root-user", "--net", "sh", "-c", lines])
        .env("TMP", folder.path())
        .env("CARGO", "no-such-cargo")
        .dir(made())
        .run();
    assert!(exit.assert_code(0).out().contains("服务端接收到了信息 你好"), "{exit:?}");
}
