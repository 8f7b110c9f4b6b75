//! The pair as its users run it.

use harness::peer::{recv_from, udp};
use harness::{Program, Server, Terminal};

use crate::{CLIENT, SERVER};

fn client(server: &Server, args: &[&str]) -> Program {
    Program::at(CLIENT, server.addr()).args(args)
}

#[test]
fn temperatures_may_be_arguments_also_below_zero() {
    let server = Server::start(SERVER, &[]);
    let exit = client(&server, &["25", "-40", "-1e1", "-0.5"]).run();
    exit.assert_code(0);
    assert_eq!(
        exit.out(),
        "转换为华氏温度为: 77.0\n转换为华氏温度为: -40.0\n转换为华氏温度为: 14.0\n转换为华氏温度为: 31.1\n"
    );
    assert_eq!(exit.err(), "");
}

#[test]
fn half_a_degree_below_zero_needs_no_zero() {
    let server = Server::start(SERVER, &[]);
    let exit = client(&server, &["-.5", "25"]).run();
    exit.assert_code(0);
    assert_eq!(exit.out(), "转换为华氏温度为: 31.1\n转换为华氏温度为: 77.0\n");
    client(&server, &["-.x"]).run().assert_code(2);
}

#[test]
fn options_may_stand_behind_temperatures() {
    let server = Server::start(SERVER, &[]);
    let program = Program::new(CLIENT).args([
        "-40",
        "--retries",
        "1",
        "25",
        "-a",
        &server.addr().to_string(),
    ]);
    let exit = program.run();
    exit.assert_code(0);
    assert_eq!(exit.out(), "转换为华氏温度为: -40.0\n转换为华氏温度为: 77.0\n");
}

#[test]
fn temperatures_may_come_through_a_pipe() {
    let server = Server::start(SERVER, &[]);
    let client = client(&server, &[]).start();
    client.write("25\r\n 36.6 \n0");
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(
        exit.out(),
        "转换为华氏温度为: 77.0\n转换为华氏温度为: 97.88\n转换为华氏温度为: 32.0\n"
    );
}

#[test]
fn a_mistake_is_told_and_the_rest_is_converted_all_the_same() {
    let server = Server::start(SERVER, &[]);
    let exit = client(&server, &["25", "36,6", "-300", "0"]).run();
    exit.assert_code(1);
    assert_eq!(exit.out(), "转换为华氏温度为: 77.0\n转换为华氏温度为: 32.0\n");
    assert_eq!(
        exit.err(),
        "error: '36,6': not a decimal number: send degrees Celsius such as 36.6, -40 or 1e3\n\
         error: '-300': below absolute zero: send degrees Celsius from -273.15 up\n"
    );
}

#[test]
fn an_empty_line_is_a_question_too_and_gets_its_error() {
    let server = Server::start(SERVER, &[]);
    let client = client(&server, &[]).start();
    client.write("\n25\n");
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(1);
    assert_eq!(exit.out(), "转换为华氏温度为: 77.0\n");
    assert!(exit.err().starts_with("error: '': not a decimal number"), "{}", exit.err());
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_person_is_prompted() {
    let server = Server::start(SERVER, &[]);
    let terminal = Terminal::start(client(&server, &[]), 80, 24);
    terminal.wait_text("degrees Celsius>");
    terminal.keys("36.6\r");
    terminal.wait_text("转换为华氏温度为: 97.88");
    terminal.keys("\x04");
    terminal.wait().assert_code(0);
}

#[test]
fn a_burst_is_answered_question_by_question_in_its_order() {
    let server = Server::start(SERVER, &[]);
    let (a, b) = (udp(), udp());
    for celsius in 0..60 {
        a.send_to(celsius.to_string().as_bytes(), server.addr()).unwrap();
        b.send_to(b"abc", server.addr()).unwrap();
    }
    for celsius in 0..60 {
        let fahrenheit = celsius * 18 + 320;
        let wanted = format!("转换为华氏温度为: {}.{}", fahrenheit / 10, fahrenheit % 10);
        assert_eq!(recv_from(&a, 1024).0, wanted.as_bytes());
        assert!(recv_from(&b, 1024).0.starts_with(b"error: not a decimal number"));
    }
}

#[test]
fn ctrl_c_ends_the_server_with_status_0_and_the_client_with_130() {
    use harness::Signal;

    let server = Server::start(SERVER, &[]);
    let client = client(&server, &[]).start();
    client.line("25");
    client.wait_stdout("77.0");
    client.signal(Signal::SIGINT);
    client.wait().assert_code(130);
    server.signal(Signal::SIGINT);
    server.wait().assert_code(0);
}

#[test]
fn a_server_that_serves_one_datagram_answers_a_mistake_with_it() {
    let server = Server::start(SERVER, &["--once"]);
    client(&server, &["abc"]).run().assert_code(1);
    server.wait().assert_code(0);
}

#[test]
fn wrong_usage_is_one_line_and_status_2() {
    for args in [&["--timeout", "0"][..], &["--retries", "-1"], &["--nonsense"], &["--addr", "a b"]]
    {
        let exit = Program::new(CLIENT).args(args).run();
        exit.assert_code(2);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
    }
}

#[test]
fn both_programs_explain_themselves() {
    for program in [SERVER, CLIENT] {
        let exit = Program::new(program).args(["--help"]).run();
        exit.assert_code(0);
        assert!(exit.out().contains("Examples:"), "{}", exit.out());
    }
}
