//! By what a listing is sorted: the query `?sort=size&order=desc`. It works by links, without a
//! script.

use std::cmp::Ordering;

use crate::entries::Entry;

/// What a column of the listing holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Column {
    #[default]
    Name,
    Size,
    Time,
}

/// By what a listing is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Order {
    by: Column,
    descends: bool,
}

impl Column {
    fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Size => "size",
            Self::Time => "time",
        }
    }
}

impl Order {
    /// What a query asks for; what is none of our words is read over.
    pub(crate) fn of(query: Option<&[u8]>) -> Self {
        let (mut order, mut direction) = (Self::default(), None);
        for pair in query.unwrap_or_default().split(|byte| *byte == b'&') {
            match pair {
                b"sort=name" => order.by = Column::Name,
                b"sort=size" => order.by = Column::Size,
                b"sort=time" => order.by = Column::Time,
                b"order=asc" => direction = Some(false),
                b"order=desc" => direction = Some(true),
                _ => {}
            }
        }
        order.descends = direction.unwrap_or(Self::first(order.by).descends);
        order
    }

    /// How a column is sorted by the first click on it: the largest and the newest are looked for
    /// most.
    fn first(by: Column) -> Self {
        Self { by, descends: by != Column::Name }
    }

    /// The query for it, as it stands in a link; none for the order that a listing has anyway.
    pub(crate) fn query(self) -> String {
        if self == Self::default() { String::new() } else { self.whole_query() }
    }

    fn whole_query(self) -> String {
        let direction = if self.descends { "desc" } else { "asc" };
        format!("?sort={}&amp;order={direction}", self.by.word())
    }

    /// The head of a column: what stands between `<th` and its words, and behind them, where a
    /// click sorts by it, or turns round what is sorted by it already.
    pub(crate) fn head(self, column: Column, words: &str) -> String {
        let (mark, state, next) = match (self.by == column, self.descends) {
            (false, _) => ("", "", Self::first(column)),
            (true, false) => (" ▲", " aria-sort=\"ascending\"", Self { descends: true, ..self }),
            (true, true) => (" ▼", " aria-sort=\"descending\"", Self { descends: false, ..self }),
        };
        format!("<th{state}><a href=\"{}\">{words}{mark}</a></th>", next.whole_query())
    }

    /// Which of two stands first: directories do, and each kind is in order. What is equal stands
    /// in the order of its names.
    pub(crate) fn compare(self, a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
        let kinds = a.length.is_some().cmp(&b.length.is_some());
        kinds.then_with(|| self.compare_kind(a, b)).then_with(|| a.name.cmp(b.name))
    }

    fn compare_kind(self, a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
        let ascending = match self.by {
            Column::Name => a.name.cmp(b.name),
            Column::Size => a.length.cmp(&b.length),
            Column::Time => a.modified.cmp(&b.modified),
        };
        if self.descends { ascending.reverse() } else { ascending }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entries::Entries;

    fn sorted(query: &str) -> String {
        let entry = |name: &'static str, length, modified| Entry {
            name: name.as_bytes(),
            length,
            modified,
        };
        let entries = [
            entry("b", Some(1), 9),
            entry("c", Some(3), 7),
            entry("a", Some(2), 8),
            entry("d", Some(2), 7),
            entry("Y", None, 1),
            entry("Z", None, 2),
        ];
        let mut entries: Entries = entries.into_iter().collect();
        let order = Order::of(Some(query.as_bytes()));
        entries.sort(|a, b| order.compare(a, b));
        entries.iter().map(|entry| String::from_utf8_lossy(entry.name).into_owned()).collect()
    }

    #[test]
    fn directories_come_first_and_what_is_equal_by_its_names() {
        for (query, names) in [
            ("", "YZabcd"),
            ("sort=name&order=asc", "YZabcd"),
            ("sort=name&order=desc", "ZYdcba"),
            ("order=desc", "ZYdcba"),
            ("sort=size&order=asc", "YZbadc"),
            ("sort=size&order=desc", "YZcadb"),
            ("sort=size", "YZcadb"),
            ("order=asc&sort=time", "YZcdab"),
            ("sort=time&order=desc", "ZYbacd"),
            ("sort=time", "ZYbacd"),
            ("sort=colour&order=up&x", "YZabcd"),
        ] {
            assert_eq!(sorted(query), names, "{query}");
        }
        assert_eq!(Order::of(None), Order::default());
    }

    #[test]
    fn a_click_sorts_and_the_next_one_turns_it_round() {
        let order = Order::of(None);
        assert_eq!(
            order.head(Column::Name, "Name"),
            "<th aria-sort=\"ascending\"><a href=\"?sort=name&amp;order=desc\">Name ▲</a></th>"
        );
        assert_eq!(
            order.head(Column::Size, "Size"),
            "<th><a href=\"?sort=size&amp;order=desc\">Size</a></th>"
        );
        let order = Order::of(Some(b"sort=size&order=desc"));
        assert_eq!(
            order.head(Column::Size, "Size"),
            "<th aria-sort=\"descending\"><a href=\"?sort=size&amp;order=asc\">Size ▼</a></th>"
        );
        assert_eq!(
            (order.query(), Order::default().query()),
            ("?sort=size&amp;order=desc".into(), String::new())
        );
    }
}
