//! A page that stands for itself: no script, no other file, readable on a phone, in light and in
//! dark. Its style is that of the pictures in it.

use common::text::lang;

use crate::picture::markup;

/// A whole page around this body, which is markup; the title is text.
pub fn document(title: &str, body: &str) -> String {
    let (title, language) = (markup(title), lang().tag());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n{HEAD}<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

const HEAD: &str = r#"<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
"#;

/// What pictures and pages look like, as CSS.
pub const STYLE: &str = "\
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
