//! A machine that runs out of something.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use harness::{Program, Server, Signal, binary, eventually, peer};

use crate::tasks;

/// Runs a program in a folder of its own that holds 256 KiB and no more, and lists in the end what
/// is left there. The mount is in a namespace that ends with it (`man 7 mount_namespaces`).
const ON_A_SMALL_DISK: [&str; 5] = [
    "unshare",
    "--mount",
    "sh",
    "-c",
    "mount -t tmpfs -o size=256k small /mnt && cd /mnt && { \"$0\" \"$@\"; status=$?; ls -A; exit $status; }",
];

#[test]
fn a_full_disk_ends_a_download_with_its_reason_and_no_half_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), tasks::bytes(1_000_000)).unwrap();
    let root = folder.path().to_string_lossy().into_owned();
    let server = Server::start(binary("http-fetch-server"), &["--root", &root]);
    let fetch = |file: &str| {
        Program::new(binary("http-fetch-client"))
            .args(["-o", "saved"])
            .arg(format!("http://{}/{file}", server.addr()))
            .under(&ON_A_SMALL_DISK)
            .run()
    };
    let exit = fetch("file");
    let told = exit.assert_one_error(1);
    assert!(told.contains("saved") && told.to_lowercase().contains("space"), "{told}");
    assert!(!exit.out().lines().any(|name| name == "saved"), "{}", exit.out());
    // What fits is saved: the disk itself was no reason to refuse.
    fs::write(folder.path().join("small"), tasks::bytes(100_000)).unwrap();
    let exit = fetch("small");
    exit.assert_code(0);
    assert!(exit.out().lines().any(|name| name == "saved"), "{}", exit.out());
}

/// Of so many threads and processes a user has one too few, at some place or other. Root has any
/// number.
#[test]
fn where_the_system_allows_few_threads_a_server_tells_it_and_nothing_else_ends() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "content").unwrap();
    let everybody = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), everybody.clone()).unwrap();
    let root = folder.path().to_string_lossy().into_owned();
    for (name, args) in [
        ("http-fetch-server", vec!["--root", &root]),
        ("tcp-echo-server", vec!["--model", "tasks"]),
        ("tcp-echo-server", vec![]),
    ] {
        // The folder that it lies in may be root's own.
        let program = folder.path().join(name);
        fs::copy(binary(name), &program).unwrap();
        let mut served = false;
        for most in 1..16 {
            let limit = format!("--nproc={most}");
            let server = Program::at(&program, "127.0.0.1:0")
                .args(&args)
                .under(&[
                    "setpriv",
                    "--reuid=54399",
                    "--regid=54399",
                    "--clear-groups",
                    "prlimit",
                    &limit,
                ])
                .start();
            let started = || String::from_utf8_lossy(&server.stdout()).contains('\n');
            eventually("it listens or ends", || started() || !server.is_running());
            if started() {
                let out = String::from_utf8_lossy(&server.stdout()).into_owned();
                let addr = out.trim_start_matches("listening on ").lines().next().unwrap();
                // Each is answered, one way or the other.
                for _ in 0..3 {
                    let mut client = peer::connect(addr);
                    peer::send(&mut client, "GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
                    let answer = String::from_utf8(peer::recv(&mut client, 4096)).unwrap();
                    let refused = answer.contains("503") || answer.contains("full");
                    assert!(
                        refused || answer.contains("200") || answer.contains("GET"),
                        "{most}: {answer:?}"
                    );
                    served = !refused;
                }
                server.signal(Signal::SIGTERM);
                server.wait().assert_code(0).assert_no_panic();
            } else {
                let told = server.wait().assert_no_panic().assert_one_error(1);
                assert!(
                    told.contains("resource temporarily unavailable") || told.contains("ulimit -u"),
                    "{told}"
                );
            }
        }
        assert!(served, "{name} with fifteen threads");
    }
}
