//! Planted faults. Whether each is found takes Python: see `languages.rs`.

use std::fs;
use std::time::Duration;

use crate::learn;

/// A fault may be found by the last of many stages.
const LONG: Duration = Duration::from_secs(300);

#[test]
fn the_same_number_plants_the_same_fault() {
    let home = tempfile::tempdir().unwrap();
    let plant = |seed: &str, dir: &str| {
        let args = ["learn", "udp-temp", "--repair", "--seed", seed, "--once", "--dir", dir];
        let exit = learn(home.path(), &args).start().wait_within(LONG);
        exit.assert_code(1);
        assert!(exit.out().contains(&format!("--seed {seed}")), "{}", exit.out());
        fs::read_to_string(home.path().join(dir).join("server.py")).unwrap()
    };
    let one = plant("3", "a");
    assert_eq!(one, plant("3", "b"));
    assert_ne!(one, plant("4", "c"));
    // It goes on there, and writes nothing over.
    fs::write(home.path().join("a/server.py"), "mine").unwrap();
    assert_eq!(plant("3", "a"), "mine");
}

#[test]
fn a_fault_is_planted_in_a_folder_of_its_own_and_its_number_is_told() {
    let home = tempfile::tempdir().unwrap();
    let judge = || {
        let program = learn(home.path(), &["learn", "tcp-echo", "--repair", "--once"]);
        program.start().wait_within(LONG)
    };
    let exit = judge();
    exit.assert_code(1);
    let lesson = fs::read_to_string(home.path().join("repair-tcp-echo/lesson.toml")).unwrap();
    let seed = lesson.lines().find_map(|line| line.strip_prefix("repair = ")).unwrap();
    assert!(exit.out().contains(&format!("--seed {seed}")), "{}", exit.out());
    let again = judge();
    assert!(again.out().contains(&format!("--seed {seed}")), "{}", again.out());
    for (args, word) in [
        (vec!["--repair", "--seed", "99999", "--dir", "repair-tcp-echo"], "--dir"),
        (vec!["--repair", "--in", "go", "--dir", "other"], "Python"),
        (vec!["--repair", "--side", "client"], "Python"),
        (vec!["--seed", "3"], "--repair"),
    ] {
        let exit = learn(home.path(), &["learn", "tcp-echo", "--once"]).args(&args).run();
        assert!(exit.assert_one_error(2).contains(word), "{args:?}");
    }
}
