//! A machine that runs out of something.

use std::fs;

use harness::{Program, Server, binary};

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
