//! What came of a class, for other programs: CSV (RFC 4180) and JUnit's XML.

use std::io;

use check::junit::{Case, Outcome, junit as write_junit};

use super::student::Student;

/// A line for each student, the names of the columns first. The marks of RFC 4180 are around every
/// value; one that a spreadsheet would take for a formula gets an apostrophe in front.
pub(super) fn csv(students: &[Student]) -> String {
    let mut table = "student,lesson,held,stages,failed\r\n".to_owned();
    for Student { name, found } in students {
        let (held, count) = (found.held.to_string(), found.count.to_string());
        let values = [name, &found.lesson, &held, &count, &found.failed];
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
pub(super) fn junit(students: &[Student]) -> io::Result<Vec<u8>> {
    let case = |student: &Student| {
        let Student { name, found } = student;
        let outcome = if !student.is_judged() {
            Outcome::Error(found.failed.clone())
        } else if found.is_done() {
            Outcome::Held
        } else {
            Outcome::Failed(found.failed.clone(), found.report.clone())
        };
        Case { class: found.lesson.clone(), name: name.clone(), outcome }
    };
    let cases: Vec<_> = students.iter().map(case).collect();
    write_junit("class", &cases)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::found::Found;

    #[test]
    fn quotation_marks_and_formulas_stay_what_they_are() {
        let found = Found {
            lesson: "udp-temp".to_owned(),
            held: 1,
            count: 2,
            failed: "says \"no\", ever".to_owned(),
            ..Found::default()
        };
        assert_eq!(
            csv(&[Student { name: "=1+1".to_owned(), found }]),
            "student,lesson,held,stages,failed\r\n\"'=1+1\",\"udp-temp\",\"1\",\"2\",\"says \"\"no\"\", ever\"\r\n"
        );
    }
}
