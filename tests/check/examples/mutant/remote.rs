//! A command and its answer, in the tutorial's two ways.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::tcp::{recv_at_most, send_a_part, send_in_two, serve};
use crate::{Program, has};

const ANY: &[(&str, &str)] = &[
    ("listens-elsewhere", "listens"),
    ("serves-one-client", "next-client"),
    ("waits-for-one-client", "silent-client"),
    ("two-at-a-time", "silent-client"),
    ("pool-of-32", "silent-client"),
    ("dies-of-reset", "reset"),
    ("no-reuse", "restart"),
    ("strips", "as-it-is"),
    ("line-end", "as-it-is"),
    ("says-nothing", "no-output"),
    ("says-failure", "no-output"),
    ("output-alone", "errors"),
    ("all-together", "errors"),
    ("one-pipe-first", "much-output"),
    ("sends-a-part", "much-output"),
    ("open-input", "input"),
    ("waits-for-the-pipe", "background"),
    ("cuts-at-1024", "long-command"),
    ("silent-at-bytes", "not-text"),
    ("dies-of-bytes", "not-text"),
    ("runs-web-pages", "web-page"),
    ("one-command-at-a-time", "busy"),
    ("keeps-the-command", "left"),
    ("leaves-orphans", "orphans"),
    ("leaves-zombies", "reaped"),
];

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        suite: "remote-cmd --framing prefix",
        defects: &[
            ("big-endian", "answer"),
            ("no-length", "answer"),
            ("counts-characters", "answer"),
            ("in-two-sends", "one-send"),
        ],
        also: ANY,
        run: |addr, _| serve(addr, |client| converse(client, by_prefix)),
    },
    Program {
        suite: "remote-cmd --framing ack",
        defects: &[
            ("line-after-length", "answer"),
            ("counts-characters", "answer"),
            ("sticks", "length-alone"),
            ("ready-in-one-recv", "ready-in-pieces"),
            ("takes-any-acknowledgement", "wrong-acknowledgement"),
            ("waits-for-all", "no-acknowledgement"),
        ],
        also: ANY,
        run: |addr, _| serve(addr, |client| converse(client, by_ack)),
    },
];

/// How long nothing has come of a command that has ended, until its pipe is taken for one that a
/// background child holds open. Who reads a pipe may be late on a busy machine.
pub(crate) const HELD_OPEN: Duration = Duration::from_secs(2);

type Framing = fn(&mut TcpStream, &[u8]) -> io::Result<()>;

static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn converse(mut client: TcpStream, framing: Framing) -> io::Result<()> {
    loop {
        let most = if has("cuts-at-1024") { 1024 } else { 65_536 };
        let command = recv_at_most(&mut client, most)?;
        if command.is_empty() {
            return Ok(());
        }
        let first = command.split(|&byte| byte == b'\r').next().unwrap_or_default();
        if first.ends_with(b"HTTP/1.1") && !has("runs-web-pages") {
            return Ok(());
        }
        let text = match String::from_utf8(command) {
            Ok(text) if !text.contains('\0') => text,
            _ if has("dies-of-bytes") => std::process::exit(1),
            _ if has("silent-at-bytes") => continue,
            _ => return Ok(()),
        };
        let one = has("one-command-at-a-time").then(|| ONE_AT_A_TIME.lock());
        let Some(mut answer) = answer(&text, &client)? else { return Ok(()) };
        drop(one);
        if has("strips") {
            answer = answer.trim_ascii().to_vec();
        }
        if has("line-end") && !answer.ends_with(b"\n") {
            answer.push(b'\n');
        }
        framing(&mut client, &answer)?;
    }
}

/// `None` where the client has left before it was there.
fn answer(command: &str, client: &TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", command]);
    shell.stdin(if has("open-input") { Stdio::piped() } else { Stdio::null() });
    shell.stdout(Stdio::piped()).stderr(Stdio::piped());
    if !has("leaves-orphans") {
        shell.process_group(0);
    }
    let mut child = shell.spawn()?;
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let input = child.stdin.take();
    if has("one-pipe-first") {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        err.read_to_end(&mut errors)?;
        out.read_to_end(&mut output)?;
        child.wait()?;
        return Ok(Some(chosen(output, errors, true)));
    }
    let read = |mut pipe: Box<dyn io::Read + Send>| {
        let (sender, pieces) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(length @ 1..) = pipe.read(&mut buffer) {
                let _ = sender.send(buffer[..length].to_vec());
            }
        });
        pieces
    };
    let (out, err) = (read(Box::new(out)), read(Box::new(err)));
    if !wait(&mut child, client)? {
        return Ok(None);
    }
    drop(input);
    let success = has("leaves-zombies") || child.wait()?.success();
    // A background child holds the pipes open: what the command wrote is there soon.
    let all = |pieces: std::sync::mpsc::Receiver<Vec<u8>>| {
        if has("waits-for-the-pipe") {
            return pieces.iter().flatten().collect();
        }
        let mut bytes = Vec::new();
        while let Ok(piece) = pieces.recv_timeout(HELD_OPEN) {
            bytes.extend(piece);
        }
        bytes
    };
    let (output, errors): (Vec<u8>, Vec<u8>) = (all(out), all(err));
    if has("leaves-zombies") {
        std::mem::forget(child);
    }
    Ok(Some(chosen(output, errors, success)))
}

fn chosen(output: Vec<u8>, errors: Vec<u8>, success: bool) -> Vec<u8> {
    if has("all-together") {
        return [output, errors].concat();
    }
    let answer = if errors.is_empty() || has("output-alone") { output } else { errors };
    if !answer.is_empty() || has("says-nothing") {
        answer
    } else if has("says-failure") && !success {
        b"it failed".to_vec()
    } else {
        b"action success!".to_vec()
    }
}

/// Waits for the command; `false` where its client has left, and it was ended.
pub(crate) fn wait(child: &mut Child, client: &TcpStream) -> io::Result<bool> {
    let id = child.id();
    loop {
        if has("leaves-zombies") {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            if stat.contains(") Z ") {
                return Ok(true);
            }
        } else if child.try_wait()?.is_some() {
            return Ok(true);
        }
        if !has("keeps-the-command") && left(client) {
            if has("leaves-orphans") {
                child.kill()?;
            } else {
                Command::new("/bin/sh").args(["-c", &format!("kill -9 -{id}")]).status()?;
            }
            child.wait()?;
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Whether nothing more will come from it.
pub(crate) fn left(client: &TcpStream) -> bool {
    client.set_nonblocking(true).unwrap();
    let left = match client.peek(&mut [0]) {
        Ok(length) => length == 0,
        Err(error) => error.kind() != io::ErrorKind::WouldBlock,
    };
    client.set_nonblocking(false).unwrap();
    left
}

fn length(answer: &[u8]) -> i32 {
    if has("counts-characters") {
        return String::from_utf8_lossy(answer).chars().count() as i32;
    }
    answer.len() as i32
}

fn by_prefix(client: &mut TcpStream, answer: &[u8]) -> io::Result<()> {
    let length = length(answer);
    let head = if has("big-endian") { length.to_be_bytes() } else { length.to_le_bytes() };
    let head = if has("no-length") { &[][..] } else { &head[..] };
    let message = [head, answer].concat();
    if has("sends-a-part") {
        return send_a_part(client, &message);
    }
    if has("in-two-sends") { send_in_two(client, &message) } else { client.write_all(&message) }
}

static ALL_WAIT: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn by_ack(client: &mut TcpStream, answer: &[u8]) -> io::Result<()> {
    let one = has("waits-for-all").then(|| ALL_WAIT.lock());
    let end = if has("line-after-length") { "\n" } else { "" };
    client.write_all(format!("{}{end}", length(answer)).as_bytes())?;
    if has("sticks") {
        return client.write_all(answer);
    }
    let mut ready = [0; 6];
    if has("ready-in-one-recv") {
        let length = client.read(&mut ready)?;
        if &ready[..length] != b"ready!" {
            return Err(io::ErrorKind::InvalidData.into());
        }
    } else if has("takes-any-acknowledgement") {
        let _ = client.read(&mut [0; 1024])?;
    } else {
        client.read_exact(&mut ready)?;
        if &ready != b"ready!" {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    drop(one);
    if has("sends-a-part") { send_a_part(client, answer) } else { client.write_all(answer) }
}
