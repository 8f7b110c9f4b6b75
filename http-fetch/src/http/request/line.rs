//! A line that the user adds to the head of a request (`-H`).

use std::str::FromStr;

use crate::text;

/// A line for the head of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    name: String,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Is(String),
    /// `Name:` takes away what would stand there otherwise, as with curl.
    Removed,
}

/// Why something is no line for the head of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Nothing tells where the name ends.
    #[error("{}", text::line_without_colon())]
    NoColon,
    /// The name is no word.
    #[error("{}", text::line_name())]
    Name,
    /// A control character, which could begin a line of its own.
    #[error("{}", text::line_value())]
    Value,
    /// What says where the request ends, or which part is wanted: two voices would contradict each
    /// other.
    #[error("{}", text::line_of_ours(.0))]
    Ours(String),
}

/// What a user cannot say better than the program.
const OURS: [&str; 4] = ["Content-Length", "Transfer-Encoding", "Range", "If-Range"];

/// What is meant for one server, and goes to no other one that a redirect leads to.
const SECRET: [&str; 4] = ["Authorization", "Cookie", "Host", "Proxy-Authorization"];

impl FromStr for Line {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let (name, value) = match text.split_once(':') {
            Some((name, value)) if value.trim_matches([' ', '\t']).is_empty() => {
                (name, Value::Removed)
            }
            Some((name, value)) => (name, Value::Is(value.trim_matches([' ', '\t']).to_owned())),
            // With a semicolon, as with curl, the line is there and empty.
            None => (text.strip_suffix(';').ok_or(LineError::NoColon)?, Value::Is(String::new())),
        };
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(LineError::Name);
        }
        if matches!(&value, Value::Is(value) if value.contains(|c: char| c.is_control() && c != '\t'))
        {
            return Err(LineError::Value);
        }
        if let Some(ours) = OURS.iter().find(|ours| ours.eq_ignore_ascii_case(name)) {
            return Err(LineError::Ours((*ours).to_owned()));
        }
        Ok(Self { name: name.to_owned(), value })
    }
}

/// The characters of a token (RFC 9110 §5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl Line {
    /// Whether it bears this name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether it is for one server alone.
    pub fn is_secret(&self) -> bool {
        SECRET.iter().any(|name| self.is(name))
    }

    /// As it stands in a head, with its end; nothing if it only takes another one away.
    pub fn to_head(&self) -> String {
        match &self.value {
            Value::Is(value) if value.is_empty() => format!("{}:\r\n", self.name),
            Value::Is(value) => format!("{}: {value}\r\n", self.name),
            Value::Removed => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(text: &str) -> Result<String, LineError> {
        text.parse::<Line>().map(|line| line.to_head())
    }

    #[test]
    fn a_line_is_a_name_and_a_value() {
        for (text, line) in [
            ("Accept: text/html", "Accept: text/html\r\n"),
            ("X-Time:12:30", "X-Time: 12:30\r\n"),
            ("X-Chinese: 你好 ", "X-Chinese: 你好\r\n"),
            ("X-Empty;", "X-Empty:\r\n"),
            ("Host:", ""),
            ("Host: \t", ""),
        ] {
            assert_eq!(head(text).as_deref(), Ok(line), "{text}");
        }
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for (text, error) in [
            ("Accept", LineError::NoColon),
            ("", LineError::NoColon),
            (": x", LineError::Name),
            ("A b: x", LineError::Name),
            ("A : x", LineError::Name),
            ("名: x", LineError::Name),
            ("A\r\nB: x", LineError::Name),
            ("A: x\r\nB: y", LineError::Value),
            ("A: x\0", LineError::Value),
            ("content-length: 5", LineError::Ours("Content-Length".to_owned())),
            ("RANGE: bytes=0-", LineError::Ours("Range".to_owned())),
        ] {
            assert_eq!(head(text), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_adds_two_lines(text in "[ -~\r\n\t\0中:;]*") {
            if let Ok(line) = head(&text) {
                prop_assert!(line.matches('\n').count() <= 1 && line.matches('\r').count() <= 1);
            }
        }
    }
}
