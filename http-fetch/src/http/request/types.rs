//! A request taken apart, and why one is refused.

use crate::http::body::Framing;
use crate::http::status::Status;
use common::text::Text;

/// The longest head that is read, in bytes. A browser with many cookies sends about 8 KiB.
pub const MAX_HEAD: usize = 32 * 1024;

/// The longest request line, in bytes. RFC 9112 §3 asks for at least 8,000.
pub const MAX_REQUEST_LINE: usize = 8 * 1024;

/// Why a request gets an error for an answer and its connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    /// The status to answer with.
    pub status: Status,
    /// What is wrong with the request, for whoever wrote the client.
    pub why: Text,
}

impl Refusal {
    /// A request that breaks the grammar.
    pub const fn bad(why: Text) -> Self {
        Self { status: Status::BAD_REQUEST, why }
    }
}

/// What is to be done with the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Send it.
    Get,
    /// Send what would come before it.
    Head,
    /// A method of RFC 9110 or RFC 5789 that this server has no use for: 405.
    NotAllowed,
    /// A method that this server has never heard of: 501.
    Unknown,
}

/// The version of the protocol that the client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// One request a connection, unless both sides say otherwise.
    Http10,
    /// 1.1 and whatever 1.x may follow: many requests a connection, unless one side says otherwise.
    Http11,
}

/// What the client wants to know before it sends a body (RFC 9110 §10.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Nothing.
    None,
    /// An interim `100 Continue`.
    Continue,
    /// Something that only the client has heard of: 417.
    Unknown,
}

/// A request, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'h> {
    /// The request line, for the log.
    pub line: &'h [u8],
    /// What is asked.
    pub method: Method,
    /// The path, still percent-encoded.
    pub path: &'h [u8],
    /// What follows the path's question mark.
    pub query: Option<&'h [u8]>,
    /// The client's version.
    pub version: Version,
    /// Whether the client will go on with this connection.
    pub keep_alive: bool,
    /// Where the body ends; a request never lasts until its client closes the connection.
    pub body: Framing,
    /// What the client expects before it sends the body.
    pub expectation: Expectation,
    /// Everything else.
    pub fields: Fields<'h>,
}

/// The fields that this server acts upon, apart from those that say where the request ends. A value
/// is the bytes after the colon without the blanks around them; of a field that comes more than
/// once it is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fields<'h> {
    /// `Range`.
    pub range: Option<&'h [u8]>,
    /// `If-Range`.
    pub if_range: Option<&'h [u8]>,
    /// `If-Match`.
    pub if_match: Option<&'h [u8]>,
    /// `If-None-Match`.
    pub if_none_match: Option<&'h [u8]>,
    /// `If-Modified-Since`.
    pub if_modified_since: Option<&'h [u8]>,
    /// `If-Unmodified-Since`.
    pub if_unmodified_since: Option<&'h [u8]>,
    /// `Referer`, for the log.
    pub referer: Option<&'h [u8]>,
    /// `User-Agent`, for the log.
    pub user_agent: Option<&'h [u8]>,
}
