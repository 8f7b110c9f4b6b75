//! One datagram, one answer.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::{Program, has, tidied};

/// What any of the dialects may do wrong.
const ANY: &[(&str, &str)] = &[
    ("listens-elsewhere", "listens"),
    ("first-client-only", "two-clients"),
    ("twice", "two-clients"),
    ("each-once", "two-clients"),
    ("ignores-empty", "empty"),
    ("dies-of-empty", "empty"),
    ("dies-of-bytes", "not-text"),
    ("silent-at-bytes", "not-text"),
    ("dies-of-the-largest", "largest"),
];

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        suite: "udp-echo --dialect greet",
        defects: &[
            ("line-end", "greeting"),
            ("capitals", "greeting"),
            ("strips", "as-it-is"),
            ("lower-case", "as-it-is"),
            ("drops-marks", "as-it-is"),
            ("composes", "as-it-is"),
            ("sixteen-bits", "as-it-is"),
            ("answers-the-last", "who-asked"),
            ("cuts-at-1024", "long"),
            ("cuts-and-dies", "cut-character"),
            ("answers-answers", "no-answer-to-an-answer"),
        ],
        also: ANY,
        run: |addr, _| {
            server(addr, &|data| [b"Hello, ", data, b"!"].concat(), &|data| {
                data.starts_with(b"Hello, ")
            })
        },
    },
    Program {
        suite: "udp-echo --dialect time",
        defects: &[
            ("line-end", "time"),
            ("iso", "time"),
            ("stopped-clock", "time"),
            ("wrong-weekday", "time"),
            ("cuts-and-dies", "cut-character"),
            ("answers-answers", "no-answer-to-an-answer"),
        ],
        also: ANY,
        run: |addr, _| {
            server(addr, &|_| time().into_bytes(), &|data| data.ends_with(" 接收到消息".as_bytes()))
        },
    },
    Program {
        suite: "udp-echo --dialect raw",
        defects: &[
            ("strips", "echo"),
            ("text-only", "echo"),
            ("composes", "echo"),
            ("cuts-at-1024", "echo"),
            ("sticks", "one-for-one"),
            ("answers-the-last", "who-asked"),
        ],
        also: ANY,
        run: |addr, _| server(addr, &<[u8]>::to_vec, &|_| false),
    },
];

fn server(
    addr: SocketAddr,
    answer: &dyn Fn(&[u8]) -> Vec<u8>,
    is_answer: &dyn Fn(&[u8]) -> bool,
) -> io::Result<()> {
    let addr = if has("listens-elsewhere") { "127.0.0.1:0".parse().unwrap() } else { addr };
    let socket = UdpSocket::bind(addr)?;
    let mut buffer = [0; 65_535];
    let (mut first, mut seen) = (None, Vec::new());
    loop {
        let cuts = has("cuts-at-1024") || has("cuts-and-dies");
        let most = if cuts { 1024 } else { buffer.len() };
        let (length, from) = socket.recv_from(&mut buffer[..most])?;
        let mut data = buffer[..length].to_vec();
        let mut to = from;
        if has("answers-the-last") || has("sticks") {
            std::thread::sleep(Duration::from_millis(50));
            socket.set_nonblocking(true)?;
            if has("sticks") {
                while let Ok((length, _)) = socket.recv_from(&mut buffer) {
                    data.extend_from_slice(&buffer[..length]);
                }
            } else if let Ok((_, last)) = socket.peek_from(&mut buffer) {
                to = last;
            }
            socket.set_nonblocking(false)?;
        }
        // The judge's first stage is an empty datagram, of a client that is never seen again.
        if has("first-client-only") && !data.is_empty() && *first.get_or_insert(from) != from {
            continue;
        }
        if has("each-once") {
            if seen.contains(&data) {
                continue;
            }
            seen.push(data.clone());
        }
        if is_answer(&data) && !has("answers-answers") {
            continue;
        }
        if !answers(&data) {
            continue;
        }
        let data = changed(data);
        let mut reply = answer(&data);
        if has("line-end") {
            reply.push(b'\n');
        }
        let sent = socket.send_to(&reply, to);
        if has("dies-of-the-largest") && (sent.is_err() || data.len() > 60_000) {
            std::process::exit(1);
        }
        if has("twice") {
            let _ = socket.send_to(&reply, to);
        }
    }
}

/// Whether it has an answer to that, or has not died of it.
fn answers(data: &[u8]) -> bool {
    if data.is_empty() && has("dies-of-empty") {
        std::process::exit(1);
    }
    if data.is_empty() && has("ignores-empty") {
        return false;
    }
    if std::str::from_utf8(data).is_err() {
        if has("dies-of-bytes") || (has("cuts-and-dies") && data.len() == 1024) {
            std::process::exit(1);
        }
        return !has("silent-at-bytes");
    }
    true
}

fn changed(data: Vec<u8>) -> Vec<u8> {
    if let Ok(text) = std::str::from_utf8(&data)
        && let Some(tidy) = tidied(text)
    {
        return tidy.into();
    }
    if has("strips") {
        return data.trim_ascii().to_vec();
    }
    if has("capitals") {
        return data.to_ascii_uppercase();
    }
    if has("lower-case") && data.len() > 6 {
        return data.to_ascii_lowercase();
    }
    if has("text-only") {
        return String::from_utf8_lossy(&data).into_owned().into_bytes();
    }
    data
}

/// As `ctime()` writes it, in UTC.
fn time() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let since = if has("stopped-clock") { 1_000_000_000 } else { since };
    let (days, rest) = ((since / 86_400) as i64, since % 86_400);
    // Howard Hinnant's civil_from_days.
    let z = days + 719_468;
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let year = yoe + era * 400 + i64::from(month <= 2);
    let weekday = (days + i64::from(has("wrong-weekday"))).rem_euclid(7) as usize;
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][weekday];
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month_name = months[month as usize - 1];
    let (h, m, s) = (rest / 3600, rest / 60 % 60, rest % 60);
    if has("iso") {
        return format!("{year}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02} 接收到消息");
    }
    format!("{weekday} {month_name} {day:>2} {h:02}:{m:02}:{s:02} {year} 接收到消息")
}
