//! A command, and its output piece by piece.

use std::io::{self, Read, Write as _};
use std::net::TcpStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use crate::tcp::{SERVER, send_a_part, serve};
use crate::{Program, has};

pub(crate) const PROGRAMS: &[Program] = &[Program {
    suite: "remote-cmd --framing stream",
    defects: &[
        ("little-endian", "answer"),
        ("strips", "answer"),
        ("no-hello", "answer"),
        ("always-0", "status"),
        ("status-of-one-byte", "status"),
        ("loses-signals", "signal"),
        ("signal-is-a-status", "signal"),
        ("one-stream", "errors"),
        ("long-messages", "much-output"),
        ("first-megabyte", "much-output"),
        ("sends-a-part", "much-output"),
        ("forgets-directories", "directory"),
        ("any-directory", "directory"),
        ("at-the-end", "at-once"),
        ("deaf-while-it-runs", "interrupt"),
        ("kills-in-place-of-int", "interrupt"),
        ("loses-last-words", "interrupt"),
        ("open-input", "input"),
        ("waits-for-the-pipe", "background"),
        ("one-recv", "byte-by-byte"),
        ("cuts-at-1024", "long-command"),
        ("one-command-at-a-time", "busy"),
        ("keeps-the-command", "left"),
        ("leaves-orphans", "orphans"),
        ("dies-of-the-gone", "left-in-a-flood"),
        ("leaves-zombies", "reaped"),
        ("runs-without-hello", "stranger"),
        ("any-version", "version"),
        ("believes-every-length", "length"),
        ("waits-for-no-length", "no-length"),
        ("ignores-kinds", "kind"),
        ("silent-at-bytes", "not-text"),
        ("dies-of-bytes", "not-text"),
    ],
    also: SERVER,
    run: |addr, _| serve(addr, converse),
}];

const HELLO: [u8; 8] = *b"\x89RCMD\n\x01\0";
const MOST: usize = 65_536;

type Client = Arc<Mutex<TcpStream>>;

/// Whether output is thrown away, after an interrupt.
static DEAF: AtomicBool = AtomicBool::new(false);
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn send(client: &Client, kind: u8, rest: &[u8]) -> io::Result<()> {
    let length = 1 + rest.len() as u32;
    let length = if has("little-endian") { length.to_le_bytes() } else { length.to_be_bytes() };
    let message = [&length, &[kind][..], rest].concat();
    let mut stream = client.lock().unwrap();
    let sent = match has("sends-a-part") {
        true => send_a_part(&stream, &message),
        false => stream.write_all(&message),
    };
    if sent.is_err() && has("dies-of-the-gone") {
        std::process::exit(1);
    }
    sent
}

/// A message, or nothing at the end.
fn message(from: &mut TcpStream) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut length = [0; 4];
    if has("one-recv") {
        if from.read(&mut length)? < 4 {
            return Ok(None);
        }
    } else if from.read_exact(&mut length).is_err() {
        return Ok(None);
    }
    let length = u32::from_be_bytes(length) as usize;
    if length == 0 && has("waits-for-no-length") {
        return message(from);
    }
    if length == 0 || (length > 1 + MOST && !has("believes-every-length")) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    from.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Ok(None);
    }
    let rest = bytes.split_off(1);
    Ok(Some((bytes[0], rest)))
}

fn converse(mut from: TcpStream) -> io::Result<()> {
    let mut hello = [0; 8];
    if has("runs-without-hello") {
        let first = crate::tcp::recv(&mut from)?;
        if first.starts_with(b"GET") {
            Command::new("/bin/sh").args(["-c", &String::from_utf8_lossy(&first)]).output()?;
            return Ok(());
        }
        hello.copy_from_slice(&first[..8]);
    } else if has("one-recv") {
        let _ = from.read(&mut hello)?;
    } else {
        from.read_exact(&mut hello)?;
    }
    let same = if has("any-version") { hello[..6] == HELLO[..6] } else { hello == HELLO };
    if !same {
        return Ok(());
    }
    if !has("no-hello") {
        from.write_all(&HELLO)?;
    }
    let client = Client::new(Mutex::new(from.try_clone()?));
    // Whoever reads the client tells what came, also while a command runs.
    let (sender, asked) = mpsc::channel();
    thread::spawn(move || {
        while let Ok(Some(message)) = message(&mut from) {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    let mut directory = String::from(".");
    while let Ok((kind, rest)) = asked.recv() {
        match kind {
            0x01 => {
                let command = match String::from_utf8(rest) {
                    Ok(command) if !command.contains('\0') => command,
                    _ if has("dies-of-bytes") => std::process::exit(1),
                    _ if has("silent-at-bytes") => continue,
                    _ => {
                        send(&client, 0x15, b"that is no text")?;
                        continue;
                    }
                };
                let command = if has("cuts-at-1024") {
                    command.chars().take(1024).collect()
                } else {
                    command
                };
                let one = has("one-command-at-a-time").then(|| ONE_AT_A_TIME.lock());
                if !run(&command, &directory, &client, &asked)? {
                    return hang_up(&client);
                }
                drop(one);
            }
            0x03 => {
                let to = String::from_utf8_lossy(&rest).into_owned();
                if !std::path::Path::new(&to).is_dir() && !has("any-directory") {
                    send(&client, 0x15, b"no such directory")?;
                    continue;
                }
                if !has("forgets-directories") && std::path::Path::new(&to).is_dir() {
                    directory = to;
                }
                send(&client, 0x13, &[0; 4])?;
            }
            0x02 => {}
            _ if has("ignores-kinds") => {}
            _ => return hang_up(&client),
        }
    }
    hang_up(&client)
}

fn hang_up(client: &Client) -> io::Result<()> {
    let _ = client.lock().unwrap().shutdown(std::net::Shutdown::Both);
    Ok(())
}

/// `false` where the client has left.
fn run(
    command: &str,
    directory: &str,
    client: &Client,
    asked: &mpsc::Receiver<(u8, Vec<u8>)>,
) -> io::Result<bool> {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", command]).current_dir(directory);
    shell.stdin(if has("open-input") { Stdio::piped() } else { Stdio::null() });
    shell.stdout(Stdio::piped()).stderr(Stdio::piped());
    shell.process_group(0);
    let mut child = shell.spawn()?;
    let out = pump(child.stdout.take().unwrap(), 0x11, client);
    let err =
        pump(child.stderr.take().unwrap(), if has("one-stream") { 0x11 } else { 0x12 }, client);
    let stayed = wait(&mut child, asked)?;
    if has("leaves-zombies") && stayed {
        finish(out, err, client)?;
        std::mem::forget(child);
        send(client, 0x13, &[0; 4])?;
        return Ok(true);
    }
    let status = child.wait()?;
    if !stayed {
        return Ok(false);
    }
    finish(out, err, client)?;
    let (kind, number) = match status.signal() {
        Some(_) if has("loses-signals") => (0x13, 0),
        Some(signal) if has("signal-is-a-status") => (0x13, 128 + signal),
        Some(signal) => (0x14, signal),
        None if has("always-0") => (0x13, 0),
        None => (0x13, status.code().unwrap()),
    };
    if has("status-of-one-byte") {
        send(client, kind, &[number as u8])?;
    } else {
        send(client, kind, &number.to_be_bytes())?;
    }
    Ok(true)
}

type Pump = mpsc::Receiver<Vec<u8>>;

/// Sends what a pipe brings, as it brings it; the receiver ends when the pipe does.
fn pump(mut pipe: impl Read + Send + 'static, kind: u8, client: &Client) -> (Pump, u8) {
    let client = Arc::clone(client);
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        let most = if has("long-messages") { 4 * MOST } else { MOST };
        let mut buffer = vec![0; most];
        let mut sent = 0;
        loop {
            let mut length = pipe.read(&mut buffer).unwrap_or(0);
            while has("long-messages") && length > 0 && length <= MOST && sent == 0 {
                let more = pipe.read(&mut buffer[length..]).unwrap_or(0);
                if more == 0 {
                    break;
                }
                length += more;
            }
            if length == 0 {
                return;
            }
            sent += length;
            let lost = DEAF.load(Ordering::Relaxed);
            if lost || (has("first-megabyte") && sent > 900_000) {
                continue;
            }
            let piece =
                if has("strips") { buffer[..length].trim_ascii_start() } else { &buffer[..length] };
            if has("at-the-end") {
                let _ = sender.send(piece.to_vec());
            } else if send(&client, kind, piece).is_err() {
                return;
            } else {
                let _ = sender.send(Vec::new());
            }
        }
    });
    (ended, kind)
}

/// A background child holds the pipes open: what the command wrote is there soon.
fn finish(out: (Pump, u8), err: (Pump, u8), client: &Client) -> io::Result<()> {
    for (pieces, kind) in [out, err] {
        loop {
            let piece = if has("waits-for-the-pipe") {
                pieces.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected)
            } else {
                pieces.recv_timeout(crate::remote::HELD_OPEN)
            };
            match piece {
                Ok(piece) if !piece.is_empty() => send(client, kind, &piece)?,
                Ok(_) => {}
                Err(_) => break,
            }
        }
    }
    Ok(())
}

/// `false` where the client has left, and the command was ended.
fn wait(child: &mut Child, asked: &mpsc::Receiver<(u8, Vec<u8>)>) -> io::Result<bool> {
    let id = child.id();
    let signal = |signal: &str| {
        let kill = format!("kill -{signal} -{id}");
        Command::new("/bin/sh").args(["-c", &kill]).stderr(Stdio::null()).status().map(|_| ())
    };
    loop {
        if has("leaves-zombies") {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            if stat.contains(") Z ") {
                return Ok(true);
            }
        } else if child.try_wait()?.is_some() {
            return Ok(true);
        }
        match asked.try_recv() {
            Ok((0x02, _)) if has("deaf-while-it-runs") => {}
            Ok((0x02, _)) if has("kills-in-place-of-int") => signal("9")?,
            Ok((0x02, _)) if has("loses-last-words") => {
                DEAF.store(true, Ordering::Relaxed);
                signal("INT")?;
            }
            Ok((0x02, _)) => signal("INT")?,
            Err(mpsc::TryRecvError::Disconnected) if !has("keeps-the-command") => {
                if has("leaves-orphans") {
                    child.kill()?;
                } else {
                    signal("9")?;
                }
                return Ok(false);
            }
            _ => {}
        }
        thread::sleep(Duration::from_millis(5));
    }
}
