//! What is asked for: the second word of a request line.

use std::net::Ipv6Addr;

use super::types::Refusal;
use crate::text;

/// The path and the query of a target in any of its four forms (RFC 9112 §3.2).
pub(super) fn split<'h>(
    target: &'h [u8],
    method: &[u8],
) -> Result<(&'h [u8], Option<&'h [u8]>), Refusal> {
    // Bytes above 127 belong in percent-encoding, but `curl http://localhost:8080/中文` sends them as
    // they are.
    if target.iter().any(|&byte| byte <= b' ' || byte == 0x7f || byte == b'#') {
        return Err(Refusal::bad(text::NOT_A_PATH));
    }
    if method == b"CONNECT" {
        return if is_authority(target) {
            Ok((target, None))
        } else {
            Err(Refusal::bad(text::NO_HOST))
        };
    }
    if method == b"OPTIONS" && target == b"*" {
        return Ok((target, None));
    }
    let path_and_query = if target.starts_with(b"/") { target } else { after_authority(target)? };
    let mut parts = path_and_query.splitn(2, |&byte| byte == b'?');
    let path = parts.next().filter(|path| !path.is_empty()).unwrap_or(b"/");
    Ok((path, parts.next()))
}

/// What follows `http://localhost:8080` in a target that is a whole URL, as clients send it to a
/// proxy and as every server must understand (RFC 9112 §3.2.2).
fn after_authority(target: &[u8]) -> Result<&[u8], Refusal> {
    let scheme_end = target.iter().position(|&byte| byte == b':').unwrap_or_default();
    let (scheme, rest) = target.split_at_checked(scheme_end).unwrap_or_default();
    let is_web = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
    let Some(rest) = rest.strip_prefix(b"://").filter(|_| is_web) else {
        return Err(Refusal::bad(text::NO_SLASH));
    };
    let authority_end =
        rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    match rest.split_at_checked(authority_end) {
        Some((authority, path)) if !authority.is_empty() && is_authority(authority) => Ok(path),
        _ => Err(Refusal::bad(text::BAD_TARGET_HOST)),
    }
}

/// Whether this is `host` or `host:port`, with nothing in it that a host cannot have (RFC 3986
/// §3.2.2).
pub(super) fn is_authority(value: &[u8]) -> bool {
    let colon = value.iter().rposition(|&byte| byte == b':').filter(|_| !value.ends_with(b"]"));
    let (host, port) =
        colon.and_then(|colon| value.split_at_checked(colon)).unwrap_or((value, b""));
    let is_host = match host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")) {
        Some(address) => {
            std::str::from_utf8(address).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok())
        }
        None => host
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(byte)),
    };
    is_host && port.iter().skip(1).all(u8::is_ascii_digit)
}
