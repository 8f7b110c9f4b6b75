//! Going on with a file of which a part is at hand (RFC 9110, sections 13.1.5 and 14).

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::http::response::framing::number;
use crate::http::response::parse::Head;

/// What a server calls one version of a resource, in the form that `If-Range` takes: bytes with the
/// same validator may be joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validator(String);

/// By how much two clocks may differ without one of them being wrong (RFC 7232, section 2.2.2).
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

impl fmt::Display for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Validator {
    /// The validator in the head of an answer that was received at `received`: a strong entity tag,
    /// or else a date that can stand for one.
    ///
    /// A weak tag (`W/"…"`) says that two versions mean the same, not that they have the same
    /// bytes; and where there is a tag, the date may not stand in for it (RFC 9110, section
    /// 13.1.5). A date counts whole seconds, so the resource could change twice within one: it is
    /// only good if the answer was given at least a second later (section 8.8.2.2). Where the
    /// server does not say when that was, our clock does, which may differ from its own.
    pub fn of(head: &Head, received: SystemTime) -> Option<Self> {
        // Of two tags, or two dates, that differ, neither can be believed.
        if head.values("etag").next().is_some() {
            return entity_tag(head.text("etag")?);
        }
        let modified = head.text("last-modified")?;
        let changed = date(modified)?;
        let (answered, least) = match head.values("date").next() {
            Some(_) => {
                (httpdate::parse_http_date(head.text("date")?).ok()?, Duration::from_secs(1))
            }
            None => (received, CLOCKS_DIFFER),
        };
        let age = answered.duration_since(changed).ok()?;
        (age >= least).then(|| Self(modified.to_owned()))
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        entity_tag(text).or_else(|| date(text).map(|_| Self(text.to_owned())))
    }

    /// Whether the head of a partial answer names this version, or another one, or none.
    fn confirmed_by(&self, head: &Head) -> Claim {
        if self.0.starts_with('"') {
            return Claim::of(head, "etag", |tag| tag == self.0.as_bytes());
        }
        // A tag, where the first answer had none, says nothing about that answer.
        Claim::of(head, "last-modified", |date| is_same_date(&self.0, date))
    }
}

/// What a head says about a thing that the first answer said as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// The same.
    Confirmed,
    /// Nothing: a partial answer may leave it out (RFC 9110, section 15.3.7).
    Silent,
    /// Something else.
    Denied,
}

impl Claim {
    /// Of two lines of one name, neither may say something else.
    fn of(head: &Head, name: &str, is_same: impl Fn(&[u8]) -> bool) -> Self {
        match (head.values(name).count(), head.values(name).all(is_same)) {
            (0, _) => Self::Silent,
            (_, true) => Self::Confirmed,
            (_, false) => Self::Denied,
        }
    }
}

/// Whether both are the same date, in whichever of its three forms.
fn is_same_date(noted: &str, now: &[u8]) -> bool {
    let date = |text| httpdate::parse_http_date(text).ok();
    let Ok(now) = std::str::from_utf8(now) else { return false };
    noted == now || date(noted).is_some_and(|noted| date(now) == Some(noted))
}

/// What the first answer said of its version beside the validator. No later answer about the same
/// version may say otherwise: a server need not heed `If-Range`, and may then send a part of
/// another version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// The `Last-Modified`.
    pub modified: Option<String>,
    /// Length of the whole, in bytes.
    pub total: Option<u64>,
    /// The `Content-Encoding`: of a page and of the same compressed, no parts belong together.
    pub coding: Option<String>,
}

impl Noted {
    /// What this answer says, the body of which has `total` bytes.
    ///
    /// A date that was not past when the answer was given is not noted: a server that must not name
    /// a time to come names that of the answer, another each time (RFC 9110, section 8.8.2.1).
    pub fn of(head: &Head, total: Option<u64>) -> Self {
        let date = |name| head.text(name).and_then(|text| httpdate::parse_http_date(text).ok());
        let is_past = date("last-modified")
            .is_some_and(|modified| date("date").is_none_or(|answered| modified < answered));
        let modified = head.text("last-modified").filter(|_| is_past).map(str::to_owned);
        let coding = head.text("content-encoding").filter(|coding| !is_no_coding(coding));
        Self { modified, total, coding: coding.map(str::to_owned) }
    }

    /// Whether a partial answer says that its bytes are encoded in another way.
    fn coding_of(&self, head: &Head) -> Claim {
        let noted = self.coding.as_deref().unwrap_or("identity").as_bytes();
        Claim::of(head, "content-encoding", |coding| {
            coding.trim_ascii().eq_ignore_ascii_case(noted)
        })
    }
}

fn is_no_coding(coding: &str) -> bool {
    let is_odd = |letter: char| letter.is_control() || !letter.is_ascii();
    coding.is_empty() || coding.eq_ignore_ascii_case("identity") || coding.contains(is_odd)
}

/// A date that may stand in a field of a request: `httpdate` reads over line ends around it.
fn date(text: &str) -> Option<SystemTime> {
    let is_one_line = !text.contains(char::is_control);
    httpdate::parse_http_date(text).ok().filter(|_| is_one_line)
}

fn entity_tag(text: &str) -> Option<Validator> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let allowed = |byte: u8| byte == 0x21 || (0x23..=0x7e).contains(&byte);
    inner.bytes().all(allowed).then(|| Validator(text.to_owned()))
}

/// Where a part at hand came from. Kept in a small file beside it, so that a later run can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The URL as it was asked for, before any redirect: where it redirects to may be new each
    /// time.
    pub url: String,
    /// The version, if the server names one. Without it the part is of no use.
    pub validator: Option<Validator>,
    /// What else was said of that version.
    pub noted: Noted,
}

const MODIFIED: &str = "Last-Modified: ";
const TOTAL: &str = "Content-Length: ";
const CODING: &str = "Content-Encoding: ";

/// A line of the note for a total that only a later answer has told.
pub fn total_line(total: u64) -> String {
    format!("{TOTAL}{total}\n")
}

impl Origin {
    /// The URL, the validator or an empty line, and a line for whatever else is noted.
    pub fn to_text(&self) -> String {
        let validator = self.validator.as_ref().map_or("", |validator| &validator.0);
        let mut text = format!("{}\n{validator}\n", self.url);
        if let Some(modified) = &self.noted.modified {
            text.push_str(&format!("{MODIFIED}{modified}\n"));
        }
        if let Some(total) = self.noted.total {
            text.push_str(&total_line(total));
        }
        if let Some(coding) = &self.noted.coding {
            text.push_str(&format!("{CODING}{coding}\n"));
        }
        text
    }

    /// Reads what [`Origin::to_text`] wrote; nothing if it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (url, validator) = (lines.next()?, lines.next()?);
        if !url.starts_with("http") || url.contains(char::is_whitespace) {
            return None;
        }
        let validator =
            if validator.is_empty() { None } else { Some(Validator::parse(validator)?) };
        let mut noted = Noted::default();
        for line in lines {
            if let Some(modified) = line.strip_prefix(MODIFIED) {
                noted.modified = Some(modified.to_owned());
            } else if let Some(coding) = line.strip_prefix(CODING) {
                noted.coding = Some(coding.to_owned());
            } else {
                noted.total = Some(digits(line.strip_prefix(TOTAL)?)?);
            }
        }
        Some(Self { url: url.to_owned(), validator, noted })
    }
}

/// Asking for the rest of a resource of which the first bytes are at hand (RFC 9110, section 14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// The bytes at hand, which is also the offset of the first byte wanted.
    pub from: u64,
    /// What the server called the version that they are from. With it a server whose version is
    /// another sends the whole of that (`If-Range`, RFC 9110, section 13.1.5); without it nobody
    /// can tell whether the two parts belong together.
    pub validator: Option<Validator>,
    /// What else was said of that version.
    pub noted: Noted,
}

impl Rest {
    /// The length of the whole, if this 206 brings all that follows the bytes at hand, and says
    /// nothing that the first answer has not said.
    pub fn total_of(&self, head: &Head) -> Option<u64> {
        // Without a validator nothing says that the two parts are of one version.
        if self.validator.is_none()
            || self.claims(head).contains(&Claim::Denied)
            || self.noted.coding_of(head) == Claim::Denied
        {
            return None;
        }
        let range = head.text("content-range").and_then(ContentRange::parse)?;
        let ContentRange::Part { first, last, total: Some(total) } = range else { return None };
        let is_rest = first == self.from && last.checked_add(1) == Some(total);
        (is_rest && self.noted.total.is_none_or(|noted| noted == total)).then_some(total)
    }

    /// Whether this 416 says that the bytes at hand are the whole.
    pub fn is_whole_by(&self, head: &Head) -> bool {
        let range = head.text("content-range").and_then(ContentRange::parse);
        if range != Some(ContentRange::Nothing { total: self.from }) {
            return false;
        }
        // Bytes that no note belongs to, a whole file, are judged by their number alone. Those of a
        // part may be as many as the whole of another version has.
        let claims = self.claims(head);
        let is_total = self.noted.total.map(|noted| noted == self.from);
        !claims.contains(&Claim::Denied)
            && is_total.unwrap_or(self.validator.is_none() || claims.contains(&Claim::Confirmed))
    }

    fn claims(&self, head: &Head) -> [Claim; 2] {
        let validator = self.validator.as_ref().map_or(Claim::Silent, |it| it.confirmed_by(head));
        let modified = self.noted.modified.as_ref().map_or(Claim::Silent, |noted| {
            Claim::of(head, "last-modified", |date| is_same_date(noted, date))
        });
        [validator, modified]
    }
}

/// A `Content-Range` in bytes (RFC 9110, section 14.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentRange {
    /// `bytes 5-9/10`, first and last byte both included. `/*` is a total that the server does not
    /// know.
    Part {
        /// Offset of the first byte.
        first: u64,
        /// Offset of the last byte.
        last: u64,
        /// Length of the whole, in bytes.
        total: Option<u64>,
    },
    /// `bytes */10`: there is nothing where the request wanted it.
    Nothing {
        /// Length of the whole, in bytes.
        total: u64,
    },
}

impl ContentRange {
    /// Reads the value of the header line; nothing if it is malformed or makes no sense.
    pub fn parse(value: &str) -> Option<Self> {
        let (unit, range) = value.trim().split_once(' ')?;
        let (part, total) = range.trim().split_once('/')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        if part == "*" {
            return Some(Self::Nothing { total: digits(total)? });
        }
        let total = if total == "*" { None } else { Some(digits(total)?) };
        let (first, last) = part.split_once('-')?;
        let (first, last) = (digits(first)?, digits(last)?);
        (first <= last && total.is_none_or(|total| last < total)).then_some(Self::Part {
            first,
            last,
            total,
        })
    }
}

fn digits(text: &str) -> Option<u64> {
    number(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(status: &str, fields: &str) -> Head {
        Head::parse(format!("HTTP/1.1 {status}\r\n{fields}\r\n").as_bytes()).unwrap()
    }

    fn validator(fields: &str) -> Option<String> {
        let received = httpdate::parse_http_date("Sat, 21 Nov 2026 06:00:00 GMT").unwrap();
        Validator::of(&head("200 OK", fields), received).map(|validator| validator.to_string())
    }

    #[test]
    fn a_strong_tag_names_a_version() {
        assert_eq!(validator("ETag: \"abc-1\"\r\n").as_deref(), Some("\"abc-1\""));
        for useless in ["W/\"abc\"", "abc", "\"a", "\"a\"b\"", "\"a b\"", "", "\"caf\u{e9}\""] {
            assert_eq!(validator(&format!("ETag: {useless}\r\n")), None, "{useless}");
        }
    }

    #[test]
    fn a_date_names_a_version_only_if_it_was_past_when_the_answer_was_given() {
        let modified = "Last-Modified: Sat, 21 Nov 2026 05:47:12 GMT\r\n";
        assert!(validator(modified).is_some());
        assert_eq!(validator("Last-Modified: Sat, 21 Nov 2026 05:59:01 GMT\r\n"), None);
        assert_eq!(validator("Last-Modified: yesterday\r\n"), None);
        assert_eq!(validator(&format!("{modified}Date: Sat, 21 Nov 2026 05:47:12 GMT\r\n")), None);
        let good = validator(&format!("{modified}Date: Sat, 21 Nov 2026 05:47:13 GMT\r\n"));
        assert_eq!(good.as_deref(), Some("Sat, 21 Nov 2026 05:47:12 GMT"));
        for two in [
            format!("ETag: \"a\"\r\nETag: \"b\"\r\n{modified}"),
            format!("ETag: \"a\"\r\nEtag: W/\"a\"\r\n{modified}"),
            format!("{modified}Last-Modified: Sat, 21 Nov 2026 05:00:00 GMT\r\n"),
            format!(
                "{modified}Date: Sat, 21 Nov 2026 05:48:00 GMT\r\nDate: Sat, 21 Nov 2026 05:50:00 GMT\r\n"
            ),
        ] {
            assert_eq!(validator(&two), None, "{two}");
        }
        // A weak tag says that the server itself does not vouch for the bytes.
        assert_eq!(
            validator(&format!(
                "ETag: W/\"a\"\r\n{modified}Date: Sat, 21 Nov 2026 05:47:13 GMT\r\n"
            )),
            None
        );
    }

    #[test]
    fn where_a_part_came_from_is_written_and_read() {
        for text in [
            "http://a/b\n\"v\"\n",
            "http://a/b\nSat, 21 Nov 2026 05:47:12 GMT\n",
            "http://a/b\n\n",
            "http://a/b\n\"v\"\nLast-Modified: Sat, 21 Nov 2026 05:47:12 GMT\nContent-Length: 10\n",
            "http://a/b\n\nContent-Length: 10\n",
            "http://a/b\n\"v\"\nContent-Length: 10\nContent-Encoding: gzip\n",
        ] {
            assert_eq!(Origin::parse(text).unwrap().to_text(), text);
        }
        for text in [
            "",
            "http://a/b",
            "http://a/b\n",
            "x\ny\n",
            "http://a/b\nnonsense\n",
            "http://a/b\n\"v\"\nmore\n",
            "http://a/b\nSat, 21 Nov 2026 05:47:12 GMT\r\n",
            "http://a/b\n\r\nSat, 21 Nov 2026 05:47:12 GMT\n",
            "http://a/b\nSat, 21 Nov 2026 05:47:12 GMT\t\n",
            "http://a b\n\n",
            "http://a/b\n\"v\"\nContent-Length: ten\n",
            "http://a/b\n\"v\"\nContent-Length: \n",
        ] {
            assert_eq!(Origin::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn content_ranges_are_read_strictly() {
        let part = |first, last, total| Some(ContentRange::Part { first, last, total });
        assert_eq!(ContentRange::parse("bytes 5-9/10"), part(5, 9, Some(10)));
        assert_eq!(ContentRange::parse("bytes 5-9/*"), part(5, 9, None));
        assert_eq!(ContentRange::parse("bytes */10"), Some(ContentRange::Nothing { total: 10 }));
        for bad in [
            "",
            "bytes",
            "bytes 5-9",
            "bytes 9-5/10",
            "bytes 5-10/10",
            "items 5-9/10",
            "bytes -5/10",
            "bytes */*",
            "bytes +5-9/10",
        ] {
            assert_eq!(ContentRange::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_upsets_it(text in "\\PC*") {
            let _ = (Validator::parse(&text), Origin::parse(&text), ContentRange::parse(&text));
        }
    }
}
