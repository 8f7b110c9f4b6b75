//! A class.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::{learn, start, write_step};

/// Two compilers at a time, on a machine that does much else.
const LONG: Duration = Duration::from_secs(600);

/// A right step, a starter, one without a file, one whose file is broken, one that cannot be
/// started, one that never ends building.
fn class(home: &Path) {
    for name in ["ann", "bob", "eve", "kim"] {
        start(home, name);
    }
    write_step(&home.join("ann"), 3);
    fs::create_dir(home.join("cat")).unwrap();
    fs::create_dir(home.join("dan")).unwrap();
    fs::write(home.join("dan/lesson.toml"), "lesson = \"udp-temp").unwrap();
    let lesson = fs::read_to_string(home.join("eve/lesson.toml")).unwrap();
    let lesson = lesson.replace("./program", "./nosuch").replace(".\\\\program", ".\\\\nosuch");
    fs::write(home.join("eve/lesson.toml"), lesson).unwrap();
    fs::write(home.join("kim/server.rs"), "fn main() { loop {} }").unwrap();
}

#[test]
fn each_has_a_row_whatever_the_others_do() {
    let home = tempfile::tempdir().unwrap();
    let students = home.path().join("students");
    fs::create_dir(&students).unwrap();
    class(&students);
    let args = ["class", "students", "--csv", "c.csv", "--html", "c.html", "--junit", "c.xml"];
    let exit = learn(home.path(), &args).start().wait_within(LONG);
    exit.assert_code(0);
    let out = exit.out();
    let rows: Vec<&str> = out.lines().collect();
    let names: Vec<_> = rows.iter().map(|row| row.split(':').next().unwrap()).collect();
    assert_eq!(names, ["ann", "bob", "cat", "dan", "eve", "kim"], "{out}");
    assert!(rows[1].contains("udp-temp 1/"), "{}", rows[1]);
    assert!(rows[2].contains("lesson.toml"), "{}", rows[2]);
    assert!(rows[3].contains("lesson.toml"), "{}", rows[3]);
    assert!(rows[4].contains("udp-temp 0/"), "{}", rows[4]);
    assert!(rows[5].contains("udp-temp 0/"), "{}", rows[5]);
    let csv = fs::read_to_string(home.path().join("c.csv")).unwrap();
    assert_eq!(csv.lines().count(), 7);
    let page = fs::read_to_string(home.path().join("c.html")).unwrap();
    assert!(page.contains("<td>ann</td>") && page.contains("<details>"));
    let xml = fs::read_to_string(home.path().join("c.xml")).unwrap();
    assert!(xml.contains("tests=\"6\"") && xml.contains("name=\"kim\""));
    // Judged again, to the byte; but the one that is waited for until it listens.
    fs::remove_dir_all(students.join("kim")).unwrap();
    let exit = learn(home.path(), &["class", "students", "--csv", "again.csv"]).start();
    exit.wait_within(LONG).assert_code(0);
    let again = fs::read_to_string(home.path().join("again.csv")).unwrap();
    let without_kim = csv.split_inclusive('\n').filter(|row| !row.starts_with("\"kim\","));
    assert_eq!(again, without_kim.collect::<String>());
}

#[test]
fn a_folder_without_students_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let exit = learn(home.path(), &["class", "."]).run();
    assert!(exit.assert_one_error(1).contains("lesson.toml"));
}
