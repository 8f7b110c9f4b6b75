//! Programs that take what they can get, and a class that does not suffer from them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use harness::{Signal, eventually};

use crate::{learn, start, write_step};

/// What each does once it has the port, so that it is at the second stage.
const PROGRAMS: [(&str, &str); 7] = [
    ("hang", "loop {}"),
    ("flood", "loop { println!(\"{}\", \"x\".repeat(1000)); }"),
    (
        "memory",
        "let mut all = Vec::new(); loop { all.push(vec![1u8; 1 << 20]); std::hint::black_box(&all); }",
    ),
    (
        "file",
        "use std::io::Write; let mut file = std::fs::File::create(\"much\").unwrap(); loop { file.write_all(&[0; 1 << 16]).unwrap(); }",
    ),
    (
        "daemon",
        "Command::new(\"setsid\").arg(std::env::current_exe().unwrap()).args([\"0\", \"idle\"]).spawn().unwrap(); idle();",
    ),
    (
        "bomb",
        "loop { for _ in 0..2 { let _ = Command::new(std::env::current_exe().unwrap()).arg(\"0\").spawn(); } }",
    ),
    (
        "killer",
        "let judge = std::os::unix::process::parent_id().to_string(); Command::new(\"setsid\").arg(std::env::current_exe().unwrap()).args([\"0\", \"idle\"]).spawn().unwrap(); Command::new(\"kill\").args([\"-9\", &judge]).status().unwrap(); Command::new(\"kill\").args([\"-9\", \"0\"]).status().unwrap();",
    ),
];

fn program(act: &str) -> String {
    format!(
        "#![allow(unused)]\nuse std::process::Command;\n\
         fn idle() -> ! {{ loop {{ std::thread::park() }} }}\nfn main() {{\n    \
         if std::env::args().nth(2).is_some() {{ idle() }}\n    \
         let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();\n    \
         let server = std::net::UdpSocket::bind((\"127.0.0.1\", port)).unwrap();\n    {act}\n}}\n"
    )
}

/// The command lines of all processes that were started from this folder.
fn left(home: &Path) -> Vec<String> {
    let home = home.to_str().unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|process| fs::read_link(process.path().join("exe")).ok())
        .map(|exe| exe.display().to_string())
        .filter(|exe| exe.starts_with(home))
        .collect()
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what is bounded how is Linux's")]
fn whatever_a_program_does_only_its_own_row_says_so_and_nothing_of_it_is_left() {
    let home = tempfile::tempdir().unwrap();
    let students = home.path().join("students");
    fs::create_dir(&students).unwrap();
    // The starter is built once.
    start(&students, "right");
    write_step(&students.join("right"), 3);
    let lesson = fs::read_to_string(students.join("right/lesson.toml")).unwrap();
    let own = lesson.replace("{addr}", "{port}");
    for (name, act) in PROGRAMS {
        fs::create_dir(students.join(name)).unwrap();
        fs::write(students.join(name).join("lesson.toml"), &own).unwrap();
        fs::write(students.join(name).join("server.rs"), program(act)).unwrap();
    }
    let args = ["class", "students", "--csv", "c.csv"];
    let exit = learn(home.path(), &args).start().wait_within(Duration::from_secs(900));
    exit.assert_code(0);
    let out = exit.out();
    let row = |name: &str| {
        let begins = format!("{name}: ");
        let row = out.lines().find_map(|row| row.strip_prefix(&begins));
        row.unwrap_or_else(|| panic!("{out}")).to_owned()
    };
    for (name, _) in PROGRAMS {
        let row = row(name);
        // Where the kernel lets it, a program has killed its judge: that is all that is known.
        let is_judged = row.starts_with("udp-temp 1/") || row.starts_with("udp-temp 0/");
        assert!(is_judged || (name == "killer" && row.contains("ended")), "{name}: {row}");
    }
    assert!(row("memory").contains("more than 1024 MiB"), "{out}");
    let held: usize = row("right")
        .strip_prefix("udp-temp ")
        .and_then(|rest| rest.split('/').next()?.parse().ok())
        .unwrap_or_else(|| panic!("{out}"));
    assert!(held > 5, "{out}");
    assert!(fs::metadata(students.join("file/much")).unwrap().len() <= 64 << 20);
    assert_eq!(left(home.path()), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what is bounded how is Linux's")]
fn a_learner_is_told_of_too_many_processes() {
    let home = tempfile::tempdir().unwrap();
    start(home.path(), "mine");
    let (_, bomb) = PROGRAMS.iter().find(|(name, _)| *name == "bomb").unwrap();
    fs::write(home.path().join("mine/server.rs"), program(bomb)).unwrap();
    let exit = learn(home.path(), &["learn", "udp-temp", "--once", "--dir", "mine"])
        .start()
        .wait_within(Duration::from_secs(300));
    exit.assert_code(1);
    assert!(exit.out().contains("more than 200 processes"), "{}", exit.out());
    assert_eq!(left(home.path()), Vec::<String>::new());
}

#[test]
fn whoever_ends_a_class_leaves_nothing_of_it_in_the_folder_for_what_is_temporary() {
    for signal in [Signal::SIGINT, Signal::SIGKILL] {
        let home = tempfile::tempdir().unwrap();
        let (temporary, student) = (home.path().join("tmp"), home.path().join("students/kim"));
        fs::create_dir(&temporary).unwrap();
        fs::create_dir_all(&student).unwrap();
        let lesson = "lesson = \"udp-temp\"\ncommand = \"sh server.sh\"\n";
        fs::write(student.join("lesson.toml"), lesson).unwrap();
        fs::write(student.join("server.sh"), ": >\"$TMPDIR/began\"; sleep 1000\n").unwrap();
        let class = learn(home.path(), &["class", "students"]).env("TMPDIR", &temporary).start();
        let there = || fs::read_dir(&temporary).unwrap().flatten().map(|entry| entry.path());
        eventually("the program runs", || there().any(|scratch| scratch.join("began").exists()));
        class.signal(signal);
        class.wait();
        eventually("nothing is left", || there().next().is_none());
    }
}
