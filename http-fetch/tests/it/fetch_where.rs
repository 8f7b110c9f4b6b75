//! Where a body goes: files, links, what is open already, terminals by any name.
#![cfg(unix)] // devices, links and descriptors as Unix has them

use std::fs;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixStream;

use crate::play::{Play, error};
use harness::{Program, Terminal, eventually, peer};

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

#[test]
fn standard_output_has_several_names() {
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"] {
        if name.starts_with("/proc") && !cfg!(target_os = "linux") {
            continue;
        }
        let play = Play::new();
        symlink("/dev/stdout", play.path("link")).unwrap();
        let (exit, _) = play.fetch("/page", &["-o", name], &[HELLO]);
        exit.assert_code(0);
        // The body, and nothing but the body.
        assert_eq!(exit.out(), "hello", "{name}");
        assert!(exit.err().starts_with("HTTP/1.1 200 OK\r\n"), "{name}: {}", exit.err());
        assert_eq!(play.files(), ["link"]);
        let exit = play.program("/page", &["--continue", "-o", name]).run();
        exit.assert_code(2);
    }
}

#[test]
fn a_file_that_is_standard_output_is_gone_on_with() {
    let play = Play::new();
    play.write("log", "first\n");
    let log = fs::File::options().append(true).open(play.path("log")).unwrap();
    let client = play.program("/page", &["-o", "/dev/stdout"]).stdout(log).start();
    play.answer(HELLO);
    client.wait().assert_code(0);
    assert_eq!(play.text("log"), "first\nhello");
}

#[test]
fn what_another_program_holds_open_is_not_replaced_behind_its_back() {
    let play = Play::new();
    let inside = "exec 3>held; \"$0\" \"$@\" -o /dev/fd/3 && echo last >>held; cat <held; rm held; \
                  exec 4>gone; rm gone; \"$0\" \"$@\" -o /dev/fd/4";
    let client = play.program("/page", &[]).under(&["/bin/sh", "-c", inside]).start();
    play.answer(HELLO);
    play.answer(HELLO);
    let exit = client.wait();
    exit.assert_code(0);
    assert!(exit.out().contains("\r\n\r\nhellolast\n"), "{}", exit.out());
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn a_link_to_what_is_not_there_yet_makes_it() {
    let play = Play::new();
    fs::create_dir(play.path("sub")).unwrap();
    symlink("sub/new", play.path("link")).unwrap();
    symlink("link", play.path("link2")).unwrap();
    let (exit, _) = play.fetch("/page", &["-o", "link2"], &[HELLO]);
    exit.assert_code(0);
    assert_eq!(play.text("sub/new"), "hello");
    assert!(fs::symlink_metadata(play.path("link2")).unwrap().is_symlink());
    assert_eq!(play.files(), ["link", "link2", "sub"]);
    symlink("nowhere/new", play.path("lost")).unwrap();
    let exit = play.program("/page", &["-o", "lost"]).start();
    play.answer(HELLO);
    assert!(error(&exit.wait()).contains("no such file or directory"));
}

#[test]
fn a_terminal_is_one_by_every_name() {
    const COMMANDS: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n\xe4\xbd\xa0\x1b[2J\x1b]0;owned\x07\n";
    for (name, stdout) in [
        ("/dev/tty", ""),
        ("/dev/stdout", ""),
        ("link", ""),
        ("/dev/stderr", " >out"),
        ("/dev/tty", " >out"),
        ("link", " >out 2>err"),
    ] {
        let play = Play::new();
        symlink("/dev/tty", play.path("link")).unwrap();
        let inside = format!("exec \"$0\" \"$@\"{stdout}");
        let program = play.program("/page", &["-o", name]).under(&["/bin/sh", "-c", &inside]);
        let client = Terminal::start(program, 100, 24);
        play.answer(COMMANDS);
        let exit = client.wait();
        exit.assert_code(0);
        let shown = exit.out();
        assert!(shown.contains("你\\x1b[2J\\x1b]0;owned\\x07\r\n"), "{name}{stdout}: {shown:?}");
        assert!(!shown.contains("\x1b]0;"), "{name}{stdout}: {shown:?}");
    }
}

#[test]
fn a_device_is_the_users_to_name_and_not_the_urls() {
    let play = Play::new();
    nix::unistd::mkfifo(&play.path("page"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let exit = play.program("/page", &[]).run();
    exit.assert_code(1);
    assert!(error(&exit).contains("page: is there and is no file"), "{}", exit.err());
    let (exit, _) = play.fetch("/page", &["-o", "/dev/null"], &[HELLO]);
    exit.assert_code(0);
    assert!(exit.out().starts_with("HTTP/1.1 200 OK"), "{}", exit.out());
}

/// ssh, socat and others make what they share with us non-blocking.
#[test]
fn a_standard_output_that_does_not_wait_is_waited_for() {
    let body: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
    let play = Play::new();
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let client = play.program("/page", &["-o", "-"]).stdout(OwnedFd::from(ours)).start();
    play.answer([b"HTTP/1.1 200 OK\r\n\r\n", body.as_slice()].concat());
    let mut received = Vec::new();
    theirs.read_to_end(&mut received).unwrap();
    client.wait().assert_code(0);
    assert!(received == body, "{} of {} bytes", received.len(), body.len());
}

/// A file that is bound into a container can be written, and cannot be replaced.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "mount namespaces are Linux's")]
fn a_file_that_is_mounted_alone_is_filled_where_it_is() {
    let play = Play::new();
    play.write("file", "old and longer");
    play.write("inside", "");
    let inside = "mount --bind inside file && \"$0\" \"$@\" -o file && cat file";
    let bound = ["unshare", "--mount", "--map-root-user", "/bin/sh", "-c"];
    let allowed =
        std::process::Command::new(bound[0]).args(&bound[1..]).arg("mount --bind / /mnt").output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        // Where namespaces are forbidden, the unit test of `save.rs` must do.
        return;
    }
    let program = play.program("/page", &[]).under(&[&bound[..], &[inside]].concat());
    let client = program.start();
    play.answer(HELLO);
    let exit = client.wait();
    exit.assert_code(0);
    assert!(exit.out().ends_with("\r\n\r\nhello"), "{}", exit.out());
    assert_eq!((play.text("file"), play.text("inside")), ("old and longer".into(), "hello".into()));
    assert_eq!(play.files(), ["file", "inside"]);
}

#[test]
fn a_directory_that_cannot_be_written_is_told_before_anything_is_fetched() {
    use std::os::unix::fs::PermissionsExt;
    let play = Play::new();
    fs::create_dir(play.path("sub")).unwrap();
    fs::set_permissions(play.path("sub"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(play.path("sub/x"), "").is_ok() {
        // Root may write everywhere.
        return;
    }
    let (exit, _) = play.fetch("/page", &["-o", "sub/file"], &[HELLO]);
    exit.assert_code(1);
    let error = error(&exit);
    assert!(
        error.contains("sub/file.part: permission denied; bytes are collected there"),
        "{error}"
    );
}

/// Who looks on is not who wants the file.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "/dev/full is Linux's")]
fn a_head_that_cannot_be_printed_ends_no_download() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let play = Play::new();
    let client = play.program("/page", &[]).stdout(full()).start();
    play.answer(HELLO);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.err(), "notice: cannot print the head: no space left on device\n");
    assert_eq!(play.text("page"), "hello");
    let client = play.program("/page", &["-o", "-"]).stderr(full()).start();
    play.answer(HELLO);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "hello");
    // Here the head is all that is wanted.
    let client = play.program("/page", &["-I"]).stdout(full()).start();
    play.answer(HELLO);
    client.wait().assert_code(1);
}

/// A user for whom permissions hold: root is one without the power to pass over them.
fn as_a_user(program: Program) -> Program {
    let is_root = fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0);
    match is_root {
        true => {
            program.under(&["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"])
        }
        false => program,
    }
}

/// As [`Play::program`], with a directory `tmp` for what is kept for a moment.
fn run_as_user(play: &Play, args: &[&str]) -> Program {
    fs::create_dir_all(play.path("tmp")).unwrap();
    let tmp = play.path("tmp");
    as_a_user(play.program("/page", args).env("TMPDIR", tmp.to_str().unwrap()))
}

fn allow(play: &Play, name: &str, mode: u32) {
    fs::set_permissions(play.path(name), fs::Permissions::from_mode(mode)).unwrap();
}

fn names_in(play: &Play, directory: &str) -> Vec<String> {
    let entries = fs::read_dir(play.path(directory)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[cfg_attr(not(target_os = "linux"), ignore = "as root it needs Linux's setpriv")]
#[test]
fn a_file_in_a_directory_that_takes_no_other_is_filled() {
    let play = Play::new();
    fs::create_dir(play.path("shut")).unwrap();
    play.write("shut/f", "old and longer");
    play.write("shut/g", "old");
    allow(&play, "shut/g", 0o444);
    allow(&play, "shut", 0o555);
    let client = run_as_user(&play, &["-o", "shut/f"]).start();
    play.answer(HELLO);
    client.wait().assert_code(0);
    assert_eq!(play.text("shut/f"), "hello");
    assert_eq!(names_in(&play, "tmp"), [""; 0]);
    // Half an answer leaves all as it was, and nothing anywhere else.
    let client = run_as_user(&play, &["-o", "shut/f"]).start();
    play.answer(b"HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: 9\r\n\r\nhal");
    let exit = client.wait();
    exit.assert_code(1);
    assert!(!exit.err().contains("--continue"), "{}", exit.err());
    assert_eq!((play.text("shut/f").as_str(), names_in(&play, "tmp").len()), ("hello", 0));
    // A new file is another matter, and so is one that may only be read.
    for (name, words) in
        [("shut/new", "save in a directory that can be written"), ("shut/g", "write-protected")]
    {
        let client = run_as_user(&play, &["-o", name]).start();
        if name == "shut/new" {
            play.answer(HELLO);
        }
        let exit = client.wait();
        exit.assert_code(1);
        assert!(error(&exit).contains(words) && error(&exit).contains(name), "{}", exit.err());
    }
    allow(&play, "shut", 0o755);
    assert_eq!(names_in(&play, "shut").len(), 2);
}

#[test]
fn a_directory_that_vanishes_is_told_and_nothing_is_claimed() {
    let play = Play::new();
    fs::create_dir(play.path("d")).unwrap();
    let client = play.client("/page", &["-o", "d/f"]);
    let mut stream = play.server.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    stream.write_all(b"HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: 5\r\n\r\nhel").unwrap();
    eventually("the first bytes", || {
        fs::metadata(play.path("d/f.part")).is_ok_and(|it| it.len() == 3)
    });
    fs::remove_dir_all(play.path("d")).unwrap();
    stream.write_all(b"lo").unwrap();
    let exit = client.wait();
    exit.assert_code(1);
    let said = exit.err();
    assert!(said.contains("cannot replace d/f: no such file or directory"), "{said}");
    assert!(said.contains("d/f.part, where all bytes were, is gone as well"), "{said}");
    assert!(!said.contains("copy it") && !said.contains("--continue"), "{said}");
}

#[test]
fn a_name_that_cannot_be_is_told_with_the_next_step() {
    let play = Play::new();
    play.write("file", "");
    let long = "x".repeat(256);
    let exit = play.program("/page", &["-o", &long]).run();
    exit.assert_code(1);
    assert!(error(&exit).contains("name a shorter one with --output"), "{}", exit.err());
    let exit = play.program("/page", &["-o", "file/f"]).run();
    exit.assert_code(1);
    assert!(error(&exit).contains("file/f: not a directory"), "{}", exit.err());
    let (exit, _) = play.fetch("/page", &["-o", "missing/f"], &[HELLO]);
    exit.assert_code(1);
    assert!(
        error(&exit).contains("no such file or directory; make the directory first"),
        "{}",
        exit.err()
    );
    // What becomes a directory only while the file is on its way.
    let client = play.client("/page", &["-o", "f"]);
    let mut stream = play.server.accept();
    fs::create_dir(play.path("f")).unwrap();
    peer::recv_until(&mut stream, "\r\n\r\n");
    stream.write_all(HELLO).unwrap();
    let exit = client.wait();
    exit.assert_code(1);
    assert!(exit.err().contains("all 5 bytes are in f.part; copy it"), "{}", exit.err());
    assert_eq!(play.text("f.part"), "hello");
}

/// Another user's part is not ours to go on with, and that is told.
#[cfg(target_os = "linux")]
#[test]
fn a_strangers_part_is_left_alone() {
    let play = Play::new();
    let etag = "HTTP/1.1 200 OK\r\nETag: \"v\"\r\nContent-Length: 10\r\n\r\nhello";
    play.fetch("/page", &["-o", "f"], &[etag.as_bytes()]).0.assert_code(1);
    allow(&play, "f.part", 0o000);
    let exit = run_as_user(&play, &["--continue", "-o", "f"]).run();
    exit.assert_code(1);
    assert!(error(&exit).contains("f.part: permission denied"), "{}", exit.err());
    assert!(error(&exit).contains("remove it, or name another"), "{}", exit.err());
    // In a directory for everybody, where it may even be written. Only root can lay that out.
    allow(&play, "f.part", 0o666);
    if std::os::unix::fs::chown(play.path("f.part"), Some(12_345), None).is_err() {
        return;
    }
    allow(&play, ".", 0o1777);
    for args in [&["--continue", "-o", "f"][..], &["-o", "f"]] {
        let client = run_as_user(&play, args).start();
        if args.len() == 2 {
            play.answer(HELLO);
        }
        let exit = client.wait();
        exit.assert_code(1);
        assert!(error(&exit).contains("f.part: belongs to another user"), "{}", exit.err());
    }
    assert_eq!(play.text("f.part"), "hello");
    // The owner of the directory may.
    std::os::unix::fs::chown(play.dir.path(), Some(12_345), None).unwrap();
    let rest = "HTTP/1.1 206 X\r\nETag: \"v\"\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\nworld";
    let (exit, _) = play.fetch("/page", &["--continue", "-o", "f"], &[rest.as_bytes()]);
    exit.assert_code(0);
    assert_eq!(play.text("f"), "helloworld");
}
