//! The learner's own program: it is given where `lab web` is started, and never by the page.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

/// What starts it, and in whose place it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) lesson: String,
    /// `server` or `client`.
    pub(crate) side: &'static str,
    /// As it was typed.
    pub(crate) line: String,
    pub(crate) words: Vec<String>,
}

impl Own {
    pub(crate) fn json(&self) -> Value {
        json!({ "lesson": self.lesson, "side": self.side, "command": self.line })
    }

    /// What the process of a session is told of it.
    pub(crate) fn order(&self) -> Value {
        json!({ "lesson": self.lesson, "side": self.side, "line": self.line, "words": self.words })
    }

    /// The same, read back.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let words = value.get("words")?.as_array()?.iter().map(|word| word.as_str());
        Some(Self {
            lesson: text("lesson")?.to_owned(),
            side: if text("side")? == "client" { "client" } else { "server" },
            line: text("line")?.to_owned(),
            words: words.map(|word| word.map(str::to_owned)).collect::<Option<_>>()?,
        })
    }

    /// The command with all places filled in.
    pub(crate) fn filled(&self, addr: SocketAddr, file: &Path) -> Vec<String> {
        let fill = |word: &String| {
            word.replace("{port}", &addr.port().to_string())
                .replace("{host}", &addr.ip().to_string())
                .replace("{addr}", &addr.to_string())
                .replace("{file}", &file.to_string_lossy())
        };
        self.words.iter().map(fill).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ordered_is_read_back_and_its_places_are_filled() {
        let own = Own {
            lesson: "udp-temp".to_owned(),
            side: "client",
            line: "python3 'my client.py' {host} {port}".to_owned(),
            words: ["python3", "my client.py", "{host}", "{port}"].map(str::to_owned).to_vec(),
        };
        assert_eq!(Own::read(&own.order()), Some(own.clone()));
        let filled = own.filled("127.0.0.1:5000".parse().unwrap(), Path::new("f"));
        assert_eq!(filled, ["python3", "my client.py", "127.0.0.1", "5000"]);
        assert_eq!(Own::read(&json!({ "side": "client" })), None);
    }
}
