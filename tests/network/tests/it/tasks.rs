//! What each pair is for, done once over a network, and seen to be right.

use std::fs::{self, File};
use std::time::Duration;

use harness::{Process, Program, binary};
use network::Network;

/// A program on a bad network may take that long, and no longer.
pub(crate) const LIMIT: Duration = Duration::from_secs(150);

/// Bytes of every kind that no other place of the stream has.
pub(crate) fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

/// An echo of `length` bytes, as they came.
pub(crate) fn echo(network: &Network, length: usize) {
    let server = network.right.serve("tcp-echo-server", &["--dialect", "raw"]);
    let sent = tempfile::tempdir().unwrap();
    let file = sent.path().join("sent");
    fs::write(&file, bytes(length)).unwrap();
    let client = network.left.start(
        network
            .left
            .client("tcp-echo-client", &server)
            .args(["--dialect", "raw", "--timeout", "100"])
            .stdin(File::open(file).unwrap()),
    );
    let exit = client.wait_within(LIMIT);
    exit.assert_code(0);
    assert!(exit.stdout == bytes(length), "{} of {length} bytes, or others", exit.stdout.len());
}

/// A file of `length` bytes from the web server.
pub(crate) fn download(network: &Network, length: usize) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), bytes(length)).unwrap();
    let root = folder.path().to_string_lossy().into_owned();
    let server = network.right.serve("http-fetch-server", &["--root", &root]);
    let saved = folder.path().join("saved");
    let client = network.left.start(
        Program::new(binary("http-fetch-client"))
            .args(["--timeout", "100", "-o"])
            .arg(&saved)
            .arg(format!("http://{}/file", server.addr())),
    );
    client.wait_within(LIMIT).assert_code(0);
    assert!(fs::read(saved).unwrap() == bytes(length), "another file");
}

/// A key file: without one nobody on another machine may run commands.
pub(crate) struct Key(tempfile::NamedTempFile);

impl Key {
    pub(crate) fn new() -> Key {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), format!("{}\n", "5a".repeat(32))).unwrap();
        Key(file)
    }

    /// `--key-file FILE`.
    pub(crate) fn option(&self) -> [&str; 2] {
        ["--key-file", self.0.path().to_str().unwrap()]
    }
}

/// The output of a command and its status.
pub(crate) fn command(network: &Network, lines: usize) {
    let key = Key::new();
    let server = network.right.serve("remote-cmd-server", &key.option());
    let client = network.left.client("remote-cmd-client", &server).args(key.option());
    let line = format!("seq {lines}; exit 7");
    let client = network.left.start(client.args(["--timeout", "100", &line]));
    let exit = client.wait_within(LIMIT);
    exit.assert_code(7);
    let wanted: String = (1..=lines).map(|line| format!("{line}\n")).collect();
    assert!(exit.out() == wanted, "{} of {} bytes, or others", exit.out().len(), wanted.len());
}

/// Ten lines that one member of a room says and another hears, in their order.
pub(crate) fn room(network: &Network) {
    let server = network.right.serve("tcp-chat-server", &["--mode", "room"]);
    let join = |name: &str| -> Process {
        let member = network.left.start(network.left.client("tcp-chat-client", &server).args([
            "--timeout",
            "100",
            "--mode",
            "room",
            "--name",
            name,
        ]));
        member.wait_stdout_within(&format!("is now {name}"), LIMIT);
        member
    };
    let (ann, bob) = (join("ann"), join("bob"));
    for line in 0..10 {
        ann.line(format!("第 {line} 行"));
    }
    let heard = bob.wait_stdout_within("ann: 第 9 行\n", LIMIT);
    let lines: Vec<String> = String::from_utf8(heard)
        .unwrap()
        .lines()
        .filter(|line| line.starts_with("ann: "))
        .map(str::to_owned)
        .collect();
    let wanted: Vec<String> = (0..10).map(|line| format!("ann: 第 {line} 行")).collect();
    assert_eq!(lines, wanted);
}

/// Temperatures by datagrams, asked for again until they come.
pub(crate) fn temperatures(network: &Network) {
    let server = network.right.serve("udp-temp-server", &[]);
    let client = network.left.start(network.left.client("udp-temp-client", &server).args([
        "--retries",
        "20",
        "25",
        "-40",
        "0",
        "100",
    ]));
    let exit = client.wait_within(LIMIT);
    exit.assert_code(0);
    let degrees: Vec<String> =
        exit.out().lines().filter_map(|line| Some(line.rsplit_once(' ')?.1.to_owned())).collect();
    assert_eq!(degrees, ["77.0", "-40.0", "32.0", "212.0"]);
}

/// Greetings by datagrams, each in reply to its own message.
pub(crate) fn greetings(network: &Network) {
    let server = network.right.serve("udp-echo-server", &[]);
    let names: Vec<String> = (0..10).map(|number| format!("小明{number}")).collect();
    let client = network.left.start(
        network.left.client("udp-echo-client", &server).args(["--retries", "20"]).args(&names),
    );
    let exit = client.wait_within(LIMIT);
    exit.assert_code(0);
    let wanted: String = names.iter().map(|name| format!("Hello, {name}!\n")).collect();
    assert_eq!(exit.out(), wanted);
}

/// All of it at once, streams of about `length` bytes.
pub(crate) fn all(network: &Network, length: usize) {
    std::thread::scope(|at_once| {
        at_once.spawn(|| echo(network, length));
        at_once.spawn(|| download(network, length));
        at_once.spawn(|| command(network, length / 6));
        at_once.spawn(|| room(network));
        at_once.spawn(|| temperatures(network));
        at_once.spawn(|| greetings(network));
    });
}
