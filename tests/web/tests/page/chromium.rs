//! Chromium, driven by the protocol of its developer tools: a WebSocket for each tab, JSON in it.

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use harness::{Process, Program, patience};
use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// A browser without a window. Dropped, it ends with all its processes.
pub(crate) struct Chromium {
    _process: Process,
    addr: SocketAddr,
    /// Where the browser as a whole is spoken to.
    path: String,
    _profile: TempDir,
}

/// The browser of all tests that run at a time: to start one takes longer than most of them do.
static SHARED: Mutex<Weak<Chromium>> = Mutex::new(Weak::new());

/// What one user has of a browser: windows of its own, and a memory of its own. Dropped, its tabs
/// are closed.
pub(crate) struct User {
    browser: Arc<Chromium>,
    id: String,
}

/// One tab.
pub(crate) struct Tab {
    socket: WebSocket<TcpStream>,
    last: u64,
    /// What went wrong in the page: exceptions, and what its policy refused.
    pub(crate) complaints: Vec<String>,
    /// What a test does with it, for its failure to say.
    pub(crate) doing: String,
}

impl Chromium {
    /// The one that runs, or a new one, which ends when nobody has it any more.
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let browser = Arc::new(Self::start(None));
            *shared = Arc::downgrade(&browser);
            browser
        })
    }

    /// For it, `localhost` is wherever `localhost` says, if anything.
    pub(crate) fn start(localhost: Option<SocketAddr>) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
        let process = Program::new(browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .args(["--disable-background-timer-throttling", "--disable-renderer-backgrounding"])
            .args(["--disable-backgrounding-occluded-windows", "--hide-scrollbars", "--lang=en"])
            .arg("--remote-debugging-port=0")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(localhost.map(|addr| format!("--host-resolver-rules=MAP localhost {addr}")))
            .arg("about:blank")
            .start();
        const LISTENS: &str = "DevTools listening on ws://";
        let told = |output: &[u8]| {
            let text = String::from_utf8_lossy(output).into_owned();
            text.split(LISTENS).nth(1).is_some_and(|rest| rest.contains('\n'))
        };
        let told = process.wait_stderr_within(told, 3 * patience());
        let told = String::from_utf8_lossy(&told);
        let place = told.split(LISTENS).nth(1).unwrap().lines().next().unwrap();
        let (addr, path) = place.split_once('/').unwrap();
        let (addr, path) = (addr.parse().unwrap(), path.trim().to_owned());
        Self { _process: process, addr, path, _profile: profile }
    }

    fn connect(&self, path: &str) -> Tab {
        let stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(3 * patience())).unwrap();
        let url = format!("ws://{}/{path}", self.addr);
        let (socket, _) = tungstenite::client(url, stream).unwrap();
        Tab { socket, last: 0, complaints: Vec::new(), doing: String::new() }
    }

    fn all(&self) -> Tab {
        self.connect(&self.path)
    }
}

impl User {
    pub(crate) fn new(browser: Arc<Chromium>) -> Self {
        let made = browser.all().call("Target.createBrowserContext", json!({}));
        let id = made["browserContextId"].as_str().unwrap().to_owned();
        Self { browser, id }
    }

    /// A new tab that shows this address, in a window of its own: another tab's window may be
    /// closing with it, and where none is left the browser refuses a tab.
    pub(crate) fn open(&self, url: &str) -> Tab {
        let order = json!({ "url": "about:blank", "browserContextId": self.id, "newWindow": true });
        let made = self.browser.all().call("Target.createTarget", order);
        let path = format!("devtools/page/{}", made["targetId"].as_str().unwrap());
        let mut tab = self.browser.connect(&path);
        for domain in ["Page", "Runtime", "Log"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        // Its window is not the only one, and the focus is in it all the same.
        tab.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        // So high that nothing is out of sight that a test looks for: such rows are no elements.
        tab.window(1280, 2400);
        tab.visit(url);
        tab
    }
}

impl User {
    /// What it saves comes there, for as long as what is returned is kept.
    #[must_use]
    pub(crate) fn saves_to(&self, folder: &Path) -> Tab {
        let order = json!({ "behavior": "allow", "browserContextId": self.id, "downloadPath": folder, "eventsEnabled": true });
        let mut all = self.browser.all();
        all.call("Browser.setDownloadBehavior", order);
        all
    }
}

impl Drop for User {
    fn drop(&mut self) {
        // A test that has failed may have lost its browser.
        let order = json!({ "id": 1, "method": "Target.disposeBrowserContext", "params": { "browserContextId": self.id } });
        let Ok(stream) = TcpStream::connect(self.browser.addr) else { return };
        let _ = stream.set_read_timeout(Some(patience()));
        let url = format!("ws://{}/{}", self.browser.addr, self.browser.path);
        let Ok((mut socket, _)) = tungstenite::client(url, stream) else { return };
        let _ = socket.send(Message::text(order.to_string())).and_then(|()| socket.read());
    }
}

impl Tab {
    /// Calls a method of the protocol.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = self.last;
        let call = json!({ "id": id, "method": method, "params": params });
        self.socket.send(Message::text(call.to_string())).unwrap();
        loop {
            let message = self.socket.read().unwrap();
            let Ok(text) = message.to_text() else { continue };
            if text.is_empty() {
                continue;
            }
            let mut told: Value = serde_json::from_str(text).unwrap();
            if told["id"] == id {
                assert!(told["error"].is_null(), "{method}: {}", told["error"]);
                return told["result"].take();
            }
            self.hear(&told);
        }
    }

    /// Waits until it tells something that is so.
    pub(crate) fn wait_for(&mut self, method: &str, is_it: impl Fn(&Value) -> bool) {
        loop {
            let message = self.socket.read().unwrap();
            let Ok(told) = serde_json::from_slice::<Value>(&message.into_data()) else { continue };
            if told["method"] == method && is_it(&told["params"]) {
                return;
            }
        }
    }

    fn hear(&mut self, told: &Value) {
        let complaint = match told["method"].as_str() {
            Some("Runtime.exceptionThrown") => &told["params"]["exceptionDetails"],
            Some("Log.entryAdded") if told["params"]["entry"]["source"] == "security" => {
                &told["params"]["entry"]["text"]
            }
            _ => return,
        };
        self.complaints.push(complaint.to_string());
    }

    /// What a JavaScript expression comes to.
    #[track_caller]
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let params =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.call("Runtime.evaluate", params);
        assert!(
            answer["exceptionDetails"].is_null(),
            "{expression}: {}",
            answer["exceptionDetails"]
        );
        answer["result"]["value"].take()
    }

    /// Waits until an expression holds.
    #[track_caller]
    pub(crate) fn wait(&mut self, expression: &str) {
        let deadline = Instant::now() + 3 * patience();
        // The page looks by itself, and the answer comes when it is so, or has not been for long.
        let looks = format!(
            "new Promise((tell) => {{ const end = performance.now() + 2000; const look = () => {{ \
             let holds = false; try {{ holds = Boolean({expression}); }} catch {{ /* not yet */ }} \
             if (holds || performance.now() > end) tell(holds); else setTimeout(look, 15); }}; look(); }})"
        );
        while self.eval(&looks) != true {
            if Instant::now() > deadline {
                let text = self.eval("document.body.innerText");
                panic!(
                    "{}: never came true: {expression}\n{}\n{:?}",
                    self.doing,
                    text.as_str().unwrap_or(""),
                    self.complaints
                );
            }
        }
    }

    /// Goes there, and waits until the page has its parts.
    #[track_caller]
    pub(crate) fn visit(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": "about:blank" }));
        self.call("Page.navigate", json!({ "url": url }));
        self.wait("location.href !== 'about:blank' && document.querySelector('#main')?.childElementCount > 0");
    }

    #[track_caller]
    pub(crate) fn reload(&mut self) {
        self.eval("window.isOld = true");
        self.call("Page.reload", json!({}));
        self.wait("!window.isOld && document.querySelector('#main')?.childElementCount > 0");
    }

    /// A real click in the middle of what `selector` finds, once that is there and rests: a row
    /// that comes above it moves it, and the click would hit something else.
    #[track_caller]
    pub(crate) fn click(&mut self, selector: &str) {
        let quoted = Value::from(selector);
        self.wait(&format!(
            "(() => {{ const one = document.querySelector({quoted}); if (!one?.checkVisibility()) return false; \
             one.scrollIntoView({{ block: 'center', behavior: 'instant' }}); const box = one.getBoundingClientRect(); \
             const place = [box.x + box.width / 2, box.y + box.height / 2]; const hit = document.elementFromPoint(...place); \
             const rests = String(place) === String(one.restsAt) && hit !== null && (one.contains(hit) || hit.contains(one)); \
             one.restsAt = place; window.place = place; return rests; }})()"
        ));
        let place = self.eval("window.place");
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let params = json!({ "type": kind, "x": place[0], "y": place[1], "button": button, "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", params);
        }
    }

    /// A key, by its name: `Tab`, `Enter`, `a`, `ArrowDown`.
    pub(crate) fn key(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            " " => 32,
            "PageUp" => 33,
            "PageDown" => 34,
            "End" => 35,
            "Home" => 36,
            "ArrowUp" => 38,
            "ArrowDown" => 40,
            letter => u32::from(letter.to_uppercase().as_bytes()[0]),
        };
        let text = match key {
            "Enter" => "\r",
            letter if letter.chars().count() == 1 => letter,
            _ => "",
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        self.call(
            "Input.dispatchKeyEvent",
            json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code, "text": text }),
        );
        self.call(
            "Input.dispatchKeyEvent",
            json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code }),
        );
    }

    /// Types into what has the focus, as an input method does.
    pub(crate) fn text(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// The size of the window.
    pub(crate) fn window(&mut self, width: u32, height: u32) {
        let params =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", params);
    }

    /// What the system prefers: `light` or `dark`, and whether things may move.
    pub(crate) fn prefers(&mut self, scheme: &str, motion: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// What is seen, as WebP.
    pub(crate) fn screenshot(&mut self) -> Vec<u8> {
        let shot = self.call("Page.captureScreenshot", json!({ "format": "webp", "quality": 90 }));
        STANDARD.decode(shot["data"].as_str().unwrap()).unwrap()
    }

    /// Nothing went wrong in the page, and its policy had nothing to refuse.
    #[track_caller]
    pub(crate) fn assert_content(&mut self) {
        self.eval("1");
        assert!(self.complaints.is_empty(), "{:#?}", self.complaints);
    }
}

/// How long something takes.
pub(crate) fn timed<R>(act: impl FnOnce() -> R) -> (R, Duration) {
    let begin = Instant::now();
    (act(), begin.elapsed())
}
