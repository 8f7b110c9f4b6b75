//! What an answer means to a client that wants a file.

use http_fetch::http::response::parse::Head;
use http_fetch::http::resume::Rest;

/// What to do with an answer to a GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The body is the whole resource.
    Whole,
    /// The body is what was asked for, the rest of the resource.
    Rest {
        /// The bytes that are at hand already.
        from: u64,
        /// The bytes of the whole.
        total: u64,
    },
    /// There is no rest: what is at hand is as long as the whole.
    Complete,
    /// There is a rest, but not of what is at hand. The whole must be asked for.
    OfAnother,
    /// The resource is elsewhere: `Location` says where.
    Elsewhere,
    /// The server has done what it was asked, and there is nothing to save.
    NoContent,
    /// There is no such resource, or the server cannot or will not give it.
    Refused,
}

impl Verdict {
    /// Judges an answer by its head; `asked` is what was asked for if that was not the whole.
    pub(crate) fn of(head: &Head, asked: Option<&Rest>) -> Self {
        match (head.status(), asked) {
            // Not 304, which answers a question that is never asked here, and not the abandoned 305
            // and 306 (RFC 9110, section 15.4).
            (300..=303 | 307 | 308, _) => Self::Elsewhere,
            (204 | 205, _) => Self::NoContent,
            (206 | 416, Some(asked)) => Self::of_range(head, asked),
            (206, None) => Self::Refused,
            (200..300, _) => Self::Whole,
            _ => Self::Refused,
        }
    }

    /// Each number is checked against what was asked, since one byte too many or too few in the
    /// middle of a file is a broken file.
    fn of_range(head: &Head, asked: &Rest) -> Self {
        match (head.status(), asked.total_of(head)) {
            (416, _) if asked.is_whole_by(head) => Self::Complete,
            (206, Some(total)) => Self::Rest { from: asked.from, total },
            _ => Self::OfAnother,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_fetch::http::resume::{Noted, Validator};

    fn head(status: &str, fields: &str) -> Head {
        Head::parse(format!("HTTP/1.1 {status}\r\n{fields}\r\n").as_bytes()).unwrap()
    }

    fn asked(validator: Option<&str>) -> Rest {
        Rest { from: 5, validator: validator.and_then(Validator::parse), noted: Noted::default() }
    }

    #[test]
    fn each_status_has_its_meaning() {
        for (status, answer) in [
            (101, Verdict::Refused),
            (200, Verdict::Whole),
            (203, Verdict::Whole),
            (204, Verdict::NoContent),
            (205, Verdict::NoContent),
            (206, Verdict::Refused),
            (299, Verdict::Whole),
            (301, Verdict::Elsewhere),
            (304, Verdict::Refused),
            (305, Verdict::Refused),
            (308, Verdict::Elsewhere),
            (404, Verdict::Refused),
            (416, Verdict::Refused),
            (503, Verdict::Refused),
            (999, Verdict::Refused),
        ] {
            assert_eq!(Verdict::of(&head(&format!("{status} X"), ""), None), answer, "{status}");
        }
        assert_eq!(Verdict::of(&head("200 OK", ""), Some(&asked(None))), Verdict::Whole);
        assert_eq!(Verdict::of(&head("404 Not Found", ""), Some(&asked(None))), Verdict::Refused);
    }

    #[test]
    fn only_the_very_rest_of_the_very_version_is_joined() {
        let judge = |fields: &str| {
            Verdict::of(&head("206 Partial Content", fields), Some(&asked(Some("\"v1\""))))
        };
        let rest = Verdict::Rest { from: 5, total: 10 };
        assert_eq!(judge("Content-Range: bytes 5-9/10\r\nETag: \"v1\"\r\n"), rest);
        assert_eq!(judge("Content-Range: bytes 5-9/10\r\n"), rest);
        for of_another in [
            "",
            "Content-Range: bytes 5-9/10\r\nETag: \"v2\"\r\n",
            "Content-Range: bytes 4-9/10\r\n",
            "Content-Range: bytes 6-9/10\r\n",
            "Content-Range: bytes 5-8/10\r\n",
            "Content-Range: bytes 5-9/*\r\n",
            "Content-Range: bytes 5-9/10\r\nContent-Range: bytes 0-9/10\r\n",
            "Content-Type: multipart/byteranges; boundary=x\r\n",
        ] {
            assert_eq!(judge(of_another), Verdict::OfAnother, "{of_another}");
        }
        let blind = head("206 Partial Content", "Content-Range: bytes 5-9/10\r\n");
        assert_eq!(Verdict::of(&blind, Some(&asked(None))), Verdict::OfAnother);
    }

    #[test]
    fn what_the_first_answer_said_is_not_to_be_denied() {
        const DATE: &str = "Sat, 21 Nov 2026 05:00:00 GMT";
        let noted = Noted { modified: Some(DATE.to_owned()), total: Some(10), coding: None };
        for validator in ["\"v1\"", DATE] {
            let asked = Rest { noted: noted.clone(), ..asked(Some(validator)) };
            let judge =
                |status: &str, fields: &str| Verdict::of(&head(status, fields), Some(&asked));
            for fields in [
                "Content-Range: bytes 5-9/10\r\n",
                "Content-Range: bytes 5-9/10\r\nLast-Modified: Sat, 21 Nov 2026 05:00:00 GMT\r\n",
                "Content-Range: bytes 5-9/10\r\nLast-Modified: Saturday, 21-Nov-26 05:00:00 GMT\r\n",
            ] {
                assert_eq!(
                    judge("206 X", fields),
                    Verdict::Rest { from: 5, total: 10 },
                    "{fields}"
                );
            }
            for fields in [
                "Content-Range: bytes 5-9/10\r\nLast-Modified: Sat, 21 Nov 2026 09:00:00 GMT\r\n",
                "Content-Range: bytes 5-9/10\r\nLast-Modified: Sat, 21 Nov 2026 04:00:00 GMT\r\n",
                "Content-Range: bytes 5-9/10\r\nLast-Modified: soon\r\n",
                "Content-Range: bytes 5-11/12\r\n",
                "Content-Range: bytes 5-7/8\r\n",
                "Content-Range: bytes 5-9/*\r\n",
            ] {
                assert_eq!(judge("206 X", fields), Verdict::OfAnother, "{fields}");
            }
            // The whole has become as long as the part.
            assert_eq!(judge("416 X", "Content-Range: bytes */5\r\n"), Verdict::OfAnother);
        }
        for (noted, said, is_rest) in [
            (None, "identity", true),
            (None, "gzip", false),
            (Some("gzip"), "GZIP", true),
            (Some("gzip"), "br", false),
            (Some("gzip"), "identity", false),
        ] {
            let noted = Noted { coding: noted.map(str::to_owned), ..Noted::default() };
            let fields = format!("Content-Range: bytes 5-9/10\r\nContent-Encoding: {said}\r\n");
            let asked = Rest { noted, ..asked(Some("\"v1\"")) };
            let verdict = Verdict::of(&head("206 X", &fields), Some(&asked));
            assert_eq!(verdict != Verdict::OfAnother, is_rest, "{said}");
        }
        let two = "Content-Range: bytes 5-9/10\r\nETag: \"v1\"\r\nETag: \"v2\"\r\n";
        assert_eq!(
            Verdict::of(&head("206 X", two), Some(&asked(Some("\"v1\"")))),
            Verdict::OfAnother
        );
    }

    #[test]
    fn a_refused_range_of_the_right_length_is_a_complete_file() {
        let judge = |fields: &str| {
            Verdict::of(&head("416 Range Not Satisfiable", fields), Some(&asked(None)))
        };
        assert_eq!(judge("Content-Range: bytes */5\r\n"), Verdict::Complete);
        assert_eq!(judge("Content-Range: bytes */6\r\n"), Verdict::OfAnother);
        assert_eq!(judge("Content-Range: bytes */4\r\n"), Verdict::OfAnother);
        assert_eq!(judge(""), Verdict::OfAnother);
    }
}
