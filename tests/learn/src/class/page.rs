//! What came of a class, as a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use common::text::lang;

use super::student::Student;
use super::table::escaped;
use crate::text;

const STYLE: &str = "\
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
meter{width:8rem}
pre{overflow-x:auto;font-size:.85rem}
summary{cursor:pointer}";

/// Who is where, what most fail at, and each report a click away.
pub(super) fn html(students: &[Student]) -> String {
    let (title, language) = (text::class_title(), lang().name());
    let done = students.iter().filter(|student| student.failed.is_empty()).count();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<h1>{title}</h1>\n<p>{}</p>\n",
        text::class_done(done, students.len())
    );
    let most = most_failed(students);
    if !most.is_empty() {
        let _ = writeln!(page, "<h2>{}</h2>\n<ol>", text::class_most_failed());
        for (failed, count) in most {
            let _ = writeln!(page, "<li value=\"{count}\">{}</li>", escaped(failed));
        }
        page += "</ol>\n";
    }
    let _ = writeln!(page, "<table>\n<tr>{}</tr>", text::class_columns());
    for student in students {
        let (name, lesson) = (escaped(&student.name), escaped(&student.lesson));
        let Student { held, count, .. } = student;
        let _ = write!(
            page,
            "<tr><td>{name}</td><td>{lesson}</td><td><meter max=\"{}\" value=\"{held}\"></meter> {held}/{count}</td><td>",
            (*count).max(1)
        );
        if student.failed.is_empty() {
            page += "✓";
        } else {
            let (failed, report) = (escaped(&student.failed), escaped(&student.report));
            let _ =
                write!(page, "<details><summary>{failed}</summary><pre>{report}</pre></details>");
        }
        page += "</td></tr>\n";
    }
    page + "</table>\n</html>\n"
}

/// The stages at which students fail, the one of most of them first.
fn most_failed(students: &[Student]) -> Vec<(&str, usize)> {
    let mut counts = BTreeMap::new();
    for student in students.iter().filter(|student| !student.failed.is_empty()) {
        *counts.entry(student.failed.as_str()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
