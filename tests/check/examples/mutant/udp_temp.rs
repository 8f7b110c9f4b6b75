//! Degrees Celsius in a datagram, degrees Fahrenheit back in another.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use crate::{Program, has};

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        suite: "udp-temp",
        defects: &[
            ("listens-elsewhere", "listens"),
            ("says-nothing", "answer"),
            ("line-end", "answer"),
            ("one-request", "next-request"),
            ("twice", "next-request"),
            ("first-client-only", "next-client"),
            ("answers-the-last", "who-asked"),
            ("whole-degrees", "whole-degrees"),
            ("one-place", "rounding"),
            ("all-places", "rounding"),
            ("takes-no-blanks", "blanks"),
            ("refuses-1e3", "notations"),
            ("refuses-a-sign", "notations"),
            ("refuses-a-bare-point", "notations"),
            ("rusts-exponent", "large"),
            ("silent-at-a-word", "not-a-number"),
            ("refuses-twice", "not-a-number"),
            ("dies-of-a-word", "not-a-number"),
            ("answers-good", "not-a-number"),
            ("answers-the-word", "not-a-number"),
            ("answers-zero", "not-a-number"),
            ("ignores-empty", "empty"),
            ("dies-of-empty", "empty"),
            ("blank-is-zero", "empty"),
            ("dies-of-bytes", "not-text"),
            ("drops-bytes", "not-text"),
            ("takes-a-comma", "almost-numbers"),
            ("takes-hexadecimal", "almost-numbers"),
            ("takes-a-degree-sign", "almost-numbers"),
            ("atof", "half-a-number"),
            ("answers-nan", "no-temperatures"),
            ("answers-infinity", "no-temperatures"),
            ("takes-underscores", "digits-only"),
            ("takes-full-width", "digits-only"),
            ("answers-cold", "absolute-zero"),
            ("refuses-absolute-zero", "absolute-zero"),
            ("cuts-at-1024", "long"),
            ("repeats-the-request", "long"),
            ("dies-of-the-largest", "long"),
            ("answers-answers", "no-answer-to-an-answer"),
            ("answers-errors", "no-answer-to-an-answer"),
        ],
        also: &[],
        run: server,
    },
    Program {
        suite: "udp-temp --client",
        defects: &[
            ("impatient", "-"),
            ("sends-the-line-end", "asks"),
            ("shows-on-stderr", "question"),
            ("shows-a-part", "question"),
            ("ends-badly", "question"),
            ("never-ends", "question"),
            ("asks-all-at-once", "next-question"),
            ("hides-errors", "error-reply"),
            ("asks-once", "asks-again"),
            ("gives-up-well", "gives-up"),
            ("never-gives-up", "gives-up"),
            ("floods", "gives-up"),
            ("one-answer-is-enough", "lost"),
            ("one-socket", "late"),
            ("believes-anybody", "stranger"),
            ("follows-strangers", "stranger"),
        ],
        also: &[],
        run: client,
    },
];

const PREFIX: &str = "转换为华氏温度为: ";
const ERROR: &str = "error: send degrees Celsius such as 36.6";

fn server(addr: SocketAddr, _: &str) -> io::Result<()> {
    let addr = if has("listens-elsewhere") { "127.0.0.1:0".parse().unwrap() } else { addr };
    let socket = UdpSocket::bind(addr)?;
    let mut buffer = [0; 65_535];
    let mut first = None;
    loop {
        let most = if has("cuts-at-1024") { 1024 } else { buffer.len() };
        let (length, from) = socket.recv_from(&mut buffer[..most])?;
        let mut to = from;
        let request = buffer[..length].to_vec();
        if has("answers-the-last") {
            // Whoever asked while it thought gets both answers.
            std::thread::sleep(Duration::from_millis(50));
            socket.set_nonblocking(true)?;
            if let Ok((length, last)) = socket.peek_from(&mut buffer) {
                let _ = length;
                to = last;
            }
            socket.set_nonblocking(false)?;
        }
        if has("first-client-only") && *first.get_or_insert(from) != from {
            continue;
        }
        let Some(reply) = reply(&request) else { continue };
        socket.send_to(&reply, to)?;
        let refuses = !reply.starts_with(PREFIX.as_bytes());
        if has("twice") || (has("refuses-twice") && refuses) {
            socket.send_to(&reply, to)?;
        }
        if has("one-request") {
            return Ok(());
        }
    }
}

fn reply(request: &[u8]) -> Option<Vec<u8>> {
    let text = match std::str::from_utf8(request) {
        Ok(text) => text.to_owned(),
        Err(_) if has("dies-of-bytes") => std::process::exit(1),
        Err(_) if has("drops-bytes") => {
            request.iter().map(|b| *b as char).filter(char::is_ascii).collect()
        }
        Err(_) => return Some(ERROR.into()),
    };
    if request.is_empty() && has("ignores-empty") {
        return None;
    }
    if request.is_empty() && has("dies-of-empty") {
        std::process::exit(1);
    }
    if request.len() > 60_000 && has("dies-of-the-largest") {
        std::process::exit(1);
    }
    let is_answer = text.starts_with(PREFIX) && !has("answers-answers");
    let is_error = text.starts_with("error: ") && !has("answers-errors");
    if is_answer || is_error {
        return None;
    }
    let text = if has("takes-no-blanks") { text.as_str() } else { text.trim() };
    match number(text) {
        Some(celsius) if is_temperature(celsius) => {
            let end = if has("line-end") { "\n" } else { "" };
            let words = if has("says-nothing") { "" } else { PREFIX };
            Some(format!("{words}{}{end}", written(celsius * 1.8 + 32.0)).into_bytes())
        }
        _ if has("silent-at-a-word") => None,
        _ if has("dies-of-a-word") => std::process::exit(1),
        _ if has("answers-good") => Some("好".into()),
        _ if has("answers-the-word") => Some(format!("Hello, {text}!").into_bytes()),
        _ if has("answers-zero") => Some(format!("{PREFIX}32.0").into_bytes()),
        _ if has("repeats-the-request") => Some(format!("{ERROR}: {text}").into_bytes()),
        _ => Some(ERROR.into()),
    }
}

fn is_temperature(celsius: f64) -> bool {
    let finite = (celsius * 1.8 + 32.0).is_finite()
        || (has("answers-nan") && celsius.is_nan())
        || (has("answers-infinity") && celsius > 0.0);
    let cold = celsius < -273.15 || (has("refuses-absolute-zero") && celsius <= -273.15);
    finite && (!cold || has("answers-cold"))
}

fn number(text: &str) -> Option<f64> {
    let mut text = text.to_owned();
    if has("blank-is-zero") && text.trim().is_empty() {
        return Some(0.0);
    }
    if has("takes-a-comma") {
        text = text.replace(',', ".");
    }
    if has("takes-a-degree-sign") {
        text = text.replace('℃', "");
    }
    if has("takes-underscores") {
        text = text.replace('_', "");
    }
    if has("takes-full-width") {
        let narrow = |c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap(),
            '．' => '.',
            c => c,
        };
        text = text.chars().map(narrow).collect();
    }
    if has("takes-hexadecimal")
        && let Some(digits) = text.strip_prefix("0x")
    {
        return i64::from_str_radix(digits, 16).ok().map(|n| n as f64);
    }
    if has("answers-nan") || has("answers-infinity") {
        return text.parse().ok();
    }
    let refused = (has("refuses-1e3") && text.contains(['e', 'E']))
        || (has("refuses-a-sign") && text.starts_with('+'))
        || (has("refuses-a-bare-point") && (text.starts_with('.') || text.ends_with('.')));
    let is_number = |text: &str| text.bytes().all(|b| b"0123456789+-.eE".contains(&b));
    if has("atof") {
        let longest = (0..=text.len()).rev().filter_map(|end| text.get(..end));
        return longest.filter(|part| is_number(part)).find_map(|part| part.parse().ok());
    }
    if refused || !is_number(&text) { None } else { text.parse().ok() }
}

fn written(fahrenheit: f64) -> String {
    if has("whole-degrees") && fahrenheit.fract() == 0.0 && fahrenheit.abs() < 1e16 {
        return format!("{fahrenheit}");
    }
    let places = if has("one-place") { 1 } else { 2 };
    let rounded = match has("all-places") {
        true => fahrenheit,
        false => format!("{fahrenheit:.places$}").parse().unwrap(),
    };
    let text = format!("{rounded:?}");
    if has("rusts-exponent") { text } else { text.replace('e', "e+") }
}

/// How long it waits before it asks again, and how often it asks.
const WAIT: Duration = Duration::from_millis(500);
const TRIES: usize = 4;

fn client(addr: SocketAddr, _: &str) -> io::Result<()> {
    let lines: Vec<String> = io::stdin().lines().collect::<Result<_, _>>()?;
    let mut socket = open(addr)?;
    let mut server = addr;
    if has("asks-all-at-once") {
        for line in &lines {
            socket.send_to(line.as_bytes(), addr).or_else(|_| socket.send(line.as_bytes()))?;
        }
    }
    let (mut lost, mut answered) = (0, 0);
    for line in &lines {
        if !has("one-socket")
            && !has("believes-anybody")
            && !has("follows-strangers")
            && !has("asks-all-at-once")
        {
            socket = open(addr)?;
        }
        match ask(&socket, &mut server, line)? {
            Some(answer) => {
                answered += 1;
                tell(&answer);
            }
            None => lost += 1,
        }
    }
    if has("never-ends") {
        std::thread::sleep(Duration::from_secs(60));
    }
    let fine = lost == 0 || has("gives-up-well") || (has("one-answer-is-enough") && answered > 0);
    std::process::exit(if fine && !has("ends-badly") { 0 } else { 1 });
}

fn open(addr: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    if !has("believes-anybody") && !has("follows-strangers") {
        socket.connect(addr)?;
    }
    Ok(socket)
}

fn ask(socket: &UdpSocket, server: &mut SocketAddr, line: &str) -> io::Result<Option<String>> {
    let end = if has("sends-the-line-end") { "\n" } else { "" };
    let question = format!("{line}{end}");
    let mut buffer = [0; 65_535];
    let (tries, wait) = match () {
        () if has("asks-once") => (1, WAIT),
        () if has("floods") => (TRIES, Duration::from_millis(1)),
        () if has("impatient") => (30, Duration::from_millis(70)),
        () => (TRIES, WAIT),
    };
    socket.set_read_timeout(Some(wait))?;
    let mut tried = 0;
    while tried < tries || has("never-gives-up") || (has("floods") && tried < 1000) {
        tried += 1;
        if !(has("asks-all-at-once") && tried == 1) {
            let sent = match socket.peer_addr() {
                Ok(_) => socket.send(question.as_bytes()),
                Err(_) => socket.send_to(question.as_bytes(), *server),
            };
            if sent.is_err() {
                continue;
            }
        }
        if let Ok((length, from)) = socket.recv_from(&mut buffer) {
            if has("follows-strangers") {
                *server = from;
            }
            return Ok(Some(String::from_utf8_lossy(&buffer[..length]).into_owned()));
        }
    }
    Ok(None)
}

fn tell(answer: &str) {
    if has("hides-errors") && !answer.starts_with(PREFIX) {
        return;
    }
    if has("shows-on-stderr") || !answer.starts_with(PREFIX) {
        let _ = io::Write::write_all(&mut io::stderr(), format!("{answer}\n").as_bytes());
    } else if has("shows-a-part") {
        println!("{}", answer.trim_start_matches(PREFIX));
    } else {
        println!("{answer}");
    }
}
