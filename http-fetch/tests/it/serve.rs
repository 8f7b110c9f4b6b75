//! The server in ordinary use, and at its limits.

#[cfg(unix)]
use std::fs::{self, File};
use std::time::{Duration, Instant};

use crate::served::{Answer, WELCOME, ask, assert_refused, assert_serves, server};
use harness::{Program, Server, Signal, peer};

const HOST: &str = "Host: localhost\r\n";

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{HOST}\r\n")
}

#[test]
fn a_head_is_complete_and_has_a_date() {
    let server = server(&[]);
    let answer = ask(&server, get("/"));
    assert!(answer.head.starts_with("HTTP/1.1 200 OK\r\n"));
    let date = answer.field("Date").unwrap();
    assert!(date.len() == 29 && date.ends_with(" GMT"), "{date}");
}

#[test]
fn a_query_does_not_change_the_page() {
    let server = server(&[]);
    assert_eq!(ask(&server, get("/?a=b")).body, WELCOME);
    assert_eq!(ask(&server, get("http://localhost:8080/")).body, WELCOME);
    assert_eq!(ask(&server, get("/favicon.ico")).status(), 404);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    let last = format!("GET / HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n");
    let requests = (get("/") + &get("/a")).repeat(500) + &last;
    let mut writer = stream.try_clone().unwrap();
    let sender = std::thread::spawn(move || peer::send(&mut writer, requests));
    for _ in 0..500 {
        assert_eq!(Answer::read(&mut stream).status(), 200);
        assert_eq!(Answer::read(&mut stream).status(), 404);
    }
    assert!(Answer::read(&mut stream).closes());
    peer::assert_closed(&mut stream);
    sender.join().unwrap();
}

#[test]
fn a_request_may_come_byte_by_byte() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    stream.set_nodelay(true).unwrap();
    for byte in get("/").bytes() {
        peer::send(&mut stream, [byte]);
    }
    assert_eq!(Answer::read(&mut stream).body, WELCOME);
}

#[test]
fn http_1_0_goes_on_only_if_it_is_asked_to() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert_eq!(Answer::read(&mut stream).field("Connection"), Some("keep-alive"));
    peer::send(&mut stream, "GET / HTTP/1.0\r\n\r\n");
    assert!(Answer::read(&mut stream).closes());
    peer::assert_closed(&mut stream);
}

#[test]
fn who_asks_before_sending_a_body_is_answered_before() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    peer::send(
        &mut stream,
        format!("GET / HTTP/1.1\r\n{HOST}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
    );
    assert_eq!(peer::recv_until(&mut stream, "\r\n\r\n"), b"HTTP/1.1 100 Continue\r\n\r\n");
    peer::send(&mut stream, "ok");
    assert_eq!(Answer::read(&mut stream).body, WELCOME);
    // A body that nobody wants is not waited for.
    let post =
        format!("POST / HTTP/1.1\r\n{HOST}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assert_refused(&server, post, 405);
    assert_eq!(
        ask(&server, format!("GET / HTTP/1.1\r\n{HOST}Expect: wonders\r\n\r\n")).status(),
        417
    );
}

#[test]
fn each_refusal_has_its_own_status() {
    let server = server(&[]);
    assert_refused(&server, "GET / HTTP/2.0\r\n\r\n", 505);
    assert_refused(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
    assert_refused(&server, format!("GET /{} HTTP/1.1\r\n{HOST}\r\n", "a".repeat(9000)), 414);
    assert_refused(
        &server,
        format!("GET / HTTP/1.1\r\n{HOST}A: {}\r\n\r\n", "a".repeat(40_000)),
        431,
    );
    assert_refused(
        &server,
        format!("GET / HTTP/1.1\r\n{HOST}{}\r\n", "A: b\r\n".repeat(6000)),
        431,
    );
    let many = format!("GET / HTTP/1.1\r\n{HOST}{}\r\n", "A: b\r\n".repeat(5000));
    assert_eq!(ask(&server, many).status(), 200);
    assert_refused(
        &server,
        format!("GET / HTTP/1.1\r\n{HOST}Content-Length: 9999999999\r\n\r\n"),
        413,
    );
    assert_refused(
        &server,
        format!("GET / HTTP/1.1\r\n{HOST}Transfer-Encoding: gzip, chunked\r\n\r\n"),
        501,
    );
    // The first bytes of a TLS connection: somebody typed https://.
    assert_refused(&server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400);
}

#[test]
fn a_head_that_drips_in_is_cut_off_although_it_never_pauses() {
    let server = server(&["--idle-timeout", "1"]);
    let mut stream = peer::connect(server.addr());
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    peer::send(&mut stream, "GET / HTTP/1.1\r\n");
    let start = Instant::now();
    let mut byte = [0];
    while std::io::Read::read(&mut stream, &mut byte).is_err() {
        assert!(start.elapsed() < Duration::from_secs(10), "still open");
        peer::send(&mut stream, "a");
    }
    stream.set_read_timeout(Some(peer::LIMIT)).unwrap();
    assert_eq!(byte, *b"H");
    assert!(Answer::read(&mut stream).head.contains("408 Request Timeout"));
}

#[test]
fn a_reader_that_takes_nothing_is_closed() {
    let server = server(&["--idle-timeout", "1"]);
    let mut stream = peer::connect(server.addr());
    let requests = get("/").repeat(1000);
    stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
    // The answers fill the way back; then the requests stay where they are, until the server gives
    // up.
    let end = std::iter::repeat_with(|| std::io::Write::write(&mut stream, requests.as_bytes()))
        .find(Result::is_err);
    let kind = end.unwrap().unwrap_err().kind();
    assert!(
        matches!(kind, std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe),
        "{kind:?}"
    );
    assert_serves(&server);
}

#[test]
fn a_client_too_many_is_told_so() {
    let server = server(&["--max-clients", "2"]);
    let mut first = peer::connect(server.addr());
    let mut second = peer::connect(server.addr());
    for stream in [&mut first, &mut second] {
        peer::send(stream, get("/"));
        assert_eq!(Answer::read(stream).status(), 200);
    }
    let mut third = peer::connect(server.addr());
    let answer = Answer::read(&mut third);
    assert_eq!((answer.status(), answer.field("Retry-After")), (503, Some("10")));
    assert!(answer.closes());
    peer::assert_closed(&mut third);
    drop(first);
    harness::eventually("there is room again", || ask(&server, get("/")).status() == 200);
}

#[test]
fn a_body_that_comes_without_pause_is_read_to_its_end() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    let mut request =
        format!("POST / HTTP/1.1\r\n{HOST}Content-Length: 1000000\r\n\r\n").into_bytes();
    request.resize(request.len() + 1_000_000, b'x');
    let mut writer = stream.try_clone().unwrap();
    let sender =
        std::thread::spawn(move || (0..20).for_each(|_| peer::send(&mut writer, &request)));
    for _ in 0..20 {
        assert_eq!(Answer::read(&mut stream).status(), 405);
    }
    sender.join().unwrap();
}

#[test]
fn resets_and_vanishing_clients_end_nobody_else() {
    let server = server(&[]);
    for request in ["", "GET / HT", &get("/"), &get("/").repeat(100)] {
        let mut stream = peer::connect(server.addr());
        peer::send(&mut stream, request);
        peer::reset(stream);
    }
    assert_serves(&server);
}

#[test]
fn once_serves_one_client_with_all_its_requests() {
    let server = server(&["--once"]);
    let mut stream = peer::connect(server.addr());
    for _ in 0..3 {
        peer::send(&mut stream, get("/"));
        assert_eq!(Answer::read(&mut stream).status(), 200);
    }
    drop(stream);
    let exit = server.wait();
    exit.assert_code(0);
    assert_eq!(exit.out().matches("\"GET / HTTP/1.1\" 200 19").count(), 3);
}

#[test]
fn a_stop_closes_the_idle_at_once_and_ends_with_status_0() {
    for &signal in harness::STOPS {
        let server = server(&[]);
        let mut kept = peer::connect(server.addr());
        peer::send(&mut kept, get("/"));
        Answer::read(&mut kept);
        let mut fresh = peer::connect(server.addr());
        assert_serves(&server);
        let start = Instant::now();
        server.signal(signal);
        peer::assert_closed(&mut kept);
        peer::assert_closed(&mut fresh);
        server.wait().assert_code(0);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}

#[test]
fn a_request_under_way_is_answered_after_a_stop() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, "GET / HTTP/1.1\r\n");
    assert_serves(&server);
    server.signal(Signal::SIGINT);
    // The listener is closed when the stop has arrived.
    harness::eventually("nobody is accepted", || {
        std::net::TcpStream::connect(server.addr()).is_err()
    });
    peer::send(&mut stream, format!("{HOST}\r\n"));
    let answer = Answer::read(&mut stream);
    assert!(answer.status() == 200 && answer.closes());
    server.wait().assert_code(0);
}

#[test]
fn a_request_that_never_ends_does_not_hold_a_stop_up() {
    let server = server(&[]);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, "GET / HTTP/1.1\r\n");
    assert_serves(&server);
    let start = Instant::now();
    server.signal(Signal::SIGINT);
    server.wait().assert_code(0);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_log_that_nobody_reads_stops_nobody() {
    let program = Program::new(env!("CARGO_BIN_EXE_http-fetch-server"));
    let (reader, writer) = std::io::pipe().unwrap();
    // The address cannot be read from a pipe that is kept full, so it is chosen here.
    let addr = peer::listen().addr();
    let process = program.args(["--addr", &addr.to_string()]).stdout(writer).start();
    harness::eventually("it listens", || std::net::TcpStream::connect(addr).is_ok());
    let mut stream = peer::connect(addr);
    for _ in 0..200 {
        // 100 lines of 1 KiB each time: far more than a pipe holds.
        peer::send(&mut stream, get(&format!("/{}", "a".repeat(1000))).repeat(100));
        for _ in 0..100 {
            assert_eq!(Answer::read(&mut stream).status(), 404);
        }
    }
    drop(reader);
    peer::send(&mut stream, get("/"));
    assert_eq!(Answer::read(&mut stream).status(), 200);
    assert!(process.is_running());
}

#[test]
fn trace_shows_each_call() {
    let server = server(&["--trace", "--once"]);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, "GET / HTTP/1.0\r\n\r\n");
    peer::recv_to_end(&mut stream);
    let trace = server.wait().err();
    let mut rest = trace.as_str();
    for call in [" socket ", " bind ", " listen ", " accept ", " recv ", " send ", " close "] {
        rest = rest.split_once(call).unwrap_or_else(|| panic!("no{call}in order in {trace}")).1;
    }
}

#[test]
fn a_second_server_on_the_same_address_is_refused_and_a_restart_is_not() {
    let first = server(&[]);
    let addr = first.addr().to_string();
    let program = || Program::new(env!("CARGO_BIN_EXE_http-fetch-server")).args(["--addr", &addr]);
    let exit = program().run();
    exit.assert_code(1);
    assert!(exit.err().starts_with("error: "), "{}", exit.err());
    let mut stream = peer::connect(first.addr());
    peer::send(&mut stream, get("/"));
    Answer::read(&mut stream);
    first.signal(Signal::SIGKILL);
    first.wait();
    assert_serves(&Server::of(program()));
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_thousand_silent_clients_cost_little_memory_and_nobodys_time() {
    let server = server(&["--idle-timeout", "60"]);
    let before = harness::usage::resident(server.id());
    let files = harness::usage::open_files(server.id());
    // A program starts with 1,024 files on many systems; the test's own limit is not what is tested
    // here.
    let silent: Vec<_> = (0..900).map(|_| peer::connect(server.addr())).collect();
    harness::eventually("all are accepted", || {
        harness::usage::open_files(server.id()) >= files + 900
    });
    assert_serves(&server);
    let each = (harness::usage::resident(server.id()) - before) / 900;
    assert!(each < 4096, "{each} bytes each");
    drop(silent);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_thousand_halves_of_heads_cost_little_memory() {
    let server = server(&["--idle-timeout", "60"]);
    assert_serves(&server);
    let before = harness::usage::resident(server.id());
    let mut halves: Vec<_> = (0..900).map(|_| peer::connect(server.addr())).collect();
    for stream in &mut halves {
        // The first answer says that the half behind it has been received, too.
        peer::send(stream, get("/") + "GET / HTTP/1.1\r\nHost: ");
        assert_eq!(Answer::read(stream).status(), 200);
    }
    assert_serves(&server);
    let each = (harness::usage::resident(server.id()) - before) / 900;
    assert!(each < 6144, "{each} bytes each");
}

#[test]
fn a_server_for_others_says_how_they_reach_it() {
    let program = Program::new(env!("CARGO_BIN_EXE_http-fetch-server"));
    let server = Server::of(program.args(["--addr", "0.0.0.0:0", "--qr", "--once"]));
    let port = server.addr().port();
    let mut stream = peer::connect(("127.0.0.1", port));
    peer::send(&mut stream, "GET / HTTP/1.0\r\n\r\n");
    assert_eq!(Answer::read(&mut stream).status(), 200);
    let exit = server.wait();
    exit.assert_code(0);
    // Where this machine has no other address, both say so.
    let named = exit.err().contains("notice: other machines reach it at http://");
    assert_eq!(named, exit.out().contains("▄▄▄▄▄"), "{}{}", exit.err(), exit.out());
    assert_eq!(named, exit.out().contains(&format!(":{port}/\n")), "{}", exit.out());
    let alone =
        Server::of(Program::new(env!("CARGO_BIN_EXE_http-fetch-server")).args(["-a", "0", "--qr"]));
    alone.wait_stderr("notice: no code is drawn: only this machine reaches 127.0.0.1:");
}

#[cfg(unix)] // a shell limits the length of files
#[test]
fn a_code_that_cannot_be_drawn_ends_no_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    // The line that says where it listens fits into the file, and no picture does.
    let limited = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""];
    let program = Program::new(env!("CARGO_BIN_EXE_http-fetch-server"));
    let program = program.args(["-a", "0.0.0.0:0", "--qr"]).stdout(File::create(&path).unwrap());
    let server = program.under(&limited).start();
    // The limit cuts the picture, perhaps within a character.
    let said = || String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned();
    harness::eventually("it listens", || said().contains('\n'));
    let addr = said().lines().next().unwrap().strip_prefix("listening on ").unwrap().to_owned();
    let port = addr.rsplit_once(':').unwrap().1.parse().unwrap();
    let mut stream = peer::connect(("127.0.0.1", port));
    peer::send(&mut stream, get("/"));
    assert_eq!(Answer::read(&mut stream).status(), 200);
    assert!(server.is_running());
}
