//! What goes wrong with the tutorials' HTTP clients, and does not go wrong here.
use crate::play::{Play, error};
use harness::peer;

/// The client fails with this in its message, an existing file stays, and nothing else is left.
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
fn an_answer_without_an_empty_line_is_an_error_and_no_traceback() {
    assert_refused("HTTP/1.1 200 OK\r\nServer: x\r\n", "closed in the middle of the head");
}

#[test]
fn a_connection_closed_without_a_byte_is_an_error_and_no_traceback() {
    assert_refused("", "closed without an answer");
}

#[test]
fn a_head_whose_lines_end_with_lf_alone_is_read() {
    let play = Play::new();
    play.fetch_once("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello").assert_code(0);
    assert_eq!(play.text("page"), "hello");
}

#[test]
fn a_head_that_is_no_utf8_is_read() {
    let play = Play::new();
    let head =
        b"HTTP/1.1 200 \xb3\xc9\xb9\xa6\r\nX-Gbk: \xc4\xe3\xba\xc3\r\nX-Latin: caf\xe9\r\n\r\n";
    let exit = play.fetch_once([&head[..], b"hello"].concat());
    exit.assert_code(0);
    assert_eq!(exit.stdout, head);
    assert_eq!(play.text("page"), "hello");
}

#[test]
fn a_page_that_is_not_found_is_not_saved() {
    assert_refused("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\noops", "404 Not Found");
    assert_refused("HTTP/1.1 500 Internal Server Error\r\n\r\noops", "500 Internal Server Error");
}

#[test]
fn a_redirect_to_nowhere_is_not_saved_as_an_empty_page() {
    assert_refused("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "does not say where to");
}

#[test]
fn chunk_lines_are_not_saved() {
    let play = Play::new();
    play.fetch_once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        .assert_code(0);
    assert_eq!(play.text("page"), "hello");
}

#[test]
fn a_short_body_is_not_taken_for_the_whole() {
    assert_refused(
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
        "closed after 5 of 100 bytes",
    );
    assert_refused(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "before the last chunk",
    );
}

#[test]
fn a_connection_that_stays_open_after_the_body_does_not_hang_the_client() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
    ] {
        let play = Play::new();
        // The limit is far beyond the patience of the test.
        let client = play.client("/page", &["--timeout", "3600"]);
        let mut stream = play.server.accept();
        peer::recv_until(&mut stream, "\r\n\r\n");
        peer::send(&mut stream, answer);
        client.wait().assert_code(0);
    }
}

#[test]
fn a_connection_that_never_ends_is_given_up() {
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
    ] {
        let play = Play::new();
        play.write("page", "old");
        let client = play.client("/page", &["--timeout", "1"]);
        let mut stream = play.server.accept();
        peer::recv_until(&mut stream, "\r\n\r\n");
        peer::send(&mut stream, answer);
        let exit = client.wait();
        exit.assert_code(1);
        assert!(error(&exit).contains("timed out: waited 1 s for "), "{}", exit.err());
        assert_eq!(play.text("page"), "old");
        assert_eq!(play.files(), ["page"]);
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn two_hundred_megabytes_pass_through_little_memory() {
    let chunk = [b"100000\r\n".to_vec(), vec![b'x'; 0x10_0000], b"\r\n".to_vec()].concat();
    for (head, piece, end) in [
        ("HTTP/1.1 200 OK\r\n\r\n", &vec![b'x'; 0x10_0000], ""),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", &chunk, "0\r\n\r\n"),
    ] {
        let play = Play::new();
        let client = play.client("/page", &["-o", "/dev/null"]);
        let mut stream = play.server.accept();
        peer::recv_until(&mut stream, "\r\n\r\n");
        peer::send(&mut stream, head);
        for _ in 0..200 {
            peer::send(&mut stream, piece);
        }
        let resident = harness::usage::resident(client.id());
        assert!(resident < 24 * 1024 * 1024, "{resident} bytes");
        peer::send(&mut stream, end);
        drop(stream);
        client.wait().assert_code(0);
    }
}

#[test]
fn a_name_without_an_address_is_an_error_and_no_traceback() {
    // No label is longer than 63 bytes, so that no resolver asks anybody for this one.
    let name = format!("http://{}.invalid/", "a".repeat(64));
    let exit = harness::Program::new(env!("CARGO_BIN_EXE_http-fetch-client")).arg(name).run();
    exit.assert_code(1);
    assert!(error(&exit).contains("cannot find the address of"), "{}", exit.err());
}

#[test]
fn a_file_in_the_way_is_not_overwritten_in_silence() {
    let play = Play::new();
    play.write("page", "old");
    let exit = play.fetch_once("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
    exit.assert_code(0);
    assert_eq!(play.text("page"), "new");
    assert_eq!(exit.err(), "notice: page was there before and has been replaced\n");
}
