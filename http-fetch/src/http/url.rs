//! What is fetched: URLs as people type them, redirects, and the name that a file gets.

use std::{fmt, str::FromStr};

use super::{file_name, zone};
use common::terminal;
use percent_encoding::{CONTROLS, percent_decode_str, percent_encode};
use url::{ParseError, Url};

use crate::text;

/// A resource that can be asked for: an absolute `http` or `https` URL without a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl {
    url: Url,
    /// The interface behind an IPv6 address that is known on one link only (RFC 6874): `lo` of
    /// `http://[fe80::1%25lo]/`. It is this machine's own affair and goes to no server.
    zone: Option<String>,
}

/// Why a URL cannot be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Nothing where a host should be.
    #[error("{}", text::no_host())]
    NoHost,
    /// The port is no number, or too large a one.
    #[error("{}", text::bad_port())]
    Port,
    /// Digits and dots that are no IPv4 address.
    #[error("{}", text::not_ipv4())]
    NotIpv4,
    /// Brackets or colons that hold no IPv6 address.
    #[error("{}", text::not_ipv6())]
    NotIpv6,
    /// A blank before the path.
    #[error("{}", text::blank())]
    Blank,
    /// A colon, a slash or a letter as an input method for Chinese makes it.
    #[error("{}", text::full_width(.0))]
    FullWidth(char),
    /// What no name of a host has in it.
    #[error("{}", text::not_a_name(.0))]
    Host(String),
    /// A protocol that is not spoken here.
    #[error("{}", text::other_scheme(.0))]
    Scheme(String),
    /// `http://user:password@host/`.
    #[error("{}", text::credentials())]
    Credentials,
    /// Whatever else is no URL: longer than 4 GiB, or without anything that it could be resolved
    /// against.
    #[error("{}", text::malformed_url())]
    Malformed,
}

impl UrlError {
    /// What is wrong with `url`, which the parser refuses for this reason. Its own words are those
    /// of the standard that it implements, and tell nobody what to do next.
    fn of(url: &str, error: ParseError) -> Self {
        let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
        let host = after_scheme.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        let is_bare_ipv6 = host.matches(':').count() > 1
            && host.chars().all(|c| c == ':' || c.is_ascii_hexdigit());
        let full_width = host.chars().find(|&c| is_full_width(c));
        match (error, full_width) {
            (ParseError::EmptyHost | ParseError::InvalidPort, _) if is_bare_ipv6 => Self::NotIpv6,
            (ParseError::EmptyHost, _) => Self::NoHost,
            _ if host.contains(|c: char| c.is_ascii_whitespace()) => Self::Blank,
            (_, Some(wide)) => Self::FullWidth(wide),
            (ParseError::InvalidPort, _) => Self::Port,
            (ParseError::InvalidIpv4Address, _) => Self::NotIpv4,
            (ParseError::InvalidIpv6Address, _) => Self::NotIpv6,
            (ParseError::IdnaError | ParseError::InvalidDomainCharacter, _) => {
                Self::Host(terminal::escape_line(&without_password(host)).into_owned())
            }
            _ => Self::Malformed,
        }
    }
}

/// A URL as it may stand in a message: without what stands before an `@`, which may hold a
/// password. Where the host begins is not known for certain of what is no URL, so each `@` counts.
pub fn without_password(typed: &str) -> String {
    match typed.rsplit_once(['@', '\u{ff20}']) {
        Some((_, rest)) => format!("…@{rest}"),
        None => typed.to_owned(),
    }
}

/// A full-width form of an ASCII character (U+FF01 to U+FF5E), or the blank that goes with them.
fn is_full_width(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}')
}

impl FromStr for HttpUrl {
    type Err = UrlError;

    /// Reads what a person typed: without a scheme it is `http://`.
    ///
    /// # Errors
    /// [`UrlError`], in words for the person.
    fn from_str(typed: &str) -> Result<Self, UrlError> {
        let typed = typed.trim();
        let url = if has_scheme(typed) { typed } else { &format!("http://{typed}") };
        let (url, zone) = zone::taken_out_of(url);
        Self::new(Url::parse(&url).map_err(|error| UrlError::of(&url, error))?, zone)
    }
}

/// `localhost:8080` is a host and a port, though RFC 3986 would read it as the scheme `localhost`.
fn has_scheme(typed: &str) -> bool {
    typed.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

impl fmt::Display for HttpUrl {
    /// The whole URL. It is ASCII without blanks or control characters, so it may be shown as it
    /// is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.zone {
            Some(zone) => f.write_str(&zone::put_into(self.url.as_str(), zone)),
            None => f.write_str(self.url.as_str()),
        }
    }
}

impl HttpUrl {
    fn new(mut url: Url, zone: Option<String>) -> Result<Self, UrlError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlError::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError::Credentials);
        }
        // The `url` crate takes letters into a name that a `Host` may not have (RFC 3986, section
        // 3.2.2).
        if let Some(url::Host::Domain(name)) = url.host()
            && !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte))
        {
            return Err(UrlError::Host(terminal::escape_line(name).into_owned()));
        }
        url.set_fragment(None);
        Ok(Self { url, zone })
    }

    /// Whether the conversation is encrypted.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The host as it stands in the URL: a name, an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The port, 80 or 443 if the URL names none.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(80)
    }

    /// The host as the resolver takes it: without brackets, and with the interface if the URL names
    /// one (`fe80::1%lo`).
    pub fn host_to_resolve(&self) -> String {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        self.zone.as_ref().map_or_else(|| host.to_owned(), |zone| format!("{host}%{zone}"))
    }

    /// Host and port for connecting.
    pub fn host_and_port(&self) -> String {
        match &self.zone {
            Some(_) => format!("[{}]:{}", self.host_to_resolve(), self.port()),
            None => format!("{}:{}", self.host(), self.port()),
        }
    }

    /// What stands after `Host:` (RFC 9110, section 7.2): the port only if it is not the scheme's
    /// own.
    pub fn authority(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host().to_owned(),
        }
    }

    /// What stands after `GET` (RFC 9112, section 3.2.1).
    pub fn path_and_query(&self) -> String {
        let path = self.url.path();
        self.url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }

    /// What stands after `GET` in a request to a proxy (RFC 9112, section 3.2.2).
    pub fn absolute(&self) -> &str {
        self.url.as_str()
    }

    /// Whether both are on the same server, so that what is meant for one may go to the other.
    pub fn is_same_server(&self, other: &Self) -> bool {
        self.url.origin() == other.url.origin() && self.zone == other.zone
    }

    /// A name for the file: the last part of the path, `index.html` if that is empty.
    ///
    /// The URL may come from anybody, so the name can do nothing but be the name of a new, visible
    /// file in the current directory: no separators, no leading dot or dash, no control or
    /// direction-changing characters, and room for a suffix within the 255 bytes that file systems
    /// allow.
    pub fn file_name(&self) -> String {
        let last = self.url.path().rsplit('/').next().unwrap_or_default();
        // What does not decode to text keeps its percent signs.
        let decoded = percent_decode_str(last).decode_utf8().unwrap_or(last.into());
        file_name::harmless(&decoded).unwrap_or_else(|| "index.html".to_owned())
    }
}

/// Why a redirect is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// No `Location`, or two that differ.
    #[error("{}", text::no_location())]
    NoLocation,
    /// A `Location` that is not a URL to be fetched.
    #[error("{}", text::unusable_location(location, why))]
    Unusable {
        /// The value as it came, escaped.
        location: String,
        /// What is wrong with it.
        why: UrlError,
    },
    /// It leads to a URL that has redirected already.
    #[error("{}", text::circle(.0))]
    Loop(HttpUrl),
    /// More than `--max-redirects`.
    #[error("{}", text::too_many_redirects(.0))]
    TooMany(usize),
    /// From an encrypted to an open conversation.
    #[error("{}", text::downgrade(.0))]
    Downgrade(HttpUrl),
}

/// The way from the URL that was asked for to the one that answers.
#[derive(Debug)]
pub struct Trail {
    passed: Vec<HttpUrl>,
    /// How many were passed with another question.
    before: usize,
    max: usize,
}

impl Trail {
    /// A way of at most `max` redirects.
    pub fn new(max: usize) -> Self {
        Self { passed: Vec::new(), before: 0, max }
    }

    /// Where `Location: {location}` leads from `from` (RFC 9110, section 10.2.2).
    ///
    /// Without cookies or credentials the same URL gives the same answer, so one that comes a
    /// second time is a loop. https never leads to http: whoever listens there would see, and could
    /// change, what was meant to be private.
    ///
    /// # Errors
    /// [`RedirectError`]; the redirect is not followed.
    pub fn follow(
        &mut self,
        from: HttpUrl,
        location: Option<&[u8]>,
    ) -> Result<HttpUrl, RedirectError> {
        self.follow_to_ask(true, from, location)
    }

    /// As [`Trail::follow`], where the next question is another one: what a form was sent to may
    /// then be fetched.
    ///
    /// # Errors
    /// [`RedirectError`]; the redirect is not followed.
    pub fn follow_to_ask(
        &mut self,
        the_same: bool,
        from: HttpUrl,
        location: Option<&[u8]>,
    ) -> Result<HttpUrl, RedirectError> {
        let location = location.ok_or(RedirectError::NoLocation)?;
        if self.before.saturating_add(self.passed.len()) >= self.max {
            return Err(RedirectError::TooMany(self.max));
        }
        // Bytes that are not ASCII should not be there, and every browser takes them as if they
        // were percent-encoded.
        let reference = percent_encode(location.trim_ascii(), CONTROLS).to_string();
        let shown = without_password(&location.escape_ascii().to_string());
        let unusable = |why| RedirectError::Unusable { location: shown.clone(), why };
        let (reference, zone) = zone::taken_out_of(&reference);
        let url =
            from.url.join(&reference).map_err(|error| unusable(UrlError::of(&reference, error)))?;
        // A server knows nothing of our interfaces: the same address is behind the same one.
        let zone = zone.or_else(|| from.zone.clone().filter(|_| url.host() == from.url.host()));
        let to = HttpUrl::new(url, zone).map_err(unusable)?;
        let downgrade = from.is_https() && !to.is_https();
        self.passed.push(from);
        if downgrade {
            return Err(RedirectError::Downgrade(to));
        }
        if !the_same {
            self.before += self.passed.len();
            self.passed.clear();
        }
        if self.passed.contains(&to) {
            return Err(RedirectError::Loop(to));
        }
        Ok(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target(typed: &str) -> HttpUrl {
        typed.parse().unwrap()
    }

    fn follow(from: &str, location: &str) -> Result<String, RedirectError> {
        Trail::new(5).follow(target(from), Some(location.as_bytes())).map(|to| to.to_string())
    }

    #[test]
    fn a_url_without_a_scheme_is_http() {
        for (typed, url) in [
            ("localhost", "http://localhost/"),
            ("localhost:8080", "http://localhost:8080/"),
            ("[::1]:8080/a", "http://[::1]:8080/a"),
            ("example.com/a?to=http://b", "http://example.com/a?to=http://b"),
            ("HTTPS://EXAMPLE.com:443/A#b", "https://example.com/A"),
            (" http://a/b c ", "http://a/b%20c"),
        ] {
            assert_eq!(target(typed).to_string(), url);
        }
    }

    #[test]
    fn an_address_of_one_link_keeps_its_interface_to_itself() {
        for (typed, url, connects) in [
            ("http://[fe80::1%25lo]/", "http://[fe80::1%25lo]/", "fe80::1%lo"),
            ("[fe80::1%eth0.2]:8080/a?b", "http://[fe80::1%25eth0.2]:8080/a?b", "fe80::1%eth0.2"),
            ("HTTP://[FE80::1%25En-0]", "http://[fe80::1%25En-0]/", "fe80::1%En-0"),
            ("http://[fe80::1%25a%20b]/%25", "http://[fe80::1%25a%20b]/%25", "fe80::1%a b"),
        ] {
            let target = target(typed);
            assert_eq!(
                (target.to_string(), target.host_to_resolve()),
                (url.into(), connects.into())
            );
            assert!(!target.authority().contains('%') && target.host().ends_with("::1]"));
            assert_eq!(target, url.parse().unwrap());
        }
        assert_eq!(target("[fe80::1%lo]:8080").host_and_port(), "[fe80::1%lo]:8080");
        assert_eq!(target("[::1]:8080").host_to_resolve(), "::1");
        let from = "http://[fe80::1%25lo]:81/b/c";
        for (location, to) in [
            ("x", "http://[fe80::1%25lo]:81/b/x"),
            ("http://[fe80::1]/x", "http://[fe80::1%25lo]/x"),
            ("http://[fe80::2]/x", "http://[fe80::2]/x"),
            ("//[fe80::2%25eth0]/x", "http://[fe80::2%25eth0]/x"),
            ("http://a/[x%25y]", "http://a/[x%25y]"),
            ("?x=//[a%25b]", "http://[fe80::1%25lo]:81/b/c?x=//[a%25b]"),
        ] {
            assert_eq!(follow(from, location).as_deref(), Ok(to), "{location}");
        }
        for wrong in
            ["[fe80::1%]/", "[fe80::1%25]/", "[fe80::1%a/b]/", "[fe80::1%a%00b]", "a%25lo]"]
        {
            assert!(wrong.parse::<HttpUrl>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_fetched_is_refused() {
        for typed in [
            "",
            "http://",
            "http://a b/",
            "http://[::1",
            "localhost:99999",
            "mailto:a@b.c",
            "http://a:b/",
            "://a",
        ] {
            assert!(typed.parse::<HttpUrl>().is_err(), "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said_in_words_of_our_own() {
        use UrlError::{Blank, FullWidth, Host, NoHost, NotIpv4, NotIpv6, Port};
        let host = |name: &str| Host(name.to_owned());
        for (typed, error) in [
            ("", NoHost),
            ("http://", NoHost),
            ("://a", NoHost),
            ("http://a b/", Blank),
            ("my page.html", Blank),
            ("localhost:99999", Port),
            ("localhost:http/a", Port),
            ("http:a", Port),
            ("http://1.2.3.256/", NotIpv4),
            ("http://[::1", NotIpv6),
            ("::1", NotIpv6),
            ("fe80::1:80/a", NotIpv6),
            ("localhost：8080", FullWidth('：')),
            ("http：//localhost/", FullWidth('：')),
            ("http://a<b/", host("a<b")),
            ("http://\"a\"/", host("\"a\"")),
            ("http://{name}/", host("{name}")),
            ("http://a`b:80/", host("a`b")),
            ("http://a\u{202e}\u{1}|b/c", host("a\\u{202e}\\x01|b")),
        ] {
            assert_eq!(typed.parse::<HttpUrl>(), Err(error), "{typed}");
        }
    }

    #[test]
    fn what_is_not_spoken_here_is_told() {
        assert_eq!("ftp://a/".parse::<HttpUrl>(), Err(UrlError::Scheme("ftp".to_owned())));
        assert_eq!("http://me:secret@a/".parse::<HttpUrl>(), Err(UrlError::Credentials));
    }

    #[test]
    fn a_file_is_named_after_the_last_part_of_the_path() {
        for (url, name) in [
            ("http://a", "index.html"),
            ("http://a/b/", "index.html"),
            ("http://a/b/c.tar.gz?d=e/f#g", "c.tar.gz"),
            ("http://a/%E4%BD%A0%E5%A5%BD.html", "你好.html"),
            ("http://a/你好.html", "你好.html"),
            ("http://a/%c4%e3.html", "%c4%e3.html"),
            ("http://a/b%20c", "b c"),
            ("http://a/%20", "index.html"),
        ] {
            assert_eq!(target(url).file_name(), name, "{url}");
        }
    }

    #[test]
    fn no_name_leaves_the_current_directory_or_hides_in_it() {
        for (url, name) in [
            ("http://a/..", "index.html"),
            ("http://a/%2e%2e", "index.html"),
            ("http://a/b/%2e%2e/%2E.", "index.html"),
            ("http://a/..%2f..%2fetc%2fpasswd", "_.._.._etc_passwd"),
            ("http://a/%2fetc%2fpasswd", "_etc_passwd"),
            ("http://a/..%5c..%5cwin.ini", "_.._.._win.ini"),
            ("http://a/.bashrc", "_.bashrc"),
            ("http://a/%2ebashrc", "_.bashrc"),
            ("http://a/-rf", "_-rf"),
            ("http://a/a%00b%0a%1b%7f%c2%9b", "a_b____"),
            ("http://a/%e2%80%aetxt.exe", "_txt.exe"),
            ("http://a/%252e%252e%252f", "%2e%2e%2f"),
        ] {
            assert_eq!(target(url).file_name(), name, "{url}");
        }
    }

    #[test]
    fn a_long_name_is_shortened_and_keeps_its_extension() {
        let long = target(&format!("http://a/{}.tar", "中".repeat(200))).file_name();
        assert!(long.len() <= file_name::MAX && long.ends_with("中.tar"), "{long}");
        assert_eq!(
            target(&format!("http://a/{}", "a".repeat(500))).file_name().len(),
            file_name::MAX - 1
        );
    }

    #[test]
    fn redirects_are_resolved_against_where_they_came_from() {
        for (location, to) in [
            ("/x", "http://a:81/x"),
            ("x", "http://a:81/b/x"),
            ("../x?y", "http://a:81/x?y"),
            ("?y", "http://a:81/b/c?y"),
            ("//other/x", "http://other/x"),
            ("https://other/x#f", "https://other/x"),
            ("/中", "http://a:81/%E4%B8%AD"),
            ("http://\u{4f8b}\u{5b50}.\u{6d4b}\u{8bd5}/", "http://xn--fsqu00a.xn--0zwm56d/"),
        ] {
            assert_eq!(follow("http://a:81/b/c?d", location).as_deref(), Ok(to), "{location}");
        }
        let gbk = Trail::new(1).follow(target("http://a/"), Some(b"/\xc4\xe3"));
        assert_eq!(gbk.map(|to| to.to_string()).as_deref(), Ok("http://a/%C4%E3"));
    }

    #[test]
    fn a_redirect_to_nowhere_is_an_error() {
        assert_eq!(Trail::new(5).follow(target("a"), None), Err(RedirectError::NoLocation));
        for location in [
            "http://",
            "file:///etc/passwd",
            "ftp://a/",
            "javascript:alert(1)",
            "http://me@a/",
            "http://a:99999/",
        ] {
            assert!(
                matches!(follow("http://a/", location), Err(RedirectError::Unusable { .. })),
                "{location}"
            );
        }
    }

    #[test]
    fn a_circle_is_told() {
        assert_eq!(follow("http://a/", ""), Err(RedirectError::Loop(target("http://a/"))));
        let mut trail = Trail::new(5);
        let b = trail.follow(target("http://a/"), Some(b"/b")).unwrap();
        assert_eq!(trail.follow(b, Some(b"/#x")), Err(RedirectError::Loop(target("http://a/"))));
    }

    #[test]
    fn what_a_form_was_sent_to_may_be_fetched() {
        let mut trail = Trail::new(2);
        let form = trail.follow_to_ask(false, target("http://a/form"), Some(b"/form")).unwrap();
        assert_eq!(form, target("http://a/form"));
        assert_eq!(trail.follow(form.clone(), Some(b"")), Err(RedirectError::Loop(form.clone())));
        assert_eq!(trail.follow(form, Some(b"/x")), Err(RedirectError::TooMany(2)));
    }

    #[test]
    fn the_number_of_redirects_is_limited() {
        let mut trail = Trail::new(2);
        let mut at = target("http://a/0");
        for next in ["/1", "/2"] {
            at = trail.follow(at, Some(next.as_bytes())).unwrap();
        }
        assert_eq!(trail.follow(at, Some(b"/3")), Err(RedirectError::TooMany(2)));
    }

    #[test]
    fn https_never_becomes_http() {
        assert_eq!(
            follow("https://a/", "http://a/x"),
            Err(RedirectError::Downgrade(target("http://a/x")))
        );
        assert_eq!(follow("http://a/", "https://a/x").as_deref(), Ok("https://a/x"));
    }

    proptest! {
        #[test]
        fn every_name_is_one_visible_file_here(path in "(/|%2[fF]|%5[cC]|%2[eE]|[.]|%00|%[0-9a-f]{2}|[a-z]|中)*") {
            let name = target(&format!("http://a/{path}")).file_name();
            prop_assert!(!name.is_empty() && !name.starts_with(['.', '-']));
            prop_assert!(!name.contains(['/', '\\', '\0']) && !name.chars().any(char::is_control));
            prop_assert_eq!(std::path::Path::new(&name).components().count(), 1);
        }

        #[test]
        fn no_location_upsets_it(location in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(to) = Trail::new(5).follow(target("https://a/b"), Some(&location)) {
                prop_assert!(to.is_https());
                prop_assert!(to.to_string().is_ascii());
            }
        }
    }
}
