//! `cargo lab bench`, before it builds anything.

use harness::{Exit, Program};

/// Without a cargo that could build the bench.
fn bench(arguments: &[&str]) -> Exit {
    Program::new(env!("CARGO_BIN_EXE_lab")).env("CARGO", "/nonexistent").arg("bench").args(arguments).run()
}

#[test]
fn a_wrong_call_is_refused_without_building_the_bench() {
    for (wrong, word) in [
        (&["nosuch"][..], "'nosuch' for '[NAME]...' [possible values: tcp-echo, udp-echo,"),
        (&["tcp-ehco"], "a similar value exists: 'tcp-echo'"),
        (&["--runs", "0"], "--runs"),
        (&["room", "--seconds", "x"], "--seconds"),
        (&["--quick", "--runs", "2"], "--quick"),
    ] {
        let error = bench(wrong).assert_one_error(2);
        assert!(error.contains(word), "{error}");
    }
    let error = bench(&["room"]).assert_one_error(1);
    assert!(error.contains("cannot run cargo"), "{error}");
}

#[test]
fn help_names_every_bench_and_what_it_asks_without_building_the_bench() {
    let exit = bench(&["--help"]);
    let help = exit.assert_code(0).out();
    assert!(help.contains("Usage: cargo lab bench [OPTIONS] [NAME]..."), "{help}");
    assert!(help.contains("- udp-temp:   How many temperatures a second are converted?"), "{help}");
}
