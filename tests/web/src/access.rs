//! Who may: the holder of the token, on a page of this server and of no other.
//!
//! Any page in the user's browser can send requests to a port of this machine, and a name of any
//! site can be made to lead here (DNS rebinding). So nothing but the page's own files is answered
//! without the token, which no other page can know; `Host` must be the address that is listened on,
//! which a rebound name is not; and `Origin`, which browsers send with whatever changes something,
//! must be the same. The token travels in the address and in a header, never in a cookie: cookies
//! are shared by all ports of a host.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::text::{Lang, speaking};
use subtle::ConstantTimeEq as _;

use crate::strangers::Visitor;
use crate::wrong::Wrong;
use crate::{query, text};

/// What a request must have.
#[derive(Debug)]
pub(crate) struct Access {
    token: String,
    /// What `Host` may say.
    hosts: Vec<String>,
}

/// Bytes of chance in a token.
const TOKEN: usize = 32;

/// The headers of every answer.
const HEADERS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

impl Access {
    /// A new token for who listens at this address.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub(crate) fn new(addr: SocketAddr) -> anyhow::Result<Self> {
        let mut bytes = [0; TOKEN];
        getrandom::fill(&mut bytes).ok().context(text::no_random_numbers())?;
        Ok(Self::with_token(addr, URL_SAFE_NO_PAD.encode(bytes)))
    }

    fn with_token(addr: SocketAddr, token: String) -> Self {
        let mut hosts = vec![addr.to_string(), format!("localhost:{}", addr.port())];
        // Browsers leave out the port that HTTP has by itself.
        if addr.port() == 80 {
            let ip = addr.to_string();
            hosts.extend(ip.strip_suffix(":80").map(str::to_owned));
            hosts.push("localhost".to_owned());
        }
        Self { token, hosts }
    }

    /// What the user opens.
    pub(crate) fn url(&self, addr: SocketAddr) -> String {
        format!("http://{addr}/?token={}", self.token)
    }

    fn is_token(&self, given: &str) -> bool {
        given.as_bytes().ct_eq(self.token.as_bytes()).into()
    }

    /// Whether the request has the token: in a header, or in its address, where nothing changes.
    fn has_token(&self, request: &Request) -> bool {
        let bearer = only(request.headers(), &header::AUTHORIZATION)
            .and_then(|value| value.strip_prefix("Bearer "));
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let in_query = query::value(request.uri(), "token").filter(|_| reads);
        bearer.or(in_query).is_some_and(|token| self.is_token(token))
    }

    fn judge(&self, request: &Request) -> Result<(), Wrong> {
        let host = only(request.headers(), &header::HOST);
        let known = |host: &str| self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
        // An address in full form has a host of its own, which counts (RFC 9112, section 3.2.2).
        let in_uri = request.uri().authority().is_none_or(|authority| known(authority.as_str()));
        if !host.is_some_and(known) || !in_uri {
            return Err(Wrong::new(421, "host", || text::wrong_host().to_owned()));
        }
        let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
        let origins = request.headers().contains_key(header::ORIGIN);
        let origin = only(request.headers(), &header::ORIGIN)
            .and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(known);
        if (changes || origins) && !origin {
            return Err(Wrong::new(403, "origin", || text::wrong_origin().to_owned()));
        }
        let path = request.uri().path();
        if (path == "/" || path.starts_with("/api/")) && !self.has_token(request) {
            return Err(Wrong::new(403, "token", || text::wrong_token().to_owned()));
        }
        Ok(())
    }
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Lets in who may, and gives every answer its headers.
pub(crate) async fn check(
    State(access): State<Arc<Access>>,
    request: Request,
    next: Next,
) -> Response {
    let is_page = request.uri().path() == "/";
    let visitor = request.extensions().get::<Visitor>().cloned();
    let mut response = match access.judge(&request) {
        Ok(()) => {
            if let Some(visitor) = visitor.filter(|_| access.has_token(&request)) {
                visitor.has_the_token();
            }
            next.run(request).await
        }
        // A person is to read it, and not a program.
        Err(wrong) if is_page => {
            let words = Lang::ALL.map(|language| speaking(language, text::take_the_address));
            let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            (wrong.status, kind, words.join("\n\n") + "\n").into_response()
        }
        Err(wrong) => wrong.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn judged(lines: &str, headers: &[(&str, &str)]) -> Option<&'static str> {
        let access = Access::with_token("127.0.0.1:5000".parse().unwrap(), "secret".to_owned());
        let (method, uri) = lines.split_once(' ').unwrap();
        let mut request = axum::http::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let judged = access.judge(&request.body(Body::empty()).unwrap());
        judged.err().map(|wrong| wrong.code)
    }

    const HOST: (&str, &str) = ("host", "127.0.0.1:5000");
    const ORIGIN: (&str, &str) = ("origin", "http://127.0.0.1:5000");
    const BEARER: (&str, &str) = ("authorization", "Bearer secret");

    #[test]
    fn the_token_is_needed_for_all_but_the_pages_files() {
        assert_eq!(judged("GET /app.css", &[HOST]), None);
        for path in ["/", "/api/catalog", "/?token=secre", "/api/x?token=secrets", "/?token="] {
            assert_eq!(judged(&format!("GET {path}"), &[HOST]), Some("token"), "{path}");
        }
        assert_eq!(judged("GET /?token=secret", &[HOST]), None);
        assert_eq!(judged("GET /api/catalog", &[HOST, BEARER]), None);
        assert_eq!(judged("GET /api/catalog", &[HOST, BEARER, BEARER]), Some("token"));
        // In the address it could be sent by a form of another site.
        assert_eq!(judged("POST /api/sessions?token=secret", &[HOST, ORIGIN]), Some("token"));
        assert_eq!(judged("POST /api/sessions", &[HOST, ORIGIN, BEARER]), None);
    }

    #[test]
    fn the_host_is_the_address_listened_on() {
        for host in ["127.0.0.1", "127.0.0.1:80", "evil.example:5000", "localhost", "[::1]:5000"] {
            assert_eq!(judged("GET /app.css", &[("host", host)]), Some("host"), "{host}");
        }
        assert_eq!(judged("GET /app.css", &[]), Some("host"));
        assert_eq!(judged("GET /app.css", &[HOST, HOST]), Some("host"));
        assert_eq!(judged("GET http://evil.example/app.css", &[HOST]), Some("host"));
        assert_eq!(judged("GET /app.css", &[("host", "LocalHost:5000")]), None);
    }

    #[test]
    fn the_origin_is_this_server_wherever_it_is_told_and_where_something_changes() {
        assert_eq!(judged("POST /api/sessions", &[HOST, BEARER]), Some("origin"));
        for origin in ["null", "http://evil.example", "https://127.0.0.1:5000", "http://127.0.0.1"]
        {
            let headers = [HOST, BEARER, ("origin", origin)];
            assert_eq!(judged("POST /api/sessions", &headers), Some("origin"), "{origin}");
            assert_eq!(judged("GET /api/catalog", &headers), Some("origin"), "{origin}");
        }
        assert_eq!(judged("DELETE /api/sessions/1", &[HOST, BEARER, ORIGIN]), None);
    }
}
