//! For every check there is a program that is right, and one that is wrong in just that respect:
//! the right one passes all checks, time and again, and the wrong one never passes this one.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use check::{SUITES, Suite, Target, Trial};
use harness::{example, patience};

use crate::several::each;

/// How long a check that must fail waits for what does not come.
const FAILING: Duration = Duration::from_secs(1);
/// How often a right program is judged; `TIMES=10` takes some minutes.
fn times() -> usize {
    std::env::var("TIMES").map_or(2, |times| times.parse().unwrap())
}

/// How often a wrong one may be lucky: of two pieces that it must not take for one, a busy machine
/// makes one.
const LUCK: usize = 3;

/// What can be wrong with a program, and which check finds it.
struct Mutant {
    suite: &'static Suite,
    defect: String,
    check: String,
}

/// In the place of a check: that is no defect, but another way to be right.
const RIGHT: &str = "-";

fn mutants() -> Vec<Mutant> {
    let list = Command::new(example("mutant")).arg("list").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let mutant = |line: &str| {
        let words: Vec<&str> = line.split('\t').collect();
        let [suite, defect, check] = words.as_slice() else { panic!("{line}") };
        let suite = SUITES.iter().find(|known| known.to_string() == *suite);
        Mutant {
            suite: suite.unwrap_or_else(|| panic!("no suite of {line}")),
            defect: (*defect).to_owned(),
            check: (*check).to_owned(),
        }
    };
    list.lines().map(mutant).filter(|mutant| is_wanted(mutant.suite)).collect()
}

/// `ONLY=udp-temp` tries that lesson's alone.
fn is_wanted(suite: &Suite) -> bool {
    suite.to_string().starts_with(&std::env::var("ONLY").unwrap_or_default())
}

fn program(suite: &Suite, defect: &str) -> Target {
    Target::program(example("mutant"), &[&suite.to_string(), defect, "{addr}", "{file}"])
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what goes wrong, and how, is as it is on Linux")]
fn a_program_with_one_defect_fails_the_check_for_it() {
    let mut wrong = mutants();
    wrong.retain(|mutant| mutant.check != RIGHT);
    each(&wrong, |Mutant { suite, defect, check }| {
        let known = (suite.checks)();
        let Some(check) = known.iter().find(|known| known.name == check) else {
            return Some(format!("{suite}: no check is called {check}"));
        };
        let target = program(suite, defect);
        let fails = || Trial::new(suite, &target, FAILING).run(check).has_failed();
        let found = (0..LUCK).any(|_| fails());
        (!found).then(|| format!("{suite}: {defect}, and {} holds", check.name))
    });
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what goes wrong, and how, is as it is on Linux")]
fn a_program_without_a_defect_passes_all_checks_each_time() {
    // Behind `&` in a script Ctrl+C is ignored, and whom this starts would inherit that: a signal
    // that is handled is as it should be in the next program.
    common::signals::exit_on_interrupt(|| {}).unwrap();
    let right = SUITES.iter().filter(|suite| is_wanted(suite)).map(|suite| (suite, "-".to_owned()));
    let mutants = mutants().into_iter().filter(|mutant| mutant.check == RIGHT);
    let right: Vec<_> = right.chain(mutants.map(|mutant| (mutant.suite, mutant.defect))).collect();
    // By their numbers: each trial has a check of its own, whose files no other one makes.
    let all = right.iter().flat_map(|(suite, way)| {
        (0..(suite.checks)().len()).map(move |at| (suite, way.as_str(), at))
    });
    let all: Vec<_> = all.flat_map(|one| vec![one; times()]).collect();
    each(&all, |(suite, way, at)| {
        let check = (suite.checks)().remove(*at);
        let target = program(suite, way);
        let report = Trial::new(suite, &target, patience()).run(&check);
        report.has_failed().then(|| format!("{suite} {way}:\n{report}"))
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "the commands of remote-cmd's programs are those of a Unix shell")]
fn every_check_has_a_program_that_fails_it() {
    let mutants = mutants();
    let mut missing = Vec::new();
    for suite in SUITES.iter().filter(|suite| is_wanted(suite)) {
        let own = mutants.iter().filter(|mutant| mutant.suite.to_string() == suite.to_string());
        let found: BTreeSet<_> = own.map(|mutant| mutant.check.as_str()).collect();
        let checks = (suite.checks)();
        let names = checks.iter().map(|check| check.name).filter(|name| !found.contains(name));
        missing.extend(names.map(|name| format!("{suite}: {name}")));
    }
    assert!(missing.is_empty(), "nothing fails these:\n{}", missing.join("\n"));
}
