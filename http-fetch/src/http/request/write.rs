//! The request that the client writes.

use crate::http::resume::Rest;
use crate::http::url::HttpUrl;

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
    let mut request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
        target.path_and_query(),
        target.authority()
    );
    if let Some(Rest { from, validator, .. }) = rest {
        request.push_str(&format!("Range: bytes={from}-\r\n"));
        if let Some(validator) = validator {
            request.push_str(&format!("If-Range: {validator}\r\n"));
        }
    }
    request.push_str("\r\n");
    request.into_bytes()
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
