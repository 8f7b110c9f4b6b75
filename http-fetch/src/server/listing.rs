//! The page that shows what a directory holds.

use std::fmt::Write as _;

use common::terminal::escape_line;

use crate::human::{Clock, Size};
use crate::order::{Column, Order};
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

/// A page with a link to each entry, in this order. `left_out` is how many there were beyond
/// [`MOST`].
pub(crate) fn page(
    names: &[Vec<u8>],
    entries: Vec<Entry>,
    left_out: usize,
    order: Order,
) -> String {
    page_at(&Clock::here(), names, entries, left_out, order)
}

fn page_at(
    clock: &Clock,
    names: &[Vec<u8>],
    mut entries: Vec<Entry>,
    left_out: usize,
    order: Order,
) -> String {
    order.sort(&mut entries);
    // Who goes on to another directory keeps the order.
    let query = order.query();
    let mut page = begin(names, &query);
    page.push_str("<table>\n<thead>\n<tr>");
    page.push_str(&order.head(Column::Name, text::name()));
    page.push_str(&order.head(Column::Size, text::size()));
    page.push_str(&order.head(Column::Time, text::changed()));
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    if !names.is_empty() {
        let _ =
            writeln!(page, "<tr><td><a href=\"../{query}\">../</a></td><td></td><td></td></tr>");
    }
    for entry in &entries {
        row(&mut page, entry, clock, &query);
    }
    page.push_str("</tbody>\n</table>\n");
    if left_out > 0 {
        let _ = writeln!(page, "<p>{}</p>", text::and_more(left_out));
    }
    let _ = writeln!(page, "<p>{}</p>", escape(&text::times_of(clock.name())));
    page.push_str("</body>\n</html>\n");
    page
}

/// The heading names the directory, and each of its parents is a link.
fn begin(names: &[Vec<u8>], query: &str) -> String {
    let (mut path, mut linked) = (String::from("/"), String::from("/"));
    if !names.is_empty() {
        linked = format!("<a href=\"{}{query}\">/</a>", "../".repeat(names.len()));
    }
    for (at, name) in names.iter().enumerate() {
        let name = String::from_utf8_lossy(name);
        let (shown, up) = (escape(&name), "../".repeat(names.len() - 1 - at));
        let _ = match at + 1 == names.len() {
            true => write!(linked, "{shown}/"),
            false => write!(linked, "<a href=\"{up}{query}\">{shown}/</a>"),
        };
        path.push_str(&name);
        path.push('/');
    }
    page::begin_under(&text::index_of(path), &text::index_of(linked))
}

fn row(page: &mut String, entry: &Entry, clock: &Clock, query: &str) {
    let (slash, query) = if entry.length.is_some() { ("", "") } else { ("/", query) };
    // `./` keeps a name such as `javascript:x` from being a scheme.
    page.push_str("<tr><td><a href=\"./");
    page.extend(path::encode(&entry.name));
    let shown = escape(&escape_line(&String::from_utf8_lossy(&entry.name)));
    let _ = write!(page, "{slash}{query}\">{shown}{slash}</a></td>");
    let _ = match entry.length {
        Some(bytes) => {
            write!(page, "<td title=\"{}\">{}</td>", text::exactly(bytes), Size(bytes))
        }
        None => write!(page, "<td></td>"),
    };
    let (time, shown) = clock.time(entry.modified);
    let _ = writeln!(page, "<td><time datetime=\"{time}\">{shown}</time></td></tr>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn file(name: &[u8]) -> Entry {
        Entry { name: name.to_vec(), length: Some(5), modified: 784_111_777 }
    }

    fn page(names: &[Vec<u8>], entries: Vec<Entry>, left_out: usize) -> String {
        let clock = Clock::of(TimeZone::fixed(jiff::tz::offset(8)));
        page_at(&clock, names, entries, left_out, Order::default())
    }

    #[test]
    fn a_name_in_chinese_is_shown_as_it_is_and_linked_in_percent_encoding() {
        let page = page(&["文档".into()], vec![file("中文.txt".as_bytes())], 0);
        assert!(page.contains("<title>Index of /文档/</title>"), "{page}");
        assert!(page.contains("<h1>Index of <a href=\"../\">/</a>文档/</h1>"), "{page}");
        let row = "<tr><td><a href=\"./%E4%B8%AD%E6%96%87.txt\">中文.txt</a></td><td title=\"5 bytes\">5 B</td>\
                   <td><time datetime=\"1994-11-06T08:49:37Z\">1994-11-06 16:49</time></td></tr>";
        assert!(page.contains(row), "{page}");
        assert!(page.contains("<p>Times: UTC+08:00</p>"), "{page}");
        assert!(page.contains("<td><a href=\"../\">../</a></td>"), "{page}");
    }

    #[test]
    fn a_name_is_never_markup_nor_a_scheme() {
        let page = page(
            &[b"<b>".to_vec(), b"<i>".to_vec()],
            vec![
                file(b"\"><script>alert(1)</script>"),
                file(b"javascript:alert(1)"),
                file(b"a?b#c&d%41"),
            ],
            0,
        );
        assert!(
            !page.contains("<script") && !page.contains("<b>") && !page.contains("<i>"),
            "{page}"
        );
        assert!(page.contains("&quot;&gt;&lt;script&gt;"), "{page}");
        assert!(page.contains("href=\"./javascript%3Aalert%281%29\""), "{page}");
        assert!(page.contains("href=\"./a%3Fb%23c%26d%2541\">a?b#c&amp;d%41<"), "{page}");
        assert!(page.contains("<a href=\"../\">&lt;b&gt;/</a>&lt;i&gt;/</h1>"), "{page}");
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
        assert!(!page.contains("../"), "{page}");
    }

    #[test]
    fn an_order_goes_along_to_other_directories() {
        let directory = Entry { name: b"z".to_vec(), length: None, modified: 0 };
        let order = Order::of(Some(b"sort=size"));
        let names = [b"a".to_vec(), b"b".to_vec()];
        let page =
            page_at(&Clock::of(TimeZone::UTC), &names, vec![directory, file(b"f")], 0, order);
        for link in ["../?", "../../?", "./z/?"] {
            assert!(page.contains(&format!("\"{link}sort=size&amp;order=desc\"")), "{page}");
        }
        assert!(page.contains("\"./f\""), "{page}");
    }

    #[test]
    fn a_name_that_is_no_text_still_has_a_link() {
        let page = page(&[], vec![file(b"\xff")], 0);
        assert!(page.contains("<a href=\"./%FF\">\u{fffd}</a>"), "{page}");
    }
}
