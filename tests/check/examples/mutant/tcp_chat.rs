//! A chat of two: in turns, and both at once.

use std::io::{self, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::tcp::{connect, fail, listen, recv, send_a_part, send_in_two, show, whole};
use crate::{Program, has};

const TURNS: &[(&str, &str)] = &[
    ("listens-elsewhere", "listens"),
    ("in-two-sends", "turns"),
    ("line-end", "turns"),
    ("strips", "turns"),
    ("shows-nothing", "turns"),
    ("keeps-its-word", "server-ends"),
    ("stays-after-its-word", "server-ends"),
    ("ends-at-goodbye", "not-the-word"),
    ("ends-at-a-beginning", "not-the-word"),
    ("speaks-out-of-turn", "waits-for-its-turn"),
    ("sends-the-empty-line", "empty-line"),
    ("dies-of-bytes", "not-text"),
    ("breaks-characters", "in-pieces"),
    ("gone-is-a-message", "gone"),
    ("dies-of-the-gone", "gone"),
    ("dies-of-reset", "reset"),
    ("serves-one-client", "next-client"),
    ("no-reuse", "restart"),
];
const TURNS_CLIENT: &[(&str, &str)] = &[
    ("stays-away", "connects"),
    ("in-two-sends", "turns"),
    ("line-end", "turns"),
    ("strips", "turns"),
    ("shows-nothing", "turns"),
    ("keeps-its-word", "turns"),
    ("ends-badly", "turns"),
    ("deaf-to-the-word", "server-ends"),
    ("ends-at-goodbye", "not-the-word"),
    ("ends-at-a-beginning", "not-the-word"),
    ("speaks-out-of-turn", "waits-for-its-turn"),
    ("sends-the-empty-line", "empty-line"),
    ("dies-of-bytes", "not-text"),
    ("breaks-characters", "in-pieces"),
    ("gone-is-fine", "gone"),
    ("gone-is-a-message", "gone"),
];
const BOTH: &[(&str, &str)] = &[
    ("takes-turns", "both"),
    ("line-end", "both"),
    ("strips", "both"),
    ("shows-nothing", "both"),
    ("sends-the-empty-line", "empty-line"),
    ("breaks-characters", "in-pieces"),
    ("dies-of-bytes", "not-text"),
    ("ends-at-goodbye", "not-the-word"),
    ("ends-at-a-beginning", "not-the-word"),
];

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        suite: "tcp-chat --mode duplex",
        defects: &[
            ("listens-elsewhere", "listens"),
            ("shares-its-lines", "everybody"),
            ("tells-all-clients", "everybody"),
            ("echoes", "everybody"),
            ("deaf-to-the-word", "word"),
            ("keeps-half-closed", "half-close"),
            ("dies-of-the-gone", "gone"),
            ("serves-one-client", "next-client"),
            ("waits-for-one-client", "silent-client"),
            ("waits-for-the-deaf", "does-not-read"),
            ("sends-a-part", "does-not-read"),
            ("dies-of-reset", "reset"),
            ("no-reuse", "restart"),
        ],
        also: BOTH,
        run: |addr, _| duplex_server(addr),
    },
    Program {
        suite: "tcp-chat --client --mode duplex",
        defects: &[
            ("stays-away", "connects"),
            ("keeps-its-word", "word"),
            ("ends-badly", "word"),
            ("stays-after-its-word", "word"),
            ("stays-at-the-end", "end-of-input"),
            ("waits-for-the-gone", "gone"),
        ],
        also: BOTH,
        run: |addr, _| duplex_client(addr),
    },
    Program {
        suite: "tcp-chat --mode turns",
        defects: TURNS,
        also: &[],
        run: |addr, _| turns_server(addr, "bye"),
    },
    Program {
        suite: "tcp-chat --client --mode turns",
        defects: TURNS_CLIENT,
        also: &[],
        run: |addr, _| turns_client(addr, "bye"),
    },
    Program {
        suite: "tcp-chat --bye byebye",
        defects: TURNS,
        also: &[],
        run: |addr, _| turns_server(addr, "byebye"),
    },
    Program {
        suite: "tcp-chat --client --bye byebye",
        defects: TURNS_CLIENT,
        also: &[],
        run: |addr, _| turns_client(addr, "byebye"),
    },
    Program {
        suite: "tcp-chat --bye bye",
        defects: TURNS,
        also: &[],
        run: |addr, _| turns_server(addr, "bye"),
    },
    Program {
        suite: "tcp-chat --client --bye bye",
        defects: TURNS_CLIENT,
        also: &[],
        run: |addr, _| turns_client(addr, "bye"),
    },
];

enum Event {
    Typed(String),
    InputEnds,
    /// From a connection, by its number.
    Came(usize, Vec<u8>),
    Gone(usize, bool),
}

fn keyboard() -> (Sender<Event>, Receiver<Event>) {
    let (sender, events) = channel();
    let typed = sender.clone();
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            let _ = typed.send(Event::Typed(line));
        }
        let _ = typed.send(Event::InputEnds);
    });
    (sender, events)
}

fn hears(mut stream: TcpStream, from: usize, sender: Sender<Event>) {
    thread::spawn(move || {
        loop {
            let event = match recv(&mut stream) {
                Ok(bytes) if bytes.is_empty() => Event::Gone(from, false),
                Ok(bytes) => Event::Came(from, bytes),
                Err(_) => Event::Gone(from, true),
            };
            let last = matches!(event, Event::Gone(..));
            if sender.send(event).is_err() || last {
                return;
            }
        }
    });
}

fn is_word(text: &str, bye: &str) -> bool {
    text == bye
        || (has("ends-at-goodbye") && text.contains(bye))
        || (has("ends-at-a-beginning") && text.starts_with(bye))
}

fn say(stream: &mut TcpStream, line: &str) -> io::Result<()> {
    let line = if has("strips") { line.trim() } else { line };
    if has("in-two-sends") && line.len() > 1 {
        return send_in_two(stream, line.as_bytes());
    }
    let end = if has("line-end") { "\n" } else { "" };
    stream.write_all(format!("{line}{end}").as_bytes())
}

/// What these bytes say, once they are whole characters.
fn text(held: &mut Vec<u8>, came: &[u8]) -> Option<String> {
    held.extend_from_slice(came);
    let length = if has("breaks-characters") { held.len() } else { whole(held) };
    if length == 0 {
        return None;
    }
    let rest = held.split_off(length);
    let bytes = std::mem::replace(held, rest);
    if std::str::from_utf8(&bytes).is_err() && has("dies-of-bytes") {
        std::process::exit(1);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn tell(text: &str) {
    if !has("shows-nothing") {
        show(format!("{text}\n").as_bytes());
    }
}

fn turns_server(addr: SocketAddr, bye: &str) -> io::Result<()> {
    let listener = listen(addr)?;
    let (sender, events) = keyboard();
    let mut early = Vec::new();
    for number in 0.. {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        hears(stream.try_clone()?, number, sender.clone());
        let end = turns((stream, number), &events, &mut early, bye, false);
        if has("serves-one-client") {
            return Ok(());
        }
        let reset = matches!(end, Ok(false));
        if (reset && has("dies-of-reset")) || (end.is_err() && has("dies-of-the-gone")) {
            std::process::exit(1);
        }
    }
    Ok(())
}

/// Whether it ended in good order.
fn turns(
    (mut stream, number): (TcpStream, usize),
    events: &Receiver<Event>,
    early: &mut Vec<String>,
    bye: &str,
    mut own: bool,
) -> io::Result<bool> {
    let mut held = Vec::new();
    loop {
        if (own || has("speaks-out-of-turn")) && !early.is_empty() {
            let line = early.remove(0);
            if is_said(&line) {
                own = false;
                if is_word(&line, bye) {
                    if !has("keeps-its-word") {
                        say(&mut stream, bye)?;
                    }
                    close(&stream);
                    return Ok(true);
                }
                say(&mut stream, &line)?;
            }
            continue;
        }
        match events.recv().map_err(io::Error::other)? {
            Event::Typed(line) => early.push(line),
            Event::InputEnds => {}
            // What an earlier client has sent is not this one's.
            Event::Came(from, _) | Event::Gone(from, _) if from != number => {}
            Event::Came(_, bytes) => {
                let Some(text) = text(&mut held, &bytes) else { continue };
                tell(&text);
                if is_word(&text, bye) && !has("deaf-to-the-word") {
                    close(&stream);
                    return Ok(true);
                }
                own = true;
            }
            Event::Gone(_, reset) if has("gone-is-a-message") && !reset => {
                tell("");
                own = true;
                // And so on: it never looks again.
                while let Ok(event) = events.recv() {
                    if let Event::Typed(line) = event
                        && say(&mut stream, &line).is_err()
                    {
                        thread::sleep(Duration::from_secs(60));
                    }
                }
            }
            Event::Gone(_, reset) => {
                if reset {
                    return Ok(false);
                }
                return Err(fail("the other side has gone"));
            }
        }
    }
}

fn is_said(line: &str) -> bool {
    !line.is_empty() || has("sends-the-empty-line")
}

fn close(stream: &TcpStream) {
    if has("stays-after-its-word") {
        thread::sleep(Duration::from_secs(60));
    }
    let _ = stream.shutdown(Shutdown::Both);
}

fn turns_client(addr: SocketAddr, bye: &str) -> io::Result<()> {
    let stream = connect(addr)?;
    let (sender, events) = keyboard();
    hears(stream.try_clone()?, 0, sender);
    match turns((stream, 0), &events, &mut Vec::new(), bye, true) {
        Err(_) if has("gone-is-fine") => Ok(()),
        Ok(false) => Err(fail("reset")),
        Ok(true) if has("ends-badly") => Err(fail("for no reason")),
        end => end.map(|_| ()),
    }
}

type Clients = Arc<Mutex<Vec<Client>>>;

/// Who is there, and the lines that wait for it.
struct Client {
    stream: TcpStream,
    outbox: SyncSender<String>,
}

impl Client {
    fn new(stream: TcpStream) -> io::Result<Self> {
        let (outbox, waiting) = sync_channel::<String>(20);
        let mut sending = stream.try_clone()?;
        thread::spawn(move || {
            for line in waiting {
                let sent = match has("sends-a-part") {
                    true => send_a_part(&sending, line.as_bytes()),
                    false => say(&mut sending, &line),
                };
                if sent.is_err() {
                    break;
                }
            }
        });
        Ok(Self { stream, outbox })
    }

    /// Who has no room for a line misses it, and who has gone is told of.
    fn tell(&mut self, line: &str) -> io::Result<()> {
        if has("waits-for-the-deaf") || has("dies-of-the-gone") {
            return say(&mut self.stream, line);
        }
        let _ = self.outbox.try_send(line.to_owned());
        Ok(())
    }

    fn is(&self, addr: Option<SocketAddr>) -> bool {
        self.stream.peer_addr().ok() == addr
    }
}

fn duplex_server(addr: SocketAddr) -> io::Result<()> {
    let listener = listen(addr)?;
    let clients = Clients::default();
    let typing = Arc::clone(&clients);
    thread::spawn(move || {
        let mut turn = 0;
        for line in io::stdin().lines().map_while(Result::ok) {
            if line.is_empty() {
                if has("sends-the-empty-line") {
                    // Nothing goes out, and now it waits for the answer.
                    thread::sleep(Duration::from_secs(60));
                }
                continue;
            }
            if has("takes-turns") && turn > 0 {
                thread::sleep(Duration::from_secs(60));
            }
            turn += 1;
            let mut clients = typing.lock().unwrap();
            let count = clients.len();
            for (at, client) in clients.iter_mut().enumerate() {
                if has("shares-its-lines") && at != turn % count {
                    continue;
                }
                if client.tell(&line).is_err() && has("dies-of-the-gone") {
                    std::process::exit(1);
                }
            }
        }
    });
    loop {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        clients.lock().unwrap().push(Client::new(stream.try_clone()?)?);
        let all = Arc::clone(&clients);
        let one = move || hear_one(stream, &all);
        if has("waits-for-one-client") { one() } else { drop(thread::spawn(one)) }
    }
}

fn hear_one(mut stream: TcpStream, clients: &Clients) {
    let own = stream.peer_addr().ok();
    let mut held = Vec::new();
    let end = loop {
        match recv(&mut stream) {
            Ok(bytes) if bytes.is_empty() => {
                if has("keeps-half-closed") {
                    return;
                }
                break Ok(());
            }
            Ok(bytes) => {
                let Some(text) = text(&mut held, &bytes) else { continue };
                tell(&text);
                if has("echoes") {
                    let _ = stream.write_all(text.as_bytes());
                }
                if has("tells-all-clients") {
                    for client in clients.lock().unwrap().iter_mut() {
                        if !client.is(own) {
                            let _ = client.stream.write_all(text.as_bytes());
                        }
                    }
                }
                if is_word(&text, "bye") && !has("deaf-to-the-word") {
                    break Ok(());
                }
            }
            Err(error) => break Err(error),
        }
    };
    if end.is_err() && has("dies-of-reset") {
        std::process::exit(1);
    }
    if has("serves-one-client") {
        std::process::exit(0);
    }
    if !has("dies-of-the-gone") {
        clients.lock().unwrap().retain(|client| !client.is(own) && !client.is(None));
    }
    let _ = stream.shutdown(Shutdown::Both);
}

fn duplex_client(addr: SocketAddr) -> io::Result<()> {
    let mut stream = connect(addr)?;
    let (sender, events) = keyboard();
    hears(stream.try_clone()?, 0, sender);
    let (mut held, mut said) = (Vec::new(), 0);
    loop {
        match events.recv().map_err(io::Error::other)? {
            Event::Typed(line) if line.is_empty() => {
                if has("sends-the-empty-line") {
                    thread::sleep(Duration::from_secs(60));
                }
            }
            Event::Typed(line) => {
                if has("takes-turns") && said > 0 {
                    continue;
                }
                said += 1;
                if is_word(&line, "bye") {
                    if !has("keeps-its-word") {
                        say(&mut stream, &line)?;
                    }
                    break;
                }
                say(&mut stream, &line)?;
            }
            Event::InputEnds if has("stays-at-the-end") => {}
            Event::InputEnds => break,
            Event::Came(_, bytes) => {
                let Some(text) = text(&mut held, &bytes) else { continue };
                tell(&text);
                if is_word(&text, "bye") {
                    break;
                }
            }
            Event::Gone(..) if has("waits-for-the-gone") => {}
            Event::Gone(..) => break,
        }
    }
    close(&stream);
    if has("ends-badly") { Err(fail("for no reason")) } else { Ok(()) }
}
