//! The tour as one page: no script, no other file, readable on a phone, in light and in dark.

use std::fmt::Write as _;

use super::lessons::{Lesson, Scene};
use crate::ladder::Ladder;
use crate::picture::{markup, svg};

/// A lesson, and what became of its scenes.
pub(crate) type Shown = (&'static Lesson, Vec<(&'static Scene, Ladder)>);

/// The whole page.
pub(crate) fn page(tour: &[Shown]) -> String {
    let mut page = String::from(HEAD);
    for (number, (lesson, scenes)) in tour.iter().enumerate() {
        let (name, title) = (markup(lesson.name), markup(lesson.title));
        let _ = writeln!(page, "<section id=\"{name}\">\n<h2>{}. {name}: {title}</h2>", number + 1);
        for (scene, ladder) in scenes {
            let _ = writeln!(
                page,
                "<p>{}</p>\n<pre>$ {}\n$ {}</pre>\n<figure>\n{}<figcaption>{}</figcaption>\n</figure>",
                markup(scene.says),
                markup(&scene.pair.server_command()),
                markup(&scene.pair.client_command()),
                svg(ladder),
                markup(scene.notice)
            );
        }
        page.push_str("<p>Next, in two terminals:</p>\n<pre>");
        for next in lesson.next {
            let _ = writeln!(page, "{}", markup(next));
        }
        page.push_str("</pre>\n</section>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Two Terminals: the tour</title>
<style>
:root { color-scheme: light dark; --back: #fff; --text: #1c1e21; --faint: #686d74; --rail: #b9bec5;
  --right: #0b5cad; --left: #1a7431; --lost: #b3261e; --box: #f3f4f6; }
@media (prefers-color-scheme: dark) { :root { --back: #16181b; --text: #e4e6e9; --faint: #9aa1a9; --rail: #4a5058;
  --right: #7db8f5; --left: #7fd196; --lost: #f2857d; --box: #212429; } }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
pre { background: var(--box); padding: .6rem; overflow-x: auto; font-size: .8rem; border-radius: 4px; }
figure { margin: 1rem 0 2rem; } figcaption { color: var(--text); border-left: 3px solid var(--rail); padding-left: .8rem; }
svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: 0 auto .8rem; }
svg text { font: 12px ui-monospace, monospace; fill: var(--text); }
svg .name { font-weight: bold; } svg text.time, svg text.state { fill: var(--faint); font-size: 10px; }
svg line, svg path { stroke-width: 1.5; fill: none; } svg .rail { stroke: var(--rail); }
svg line.right, svg path.right { stroke: var(--right); } svg path.right { fill: var(--right); }
svg line.left, svg path.left { stroke: var(--left); } svg path.left { fill: var(--left); }
svg line.lost, svg path.lost { stroke: var(--lost); }
svg text.right { fill: var(--right); } svg text.left { fill: var(--left); } svg text.lost { fill: var(--lost); }
</style>
</head>
<body>
<main>
<h1>Two Terminals: the tour</h1>
<p>Every line is a socket call that a program made when this page was written: the client’s on the left, the
server’s on the right, the state of its connection beneath, and the time since the line before.</p>
"#;
