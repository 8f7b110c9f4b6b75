//! What everyday use asks of the client beside a URL and a file.
use std::time::{Duration, SystemTime};

use crate::play::{Play, error};
use harness::{Program, peer};

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

#[test]
fn a_head_is_asked_for_alone() {
    let play = Play::new();
    play.write("page", "old");
    // Of a body that does not come nothing need be understood.
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\nTransfer-Encoding: x\r\n\r\n";
    let to = "HTTP/1.1 302 Found\r\nLocation: /other\r\n\r\n";
    let (exit, requests) = play.fetch("/page", &["-I"], &[to.as_bytes(), head.as_bytes()]);
    exit.assert_code(0);
    assert_eq!((exit.out(), exit.err()), (format!("{to}{head}"), String::new()));
    assert!(requests[0].starts_with("HEAD /page HTTP/1.1\r\n"), "{}", requests[0]);
    assert!(requests[1].starts_with("HEAD /other HTTP/1.1\r\n"), "{}", requests[1]);
    assert_eq!(play.text("page"), "old");
    let (exit, _) = play.fetch("/", &["--head"], &[b"HTTP/1.1 404 Not Found\r\n\r\n"]);
    exit.assert_code(1);
    assert!(error(&exit).ends_with("the server answers 404 Not Found"), "{}", error(&exit));
    for other in [&["-o", "x"][..], &["--continue"], &["-J"], &["-d", "a=b"]] {
        play.program("/page", &[&["-I"], other].concat()).run().assert_code(2);
    }
}

#[test]
fn lines_of_the_user_stand_in_the_request() {
    let play = Play::new();
    let args = ["-H", "Accept: text/html", "-H", "host: other", "--header", "Connection:"];
    let (exit, requests) = play.fetch("/page", &args, &[HELLO]);
    exit.assert_code(0);
    assert_eq!(requests, ["GET /page HTTP/1.1\r\nAccept: text/html\r\nhost: other\r\n\r\n"]);
    for wrong in [
        "s3cret",
        "Cookie: s3cret\r\nC: d",
        "Content-Length: s3cret",
        "Range: s3cret",
        "Authorization : s3cret",
    ] {
        let exit = play.program("/page", &["-H", wrong]).run();
        exit.assert_code(2);
        let err = exit.err();
        assert!(err.contains("--header") && !err.contains("s3cret"), "{err}");
    }
    let (exit, _) = play.fetch(
        "/page",
        &["-H", "If-None-Match: \"v1\""],
        &[b"HTTP/1.1 304 Not Modified\r\n\r\n"],
    );
    exit.assert_code(0);
    assert_eq!(exit.err(), "notice: the file is still the one that you have; nothing is saved\n");
}

#[test]
fn what_is_for_one_server_goes_to_no_other() {
    let (play, other) = (Play::new(), Play::new());
    let args = ["-H", "Authorization: secret", "-H", "Cookie: a=b", "-H", "X-All: yes"];
    let client = play.client("/page", &args);
    let here = play.answer("HTTP/1.1 302 Found\r\nLocation: /here\r\n\r\n");
    let still_here =
        play.answer(format!("HTTP/1.1 302 Found\r\nLocation: {}\r\n\r\n", other.url("/there")));
    let there = other.answer(HELLO);
    client.wait().assert_code(0);
    for request in [&here, &still_here] {
        assert!(
            request.contains("Authorization: secret\r\nCookie: a=b\r\nX-All: yes\r\n"),
            "{request}"
        );
    }
    assert!(
        !there.contains("secret") && !there.contains("Cookie") && there.contains("X-All: yes"),
        "{there}"
    );
}

#[test]
fn a_form_is_sent_and_its_result_is_fetched() {
    let play = Play::new();
    let client = play.client("/form", &["-d", "name=中文", "-d", "b=2", "-o", "-"]);
    // 307 asks the same again. The result of what was done may be fetched from where it was sent
    // to: that is no circle.
    for (path, status) in [("/form", "307 Temporary Redirect"), ("/form?2", "303 See Other")] {
        let mut stream = play.server.accept();
        let head = String::from_utf8(peer::recv_until(&mut stream, "\r\n\r\n")).unwrap();
        assert!(head.starts_with(&format!("POST {path} HTTP/1.1\r\n")), "{head}");
        assert!(head.contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n"), "{head}");
        assert!(head.contains("\r\nContent-Length: 15\r\n"), "{head}");
        assert_eq!(peer::recv_exact(&mut stream, 15), "name=中文&b=2".as_bytes());
        peer::send(&mut stream, format!("HTTP/1.1 {status}\r\nLocation: /form?2\r\n\r\n"));
    }
    let last = play.answer(HELLO);
    assert!(last.starts_with("GET /form?2 HTTP/1.1\r\n") && !last.contains("Content-"), "{last}");
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "hello");
    let exit = play.program("/form", &["-d", "@file"]).run();
    exit.assert_code(2);
    assert!(exit.err().contains("$(cat FILE)"), "{}", exit.err());
}

#[test]
fn another_try_goes_on_with_the_part() {
    let play = Play::new();
    let cut = b"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\nhello";
    let rest = b"HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\nworld";
    let busy = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\n\r\n";
    let (exit, requests) = play.fetch("/page", &["--retry", "2"], &[busy, cut, rest]);
    exit.assert_code(0);
    assert_eq!(play.text("page"), "helloworld");
    assert_eq!(play.files(), ["page"]);
    assert!(!requests[0].contains("Range") && !requests[1].contains("Range"));
    for request in &requests[2..] {
        assert!(request.contains("\r\nRange: bytes=5-\r\nIf-Range: \"v1\"\r\n"), "{request}");
    }
    let err = exit.err();
    for notice in [
        "notice: the server answers 503 Service Unavailable; trying again in 1 s (1 more after that)\n",
        "notice: the connection was closed after 5 of 10 bytes; trying again in 2 s (0 more after that)\n",
    ] {
        assert!(err.contains(notice), "{err}");
    }
}

#[test]
fn not_everything_is_tried_again() {
    for (args, answer, why) in [
        (&["--retry", "2"][..], "HTTP/1.1 404 Not Found\r\n\r\n", "404"),
        (&["--retry", "2"], "SSH-2.0-x\r\n", "not HTTP"),
        (&["--retry", "2"], "HTTP/1.1 503 X\r\nRetry-After: 86400\r\n\r\n", "503"),
        // It would stand there twice.
        (
            &["--retry", "2", "-o", "-"],
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
            "5 of 9",
        ),
        // It may have been done.
        (&["--retry", "2", "-d", "a=b"], "", "an answer"),
        (&["--retry", "0"], "", "without an answer"),
    ] {
        let play = Play::new();
        let exit = play.fetch("/page", args, &[answer.as_bytes()]).0;
        exit.assert_code(1);
        assert!(error(&exit).contains(why) && !exit.err().contains("again"), "{}", exit.err());
    }
}

#[test]
fn the_server_may_name_a_new_file() {
    let play = Play::new();
    let named = |name: &str| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; {name}\r\nContent-Length: 5\r\n\r\nhello"
        )
    };
    for (answer, file) in [
        (named("filename=\"a b.txt\""), "a b.txt"),
        (named("filename*=UTF-8''%e4%bd%a0; filename=x"), "你"),
        (named("filename=\"../../up\""), "up"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_owned(), "page"),
    ] {
        play.fetch("/page", &["-J"], &[answer.as_bytes()]).0.assert_code(0);
        assert_eq!(play.text(file), "hello");
        // Once more: what is there is nothing that a server may replace.
        play.write(file, "old");
        let exit = play.fetch("/page", &["-J"], &[answer.as_bytes()]).0;
        exit.assert_code(1);
        assert!(error(&exit).contains("is there already"), "{}", error(&exit));
        assert_eq!(play.text(file), "old");
    }
    assert_eq!(play.files(), ["a b.txt", "page", "up", "你"]);
}

#[test]
fn a_file_is_as_old_as_the_server_says() {
    let play = Play::new();
    let time = |name: &str| std::fs::metadata(play.path(name)).unwrap().modified().unwrap();
    let dated = |date: &str| {
        format!("HTTP/1.1 200 OK\r\nLast-Modified: {date}\r\nContent-Length: 5\r\n\r\nhello")
    };
    let exit = play.fetch_once(dated("Wed, 01 Jan 2020 00:00:00 GMT"));
    exit.assert_code(0);
    assert_eq!(time("page"), SystemTime::UNIX_EPOCH + Duration::from_secs(1_577_836_800));
    // No clock says so truly.
    for date in ["Wed, 01 Jan 2200 00:00:00 GMT", "yesterday"] {
        let before = SystemTime::now() - Duration::from_secs(2);
        play.fetch_once(dated(date)).assert_code(0);
        assert!(time("page") >= before && time("page") <= SystemTime::now(), "{date}");
    }
}

#[test]
fn a_proxy_is_asked_as_curl_asks_it() {
    let play = Play::new();
    let proxy = format!("http://me:secret@{}/", play.server.addr());
    for variable in ["http_proxy", "all_proxy", "ALL_PROXY"] {
        let client = play.program("", &[]).arg("-o-").env(variable, &proxy);
        let client = client.env("no_proxy", "example.com").start();
        let request = play.answer(HELLO);
        client.wait().assert_code(0);
        let addr = play.server.addr();
        assert!(
            request.starts_with(&format!("GET http://{addr}/ HTTP/1.1\r\nHost: {addr}\r\n")),
            "{request}"
        );
        assert!(request.contains("\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n"), "{request}");
    }
    // Not this one, and not for such hosts.
    for (variable, exempt) in
        [("HTTP_PROXY", ""), ("http_proxy", "127.0.0.0/8"), ("http_proxy", "*")]
    {
        // There it is the same variable as the one in small letters.
        if cfg!(windows) && variable == "HTTP_PROXY" {
            continue;
        }
        let client = play
            .program("/page", &[])
            .env(variable, "http://127.0.0.1:1")
            .env("NO_PROXY", exempt)
            .start();
        assert!(play.answer(HELLO).starts_with("GET /page HTTP/1.1\r\n"));
        client.wait().assert_code(0);
    }
    let nobody = play.program("/page", &[]).env("http_proxy", "http://127.0.0.1:1").run();
    nobody.assert_code(1);
    assert!(
        error(&nobody).contains("asking the proxy 127.0.0.1:1 (http_proxy;")
            && error(&nobody).ends_with("cannot connect to 127.0.0.1:1: connection refused"),
        "{}",
        error(&nobody)
    );
    let socks = play.program("/page", &[]).env("all_proxy", "socks5://127.0.0.1:1").run();
    socks.assert_code(1);
    assert!(
        error(&socks).contains("all_proxy: a proxy of the kind socks5://"),
        "{}",
        error(&socks)
    );
}

#[test]
fn a_proxy_that_refuses_is_named_and_asked_again_where_that_may_help() {
    for (url, variable, request) in [
        (
            "https://example.com/x",
            "https_proxy",
            "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
        ),
        ("http://example.com/x", "http_proxy", "GET http://example.com/x HTTP/1.1\r\n"),
    ] {
        for (status, tries) in
            [("407 Proxy Authentication Required", 1), ("403 Forbidden", 1), ("503 Busy", 2)]
        {
            let play = Play::new();
            let program = Program::new(env!("CARGO_BIN_EXE_http-fetch-client"));
            let program = program.args([url, "--retry", "1"]).dir(play.dir.path());
            let client = program.env(variable, play.server.addr().to_string()).start();
            for _ in 0..tries {
                let asked = play.answer(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
                assert!(asked.starts_with(request), "{asked}");
            }
            let exit = client.wait();
            exit.assert_code(1);
            let line = error(&exit);
            assert!(line.ends_with(&format!("answers {status}")), "{line}");
            // Of what a proxy passes on, only this is its own for certain.
            let is_proxys = url.starts_with("https") || status.starts_with("407");
            let proxy = format!("the proxy {} ({variable})", play.server.addr());
            assert_eq!(line.contains(&proxy), is_proxys, "{line}");
            assert_eq!(play.files(), [""; 0]);
        }
    }
}
