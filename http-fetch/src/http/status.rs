//! How a request ended.

/// How a request ended: a number for programs and a phrase for people (RFC 9110 §15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The number.
    pub code: u16,
    /// The phrase.
    pub reason: &'static str,
}

#[expect(missing_docs, reason = "each says in its own words what it is")]
impl Status {
    pub const OK: Self = Self::new(200, "OK");
    pub const PARTIAL_CONTENT: Self = Self::new(206, "Partial Content");
    pub const MOVED_PERMANENTLY: Self = Self::new(301, "Moved Permanently");
    pub const NOT_MODIFIED: Self = Self::new(304, "Not Modified");
    pub const BAD_REQUEST: Self = Self::new(400, "Bad Request");
    pub const FORBIDDEN: Self = Self::new(403, "Forbidden");
    pub const NOT_FOUND: Self = Self::new(404, "Not Found");
    pub const METHOD_NOT_ALLOWED: Self = Self::new(405, "Method Not Allowed");
    pub const REQUEST_TIMEOUT: Self = Self::new(408, "Request Timeout");
    pub const PRECONDITION_FAILED: Self = Self::new(412, "Precondition Failed");
    pub const CONTENT_TOO_LARGE: Self = Self::new(413, "Content Too Large");
    pub const URI_TOO_LONG: Self = Self::new(414, "URI Too Long");
    pub const RANGE_NOT_SATISFIABLE: Self = Self::new(416, "Range Not Satisfiable");
    pub const EXPECTATION_FAILED: Self = Self::new(417, "Expectation Failed");
    pub const FIELDS_TOO_LARGE: Self = Self::new(431, "Request Header Fields Too Large");
    pub const INTERNAL_ERROR: Self = Self::new(500, "Internal Server Error");
    pub const NOT_IMPLEMENTED: Self = Self::new(501, "Not Implemented");
    pub const UNAVAILABLE: Self = Self::new(503, "Service Unavailable");
    pub const VERSION_NOT_SUPPORTED: Self = Self::new(505, "HTTP Version Not Supported");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason }
    }
}
