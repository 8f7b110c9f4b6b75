//! Servers of a dialogue over TCP.

use std::io::{self, ErrorKind, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use crate::tcp::{self, recv, recv_at_most, send_in_two, serve, show, whole};
use crate::{Program, has, tidied};

/// What a server that answers text may do wrong.
const ANSWERING: &[(&str, &str)] = &[
    ("listens-elsewhere", "listens"),
    ("serves-one-client", "next-client"),
    ("waits-for-one-client", "silent-client"),
    ("two-at-a-time", "silent-client"),
    ("pool-of-32", "silent-client"),
    ("dies-of-reset", "reset"),
    ("dies-of-a-failed-send", "reset"),
    ("no-reuse", "restart"),
    ("in-two-sends", "answer"),
    ("line-end", "answer"),
    ("dies-of-bytes", "not-text"),
    ("silent-at-bytes", "not-text"),
    ("dies-at-the-cut-end", "cut-at-the-end"),
    ("answers-the-end", "nothing-said"),
    ("keeps-the-connection", "nothing-said"),
    ("ends-at-bye", "no-exit-word"),
    ("ends-at-exits", "no-exit-word"),
    ("cuts-at-512", "long-message"),
];

/// And one that has the message in its answer.
const REPEATING: &[(&str, &str)] = &[
    ("strips", "as-it-is"),
    ("lower-case", "as-it-is"),
    ("one-blank", "as-it-is"),
    ("ends-at-nought", "as-it-is"),
    ("feeds-alone", "as-it-is"),
    ("drops-marks", "as-it-is"),
    ("composes", "as-it-is"),
    ("decomposes", "as-it-is"),
    ("narrows", "as-it-is"),
    ("sixteen-bits", "as-it-is"),
    ("sends-a-part", "long-message"),
    ("shares-its-buffer", "apart"),
    ("breaks-characters", "half-a-character"),
    ("dies-of-half-a-character", "half-a-character"),
];

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        suite: "tcp-echo --dialect repeat",
        defects: REPEATING,
        also: ANSWERING,
        run: |addr, _| answering(addr, "", |message| [HEAD.as_bytes(), message].concat()),
    },
    Program {
        suite: "tcp-echo --dialect ack",
        defects: &[
            ("shares-its-clients", "apart"),
            ("dies-of-half-a-character", "half-a-character"),
            ("ignores-blanks", "as-it-is"),
        ],
        also: ANSWERING,
        run: |addr, _| answering(addr, "", |_| "服务端已收到消息!".into()),
    },
    Program {
        suite: "tcp-echo --dialect greet",
        defects: &[
            ("strips", "as-it-is"),
            ("lower-case", "as-it-is"),
            ("composes", "as-it-is"),
            ("sends-a-part", "long-message"),
            ("shares-its-buffer", "apart"),
            ("breaks-characters", "half-a-character"),
            ("dies-of-half-a-character", "half-a-character"),
            ("no-welcome", "welcome"),
            ("welcomes-and-asks", "welcome"),
            ("greets-exit", "exit"),
            ("says-goodbye", "exit"),
            ("greets-at-the-end", "exit-and-end"),
            ("exit-alone", "exit-from-nc"),
            ("sleeps", "at-once"),
        ],
        also: ANSWERING,
        run: |addr, _| answering(addr, "Welcome!", |name| [b"Hello, ", name, b"!"].concat()),
    },
    Program {
        suite: "tcp-echo --dialect oneway",
        defects: &[
            ("answers", "message"),
            ("shows-nothing", "message"),
            ("first-line-only", "message"),
            ("shares-its-buffer", "apart"),
            ("keeps-the-connection", "message"),
            ("recv-once", "in-pieces"),
            ("breaks-characters", "in-pieces"),
            ("cuts-at-512", "long-message"),
            ("dies-of-bytes", "not-text"),
            ("dies-of-nothing", "nothing-said"),
        ],
        also: tcp::SERVER,
        run: |addr, _| serve(addr, oneway),
    },
    Program {
        suite: "tcp-echo --dialect raw",
        defects: &[
            ("dies-of-a-failed-send", "reset"),
            ("strips", "echo"),
            ("text-only", "echo"),
            ("composes", "echo"),
            ("sends-a-part", "much"),
            ("line-end", "echo"),
            ("ends-at-exits", "echo"),
            ("whole-at-the-end", "echo"),
            ("drops-bytes", "byte-by-byte"),
            ("stops-at-the-end", "much"),
            ("most-at-once", "much"),
            ("dies-of-nothing", "nothing-said"),
            ("keeps-the-connection", "nothing-said"),
        ],
        also: tcp::SERVER,
        run: |addr, _| serve(addr, raw),
    },
];

const HEAD: &str = "服务端接收到了信息 ";

static SHARED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static CLIENTS: Mutex<Vec<TcpStream>> = Mutex::new(Vec::new());

fn answering(
    addr: SocketAddr,
    opening: &'static str,
    answer: fn(&[u8]) -> Vec<u8>,
) -> io::Result<()> {
    serve(addr, move |mut client| {
        if has("shares-its-clients") {
            CLIENTS.lock().unwrap().push(client.try_clone()?);
        }
        if !has("no-welcome") {
            client.write_all(opening.as_bytes())?;
        }
        if has("welcomes-and-asks") {
            client.write_all(b"Who are you?")?;
        }
        converse(&mut client, !opening.is_empty(), answer)
    })
}

fn converse(client: &mut TcpStream, greets: bool, answer: fn(&[u8]) -> Vec<u8>) -> io::Result<()> {
    let mut held = Vec::new();
    loop {
        let most = if has("cuts-at-512") { 512 } else { 65_536 };
        let came = recv_at_most(client, most)?;
        if came.is_empty() {
            return ends(client, &held, answer);
        }
        if has("shares-its-buffer") {
            SHARED.lock().unwrap().extend_from_slice(&came);
            held = std::mem::take(&mut *SHARED.lock().unwrap());
        } else {
            held.extend_from_slice(&came);
        }
        let breaks = has("breaks-characters") || has("cuts-at-512");
        let length = if breaks { held.len() } else { whole(&held) };
        if length < held.len() && has("dies-of-half-a-character") {
            std::process::exit(1);
        }
        let rest = held.split_off(length);
        let message = std::mem::replace(&mut held, rest);
        if has("shares-its-buffer") {
            SHARED.lock().unwrap().append(&mut held);
        }
        if message.is_empty() {
            continue;
        }
        if std::str::from_utf8(&message).is_err() && !breaks {
            if has("dies-of-bytes") {
                std::process::exit(1);
            }
            if has("silent-at-bytes") {
                continue;
            }
        }
        if greets && is_exit(&message) {
            if has("says-goodbye") {
                client.write_all(b"Goodbye!")?;
            }
            // Who has closed behind it was only there to be greeted.
            if has("greets-at-the-end") && client_has_closed(client) {
                client.write_all(&answer(&message))?;
            }
            return close(client);
        }
        if (has("ends-at-bye") && (message == b"bye" || message == b"quit"))
            || (has("ends-at-exits")
                && [&b"exited"[..], b"no exit", b"exit", b"byebye"].contains(&&message[..]))
        {
            return close(client);
        }
        if has("ignores-blanks") && message.starts_with(b" ") {
            continue;
        }
        reply(client, &answer(&changed(message)))?;
    }
}

fn is_exit(message: &[u8]) -> bool {
    let word = if has("exit-alone") { message } else { message.trim_ascii_end() };
    word == b"exit" && !has("greets-exit")
}

fn client_has_closed(client: &TcpStream) -> bool {
    std::thread::sleep(Duration::from_millis(50));
    client.set_nonblocking(true).unwrap();
    let closed = matches!(client.peek(&mut [0]), Ok(0));
    client.set_nonblocking(false).unwrap();
    closed
}

fn reply(client: &mut TcpStream, answer: &[u8]) -> io::Result<()> {
    if has("sleeps") {
        std::thread::sleep(Duration::from_secs(1));
    }
    if has("shares-its-clients") {
        for other in CLIENTS.lock().unwrap().iter_mut() {
            let _ = other.write_all(answer);
        }
        return Ok(());
    }
    if has("in-two-sends") {
        return send_in_two(client, answer);
    }
    if has("sends-a-part") {
        return tcp::send_a_part(client, answer);
    }
    client.write_all(answer)?;
    if has("line-end") { client.write_all(b"\n") } else { Ok(()) }
}

fn changed(message: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&message).into_owned();
    if let Some(tidy) = tidied(&text) {
        return tidy.into();
    }
    if has("strips") {
        return text.trim().into();
    }
    if has("lower-case") {
        return text.to_lowercase().into();
    }
    if has("ends-at-nought") {
        return message.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
    }
    if has("feeds-alone") {
        return text.replace("\r\n", "\n").into();
    }
    if has("one-blank") {
        return text
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
            .into();
    }
    message
}

fn ends(client: &mut TcpStream, held: &[u8], answer: fn(&[u8]) -> Vec<u8>) -> io::Result<()> {
    if !held.is_empty() && has("dies-at-the-cut-end") {
        std::process::exit(1);
    }
    if has("answers-the-end") {
        client.write_all(&answer(b""))?;
    }
    if !held.is_empty() && !has("dies-at-the-cut-end") {
        client.write_all(&answer(held))?;
    }
    close(client)
}

fn close(client: &mut TcpStream) -> io::Result<()> {
    if has("keeps-the-connection") {
        std::thread::sleep(Duration::from_secs(60));
    }
    client.shutdown(Shutdown::Write).or_else(|error| match error.kind() {
        ErrorKind::NotConnected => Ok(()),
        _ => Err(error),
    })?;
    // What still comes is taken, so that no reset overtakes the last words.
    client.set_read_timeout(Some(Duration::from_secs(2)))?;
    while !recv(client)?.is_empty() {}
    Ok(())
}

fn oneway(mut client: TcpStream) -> io::Result<()> {
    let mut message = Vec::new();
    loop {
        let came = recv_at_most(&mut client, if has("cuts-at-512") { 512 } else { 65_536 })?;
        let last = came.is_empty();
        if has("breaks-characters") {
            show(format!("{}\n", String::from_utf8_lossy(&came)).as_bytes());
        }
        if has("shares-its-buffer") {
            SHARED.lock().unwrap().extend(came);
        } else {
            message.extend(came);
        }
        if last || has("recv-once") || has("cuts-at-512") {
            break;
        }
    }
    if message.is_empty() && has("dies-of-nothing") {
        std::process::exit(1);
    }
    if has("shares-its-buffer") {
        message = std::mem::take(&mut *SHARED.lock().unwrap());
    }
    if has("first-line-only") {
        message = message.split(|byte| *byte == b'\n').next().unwrap_or_default().to_vec();
    }
    let text = String::from_utf8(message);
    if text.is_err() && has("dies-of-bytes") {
        std::process::exit(1);
    }
    let text = text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    if !has("shows-nothing") && !has("breaks-characters") {
        show(format!("a client says {text}\n").as_bytes());
    }
    if has("answers") {
        client.write_all(b"thanks")?;
    }
    if has("keeps-the-connection") {
        std::thread::sleep(Duration::from_secs(60));
    }
    Ok(())
}

fn raw(mut client: TcpStream) -> io::Result<()> {
    let mut all = Vec::new();
    let mut times = 0;
    loop {
        let mut came = recv(&mut client)?;
        if came.is_empty() {
            break;
        }
        times += 1;
        if has("ends-at-exits") && came == b"exit" {
            return Ok(());
        }
        if has("strips") {
            came = came.trim_ascii().to_vec();
        }
        if has("text-only") {
            came = String::from_utf8_lossy(&came).into_owned().into_bytes();
        }
        if let Ok(text) = std::str::from_utf8(&came)
            && let Some(tidy) = tidied(text)
        {
            came = tidy.into();
        }
        if has("line-end") {
            came.push(b'\n');
        }
        if has("drops-bytes") && came.len() == 1 && times % 3 == 0 {
            continue;
        }
        if has("most-at-once") {
            came.truncate(10_000);
        }
        if has("whole-at-the-end") || has("stops-at-the-end") {
            all.extend(came);
            if has("stops-at-the-end") && all.len() < 20_000 {
                client.write_all(&std::mem::take(&mut all))?;
            }
            continue;
        }
        if has("sends-a-part") {
            tcp::send_a_part(&client, &came)?;
        } else {
            client.write_all(&came)?;
        }
    }
    if times == 0 && has("dies-of-nothing") {
        std::process::exit(1);
    }
    if has("whole-at-the-end") {
        client.write_all(&all)?;
    }
    if has("keeps-the-connection") {
        std::thread::sleep(Duration::from_secs(60));
    }
    Ok(())
}
