//! The tour as one page: no script, no other file, readable on a phone, in light and in dark.

use std::fmt::Write as _;

use common::text::because;

use super::{Shown, Tour, ending, story, text};
use crate::document::document;
use crate::picture::{markup, svg};

/// The whole page.
pub(super) fn page(tour: &Tour) -> String {
    let title = text::page_title();
    let mut page = format!("<h1>{}</h1>\n", markup(title));
    for words in [text::intro(), text::page_intro()] {
        let _ = writeln!(page, "<p>{}</p>", markup(words));
    }
    for (number, (lesson, scenes)) in tour.iter().enumerate() {
        let title = markup(&because(lesson.name, lesson.title));
        let name = markup(lesson.name);
        let _ = writeln!(page, "<section id=\"{name}\">\n<h2>{}. {title}</h2>", number + 1);
        for shown in scenes {
            write_scene(&mut page, shown);
        }
        let _ = write!(page, "<p>{}</p>\n<pre>", markup(text::next()));
        for (command, remark) in lesson.next {
            let line = format!("{command}      {remark}");
            let _ = writeln!(page, "{}", markup(line.trim_end()));
        }
        page.push_str("</pre>\n</section>\n");
    }
    document(title, &page)
}

fn write_scene(page: &mut String, shown: &Shown) {
    let performance = &shown.performance;
    let commands: Vec<String> =
        performance.commands.iter().map(|command| format!("$ {}", markup(command))).collect();
    let _ = writeln!(
        page,
        "<p>{}</p>\n<pre>{}</pre>\n<figure>\n{}",
        markup(shown.scene.says.words()),
        commands.join("\n"),
        svg(&shown.ladder)
    );
    for (who, said) in performance.everybody() {
        let name = story::name_in_words(performance, who);
        let heading = match said.printed.is_empty() {
            true => text::nothing_printed_by(name),
            false => text::printed_by(name),
        };
        let _ = writeln!(page, "<p class=\"who\">{}</p>", markup(&heading));
        if !said.printed.is_empty() {
            let lines: Vec<String> = said.printed.iter().map(|line| printed(line)).collect();
            let _ = writeln!(page, "<pre class=\"printed\">{}</pre>", lines.join("\n"));
        }
        if let Some(words) = ending(performance, who, said) {
            let _ = writeln!(page, "<p class=\"who\">{}</p>", markup(&words));
        }
    }
    let _ = writeln!(
        page,
        "<figcaption>{}</figcaption>\n</figure>",
        markup(shown.scene.notice.words())
    );
    if shown.terms.is_empty() {
        return;
    }
    let _ = writeln!(page, "<p>{}</p>\n<dl>", markup(text::new_words()));
    for term in &shown.terms {
        let (word, means) = (markup(term.word.words()), markup(term.means.words()));
        let _ = writeln!(page, "<dt>{word}</dt><dd>{means}</dd>");
    }
    page.push_str("</dl>\n");
}

fn printed(line: &str) -> String {
    markup(&common::terminal::escape_line(line))
}
