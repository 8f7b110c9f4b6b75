//! The tour as one page: no script, no other file, readable on a phone, in light and in dark.

use std::fmt::Write as _;

use common::text::{Lang, because, lang};

use super::{Shown, Tour, ending, story, text};
use crate::picture::{markup, svg};

/// The whole page.
pub(super) fn page(tour: &Tour) -> String {
    let mut page = head();
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
    page.push_str("</main>\n</body>\n</html>\n");
    page
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

fn head() -> String {
    let language = match lang() {
        Lang::En => "en",
        Lang::Zh => "zh-CN",
    };
    let title = markup(text::page_title());
    let (intro, when) = (markup(text::intro()), markup(text::page_intro()));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n{HEAD}<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{intro}</p>\n<p>{when}</p>\n"
    )
}

const HEAD: &str = r#"<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
"#;

const STYLE: &str = "\
:root { color-scheme: light dark; --back: #fff; --text: #1c1e21; --faint: #686d74; --rail: #b9bec5;
  --right: #0b5cad; --left: #1a7431; --lost: #b3261e; --box: #f3f4f6; }
@media (prefers-color-scheme: dark) { :root { --back: #16181b; --text: #e4e6e9; --faint: #9aa1a9; --rail: #4a5058;
  --right: #7db8f5; --left: #7fd196; --lost: #f2857d; --box: #212429; } }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
pre { background: var(--box); padding: .6rem; overflow-x: auto; font-size: .8rem; border-radius: 4px; }
pre.printed { border-left: 3px solid var(--left); border-radius: 0; } .who { margin: .6rem 0 .2rem; font-size: .9rem; }
figure { margin: 1rem 0 2rem; } figcaption { color: var(--text); border-left: 3px solid var(--rail); padding-left: .8rem; margin-top: .8rem; }
dt { font: .85rem ui-monospace, monospace; font-weight: bold; margin-top: .4rem; } dd { margin: 0 0 0 1.2rem; font-size: .9rem; }
svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: 0 auto .8rem; }
svg text { font: 12px ui-monospace, monospace; fill: var(--text); }
svg .name { font-weight: bold; } svg text.time, svg text.state { fill: var(--faint); font-size: 10px; }
svg line, svg path { stroke-width: 1.5; fill: none; } svg .rail { stroke: var(--rail); } svg .rail.middle { stroke-dasharray: 3 3; }
svg line.right, svg path.right { stroke: var(--right); } svg path.right { fill: var(--right); }
svg line.left, svg path.left { stroke: var(--left); } svg path.left { fill: var(--left); }
svg line.lost, svg path.lost { stroke: var(--lost); }
svg text.right { fill: var(--right); } svg text.left { fill: var(--left); } svg text.lost { fill: var(--lost); }
";
