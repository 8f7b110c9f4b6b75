//! Programs that go for what is not theirs: other processes, other folders, all of the disk.

use std::fs;
use std::path::Path;
use std::time::Duration;

use harness::Program;
use landlock::{ABI, AccessFs, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _, Scope};

use crate::{learn, start, write_step};

/// What each does; then it says nothing to anybody.
const PROGRAMS: [(&str, &str); 6] = [
    ("everybody", "kill -9 -1"),
    ("judge", "kill -9 $PPID; kill -9 0"),
    ("cuckoo", "for file in ../*/lesson.toml; do echo mine > $file; rm -f $file; done"),
    ("leaver", "rm -rf \"$PWD\""),
    ("disk", "i=0; while :; do i=$((i+1)); head -c 33554432 /dev/zero > $i; done"),
    (
        "lost",
        "i=0; while [ $i -lt 9 ]; do i=$((i+1)); exec 8>&- ; exec 8> $TMPDIR/$i; \
      head -c 62914560 /dev/zero >&8; ( sleep 1000 ) & rm $TMPDIR/$i; done",
    ),
];

/// What the kernel is asked for has to be there: signals since Linux 6.12, files since 5.13.
fn is_confined() -> bool {
    let hard = || Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    hard().scope(Scope::Signal).is_ok()
        && hard().handle_access(AccessFs::from_write(ABI::V3)).is_ok()
}

/// Whether a program on trial may send a signal to this test. Asked by one that does nothing.
fn reaches_us() -> bool {
    let ask = format!("kill -0 {}", std::process::id());
    let confined = ["confined", "--lang", "en", "--", "sh", "-c", &ask];
    Program::new(env!("CARGO_BIN_EXE_learn")).args(confined).run().code == Some(0)
}

fn student(home: &Path, name: &str, act: &str) {
    let dir = home.join(name);
    fs::create_dir(&dir).unwrap();
    let lesson = "lesson = \"udp-temp\"\ncommand = \"sh server.sh {port}\"\n";
    fs::write(dir.join("lesson.toml"), lesson).unwrap();
    fs::write(dir.join("server.sh"), format!("{act}\nsleep 1000\n")).unwrap();
}

#[test]
fn what_is_not_its_own_a_program_cannot_touch() {
    if !is_confined() {
        eprintln!("not tried: this kernel confines no signals");
        return;
    }
    assert!(!reaches_us(), "what follows would kill whoever runs this test");
    let home = tempfile::tempdir().unwrap();
    let students = home.path().join("students");
    fs::create_dir(&students).unwrap();
    start(&students, "right");
    write_step(&students.join("right"), 3);
    for (name, act) in PROGRAMS {
        student(&students, name, act);
    }
    let right = fs::read(students.join("right/lesson.toml")).unwrap();
    let exit =
        learn(home.path(), &["class", "students"]).start().wait_within(Duration::from_secs(900));
    exit.assert_code(0);
    let out = exit.out();
    let row = |name: &str| {
        let row = out.lines().find_map(|row| row.strip_prefix(&format!("{name}: ")));
        row.unwrap_or_else(|| panic!("{out}")).to_owned()
    };
    for (name, _) in PROGRAMS {
        assert!(row(name).starts_with("udp-temp 0/"), "{out}");
    }
    assert!(row("disk").contains("more than 256 MiB"), "{out}");
    assert!(row("lost").contains("more than 256 MiB"), "{out}");
    assert!(!row("right").starts_with("udp-temp 0/") && !row("right").contains("/0;"), "{out}");
    assert_eq!(fs::read(students.join("right/lesson.toml")).unwrap(), right);
    assert!(students.join("everybody/lesson.toml").exists());
}
