//! Captures of the tap as Wireshark reads them, and its dissector for the framing `stream` of
//! remote-cmd.
//!
//! Needs `tshark`: `cargo test -p lab --features tshark --test tshark`.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use harness::peer::{connect, listen, recv_exact, recv_from, recv_to_end, reset, send, udp};
use harness::{Exit, Program, Server, Signal, binary};
use tempfile::TempDir;

/// The dissector, where the lesson says that it is.
const DISSECTOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../remote-cmd/remote-cmd.lua");

/// A tap that writes a capture.
struct Tap {
    server: Server,
    path: PathBuf,
    _dir: TempDir,
}

impl Tap {
    fn start(to: SocketAddr, args: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.pcapng");
        let program = Program::new(env!("CARGO_BIN_EXE_lab"))
            .args(["tap", "--listen", "127.0.0.1:0", "--to", &to.to_string(), "--save"])
            .arg(&path)
            .args(args);
        Self { server: Server::of(program), path, _dir: dir }
    }

    /// Ends the tap, so that its file is whole.
    fn end(&self) -> &Path {
        self.server.signal(Signal::SIGINT);
        self.server.wait().assert_code(0);
        &self.path
    }
}

/// What tshark says of the packets that a filter lets through: these fields, parted by tabs, a line
/// for each packet.
fn tshark(path: &Path, filter: &str, fields: &[&str]) -> Vec<String> {
    let exit = run(path, filter, fields);
    let err = exit.err();
    assert!(!err.contains("Lua") && !err.contains("lua:"), "{err}");
    exit.assert_code(0).out().lines().map(str::to_owned).collect()
}

/// In two passes: what a packet belongs to is often known only later.
fn run(path: &Path, filter: &str, fields: &[&str]) -> Exit {
    Program::new("tshark")
        .args([
            "-2",
            "-o",
            "ip.check_checksum:TRUE",
            "-o",
            "tcp.check_checksum:TRUE",
            "-o",
            "udp.check_checksum:TRUE",
        ])
        .args(["-X", &format!("lua_script:{DISSECTOR}"), "-r"])
        .arg(path)
        .args(["-Y", filter, "-T", "fields"])
        .args(fields.iter().flat_map(|field| ["-e", field]))
        .run()
}

/// Nothing in the capture looks wrong to Wireshark.
fn assert_sound(path: &Path) {
    let complaints = "tcp.analysis.flags || _ws.malformed || ip.checksum.status == \"Bad\" \
         || tcp.checksum.status == \"Bad\" || udp.checksum.status == \"Bad\" || rcmd.wrong";
    assert_eq!(tshark(path, complaints, &["frame.number", "_ws.col.Info"]), [""; 0]);
}

/// The messages of the framing, in their order: kind, text, exit status. One segment may hold
/// several.
fn messages(path: &Path, interface: u8) -> Vec<String> {
    let filter = format!("rcmd && frame.interface_id == {interface}");
    tshark(path, &filter, &["rcmd.kind", "rcmd.text", "rcmd.status"])
}

fn shell(args: &[&str]) -> Server {
    Server::start(binary("remote-cmd-server"), args)
}

fn ask(tap: &Tap, args: &[&str]) -> Exit {
    let addr = tap.server.addr().to_string();
    Program::new(binary("remote-cmd-client")).args(["--addr", &addr]).args(args).run()
}

#[test]
fn a_conversation_is_complete_and_nothing_in_it_is_wrong() {
    let listener = listen();
    let tap = Tap::start(listener.addr(), &[]);
    let mut client = connect(tap.server.addr());
    let mut server = listener.accept();
    send(&mut client, "你好");
    recv_exact(&mut server, 6);
    send(&mut server, vec![b'x'; 200_000]);
    recv_exact(&mut client, 200_000);
    drop(client);
    recv_to_end(&mut server);
    drop(server);
    let path = tap.end();
    assert_sound(path);
    // 31: SYN, SYN and ACK, ACK, data, FIN are all there.
    assert_eq!(tshark(path, "tcp.completeness != 31", &["frame.number"]), [""; 0]);
    assert_eq!(
        tshark(path, "tcp.payload == e4:bd:a0:e5:a5:bd", &["frame.interface_name"]),
        ["client-side", "server-side"]
    );
    let lengths = tshark(path, "tcp.len > 0 && frame.interface_id == 0", &["tcp.len"]);
    assert_eq!(lengths.iter().map(|length| length.parse::<u32>().unwrap()).sum::<u32>(), 200_006);
}

#[test]
fn a_reset_is_in_the_capture() {
    let listener = listen();
    let tap = Tap::start(listener.addr(), &[]);
    let client = connect(tap.server.addr());
    let _server = listener.accept();
    tap.server.wait_stdout("connect");
    reset(client);
    tap.server.wait_stdout("reset (RST)");
    let path = tap.end();
    assert_sound(path);
    assert_eq!(tshark(path, "tcp.flags.reset == 1", &["frame.interface_id"]), ["0", "1"]);
}

#[test]
fn datagrams_are_in_the_capture() {
    let server = udp();
    let tap = Tap::start(server.local_addr().unwrap(), &["--udp"]);
    let client = udp();
    client.send_to(b"ping", tap.server.addr()).unwrap();
    let (_, from) = recv_from(&server, 100);
    server.send_to(b"pong", from).unwrap();
    recv_from(&client, 100);
    let path = tap.end();
    assert_sound(path);
    let told = tshark(path, "udp", &["frame.interface_id", "udp.payload"]);
    assert_eq!(told, ["0\t70696e67", "1\t70696e67", "1\t706f6e67", "0\t706f6e67"]);
}

#[test]
fn a_capture_says_that_it_is_rebuilt() {
    let tap = Tap::start(listen().addr(), &[]);
    let path = tap.end().to_owned();
    let told = Program::new("capinfos").arg(&path).run().assert_code(0).out();
    assert!(told.contains("Rebuilt by a proxy"), "{told}");
}

#[test]
fn the_dissector_shows_what_a_command_says_and_how_it_ends() {
    let server = shell(&[]);
    let tap = Tap::start(server.addr(), &[]);
    // One after the other, or the server sends them in one segment or two.
    ask(&tap, &["echo 你好; exit 3"]).assert_code(3);
    let path = tap.end();
    assert_sound(path);
    assert_eq!(
        tshark(path, "rcmd.mode == 0", &["rcmd.version"]),
        ["1"; 4],
        "two hellos on each side"
    );
    for interface in [0, 1] {
        let told = messages(path, interface).join("\n");
        assert!(told.contains("0x01\techo 你好; exit 3"), "{told}");
        assert!(told.contains("0x11") && told.contains("你好\\n"), "{told}");
        assert!(told.contains("0x13") && told.ends_with("\t3"), "{told}");
    }
}

#[test]
fn the_dissector_puts_messages_together_that_arrive_byte_by_byte() {
    let server = shell(&[]);
    let tap = Tap::start(server.addr(), &["--split", "1", "--gap", "0"]);
    ask(&tap, &["echo out; echo err >&2; kill -9 $$"]).assert_code(128 + 9);
    let path = tap.end();
    assert_sound(path);
    assert_eq!(tshark(path, "rcmd.mode == 0", &["rcmd.version"]), ["1"; 4]);
    // The client's side has the answer byte by byte, so that each message ends in a segment of its
    // own.
    let mut told = tshark(
        path,
        "rcmd.kind && frame.interface_id == 0",
        &["rcmd.kind", "rcmd.text", "rcmd.signal"],
    );
    told[1..3].sort();
    assert_eq!(
        told,
        [
            "0x01\techo out; echo err >&2; kill -9 $$\t",
            "0x11\tout\\n\t",
            "0x12\terr\\n\t",
            "0x14\t\t9"
        ]
    );
}

#[test]
fn with_a_key_the_dissector_shows_lengths_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key");
    let key = key.to_str().unwrap();
    Program::new(binary("remote-cmd-server")).args(["--new-key", key]).run().assert_code(0);
    let server = shell(&["--key-file", key]);
    let tap = Tap::start(server.addr(), &["--split", "10", "--gap", "0"]);
    ask(&tap, &["--key-file", key, "echo secret"]).assert_code(0);
    let path = tap.end();
    assert_sound(path);
    assert_eq!(tshark(path, "rcmd.mode == 1", &["rcmd.version"]), ["1"; 4]);
    assert_eq!(tshark(path, "rcmd.kind || rcmd.text", &["frame.number"]), [""; 0]);
    assert_eq!(tshark(path, "tcp.payload contains \"secret\"", &["frame.number"]), [""; 0]);
    let records = tshark(path, "rcmd.secret && frame.interface_id == 0", &["rcmd.length"]);
    // Each side's handshake message of 48 bytes comes first.
    assert_eq!(records[..2], ["48", "48"], "{records:?}");
}

#[test]
fn the_dissector_says_what_is_wrong() {
    let listener = listen();
    let tap = Tap::start(listener.addr(), &[]);
    for wrong in
        [&b"\xff\xff\xff\xff\x01ls"[..], b"\0\0\0\0\x01", b"\0\0\0\x02\x77x", b"\0\0\0\x02\x13\0"]
    {
        let mut client = connect(tap.server.addr());
        let mut server = listener.accept();
        send(&mut client, [b"\x89RCMD\n\x01\0", wrong].concat());
        drop(client);
        recv_to_end(&mut server);
    }
    let path = tap.end();
    let told = tshark(path, "rcmd.wrong && frame.interface_id == 0", &["_ws.col.Info"]);
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[0].ends_with("a length that cannot be: 4294967295"), "{told:?}");
}
