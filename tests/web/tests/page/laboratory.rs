//! `lab web`, running, and what its user does again and again.

use std::sync::Once;

use harness::{Process, Program, patience};

use crate::chromium::{Chromium, Tab};
use crate::wire::Wire;

/// The server and a browser.
pub(crate) struct Laboratory {
    _server: Process,
    pub(crate) browser: Chromium,
    pub(crate) url: String,
    /// For the browser `localhost` is behind it.
    pub(crate) wire: Wire,
}

/// What the tests of a page start is built before any of them waits for it.
fn build() {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        for pair in harness::pairs::PAIRS {
            harness::binary(pair.server);
        }
    });
}

impl Laboratory {
    pub(crate) fn start(args: &[&str]) -> Self {
        build();
        let program = Program::new(env!("CARGO_BIN_EXE_web"));
        let server = program.args(["web", "--addr", "127.0.0.1:0"]).args(args).start();
        let whole = |output: &[u8]| {
            output.ends_with(b"\n") && String::from_utf8_lossy(output).contains("token=")
        };
        // It looks whether all programs are built before it says where it is.
        let said = String::from_utf8(server.wait_stdout_within(whole, 10 * patience())).unwrap();
        let addr = said.lines().next().unwrap().strip_prefix("listening on ").unwrap();
        let url = said.split_whitespace().find(|word| word.contains("token=")).unwrap().to_owned();
        let wire = Wire::to(addr.parse().unwrap());
        let browser = Chromium::start(Some(wire.addr));
        Self { _server: server, browser, url, wire }
    }

    /// The same as [`open`](Self::open), by way of the wire.
    pub(crate) fn open_by_wire(&self, part: &str) -> Tab {
        let url = self.url.replacen("127.0.0.1", "localhost", 1);
        self.browser.open(&format!("{url}#{part}"))
    }

    /// A tab that shows this part of the page.
    pub(crate) fn open(&self, part: &str) -> Tab {
        self.browser.open(&format!("{}#{part}", self.url))
    }
}

/// A row of the ladder whose classes or text are so: an expression for [`Tab::wait`].
pub(crate) fn row(class: &str, text: &str) -> String {
    let text = serde_json::Value::from(text);
    format!(
        "[...document.querySelectorAll('.row{class}')].some((row) => row.textContent.includes({text}))"
    )
}

/// Whether a terminal shows this: an expression for [`Tab::wait`].
pub(crate) fn printed(side: &str, text: &str) -> String {
    let text = serde_json::Value::from(text);
    format!("document.querySelector('.{side} .output').textContent.includes({text})")
}

impl Tab {
    /// Chooses a lesson and starts it.
    #[track_caller]
    pub(crate) fn start(&mut self, lesson: &str) {
        self.choose(".setup .first select", lesson);
        self.click(".setup .main");
        self.wait("document.querySelector('.stage')?.checkVisibility()");
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

    /// Turns a fault of the tap on or off, and waits until the server says so.
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
