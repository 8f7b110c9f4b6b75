//! The page that shows what a directory holds.

use std::fmt::Write as _;

use http_fetch::http::date::Date;

use crate::page::{self, escape};
use crate::path;
use crate::text;

/// The most entries that a page shows: a page of more is of no use to a person, and its making
/// holds memory.
pub(crate) const MOST: usize = 10_000;

/// A file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name, in whatever bytes the file system has.
    pub(crate) name: Vec<u8>,
    /// Its length in bytes; a directory has none.
    pub(crate) length: Option<u64>,
    /// When it was last changed, in seconds after 1970.
    pub(crate) modified: u64,
}

/// A page with a link to each entry: directories first, each kind by its names. `left_out` is how
/// many there were beyond [`MOST`].
pub(crate) fn page(names: &[Vec<u8>], mut entries: Vec<Entry>, left_out: usize) -> String {
    entries.sort_by(|a, b| (a.length.is_some(), &a.name).cmp(&(b.length.is_some(), &b.name)));
    let mut path = String::from("/");
    for name in names {
        path.push_str(&String::from_utf8_lossy(name));
        path.push('/');
    }
    let mut page = page::begin(&text::index_of(path));
    let (name, bytes, changed) = (text::name(), text::bytes(), text::changed());
    let _ = writeln!(page, "<table>\n<tr><th>{name}</th><th>{bytes}</th><th>{changed}</th></tr>");
    if !names.is_empty() {
        page.push_str("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
    }
    for entry in &entries {
        row(&mut page, entry);
    }
    page.push_str("</table>\n");
    if left_out > 0 {
        let _ = writeln!(page, "<p>{}</p>", text::and_more(left_out));
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn row(page: &mut String, entry: &Entry) {
    let slash = if entry.length.is_some() { "" } else { "/" };
    // `./` keeps a name such as `javascript:x` from being a scheme.
    page.push_str("<tr><td><a href=\"./");
    page.extend(path::encode(&entry.name));
    let shown = escape(&String::from_utf8_lossy(&entry.name));
    let length = entry.length.map(|length| length.to_string()).unwrap_or_default();
    let changed = Date::at(entry.modified).day_and_minute();
    let _ =
        writeln!(page, "{slash}\">{shown}{slash}</a></td><td>{length}</td><td>{changed}</td></tr>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &[u8]) -> Entry {
        Entry { name: name.to_vec(), length: Some(5), modified: 784_111_777 }
    }

    #[test]
    fn a_name_in_chinese_is_shown_as_it_is_and_linked_in_percent_encoding() {
        let page = page(&["文档".into()], vec![file("中文.txt".as_bytes())], 0);
        assert!(page.contains("<h1>Index of /文档/</h1>"), "{page}");
        let row = "<tr><td><a href=\"./%E4%B8%AD%E6%96%87.txt\">中文.txt</a></td><td>5</td><td>1994-11-06 08:49</td></tr>";
        assert!(page.contains(row), "{page}");
        assert!(page.contains("href=\"../\""), "{page}");
    }

    #[test]
    fn a_name_is_never_markup_nor_a_scheme() {
        let page = page(
            &[],
            vec![
                file(b"\"><script>alert(1)</script>"),
                file(b"javascript:alert(1)"),
                file(b"a?b#c&d%41"),
            ],
            0,
        );
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&quot;&gt;&lt;script&gt;"), "{page}");
        assert!(page.contains("href=\"./javascript%3Aalert%281%29\""), "{page}");
        assert!(page.contains("href=\"./a%3Fb%23c%26d%2541\">a?b#c&amp;d%41<"), "{page}");
        assert!(!page.contains("../"), "{page}");
    }

    #[test]
    fn directories_come_first_and_names_are_in_order() {
        let directory = Entry { name: b"z".to_vec(), length: None, modified: 0 };
        let page = page(&[], vec![file(b"b"), directory, file(b"a")], 3);
        let at = |text: &str| page.find(text).unwrap();
        assert!(
            at(">z/<") < at(">a<") && at(">a<") < at(">b<") && at(">b<") < at("<p>and 3 more</p>"),
            "{page}"
        );
    }

    #[test]
    fn a_name_that_is_no_text_still_has_a_link() {
        let page = page(&[], vec![file(b"\xff")], 0);
        assert!(page.contains("<a href=\"./%FF\">\u{fffd}</a>"), "{page}");
    }
}
