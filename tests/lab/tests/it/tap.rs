//! The tap between real sockets: what passes, what each fault does, what is shown and saved.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

use etherparse::{PacketHeaders, TransportHeader};
use harness::peer::{
    assert_closed, assert_no_datagram_within, assert_nothing_within, connect, listen, recv,
    recv_exact, recv_from, recv_to_end, reset, send, udp,
};
use harness::{Program, Server, Signal, Terminal, binary, eventually, usage};
use pcap_file::pcapng::{Block, PcapNgReader};

use crate::LAB;

fn lab(args: &[&str]) -> Program {
    Program::new(LAB).arg("tap").args(args)
}

/// A tap in front of this server.
fn tap(to: SocketAddr, args: &[&str]) -> Server {
    let to = to.to_string();
    Server::of(lab(&["--listen", "127.0.0.1:0", "--to", &to]).args(args))
}

/// A tap with both ends of one connection in the test's hands: tap, client, server.
fn ends(args: &[&str]) -> (Server, TcpStream, TcpStream) {
    let listener = listen();
    let tap = tap(listener.addr(), args);
    let client = connect(tap.addr());
    (tap, client, listener.accept())
}

/// Ends the tap and returns all that it showed.
fn end(tap: &Server) -> String {
    tap.signal(Signal::SIGINT);
    let exit = tap.wait();
    assert_eq!(exit.assert_code(0).err().replace("notice: ", "").matches("error").count(), 0);
    exit.out()
}

/// The end of a connection that was reset: what came before it, and that it was one.
fn recv_to_reset(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).expect_err("a reset, not an end");
    assert_eq!(
        error.kind(),
        ErrorKind::ConnectionReset,
        "after {:?}",
        bytes.escape_ascii().to_string()
    );
    bytes
}

/// A connection that is reset as soon as it stands, which `connect` itself may see.
fn connect_to_reset(addr: SocketAddr) {
    match TcpStream::connect(addr) {
        Ok(mut stream) => assert_eq!(recv_to_reset(&mut stream), b""),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
}

// ---- TCP, undisturbed

#[test]
fn bytes_pass_both_ways_and_are_shown() {
    let (tap, mut client, mut server) = ends(&[]);
    send(&mut client, "你好");
    assert_eq!(recv(&mut server, 100), "你好".as_bytes());
    send(&mut server, "ok\n");
    assert_eq!(recv(&mut client, 100), b"ok\n");
    drop(client);
    assert_closed(&mut server);
    drop(server);
    tap.wait_stdout(|out: &[u8]| {
        String::from_utf8_lossy(out).matches("end of stream (FIN)").count() == 2
    });
    let shown = end(&tap);
    for wanted in [
        "#1           client 127.0.0.1:",
        "│─ connect ──",
        "│─ 6 bytes \"你好\" ──",
        "── 3 bytes \"ok\\n\" ─│",
        "│─ end of stream (FIN) ──",
        "1 connection: 6 bytes from clients, 3 bytes from servers\n",
    ] {
        assert!(shown.contains(wanted), "no {wanted:?} in\n{shown}");
    }
    assert!(!shown.contains('┊'), "a tap that does nothing has no line of its own");
}

#[test]
fn a_half_close_is_a_half_close_on_the_other_side() {
    let (_tap, mut client, mut server) = ends(&[]);
    send(&mut client, "question");
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(recv_to_end(&mut server), b"question");
    send(&mut server, "answer");
    assert_eq!(recv_exact(&mut client, 6), b"answer");
    assert_nothing_within(&mut client, 50);
    drop(server);
    assert_eq!(recv_to_end(&mut client), b"");
}

#[test]
fn a_reset_is_a_reset_on_the_other_side_and_bytes_before_it_arrive() {
    let (tap, mut client, mut server) = ends(&[]);
    send(&mut client, "last words");
    assert_eq!(recv_exact(&mut server, 10), b"last words");
    reset(client);
    assert_eq!(recv_to_reset(&mut server), b"");
    tap.wait_stdout("─ reset (RST) ─");

    let (_tap, mut client, mut server) = ends(&["--delay", "50"]);
    send(&mut server, "last words");
    assert_eq!(recv_exact(&mut client, 10), b"last words");
    reset(server);
    assert_eq!(recv_to_reset(&mut client), b"");
}

#[test]
fn a_server_that_is_gone_resets_a_client_that_goes_on_sending() {
    let (_tap, mut client, server) = ends(&[]);
    drop(server);
    assert_eq!(recv_to_end(&mut client), b"");
    // The first is answered by a reset; how soon, the kernels know.
    eventually("sending fails", || client.write_all(b"anybody?").is_err());
}

#[test]
fn a_server_that_refuses_is_a_reset_and_is_explained() {
    let (_reserved, nobody) = refusing();
    let tap = tap(nobody, &[]);
    connect_to_reset(tap.addr());
    tap.wait_stdout("connection refused");
    assert!(
        end(&tap).contains("1 connection: 0 bytes from clients, 0 bytes from servers, 1 reset\n")
    );
}

/// A port on which nobody listens, and nobody can meanwhile.
fn refusing() -> (socket2::Socket, SocketAddr) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let addr = socket.local_addr().unwrap().as_socket().unwrap();
    (socket, addr)
}

/// Sends until nothing more is taken; how much that was.
fn fill(stream: &mut TcpStream) -> usize {
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let block = vec![b'x'; 64 * 1024];
    let mut sent = 0;
    loop {
        match stream.write(&block) {
            Ok(count) => sent += count,
            Err(error) => {
                assert!(
                    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                    "after {sent} bytes: {error}"
                );
                return sent;
            }
        }
        assert!(sent < 1 << 28, "a receiver that does not read must make the sender wait");
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_receiver_that_does_not_read_makes_the_sender_wait_and_costs_little_memory() {
    let (tap, mut client, mut server) = ends(&[]);
    let before = usage::resident(tap.id());
    let sent = fill(&mut client);
    // The other direction is as free as before.
    send(&mut server, "still here");
    assert_eq!(recv_exact(&mut client, 10), b"still here");
    let more = usage::resident(tap.id()).saturating_sub(before);
    assert!(more < 16 << 20, "{more} bytes of memory for {sent} bytes");
    tap.wait_stdout("does not read: ");
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(recv_to_end(&mut server).len(), sent);
}

#[test]
fn a_reset_does_not_wait_for_a_receiver_that_does_not_read() {
    let (tap, mut client, mut server) = ends(&[]);
    let sent = fill(&mut client);
    reset(client);
    tap.wait_stdout("reset (RST)");
    assert!(recv_to_reset(&mut server).len() <= sent);
}

#[test]
fn a_cut_at_a_time_does_not_wait_for_a_receiver_that_does_not_read() {
    let file = script("client after 2s cut rst\n");
    let (tap, mut client, mut server) = ends(&["--script", file.path().to_str().unwrap()]);
    client.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let block = vec![b'x'; 64 * 1024];
    // Until nothing more is taken; on a busy machine the cut may come before that.
    while client.write(&block).is_ok() {}
    tap.wait_stdout("cut after 2 s");
    recv_to_reset(&mut server);
}

#[test]
fn many_clients_are_served_at_once_and_each_has_its_own_ladder() {
    let listener = listen();
    let tap = tap(listener.addr(), &[]);
    let mut pairs: Vec<_> = (0..40)
        .map(|_| {
            let client = connect(tap.addr());
            (client, listener.accept())
        })
        .collect();
    for (number, (client, server)) in pairs.iter_mut().enumerate() {
        send(client, format!("from {number}"));
        send(server, format!("to {number}"));
    }
    for (number, (client, server)) in pairs.iter_mut().enumerate() {
        let (from, to) = (format!("from {number}"), format!("to {number}"));
        assert_eq!(recv_exact(server, from.len()), from.as_bytes());
        assert_eq!(recv_exact(client, to.len()), to.as_bytes());
    }
    drop(pairs);
    let shown = end(&tap);
    assert!(shown.contains("#40 "), "{shown}");
    assert!(shown.contains("\n40 connections: "), "{shown}");
}

#[test]
fn one_client_too_many_is_reset_and_its_place_is_free_again_later() {
    let listener = listen();
    let tap = tap(listener.addr(), &["--max-clients", "1"]);
    let mut first = connect(tap.addr());
    let served = listener.accept();
    connect_to_reset(tap.addr());
    tap.wait_stderr("as many clients as --max-clients allows");
    drop(served);
    assert_eq!(recv_to_end(&mut first), b"");
    drop(first);
    eventually("the place is free", || {
        let mut client = connect(tap.addr());
        client.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let passed = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
        client.write_all(b"x").is_ok()
            && matches!(client.read(&mut [0]), Err(error) if passed.contains(&error.kind()))
    });
}

// ---- TCP, disturbed

#[test]
fn split_sends_so_many_bytes_at_a_time_and_they_are_received_one_by_one() {
    let (tap, mut client, mut server) = ends(&["--split", "2", "--gap", "60"]);
    send(&mut client, "hello");
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    while pieces.concat().len() < 5 {
        pieces.push(recv(&mut server, 100));
    }
    assert_eq!(pieces.concat(), b"hello");
    // A machine that is busy may be late for one of them, not for all.
    assert!(pieces.len() >= 2 && pieces[0].len() <= 4, "{pieces:?}");
    tap.wait_stdout("┊─ 1 byte \"o\" ─");
    let shown = end(&tap);
    assert!(shown.contains("│─ 5 bytes \"hello\" ─"), "{shown}");
    assert!(
        shown.contains("┊─ 2 bytes \"he\" ─") && shown.contains("┊─ 2 bytes \"ll\" ─"),
        "{shown}"
    );
}

#[test]
fn messages_that_tell_their_length_survive_any_split() {
    let shell = Server::start(binary("remote-cmd-server"), &["--framing", "prefix"]);
    let tap = tap(shell.addr(), &["--from", "server", "--split", "1", "--gap", "0"]);
    let addr = tap.addr().to_string();
    let count = if cfg!(windows) { "for /L %i in (1,1,100) do @echo %i" } else { "seq 100" };
    let args = ["--addr", &addr, "--framing", "prefix", count];
    let answer = Program::new(binary("remote-cmd-client")).args(args).run().assert_code(0).out();
    let answer = answer.replace("\r\n", "\n");
    assert_eq!(answer, (1..=100).map(|number| format!("{number}\n")).collect::<String>());
}

#[test]
fn merge_sends_at_once_what_arrives_in_time() {
    let (tap, mut client, mut server) = ends(&["--merge", "700"]);
    for message in ["one,", "two,", "three"] {
        send(&mut client, message);
        // The next is sent when this one has been seen, so that no kernel merges them.
        tap.wait_stdout(&format!(" \"{message}\" ─"));
    }
    assert_eq!(recv(&mut server, 100), b"one,two,three");
}

#[test]
fn delay_holds_bytes_and_ends_back() {
    let (_tap, mut client, mut server) = ends(&["--delay", "150"]);
    let begin = Instant::now();
    send(&mut client, "late");
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(recv_exact(&mut server, 4), b"late");
    assert!(begin.elapsed() >= Duration::from_millis(150));
    assert_eq!(recv_to_end(&mut server), b"");
}

#[test]
fn jitter_keeps_the_order_and_its_seed_is_told() {
    let (tap, mut client, mut server) = ends(&["--jitter", "40"]);
    for number in 0..20 {
        send(&mut client, format!("{number},"));
    }
    let wanted: String = (0..20).map(|number| format!("{number},")).collect();
    assert_eq!(recv_exact(&mut server, wanted.len()), wanted.as_bytes());
    tap.wait_stderr(" decides the same again");
}

#[test]
fn a_rate_makes_bytes_wait_for_each_other() {
    let (_tap, mut client, mut server) = ends(&["--rate", "20000"]);
    let begin = Instant::now();
    send(&mut client, [b'x'; 6000]);
    recv_exact(&mut server, 6000);
    // The last slice is sent when those before it have had their time.
    assert!(begin.elapsed() >= Duration::from_millis(270), "{:?}", begin.elapsed());
}

#[test]
fn a_cut_in_order_comes_after_exactly_so_many_bytes() {
    let (tap, mut client, mut server) = ends(&["--cut-after", "5", "--from", "server"]);
    send(&mut client, "as many bytes as it likes");
    recv_exact(&mut server, 25);
    send(&mut server, "hello there");
    assert_eq!(recv_to_end(&mut client), b"hello");
    assert_eq!(recv_to_end(&mut server), b"");
    tap.wait_stdout("cut after 5 bytes from the server");
    drop((client, server));
    assert!(end(&tap).contains(", 1 cut\n"));
}

#[test]
fn a_cut_by_reset_is_a_reset_on_both_sides() {
    let (tap, mut client, mut server) = ends(&["--cut-after", "5", "--cut-with", "rst"]);
    send(&mut client, "hello there");
    let mut got = recv_exact(&mut server, 5);
    got.extend(recv_to_reset(&mut server));
    assert_eq!(got, b"hello");
    assert_eq!(recv_to_reset(&mut client), b"");
    tap.wait_stdout("cut after 5 bytes from the client");
}

#[test]
fn a_cut_after_nothing_ends_every_connection_at_once() {
    let (_tap, mut client, mut server) = ends(&["--cut-after", "0"]);
    assert_eq!(recv_to_end(&mut client), b"");
    assert_eq!(recv_to_end(&mut server), b"");
}

#[test]
fn faults_may_be_for_one_side_only() {
    let (tap, mut client, mut server) = ends(&["--from", "server", "--split", "1"]);
    send(&mut client, "whole");
    assert_eq!(recv(&mut server, 100), b"whole");
    send(&mut server, "abc");
    assert_eq!(recv_exact(&mut client, 3), b"abc");
    tap.wait_stdout("◀────");
    tap.wait_stdout(" 1 byte \"c\" ─┊");
}

/// A script in a file of its own.
fn script(lines: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(lines.as_bytes()).unwrap();
    file
}

#[test]
fn replace_puts_a_text_in_the_place_of_another_also_where_it_comes_in_pieces() {
    let (tap, mut client, mut server) =
        ends(&["--from", "client", "--replace", "GET=PUT", "--replace", "\\r\\n=\\n"]);
    send(&mut client, "GE");
    tap.wait_stdout("2 bytes \"GE\"");
    send(&mut client, "T /\r\n");
    assert_eq!(recv_exact(&mut server, 6), b"PUT /\n");
    send(&mut server, "GET");
    assert_eq!(recv_exact(&mut client, 3), b"GET", "only the client's bytes are changed");
    drop((client, server));
    assert!(end(&tap).contains(", 2 replaced\n"));
}

#[test]
fn what_may_be_the_beginning_of_a_text_does_not_wait_for_ever() {
    let (_tap, mut client, mut server) = ends(&["--replace", "hello=bye"]);
    send(&mut client, "hell");
    assert_eq!(recv_exact(&mut server, 4), b"hell");
}

#[test]
fn corrupt_flips_bits_the_same_ones_with_the_same_seed() {
    let sent = [0; 400];
    let runs: Vec<Vec<u8>> = ["7", "7", "8"]
        .map(|seed| {
            let (tap, mut client, mut server) =
                ends(&["--corrupt", "5", "--seed", seed, "--from", "client"]);
            // In other pieces each time.
            for piece in sent.chunks(if seed == "7" { 100 } else { 90 }) {
                send(&mut client, piece);
            }
            let got = recv_exact(&mut server, sent.len());
            drop((client, server));
            let hit = got.iter().filter(|byte| **byte != 0).count();
            assert!(end(&tap).contains(&format!(", {hit} corrupted\n")));
            got
        })
        .into();
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let hit: Vec<_> = runs[0].iter().filter(|byte| **byte != 0).collect();
    assert!(
        (5..50).contains(&hit.len()) && hit.iter().all(|byte| byte.count_ones() == 1),
        "{hit:?}"
    );
}

#[test]
fn a_script_changes_pauses_and_cuts_at_the_bytes_that_it_names() {
    let file = script(
        "# a run that can be repeated\n\
         client byte 1 replace \"H\"\n\
         client byte 6 insert \",\"\n\
         client byte 8 corrupt\n\
         client byte 8 pause 200ms\n\
         server byte 3 cut rst\n",
    );
    let seen: Vec<Vec<u8>> = (0..2)
        .map(|_| {
            let (tap, mut client, mut server) =
                ends(&["--script", file.path().to_str().unwrap(), "--seed", "5"]);
            let begin = Instant::now();
            send(&mut client, "hello you");
            let got = recv_exact(&mut server, 10);
            assert!(begin.elapsed() >= Duration::from_millis(200));
            assert_eq!(&got[..8], b"Hello, y");
            assert_eq!((got[8] ^ b'o').count_ones() + (got[9] ^ b'u').count_ones(), 1);
            send(&mut server, "abcdef");
            // The reset may overtake the bytes before it.
            let mut rest = Vec::new();
            let error = client.read_to_end(&mut rest).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionReset);
            assert!(b"abc".starts_with(&rest), "{rest:?}");
            tap.wait_stdout("cut after 3 bytes from the server");
            got
        })
        .collect();
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn a_script_cuts_and_pauses_when_its_time_has_come() {
    let file = script("both after 300ms cut fin\nclient after 0s pause 100ms\n");
    let (tap, mut client, mut server) = ends(&["--script", file.path().to_str().unwrap()]);
    let begin = Instant::now();
    send(&mut client, "x");
    assert_eq!(recv_to_end(&mut server), b"x");
    assert!(begin.elapsed() >= Duration::from_millis(250), "{:?}", begin.elapsed());
    assert_eq!(recv_to_end(&mut client), b"");
    tap.wait_stdout("cut after 0.3 s");
}

#[test]
fn a_script_that_is_wrong_is_an_error_that_names_the_line() {
    for (lines, args, told) in [
        ("client byte 1 corrupt\n\nclient byte two corrupt", &[][..], ", line 3: 'two'"),
        ("server byte 5 explode", &[], ", line 1: 'explode'"),
        ("# fine\nclient datagram 1 drop", &[], ", line 2: "),
        ("client byte 1 corrupt", &["--udp"], ", line 1: "),
        ("client byte 1 insert \"never closed", &[], ", line 1: a quotation mark"),
    ] {
        let file = script(lines);
        let path = file.path().to_str().unwrap();
        let exit = lab(&["--to", "1", "--script", path]).args(args).run();
        let error = exit.assert_one_error(1);
        assert!(error.contains(path) && error.contains(told), "{error}");
    }
    let exit = lab(&["--to", "1", "--script", "/nonexistent/faults"]).run();
    assert!(exit.assert_one_error(1).contains("cannot read /nonexistent/faults"), "{exit:?}");
    let dir = tempfile::tempdir().unwrap();
    let binary = dir.path().join("binary");
    std::fs::write(&binary, b"\xff\xfe").unwrap();
    let exit = lab(&["--to", "1", "--script", binary.to_str().unwrap()]).run();
    assert!(exit.assert_one_error(1).contains("no text in UTF-8"), "{exit:?}");
}

// ---- UDP

/// A UDP server in the test's hands, and a tap in front of it.
fn datagrams(args: &[&str]) -> (Server, UdpSocket, UdpSocket) {
    let server = udp();
    let tap = tap(server.local_addr().unwrap(), &[&["--udp"], args].concat());
    let client = udp();
    client.connect(tap.addr()).unwrap();
    (tap, client, server)
}

/// What arrives until nothing more does.
fn drain(socket: &UdpSocket, ms: u64) -> Vec<String> {
    socket.set_read_timeout(Some(Duration::from_millis(ms))).unwrap();
    let mut buffer = [0; 2000];
    let mut got = Vec::new();
    while let Ok((count, _)) = socket.recv_from(&mut buffer) {
        got.push(String::from_utf8_lossy(&buffer[..count]).into_owned());
    }
    got
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "other systems have one loopback address")]
fn on_every_interface_an_answer_leaves_from_the_address_that_was_asked() {
    let server = udp();
    let to = server.local_addr().unwrap().to_string();
    let tap = Server::of(lab(&["--listen", ":0", "--to", &to, "--udp"]));
    for host in ["127.0.0.1", "127.0.0.2", "127.7.7.7"] {
        // Connected, it believes nobody else.
        let client = udp();
        client.connect((host, tap.addr().port())).unwrap();
        for said in ["one", "two"] {
            client.send(said.as_bytes()).unwrap();
            let (asked, from) = recv_from(&server, 100);
            assert_eq!(asked, said.as_bytes());
            server.send_to(b"answer", from).unwrap();
            assert_eq!(recv_from(&client, 100).0, b"answer", "{host}");
        }
    }
    assert!(end(&tap).contains("\n3 clients: "));
}

#[test]
fn a_server_at_any_address_of_its_name_is_found() {
    let addrs = std::net::ToSocketAddrs::to_socket_addrs(&("localhost", 1)).unwrap();
    if addrs.filter(|addr| addr.ip().is_loopback()).count() < 2 {
        return eprintln!("not tried: localhost has one address here");
    }
    let server = UdpSocket::bind("[::1]:0").unwrap();
    server.set_read_timeout(Some(harness::patience())).unwrap();
    let to = format!("localhost:{}", server.local_addr().unwrap().port());
    let tap = Server::of(lab(&["--listen", "127.0.0.1:0", "--to", &to, "--udp"]));
    let client = udp();
    client.connect(tap.addr()).unwrap();
    client.send(b"hi").unwrap();
    let (asked, from) = recv_from(&server, 100);
    assert_eq!(asked, b"hi");
    server.send_to(b"ho", from).unwrap();
    assert_eq!(recv_from(&client, 100).0, b"ho");
    let shown = end(&tap);
    assert!(
        shown.contains(&format!("the server answers at {}", server.local_addr().unwrap())),
        "{shown}"
    );
}

#[test]
fn answers_find_the_client_that_asked() {
    let (tap, client, server) = datagrams(&[]);
    let other = udp();
    client.send(b"one").unwrap();
    let (asked, first) = recv_from(&server, 100);
    assert_eq!(asked, b"one");
    other.send_to(b"two", tap.addr()).unwrap();
    let (_, second) = recv_from(&server, 100);
    assert_ne!(first, second, "each client has a socket of its own");
    server.send_to(b"for two", second).unwrap();
    server.send_to(b"for one", first).unwrap();
    assert_eq!(recv_from(&client, 100), (b"for one".to_vec(), tap.addr()));
    assert_eq!(recv_from(&other, 100), (b"for two".to_vec(), tap.addr()));
    assert_no_datagram_within(&client, 50);
    let shown = end(&tap);
    assert!(shown.contains("#2         0 │─ 3 bytes \"two\" ─"), "{shown}");
    let summary =
        "\n2 clients: 2 datagrams of 6 bytes from clients, 2 datagrams of 14 bytes from servers\n";
    assert!(shown.contains(summary), "{shown}");
}

#[test]
fn the_empty_datagram_and_the_longest_pass() {
    let (_tap, client, server) = datagrams(&[]);
    client.send(b"").unwrap();
    assert_eq!(recv_from(&server, 100).0, b"");
    client.send(&[b'x'; 65_507]).unwrap();
    let (longest, from) = recv_from(&server, 70_000);
    assert_eq!(longest.len(), 65_507);
    server.send_to(&longest, from).unwrap();
    assert_eq!(recv_from(&client, 70_000).0, longest);
}

#[test]
fn drop_loses_datagrams_and_shows_it() {
    let (tap, client, server) = datagrams(&["--drop", "100", "--from", "client"]);
    client.send(b"lost").unwrap();
    tap.wait_stdout("4 bytes, dropped \"lost\" ─");
    assert_no_datagram_within(&server, 50);
    assert!(end(&tap).contains(", 1 dropped\n"));
}

#[test]
fn the_same_seed_drops_the_same_datagrams() {
    let runs: Vec<_> = ["7", "7", "8"]
        .map(|seed| {
            let (tap, client, server) = datagrams(&["--drop", "50", "--seed", seed]);
            for number in 0..30 {
                client.send(number.to_string().as_bytes()).unwrap();
                // The receive buffer of the tap is long enough, but none is to be lost unseen.
                let seen = format!(" \"{number}\" ─");
                tap.wait_stdout(&seen);
            }
            drain(&server, 100)
        })
        .into();
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!((5..25).contains(&runs[0].len()), "{:?}", runs[0]);
}

#[test]
fn corrupt_and_replace_change_datagrams_and_show_it() {
    let (tap, client, server) =
        datagrams(&["--from", "client", "--corrupt", "100", "--replace", "cat=dog", "--seed", "3"]);
    client.send(b"a cat").unwrap();
    let (got, tap_addr) = recv_from(&server, 100);
    let flips: u32 = got.iter().zip(b"a dog").map(|(one, other)| (one ^ other).count_ones()).sum();
    assert_eq!((got.len(), flips), (5, 1), "{got:?}");
    server.send_to(b"a cat", tap_addr).unwrap();
    assert_eq!(recv_from(&client, 100).0, b"a cat");
    let shown = end(&tap);
    assert!(shown.contains("5 bytes, changed \"a cat\""), "{shown}");
    assert!(shown.ends_with(", 1 corrupted, 1 replaced\n"), "{shown}");
}

#[test]
fn a_script_loses_doubles_delays_and_changes_the_datagrams_that_it_names() {
    let file = script(
        "client datagram 2 drop\n\
         client datagram 3 duplicate\n\
         client datagram 4 replace \"\\x00!\"\n\
         client datagram 5 delay 150ms\n",
    );
    let (tap, client, server) = datagrams(&["--script", file.path().to_str().unwrap()]);
    for number in 1..=6 {
        client.send(number.to_string().as_bytes()).unwrap();
        tap.wait_stdout(&*format!(" \"{number}\" ─"));
    }
    let got: Vec<Vec<u8>> = (0..6).map(|_| recv_from(&server, 100).0).collect();
    assert_eq!(got, [&b"1"[..], b"3", b"3", b"\0!", b"6", b"5"]);
    assert_no_datagram_within(&server, 50);
    assert!(end(&tap).ends_with(", 1 dropped, 1 doubled, 1 replaced\n"));
}

#[test]
fn a_script_lets_no_datagram_pass_while_it_says_so() {
    let file = script("client after 0s drop for 60s\n");
    let (tap, client, server) = datagrams(&["--script", file.path().to_str().unwrap()]);
    client.send(b"into the dark").unwrap();
    tap.wait_stdout("dropped \"into the dark\"");
    assert_no_datagram_within(&server, 50);
}

#[test]
fn duplicate_sends_twice() {
    let (tap, client, server) = datagrams(&["--duplicate", "100", "--from", "client"]);
    client.send(b"x").unwrap();
    assert_eq!(recv_from(&server, 100).0, b"x");
    assert_eq!(recv_from(&server, 100).0, b"x");
    assert_no_datagram_within(&server, 50);
    assert!(end(&tap).contains(", 1 doubled\n"));
}

#[test]
fn reorder_lets_the_next_datagram_go_first() {
    let (tap, client, server) = datagrams(&["--reorder", "100"]);
    client.send(b"first").unwrap();
    client.send(b"second").unwrap();
    assert_eq!(recv_from(&server, 100).0, b"second");
    assert_eq!(recv_from(&server, 100).0, b"first");
    client.send(b"alone").unwrap();
    assert_eq!(recv_from(&server, 100).0, b"alone");
    tap.wait_stdout("waits to be overtaken");
}

#[test]
fn delay_holds_datagrams_back() {
    let (_tap, client, server) = datagrams(&["--delay", "120", "--jitter", "30"]);
    let begin = Instant::now();
    client.send(b"late").unwrap();
    recv_from(&server, 100);
    assert!(begin.elapsed() >= Duration::from_millis(120));
}

#[test]
fn a_client_that_is_silent_is_forgotten_and_may_come_again() {
    let (tap, client, server) = datagrams(&["--forget", "0.2"]);
    client.send(b"one").unwrap();
    let (_, first) = recv_from(&server, 100);
    tap.wait_stdout("forgotten after 0.2 s of silence");
    eventually("another port of the tap", || {
        client.send(b"again").unwrap();
        recv_from(&server, 100).1 != first
    });
    server.send_to(b"too late", first).unwrap();
    assert_no_datagram_within(&client, 50);
}

#[test]
fn the_client_that_was_silent_longest_makes_room() {
    let (tap, client, server) = datagrams(&["--max-clients", "1"]);
    client.send(b"one").unwrap();
    recv_from(&server, 100);
    let other = udp();
    other.send_to(b"two", tap.addr()).unwrap();
    let (_, second) = recv_from(&server, 100);
    tap.wait_stderr("forgotten: as many clients as --max-clients allows");
    server.send_to(b"hello", second).unwrap();
    assert_eq!(recv_from(&other, 100).0, b"hello");
}

#[test]
fn a_port_that_nobody_has_is_told() {
    // A socket that is connected elsewhere takes nothing from the tap, and nobody else can have its
    // port.
    let reserved = udp();
    let nobody = reserved.local_addr().unwrap();
    reserved.connect(nobody).unwrap();
    let tap = tap(nobody, &["--udp"]);
    let client = udp();
    client.send_to(b"anybody?", tap.addr()).unwrap();
    tap.wait_stdout("nobody has this port (ICMP)");
    client.send_to(b"anybody?", tap.addr()).unwrap();
    assert_no_datagram_within(&client, 50);
}

// ---- the end

#[test]
fn ctrl_c_closes_both_sides_in_order_and_what_was_held_back_arrives() {
    let (tap, mut client, mut server) = ends(&["--delay", "60000"]);
    send(&mut client, "held");
    tap.wait_stdout("4 bytes \"held\"");
    tap.signal(Signal::SIGINT);
    assert_eq!(recv_to_end(&mut server), b"held");
    assert_eq!(recv_to_end(&mut client), b"");
    let shown = tap.wait().assert_code(0).out();
    assert!(
        shown.ends_with("1 connection: 4 bytes from clients, 0 bytes from servers\n"),
        "{shown}"
    );
}

#[test]
fn ctrl_c_does_not_wait_for_a_receiver_that_does_not_read() {
    let (tap, mut client, server) = ends(&[]);
    fill(&mut client);
    tap.signal(Signal::SIGINT);
    let shown = tap.wait_within(Duration::from_secs(5)).assert_code(0).out();
    assert!(shown.contains("\n1 connection: "), "{shown}");
    drop(server);
}

// ---- what is shown and saved

#[test]
fn what_a_terminal_obeys_is_never_written() {
    let (tap, mut client, mut server) = ends(&[]);
    send(&mut client, "\x1b]0;owned\x07\u{202e}");
    recv(&mut server, 100);
    tap.wait_stdout("\\x1b]0;owned\\x07\\u{202e}");
    assert!(!tap.stdout().contains(&0x1b));
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn on_a_terminal_the_ladder_is_coloured_and_as_wide_as_it_is() {
    let listener = listen();
    let program = lab(&["--to", &listener.addr().to_string()]).without_env("NO_COLOR");
    let terminal = Terminal::start(program, 80, 24);
    terminal.wait_screen(|screen| screen.contains("listening on 127.0.0.1:"));
    let screen = terminal.screen();
    let addr = screen.trim().rsplit(' ').next().unwrap().parse::<SocketAddr>().unwrap();
    let mut client = connect(addr);
    let _server = listener.accept();
    send(&mut client, "x");
    terminal.wait_screen(|screen| {
        let line = screen.lines().find(|line| line.contains("1 byte \"x\""));
        line.is_some_and(|line| line.ends_with("▶│") && line.chars().count() == 80)
    });
    terminal.keys(b"\x03");
    let exit = terminal.wait();
    assert!(exit.assert_code(0).out().contains("\x1b[36m─ 1 byte"), "{exit:?}");
}

/// What each leg of a capture carried: by the name of its interface and who spoke, in order.
fn carried(path: &Path) -> HashMap<(u32, u16), Vec<u8>> {
    let file = std::fs::read(path).unwrap();
    let mut reader = PcapNgReader::new(&file[..]).unwrap();
    let mut carried: HashMap<_, Vec<u8>> = HashMap::new();
    while let Some(block) = reader.next_block() {
        let Block::EnhancedPacket(packet) = block.unwrap() else { continue };
        let headers = PacketHeaders::from_ethernet_slice(&packet.data).unwrap();
        let port = match headers.transport.unwrap() {
            TransportHeader::Tcp(tcp) => tcp.source_port,
            TransportHeader::Udp(udp) => udp.source_port,
            other => panic!("{other:?}"),
        };
        carried.entry((packet.interface_id, port)).or_default().extend(headers.payload.slice());
    }
    carried
}

#[test]
fn the_capture_has_what_passed_on_both_sides() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.pcapng");
    let (tap, mut client, mut server) =
        ends(&["--save", path.to_str().unwrap(), "--cut-after", "9"]);
    let (from_client, from_server) =
        (client.local_addr().unwrap().port(), server.local_addr().unwrap().port());
    let back = server.peer_addr().unwrap().port();
    send(&mut client, "question");
    recv_exact(&mut server, 8);
    send(&mut server, "a long answer");
    assert_eq!(recv_to_end(&mut client), b"a long an");
    drop((client, server));
    let shown = end(&tap);
    assert!(shown.ends_with(&format!("saved in {}\n", path.display())), "{shown}");
    let carried = carried(&path);
    let leg = |interface, port| String::from_utf8(carried[&(interface, port)].clone()).unwrap();
    assert_eq!(leg(0, from_client), "question");
    assert_eq!(leg(1, back), "question");
    assert_eq!(leg(1, from_server), "a long answer");
    assert_eq!(leg(0, tap.addr().port()), "a long an");
}

#[test]
fn the_capture_has_datagrams_too_also_those_that_were_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.pcapng");
    let (tap, client, _server) = datagrams(&["--save", path.to_str().unwrap(), "--drop", "100"]);
    client.send(b"lost").unwrap();
    tap.wait_stdout("dropped");
    end(&tap);
    let carried = carried(&path);
    assert_eq!(carried[&(0, client.local_addr().unwrap().port())], b"lost");
    assert_eq!(carried.len(), 1);
}

#[test]
fn a_capture_has_real_addresses_also_where_the_tap_listens_on_all_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.pcapng");
    let server = udp();
    let to = server.local_addr().unwrap().to_string();
    let tap = Server::of(lab(&[
        "--udp",
        "--listen",
        ":0",
        "--to",
        &to,
        "--save",
        path.to_str().unwrap(),
    ]));
    let client = udp();
    client.send_to(b"x", ("127.0.0.1", tap.addr().port())).unwrap();
    recv_from(&server, 10);
    end(&tap);
    let file = std::fs::read(path).unwrap();
    // The client's address and the tap's, in the header of the first packet.
    assert!(file.windows(8).any(|bytes| bytes == [127, 0, 0, 1, 127, 0, 0, 1]));
    assert_eq!(
        file.windows(8)
            .filter(|bytes| bytes[4..] == [0; 4] && bytes[..4] == [127, 0, 0, 1])
            .count(),
        0
    );
}

#[test]
fn a_capture_that_cannot_be_written_is_an_error() {
    let nobody = listen().addr().to_string();
    let exit = lab(&["--to", &nobody, "--save", "/nonexistent/x.pcapng"]).run();
    assert!(exit.assert_code(1).err().contains("/nonexistent/x.pcapng"), "{exit:?}");
}

#[test]
#[cfg(unix)] // a named pipe
fn a_disk_that_fills_up_is_told_and_the_tap_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    // The head of the file goes into a pipe whose reader leaves then.
    let path = dir.path().join("pipe");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let reader = std::thread::spawn({
        let path = path.clone();
        move || std::fs::File::open(path).unwrap()
    });
    let listener = listen();
    let tap = tap(listener.addr(), &["--save", path.to_str().unwrap()]);
    drop(reader.join().unwrap());
    let mut client = connect(tap.addr());
    let mut server = listener.accept();
    send(&mut client, "on");
    assert_eq!(recv_exact(&mut server, 2), b"on");
    tap.wait_stderr("is given up: broken pipe");
    tap.signal(Signal::SIGINT);
    assert!(tap.wait().assert_code(1).err().contains("is not whole: broken pipe"));
}

// ---- the command line

#[test]
fn the_tap_speaks_chinese() {
    let (tap, mut client, mut server) =
        ends(&["--lang", "zh", "--corrupt", "100", "--from", "client"]);
    tap.wait_stderr("可以原样重来");
    send(&mut client, "x");
    recv(&mut server, 10);
    drop((client, server));
    tap.wait_stdout("流结束（FIN）");
    let shown = end(&tap);
    assert!(shown.contains("#1           客户端 127.0.0.1:"), "{shown}");
    assert!(shown.ends_with("1 条连接：客户端发 1 字节，服务端发 0 字节，损坏 1 处\n"), "{shown}");
    let file = script("client byte two corrupt");
    let path = file.path().to_str().unwrap();
    let exit = lab(&["--to", "1", "--lang", "zh", "--script", path]).run();
    assert!(exit.assert_one_error(1).contains("第 1 行：“two”不是"), "{exit:?}");
}

#[test]
fn options_that_make_no_sense_together_are_usage_errors() {
    for args in [
        &["--to", "1", "--drop", "5"][..],
        &["--to", "1", "--reorder", "5"],
        &["--to", "1", "--udp", "--split", "5"],
        &["--to", "1", "--udp", "--rate", "5"],
        &["--to", "1", "--gap", "5"],
        &["--to", "1", "--cut-with", "rst"],
        &["--to", "1", "--udp", "--gap", "5"],
        &["--to", "1", "--udp", "--cut-with", "rst"],
        &["--to", "1", "--split", "5", "--drop", "5"],
        &["--to", "1", "--rate", "5", "--duplicate", "5"],
        &["--to", "1", "--merge", "5", "--reorder", "5"],
        &["--to", "1", "--cut-after", "5", "--forget", "5"],
        &["--to", "1", "--split", "0"],
        &["--to", "1", "--udp", "--drop", "101"],
        &["--to", "1", "--max-clients", "0"],
        &["--to", "1", "--corrupt", "101"],
        &["--to", "1", "--corrupt", "x"],
        &["--to", "1", "--replace", "x"],
        &["--to", "1", "--replace", "=x"],
        &["--to", "1", "--replace", "\\q=x"],
        &["--listen", "5000"],
        &["--to", "nonsense:port"],
    ] {
        let exit = lab(args).run();
        let error = exit.assert_code(2).err();
        assert!(error.starts_with("error: ") && error.lines().count() == 1, "{args:?}: {error}");
    }
}

#[test]
fn help_has_examples_and_every_fault() {
    let help = lab(&["--help"]).run().assert_code(0).out();
    for word in [
        "Examples:",
        "--listen",
        "--to",
        "--udp",
        "--split",
        "--merge",
        "--delay",
        "--jitter",
        "--rate",
        "--cut-after",
        "--cut-with",
        "--drop",
        "--duplicate",
        "--reorder",
        "--corrupt",
        "--replace",
        "--script",
        "client byte 9 insert \"\\r\\n\"",
        "--seed",
        "--save",
    ] {
        assert!(help.contains(word), "no {word}");
    }
}

/// At an address where no other test has a port.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "127.77.0.0/16 is this machine only on Linux")]
fn a_tap_that_would_lead_to_itself_is_refused() {
    for udp in [&["--udp"][..], &[]] {
        let exit =
            lab(&["--listen", "127.77.0.1:50000", "--to", "127.77.0.1:50000"]).args(udp).run();
        assert!(exit.assert_code(1).err().contains("where the tap itself listens"), "{exit:?}");
    }
}

#[test]
fn an_address_in_use_is_an_error_that_names_it() {
    let taken = listen();
    let exit = lab(&["--listen", &taken.addr().to_string(), "--to", "1"]).run();
    let error = exit.assert_code(1).err();
    assert!(error.contains(&taken.addr().to_string()) && error.contains("--listen"), "{error}");
}
