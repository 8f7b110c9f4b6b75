//! An answer, decided but not yet written.

use std::borrow::Cow;

use common::text::Text;
use http_fetch::http::date::Date;
use http_fetch::http::request::types::Refusal;
use http_fetch::http::response::write::{Head, Persistence};
use http_fetch::http::status::Status;

use crate::page;

/// An answer, decided but not yet written.
#[derive(Debug)]
pub(crate) struct Reply {
    /// How the request ended.
    pub(crate) status: Status,
    /// Fields beside those that every head has and those that describe the body.
    pub(crate) fields: Vec<(&'static str, Cow<'static, str>)>,
    /// What follows the head.
    pub(crate) body: Body,
}

/// What follows a head.
#[derive(Debug)]
pub(crate) enum Body {
    /// Nothing, and nothing is said of it: a 304.
    None,
    /// A page of ours.
    Page(Cow<'static, str>),
    /// Bytes that are sent after the head, as they are read.
    File {
        /// Their `Content-Type`.
        kind: Cow<'static, str>,
        /// How many they are.
        length: u64,
    },
}

impl Reply {
    /// A page of ours.
    pub(crate) fn page(page: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::OK, fields: Vec::new(), body: Body::Page(page.into()) }
    }

    /// A page that says what went wrong, or where to look.
    pub(crate) fn error(status: Status, why: Text) -> Self {
        Self { status, ..Self::page(page::error(status, why)) }
    }

    /// A page that says why there is nothing now, and when to ask again, in seconds (RFC 9110
    /// §10.2.3).
    pub(crate) fn unavailable(why: Text) -> Self {
        Self::error(Status::UNAVAILABLE, why).with("Retry-After", "10")
    }

    /// A page that says why a request is refused.
    pub(crate) fn refusal(refusal: Refusal) -> Self {
        Self::error(refusal.status, refusal.why)
    }

    /// A head and nothing more.
    pub(crate) fn empty(status: Status) -> Self {
        Self { status, fields: Vec::new(), body: Body::None }
    }

    /// A file, or a part of one.
    pub(crate) fn file(status: Status, kind: Cow<'static, str>, length: u64) -> Self {
        let mut fields = Vec::with_capacity(8);
        // A browser that guesses at the type runs what was meant to be read.
        fields.push(("X-Content-Type-Options", "nosniff".into()));
        Self { status, fields, body: Body::File { kind, length } }.fresh()
    }

    /// A page of ours of so many bytes, which is written as it is sent.
    pub(crate) fn long_page(length: u64) -> Self {
        let body = Body::File { kind: page::HTML.into(), length };
        Self { status: Status::OK, fields: Vec::new(), body }
    }

    /// With leave to keep it, but not to show it again without asking: who edits a page and reloads
    /// it means to see what it has become. Without this, browsers guess how long it will stay (RFC
    /// 9111, section 4.2.2).
    pub(crate) fn fresh(self) -> Self {
        self.with("Cache-Control", "no-cache")
    }

    /// With one more field.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// Writes the head at the end of `out`, and a page after it if there is one and `with_body`,
    /// which it is not for HEAD; how many bytes of the body that was.
    pub(crate) fn write(
        &self,
        out: &mut Vec<u8>,
        now: &Date,
        persistence: Persistence,
        with_body: bool,
    ) -> u64 {
        let mut head = Head::begin(out, self.status, now, persistence);
        for (name, value) in &self.fields {
            head = head.field(name, value);
        }
        match &self.body {
            Body::None => head.end(),
            Body::File { kind, length } => {
                head.field("Content-Type", kind).content_length(*length).end();
            }
            Body::Page(page) => {
                head.field("Content-Type", page::HTML).content_length(page.len() as u64).end();
                if with_body {
                    out.extend_from_slice(page.as_bytes());
                    return page.len() as u64;
                }
            }
        }
        0
    }
}
