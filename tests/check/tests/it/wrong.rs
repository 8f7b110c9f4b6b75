//! Programs that are wrong on purpose fail in the right place, and the report says where.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use check::{Report, Side, Suite, Target, Trial};

const HEAD: &str = "服务端接收到了信息 ";
const DEGREES: &str = "转换为华氏温度为: ";

/// Does one check with a server that runs in a thread of the test.
fn report(lesson: &str, variant: &str, name: &str, addr: SocketAddr) -> Report {
    let suite = Suite::find(lesson, Side::Server, Some(variant)).expect("a suite of that name");
    let check = (suite.checks)()
        .into_iter()
        .find(|check| check.name == name)
        .expect("a check of that name");
    // Enough for what comes; and what never comes is not waited for long.
    Trial::new(suite, &Target::Running(addr), Duration::from_secs(2)).run(&check)
}

fn lines(report: &Report) -> Vec<String> {
    assert!(report.has_failed(), "{report}");
    report.to_string().lines().map(str::to_owned).collect()
}

#[track_caller]
fn assert_says(report: &Report, line: &str) {
    let lines = lines(report);
    assert!(lines.iter().any(|said| said.trim() == line), "no {line:?} in\n{report}");
}

/// A server for each client of which `converse` is called, one after the other. An error of it ends
/// the server, as an exception that nobody catches does.
fn tcp(converse: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || -> std::io::Result<()> {
        loop {
            let (mut stream, _) = listener.accept()?;
            stream.set_nodelay(true)?;
            if let Err(error) = converse(&mut stream) {
                // The listener goes first: whoever sees the end of this connection finds nobody.
                drop(listener);
                return Err(error);
            }
        }
    });
    addr
}

/// An echo that makes its answer of what one `recv` brought.
fn echo(
    answer: impl Fn(&mut TcpStream, &[u8]) -> std::io::Result<()> + Send + 'static,
) -> SocketAddr {
    tcp(move |stream| {
        let mut buffer = [0; 4096];
        loop {
            match stream.read(&mut buffer)? {
                0 => return Ok(()),
                got => answer(stream, &buffer[..got])?,
            }
        }
    })
}

/// A temperature server that is right, but for `wrong`: it is asked first.
fn temperature(wrong: impl Fn(&[u8]) -> Option<Vec<u8>> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
    let addr = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut buffer = [0; 65_535];
        loop {
            let (got, from) = socket.recv_from(&mut buffer)?;
            let request = &buffer[..got];
            let reply = wrong(request).unwrap_or_else(|| {
                let celsius = std::str::from_utf8(request)
                    .ok()
                    .and_then(|text| text.trim().parse::<f64>().ok());
                match celsius {
                    Some(celsius) => {
                        format!("{DEGREES}{:?}", (celsius * 1.8 + 32.0) as f32).into_bytes()
                    }
                    None => b"error: not a number".to_vec(),
                }
            });
            socket.send_to(&reply, from)?;
        }
        #[allow(unreachable_code, reason = "it says what the loop's errors are")]
        std::io::Result::Ok(())
    });
    addr
}

#[test]
fn an_echo_that_drops_a_byte_is_shown_where() {
    let addr =
        echo(|stream, said| stream.write_all(&[HEAD.as_bytes(), &said[..said.len() - 1]].concat()));
    let report = report("tcp-echo", "repeat", "answer", addr);
    assert_eq!(report.failure().unwrap().difference.as_ref().unwrap().at, 32);
    assert_says(&report, "^^ nothing more came: 32 of 33 bytes");
    // The caret stands below the byte that is missing.
    let lines = lines(&report);
    let caret = lines.iter().find(|line| line.contains("^^")).unwrap();
    let expected = lines.iter().position(|line| line.trim_start().starts_with("expected")).unwrap();
    let digits: String =
        lines[expected + 1].chars().skip(caret.chars().take_while(|c| *c == ' ').count()).collect();
    assert_eq!(digits, "6f", "{report}");
}

#[test]
fn an_echo_that_changes_a_byte_is_shown_where() {
    let addr = echo(|stream, said| {
        stream.write_all(&[HEAD.as_bytes(), said.to_ascii_uppercase().as_slice()].concat())
    });
    let report = report("tcp-echo", "repeat", "answer", addr);
    assert_says(&report, "^^ byte 29 is the first wrong one");
    assert!(
        lines(&report).iter().any(|line| line.starts_with("  ✗  3. the client must get 33 bytes")),
        "{report}"
    );
}

#[test]
fn an_echo_that_sends_more_is_shown_where() {
    let addr = echo(|stream, said| stream.write_all(&[HEAD.as_bytes(), said, b"\n"].concat()));
    let report = report("tcp-echo", "repeat", "answer", addr);
    assert_says(&report, "^^ byte 34: one too many");
}

#[test]
fn an_answer_in_two_sends_is_told() {
    let addr = echo(|stream, said| {
        stream.write_all(HEAD.as_bytes())?;
        // So that the first part has been read when the second is sent.
        std::thread::sleep(Duration::from_millis(300));
        stream.write_all(said)
    });
    let report = report("tcp-echo", "repeat", "answer", addr);
    assert!(report.failure().unwrap().what.contains("sent in pieces"), "{report}");
    assert_says(&report, "^^ nothing more came: 28 of 33 bytes");
}

#[test]
fn a_server_that_dies_of_bad_utf8_is_told() {
    let addr = echo(|stream, said| match std::str::from_utf8(said) {
        Ok(text) => stream.write_all(format!("{HEAD}{text}").as_bytes()),
        Err(_) => Err(std::io::ErrorKind::InvalidData.into()),
    });
    assert!(!report("tcp-echo", "repeat", "answer", addr).has_failed());
    let report = report("tcp-echo", "repeat", "not-text", addr);
    assert_says(&report, &format!("nobody listens at {addr} (any more)"));
}

#[test]
fn a_server_that_serves_one_client_at_a_time_keeps_the_next_waiting() {
    let addr = echo(|stream, said| stream.write_all(&[HEAD.as_bytes(), said].concat()));
    assert!(!report("tcp-echo", "repeat", "next-client", addr).has_failed());
    let report = report("tcp-echo", "repeat", "silent-client", addr);
    assert_says(&report, "nothing came within 2 s");
}

#[test]
fn a_greeting_that_sticks_to_the_welcome_is_told() {
    let addr = tcp(|stream| stream.write_all(b"Welcome!Hello, who are you?"));
    let report = report("tcp-echo", "greet", "welcome", addr);
    assert_says(&report, "^^ byte 9: one too many");
}

#[test]
fn a_temperature_that_is_almost_right_is_shown_where() {
    let addr =
        temperature(|request| (request == b"36.6").then(|| format!("{DEGREES}97.9").into_bytes()));
    let report = report("udp-temp", "", "answer", addr);
    assert_says(&report, "^^ byte 30 is the first wrong one");
}

#[test]
fn a_temperature_for_nan_is_told() {
    let addr = temperature(|_| None);
    assert!(!report("udp-temp", "", "answer", addr).has_failed());
    assert!(!report("udp-temp", "", "not-a-number", addr).has_failed());
    let report = report("udp-temp", "", "no-temperatures", addr);
    assert_says(&report, "this is no temperature, and was answered as if it were one");
    assert_says(&report, "^^ byte 27 is the first wrong one");
}

#[test]
fn an_answer_to_an_answer_is_told() {
    let addr = temperature(|_| None);
    let report = report("udp-temp", "", "no-answer-to-an-answer", addr);
    assert!(report.has_failed(), "{report}");
}

#[test]
fn a_head_without_a_colon_is_shown_where() {
    const TUTORIAL: &str = "HTTP/1.1 200 OK\r\nContent-Type:text/html\r\ncharset=utf-8\r\nServer:testServer\r\n\r\n欢迎来此访问!";
    let addr = tcp(|stream| {
        let _ = stream.read(&mut [0; 512])?;
        stream.write_all(TUTORIAL.as_bytes())
    });
    let report = report("http-fetch", "", "page", addr);
    assert_eq!(
        report.failure().unwrap().difference.as_ref().unwrap().at,
        TUTORIAL.find("charset").unwrap()
    );
    assert!(
        report.failure().unwrap().what.starts_with("a line of the head has no colon"),
        "{report}"
    );
}

#[test]
fn a_length_in_the_wrong_order_is_shown_where() {
    let addr = tcp(|stream| {
        let _ = stream.read(&mut [0; 1024])?;
        stream.write_all(b"\0\0\0\x03hi\n")?;
        stream.read(&mut [0; 1024]).map(|_| ())
    });
    let report = report("remote-cmd", "prefix", "answer", addr);
    assert_says(&report, "^^ byte 1 is the first wrong one");
}

#[test]
fn where_nobody_listens_nothing_holds_and_nothing_hangs() {
    for (lesson, variant) in [("tcp-echo", "repeat"), ("udp-temp", "")] {
        let gone = UdpSocket::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let report = report(lesson, variant, "answer", gone);
        assert_says(&report, &format!("nobody listens at {gone} (any more)"));
    }
}
