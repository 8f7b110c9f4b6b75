//! Requests that depend on what the client has already (RFC 9110 §13): a browser with a copy in its
//! cache, a download that goes on where it stopped.

use std::time::{Duration, UNIX_EPOCH};

use httpdate::parse_http_date;

use crate::http::date::Date;
use crate::http::request::types::Fields;

/// What tells one state of a file from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag`, with its quotation marks.
    pub etag: String,
    /// When the file was last changed, in seconds after 1970: the `Last-Modified`.
    pub modified: u64,
    /// Whether that time is the system's. Anybody can give a file another one (`touch -d`), and so
    /// two files the same.
    pub is_true_date: bool,
}

/// What the system keeps of a file and nobody can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The number of the file in its file system: another one has another.
    pub inode: u64,
    /// When its bytes, its name or its times were last changed, after 1970.
    pub changed: Duration,
    /// Whether that is so long ago that a further change must show in it.
    pub is_settled: bool,
}

impl Validators {
    /// Those of a file that is `length` bytes long and was last changed at this time after 1970.
    ///
    /// A tag is called strong, and may join two parts, only where no two states of a file can have
    /// the same (RFC 9110 §8.8.1). Length and time are not enough for that: of two releases of
    /// equal length, an archive can give both the same time.
    pub fn of(length: u64, modified: Duration, identity: Option<Identity>) -> Self {
        let (nanoseconds, seconds) = (modified.as_nanos(), modified.as_secs());
        let Some(Identity { inode, changed, is_settled }) = identity else {
            let etag = format!("W/\"{length:x}-{nanoseconds:x}\"");
            return Self { etag, modified: seconds, is_true_date: false };
        };
        let weak = if is_settled { "" } else { "W/" };
        let etag =
            format!("{weak}\"{length:x}-{nanoseconds:x}-{inode:x}-{:x}\"", changed.as_nanos());
        Self { etag, modified: seconds, is_true_date: changed.as_secs() == seconds }
    }
}

/// What the conditions of a request come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Answer as if there were none.
    Holds,
    /// The client has it already: 304.
    NotModified,
    /// The client wanted it only in another state: 412.
    Failed,
}

/// Judges the conditions of a GET or HEAD in the order of RFC 9110 §13.2.2.
pub fn judge(fields: &Fields<'_>, now: &Validators) -> Precondition {
    match (fields.if_match, fields.if_unmodified_since.and_then(seconds)) {
        (Some(tags), _) if !lists(tags, &now.etag, Comparison::Strong) => {
            return Precondition::Failed;
        }
        (None, Some(limit)) if now.modified > limit => return Precondition::Failed,
        _ => {}
    }
    match (fields.if_none_match, fields.if_modified_since.and_then(seconds)) {
        (Some(tags), _) if lists(tags, &now.etag, Comparison::Weak) => Precondition::NotModified,
        (None, Some(known)) if now.modified <= known => Precondition::NotModified,
        _ => Precondition::Holds,
    }
}

/// Whether a `Range` is to be heeded: without an `If-Range`, or when the file is still the one that
/// the client has a part of (RFC 9110 §13.1.5).
pub fn range_holds(if_range: Option<&[u8]>, validators: &Validators, now: &Date) -> bool {
    match if_range {
        None => true,
        Some(tag) if tag.starts_with(b"\"") => tag == validators.etag.as_bytes(),
        // A date says only in which second the file was changed; it may be changed again before
        // that one is over.
        Some(date) => {
            validators.is_true_date
                && seconds(date) == Some(validators.modified)
                && validators.modified < now.second()
        }
    }
}

/// Whether a weak tag, which stands for a file that is nearly the same, will do (RFC 9110
/// §8.8.3.2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

/// Whether `*` or a list such as `"a", W/"b,c"` has this tag.
fn lists(mut list: &[u8], etag: &str, comparison: Comparison) -> bool {
    if list == b"*" {
        return true;
    }
    let (we_are_weak, etag) = etag.strip_prefix("W/").map_or((false, etag), |etag| (true, etag));
    loop {
        list = list.trim_ascii_start();
        let (is_weak, tag) = list.strip_prefix(b"W/").map_or((false, list), |tag| (true, tag));
        // A tag may have a comma in it, so the list cannot be split at commas.
        let Some(end) =
            tag.strip_prefix(b"\"").and_then(|rest| rest.iter().position(|&byte| byte == b'"'))
        else {
            return false;
        };
        let (tag, rest) = tag.split_at_checked(end + 2).unwrap_or_default();
        if tag == etag.as_bytes() && !((is_weak || we_are_weak) && comparison == Comparison::Strong)
        {
            return true;
        }
        match rest.trim_ascii_start().strip_prefix(b",") {
            Some(rest) => list = rest,
            None => return false,
        }
    }
}

/// A date in any of the forms that RFC 9110 §5.6.7 knows; whatever else it may be is ignored.
fn seconds(date: &[u8]) -> Option<u64> {
    let date = parse_http_date(std::str::from_utf8(date).ok()?).ok()?;
    Some(date.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DATE: &[u8] = b"Sun, 06 Nov 1994 08:49:37 GMT";
    const LATER: &[u8] = b"Sun, 06 Nov 1994 08:49:38 GMT";
    const EARLIER: &[u8] = b"Sun, 06 Nov 1994 08:49:36 GMT";

    fn file() -> Validators {
        Validators { etag: "\"a,b\"".to_owned(), modified: 784_111_777, is_true_date: true }
    }

    #[test]
    fn a_tag_changes_with_whatever_tells_two_states_apart() {
        let of = |length, modified, inode, changed, is_settled| {
            let changed = Duration::from_nanos(changed);
            let identity = Some(Identity { inode, changed, is_settled });
            Validators::of(length, Duration::from_nanos(modified), identity).etag
        };
        let tag = of(16, 255, 7, 256, true);
        assert_eq!(tag, "\"10-ff-7-100\"");
        for other in
            [of(17, 255, 7, 256, true), of(16, 256, 7, 256, true), of(16, 255, 8, 256, true)]
        {
            assert_ne!(tag, other);
        }
        assert_ne!(tag, of(16, 255, 7, 257, true));
        assert_eq!(of(16, 255, 7, 256, false), format!("W/{tag}"));
        assert_eq!(Validators::of(16, Duration::from_nanos(255), None).etag, "W/\"10-ff\"");
    }

    #[test]
    fn a_weak_tag_spares_an_answer_and_joins_nothing() {
        let weak = Validators { etag: "W/\"a\"".to_owned(), ..file() };
        for tag in [&b"\"a\""[..], b"W/\"a\""] {
            let fields = Fields { if_none_match: Some(tag), ..Fields::default() };
            assert_eq!(judge(&fields, &weak), Precondition::NotModified);
            let fields = Fields { if_match: Some(tag), ..Fields::default() };
            assert_eq!(judge(&fields, &weak), Precondition::Failed);
            assert!(!range_holds(Some(tag), &weak, &Date::at(784_111_800)));
        }
    }

    #[test]
    fn a_date_that_somebody_has_set_joins_nothing() {
        let set = Validators { is_true_date: false, ..file() };
        assert!(!range_holds(Some(DATE), &set, &Date::at(784_111_800)));
    }

    #[test]
    fn a_file_that_the_client_has_is_not_sent_again() {
        for (tags, verdict) in [
            (&b"\"a,b\""[..], Precondition::NotModified),
            (b"W/\"a,b\"", Precondition::NotModified),
            (b"\"x\", W/\"y\" ,\"a,b\"", Precondition::NotModified),
            (b"*", Precondition::NotModified),
            (b"\"a\"", Precondition::Holds),
            (b"\"a,b", Precondition::Holds),
            (b"a,b", Precondition::Holds),
            (b"", Precondition::Holds),
            (b"w/\"a,b\"", Precondition::Holds),
        ] {
            let fields = Fields { if_none_match: Some(tags), ..Fields::default() };
            assert_eq!(judge(&fields, &file()), verdict, "{}", tags.escape_ascii());
        }
        for (date, verdict) in [
            (DATE, Precondition::NotModified),
            (LATER, Precondition::NotModified),
            (EARLIER, Precondition::Holds),
            (b"Sunday, 06-Nov-94 08:49:37 GMT", Precondition::NotModified),
            (b"yesterday", Precondition::Holds),
        ] {
            let fields = Fields { if_modified_since: Some(date), ..Fields::default() };
            assert_eq!(judge(&fields, &file()), verdict, "{}", date.escape_ascii());
        }
    }

    #[test]
    fn a_tag_outweighs_a_date() {
        let fields = Fields {
            if_none_match: Some(b"\"x\""),
            if_modified_since: Some(DATE),
            ..Fields::default()
        };
        assert_eq!(judge(&fields, &file()), Precondition::Holds);
        let fields = Fields {
            if_match: Some(b"\"a,b\""),
            if_unmodified_since: Some(EARLIER),
            ..Fields::default()
        };
        assert_eq!(judge(&fields, &file()), Precondition::Holds);
    }

    #[test]
    fn a_file_in_another_state_than_the_wanted_one_is_not_sent() {
        for (fields, verdict) in [
            (Fields { if_match: Some(b"\"x\""), ..Fields::default() }, Precondition::Failed),
            (Fields { if_match: Some(b"W/\"a,b\""), ..Fields::default() }, Precondition::Failed),
            (Fields { if_match: Some(b"*"), ..Fields::default() }, Precondition::Holds),
            (
                Fields { if_unmodified_since: Some(EARLIER), ..Fields::default() },
                Precondition::Failed,
            ),
            (Fields { if_unmodified_since: Some(DATE), ..Fields::default() }, Precondition::Holds),
        ] {
            assert_eq!(judge(&fields, &file()), verdict, "{fields:?}");
        }
    }

    #[test]
    fn a_download_goes_on_only_with_the_same_file() {
        let now = Date::at(784_111_800);
        let holds = |if_range: &[u8]| range_holds(Some(if_range), &file(), &now);
        assert!(range_holds(None, &file(), &now));
        assert!(holds(b"\"a,b\"") && holds(DATE));
        assert!(
            !holds(b"\"x\"")
                && !holds(b"W/\"a,b\"")
                && !holds(LATER)
                && !holds(EARLIER)
                && !holds(b"?")
        );
        assert!(!range_holds(Some(DATE), &file(), &Date::at(784_111_777)));
    }

    proptest! {
        #[test]
        fn no_bytes_at_all_upset_it(list: Vec<u8>, noise in "[ ,W/\"ab*]{0,20}") {
            for value in [&list[..], noise.as_bytes()] {
                let fields = Fields { if_none_match: Some(value), if_match: Some(value), ..Fields::default() };
                let _ = judge(&fields, &file());
                let _ = range_holds(Some(value), &file(), &Date::at(0));
            }
        }
    }
}
