//! Help, version, and what is no proper call.

use harness::pairs::{PAIRS, Transport, tcp};
use harness::{Program, binary, each_pair, each_program};

use crate::nobody;

#[test]
fn help_names_every_option_and_has_examples() {
    each_pair(&PAIRS, |pair| {
        let mut server = vec!["--addr", "--trace", "--once", "--help", "--version"];
        let mut client = vec!["--trace", "--timeout", "--help", "--version"];
        if pair.transport == Transport::Tcp {
            server.extend(["--max-clients", "--idle-timeout"]);
        }
        if !pair.takes_url() {
            client.push("--addr");
        }
        server.extend(pair.server_options);
        client.extend(pair.client_options);
        for (program, options) in [(pair.server, server), (pair.client, client)] {
            for flag in ["--help", "-h"] {
                let exit = Program::new(binary(program)).arg(flag).run();
                let help = exit.assert_code(0).out();
                assert_eq!(exit.err(), "", "{program} {flag}: nothing on stderr");
                for option in &options {
                    assert!(help.contains(option), "{program} {flag} does not name {option}");
                }
                assert!(
                    help.to_lowercase().contains("examples"),
                    "{program} {flag} has no examples"
                );
                assert!(
                    help.matches(program).count() >= 2,
                    "{program} {flag}: the examples name the program"
                );
            }
        }
    });
}

#[test]
fn help_tells_the_default_address() {
    each_pair(&PAIRS, |pair| {
        for program in [pair.server, pair.client] {
            if program == "http-fetch-client" {
                continue;
            }
            let help = Program::new(binary(program)).arg("--help").run().out();
            assert!(help.contains(&format!("[default: {}]", pair.default)), "{program}: {help}");
        }
    });
}

#[test]
fn the_version_is_the_program_and_a_number() {
    each_program(|program| {
        for flag in ["--version", "-V"] {
            let exit = Program::new(binary(program)).arg(flag).run();
            exit.assert_code(0);
            assert_eq!(exit.out(), format!("{program} {}\n", env!("CARGO_PKG_VERSION")));
            assert_eq!(exit.err(), "");
        }
    });
}

#[test]
fn an_unknown_option_is_a_usage_error_of_one_line() {
    each_program(|program| {
        let exit = Program::new(binary(program)).arg("--no-such-option").run();
        let error = exit.assert_one_error(2);
        assert!(error.contains("--no-such-option"), "{error}");
        assert_eq!(exit.out(), "");
    });
}

#[test]
fn an_address_that_is_none_is_a_usage_error_that_names_it() {
    let wrong = [
        "127.0.0.1:65536",
        "127.0.0.1:http",
        "127.0.0.1:-1",
        "[::1:80",
        "123.123.123",
        "a b:80",
        "[::1]80",
        ":::",
    ];
    each_program(|program| {
        if program == "http-fetch-client" {
            return;
        }
        for addr in wrong {
            let exit = Program::new(binary(program)).arg(format!("--addr={addr}")).run();
            let error = exit.assert_one_error(2);
            assert!(error.contains(addr), "{error}");
        }
        Program::new(binary(program)).arg("--addr=").run().assert_one_error(2);
    });
}

#[test]
fn a_client_cannot_connect_to_port_0() {
    each_pair(&PAIRS, |pair| {
        let exit = pair.client_to("127.0.0.1:0").args(pair.says).run();
        assert!(matches!(exit.code, Some(1 | 2 | 255)), "{exit:?}");
        let code = exit.code.unwrap();
        exit.assert_one_error(code);
    });
}

#[test]
fn a_timeout_is_finite_and_above_zero() {
    each_pair(&PAIRS, |pair| {
        for seconds in ["0", "nan", "inf", "-inf", "-1", "-0.0", "abc", "", "5s", "1e400"] {
            let exit = pair
                .client_to("127.0.0.1:1")
                .arg(format!("--timeout={seconds}"))
                .args(pair.says)
                .run();
            let error = exit.assert_one_error(2);
            assert!(error.contains("--timeout"), "{error}");
        }
    });
}

#[test]
fn a_timeout_of_years_or_of_nothing_much_is_no_crash() {
    each_pair(&PAIRS, |pair| {
        let (_nobody, addr) = nobody(pair.transport);
        for seconds in ["1e300", "1e18", "1e-300", "4294967296"] {
            let exit = pair
                .client_to(&addr.to_string())
                .args(["--timeout", seconds])
                .args(pair.says)
                .run();
            exit.assert_no_panic();
            assert!(matches!(exit.code, Some(2)) || exit.code == Some(pair.failed), "{exit:?}");
        }
    });
}

#[test]
fn numbers_of_a_tcp_server_are_checked() {
    each_pair(tcp(), |pair| {
        for wrong in [
            "--idle-timeout=nan",
            "--idle-timeout=inf",
            "--idle-timeout=-1",
            "--idle-timeout=abc",
            "--max-clients=-1",
            "--max-clients=0",
            "--max-clients=many",
        ] {
            let exit = pair.server_at("127.0.0.1:0").arg(wrong).run();
            let error = exit.assert_one_error(2);
            assert!(error.contains(wrong.split('=').next().unwrap()), "{error}");
        }
    });
}

#[test]
fn what_is_no_number_is_told_which_numbers_are_allowed() {
    let udp = ["udp-echo-client", "udp-temp-client"]
        .map(|client| (client, "--retries", "0 to 4294967295"));
    let options = [
        ("udp-echo-server", "--seed", "0 to 18446744073709551615"),
        ("udp-echo-client", "--ping", "0 to 18446744073709551615"),
        ("udp-echo-client", "--size", "0 to 65507"),
        ("tcp-chat-server", "--history", "0 to 1000"),
        ("tcp-echo-server", "--read-size", "1 to 16777216"),
        ("tcp-chat-server", "--max-clients", "1 to 18446744073709551615"),
        ("remote-cmd-server", "--max-output", "0 to 18446744073709551615"),
        ("http-fetch-client", "--max-redirects", "0 to 18446744073709551615"),
        ("http-fetch-client", "--max-size", "0 to 18446744073709551615"),
    ];
    for (program, option, allowed) in options.into_iter().chain(udp) {
        let beyond = if allowed.starts_with('0') { "-1" } else { "0" };
        for wrong in ["x", "", "1.5", "1e3", "99999999999999999999", beyond] {
            let exit = Program::new(binary(program)).arg(format!("{option}={wrong}")).run();
            let error = exit.assert_one_error(2);
            assert!(error.contains(option) && error.contains(allowed), "{program}: {error}");
        }
    }
}

#[test]
fn a_number_below_zero_is_not_taken_for_an_option() {
    each_pair(&PAIRS, |pair| {
        let exit = pair.client_to("127.0.0.1:1").args(["--timeout", "-1"]).args(pair.says).run();
        assert!(
            exit.assert_one_error(2).contains("seconds must be finite and above 0"),
            "{exit:?}"
        );
    });
    for (program, option) in [
        ("udp-echo-server", "--seed"),
        ("udp-echo-server", "--delay"),
        ("udp-echo-client", "--ping"),
        ("udp-temp-client", "--retries"),
        ("tcp-chat-server", "--max-clients"),
        ("tcp-chat-server", "--idle-timeout"),
        ("remote-cmd-server", "--max-output"),
        ("http-fetch-client", "--max-size"),
    ] {
        let error = Program::new(binary(program)).args([option, "-5"]).run().assert_one_error(2);
        assert!(
            error.contains("invalid value '-5' for") && error.contains(option),
            "{program}: {error}"
        );
    }
}
