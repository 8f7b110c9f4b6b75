//! The proxy between us and a server, by the variables of the environment that curl reads.
//!
//! | variable | for |
//! | --- | --- |
//! | `http_proxy` | `http://`; not in capitals, since a web server sets `HTTP_PROXY` for its programs to what a client's `Proxy:` says |
//! | `https_proxy`, `HTTPS_PROXY` | `https://` |
//! | `all_proxy`, `ALL_PROXY` | whatever has none of its own |
//! | `no_proxy`, `NO_PROXY` | hosts that are asked without one |
//!
//! What is empty counts as not set.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;

use crate::http::url::HttpUrl;
use crate::text;

/// A proxy that speaks HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Its name or address, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What stands after `Proxy-Authorization:`, if the variable has a user and a password.
    pub authorization: Option<String>,
    /// The variable that says so.
    pub variable: &'static str,
}

/// Why a variable names no proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// A kind of proxy that is not spoken to here.
    #[error("{}", text::other_proxy(variable, scheme))]
    Scheme {
        /// The variable.
        variable: &'static str,
        /// What it names.
        scheme: String,
    },
    /// No host, or a port that is none.
    #[error("{}", text::not_a_proxy(.0))]
    Address(&'static str),
}

/// Where a variable names no port, as with curl.
const DEFAULT_PORT: u16 = 1080;

impl Proxy {
    /// The proxy for this URL, if there is to be one.
    ///
    /// # Errors
    /// The variable that counts names none that can be used.
    pub fn of(
        url: &HttpUrl,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ProxyError> {
        let own: &[&'static str] =
            if url.is_https() { &["https_proxy", "HTTPS_PROXY"] } else { &["http_proxy"] };
        let set = |name: &&'static str| {
            let value = environment(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty()).map(|value| (*name, value))
        };
        let Some((variable, value)) = own.iter().chain(&["all_proxy", "ALL_PROXY"]).find_map(set)
        else {
            return Ok(None);
        };
        let exempt = ["no_proxy", "NO_PROXY"].iter().find_map(set);
        if exempt.is_some_and(|(_, list)| is_exempt(url.host(), &list)) {
            return Ok(None);
        }
        Self::parse(variable, &value).map(Some)
    }

    fn parse(variable: &'static str, value: &str) -> Result<Self, ProxyError> {
        let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(ProxyError::Scheme { variable, scheme: scheme.to_lowercase() });
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let (host, port) = match address.strip_prefix('[') {
            Some(rest) => rest.split_once(']').ok_or(ProxyError::Address(variable))?,
            None => address
                .split_at_checked(address.find(':').unwrap_or(address.len()))
                .unwrap_or_default(),
        };
        let port = match port.strip_prefix(':') {
            Some(port) => port.parse().map_err(|_| ProxyError::Address(variable))?,
            None if port.is_empty() => DEFAULT_PORT,
            None => return Err(ProxyError::Address(variable)),
        };
        let is_odd = |c: char| c.is_control() || c.is_whitespace() || "\"<>[]@\\".contains(c);
        if host.is_empty() || host.contains(is_odd) || port == 0 {
            return Err(ProxyError::Address(variable));
        }
        let authorization = user.map(|user| {
            let (name, password) = user.split_once(':').unwrap_or((user, ""));
            let decoded = [
                percent_decode_str(name).collect(),
                b":".to_vec(),
                percent_decode_str(password).collect(),
            ];
            format!("Basic {}", base64(&decoded.concat()))
        });
        Ok(Self { host: host.to_owned(), port, authorization, variable })
    }

    /// How it is called in messages.
    pub fn name(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// The request that asks the proxy for a way through to the server, on which it reads nothing
    /// (RFC 9110, section 9.3.6).
    pub fn connect(&self, url: &HttpUrl) -> Vec<u8> {
        let to = format!("{}:{}", url.host(), url.port());
        format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{}\r\n", self.authorization_line())
            .into_bytes()
    }

    /// The line that tells the proxy who asks; nothing where nobody has to.
    pub fn authorization_line(&self) -> String {
        let line = |words: &String| format!("Proxy-Authorization: {words}\r\n");
        self.authorization.as_ref().map(line).unwrap_or_default()
    }
}

/// Whether a host is on a list such as `localhost, .example.com, 10.0.0.0/8`.
fn is_exempt(host: &str, list: &str) -> bool {
    if list.trim() == "*" {
        return true;
    }
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    let ip = host.parse::<IpAddr>().ok();
    list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty()).any(|entry| match ip {
        Some(ip) => is_in_network(ip, entry),
        None => is_at_or_below(host, entry.trim_matches('.')),
    })
}

fn is_at_or_below(host: &str, domain: &str) -> bool {
    let Some(at) = host.len().checked_sub(domain.len()) else { return false };
    let (above, tail) = host.split_at_checked(at).unwrap_or_default();
    !domain.is_empty()
        && tail.eq_ignore_ascii_case(domain)
        && (above.is_empty() || above.ends_with('.'))
}

fn is_in_network(ip: IpAddr, entry: &str) -> bool {
    let (network, bits) =
        entry.split_once('/').map_or((entry, None), |(net, bits)| (net, Some(bits)));
    let network = network.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let (ip, network, length) = match (ip, network) {
        (IpAddr::V4(ip), Ok(IpAddr::V4(net))) => (ip.to_bits().into(), net.to_bits().into(), 32),
        (IpAddr::V6(ip), Ok(IpAddr::V6(net))) => (ip.to_bits(), net.to_bits(), 128),
        _ => return false,
    };
    let bits = match bits.map(str::parse::<u32>) {
        None => length,
        Some(Ok(bits)) if bits <= length => bits,
        Some(_) => return false,
    };
    let differs: u128 = ip ^ network;
    differs.checked_shr(length - bits).unwrap_or(0) == 0
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for at in 0..4 {
            let letter =
                LETTERS.get((bits >> (18 - 6 * at)) as usize % 64).copied().unwrap_or(b'=');
            text.push(if at <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(url: &str, variables: &[(&str, &str)]) -> Result<Option<String>, ProxyError> {
        let environment = |name: &str| {
            let set = variables.iter().find(|(variable, _)| *variable == name);
            set.map(|(_, value)| (*value).to_owned())
        };
        Ok(Proxy::of(&url.parse().unwrap(), environment)?.map(|proxy| proxy.name()))
    }

    #[test]
    fn each_scheme_has_its_variable_and_all_have_one_together() {
        let all = &[("http_proxy", "a:1"), ("https_proxy", "b:2"), ("all_proxy", "c:3")];
        assert_eq!(of("http://x", all), Ok(Some("a:1".to_owned())));
        assert_eq!(of("https://x", all), Ok(Some("b:2".to_owned())));
        for url in ["http://x", "https://x"] {
            assert_eq!(of(url, &[("all_proxy", "c:3")]), Ok(Some("c:3".to_owned())));
            assert_eq!(
                of(url, &[("ALL_PROXY", "c:3"), ("http_proxy", "")]),
                Ok(Some("c:3".to_owned()))
            );
            assert_eq!(of(url, &[]), Ok(None));
        }
        assert_eq!(of("https://x", &[("HTTPS_PROXY", "b:2")]), Ok(Some("b:2".to_owned())));
        assert_eq!(of("http://x", &[("HTTP_PROXY", "a:1")]), Ok(None));
        assert_eq!(of("http://x", &[("https_proxy", "a:1")]), Ok(None));
    }

    #[test]
    fn a_proxy_is_written_in_several_ways() {
        for (written, name, authorization) in [
            ("proxy", "proxy:1080", None),
            ("proxy:80", "proxy:80", None),
            ("HTTP://proxy:3128/", "proxy:3128", None),
            ("http://[::1]:3128", "[::1]:3128", None),
            ("http://u:p@proxy:8", "proxy:8", Some("Basic dTpw")),
            ("me%40home:a%3Ab@proxy:8", "proxy:8", Some("Basic bWVAaG9tZTphOmI=")),
            ("me@proxy:8", "proxy:8", Some("Basic bWU6")),
        ] {
            let proxy = Proxy::parse("http_proxy", written).unwrap();
            assert_eq!(
                (proxy.name().as_str(), proxy.authorization.as_deref()),
                (name, authorization)
            );
        }
        for wrong in
            ["http://", ":80", "proxy:x", "proxy:99999", "[::1", "a b:80", "proxy:0", "a\r\nb"]
        {
            assert_eq!(
                Proxy::parse("http_proxy", wrong),
                Err(ProxyError::Address("http_proxy")),
                "{wrong:?}"
            );
        }
        for scheme in ["https", "socks5", "SOCKS5h"] {
            let wrong = Proxy::parse("all_proxy", &format!("{scheme}://proxy:80")).unwrap_err();
            assert!(wrong.to_string().contains(&scheme.to_lowercase()), "{wrong}");
        }
    }

    #[test]
    fn hosts_on_the_list_are_asked_without_a_proxy() {
        let list = "localhost, .example.com,example.org. 10.0.0.0/8,192.0.2.1,[::1],fd00::/8";
        for (url, is_listed) in [
            ("http://localhost:8080", true),
            ("http://LOCALHOST.", true),
            ("http://example.com", true),
            ("http://www.Example.com", true),
            ("http://www.example.org", true),
            ("http://notexample.com", false),
            ("http://example.com.cn", false),
            ("http://com", false),
            ("http://10.255.0.1", true),
            ("http://11.0.0.1", false),
            ("http://192.0.2.1:80", true),
            ("http://192.0.2.10", false),
            ("http://[::1]:80", true),
            ("http://[fd12::1]", true),
            ("http://[fe80::1]", false),
        ] {
            let host = url.parse::<HttpUrl>().unwrap();
            assert_eq!(is_exempt(host.host(), list), is_listed, "{url}");
        }
        assert!(is_exempt("anything", " * ") && is_exempt("::1", "*"));
        for odd in ["", ",", ".", "10.0.0.1/33", "10.0.0.1/x", "/"] {
            assert!(!is_exempt("10.0.0.1", odd) && !is_exempt("host", odd), "{odd}");
        }
        assert!(is_exempt("1.2.3.4", "0.0.0.0/0") && is_exempt("1::", "::/0"));
        let both = &[("http_proxy", "a:1"), ("NO_PROXY", "x")];
        assert_eq!(of("http://x.", both), Ok(None));
        assert_eq!(of("http://y", both), Ok(Some("a:1".to_owned())));
    }

    #[test]
    fn a_way_through_is_asked_for_with_the_port() {
        let proxy = Proxy::parse("https_proxy", "u:p@proxy:8").unwrap();
        assert_eq!(
            String::from_utf8(proxy.connect(&"https://[::1]/x".parse().unwrap())).unwrap(),
            "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\nProxy-Authorization: Basic dTpw\r\n\r\n"
        );
    }

    proptest! {
        #[test]
        fn no_variable_upsets_it_or_adds_a_line(value in "\\PC*|[a-z@:%/\r\n.]*", list in "\\PC*|[a-z0-9:./,]*") {
            let url = "https://10.1.2.3".parse().unwrap();
            let _ = is_exempt("10.1.2.3", &list);
            if let Ok(proxy) = Proxy::parse("all_proxy", &value) {
                let request = String::from_utf8(proxy.connect(&url)).unwrap();
                prop_assert!(request.matches('\n').count() <= 4);
            }
        }
    }
}
