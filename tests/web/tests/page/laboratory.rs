//! `lab web`, running, and what its user does again and again.

use std::net::SocketAddr;
use std::sync::Arc;

use harness::{Process, Program, programs_folder};

use crate::chromium::{Chromium, Tab, User};
use crate::wire::Wire;

/// The server and a browser.
pub(crate) struct Laboratory {
    /// Closed first, so that no page complains of a server that has gone.
    pub(crate) user: User,
    pub(crate) url: String,
    _server: Process,
}

impl Laboratory {
    pub(crate) fn start(args: &[&str]) -> Self {
        // Before all else: while one test has it, the next need not start another.
        let browser = Chromium::shared();
        let (server, _, url) = serve(args);
        Self { user: User::new(browser), url, _server: server }
    }

    /// With a browser of its own, which comes to the server by a wire, as `localhost`.
    pub(crate) fn behind_a_wire() -> (Self, Wire) {
        let (server, addr, url) = serve(&[]);
        let wire = Wire::to(addr);
        let user = User::new(Arc::new(Chromium::start(Some(wire.addr))));
        (Self { user, url, _server: server }, wire)
    }

    /// The same as [`open`](Self::open), by way of the wire.
    pub(crate) fn open_by_wire(&self, part: &str) -> Tab {
        let url = self.url.replacen("127.0.0.1", "localhost", 1);
        self.user.open(&format!("{url}#{part}"))
    }

    /// A tab that shows this part of the page.
    pub(crate) fn open(&self, part: &str) -> Tab {
        self.user.open(&format!("{}#{part}", self.url))
    }
}

/// Starts the server: itself, where it is, and the URL that it prints.
fn serve(args: &[&str]) -> (Process, SocketAddr, String) {
    let program =
        Program::new(env!("CARGO_BIN_EXE_web")).env("HARNESS_PROGRAMS", programs_folder());
    let server = program.args(["web", "--addr", "127.0.0.1:0"]).args(args).start();
    let whole = |output: &[u8]| {
        output.ends_with(b"\n") && String::from_utf8_lossy(output).contains("token=")
    };
    let said = String::from_utf8(server.wait_stdout(whole)).unwrap();
    let addr = said.lines().next().unwrap().strip_prefix("listening on ").unwrap();
    let url = said.split_whitespace().find(|word| word.contains("token=")).unwrap().to_owned();
    (server, addr.parse().unwrap(), url)
}

/// A row of the ladder whose classes or text are so: an expression for [`Tab::wait`].
pub(crate) fn row(class: &str, text: &str) -> String {
    let text = serde_json::Value::from(text);
    format!(
        "[...document.querySelectorAll('.row{class}')].some((row) => row.textContent.includes({text}))"
    )
}

/// Whether a program has printed this: an expression for [`Tab::wait`].
pub(crate) fn printed(side: &str, text: &str) -> String {
    let text = serde_json::Value::from(text);
    format!(
        "[...document.querySelectorAll('.{side} .output p:not(.typed)')].some((line) => line.textContent.includes({text}))"
    )
}

impl Tab {
    /// Chooses a lesson and starts it.
    #[track_caller]
    pub(crate) fn start(&mut self, lesson: &str) {
        if self.eval("document.querySelector('.setup .first select').value") != lesson {
            self.choose(".setup .first select", lesson);
        }
        self.click(".setup .main");
        self.wait("document.querySelector('.stage')?.checkVisibility()");
    }

    /// Goes to another part of the page by its address, without loading it again.
    #[track_caller]
    pub(crate) fn go(&mut self, part: &str) {
        self.eval(&format!(
            "if (location.hash !== '#{part}') {{ document.querySelector('#main').firstElementChild.isOld = true; \
             location.hash = '{part}'; }}"
        ));
        self.wait("document.querySelector('#main').firstElementChild.isOld === undefined");
    }

    /// Chooses from a list, as a user's choice arrives.
    #[track_caller]
    pub(crate) fn choose(&mut self, selector: &str, value: &str) {
        let (selector, value) = (serde_json::Value::from(selector), serde_json::Value::from(value));
        let done = self.eval(&format!(
            "{{ const list = document.querySelector({selector}); list.value = {value}; \
             list.dispatchEvent(new Event('change', {{ bubbles: true }})); list.value === {value} }}"
        ));
        assert_eq!(done, true, "{value} is one of the choices of {selector}");
    }

    /// Types a line into one of the terminals.
    #[track_caller]
    pub(crate) fn type_line(&mut self, side: &str, line: &str) {
        self.wait(&format!("document.querySelector('.{side} .typing input')?.disabled === false"));
        self.click(&format!(".{side} .typing input"));
        self.text(line);
        self.key("Enter");
    }

    /// All that the session which the page shows has told.
    #[track_caller]
    pub(crate) fn events(&mut self) -> Vec<serde_json::Value> {
        let told = self.ask("GET", "/events.json", "");
        told.as_array().unwrap().clone()
    }

    /// Asks the server something about the session that the page shows, as the page does; what is
    /// answered, or its status where nothing is.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &str) -> serde_json::Value {
        let body = if body.is_empty() { "undefined".to_owned() } else { format!("'{body}'") };
        self.fetch(&format!("/${{location.hash.split('/')[1]}}{path}"), method, &body)
    }

    /// The sessions whose programs run, as the server tells.
    #[track_caller]
    pub(crate) fn running(&mut self) -> Vec<serde_json::Value> {
        let told = self.fetch("", "GET", "undefined");
        let all = told["sessions"].as_array().unwrap();
        all.iter().filter(|one| one["running"] == true).map(|one| one["session"].clone()).collect()
    }

    /// What comes behind `/api/sessions`, and what is sent with it, as JavaScript.
    #[track_caller]
    fn fetch(&mut self, path: &str, method: &str, body: &str) -> serde_json::Value {
        self.eval(&format!(
            "fetch(`/api/sessions{path}`, {{ method: '{method}', body: {body}, headers: \
             {{ 'Content-Type': 'application/json', Authorization: `Bearer ${{new URLSearchParams(location.search).get('token')}}` }} }}) \
             .then((answer) => (answer.status === 204 ? 204 : answer.json()))"
        ))
    }

    /// Types over what stands in a field, and leaves it.
    #[track_caller]
    pub(crate) fn fill(&mut self, selector: &str, text: &str) {
        self.click(selector);
        self.eval("document.activeElement.select()");
        self.text(text);
        self.key("Tab");
    }

    /// Turns a fault of the tap on or off. A switch shows what the server says.
    #[track_caller]
    pub(crate) fn switch(&mut self, fault: &str) {
        let state = format!(
            "document.querySelector('.fault [data-name={fault}]').getAttribute('aria-checked')"
        );
        let before = self.eval(&state);
        self.click(&format!(".fault [data-name={fault}]"));
        self.wait(&format!("{state} !== {before}"));
    }
}
