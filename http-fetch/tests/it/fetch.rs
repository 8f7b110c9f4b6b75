//! The client in ordinary and less ordinary use.
use crate::play::{Play, error};
use harness::peer;
use harness::{Program, Terminal};

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// The client fails with this in its message, and leaves nothing.
#[track_caller]
fn assert_refused(answer: impl AsRef<[u8]>, why: &str) {
    let play = Play::new();
    play.write("page", "old");
    let exit = play.fetch_once(answer);
    exit.assert_code(1);
    let error = error(&exit);
    assert!(error.contains(why), "{error}");
    assert_eq!(play.text("page"), "old");
    assert_eq!(play.files(), ["page"]);
}

#[test]
fn the_file_is_named_after_the_url() {
    for (path, name) in [
        ("", "index.html"),
        ("/a/b.txt?c=d", "b.txt"),
        ("/%E4%BD%A0.html", "你.html"),
        ("/%2e%2e%2fup", "_.._up"),
    ] {
        let play = Play::new();
        let (exit, _) = play.fetch(path, &[], &[HELLO]);
        exit.assert_code(0);
        assert_eq!(play.files(), [name], "{path}");
    }
}

#[test]
fn the_file_is_named_by_the_user() {
    let play = Play::new();
    std::fs::create_dir(play.path("sub")).unwrap();
    let (exit, _) = play.fetch("/page", &["--output", "sub/x"], &[HELLO]);
    exit.assert_code(0);
    assert_eq!(exit.err(), "");
    assert_eq!(play.text("sub/x"), "hello");
    assert_eq!(play.files(), ["sub"]);
}

#[test]
#[cfg(unix)] // permissions as Unix has them
fn a_file_named_by_the_user_is_replaced_and_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let play = Play::new();
    play.write("x", "old");
    let permissions = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(play.path("x"), permissions).unwrap();
    let (exit, _) = play.fetch("/page", &["-o", "x"], &[HELLO]);
    exit.assert_code(0);
    assert_eq!(exit.err(), "");
    assert_eq!(play.text("x"), "hello");
    assert_eq!(std::fs::metadata(play.path("x")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
#[cfg(unix)] // who may make links on Windows is a matter of its settings
fn a_link_named_by_the_user_is_followed_and_one_named_by_the_url_is_not() {
    let play = Play::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("file");
    std::fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, play.path("page")).unwrap();
    play.fetch_once(HELLO).assert_code(0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(play.text("page"), "hello");
    std::os::unix::fs::symlink(&file, play.path("link")).unwrap();
    play.fetch("/page", &["-o", "link"], &[HELLO]).0.assert_code(0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "hello");
    assert!(std::fs::symlink_metadata(play.path("link")).unwrap().is_symlink());
}

#[test]
fn standard_output_gets_the_body_and_nothing_else() {
    let play = Play::new();
    let body: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let answer = [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", &body[..]].concat();
    let (exit, _) = play.fetch("/page", &["-o", "-"], &[&answer]);
    exit.assert_code(0);
    assert!(exit.stdout == body);
    assert_eq!(exit.err(), "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn an_error_page_is_not_written_to_standard_output() {
    let play = Play::new();
    let (exit, _) = play.fetch(
        "/page",
        &["-o", "-"],
        &[b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\noops"],
    );
    exit.assert_code(1);
    assert_eq!(exit.out(), "");
}

#[test]
fn what_arrives_is_passed_on_before_the_rest_comes() {
    let play = Play::new();
    let client = play.client("/page", &["-o", "-"]);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    client.wait_stdout("hello");
    peer::send(&mut stream, "0\r\n\r\n");
    client.wait().assert_code(0);
}

#[test]
fn interim_heads_are_passed_over() {
    let play = Play::new();
    let exit = play.fetch_once(
        [&b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"[..], HELLO]
            .concat(),
    );
    exit.assert_code(0);
    assert_eq!(exit.out(), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    assert_eq!(play.text("page"), "hello");
    assert_refused(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "101 Switching Protocols",
    );
}

#[test]
fn http_1_0_is_understood() {
    let play = Play::new();
    play.fetch_once("HTTP/1.0 200 OK\r\n\r\nhello").assert_code(0);
    assert_eq!(play.text("page"), "hello");
}

#[test]
fn what_is_not_http_is_told_at_once() {
    for (greeting, shown) in [
        ("<html>HTTP/0.9</html>", "begins with \"<html>HTTP/0.9</html>\""),
        ("SSH-2.0-OpenSSH_9.2\r\n", "begins with \"SSH-2.0-OpenSSH_9.2\""),
        ("Welcome!", "begins with \"Welcome!\""),
        ("\x15\x03\x03\x00\x02\x02\x46", "may need https://"),
    ] {
        let play = Play::new();
        let client = play.client("/page", &["--timeout", "3600"]);
        let mut stream = play.server.accept();
        // Such a server may speak before it is spoken to, and then wait.
        peer::send(&mut stream, greeting);
        let exit = client.wait();
        exit.assert_code(1);
        assert!(error(&exit).contains(shown), "{}", exit.err());
    }
}

#[test]
fn lengths_that_contradict_each_other_are_refused() {
    let ok = "HTTP/1.1 200 OK\r\n";
    assert_refused(
        format!("{ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
        "two different Content-Lengths: 5 and 6",
    );
    assert_refused(
        format!(
            "{ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        ),
        "both a Content-Length and a Transfer-Encoding",
    );
    assert_refused(
        format!("{ok}Content-Length: -5\r\n\r\nhello"),
        "Content-Length is not a number",
    );
    assert_refused(
        format!("{ok}Content-Length: 99999999999999999999\r\n\r\nhello"),
        "Content-Length is not a number",
    );
    assert_refused(
        format!("{ok}Transfer-Encoding: gzip, chunked\r\n\r\nhello"),
        "\"gzip, chunked\" is not supported",
    );
}

#[test]
fn bad_chunks_are_refused() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_refused(format!("{head}xyz\r\nhello\r\n0\r\n\r\n"), "malformed chunk");
    assert_refused(format!("{head}4\r\nhello\r\n0\r\n\r\n"), "malformed chunk");
    assert_refused(format!("{head}5\nhello\n0\n\n"), "malformed chunk");
    assert_refused(format!("{head}fffffffffffffffff\r\n"), "16 exbibytes");
    assert_refused(
        format!("{head}5;{}", "x".repeat(10_000)),
        "a chunk's first line of more than 4096 bytes",
    );
}

#[test]
fn a_head_without_end_is_refused() {
    assert_refused(
        format!("HTTP/1.1 200 OK\r\n{}", "A: b\r\n".repeat(100_000)),
        "longer than 65536 bytes",
    );
    assert_refused("HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", "malformed head");
}

#[test]
fn a_head_that_drips_is_given_up() {
    let play = Play::new();
    let client = play.client("/page", &["--timeout", "1"]);
    let mut stream = play.server.accept();
    stream.set_nodelay(true).unwrap();
    // No single wait is long, but the whole head must come in time. The sleep waits for nothing: it
    // is what makes this server slow.
    while std::io::Write::write_all(&mut stream, b"HTTP/1.1 100 Continue\r\n\r\n").is_ok() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let exit = client.wait();
    exit.assert_code(1);
    assert!(error(&exit).contains("timed out: waited 1 s for an answer"), "{}", exit.err());
}

#[test]
fn a_file_that_is_too_large_is_refused_before_or_while_it_comes() {
    for (answer, code) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0),
        ("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!", 1),
        ("HTTP/1.1 200 OK\r\nETag: \"a\"\r\n\r\nhello!", 1),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n3\r\nlo!\r\n0\r\n\r\n",
            1,
        ),
    ] {
        let play = Play::new();
        let (exit, _) = play.fetch("/page", &["--max-size", "5"], &[answer.as_bytes()]);
        exit.assert_code(code);
        assert_eq!(play.files().len(), usize::from(code == 0), "{:?}", play.files());
        assert_eq!(exit.err().contains("more than the 5 of --max-size"), code == 1);
    }
}

#[test]
fn an_answer_without_content_saves_nothing() {
    let play = Play::new();
    let exit = play.fetch_once("HTTP/1.1 204 No Content\r\n\r\n");
    exit.assert_code(0);
    assert_eq!(exit.err(), "notice: the answer has no content; nothing is saved\n");
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn an_encoded_body_is_saved_with_a_notice() {
    let play = Play::new();
    let exit = play
        .fetch_once("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f!");
    exit.assert_code(0);
    assert_eq!(exit.err(), "notice: the body is saved as it comes, encoded with gzip\n");
}

#[test]
fn a_mistyped_url_is_a_usage_error() {
    for args in [
        &["http://"][..],
        &["ftp://a/"],
        &["http://me:pw@a/"],
        &["localhost:99999"],
        &[],
        &["a", "b"],
        &["a", "-o", "-", "--continue"],
    ] {
        let exit = Program::new(env!("CARGO_BIN_EXE_http-fetch-client")).args(args).run();
        exit.assert_code(2);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
        assert!(exit.err().starts_with("error: "), "{}", exit.err());
    }
}

#[test]
fn a_reader_of_the_head_that_leaves_ends_no_download() {
    for redirect in [&b""[..], b"HTTP/1.1 302 Found\r\nLocation: /other\r\n\r\n"] {
        let play = Play::new();
        // The other end of the pipe is closed before the head comes.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut client = std::process::Command::new(env!("CARGO_BIN_EXE_http-fetch-client"))
            .args([&play.url("/page"), "-o", "f"])
            .current_dir(play.dir.path())
            .stdout(writer)
            .spawn()
            .unwrap();
        if !redirect.is_empty() {
            play.answer(redirect);
        }
        play.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        assert_eq!(client.wait().unwrap().code(), Some(0));
        assert_eq!(play.text("f"), "hello");
    }
}

#[test]
fn no_password_is_shown() {
    for url in [
        "http://user:s3cret@h/",
        "user:s3cret@h",
        "http://user:s3cret@h:99999/",
        "http://user:s3/s3cret@h/",
        "http://user:a@s3cret@h/",
        "ftp://user:s3cret@h/",
        "http://user:s3cret@h st/",
        "http://user:s3cret@h^st/",
        "http://user:s3cret\u{ff20}h/",
    ] {
        let exit = Program::new(env!("CARGO_BIN_EXE_http-fetch-client")).arg(url).run();
        exit.assert_code(2);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
        assert!(exit.err().starts_with("error: ") && !exit.err().contains("s3"), "{}", exit.err());
    }
    // The head is shown as it came, the error is ours.
    let play = Play::new();
    let exit = play.fetch_once("HTTP/1.1 302 Found\r\nLocation: http://user:s3cret@h/\r\n\r\n");
    exit.assert_code(1);
    assert!(exit.err().contains("…@h/") && !exit.err().contains("s3cret"), "{}", exit.err());
}

#[test]
fn a_server_that_is_not_there_is_told_with_what_to_do() {
    let play = Play::new();
    let Play { dir, server } = play;
    let addr = server.addr();
    drop(server);
    let exit = Program::new(env!("CARGO_BIN_EXE_http-fetch-client"))
        .dir(dir.path())
        .arg(addr.to_string())
        .run();
    exit.assert_code(1);
    let error = error(&exit);
    assert!(error.contains("connection refused; nothing listens there"), "{error}");
    assert!(!error.contains("--addr"), "{error}");
}

#[test]
fn a_reset_connection_is_an_error() {
    let play = Play::new();
    let client = play.client("/page", &[]);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, "HTTP/1.1 200 OK\r\n\r\nhello");
    client.wait_stdout("\r\n\r\n");
    peer::reset(stream);
    let exit = client.wait();
    exit.assert_code(1);
    assert!(error(&exit).contains("connection reset by peer"), "{}", exit.err());
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn ctrl_c_leaves_no_half_file() {
    for &signal in harness::STOPS {
        let play = Play::new();
        play.write("page", "old");
        let client = play.client("/page", &[]);
        let mut stream = play.server.accept();
        peer::recv_until(&mut stream, "\r\n\r\n");
        peer::send(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
        harness::eventually("the first bytes on the disk", || {
            std::fs::metadata(play.path("page.part")).is_ok_and(|meta| meta.len() == 5)
        });
        assert_eq!(play.text("page"), "old");
        client.signal(signal);
        client.wait().assert_code(130);
        assert_eq!(play.files(), ["page"]);
        assert_eq!(play.text("page"), "old");
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "a disk that is full is Linux's /dev/full")]
fn a_full_disk_is_told() {
    let play = Play::new();
    let (exit, _) = play.fetch("/page", &["-o", "/dev/full"], &[HELLO]);
    exit.assert_code(1);
    assert!(
        error(&exit).contains("cannot write /dev/full: no space left on device"),
        "{}",
        exit.err()
    );
    // A device is written to, never replaced.
    assert!(!std::fs::metadata("/dev/full").unwrap().is_file());
}

#[test]
fn a_directory_is_no_file() {
    let play = Play::new();
    std::fs::create_dir(play.path("page")).unwrap();
    let exit = play.client("/page", &[]).wait();
    exit.assert_code(1);
    assert!(
        error(&exit).contains("page: is a directory; name a file with --output"),
        "{}",
        exit.err()
    );
}

#[test]
fn a_file_that_only_looks_like_a_part_is_left_alone() {
    let play = Play::new();
    play.write("page.part", "mine");
    let exit = play.fetch_once(HELLO);
    exit.assert_code(1);
    assert!(error(&exit).contains("page.part: is in the way"), "{}", exit.err());
    assert_eq!(play.text("page.part"), "mine");
}

#[test]
#[cfg(unix)] // who may make links on Windows is a matter of its settings
fn a_link_in_place_of_the_part_is_not_followed() {
    let play = Play::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let (file, nothing) = (elsewhere.path().join("file"), elsewhere.path().join("nothing"));
    std::fs::write(&file, "").unwrap();
    for target in [&file, &nothing] {
        std::os::unix::fs::symlink(target, play.path("page.part")).unwrap();
        play.fetch_once(HELLO).assert_code(1);
        std::fs::remove_file(play.path("page.part")).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "");
    assert!(!nothing.exists());
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn an_empty_page_is_an_empty_file() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let play = Play::new();
        play.fetch_once(answer).assert_code(0);
        assert_eq!(play.text("page"), "");
        assert_eq!(play.files(), ["page"]);
    }
}

#[test]
fn two_runs_do_not_write_the_same_part() {
    let play = Play::new();
    let first = play.client("/page", &[]);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    harness::eventually("the first run's part", || play.path("page.part").exists());
    let second = play.fetch_once(HELLO);
    second.assert_code(1);
    assert!(error(&second).contains("page.part: another run is writing it"), "{}", second.err());
    peer::send(&mut stream, "lo");
    first.wait().assert_code(0);
    assert_eq!(play.text("page"), "hello");
    assert_eq!(play.files(), ["page"]);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_head_cannot_command_the_terminal() {
    let play = Play::new();
    let client = Terminal::start(play.program("/page", &[]), 100, 24);
    play.answer(
        "HTTP/1.1 200 \x1b]0;owned\x07\r\nX: \u{202e}\x7f\u{9b}31m\r\nContent-Length: 5\r\n\r\nhello",
    );
    let exit = client.wait();
    exit.assert_code(1);
    let play = Play::new();
    let client = Terminal::start(play.program("/page", &[]), 100, 24);
    play.answer("HTTP/1.1 200 OK\r\nX: a\u{202e}b\u{9b}31m\r\nContent-Length: 5\r\n\r\nhello");
    let exit = client.wait();
    exit.assert_code(0);
    assert!(exit.out().contains("X: a\\u{202e}b\\u{9b}31m\r\n"), "{}", exit.out());
    assert_eq!(play.text("page"), "hello");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_body_cannot_command_the_terminal() {
    let play = Play::new();
    let client = Terminal::start(play.program("/page", &["-o", "-"]), 100, 24);
    play.answer("HTTP/1.1 200 OK\r\n\r\n你好\x1b[2J\n");
    let exit = client.wait();
    exit.assert_code(0);
    assert!(exit.out().contains("你好\\x1b[2J\r\n"), "{}", exit.out());
}

#[test]
fn each_socket_call_can_be_shown() {
    let play = Play::new();
    let (exit, _) = play.fetch("/page", &["--trace"], &[HELLO]);
    exit.assert_code(0);
    let err = exit.err();
    let calls: Vec<_> = err.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(calls.first(), Some(&"socket"), "{err}");
    for call in ["connect", "send", "recv", "close"] {
        assert!(calls.contains(&call), "{err}");
    }
}

#[test]
fn a_head_is_limited_by_its_bytes_and_not_by_the_number_of_its_lines() {
    let play = Play::new();
    let cookies: String = (0..1000).map(|at| format!("Set-Cookie: c{at}=v\r\n")).collect();
    let exit =
        play.fetch_once(format!("HTTP/1.1 200 OK\r\n{cookies}Content-Length: 5\r\n\r\nhello"));
    exit.assert_code(0);
    assert_eq!(play.text("page"), "hello");
    // As many notices as lines would be of no use to anybody.
    let odd = "no colon\r\n".repeat(1000);
    let exit = play.fetch_once(format!("HTTP/1.1 200 OK\r\n{odd}Content-Length: 5\r\n\r\nhello"));
    exit.assert_code(0);
    assert_eq!(exit.err().matches("has no colon").count(), 3, "{}", exit.err());
    assert!(exit.err().contains("notice: passed over 997 more such lines\n"), "{}", exit.err());
}

/// Each piece is short and comes at once; only all of them together are too much.
#[test]
fn what_stands_beside_the_answer_cannot_go_on_for_ever() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (begin, piece, why) in [
        ("", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", "interim answers"),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", "interim answers"),
        (chunked, "1;comment=0123456789012345678901234567890123456789\r\nx\r\n", "comments"),
        (chunked, "000000000000000000000000000000000000000000000001\r\nx\r\n", "comments"),
        ("HTTP/1.1 200 OK\r\n", "A: b\r\n", "the head is longer"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n", "fields after"),
    ] {
        let play = Play::new();
        let client = play.client("/page", &[]);
        let mut stream = play.server.accept();
        peer::recv_until(&mut stream, "\r\n\r\n");
        peer::send(&mut stream, begin);
        // It goes on until the client has had enough.
        while std::io::Write::write_all(&mut stream, piece.repeat(100).as_bytes()).is_ok() {}
        let exit = client.wait();
        exit.assert_code(1);
        assert!(error(&exit).contains(why), "{piece}: {}", error(&exit));
    }
}

#[test]
fn what_is_no_payload_buys_no_time() {
    let play = Play::new();
    let client = play.client("/page", &["--timeout", "1"]);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;");
    // Ten bytes a second are never a pause of a second. The sleep waits for nothing: it is what
    // makes this server slow.
    while std::io::Write::write_all(&mut stream, b"a").is_ok() {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let exit = client.wait();
    exit.assert_code(1);
    assert!(error(&exit).contains("waited 1 s for the rest of the body"), "{}", error(&exit));
}

#[test]
fn an_address_of_one_link_is_taken_with_its_interface() {
    let play = Play::new();
    for (url, named) in [
        ("http://[fe80::1%25nosuch0]:9/", "fe80::1%nosuch0"),
        ("[fe80::1%nosuch0]:9/a", "fe80::1%nosuch0"),
    ] {
        let client = Program::new(env!("CARGO_BIN_EXE_http-fetch-client")).dir(play.dir.path());
        let exit = client.arg(url).run();
        exit.assert_code(1);
        let error = error(&exit);
        assert!(error.contains(named) && error.contains("no interface of that name"), "{error}");
    }
}
