//! The pages that the server makes itself.

use std::fmt::Write as _;

use common::text::{Lang, Text, lang};
use http_fetch::http::status::Status;

use crate::text;

/// The type of every page made here. It is one field: the tutorial put `charset=utf-8` on a line of
/// its own, which is no field at all, and curl and node refuse the whole answer for it.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// The tutorial's page, byte for byte: 19 bytes of UTF-8.
pub(crate) const WELCOME: &str = "欢迎来此访问!";

/// A page that says what went wrong.
pub(crate) fn error(status: Status, why: Text) -> String {
    let phrase = match lang() {
        Lang::En => status.reason,
        Lang::Zh => text::status(status.code),
    };
    let title = format!("{} {phrase}", status.code);
    let mut page = begin(&title);
    let _ = write!(page, "<p>{}</p>\n</body>\n</html>\n", escape(why.words()));
    page
}

/// How all pages look: in the reader's colours, light or dark, and so that a telephone shows them
/// without a need to zoom.
const STYLE: &str = "\
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.3rem; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse }
th, td { padding: .4rem 0 .4rem 2rem; text-align: left; vertical-align: top; white-space: nowrap }
th:first-child, td:first-child { padding-left: 0; white-space: normal }
th:nth-child(2), td:nth-child(2) { text-align: right }
td:nth-child(n+2) { font-variant-numeric: tabular-nums }
thead { border-bottom: 1px solid }
tbody tr:hover { background: rgb(128 128 128 / .15) }
a { text-decoration: none; overflow-wrap: anywhere }
a:hover, a:focus { text-decoration: underline }
table ~ p { opacity: .75 }
@media (max-width: 40rem) {
  tr { display: flex; flex-wrap: wrap; column-gap: 1.5rem; padding: .5rem 0 }
  thead, tbody { display: block }
  tbody tr { border-bottom: 1px solid rgb(128 128 128 / .3) }
  table { display: block }
  th, td { padding: 0 }
  td:first-child { flex-basis: 100% }
  td:nth-child(n+2) { font-size: .85rem; opacity: .75 }
  td:empty { display: none }
}";

/// The beginning of a page, up to and with its heading.
pub(crate) fn begin(title: &str) -> String {
    begin_under(title, &escape(title))
}

/// The same with a heading that holds markup of ours.
pub(crate) fn begin_under(title: &str, heading: &str) -> String {
    let (title, language) = (escape(title), lang().tag());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>\n{STYLE}\n</style>\n</head>\n<body>\n<h1>{heading}</h1>\n"
    )
}

/// Text as it must stand in a page, also between quotation marks, so that it stays text.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use common::text::speaking;

    #[test]
    fn the_welcome_page_is_the_tutorials() {
        let bytes = b"\xe6\xac\xa2\xe8\xbf\x8e\xe6\x9d\xa5\xe6\xad\xa4\xe8\xae\xbf\xe9\x97\xae\x21";
        assert_eq!(WELCOME.as_bytes(), bytes);
    }

    const MARKUP: Text = Text { en: "no <b>\"bold\"</b> here", zh: "没有 <b>" };

    #[test]
    fn a_page_is_in_the_language_of_its_server() {
        let page = speaking(Lang::Zh, || error(Status::NOT_FOUND, MARKUP));
        assert!(page.contains("<html lang=\"zh-CN\">"), "{page}");
        assert!(page.contains("<title>404 找不到</title>"), "{page}");
        assert!(page.contains("<p>没有 &lt;b&gt;</p>"), "{page}");
        assert!(error(Status::NOT_FOUND, MARKUP).contains("<html lang=\"en\">"));
    }

    #[test]
    fn an_error_page_holds_no_markup_but_its_own() {
        let page = error(Status::NOT_FOUND, MARKUP);
        assert!(page.contains("<p>no &lt;b&gt;&quot;bold&quot;&lt;/b&gt; here</p>"), "{page}");
        assert!(page.contains("<title>404 Not Found</title>"), "{page}");
    }
}
