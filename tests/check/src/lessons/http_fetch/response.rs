//! An answer of HTTP/1.1, taken apart and judged.

use common::text::Text;

use crate::judge::{Wrong, find};

use super::t;

/// An answer, taken apart.
pub(super) struct Response<'a> {
    pub(super) status: u16,
    /// Where each line of the head begins, its name and its value.
    fields: Vec<(usize, &'a str, &'a str)>,
    pub(super) body: &'a [u8],
    /// Where the body begins.
    pub(super) body_at: usize,
}

impl<'a> Response<'a> {
    /// RFC 9112, sections 2 to 5: a status line, lines of a name, a colon and a value, and an empty
    /// line.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Wrong> {
        if bytes.is_empty() {
            return Err(Wrong::new(0, NO_ANSWER.words()));
        }
        let Some(end) = find(bytes, b"\r\n\r\n") else {
            return Err(Wrong::new(bytes.len(), NO_END.words()));
        };
        let head = bytes.get(..end).unwrap_or_default();
        let head =
            std::str::from_utf8(head).map_err(|e| Wrong::new(e.valid_up_to(), NO_TEXT.words()))?;
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let status = status(first)?;
        let mut fields = Vec::new();
        let mut at = first.len() + 2;
        for line in lines {
            let Some((name, value)) = line.split_once(':') else {
                return Err(Wrong::new(at, NO_COLON.words()));
            };
            if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
                return Err(Wrong::new(at, NO_NAME.words()));
            }
            fields.push((at, name, value.trim()));
            at += line.len() + 2;
        }
        let body_at = end + 4;
        Ok(Response { status, fields, body: bytes.get(body_at..).unwrap_or_default(), body_at })
    }

    pub(super) fn field(&self, name: &str) -> Option<(usize, &'a str)> {
        let field = self.fields.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(name));
        field.map(|(at, _, value)| (*at, *value))
    }

    pub(super) fn is(&self, right: impl Fn(u16) -> bool) -> Result<(), Wrong> {
        if right(self.status) { Ok(()) } else { Err(Wrong::new(9, said(STATUS_IS, self.status))) }
    }

    /// The body is as long as the head says, and the head says it once.
    pub(super) fn is_whole(&self) -> Result<(), Wrong> {
        let Some((at, said_length)) = self.field("Content-Length") else {
            return Ok(());
        };
        let Ok(length) = said_length.parse::<usize>() else {
            return Err(Wrong::new(at, NO_NUMBER.words()));
        };
        if length == self.body.len() {
            return Ok(());
        }
        let wrong = self.body_at + self.body.len().min(length);
        Err(Wrong::new(wrong, said(NOT_SO_LONG, format!("{length} / {}", self.body.len()))))
    }
}

/// The status of an answer, whatever else is wrong with it: each check asks one thing.
pub(super) fn has_status(bytes: &[u8], right: impl Fn(u16) -> bool) -> Result<(), Wrong> {
    if bytes.is_empty() {
        return Err(Wrong::new(0, NO_ANSWER.words()));
    }
    let first = bytes.split(|byte| *byte == b'\r' || *byte == b'\n').next().unwrap_or_default();
    let status = status(&String::from_utf8_lossy(first))?;
    if right(status) { Ok(()) } else { Err(Wrong::new(9, said(STATUS_IS, status))) }
}

/// `HTTP/1.1 200 OK`
fn status(line: &str) -> Result<u16, Wrong> {
    let Some(rest) = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "))
    else {
        return Err(Wrong::new(0, NO_HTTP.words()));
    };
    let digits = rest.split(' ').next().unwrap_or_default();
    match digits.parse() {
        Ok(status) if digits.len() == 3 => Ok(status),
        _ => Err(Wrong::new(9, NO_STATUS.words())),
    }
}

fn said(what: Text, value: impl std::fmt::Display) -> String {
    what.words().replace("{}", &value.to_string())
}

const NO_ANSWER: Text = t("the server closed without an answer", "服务端不回答就关闭了");
const NO_END: Text = t(
    "the head does not end: there is no empty line (CR LF CR LF)",
    "响应头没有结束：没有空行（CR LF CR LF）",
);
const NO_TEXT: Text = t("the head is not text", "响应头不是文本");
const NO_COLON: Text = t(
    "a line of the head has no colon: curl and Node refuse the whole answer",
    "响应头里有一行没有冒号：curl 和 Node 会拒绝整个响应",
);
const NO_NAME: Text = t(
    "a line of the head has no proper name before its colon",
    "响应头里有一行的冒号前没有合适的名字",
);
const STATUS_IS: Text = t("the status is {}", "状态码是 {}");
const NO_NUMBER: Text = t("Content-Length is no number", "Content-Length 不是数");
const NOT_SO_LONG: Text = t(
    "Content-Length and the length of the body differ: {}",
    "Content-Length 与响应体的长度不同：{}",
);
const NO_HTTP: Text = t(
    "the first line does not begin with HTTP/1.1 and a blank",
    "第一行不是以 HTTP/1.1 和空格开头",
);
const NO_STATUS: Text = t("the status is no number of three digits", "状态码不是三位数字");
