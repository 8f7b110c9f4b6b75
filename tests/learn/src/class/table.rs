//! What came of a class, for other programs: CSV (RFC 4180) and JUnit's XML.

use super::student::Student;

/// A line for each student, the names of the columns first. The marks of RFC 4180 are around every
/// value; one that a spreadsheet would take for a formula gets an apostrophe in front.
pub(super) fn csv(students: &[Student]) -> String {
    let mut table = "student,lesson,held,stages,failed\r\n".to_owned();
    for student in students {
        let (held, count) = (student.held.to_string(), student.count.to_string());
        let values = [&student.name, &student.lesson, &held, &count, &student.failed];
        let values = values.map(|value| value_of(value));
        table += &format!("{}\r\n", values.join(","));
    }
    table
}

fn value_of(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let apostrophe = if formula { "'" } else { "" };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

/// A test case for each student, with the report where a stage does not hold.
pub(super) fn junit(students: &[Student]) -> String {
    let failures = students.iter().filter(|student| !student.failed.is_empty()).count();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"class\" tests=\"{}\" failures=\"{failures}\">\n",
        students.len()
    );
    for student in students {
        let (name, lesson) = (escaped(&student.name), escaped(&student.lesson));
        xml += &format!("  <testcase classname=\"{lesson}\" name=\"{name}\"");
        if student.failed.is_empty() {
            xml += "/>\n";
        } else {
            let (failed, report) = (escaped(&student.failed), escaped(&student.report));
            xml += &format!(
                ">\n    <failure message=\"{failed}\">{report}</failure>\n  </testcase>\n"
            );
        }
    }
    xml + "</testsuite>\n"
}

/// Text as XML and HTML take it; characters that XML has not got (XML 1.0 §2.2) are replaced.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\n' | '\t' => escaped.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn student(name: &str, failed: &str) -> Student {
        Student {
            name: name.to_owned(),
            lesson: "udp-temp".to_owned(),
            held: 1,
            count: 2,
            failed: failed.to_owned(),
            report: format!("{failed}\n\u{1b}[31m"),
        }
    }

    #[test]
    fn quotation_marks_and_formulas_stay_what_they_are() {
        assert_eq!(
            csv(&[student("=1+1", "says \"no\", ever")]),
            "student,lesson,held,stages,failed\r\n\"'=1+1\",\"udp-temp\",\"1\",\"2\",\"says \"\"no\"\", ever\"\r\n"
        );
    }

    #[test]
    fn markup_of_a_student_is_text() {
        let xml = junit(&[student("<b>&\"", "a < b"), student("all", "")]);
        assert!(
            xml.contains("name=\"&lt;b&gt;&amp;&quot;\"") && xml.contains("a &lt; b\n\u{fffd}[31m")
        );
        assert!(
            xml.contains("tests=\"2\" failures=\"1\"") && xml.contains("name=\"all\"/>"),
            "{xml}"
        );
    }
}
