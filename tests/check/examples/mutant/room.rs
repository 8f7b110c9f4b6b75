//! A room of members with names.

use std::io::{self, ErrorKind, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::tcp::{SERVER, recv, send_a_part, serve};
use crate::{Program, has};

pub(crate) const PROGRAMS: &[Program] = &[Program {
    suite: "tcp-chat --mode room",
    defects: &[
        ("no-welcome", "welcome"),
        ("not-to-the-speaker", "said"),
        ("not-to-others", "said"),
        ("strips", "said"),
        ("nameless", "said"),
        ("renames-in-silence", "renamed"),
        ("joins-untold", "come-and-go"),
        ("leaves-untold", "come-and-go"),
        ("vanishes-untold", "come-and-go"),
        ("speaker-first", "order"),
        ("line-is-a-recv", "byte-by-byte"),
        ("first-line-only", "three-in-one"),
        ("keeps-returns", "telnet"),
        ("says-empty-lines", "empty-line"),
        ("drops-who-is-no-text", "not-text"),
        ("dies-of-bytes", "not-text"),
        ("says-commands", "slash"),
        ("tells-commands", "slash"),
        ("keeps-both-slashes", "slash"),
        ("no-help", "help"),
        ("helps-all", "help"),
        ("no-quit", "quit"),
        ("says-quit", "quit"),
        ("who-to-all", "who"),
        ("who-says-one", "who"),
        ("who-remembers-all", "who"),
        ("names-for-ever", "who"),
        ("gives-names-twice", "taken"),
        ("guests-by-number", "taken"),
        ("capitals-differ", "capitals"),
        ("widths-differ", "look-alike"),
        ("accents-differ", "look-alike"),
        ("takes-wide-stars", "look-alike"),
        ("takes-colons", "forged"),
        ("takes-blanks", "forged"),
        ("takes-stars", "forged"),
        ("takes-no-name-at-all", "forged"),
        ("takes-the-invisible", "invisible"),
        ("takes-high-controls", "invisible"),
        ("takes-marks", "invisible"),
        ("sends-controls", "control"),
        ("sends-deletes", "control"),
        ("sends-high-controls", "control"),
        ("ends-lines-as-python", "control"),
        ("cuts-long-lines", "long"),
        ("says-long-lines", "long"),
        ("drops-for-long-lines", "long"),
        ("web-pages-speak", "web-page"),
        ("gets-speak", "web-page"),
        ("waits-for-the-deaf", "does-not-read"),
        ("sends-a-part", "does-not-read"),
    ],
    also: SERVER,
    run: |addr, _| serve(addr, member),
}];

const LONGEST: usize = 4096;

struct Member {
    id: usize,
    name: String,
    outbox: SyncSender<Vec<u8>>,
}

struct Room {
    members: Vec<Member>,
    joined: usize,
    guests: usize,
    ever: Vec<String>,
}

static ROOM: Mutex<Room> =
    Mutex::new(Room { members: Vec::new(), joined: 0, guests: 1, ever: Vec::new() });

fn room() -> MutexGuard<'static, Room> {
    ROOM.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Room {
    fn tell(&mut self, line: &str, but: Option<usize>) {
        let bytes = format!("{line}\n").into_bytes();
        self.members.retain(|member| Some(member.id) == but || put(&member.outbox, bytes.clone()));
    }

    fn answer(&mut self, id: usize, line: &str) {
        let bytes = format!("{line}\n").into_bytes();
        self.members.retain(|member| member.id != id || put(&member.outbox, bytes.clone()));
    }

    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }

    fn name(&self, id: usize) -> String {
        self.members
            .iter()
            .find(|member| member.id == id)
            .map(|member| member.name.clone())
            .unwrap_or_default()
    }
}

fn put(outbox: &SyncSender<Vec<u8>>, bytes: Vec<u8>) -> bool {
    if has("waits-for-the-deaf") {
        outbox.send(bytes).is_ok()
    } else {
        outbox.try_send(bytes).is_ok()
    }
}

fn member(mut stream: TcpStream) -> io::Result<()> {
    let (outbox, waiting) =
        sync_channel::<Vec<u8>>(if has("waits-for-the-deaf") { 100 } else { 20_000 });
    let mut sending = stream.try_clone()?;
    thread::spawn(move || {
        for line in waiting {
            let sent = match has("sends-a-part") {
                true => send_a_part(&sending, &line),
                false => sending.write_all(&line),
            };
            if sent.is_err() {
                break;
            }
        }
        let _ = sending.shutdown(Shutdown::Both);
    });
    let id = {
        let mut room = room();
        room.joined += 1;
        let id = room.joined;
        while !has("guests-by-number") && room.has(&format!("guest-{}", room.guests)) {
            room.guests += 1;
        }
        let name = format!("guest-{}", room.guests);
        room.guests += 1;
        room.ever.push(name.clone());
        room.members.push(Member { id, name: name.clone(), outbox });
        if !has("no-welcome") {
            room.answer(id, &format!("* you are {name}; /help lists the commands"));
        }
        if !has("joins-untold") {
            room.tell(
                &format!("* {name} has joined"),
                if has("no-welcome") { Some(id) } else { None },
            );
        }
        id
    };
    let end = hear(&mut stream, id);
    let mut room = room();
    let name = room.name(id);
    room.members.retain(|member| member.id != id);
    let untold = has("leaves-untold") || (has("vanishes-untold") && end.is_err());
    if !untold {
        room.tell(&format!("* {name} has left"), None);
    }
    end
}

fn hear(stream: &mut TcpStream, id: usize) -> io::Result<()> {
    let (mut held, mut first, mut skips) = (Vec::new(), true, false);
    loop {
        let came = recv(stream)?;
        if came.is_empty() {
            return Ok(());
        }
        held.extend(came);
        if has("line-is-a-recv") && !held.ends_with(b"\n") {
            held.push(b'\n');
        }
        while let Some(end) = held.iter().position(|&byte| byte == b'\n') {
            let mut line: Vec<u8> = held.drain(..=end).collect();
            line.pop();
            if line.ends_with(b"\r") && !has("keeps-returns") {
                line.pop();
            }
            let is_http = std::mem::take(&mut first) && line.ends_with(b"HTTP/1.1");
            let speaks = has("gets-speak") && line.starts_with(b"GET");
            if is_http && !speaks && !has("web-pages-speak") {
                return Ok(());
            }
            if std::mem::take(&mut skips) {
                continue;
            }
            if line.len() > LONGEST {
                if has("drops-for-long-lines") {
                    return Ok(());
                }
                if has("cuts-long-lines") {
                    line.truncate(LONGEST);
                } else if !has("says-long-lines") {
                    continue;
                }
            }
            if !take(&line, id)? {
                return Ok(());
            }
            if has("first-line-only") {
                held.clear();
            }
        }
        if held.len() > LONGEST && !has("cuts-long-lines") && !has("says-long-lines") {
            held.clear();
            skips = true;
        }
    }
}

/// Whether it stays.
fn take(line: &[u8], id: usize) -> io::Result<bool> {
    let text = match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) if has("dies-of-bytes") => std::process::exit(1),
        Err(_) if has("drops-who-is-no-text") => return Err(ErrorKind::InvalidData.into()),
        Err(_) => String::from_utf8_lossy(line).into_owned(),
    };
    let mut room = room();
    let name = room.name(id);
    if text.is_empty() && !has("says-empty-lines") {
        return Ok(true);
    }
    if let Some(command) = text.strip_prefix('/')
        && (!command.starts_with('/') || has("keeps-both-slashes"))
    {
        let (command, rest) = command.split_once(' ').unwrap_or((command, ""));
        match command {
            "nick" => rename(&mut room, id, &name, rest),
            "who" => who(&mut room, id),
            "help" if has("no-help") => {}
            "help" if has("helps-all") => room.tell("* /nick /who /help /quit", None),
            "help" => room.answer(id, "* /nick /who /help /quit"),
            "quit" if has("no-quit") => {}
            "quit" => {
                if has("says-quit") {
                    room.tell(&format!("{name}: /quit"), None);
                }
                return Ok(false);
            }
            "dance" if has("says-commands") => room.tell(&format!("{name}: {text}"), None),
            _ if has("tells-commands") => room.tell(&format!("* {name} says {text}"), None),
            _ if has("keeps-both-slashes") => room.tell(&format!("{name}: {text}"), None),
            _ => room.answer(id, "* unknown command; /help lists them"),
        }
        return Ok(true);
    }
    let text = text.strip_prefix('/').unwrap_or(&text);
    let text = if has("strips") { text.trim() } else { text };
    let ends = |c| has("ends-lines-as-python") && "\u{b}\u{1c}\u{85}\u{2028}".contains(c);
    for text in text.split(ends) {
        let text = if has("sends-controls") { text.to_owned() } else { escaped(text) };
        let line = if has("nameless") { text } else { format!("{name}: {text}") };
        say(&mut room, id, &line);
    }
    Ok(true)
}

fn say(room: &mut Room, id: usize, line: &str) {
    if has("not-to-others") {
        return room.answer(id, line);
    }
    if has("speaker-first") {
        // The others have it a moment later, as it happens without a lock.
        room.answer(id, line);
        let line = line.to_owned();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            self::room().tell(&line, Some(id));
        });
        return;
    }
    room.tell(line, if has("not-to-the-speaker") { Some(id) } else { None });
}

fn escaped(text: &str) -> String {
    let stays = |c: char| {
        !c.is_control()
            || (has("sends-deletes") && c == '\u{7f}')
            || (has("sends-high-controls") && !c.is_ascii())
    };
    text.chars()
        .map(|c| if stays(c) { c.to_string() } else { c.escape_default().to_string() })
        .collect()
}

fn rename(room: &mut Room, id: usize, name: &str, new: &str) {
    let same = |known: &str| {
        if has("capitals-differ") {
            known == new
        } else {
            plain(known).to_lowercase() == plain(new).to_lowercase()
        }
    };
    let is_taken = room.members.iter().any(|member| member.id != id && same(&member.name))
        || (has("names-for-ever") && room.ever.iter().any(|known| same(known)));
    let seen = |c: char| match c {
        '\u{feff}' | '\u{2060}' => has("takes-marks"),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => false,
        '\u{80}'..='\u{9f}' => has("takes-high-controls"),
        c => !c.is_control(),
    };
    let refused = (new.trim().is_empty() && !has("takes-no-name-at-all"))
        || (new.contains(' ') && !has("takes-blanks") && !has("takes-no-name-at-all"))
        || (new.contains(':') && !has("takes-colons"))
        || (new.starts_with('*') && !has("takes-stars"))
        || (new.starts_with('＊') && !has("takes-wide-stars"))
        || (!new.chars().all(seen) && !has("takes-the-invisible"))
        || (is_taken && !has("gives-names-twice"));
    if refused {
        return room.answer(id, "* that is no name for you");
    }
    for member in &mut room.members {
        if member.id == id {
            member.name = new.to_owned();
        }
    }
    room.ever.push(new.to_owned());
    let line = format!("* {name} is now {new}");
    if has("renames-in-silence") { room.answer(id, &line) } else { room.tell(&line, None) }
}

/// The name without what is hardly seen: the width of its letters, and their accents.
fn plain(name: &str) -> String {
    name.chars()
        .filter_map(|c| match c {
            '\u{300}'..='\u{36f}' if !has("accents-differ") => None,
            'é' if !has("accents-differ") => Some('e'),
            '！'..='～' if !has("widths-differ") => char::from_u32(u32::from(c) - 0xfee0),
            c => Some(c),
        })
        .collect()
}

fn who(room: &mut Room, id: usize) {
    let mut names: Vec<String> = room.members.iter().map(|member| member.name.clone()).collect();
    if has("who-remembers-all") {
        names = room.ever.clone();
    }
    if has("who-says-one") {
        names.truncate(1);
    }
    let line = format!("* here: {}", names.join(" "));
    if has("who-to-all") { room.tell(&line, None) } else { room.answer(id, &line) }
}
