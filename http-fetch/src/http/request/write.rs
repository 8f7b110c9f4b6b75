//! The request that the client writes.

use crate::http::proxy::Proxy;
use crate::http::request::line::Line;
use crate::http::resume::Rest;
use crate::http::url::HttpUrl;

/// What the client asks a server to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Send the resource.
    Get,
    /// Send the head that would come before it.
    Head,
    /// Take what follows.
    Post,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
        }
    }

    /// What is asked where a redirect leads, by the status of that: after 303 the result of what
    /// was done is fetched; 301 and 302 have come to mean the same (RFC 9110, section 15.4).
    pub fn after_redirect(self, status: u16) -> Self {
        match (self, status) {
            (Self::Post, 301..=303) => Self::Get,
            _ => self,
        }
    }
}

/// A request, before it is bytes.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What is to be done.
    pub method: Method,
    /// With what.
    pub target: &'a HttpUrl,
    /// Where the request goes to a proxy, that one.
    pub proxy: Option<&'a Proxy>,
    /// The user's lines, which take the place of those of the same name.
    pub lines: &'a [Line],
    /// What follows the head of a POST.
    pub data: &'a [u8],
    /// Which part is wanted.
    pub rest: Option<&'a Rest>,
    /// Whether another request is to follow on the same connection.
    pub goes_on: bool,
}

/// A GET for `target`, in the bytes that go onto the wire.
///
/// These are the lines of the tutorial and no others: `Host`, without which HTTP/1.1 is refused
/// (RFC 9112, section 3.2), and `Connection: close`, since one answer is all that is wanted.
/// Nothing is said about encodings or languages, so the server sends what it has.
///
/// ```
/// let target = "www.baidu.com".parse().unwrap();
/// let request = http_fetch::http::request::write::get(&target, None);
/// assert_eq!(request, b"GET / HTTP/1.1\r\nHost: www.baidu.com\r\nConnection: close\r\n\r\n");
/// ```
pub fn get(target: &HttpUrl, rest: Option<&Rest>) -> Vec<u8> {
    let (method, goes_on) = (Method::Get, false);
    Request { method, target, proxy: None, lines: &[], data: &[], rest, goes_on }.to_bytes()
}

impl Request<'_> {
    /// The bytes that go onto the wire.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { method, target, .. } = self;
        let what = match self.proxy {
            Some(_) => target.absolute().to_owned(),
            None => target.path_and_query(),
        };
        let mut head = format!("{} {what} HTTP/1.1\r\n", method.name());
        self.line(&mut head, "Host", &target.authority());
        if !self.goes_on {
            self.line(&mut head, "Connection", "close");
        }
        if let Some(words) = self.proxy.and_then(|proxy| proxy.authorization.as_ref()) {
            self.line(&mut head, "Proxy-Authorization", words);
        }
        head.extend(self.lines.iter().map(Line::to_head));
        if let Some(Rest { from, validator, .. }) = self.rest {
            head.push_str(&format!("Range: bytes={from}-\r\n"));
            if let Some(validator) = validator {
                head.push_str(&format!("If-Range: {validator}\r\n"));
            }
        }
        let data = if *method == Method::Post { self.data } else { &[] };
        if *method == Method::Post {
            self.line(&mut head, "Content-Type", "application/x-www-form-urlencoded");
            head.push_str(&format!("Content-Length: {}\r\n", data.len()));
        }
        head.push_str("\r\n");
        [head.as_bytes(), data].concat()
    }

    /// A line of ours, unless the user has another one.
    fn line(&self, head: &mut String, name: &str, value: &str) {
        if !self.lines.iter().any(|line| line.is(name)) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::resume::{Noted, Validator};
    use proptest::prelude::*;

    fn text(url: &str, rest: Option<&Rest>) -> String {
        String::from_utf8(get(&url.parse().unwrap(), rest)).unwrap()
    }

    #[test]
    fn a_plain_request_is_the_tutorials_to_the_byte() {
        let baidu = text("http://www.baidu.com", None);
        assert_eq!(baidu, "GET / HTTP/1.1\r\nHost: www.baidu.com\r\nConnection: close\r\n\r\n");
        assert_eq!(baidu.len(), 58);
        let sina = text("www.sina.com.cn", None);
        assert_eq!(sina, "GET / HTTP/1.1\r\nHost: www.sina.com.cn\r\nConnection: close\r\n\r\n");
        assert_eq!(sina.len(), 60);
    }

    #[test]
    fn the_host_carries_a_port_only_where_it_is_not_the_usual_one() {
        assert!(text("http://a:80/", None).contains("\r\nHost: a\r\n"));
        assert!(text("https://a:443/", None).contains("\r\nHost: a\r\n"));
        assert!(text("https://a:80/", None).contains("\r\nHost: a:80\r\n"));
        assert!(text("http://[::1]:8080/", None).contains("\r\nHost: [::1]:8080\r\n"));
    }

    #[test]
    fn the_fragment_stays_here_and_the_query_goes() {
        assert!(text("http://a/b?c=d#e", None).starts_with("GET /b?c=d HTTP/1.1\r\n"));
        assert!(text("http://a?c", None).starts_with("GET /?c HTTP/1.1\r\n"));
    }

    #[test]
    fn chinese_travels_percent_encoded() {
        assert!(
            text("http://a/中文?问", None)
                .starts_with("GET /%E4%B8%AD%E6%96%87?%E9%97%AE HTTP/1.1\r\n")
        );
        assert!(text("http://例子.测试/", None).contains("\r\nHost: xn--fsqu00a.xn--0zwm56d\r\n"));
    }

    #[test]
    fn the_rest_is_asked_for_only_of_the_same_version() {
        let validator = Validator::parse("\"v1\"");
        assert!(validator.is_some());
        assert!(
            text("http://a/", Some(&Rest { from: 5, validator, noted: Noted::default() }))
                .ends_with("\r\nRange: bytes=5-\r\nIf-Range: \"v1\"\r\n\r\n")
        );
        assert!(
            text("http://a/", Some(&Rest { from: 5, validator: None, noted: Noted::default() }))
                .ends_with("close\r\nRange: bytes=5-\r\n\r\n")
        );
    }

    #[test]
    fn lines_of_the_user_take_the_place_of_ours_or_stand_behind_them() {
        let target = &"http://a/b".parse().unwrap();
        let lines: Vec<Line> = ["host: other", "Connection:", "Accept: text/html", "X-Empty;"]
            .map(|line| line.parse().unwrap())
            .into();
        let asked = Request {
            method: Method::Head,
            target,
            proxy: None,
            lines: &lines,
            data: b"",
            rest: None,
            goes_on: false,
        };
        let bytes = String::from_utf8(asked.to_bytes()).unwrap();
        assert_eq!(
            bytes,
            "HEAD /b HTTP/1.1\r\nhost: other\r\nAccept: text/html\r\nX-Empty:\r\n\r\n"
        );
    }

    #[test]
    fn nothing_is_said_of_the_connection_where_another_request_is_to_follow() {
        let target = &"http://a/b".parse().unwrap();
        let (method, lines, goes_on) = (Method::Get, &[], true);
        let asked = Request { method, target, proxy: None, lines, data: b"", rest: None, goes_on };
        assert_eq!(asked.to_bytes(), b"GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    #[test]
    fn what_is_sent_has_a_type_and_a_length() {
        let target = &"http://a/b".parse().unwrap();
        let asked = Request {
            method: Method::Post,
            target,
            proxy: None,
            lines: &[],
            data: "a=中".as_bytes(),
            rest: None,
            goes_on: false,
        };
        let bytes = String::from_utf8(asked.to_bytes()).unwrap();
        assert_eq!(
            bytes,
            "POST /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\na=中"
        );
        let json = ["Content-Type: application/json".parse().unwrap()];
        let bytes = String::from_utf8(Request { lines: &json, ..asked }.to_bytes()).unwrap();
        assert_eq!(bytes.matches("Content-Type").count(), 1, "{bytes}");
        for (status, method) in [
            (301, Method::Get),
            (302, Method::Get),
            (303, Method::Get),
            (307, Method::Post),
            (308, Method::Post),
        ] {
            assert_eq!(Method::Post.after_redirect(status), method, "{status}");
            assert_eq!(Method::Head.after_redirect(status), Method::Head);
        }
    }

    #[test]
    fn a_proxy_is_told_the_whole_url_but_not_the_interface() {
        let variables = |name: &str| (name == "http_proxy").then(|| "u:p@proxy:8".to_owned());
        let proxy = Proxy::of(&"http://a".parse().unwrap(), variables).unwrap().unwrap();
        let target = &"http://[fe80::1%25lo]:81/b?c".parse().unwrap();
        let asked = Request {
            method: Method::Get,
            target,
            proxy: Some(&proxy),
            lines: &[],
            data: b"",
            rest: None,
            goes_on: false,
        };
        assert_eq!(
            String::from_utf8(asked.to_bytes()).unwrap(),
            "GET http://[fe80::1]:81/b?c HTTP/1.1\r\nHost: [fe80::1]:81\r\nConnection: close\r\n\
             Proxy-Authorization: Basic dTpw\r\n\r\n"
        );
        let own = ["Proxy-Authorization: Bearer x".parse().unwrap()];
        let bytes = String::from_utf8(Request { lines: &own, ..asked }.to_bytes()).unwrap();
        assert!(bytes.ends_with("\r\nProxy-Authorization: Bearer x\r\n\r\n"), "{bytes}");
        assert_eq!(bytes.matches("Proxy-Authorization").count(), 1, "{bytes}");
    }

    proptest! {
        #[test]
        fn no_url_can_add_a_line(url in "\\PC*|[a-z]+://[ -~\r\n\t]*|a/[\r\n\0 -~中]*") {
            if let Ok(target) = url.parse::<HttpUrl>() {
                let request = get(&target, None);
                let text = String::from_utf8(request).unwrap();
                prop_assert_eq!(text.matches('\n').count(), 4);
                prop_assert_eq!(text.matches("\r\n").count(), 4);
                prop_assert_eq!(text.lines().next().unwrap().matches(' ').count(), 2);
            }
        }
    }
}
