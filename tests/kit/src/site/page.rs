//! What stands around the words of every page.

use common::text::{Lang, speaking};

use crate::text;

pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    pub(super) language: Lang,
    /// The link to the look of all pages.
    pub(super) style: &'a str,
    /// The link to the kit's first page.
    pub(super) start: Option<&'a str>,
    /// The link to the same in the other language.
    pub(super) other_language: Option<&'a str>,
    /// HTML.
    pub(super) body: &'a str,
}

impl Page<'_> {
    pub(super) fn html(&self) -> String {
        let language = self.language.tag();
        let (title, style) = (escaped(self.title), escaped(self.style));
        let start = self.start.map(|link| (link, text::to_the_start as fn() -> &'static str));
        let other = self.other_language.map(|link| (link, text::other_language as _));
        let nav: Vec<String> = [start, other]
            .into_iter()
            .flatten()
            .map(|(link, words)| {
                let words = speaking(self.language, words);
                format!("<a href=\"{}\">{words}</a>", escaped(link))
            })
            .collect();
        let (nav, body) = (nav.join(" · "), self.body);
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<link rel=\"stylesheet\" href=\"{style}\">\n</head>\n\
             <body>\n<nav>{nav}</nav>\n<main>\n{body}</main>\n</body>\n</html>\n"
        )
    }
}

/// Text as HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
    html
}
