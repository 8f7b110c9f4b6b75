//! A document as HTML, with the anchors that GitHub gives its headings.

use std::collections::HashMap;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

/// A document.
pub(super) struct Html {
    /// Its first heading, as plain text.
    pub(super) title: String,
    pub(super) body: String,
}

/// What a document points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Page,
    Picture,
}

/// Makes HTML of a document; `link` says where each of its links leads.
///
/// # Errors
///
/// A link leads nowhere.
pub(super) fn html(
    markdown: &str,
    mut link: impl FnMut(To, &str) -> anyhow::Result<String>,
) -> anyhow::Result<Html> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS;
    let mut events: Vec<Event<'_>> = Parser::new_ext(markdown, options).collect();
    join_chinese_lines(&mut events);
    let headings = headings(&events);
    let title = headings.first().cloned().unwrap_or_default();
    let mut headings = headings.into_iter();
    let mut anchors = Anchors::default();
    for event in &mut events {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                *id = headings.next().map(|heading| anchors.of(&heading).into());
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                *dest_url = link(To::Page, dest_url)?.into();
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                *dest_url = link(To::Picture, dest_url)?.into();
            }
            _ => {}
        }
    }
    let mut body = String::new();
    push_html(&mut body, events.into_iter());
    Ok(Html { title, body })
}

/// The words of each heading.
fn headings(events: &[Event<'_>]) -> Vec<String> {
    let mut headings = Vec::new();
    let mut heading: Option<String> = None;
    for event in events {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => headings.extend(heading.take()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(words);
                }
            }
            _ => {}
        }
    }
    headings
}

/// A browser shows the end of a line as a blank, which between two Chinese letters is wrong.
fn join_chinese_lines(events: &mut [Event<'_>]) {
    for at in 1..events.len() {
        if let [Event::Text(before), end @ Event::SoftBreak, Event::Text(after)] =
            events.get_mut(at - 1..at + 2).unwrap_or_default()
            && before.chars().next_back().is_some_and(is_chinese)
            && after.chars().next().is_some_and(is_chinese)
        {
            *end = Event::Text("".into());
        }
    }
}

/// Letters and punctuation without blanks between them.
fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}' | '“' | '”' | '…')
}

/// The anchors of a document: what a link behind `#` names.
#[derive(Default)]
struct Anchors {
    times: HashMap<String, usize>,
}

impl Anchors {
    /// That of the next heading, as GitHub makes it: letters, digits, `-` and `_` stay, blanks
    /// become `-`, and one that is there already gets a number.
    fn of(&mut self, heading: &str) -> String {
        let anchor: String = heading
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ' '))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect();
        let times = self.times.entry(anchor.clone()).or_insert(0);
        *times += 1;
        match *times {
            1 => anchor,
            times => format!("{anchor}-{}", times - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(markdown: &str) -> String {
        html(markdown, |to, link| Ok(format!("{to:?}:{link}"))).unwrap().body
    }

    #[test]
    fn headings_have_the_anchors_of_github() {
        let html =
            body("# A\n## How fast, and why\n### `src/lib.rs`: all\n## 有多快，为什么\n## A\n");
        for anchor in ["a", "how-fast-and-why", "srclibrs-all", "有多快为什么", "a-1"] {
            assert!(html.contains(&format!("id=\"{anchor}\"")), "{anchor}: {html}");
        }
    }

    #[test]
    fn tables_are_tables_and_links_lead_where_they_are_told_to() {
        let html = body("| a | b |\n| --- | ---: |\n| [x](y.md) | <z> |\n");
        assert!(html.contains("<table>") && html.contains("<a href=\"Page:y.md\">x</a>"), "{html}");
        assert!(body("![it](y.webp)").contains("src=\"Picture:y.webp\" alt=\"it\""));
    }

    #[test]
    fn the_title_is_the_first_heading_in_plain_words() {
        let html =
            html("text\n\n# What `recv` *is*\n# More\n", |_, link| Ok(link.to_owned())).unwrap();
        assert_eq!(html.title, "What recv is");
    }

    #[test]
    fn no_blank_comes_between_chinese_letters_where_a_line_ends() {
        assert_eq!(body("一行，\n又一行\nline\nend\n"), "<p>一行，又一行\nline\nend</p>\n");
    }
}
