//! The interface behind an IPv6 address in a URL (RFC 6874): `lo` of `http://[fe80::1%25lo]/`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stays as it is in a zone: the unreserved characters (RFC 3986 §2.3).
const IN_ZONE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The URL without the zone of its host, and that. People write `%lo` for `%25lo`, and so do other
/// programs. What cannot be a zone stays where it is, for the parser of URLs to refuse.
pub(super) fn taken_out_of(url: &str) -> (String, Option<String>) {
    match split(url) {
        Some((before, zone, after)) => (format!("{before}{after}"), Some(zone)),
        None => (url.to_owned(), None),
    }
}

/// The URL with this zone behind its host, which is an address in brackets.
pub(super) fn put_into(url: &str, zone: &str) -> String {
    match url.split_once(']') {
        Some((before, after)) => {
            format!("{before}%25{}]{after}", utf8_percent_encode(zone, IN_ZONE))
        }
        None => url.to_owned(),
    }
}

fn split(url: &str) -> Option<(&str, String, &str)> {
    let (scheme, host) = url.split_once("//")?;
    // Elsewhere two slashes stand in a path or a query.
    if !(scheme.is_empty() || scheme.ends_with(':')) || scheme.contains(['/', '?', '#']) {
        return None;
    }
    let authority = scheme.len() + 2;
    // Behind the first of these there may be anything.
    let host = host.split(['/', '?', '#', '\\']).next()?;
    let percent = host.find('%').filter(|_| host.starts_with('['))?;
    let (address, rest) = host.split_at_checked(percent)?;
    let (zone, _) = rest.get(1..)?.split_once(']')?;
    let length = authority + address.len();
    let end = length + 1 + zone.len();
    let zone = percent_decode_str(zone.strip_prefix("25").unwrap_or(zone)).decode_utf8().ok()?;
    let is_odd = |letter: char| letter.is_control() || "/\\@?#[]%<>\"'".contains(letter);
    if zone.is_empty() || zone.contains(is_odd) {
        return None;
    }
    Some((url.get(..length)?, zone.into_owned(), url.get(end..)?))
}
