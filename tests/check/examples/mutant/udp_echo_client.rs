//! Clients of datagrams, which ask again and believe one server.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use crate::{Program, has};

const ANY: &[(&str, &str)] = &[
    ("impatient", "-"),
    ("sends-the-line-end", "asks"),
    ("shows-on-stderr", "names"),
    ("ends-badly", "names"),
    ("never-ends", "names"),
    ("says-all-at-once", "one-at-a-time"),
    ("asks-once", "asks-again"),
    ("gives-up-well", "gives-up"),
    ("never-gives-up", "gives-up"),
    ("floods", "gives-up"),
    ("one-answer-is-enough", "lost"),
    ("believes-anybody", "stranger"),
    ("takes-what-comes", "late"),
];

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        suite: "udp-echo --client --dialect greet",
        defects: &[],
        also: ANY,
        run: |addr, _| client(addr, Some(|name| format!("Hello, {name}!"))),
    },
    Program {
        suite: "udp-echo --client --dialect time",
        defects: &[],
        also: ANY,
        run: |addr, _| client(addr, None),
    },
    Program {
        suite: "udp-echo --client --dialect raw",
        defects: &[("cuts-at-1024", "long")],
        also: ANY,
        run: |addr, _| client(addr, Some(str::to_owned)),
    },
];

fn open(addr: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    if !has("believes-anybody") {
        socket.connect(addr)?;
    }
    Ok(socket)
}

fn client(addr: SocketAddr, knows: Option<fn(&str) -> String>) -> io::Result<()> {
    let typed: Vec<String> = io::stdin().lines().collect::<Result<_, _>>()?;
    let names = if typed.is_empty() {
        ["Michael", "Tracy", "Sarah"].map(str::to_owned).into()
    } else {
        typed
    };
    let mut socket = open(addr)?;
    if has("says-all-at-once") {
        for name in &names {
            socket.send(name.as_bytes())?;
        }
    }
    let (mut lost, mut answered) = (0, 0);
    for name in &names {
        // Where an answer does not show whose it is, each question has a socket of its own.
        if knows.is_none() && !has("takes-what-comes") && !has("says-all-at-once") {
            socket = open(addr)?;
        }
        let wanted = knows.filter(|_| !has("takes-what-comes")).map(|answer| answer(name));
        match ask(&socket, addr, name, wanted.as_deref())? {
            Some(answer) if has("shows-on-stderr") => {
                io::Write::write_all(&mut io::stderr(), answer.as_bytes())?;
                answered += 1;
            }
            Some(answer) => {
                println!("{answer}");
                answered += 1;
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

fn ask(
    socket: &UdpSocket,
    addr: SocketAddr,
    name: &str,
    wanted: Option<&str>,
) -> io::Result<Option<String>> {
    let question = if has("sends-the-line-end") { format!("{name}\n") } else { name.to_owned() };
    let wait = match () {
        () if has("floods") => 1,
        () if has("impatient") => 70,
        () => 500,
    };
    let wait = Duration::from_millis(wait);
    let mut buffer = [0; 65_535];
    let most = if has("cuts-at-1024") { 1024 } else { buffer.len() };
    let mut tried = 0;
    let tries = match () {
        () if has("asks-once") => 1,
        () if has("impatient") => 30,
        () => 4,
    };
    while tried < tries || has("never-gives-up") || (has("floods") && tried < 1000) {
        tried += 1;
        if !(has("says-all-at-once") && tried == 1) {
            let _ = socket
                .send_to(question.as_bytes(), addr)
                .or_else(|_| socket.send(question.as_bytes()));
        }
        let deadline = Instant::now() + wait;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left))?;
            let Ok((length, _)) = socket.recv_from(&mut buffer[..most]) else { continue };
            let answer = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let is_it = wanted.is_none_or(|wanted| wanted == answer);
            if is_it || has("believes-anybody") || has("cuts-at-1024") {
                return Ok(Some(answer));
            }
        }
    }
    Ok(None)
}
