//! The page that shows what a directory holds.

use std::fmt::Write as _;
use std::ops::Range;

use common::terminal::escape_line;

use crate::entries::{Entries, Entry};
use crate::human::{Clock, Size};
use crate::order::{Column, Order};
use crate::page::{self, escape};
use crate::path;
use crate::text;

/// The most entries that a page shows: a page of more is of no use to a person, and its making
/// holds memory.
pub(crate) const MOST: usize = 10_000;

/// A page with a link to each entry. It is written piece by piece as it is sent, each of them from
/// the entries: ten thousand take half a MiB, and the page that shows them three times as much.
#[derive(Debug)]
pub(crate) struct Listing {
    clock: Clock,
    entries: Entries,
    /// What is asked for in links to other directories, so that they are sorted alike.
    query: String,
    before: String,
    /// How many bytes of the page there are up to the end of each row.
    ends: Vec<u64>,
    after: String,
}

impl Listing {
    /// The entries of the directory that these names lead to, in this order. `left_out` is how many
    /// there were beyond [`MOST`].
    pub(crate) fn new(names: &[Vec<u8>], entries: Entries, left_out: usize, order: Order) -> Self {
        Self::at(Clock::here(), names, entries, left_out, order)
    }

    fn at(
        clock: Clock,
        names: &[Vec<u8>],
        mut entries: Entries,
        left_out: usize,
        order: Order,
    ) -> Self {
        entries.shrink();
        entries.sort(|a, b| order.compare(a, b));
        // A link to another directory carries the order along.
        let query = order.query();
        let (before, after) = (before(names, order, &query), after(&clock, left_out));
        let mut listing = Self { clock, entries, query, before, ends: Vec::new(), after };
        listing.ends = listing.measure();
        listing
    }

    fn measure(&self) -> Vec<u64> {
        let (mut end, mut row, mut time) = (self.before.len() as u64, String::new(), None);
        let ends = self.entries.iter().map(|entry| {
            row.clear();
            self.row(&mut row, &entry, &mut time);
            end += row.len() as u64;
            end
        });
        ends.collect()
    }

    /// How many bytes the page has.
    pub(crate) fn length(&self) -> u64 {
        self.ends.last().map_or(self.before.len() as u64, |end| *end) + self.after.len() as u64
    }

    /// Appends these bytes of the page to `buffer`.
    pub(crate) fn read(&self, range: Range<u64>, buffer: &mut Vec<u8>) {
        let first = self.ends.partition_point(|end| *end <= range.start);
        let (mut piece, mut begin) = (String::new(), 0);
        match first.checked_sub(1).and_then(|last| self.ends.get(last)) {
            Some(end) => begin = *end,
            None => piece.push_str(&self.before),
        }
        let (mut rows, mut time) = (self.entries.iter().skip(first), None);
        let is_long_enough = |piece: &String| begin + piece.len() as u64 >= range.end;
        while !is_long_enough(&piece) {
            match rows.next() {
                Some(entry) => self.row(&mut piece, &entry, &mut time),
                None => {
                    piece.push_str(&self.after);
                    break;
                }
            }
        }
        let within = |at: u64| usize::try_from(at.saturating_sub(begin)).unwrap_or(usize::MAX);
        let end = within(range.end).min(piece.len());
        buffer
            .extend_from_slice(piece.as_bytes().get(within(range.start)..end).unwrap_or_default());
    }

    /// One row; `time` is that of the row before, which many have in common.
    fn row(&self, page: &mut String, entry: &Entry<'_>, time: &mut Option<(u64, String)>) {
        if time.as_ref().is_none_or(|(second, _)| *second != entry.modified) {
            let (machine, shown) = self.clock.time(entry.modified);
            let cell = format!("<td><time datetime=\"{machine}\">{shown}</time></td></tr>\n");
            *time = Some((entry.modified, cell));
        }
        row(page, entry, &self.query);
        page.push_str(time.as_ref().map_or("", |(_, cell)| cell));
    }
}

fn before(names: &[Vec<u8>], order: Order, query: &str) -> String {
    let mut page = begin(names, query);
    page.push_str("<table>\n<thead>\n<tr>");
    page.push_str(&order.head(Column::Name, text::name()));
    page.push_str(&order.head(Column::Size, text::size()));
    page.push_str(&order.head(Column::Time, text::changed()));
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    if !names.is_empty() {
        let _ =
            writeln!(page, "<tr><td><a href=\"../{query}\">../</a></td><td></td><td></td></tr>");
    }
    page
}

fn after(clock: &Clock, left_out: usize) -> String {
    let mut page = String::from("</tbody>\n</table>\n");
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

/// A row but for its time.
fn row(page: &mut String, entry: &Entry<'_>, query: &str) {
    let (slash, query) = if entry.length.is_some() { ("", "") } else { ("/", query) };
    // `./` keeps a name such as `javascript:x` from being a scheme.
    page.push_str("<tr><td><a href=\"./");
    page.extend(path::encode(entry.name));
    let shown = escape(&escape_line(&String::from_utf8_lossy(entry.name)));
    let _ = write!(page, "{slash}{query}\">{shown}{slash}</a></td>");
    let _ = match entry.length {
        Some(bytes) => {
            write!(page, "<td title=\"{}\">{}</td>", text::exactly(bytes), Size(bytes))
        }
        None => write!(page, "<td></td>"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn file(name: &[u8]) -> Entry<'_> {
        Entry { name, length: Some(5), modified: 784_111_777 }
    }

    fn page(names: &[Vec<u8>], entries: Vec<Entry<'_>>, left_out: usize) -> String {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        page_at(zone, names, entries, left_out, Order::default())
    }

    fn page_at(
        zone: TimeZone,
        names: &[Vec<u8>],
        entries: Vec<Entry<'_>>,
        left_out: usize,
        order: Order,
    ) -> String {
        let listing =
            Listing::at(Clock::of(zone), names, entries.into_iter().collect(), left_out, order);
        let mut page = Vec::new();
        listing.read(0..listing.length(), &mut page);
        assert_eq!(page.len() as u64, listing.length());
        String::from_utf8(page).unwrap()
    }

    #[test]
    fn whatever_pieces_it_is_read_in_it_is_the_same_page() {
        let names: Vec<String> = (0..40).map(|number| "n".repeat(number * 7 % 40 + 1)).collect();
        let rows = names.iter().zip(0..).map(|(name, number)| Entry {
            name: name.as_bytes(),
            length: (number % 3 > 0).then_some(1 << (number % 40)),
            modified: number / 4 * 86_400,
        });
        let clock = || Clock::of(TimeZone::UTC);
        for count in [0, 1, 40] {
            let entries = rows.clone().take(count).collect();
            let listing = Listing::at(clock(), &[b"a".to_vec()], entries, 2, Order::default());
            let mut whole = Vec::new();
            listing.read(0..listing.length(), &mut whole);
            assert_eq!(whole.len() as u64, listing.length());
            for size in [1, 7, 100, 1000] {
                let mut pieces = Vec::new();
                while (pieces.len() as u64) < listing.length() {
                    let begin = pieces.len() as u64;
                    listing.read(begin..(begin + size).min(listing.length()), &mut pieces);
                }
                assert!(pieces == whole, "{count} entries by {size}");
            }
            listing.read(listing.length()..listing.length() + 9, &mut whole);
            assert_eq!(whole.len() as u64, listing.length());
        }
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
        let directory = Entry { name: b"z", length: None, modified: 0 };
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
        let directory = Entry { name: b"z", length: None, modified: 0 };
        let order = Order::of(Some(b"sort=size"));
        let names = [b"a".to_vec(), b"b".to_vec()];
        let page = page_at(TimeZone::UTC, &names, vec![directory, file(b"f")], 0, order);
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
