//! From the path of a URL to the names of directories and a file, and back.
//!
//! A path is split at its slashes first and decoded then, each part once. In that order `%2e%2e` is
//! a name like any other, and `%2f` a character that no name has, so that nothing which comes out
//! can climb or branch.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode, percent_encode};

use http_fetch::http::request::types::Refusal;
use http_fetch::http::status::Status;

use crate::text;

/// What stays as it is in a part of a path: the unreserved characters (RFC 3986 §2.3).
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The one directory that is for everybody though its name begins with a dot: what a site says
/// about itself (RFC 8615). It is at the top, and nowhere else.
const WELL_KNOWN: &[u8] = b".well-known";

/// Where a path leads, below the directory that is served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SitePath {
    /// Names from the top down, none of which is empty, `.` or `..`, or has a slash in it.
    pub(crate) names: Vec<Vec<u8>>,
    /// Whether the path ended in a slash, and so asks for a directory.
    pub(crate) is_directory: bool,
}

impl SitePath {
    /// Takes a path apart that begins with a slash.
    ///
    /// # Errors
    ///
    /// 400 for what is not percent-encoding; 404 for what is no name here, whether there is such a
    /// file or not.
    pub(crate) fn of(path: &[u8]) -> Result<Self, Refusal> {
        let (mut names, mut is_directory) = (Vec::new(), true);
        let mut parts = path.split(|&byte| byte == b'/').skip(1).peekable();
        while let Some(part) = parts.next() {
            let name = decode(part)?;
            // Nothing between two slashes leads nowhere else, and neither does a dot.
            is_directory = name.is_empty() || (name == b"." && parts.peek().is_some());
            if !is_directory {
                let is_at_the_top = names.is_empty();
                if !(is_served(&name) || is_at_the_top && name == WELL_KNOWN) {
                    return Err(NOT_FOUND);
                }
                names.push(name);
            }
        }
        Ok(Self { names, is_directory })
    }

    /// The path of this place as a directory, encoded.
    pub(crate) fn directory_path(&self) -> String {
        let mut path = String::from("/");
        for name in &self.names {
            path.extend(encode(name));
            path.push('/');
        }
        path
    }
}

/// Whether a file of that name is served: it is not hidden, and is a name on every system.
pub(crate) fn is_served(name: &[u8]) -> bool {
    // With the first dot go `.` and `..`, and what people keep beside their pages: `.git`, `.ssh`,
    // `.htpasswd`.
    !name.is_empty()
        && !name.starts_with(b".")
        && !name.iter().any(|byte| matches!(byte, b'/' | b'\\' | 0))
}

/// A name as it stands in a path.
pub(crate) fn encode(name: &[u8]) -> impl Iterator<Item = &str> {
    percent_encode(name, IN_PATH)
}

/// A query as it must stand in a field. It stays what it is, but for bytes that no query may have.
pub(crate) fn encode_query(query: &[u8]) -> impl Iterator<Item = &str> {
    percent_encode(query, CONTROLS)
}

fn decode(part: &[u8]) -> Result<Vec<u8>, Refusal> {
    let is_cut =
        |rest: &[u8]| !matches!(rest, [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    if part.split(|&byte| byte == b'%').skip(1).any(is_cut) {
        return Err(Refusal::bad(text::BAD_ESCAPE));
    }
    Ok(percent_decode(part).collect())
}

/// There is nothing by that name; or there is, and nobody needs to know.
pub(crate) const NOT_FOUND: Refusal =
    Refusal { status: Status::NOT_FOUND, why: text::NOTHING_HERE };

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(path: &str) -> Result<Vec<String>, u16> {
        let place = SitePath::of(path.as_bytes()).map_err(|refusal| refusal.status.code)?;
        Ok(place.names.into_iter().map(|name| String::from_utf8(name).unwrap()).collect())
    }

    #[test]
    fn a_path_is_a_list_of_names() {
        assert_eq!(names("/"), Ok(vec![]));
        assert_eq!(names("/a/b.html"), Ok(vec!["a".into(), "b.html".into()]));
        assert_eq!(names("/%E4%B8%AD%e6%96%87/a%20b"), Ok(vec!["中文".into(), "a b".into()]));
        assert_eq!(names("/中文"), Ok(vec!["中文".into()]));
        assert!(SitePath::of(b"/a/").unwrap().is_directory);
        assert!(!SitePath::of(b"/a").unwrap().is_directory);
    }

    #[test]
    fn slashes_and_dots_that_lead_nowhere_are_passed_over() {
        let a_b = Ok(vec!["a".to_owned(), "b".to_owned()]);
        for path in ["/a//b", "//a/b", "/./a/b", "/a/./b", "/a/%2e/b", "///a/.//b"] {
            assert_eq!(names(path), a_b, "{path}");
            assert!(!SitePath::of(path.as_bytes()).unwrap().is_directory, "{path}");
        }
        for path in ["/a/b//", "/a/b/./"] {
            assert_eq!(names(path), a_b, "{path}");
            assert!(SitePath::of(path.as_bytes()).unwrap().is_directory, "{path}");
        }
        assert_eq!(names("//"), Ok(vec![]));
    }

    #[test]
    fn what_a_site_says_about_itself_is_not_hidden() {
        for path in [
            "/.well-known/security.txt",
            "//.well-known/./security.txt",
            "/%2ewell-known/security.txt",
        ] {
            assert_eq!(
                names(path),
                Ok(vec![".well-known".into(), "security.txt".into()]),
                "{path}"
            );
        }
    }

    #[test]
    fn a_name_is_decoded_once() {
        assert_eq!(names("/%252e%252e"), Ok(vec!["%2e%2e".into()]));
        assert_eq!(names("/a+b"), Ok(vec!["a+b".into()]));
    }

    #[test]
    fn nothing_climbs_or_branches_or_is_hidden() {
        for path in [
            "/..",
            "/../etc/passwd",
            "/a/../../b",
            "/%2e%2e/a",
            "/%2E./a",
            "/..%2fetc",
            "/a%2fb",
            "/a%2Fb",
            "/..%5cetc",
            "/..\\etc",
            "/a\\b",
            "/a%00",
            "/a%00.html",
            "/a/.well-known/b",
            "/.well-known/.git",
            "/.well-known2",
            "/./.git",
            "/.",
            "/a/.",
            "//.git",
            "/.git/config",
            "/.htaccess",
        ] {
            assert_eq!(names(path), Err(404), "{path}");
        }
    }

    #[test]
    fn what_is_not_percent_encoding_is_refused() {
        for path in ["/%", "/a%2", "/%zz", "/%%41", "/%u4e2d", "/a%4/b"] {
            assert_eq!(names(path), Err(400), "{path}");
        }
    }

    fn name() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 1..12)
            .prop_filter("a name that is served", |name| is_served(name))
    }

    proptest! {
        #[test]
        fn what_a_listing_links_to_is_found_again(names in prop::collection::vec(name(), 0..4)) {
            let place = SitePath { names, is_directory: true };
            let path = place.directory_path();
            prop_assert!(path.is_ascii());
            prop_assert_eq!(SitePath::of(path.as_bytes()).unwrap(), place);
        }

        #[test]
        fn no_path_at_all_leads_out(path: Vec<u8>) {
            if let Ok(place) = SitePath::of(&[b"/".as_slice(), &path].concat()) {
                let rest = place.names.strip_prefix(&[WELL_KNOWN.to_vec()]).unwrap_or(&place.names);
                prop_assert!(rest.iter().all(|name| is_served(name)));
            }
        }
    }
}
