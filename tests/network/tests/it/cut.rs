//! Wires that are cut, for a while and for good, and a host whose address changes.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use harness::{Process, Program, Server, binary};
use network::{Faults, Network};

use crate::tasks::{self, Key, LIMIT};

/// A download that is slow enough to be cut in its midst, and where it goes.
fn slow_download(network: &Network, folder: &Path, args: &[&str]) -> (Server, Process, Vec<u8>) {
    let content = tasks::bytes(2_000_000);
    fs::write(folder.join("file"), &content).unwrap();
    let root = folder.to_string_lossy().into_owned();
    let server = network.right.serve("http-fetch-server", &["--root", &root]);
    network.set(Faults { rate: Some(400_000), ..Faults::NONE });
    let client = network.left.start(fetch(&server, folder).args(args));
    let part = || fs::metadata(folder.join("saved.part")).map_or(0, |part| part.len());
    harness::eventually("a part of the file has come", || part() > 100_000);
    (server, client, content)
}

fn fetch(server: &Server, folder: &Path) -> Program {
    Program::new(binary("http-fetch-client"))
        .arg("-o")
        .arg(folder.join("saved"))
        .arg(format!("http://{}/file", server.addr()))
}

/// Longer than a person would wait and shorter than any limit of ours: TCP sends again what was
/// lost, and both ends go on.
#[test]
fn a_wire_that_comes_back_loses_nothing() {
    let network = Network::new(1500);
    let folder = tempfile::tempdir().unwrap();
    let key = Key::new();
    let shell = network.right.serve("remote-cmd-server", &key.option());
    let room = network.right.serve("tcp-chat-server", &["--mode", "room"]);
    let member = |name: &str| {
        let args = ["--mode", "room", "--name", name];
        let member = network.left.start(network.left.client("tcp-chat-client", &room).args(args));
        member.wait_stdout_within(&format!("is now {name}"), LIMIT);
        member
    };
    let (ann, bob) = (member("ann"), member("bob"));
    let command = network.left.client("remote-cmd-client", &shell).args(key.option());
    let command =
        network.left.start(command.arg("for n in 1 2 3 4 5 6 7 8 9; do echo $n; sleep 2; done"));
    command.wait_stdout("1\n");
    let args = ["--timeout", "60"];
    let (_server, download, content) = slow_download(&network, folder.path(), &args);
    network.set(Faults::CUT);
    ann.line("said while the wire was cut");
    // What passes here is the time, and that is all that this test is about.
    assert!(download.ended_within(Duration::from_secs(15)).is_none());
    assert!(ann.is_running() && bob.is_running() && command.is_running());
    network.set(Faults::NONE);
    bob.wait_stdout_within("ann: said while the wire was cut\n", LIMIT);
    let exit = command.wait_within(LIMIT);
    exit.assert_code(0);
    assert_eq!(exit.out(), "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    download.wait_within(LIMIT).assert_code(0);
    assert!(fs::read(folder.path().join("saved")).unwrap() == content, "another file");
}

/// Nobody who waits for a reply waits longer than its `--timeout`.
#[test]
fn a_wire_that_is_cut_for_good_ends_who_waits_for_a_reply() {
    let network = Network::new(1500);
    let folder = tempfile::tempdir().unwrap();
    let echo = network.right.serve("tcp-echo-server", &[]);
    let temperatures = network.right.serve("udp-temp-server", &[]);
    let waits = network.left.client("tcp-echo-client", &echo).args(["--timeout", "2"]);
    let waits = network.left.start(waits);
    waits.line("one");
    waits.wait_stdout("one\n");
    let (_server, download, _) = slow_download(&network, folder.path(), &[]);
    network.set(Faults::CUT);
    waits.line("two");
    let ask = network.left.client("udp-temp-client", &temperatures);
    let ask = network.left.start(ask.args(["--timeout", "0.5", "--retries", "2", "25"]));
    let connect = network.left.client("tcp-echo-client", &echo).args(["--timeout", "2", "hi"]);
    let connect = network.left.start(connect);
    for (client, waited_for) in [(&waits, "reply"), (&ask, "reply"), (&connect, "connect")] {
        let told = client.wait_within(LIMIT).assert_one_error(1);
        assert!(told.contains(waited_for) || told.contains("answer"), "{told}");
    }
    let exit = download.wait_within(LIMIT);
    assert!(exit.assert_one_error(1).contains("10 s"), "{}", exit.err());
    assert!(!folder.path().join("saved").exists(), "half a file under the name of the whole");
}

/// Silence is right in a chat, so only keepalive and what nobody acknowledges can tell that the
/// other host is gone.
#[test]
fn a_chat_notices_within_three_minutes_that_the_other_host_is_gone() {
    let network = Network::new(1500);
    let server = network.right.serve("tcp-chat-server", &["--mode", "room"]);
    let member = |name: &str| {
        let args = ["--mode", "room", "--name", name];
        let member = network.left.start(network.left.client("tcp-chat-client", &server).args(args));
        member.wait_stdout(&format!("is now {name}"));
        member
    };
    let (silent, speaks) = (member("silent"), member("speaks"));
    network.set(Faults::CUT);
    let cut = Instant::now();
    let left = || Duration::from_secs(180).saturating_sub(cut.elapsed());
    speaks.line("nobody hears this");
    for gone in [&silent, &speaks] {
        gone.wait_within(left()).assert_one_error(1);
    }
    // One limit may follow the other: what the room says of the first waits to be acknowledged by
    // the second, and keepalive asks nobody meanwhile.
    for name in ["silent", "speaks"] {
        server.wait_stderr_within(&format!("has left: {name}"), left());
    }
}

/// A notebook that was carried into another network.
#[test]
fn a_download_goes_on_from_another_address() {
    let network = Network::new(1500);
    let folder = tempfile::tempdir().unwrap();
    let (server, download, content) = slow_download(&network, folder.path(), &[]);
    network.left.ip(&["addr", "del", "10.77.0.1/24", "dev", "w0"]);
    network.left.ip(&["addr", "add", "10.77.0.9/24", "dev", "w0"]);
    download.wait_within(LIMIT).assert_one_error(1);
    network.set(Faults::NONE);
    let before = network.carried();
    let goes_on = network.left.start(fetch(&server, folder.path()).arg("--continue"));
    goes_on.wait_within(LIMIT).assert_code(0);
    assert!(fs::read(folder.path().join("saved")).unwrap() == content, "another file");
    assert!(network.carried() > before);
}
