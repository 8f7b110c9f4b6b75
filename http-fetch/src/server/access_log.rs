//! One line for each request, in the form that web servers have written since NCSA httpd
//! ("combined"), so that the programs that count visitors can read it:
//!
//! ```text
//! 127.0.0.1 - - [21/Nov/2026:08:14:05 +0000] "GET / HTTP/1.1" 200 19 "-" "curl/7.88.1"
//! ```

use std::io::Write as _;
use std::net::IpAddr;

use http_fetch::http::date::Date;
use http_fetch::http::request::types::Fields;
use http_fetch::http::response::write::decimal;
use http_fetch::http::status::Status;

/// The most bytes of one thing that a client said; the line tells with `...` that there was more.
const MOST: usize = 1024;

/// A request and what became of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'r> {
    /// Who asked.
    pub(crate) peer: IpAddr,
    /// When the answer began.
    pub(crate) at: Date,
    /// The request line, or as much as came of it.
    pub(crate) line: &'r [u8],
    /// The answer.
    pub(crate) status: Status,
    /// The bytes of its body that were sent.
    pub(crate) sent: u64,
    /// Of the other fields: the page that led here, and the program that asked.
    pub(crate) fields: Fields<'r>,
}

impl Entry<'_> {
    /// Puts the line at the end of `out`, without its end. It is printable ASCII, whatever the
    /// client sent: neither can a client forge a second line nor send anything to the terminal that
    /// shows it.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        // Writing to a Vec cannot fail.
        let _ = write!(out, "{}", self.peer);
        out.extend_from_slice(b" - - [");
        out.extend_from_slice(self.at.log().as_bytes());
        out.extend_from_slice(b"] ");
        quote(out, Some(self.line));
        for number in [self.status.code.into(), self.sent] {
            out.push(b' ');
            decimal(out, number);
        }
        out.push(b' ');
        quote(out, self.fields.referer);
        out.push(b' ');
        quote(out, self.fields.user_agent);
    }
}

/// What the client said, in quotation marks; what is not printable ASCII as `\xNN`.
fn quote(out: &mut Vec<u8>, said: Option<&[u8]>) {
    let said = said.filter(|said| !said.is_empty()).unwrap_or(b"-");
    out.push(b'"');
    let mut rest = said.get(..MOST).unwrap_or(said);
    // Nearly always all of it is plain, and is copied in one piece.
    while let Some((plain, odd)) =
        rest.iter().position(|&byte| !is_plain(byte)).map(|at| rest.split_at(at))
    {
        out.extend_from_slice(plain);
        let Some((&byte, after)) = odd.split_first() else { break };
        let _ = match byte {
            b'"' | b'\\' => write!(out, "\\{}", char::from(byte)),
            _ => write!(out, "\\x{byte:02x}"),
        };
        rest = after;
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(if said.len() > MOST { b"...\"" } else { b"\"" });
}

/// Whether it stands in the line as it is.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(request: &[u8], user_agent: Option<&[u8]>) -> String {
        let peer = IpAddr::from([192, 0, 2, 7]);
        let at = Date::at(784_111_777);
        let mut line = Vec::new();
        let fields = Fields { user_agent, ..Fields::default() };
        Entry { peer, at, line: request, status: Status::OK, sent: 19, fields }.write(&mut line);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn a_line_is_in_the_combined_form() {
        assert_eq!(
            line(b"GET / HTTP/1.1", Some(b"curl/7.88.1")),
            "192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] \"GET / HTTP/1.1\" 200 19 \"-\" \"curl/7.88.1\""
        );
    }

    #[test]
    fn a_request_that_never_came_is_a_dash() {
        assert!(line(b"", None).contains("] \"-\" 200 "));
    }

    #[test]
    fn a_long_line_is_cut_and_says_so() {
        assert!(line(&[b'a'; 5000], None).len() < 1200);
        assert!(line(&[b'a'; 5000], None).contains("aaa...\" 200"));
    }

    proptest! {
        #[test]
        fn whatever_is_sent_the_line_is_one_and_printable(request: Vec<u8>, agent: Vec<u8>) {
            let line = line(&request, Some(&agent));
            prop_assert!(line.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            // Six quotation marks frame the three things; every other has a backslash before it.
            let bare = line.replace("\\\\", "").replace("\\\"", "");
            prop_assert_eq!(bare.matches('"').count(), 6);
        }
    }
}
