//! Fuzz targets: see "Fuzzing" in tests/README.md.

use std::ops::Range;

use harness::cuts;
use http_fetch::http::body::{Body, BodyError, Framing};
use http_fetch::http::conditional::{Precondition, Validators, judge};
use http_fetch::http::date::Date;
use http_fetch::http::range::{Wanted, wanted};
use http_fetch::http::request::head_end::Scanner;
use http_fetch::http::request::parse::parse;
use http_fetch::http::request::types::{Fields, MAX_HEAD, Refusal};
use http_fetch::http::request::write;
use http_fetch::http::response::parse::{Head, HeadError, HeadReader};
use http_fetch::http::response::write as answer;
use http_fetch::http::resume::{ContentRange, Origin};
use http_fetch::http::status::Status;
use http_fetch::http::url::{HttpUrl, Trail};

/// Random inputs of a run of `cargo test`, beside the corpus.
const RANDOM: usize = 200;

/// Where the head of a request is, found while the stream grows by these pieces.
fn found(pieces: &[&[u8]]) -> Result<Option<Range<usize>>, Refusal> {
    let mut scanner = Scanner::default();
    let mut received = Vec::new();
    for piece in pieces {
        received.extend_from_slice(piece);
        if let Some(head) = scanner.scan(&received)? {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

#[test]
fn request_heads() {
    bolero::check!(name = "request_heads").with_iterations(RANDOM).for_each(|stream: &[u8]| {
        let at_once = found(&[stream]);
        for pieces in cuts(stream) {
            assert_eq!(found(&pieces), at_once);
        }
        let Ok(Some(range)) = at_once else { return };
        let head = &stream[range.clone()];
        assert!(head.len() <= MAX_HEAD && (head.ends_with(b"\r\n\r\n") || head.ends_with(b"\n\n")));
        assert_eq!(
            found(&[&stream[..range.end]]),
            Ok(Some(range)),
            "what follows a head does not change it"
        );
        let Ok(request) = parse(head) else { return };
        // What was understood is written down, and read back.
        let lines = [
            Some([&b"Host: a"[..], b""]),
            request.fields.range.map(|value| [&b"Range:"[..], value]),
            request.fields.if_range.map(|value| [&b"If-Range:"[..], value]),
            request.fields.if_match.map(|value| [&b"If-Match:"[..], value]),
            request.fields.if_none_match.map(|value| [&b"If-None-Match:"[..], value]),
            request.fields.if_modified_since.map(|value| [&b"If-Modified-Since:"[..], value]),
            request.fields.if_unmodified_since.map(|value| [&b"If-Unmodified-Since:"[..], value]),
            request.fields.referer.map(|value| [&b"Referer:"[..], value]),
            request.fields.user_agent.map(|value| [&b"User-Agent:"[..], value]),
        ];
        let fields: Vec<u8> = lines
            .into_iter()
            .flatten()
            .flat_map(|[name, value]| [name, value, b"\r\n"].concat())
            .collect();
        let again = [request.line, b"\r\n", &fields, b"\r\n"].concat();
        let again = parse(&again).unwrap();
        assert_eq!(
            (again.method, again.path, again.query),
            (request.method, request.path, request.query)
        );
        assert_eq!((again.version, again.fields), (request.version, request.fields));
    });
}

/// The head of an answer in these pieces, and how many bytes it took; or the kind of error, since
/// its words quote no more than what had come.
fn answered(pieces: &[&[u8]]) -> Result<Option<(Head, usize)>, String> {
    let mut reader = HeadReader::new();
    let mut before = 0;
    for piece in pieces {
        match reader.push(piece) {
            Ok(None) => before += piece.len(),
            Ok(Some((head, used))) => return Ok(Some((head, before + used))),
            Err(error) => return Err(kind(&error)),
        }
    }
    match reader.end_of_stream() {
        error @ (HeadError::NotHttp(_) | HeadError::Tls) => Err(kind(&error)),
        _ => Ok(None),
    }
}

fn kind(error: &HeadError) -> String {
    match error {
        HeadError::NotHttp(_) => "not HTTP".to_owned(),
        other => other.to_string(),
    }
}

#[test]
fn response_heads() {
    bolero::check!(name = "response_heads").with_iterations(RANDOM).for_each(|stream: &[u8]| {
        let at_once = answered(&[stream]);
        for pieces in cuts(stream) {
            assert_eq!(answered(&pieces), at_once);
        }
        let Ok(Some((head, used))) = at_once else { return };
        assert_eq!(head.raw(), &stream[..used]);
        assert!(head.lines().map(<[u8]>::len).sum::<usize>() <= used);
        // Who frames the body gets a number that stands there, and never two.
        if let Ok(Framing::Length(length)) = head.framing()
            && !matches!(head.status(), 100..200 | 204 | 304)
        {
            let digits = length.to_string();
            assert!(head.raw().windows(digits.len()).any(|window| window == digits.as_bytes()));
        }
    });
}

#[test]
fn written_answers() {
    bolero::check!(name = "written_answers").with_iterations(RANDOM).for_each(|value: &[u8]| {
        let value = String::from_utf8_lossy(value);
        let mut bytes = Vec::new();
        answer::Head::begin(
            &mut bytes,
            Status::OK,
            &Date::at(784_111_777),
            answer::Persistence::Closes,
        )
        .field("X-Value", &value)
        .content_length(5)
        .end();
        let end = bytes.len();
        bytes.extend_from_slice(b"hello");
        if end > 60_000 {
            return;
        }
        let (head, used) = HeadReader::new().push(&bytes).unwrap().unwrap();
        assert_eq!(
            (used, head.framing()),
            (end, Ok(Framing::Length(5))),
            "nobody begins a line of their own"
        );
        let kept: String = value.chars().filter(|letter| !letter.is_ascii_control()).collect();
        assert_eq!(head.value("x-value").unwrap().trim_ascii(), kept.as_bytes().trim_ascii());
    });
}

/// The payload in these pieces, whether the body is whole, and how many bytes were part of it.
fn fed(framing: Framing, pieces: &[&[u8]]) -> Result<(Vec<u8>, bool, usize), BodyError> {
    let mut body = Body::new(framing);
    let (mut payload, mut used, mut calls) = (Vec::new(), 0, 0);
    for piece in pieces {
        let mut rest = *piece;
        calls += 1;
        while let Some(data) = body.next(&mut rest)? {
            payload.extend_from_slice(data);
            calls += 1;
        }
        used += piece.len() - rest.len();
    }
    assert!(calls <= pieces.len() + payload.len(), "each call takes something off the stream");
    assert_eq!(body.received(), payload.len() as u64);
    assert_eq!(body.end_of_stream().is_ok(), body.is_complete() || framing == Framing::UntilClose);
    Ok((payload, body.is_complete(), used))
}

#[test]
fn chunks() {
    bolero::check!(name = "chunks").with_iterations(RANDOM).for_each(|stream: &[u8]| {
        for framing in [Framing::Chunked, Framing::Length(7), Framing::UntilClose] {
            let at_once = fed(framing, &[stream]);
            for pieces in cuts(stream) {
                assert_eq!(fed(framing, &pieces), at_once);
            }
            if let Ok((_, true, used)) = at_once {
                assert_eq!(
                    fed(framing, &[&stream[..used]]),
                    at_once,
                    "what follows a body does not change it"
                );
            }
        }
        // What is written in chunks is read back, wherever they end.
        for pieces in cuts(stream) {
            let mut wire = Vec::new();
            for piece in &pieces {
                wire.extend(format!("{:x}\r\n", piece.len()).into_bytes());
                wire.extend_from_slice(piece);
                wire.extend_from_slice(b"\r\n");
            }
            wire.extend_from_slice(b"0\r\n\r\n");
            let read = fed(Framing::Chunked, &[&wire, b"rest"]);
            assert_eq!(read, Ok((stream.to_vec(), true, wire.len())));
        }
    });
}

/// What our client sends for a URL, our server understands, and as the same.
fn check_request(url: &HttpUrl) {
    let request = write::get(url, None);
    assert_eq!(found(&[&request]), Ok(Some(0..request.len())), "{url}");
    let parsed = parse(&request).unwrap_or_else(|refusal| panic!("{url}: {refusal}"));
    let asked =
        [parsed.path, parsed.query.map_or(&b""[..], |_| b"?"), parsed.query.unwrap_or_default()]
            .concat();
    assert_eq!(asked, url.path_and_query().into_bytes());
}

fn check_file_name(url: &HttpUrl) {
    let name = url.file_name();
    let odd = |letter: char| letter.is_control() || matches!(letter, '/' | '\\' | '\0');
    assert!(
        !name.is_empty() && !name.contains(odd) && !name.starts_with(['.', '-']),
        "{url}: {name:?}"
    );
}

#[test]
fn urls() {
    bolero::check!(name = "urls").with_iterations(RANDOM).for_each(|typed: &[u8]| {
        let typed = String::from_utf8_lossy(typed);
        match typed.parse::<HttpUrl>() {
            Ok(url) => {
                assert_eq!(
                    url.to_string().parse::<HttpUrl>().unwrap(),
                    url,
                    "what is shown can be typed"
                );
                assert!(!url.host().is_empty());
                check_request(&url);
                check_file_name(&url);
            }
            Err(error) => {
                let words = error.to_string();
                assert!(!words.contains(char::is_control), "{words:?}");
            }
        }
    });
}

#[test]
fn redirects() {
    bolero::check!(name = "redirects").with_iterations(RANDOM).for_each(|location: &[u8]| {
        for start in ["http://a/start?x", "https://a:81/b/c"] {
            let from: HttpUrl = start.parse().unwrap();
            match Trail::new(5).follow(from.clone(), Some(location)) {
                Ok(to) => {
                    assert!(to != from && (to.is_https() || !from.is_https()));
                    check_request(&to);
                    check_file_name(&to);
                }
                Err(error) => {
                    let words = error.to_string();
                    assert!(!words.contains(char::is_control), "{words:?}");
                }
            }
        }
    });
}

/// A number of any size: its digits without zeros before them.
fn digits(text: &[u8]) -> Option<&[u8]> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let zeros = text.iter().take_while(|digit| **digit == b'0').count();
    Some(&text[zeros..])
}

fn is_less(one: &[u8], other: &[u8]) -> bool {
    (one.len(), one) < (other.len(), other)
}

/// RFC 9110, section 14.1.2, for numbers of any size.
fn part(range: &[u8], length: u64) -> Wanted {
    let Some((unit, set)) = range.split_at_checked(6) else { return Wanted::Whole };
    let set = set.trim_ascii();
    let Some(hyphen) = set.iter().position(|byte| *byte == b'-') else { return Wanted::Whole };
    let (first, last) = (&set[..hyphen], &set[hyphen + 1..]);
    if !unit.eq_ignore_ascii_case(b"bytes=") || (!last.is_empty() && digits(last).is_none()) {
        return Wanted::Whole;
    }
    // No file is longer than a u64 says, so that a number which is none is beyond its end.
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u64, |n, d| n.checked_mul(10)?.checked_add(u64::from(d - b'0')))
    };
    match (digits(first), digits(last)) {
        (None, Some(count)) if first.is_empty() => match number(count) {
            Some(0) => Wanted::Nothing,
            _ if length == 0 => Wanted::Whole,
            count => Wanted::Part(length.saturating_sub(count.unwrap_or(u64::MAX))..=length - 1),
        },
        (Some(first), Some(last)) if is_less(last, first) => Wanted::Whole,
        (Some(first), last) => match number(first) {
            Some(first) if first < length => {
                let last = last.and_then(number).unwrap_or(u64::MAX);
                Wanted::Part(first..=last.min(length - 1))
            }
            _ => Wanted::Nothing,
        },
        _ => Wanted::Whole,
    }
}

#[test]
fn ranges() {
    bolero::check!(name = "ranges").with_iterations(RANDOM).with_max_len(80).for_each(
        |bytes: &[u8]| {
            let Some((length, range)) = bytes.split_first_chunk::<2>() else { return };
            // Short files, long ones, and the longest.
            let length = match u64::from(u16::from_be_bytes(*length)) {
                length @ 0..0x8000 => length,
                length => u64::MAX >> (length % 64),
            };
            assert_eq!(
                wanted(Some(range), length),
                part(range, length),
                "{} of {length}",
                range.escape_ascii()
            );
            let set = [b"bytes=", range].concat();
            assert_eq!(
                wanted(Some(&set), length),
                part(&set, length),
                "{} of {length}",
                set.escape_ascii()
            );
        },
    );
}

#[test]
fn content_ranges() {
    bolero::check!(name = "content_ranges").with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let Some(range) = ContentRange::parse(&text) else { return };
        let written = match range {
            ContentRange::Part { first, last, total } => {
                assert!(first <= last && total.is_none_or(|total| last < total));
                format!(
                    "bytes {first}-{last}/{}",
                    total.map_or("*".to_owned(), |total| total.to_string())
                )
            }
            ContentRange::Nothing { total } => format!("bytes */{total}"),
        };
        assert_eq!(ContentRange::parse(&written), Some(range));
    });
}

/// The members of a list of entity tags before the first that is none, each with whether it is
/// weak (RFC 9110, section 8.8.3).
fn tags(list: &[u8]) -> Vec<(bool, Vec<u8>)> {
    let mut tags = Vec::new();
    let mut rest = Some(list);
    while let Some(list) = rest {
        let mut quoted = list.trim_ascii_start().splitn(3, |byte| *byte == b'"');
        let (Some(before), Some(tag), Some(after)) = (quoted.next(), quoted.next(), quoted.next())
        else {
            break;
        };
        match before {
            b"" => tags.push((false, tag.to_vec())),
            b"W/" => tags.push((true, tag.to_vec())),
            _ => break,
        }
        rest = after.trim_ascii_start().strip_prefix(b",");
    }
    tags
}

#[test]
fn conditions() {
    bolero::check!(name = "conditions").with_iterations(RANDOM).for_each(|value: &[u8]| {
        let now =
            Validators { etag: "\"a,b\"".to_owned(), modified: 784_111_777, is_true_date: true };
        let listed = |weak: bool| {
            value == b"*"
                || tags(value).iter().any(|(is_weak, tag)| tag == b"a,b" && (weak || !is_weak))
        };
        let not_again = judge(&Fields { if_none_match: Some(value), ..Fields::default() }, &now);
        assert_eq!(
            not_again == Precondition::NotModified,
            listed(true),
            "{}",
            value.escape_ascii()
        );
        let only_this = judge(&Fields { if_match: Some(value), ..Fields::default() }, &now);
        assert_eq!(only_this == Precondition::Holds, listed(false), "{}", value.escape_ascii());
        // A date that is none asks nothing.
        let date =
            std::str::from_utf8(value).ok().and_then(|date| httpdate::parse_http_date(date).ok());
        if date.is_none() {
            let fields = Fields {
                if_modified_since: Some(value),
                if_unmodified_since: Some(value),
                ..Fields::default()
            };
            assert_eq!(judge(&fields, &now), Precondition::Holds);
        }
    });
}

#[test]
fn notes() {
    bolero::check!(name = "notes").with_iterations(RANDOM).for_each(|note: &[u8]| {
        let note = String::from_utf8_lossy(note);
        let Some(origin) = Origin::parse(&note) else { return };
        assert_eq!(
            Origin::parse(&origin.to_text()).as_ref(),
            Some(&origin),
            "what is written is what was read"
        );
        if let Some(validator) = origin.validator {
            // It goes into a request, as a field of one line.
            assert!(!validator.to_string().contains(char::is_control), "{note:?}");
        }
    });
}
