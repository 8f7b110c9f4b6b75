//! `--sha256`: a file is what was vouched for, or what was there before stays.
use crate::play::{Play, error};

const OF_HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const OF_HELLOWORLD: &str = "936a185caaa266bb9cbe981e9e05cb78cd732b0b3280eb944412bb6f8f8f07af";

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 5\r\n\r\nhello";
const HELLOWORLD: &[u8] =
    b"HTTP/1.1 200 OK\r\nETag: \"v2\"\r\nContent-Length: 10\r\n\r\nhelloworld";
const CUT: &[u8] = b"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\nhello";
const REST: &[u8] =
    b"HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\nworld";
const OTHER_REST: &[u8] =
    b"HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\nWORLD";

#[track_caller]
fn assert_told(line: &str, wanted: &str) {
    assert!(line.contains(wanted) && line.contains("SHA-256"), "{line}");
    // The other one.
    let sums = line.split(' ').filter(|word| word.trim_end_matches(':').len() == 64).count();
    assert_eq!(sums, 2, "{line}");
}

#[test]
fn the_right_file_is_saved_and_another_one_is_not() {
    let play = Play::new();
    for sum in [OF_HELLO, &OF_HELLO.to_uppercase()] {
        play.fetch("/page", &["--sha256", sum], &[HELLO]).0.assert_code(0);
        assert_eq!(play.text("page"), "hello");
    }
    play.write("page", "old");
    // What might be gone on with, and is not worth it.
    let exit = play.fetch("/page", &["--sha256", OF_HELLO, "--retry", "3"], &[HELLOWORLD]).0;
    exit.assert_code(1);
    assert_told(&error(&exit), OF_HELLO);
    assert!(error(&exit).contains(OF_HELLOWORLD) && !exit.err().contains("kept"), "{}", exit.err());
    assert_eq!(play.text("page"), "old");
    assert_eq!(play.files(), ["page"]);
}

#[test]
fn pieces_and_chunks_are_added_up() {
    let play = Play::new();
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n4\r\nello\r\n5\r\nworld\r\n0\r\n\r\n";
    play.fetch("/page", &["--sha256", OF_HELLOWORLD], &[chunked.as_bytes()]).0.assert_code(0);
    let until_the_end = b"HTTP/1.0 200 OK\r\n\r\nhello";
    play.fetch("/page", &["--sha256", OF_HELLO], &[until_the_end]).0.assert_code(0);
    assert_eq!(play.text("page"), "hello");
}

#[test]
fn a_file_that_is_gone_on_with_is_added_up_from_its_beginning() {
    for (first, then) in [(&["-c"][..], &["-c"][..]), (&[], &["-c"])] {
        let play = Play::new();
        let sum = ["--sha256", OF_HELLOWORLD];
        play.fetch("/page", &[first, &sum].concat(), &[CUT]).0.assert_code(1);
        assert_eq!(play.files(), ["page.part", "page.part.from"]);
        let (exit, requests) = play.fetch("/page", &[then, &sum].concat(), &[REST]);
        exit.assert_code(0);
        assert!(requests[0].contains("\r\nRange: bytes=5-\r\n"), "{}", requests[0]);
        assert_eq!((play.text("page"), play.files()), ("helloworld".into(), vec!["page".into()]));
    }
    let play = Play::new();
    let args = ["--retry", "1", "--sha256", OF_HELLOWORLD];
    play.fetch("/page", &args, &[CUT, REST]).0.assert_code(0);
    assert_eq!(play.text("page"), "helloworld");
}

#[test]
fn a_part_that_has_led_to_another_file_is_not_taken_for_good_later() {
    // Changed on this disk, or on the way.
    for (part, rest) in [("jello", REST), ("hello", OTHER_REST)] {
        let play = Play::new();
        play.write("page", "old");
        play.fetch_once(CUT).assert_code(1);
        play.write("page.part", part);
        let args = ["-c", "--sha256", OF_HELLOWORLD];
        let exit = play.fetch("/page", &args, &[rest]).0;
        exit.assert_code(1);
        assert_told(&error(&exit), OF_HELLOWORLD);
        assert_eq!((play.text("page"), play.files()), ("old".into(), vec!["page".into()]));
        // The next time it begins anew.
        play.write("page", "");
        let (exit, requests) = play.fetch("/page", &args, &[HELLOWORLD]);
        exit.assert_code(0);
        assert!(!requests[0].contains("Range"), "{}", requests[0]);
        assert_eq!(play.text("page"), "helloworld");
    }
}

#[test]
fn a_file_as_long_as_the_servers_must_be_the_right_one() {
    let complete: &[u8] =
        b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\n\r\n";
    let args = ["-c", "--sha256", OF_HELLOWORLD];
    let play = Play::new();
    play.write("page", "helloworld");
    let exit = play.fetch("/page", &args, &[complete]).0;
    exit.assert_code(0);
    assert!(exit.err().contains("page is complete already"), "{}", exit.err());
    play.write("page", "jelloworld");
    let (exit, requests) = play.fetch("/page", &args, &[complete, HELLOWORLD]);
    exit.assert_code(0);
    assert!(requests[0].contains("Range: bytes=10-") && !requests[1].contains("Range"));
    assert!(exit.err().contains("has another SHA-256 sum"), "{}", exit.err());
    assert_eq!(play.text("page"), "helloworld");
    // And if what comes then is none, either, the old one stays.
    play.write("page", "jelloworld");
    let exit = play.fetch("/page", &args, &[complete, HELLO]).0;
    exit.assert_code(1);
    assert_told(&error(&exit), OF_HELLOWORLD);
    assert_eq!((play.text("page"), play.files()), ("jelloworld".into(), vec!["page".into()]));
}

#[test]
fn into_a_pipe_it_is_told_in_the_end() {
    let play = Play::new();
    let exit = play.fetch("/page", &["-o-", "--sha256", OF_HELLO], &[HELLO]).0;
    exit.assert_code(0);
    assert_eq!(exit.out(), "hello");
    let exit = play.fetch("/page", &["-o-", "--sha256", OF_HELLO], &[HELLOWORLD]).0;
    exit.assert_code(1);
    assert_eq!(exit.out(), "helloworld");
    assert_told(&error(&exit), OF_HELLO);
}

#[test]
fn what_is_no_sum_is_refused() {
    let play = Play::new();
    for wrong in ["", "abc", &OF_HELLO.replace('2', "g"), &OF_HELLO.replacen('2', "", 1)] {
        let exit = play.program("/page", &["--sha256", wrong]).run();
        exit.assert_code(2);
        assert!(exit.err().contains("64"), "{}", exit.err());
    }
    play.program("/page", &["-I", "--sha256", OF_HELLO]).run().assert_code(2);
}
