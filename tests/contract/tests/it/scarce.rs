//! Programs for which the system has next to nothing left: memory for clients, threads for servers.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process;
use std::sync::Mutex;

use harness::pairs::{PAIRS, Pair, VARIANTS};
use harness::{Exit, Process, Program, binary, each_pair, eventually};

/// With so many KiB of addresses.
fn limited(program: Program, kib: u32) -> Program {
    program.under(&["/bin/sh", "-c", &format!("ulimit -v {kib}; exec \"$0\" \"$@\"")])
}

/// A client has done its work, or has said why not.
#[track_caller]
fn assert_told(pair: &Pair, exit: &Exit) {
    exit.assert_no_panic();
    match exit.code {
        Some(0) => assert!(exit.out().contains(pair.hears), "{exit:?}"),
        _ => _ = exit.assert_one_error(pair.failed),
    }
}

#[test]
fn a_client_with_little_memory_does_its_work_or_says_that_there_is_too_little() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let server = pair.serve(&[]);
        let addr = server.addr().to_string();
        let (mut told, mut worked) = (0, 0);
        for mib in (20..100).step_by(8) {
            let program = pair.client_to(&addr).args(pair.says);
            let exit = pair.speak(limited(program, mib * 1024)).wait();
            if exit.code == Some(127) {
                // The system itself has not got so far as to begin the program.
                continue;
            }
            assert_told(pair, &exit);
            told += usize::from(exit.err().contains("too little memory: 24 MiB are needed"));
            worked += usize::from(exit.code == Some(0));
        }
        assert!(told > 0 && worked > 3, "{}: {told} {worked}", pair.client);
    });
}

#[test]
fn a_line_for_which_there_is_no_memory_ends_a_client_with_an_error() {
    let line = "x".repeat(9 << 20);
    let asking = PAIRS.iter().chain(&VARIANTS).filter(|pair| !pair.prompt.is_empty());
    each_pair(asking, |pair| {
        let server = pair.serve(&[]);
        let client = limited(pair.client_to(&server.addr().to_string()), 32 * 1024).start();
        // It says why, and leaves, before it has read all of this.
        client.write(&line);
        client.close_stdin();
        let exit = client.wait();
        exit.assert_no_panic().assert_code(pair.failed);
        assert!(exit.err().contains("memory"), "{exit:?}");
    });
}

#[test]
fn an_answer_for_which_there_is_no_memory_ends_a_client_with_an_error() {
    let pair = Pair { way: &["--framing", "prefix"], ..PAIRS[4] };
    let server = pair.serve(&[]);
    let client = pair.client_to(&server.addr().to_string()).arg("head -c 15000000 /dev/zero");
    let exit = limited(client, 40 * 1024).run();
    let error = exit.assert_one_error(pair.failed);
    assert!(error.contains("no memory for more than "), "{error}");
    assert_eq!(exit.out(), "");
}

/// A user of whom there is no program yet, so that so many processes and threads are all that the
/// program may have. Nobody limits the superuser.
fn with_threads(program: Program, count: u32) -> Program {
    static USERS: Mutex<u32> = Mutex::new(0);
    let mut users = USERS.lock().unwrap();
    *users += 1;
    let user = (1_000_000 + process::id() % 1_000_000 * 1000 + *users).to_string();
    let count = format!("--nproc={count}:{count}");
    let become_user = ["setpriv", "--reuid", &user, "--regid", &user, "--clear-groups"];
    program.under(&[&become_user[..], &["prlimit", &count]].concat())
}

const MORE: [Pair; 3] = [
    Pair { way: &["--mode", "turns"], ..PAIRS[1] },
    Pair { model: &["--model", "queue"], ..PAIRS[0] },
    Pair { model: &["--delay", "1"], ..PAIRS[2] },
];

#[test]
fn a_server_that_listens_has_the_threads_that_it_needs() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return; // only the superuser can become somebody who has no other processes
    }
    // Where anybody may start it.
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    each_pair(PAIRS.iter().chain(&VARIANTS).chain(&MORE), |pair| {
        let path = folder.path().join(pair.server);
        if !path.exists() {
            fs::copy(binary(pair.server), &path).unwrap();
        }
        for threads in 1..=9 {
            let program = Program::at(&path, "127.0.0.1:0").args(pair.way).args(pair.model);
            let server = with_threads(program, threads).dir("/").start();
            server.close_stdin();
            let has_said = || server.stdout().contains(&b'\n');
            eventually("it listens or has ended", || has_said() || !server.is_running());
            match has_said() {
                true => assert_serves_or_refuses(pair, &server),
                false => assert_has_told(&server),
            }
        }
    });
}

#[track_caller]
fn assert_has_told(server: &Process) {
    let exit = server.wait();
    let error = exit.assert_one_error(1);
    assert!(error.contains("thread") || error.contains("Ctrl+C"), "{error}");
    assert_eq!(exit.out(), "");
}

#[track_caller]
fn assert_serves_or_refuses(pair: &Pair, server: &Process) {
    let said = String::from_utf8(server.stdout()).unwrap();
    let addr = said.lines().next().unwrap().strip_prefix("listening on ").unwrap().to_owned();
    // It may be refused, but not left alone.
    pair.start_client(&addr).wait().assert_no_panic();
    assert!(server.is_running(), "{}", String::from_utf8_lossy(&server.stderr()));
}
