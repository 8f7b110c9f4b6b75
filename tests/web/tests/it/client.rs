//! A page, as far as the server can tell: it holds the token, asks, and listens.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use harness::{Process, Program, patience, programs_folder};
use serde_json::{Value, json};

/// A server that runs.
pub(crate) struct Web {
    pub(crate) process: Process,
    pub(crate) addr: SocketAddr,
    pub(crate) token: String,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Web {
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::start_of(Path::new(env!("CARGO_BIN_EXE_web")), args)
    }

    /// The server that this program is.
    pub(crate) fn start_of(program: &Path, args: &[&str]) -> Self {
        let program = Program::new(program).arg("web").args(args);
        let process = program.env("HARNESS_PROGRAMS", programs_folder()).start();
        let out = process.wait_stdout("/?token=");
        let out = match out.ends_with(b"\n") {
            true => out,
            false => process.wait_stdout(&b"\n"[..]),
        };
        let out = String::from_utf8(out).unwrap();
        let mut lines = out.lines();
        let addr = lines.next().unwrap().strip_prefix("listening on ").unwrap().parse().unwrap();
        let url = lines.next().unwrap();
        let token = url.strip_prefix(&format!("http://{addr}/?token=")).unwrap().to_owned();
        Self { process, addr, token }
    }

    /// Asks something, with these headers besides `Host`.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let host = self.addr.to_string();
        let own = headers.iter().any(|(name, _)| *name == "host");
        let headers = headers.iter().copied().chain((!own).then_some(("host", host.as_str())));
        let mut stream = send(self.addr, method, path, headers, body);
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(all[..end].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: all[end + 4..].to_vec() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.ask("GET", path, &[("authorization", &bearer)], b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.change("POST", path, body.to_string().as_bytes())
    }

    pub(crate) fn change(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        let (bearer, origin) = (format!("Bearer {}", self.token), format!("http://{}", self.addr));
        let headers = [
            ("authorization", bearer.as_str()),
            ("origin", &origin),
            ("content-type", "application/json"),
        ];
        self.ask(method, path, &headers, body)
    }

    /// Begins a session and listens to it.
    pub(crate) fn begin(&self, order: &Value) -> Tab<'_> {
        let answer = self.post("/api/sessions", order);
        assert_eq!(answer.status, 201, "{answer:?}");
        let id = answer.json()["session"].as_str().unwrap().to_owned();
        self.listen(&id, 0)
    }

    /// A pair of this lesson, whose client has connected, or at least begun.
    pub(crate) fn pair(&self, lesson: &str, options: Value) -> Tab<'_> {
        let mut tab = self.begin(&json!({ "kind": "pair", "lesson": lesson, "options": options }));
        tab.until(|event| event["kind"] == "started" && event["side"] == "client");
        tab
    }

    pub(crate) fn listen(&self, id: &str, after: u64) -> Tab<'_> {
        let path = format!("/api/sessions/{id}/events?token={}", self.token);
        let (host, after_text) = (self.addr.to_string(), after.to_string());
        let headers = [("host", host.as_str()), ("last-event-id", after_text.as_str())];
        let stream = send(self.addr, "GET", &path, headers.into_iter(), b"");
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Tab { web: self, id: id.to_owned(), status, reader, last: after, events: Vec::new() }
    }
}

/// HTTP/1.0, so that the body ends with the connection.
fn send<'a>(
    addr: SocketAddr,
    method: &str,
    path: &str,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    body: &[u8],
) -> TcpStream {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(patience())).unwrap();
    let mut request = format!("{method} {path} HTTP/1.0\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    // Who refuses a body need not read it.
    let _ = stream.write_all(body);
    stream
}

/// A page that shows a session.
pub(crate) struct Tab<'a> {
    pub(crate) web: &'a Web,
    pub(crate) id: String,
    pub(crate) status: u16,
    reader: BufReader<TcpStream>,
    pub(crate) last: u64,
    pub(crate) events: Vec<Value>,
}

impl Tab<'_> {
    /// The next event; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Value> {
        let (mut id, mut data) = (None, None);
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            let line = line.trim_end_matches(['\r', '\n']);
            if let Some(value) = line.strip_prefix("id:") {
                id = Some(value.trim().parse::<u64>().unwrap());
            } else if let Some(value) = line.strip_prefix("data:") {
                data = Some(serde_json::from_str::<Value>(value).unwrap());
            } else if line.is_empty()
                && let Some(data) = data.take()
            {
                let id = id.take().unwrap();
                assert_eq!(id, self.last + 1, "{data}");
                self.last = id;
                self.events.push(data.clone());
                return Some(data);
            }
        }
    }

    /// The first event from here on that is it.
    #[track_caller]
    pub(crate) fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        while let Some(event) = self.next() {
            if is_it(&event) {
                return event;
            }
        }
        panic!("it never came:\n{}", self.all())
    }

    /// All events so far, a line each.
    pub(crate) fn all(&self) -> String {
        self.events.iter().map(|event| format!("{event}\n")).collect()
    }

    #[track_caller]
    pub(crate) fn kind(&mut self, kind: &str) -> Value {
        self.until(|event| event["kind"] == kind)
    }

    /// All events to the end, whose reason is returned.
    pub(crate) fn end(&mut self) -> String {
        let end = self.kind("end");
        assert_eq!(self.next(), None);
        end["reason"].as_str().unwrap().to_owned()
    }

    /// Whether one of those so far is it.
    pub(crate) fn has(&self, is_it: impl Fn(&Value) -> bool) -> bool {
        self.events.iter().any(is_it)
    }

    /// What one side has printed so far.
    pub(crate) fn printed(&self, side: &str) -> String {
        let out =
            self.events.iter().filter(|event| event["kind"] == "out" && event["side"] == side);
        out.map(|event| event["text"].as_str().unwrap()).collect()
    }

    /// Waits until one side has printed this.
    #[track_caller]
    pub(crate) fn until_printed(&mut self, side: &str, wanted: &str) {
        while !self.printed(side).contains(wanted) {
            let printed = self.printed(side);
            assert!(self.next().is_some(), "{wanted:?} is not in {printed:?}");
        }
    }

    #[track_caller]
    pub(crate) fn act(&self, act: &str, body: Value) {
        let answer = self.ask(act, body);
        assert_eq!(answer.status, 204, "{act}: {answer:?}");
    }

    pub(crate) fn ask(&self, act: &str, body: Value) -> Answer {
        self.web.post(&format!("/api/sessions/{}/{act}", self.id), &body)
    }

    #[track_caller]
    pub(crate) fn type_line(&self, side: &str, text: &str) {
        self.act("input", json!({ "side": side, "text": text }));
    }

    /// The event of this number.
    pub(crate) fn event(&self, id: &Value) -> &Value {
        &self.events[usize::try_from(id.as_u64().unwrap()).unwrap() - 1]
    }
}

/// The bytes of an event.
pub(crate) fn data(event: &Value) -> Vec<u8> {
    STANDARD.decode(event["data"].as_str().unwrap()).unwrap()
}

pub(crate) fn is_piece(event: &Value, from: &str, bytes: &[u8]) -> bool {
    event["kind"] == "piece" && event["from"] == from && data(event) == bytes
}
