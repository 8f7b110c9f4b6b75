//! What came of a class, as a page: one file, which needs nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use common::text::{lang, list};

use super::student::Student;
use super::text;
use crate::found::Found;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8883;--soft:#8881;--good:#1a7f37;--bad:#c2410c;--none:#b91c1c}
@media(prefers-color-scheme:dark){:root{--good:#4ac26b;--bad:#f0883e;--none:#f87171}}
body{font:16px/1.5 system-ui,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif;\
margin:2rem auto;max-width:72rem;padding:0 1rem}
h1{margin:0}h2{margin:2rem 0 .5rem;font-size:1.2rem}
.sums{margin:.3rem 0 0;opacity:.8}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600}
th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
.all td:first-child{min-width:9rem;overflow-wrap:anywhere}
.all td:nth-child(2){white-space:nowrap}
td.n{white-space:nowrap;font-variant-numeric:tabular-nums}
.bar{display:inline-block;width:8rem;height:.7rem;border-radius:.35rem;background:var(--line);\
overflow:hidden;margin-right:.5rem;vertical-align:middle}
.bar i{display:block;height:100%;background:var(--bad)}
.done .bar i{background:var(--good)}
.done td:last-child{color:var(--good)}
.none td:last-child{color:var(--none)}
.most td:first-child{width:3rem;text-align:right;font-size:1.3rem;font-weight:600;color:var(--bad)}
.who{opacity:.75;font-size:.9rem}
summary{cursor:pointer}
pre{overflow-x:auto;font:.85rem/1.45 ui-monospace,Menlo,Consolas,\"Noto Sans Mono CJK SC\",monospace;\
background:var(--soft);padding:.8rem;border-radius:.4rem;color:CanvasText}
.one{display:inline-block;width:1ch;overflow:hidden;vertical-align:bottom;font-style:normal}
@media(max-width:40rem){.all thead{display:none}.all tr,.all td{display:block}\
.all td{border:0;padding:.1rem 0}.all tr{border-bottom:1px solid var(--line);padding:.5rem 0}\
.all td:first-child{font-weight:600}.all td:empty{display:none}}
@media print{details{display:block}pre{white-space:pre-wrap}}";

/// Who is where, what most fail at, and each report a click away.
pub(super) fn html(students: &[Student]) -> String {
    let (title, language) = (text::title(), lang().tag());
    let done = students.iter().filter(|student| student.found.is_done()).count();
    let unjudged = students.iter().filter(|student| !student.is_judged()).count();
    let mut sums = text::done(done, students.len());
    if unjudged > 0 {
        sums += &format!(" · {}", text::unjudged(unjudged));
    }
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p class=\"sums\">{sums}</p>\n"
    );
    most_failed(&mut page, students);
    let _ = write!(
        page,
        "<h2>{}</h2>\n<table class=\"all\">\n<thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>\n",
        text::everybody(),
        text::student(),
        text::lesson(),
        text::stages(),
        text::first_failed()
    );
    for student in students {
        row(&mut page, student);
    }
    page + "</tbody>\n</table>\n</body>\n</html>\n"
}

/// The stages at which students fail, the one of most of them first, with who they are.
fn most_failed(page: &mut String, students: &[Student]) {
    let mut stages: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for Student { name, found } in students.iter().filter(|student| student.is_judged()) {
        if !found.is_done() {
            stages.entry((&found.lesson, &found.failed)).or_default().push(escaped(name));
        }
    }
    if stages.is_empty() {
        return;
    }
    let mut stages: Vec<_> = stages.into_iter().collect();
    stages.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    let _ = writeln!(page, "<h2>{}</h2>\n<table class=\"most\">", text::most_failed());
    for ((lesson, failed), names) in stages {
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td>{} · {}<div class=\"who\">{}</div></td></tr>",
            names.len(),
            escaped(lesson),
            escaped(failed),
            list(names)
        );
    }
    *page += "</table>\n";
}

fn row(page: &mut String, student: &Student) {
    let Student { name, found: Found { lesson, held, count, failed, report, .. } } = student;
    let class = match (student.is_judged(), student.found.is_done()) {
        (false, _) => "none",
        (true, true) => "done",
        (true, false) => "open",
    };
    let _ = write!(
        page,
        "<tr class=\"{class}\"><td>{}</td><td>{}</td><td class=\"n\">",
        escaped(name),
        escaped(lesson)
    );
    if student.is_judged() {
        let percent = held * 100 / count.max(&1);
        let _ = write!(
            page,
            "<span class=\"bar\"><i style=\"width:{percent}%\"></i></span>{held}/{count}"
        );
    }
    *page += "</td><td>";
    if student.found.is_done() {
        let _ = write!(page, "✓ {}", text::all_hold());
    } else if report == failed {
        *page += &escaped(failed);
    } else {
        // In fonts of Chinese it has two columns, and no caret would stand where it should.
        let report = escaped(report).replace('…', "<i class=\"one\">…</i>");
        let failed = escaped(failed);
        let _ = write!(page, "<details><summary>{failed}</summary><pre>{report}</pre></details>");
    }
    *page += "</td></tr>\n";
}

/// Text as HTML takes it; control characters are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\t' => escaped.push(character),
            other if other.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn student(name: &str, held: usize, failed: &str) -> Student {
        let report = format!("{failed}\nmore <script>\u{1b}[31m\n");
        let (lesson, failed) = ("udp-temp".to_owned(), failed.to_owned());
        let found = Found { lesson, held, count: 4, failed, report, ..Found::default() };
        Student { name: name.to_owned(), found }
    }

    #[test]
    fn what_most_fail_at_comes_first_with_who_they_are() {
        let class = [
            student("ann", 1, "word: a"),
            student("bob", 2, "blanks: b"),
            student("小明", 2, "blanks: b"),
            student("kim", 4, ""),
        ];
        let page = html(&class);
        let most = page.find("<td>2</td><td>udp-temp · blanks: b").unwrap();
        assert!(most < page.find("<td>1</td><td>udp-temp · word: a").unwrap());
        assert!(page.contains("bob, 小明") && page.contains("width:50%"), "{page}");
        assert_eq!(page.matches("<details>").count(), 3);
    }

    #[test]
    fn markup_of_a_student_is_text() {
        let page = html(&[student("<b>&\"", 1, "a < b")]);
        assert!(page.contains("&lt;b&gt;&amp;&quot;") && page.contains("a &lt; b"), "{page}");
        assert!(!page.contains("<script>") && !page.contains('\u{1b}'), "{page}");
    }
}
