//! What is said of a request that cannot be done: a status, a word for programs, and words for
//! people in both languages.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use common::text::{Lang, speaking};
use serde_json::{Value, json};

/// Why it cannot be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wrong {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    words: Value,
}

/// Words in both languages.
pub(crate) fn both(words: impl Fn() -> String) -> Value {
    json!({ "en": speaking(Lang::En, &words), "zh": speaking(Lang::Zh, &words) })
}

impl Wrong {
    pub(crate) fn new(status: u16, code: &'static str, words: impl Fn() -> String) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, code, words: both(words) }
    }

    /// The request itself makes no sense.
    pub(crate) fn request(words: impl Fn() -> String) -> Self {
        Self::new(400, "request", words)
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "words": self.words } }).to_string();
        (self.status, [(CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
    }
}
