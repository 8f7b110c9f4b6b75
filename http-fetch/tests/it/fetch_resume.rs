//! Interrupted runs, and `--continue`.
use crate::play::{Play, error};
use harness::{Signal, peer};

/// A whole answer of ten bytes, of which five come.
const CUT: &[u8] = b"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\nhello";
/// The other five.
const REST: &[u8] =
    b"HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\nworld";
/// Another version, all of it.
const ANEW: &[u8] = b"HTTP/1.1 200 OK\r\nETag: \"v2\"\r\nContent-Length: 4\r\n\r\nnew!";

/// A directory in which a first run has been cut off after five bytes.
fn cut() -> Play {
    let play = Play::new();
    let exit = play.fetch_once(CUT);
    exit.assert_code(1);
    assert!(error(&exit).contains("closed after 5 of 10 bytes"), "{}", exit.err());
    assert!(
        exit.err()
            .contains("notice: 5 bytes are kept in page.part; --continue goes on from there\n"),
        "{}",
        exit.err()
    );
    assert_eq!(play.files(), ["page.part", "page.part.from"]);
    play
}

#[track_caller]
fn assert_asked_for_the_rest(request: &str) {
    assert!(request.contains("\r\nRange: bytes=5-\r\nIf-Range: \"v1\"\r\n"), "{request}");
}

#[test]
fn a_cut_file_is_continued() {
    let play = cut();
    let (exit, requests) = play.fetch("/page", &["-c"], &[REST]);
    exit.assert_code(0);
    assert_asked_for_the_rest(&requests[0]);
    assert_eq!(play.text("page"), "helloworld");
    assert_eq!(play.files(), ["page"]);
}

#[test]
fn a_rest_that_is_cut_is_continued_in_turn() {
    let play = cut();
    let (exit, _) = play.fetch("/page", &["--continue"], &[&REST[..REST.len() - 2]]);
    exit.assert_code(1);
    assert!(exit.err().contains("8 bytes are kept"), "{}", exit.err());
    let rest = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 8-9/10\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nld\r\n0\r\n\r\n";
    let (exit, requests) = play.fetch("/page", &["--continue"], &[rest.as_bytes()]);
    exit.assert_code(0);
    assert!(requests[0].contains("\r\nRange: bytes=8-\r\nIf-Range: \"v1\"\r\n"), "{}", requests[0]);
    assert_eq!(play.text("page"), "helloworld");
}

#[test]
fn the_part_outlives_every_kind_of_end() {
    let stops = harness::STOPS.iter().map(|signal| (*signal, Some(130)));
    // Nobody asks for the status of what was killed, and each system has another.
    for (signal, code) in stops.chain([(Signal::SIGKILL, None)]) {
        let play = Play::new();
        play.write("page", "old");
        let client = play.client("/page", &[]);
        let mut stream = play.server.accept();
        peer::recv_until(&mut stream, "\r\n\r\n");
        peer::send(&mut stream, CUT);
        harness::eventually("the first bytes on the disk", || {
            std::fs::metadata(play.path("page.part")).is_ok_and(|meta| meta.len() == 5)
        });
        client.signal(signal);
        let status = client.wait().code;
        assert_eq!(status, code.or(status));
        assert_eq!(play.text("page"), "old");
        let (exit, requests) = play.fetch("/page", &["--continue"], &[REST]);
        exit.assert_code(0);
        assert_asked_for_the_rest(&requests[0]);
        assert_eq!(play.text("page"), "helloworld");
        assert_eq!(play.files(), ["page"]);
    }
}

#[test]
fn the_part_outlives_a_silence() {
    let play = Play::new();
    let client = play.client("/page", &["--timeout", "1"]);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, CUT);
    let exit = client.wait();
    exit.assert_code(1);
    assert!(error(&exit).contains("waited 1 s for the rest of the body"), "{}", exit.err());
    play.fetch("/page", &["--continue"], &[REST]).0.assert_code(0);
    assert_eq!(play.text("page"), "helloworld");
}

#[test]
#[cfg(unix)] // `ulimit`
fn a_full_disk_leaves_no_half_file_and_the_part_is_continued() {
    let play = Play::new();
    play.write("page", "old");
    // A limit for the length of files stands for a disk: 512 bytes, and no signal on reaching them.
    let client = harness::Program::new("/bin/sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_http-fetch-client"),
        ])
        .arg(play.url("/page"))
        .dir(play.dir.path())
        .start();
    let head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 1000\r\n\r\n";
    play.answer(format!("{head}{}", "x".repeat(1000)));
    let exit = client.wait();
    exit.assert_code(1);
    assert!(error(&exit).contains("cannot write page: file too large"), "{}", exit.err());
    assert_eq!(play.text("page"), "old");
    let kept = std::fs::metadata(play.path("page.part")).unwrap().len();
    let rest = 1000 - kept;
    let answer = format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {kept}-999/1000\r\nContent-Length: {rest}\r\n\r\n"
    );
    let (exit, _) = play.fetch(
        "/page",
        &["--continue"],
        &[format!("{answer}{}", "x".repeat(rest as usize)).as_bytes()],
    );
    exit.assert_code(0);
    assert_eq!(play.text("page"), "x".repeat(1000));
}

#[test]
fn what_nobody_could_continue_is_not_kept() {
    for validator in ["", "ETag: W/\"v1\"\r\n", "Last-Modified: Sat, 21 Nov 2099 05:47:12 GMT\r\n"]
    {
        let play = Play::new();
        let exit = play
            .fetch_once(format!("HTTP/1.1 200 OK\r\n{validator}Content-Length: 10\r\n\r\nhello"));
        exit.assert_code(1);
        assert_eq!(play.files(), [""; 0], "{validator}");
        assert!(!exit.err().contains("kept"), "{}", exit.err());
    }
    // What is wrong in itself does not get right by going on.
    let play = Play::new();
    let exit = play.fetch_once(
        "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n",
    );
    exit.assert_code(1);
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn a_part_of_an_unknown_version_is_not_taken_for_the_whole() {
    let play = Play::new();
    // As a run leaves it that is killed while it receives a body without a validator.
    play.write("page.part", "hello");
    play.write("page.part.from", format!("{}\n\n", play.url("/page")));
    let (exit, requests) = play.fetch("/page", &["--continue"], &[ANEW]);
    exit.assert_code(0);
    assert!(!requests[0].contains("Range"), "{}", requests[0]);
    assert_eq!(play.text("page"), "new!");
    assert_eq!(play.files(), ["page"]);
}

#[test]
fn no_moment_of_death_is_in_the_way_of_the_next_run() {
    for (part, note) in [
        (None, Some("http://a/\n\n")),
        (Some(""), None),
        (Some(""), Some("")),
        (Some(""), Some("http://a/\n\n")),
    ] {
        for args in [&[][..], &["--continue"]] {
            let play = Play::new();
            part.inspect(|text| play.write("page.part", text));
            note.inspect(|text| play.write("page.part.from", text));
            let (exit, _) = play.fetch("/page", args, &[ANEW]);
            exit.assert_code(0);
            assert_eq!(play.text("page"), "new!");
            assert_eq!(play.files(), ["page"]);
        }
    }
}

#[test]
fn a_date_serves_as_well_as_a_tag() {
    let play = Play::new();
    let dates =
        "Last-Modified: Sat, 21 Nov 2026 05:47:12 GMT\r\nDate: Sat, 21 Nov 2026 06:00:00 GMT\r\n";
    play.fetch_once(format!("HTTP/1.1 200 OK\r\n{dates}Content-Length: 10\r\n\r\nhello"))
        .assert_code(1);
    let rest = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\n\r\nworld";
    let (exit, requests) = play.fetch("/page", &["--continue"], &[rest]);
    exit.assert_code(0);
    assert!(
        requests[0].contains("\r\nIf-Range: Sat, 21 Nov 2026 05:47:12 GMT\r\n"),
        "{}",
        requests[0]
    );
    assert_eq!(play.text("page"), "helloworld");
}

#[test]
fn another_version_is_fetched_from_the_start() {
    let play = cut();
    let (exit, requests) = play.fetch("/page", &["--continue"], &[ANEW]);
    exit.assert_code(0);
    assert_asked_for_the_rest(&requests[0]);
    assert!(
        exit.err().contains("notice: the server does not go on where the file stops"),
        "{}",
        exit.err()
    );
    assert_eq!(play.text("page"), "new!");
    assert_eq!(play.files(), ["page"]);
}

#[test]
fn without_continue_all_is_fetched() {
    let play = cut();
    let (exit, requests) = play.fetch("/page", &[], &[ANEW]);
    exit.assert_code(0);
    assert!(!requests[0].contains("Range"), "{}", requests[0]);
    assert_eq!(play.text("page"), "new!");
    assert_eq!(play.files(), ["page"]);
}

#[test]
fn a_part_of_another_url_is_not_continued() {
    let play = cut();
    let (exit, requests) = play.fetch("/other", &["--continue", "-o", "page"], &[ANEW]);
    exit.assert_code(0);
    assert!(!requests[0].contains("Range"), "{}", requests[0]);
    assert!(exit.err().contains("notice: the part at hand is from another URL"), "{}", exit.err());
    assert_eq!(play.text("page"), "new!");
}

#[test]
fn a_range_that_was_not_asked_for_is_never_joined() {
    for (range, etag) in [
        ("bytes 4-9/10", "v1"),
        ("bytes 6-10/11", "v1"),
        ("bytes 5-8/10", "v1"),
        ("bytes 5-9/*", "v1"),
        ("bytes 0-4/5", "v1"),
        ("bytes 5-9/10", "v2"),
        ("nonsense", "v1"),
    ] {
        let play = cut();
        let answer = format!(
            "HTTP/1.1 206 Partial Content\r\nETag: \"{etag}\"\r\nContent-Range: {range}\r\n\r\nworld"
        );
        let (exit, requests) = play.fetch("/page", &["--continue"], &[answer.as_bytes(), ANEW]);
        exit.assert_code(0);
        assert!(!requests[1].contains("Range"), "{}", requests[1]);
        assert!(
            exit.err().contains("notice: what is at hand is no beginning of what the server has"),
            "{}",
            exit.err()
        );
        assert_eq!(play.text("page"), "new!", "{range}");
        assert_eq!(play.files(), ["page"]);
    }
}

#[test]
fn a_rest_that_denies_what_the_first_answer_said_is_never_joined() {
    let modified = |hour: u8| format!("Last-Modified: Sat, 21 Nov 2026 {hour:02}:00:00 GMT\r\n");
    let (old, new) = (modified(5), modified(9));
    let tag = "ETag: \"v1\"\r\n";
    for (first, status, second) in [
        // A server that does not heed If-Range.
        (old.clone(), 206, format!("{new}Content-Range: bytes 5-9/10\r\n")),
        (old.clone(), 206, "Content-Range: bytes 5-9/12\r\n".to_owned()),
        (old.clone(), 206, "Content-Range: bytes 5-11/12\r\n".to_owned()),
        (tag.to_owned(), 206, "Content-Range: bytes 5-11/12\r\n".to_owned()),
        (format!("{tag}{old}"), 206, format!("{new}Content-Range: bytes 5-9/10\r\n")),
        (tag.to_owned(), 206, format!("{tag}ETag: \"v2\"\r\nContent-Range: bytes 5-9/10\r\n")),
        // The whole has become as long as the part.
        (old, 416, "Content-Range: bytes */5\r\n".to_owned()),
    ] {
        let play = Play::new();
        let date = "Date: Sat, 21 Nov 2026 10:00:00 GMT\r\n";
        play.fetch_once(format!("HTTP/1.1 200 OK\r\n{date}{first}Content-Length: 10\r\n\r\nhello"))
            .assert_code(1);
        let answer = format!("HTTP/1.1 {status} X\r\n{second}\r\nworld");
        let (exit, requests) = play.fetch("/page", &["--continue"], &[answer.as_bytes(), ANEW]);
        exit.assert_code(0);
        assert!(requests[0].contains("\r\nRange: bytes=5-\r\nIf-Range: "), "{}", requests[0]);
        assert!(!requests[1].contains("Range"), "{}", requests[1]);
        assert_eq!(play.text("page"), "new!", "{first} {second}");
    }
}

#[test]
fn a_rest_may_leave_out_what_the_first_answer_said() {
    let play = Play::new();
    let dates =
        "Last-Modified: Sat, 21 Nov 2026 05:47:12 GMT\r\nDate: Sat, 21 Nov 2026 06:00:00 GMT\r\n";
    play.fetch_once(format!(
        "HTTP/1.1 200 OK\r\n{dates}ETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    ))
    .assert_code(1);
    let rest = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\n\r\nworld";
    play.fetch("/page", &["--continue"], &[rest]).0.assert_code(0);
    assert_eq!(play.text("page"), "helloworld");
}

#[test]
fn a_rest_of_the_wrong_length_is_never_joined() {
    for fields in
        ["Content-Length: 6\r\n", "Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n"]
    {
        let play = cut();
        let head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\n";
        let (exit, _) = play.fetch(
            "/page",
            &["--continue"],
            &[format!("{head}{fields}\r\n6\r\nworld!\r\n0\r\n\r\n").as_bytes()],
        );
        exit.assert_code(1);
        assert!(!play.path("page").exists());
    }
}

#[test]
fn a_part_that_was_asked_for_by_nobody_is_refused() {
    let play = Play::new();
    let exit = play.fetch_once(REST);
    exit.assert_code(1);
    assert!(error(&exit).contains("the server answers 206 Partial Content"), "{}", exit.err());
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn a_complete_file_is_success() {
    let play = Play::new();
    play.write("page", "helloworld");
    let complete =
        b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\nContent-Length: 0\r\n\r\n";
    let (exit, requests) = play.fetch("/page", &["--continue"], &[complete]);
    exit.assert_code(0);
    assert!(requests[0].contains("\r\nRange: bytes=10-\r\n"), "{}", requests[0]);
    assert_eq!(exit.err(), "notice: page is complete already\n");
    assert_eq!(play.text("page"), "helloworld");
    assert_eq!(play.files(), ["page"]);
}

#[test]
fn a_file_of_another_length_is_fetched_anew() {
    for answer in [
        &b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */4\r\n\r\n"[..],
        b"HTTP/1.1 416 Range Not Satisfiable\r\n\r\n",
        // Nothing says that the file is a beginning of this.
        REST,
    ] {
        let play = Play::new();
        play.write("page", "hello");
        let (exit, requests) = play.fetch("/page", &["--continue"], &[answer, ANEW]);
        exit.assert_code(0);
        assert!(!requests[1].contains("Range"), "{}", requests[1]);
        assert_eq!(play.text("page"), "new!");
        assert_eq!(play.files(), ["page"]);
    }
}

#[test]
fn a_part_that_only_lacked_its_name_gets_it() {
    let play = cut();
    play.write("page.part", "helloworld");
    let complete = b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\n\r\n";
    let (exit, _) = play.fetch("/page", &["--continue"], &[complete]);
    exit.assert_code(0);
    assert_eq!(play.text("page"), "helloworld");
    assert_eq!(play.files(), ["page"]);
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows limits whole paths as well")]
fn the_longest_names_can_be_continued_as_well() {
    for name in ["n".repeat(250), "n".repeat(255), format!("{}{}", "好".repeat(80), "n".repeat(6))]
    {
        let play = Play::new();
        let (exit, _) = play.fetch("/page", &["-o", &name], &[CUT]);
        exit.assert_code(1);
        assert_eq!(play.files().len(), 2, "{:?}", play.files());
        let (exit, requests) = play.fetch("/page", &["--continue", "-o", &name], &[REST]);
        exit.assert_code(0);
        assert_asked_for_the_rest(&requests[0]);
        assert_eq!(play.files(), [name.as_str()]);
        assert_eq!(play.text(&name), "helloworld");
    }
    // One letter more is no name at all, and leaves nothing.
    let play = Play::new();
    let exit = play.program("/page", &["-o", &"n".repeat(256)]).run();
    exit.assert_code(1);
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn an_error_leaves_the_part_for_another_time() {
    for answer in [
        "HTTP/1.1 404 Not Found\r\n\r\n",
        "HTTP/1.1 503 Busy\r\n\r\n",
        "",
        "HTTP/1.1 302 Found\r\n\r\n",
    ] {
        let play = cut();
        let (exit, _) = play.fetch("/page", &["--continue"], &[answer.as_bytes()]);
        exit.assert_code(1);
        assert_eq!(play.text("page.part"), "hello");
        play.fetch("/page", &["--continue"], &[REST]).0.assert_code(0);
        assert_eq!(play.text("page"), "helloworld");
    }
}

#[test]
fn the_rest_is_asked_for_wherever_a_redirect_leads() {
    let play = Play::new();
    let redirect = |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\n\r\n").into_bytes();
    // Signed addresses differ each time; it is the user's URL that must be the same.
    play.fetch("/page", &[], &[&redirect("/signed?1"), CUT]).0.assert_code(1);
    let (exit, requests) = play.fetch("/page", &["--continue"], &[&redirect("/signed?2"), REST]);
    exit.assert_code(0);
    assert_asked_for_the_rest(&requests[1]);
    assert_eq!(play.text("page"), "helloworld");
}

#[test]
fn the_limit_holds_for_both_parts_together() {
    let play = cut();
    let (exit, _) = play.fetch("/page", &["--continue", "--max-size", "9"], &[REST]);
    exit.assert_code(1);
    assert!(
        error(&exit).contains("the file has at least 10 bytes, more than the 9 of --max-size"),
        "{}",
        exit.err()
    );
    assert!(!play.path("page").exists());
}

/// The first answer does not tell its length; what the second tells of it holds for the third.
#[test]
fn a_length_that_only_a_rest_tells_binds_the_next_rest() {
    for (last, joined) in [("8-9/10", true), ("8-11/12", false)] {
        let play = Play::new();
        let chunked =
            "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
        play.fetch_once(chunked).assert_code(1);
        let (exit, _) = play.fetch("/page", &["-c"], &[&REST[..REST.len() - 2]]);
        exit.assert_code(1);
        let rest = format!(
            "HTTP/1.1 206 X\r\nContent-Range: bytes {last}\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        let rest =
            if joined { rest + "2\r\nld\r\n0\r\n\r\n" } else { rest + "4\r\nnope\r\n0\r\n\r\n" };
        let answers = [rest.as_bytes(), ANEW];
        let (exit, _) = play.fetch("/page", &["-c"], if joined { &answers[..1] } else { &answers });
        exit.assert_code(0);
        assert_eq!(play.text("page"), if joined { "helloworld" } else { "new!" });
        assert_eq!(play.files(), ["page"]);
    }
}
