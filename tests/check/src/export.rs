//! What became of the checks, for programs to read.

use std::io::Write as _;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::json;

use super::lessons::Suite;
use super::report::{Report, Verdict};
use super::verdict::Findings;

impl Findings {
    /// A JSON object a line for each check that was done: `lesson`, `check`, `stage` (its place among
    /// the lesson's, from 1), `result` (`ok` or `failed`), `says` (what must be so), `why` (why it
    /// matters; before that, of one that failed, what was not so).
    pub fn json(&self, suite: &Suite) -> String {
        let line = |report: &Report| {
            let (result, why) = match &report.verdict {
                Verdict::Held => ("ok", report.why.words().to_owned()),
                Verdict::Failed(failure) => ("failed", format!("{}. {}", failure.what, report.why)),
                Verdict::Skipped(_) => return None,
            };
            let object = json!({
                "lesson": suite.lesson,
                "check": report.name,
                "stage": suite.stage(report.name),
                "result": result,
                "says": report.says.words(),
                "why": why,
            });
            Some(format!("{object}\n"))
        };
        self.reports.iter().filter_map(line).collect()
    }

    /// A test suite of JUnit's XML with a test case for each check, as build servers read it.
    ///
    /// # Errors
    ///
    /// None: it is written into memory.
    pub fn junit(&self, suite: &Suite) -> std::io::Result<Vec<u8>> {
        let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let failed = self.failed().len();
        let skipped = self.reports.len() - self.held() - failed;
        let (tests, failed, skipped) =
            (self.reports.len().to_string(), failed.to_string(), skipped.to_string());
        let name = suite.to_string();
        let counts = [
            ("name", name.as_str()),
            ("tests", &tests),
            ("failures", &failed),
            ("errors", "0"),
            ("skipped", &skipped),
        ];
        xml.create_element("testsuites").write_inner_content(|xml| {
            xml.create_element("testsuite").with_attributes(counts).write_inner_content(|xml| {
                self.reports.iter().try_for_each(|report| case(xml, &name, report))
            })?;
            Ok(())
        })?;
        let mut bytes = xml.into_inner();
        bytes.write_all(b"\n")?;
        Ok(bytes)
    }
}

fn case(xml: &mut Writer<Vec<u8>>, suite: &str, report: &Report) -> std::io::Result<()> {
    let case = xml
        .create_element("testcase")
        .with_attributes([("classname", suite), ("name", report.name)]);
    match &report.verdict {
        Verdict::Held => case.write_empty()?,
        Verdict::Skipped(why) => case.write_inner_content(|xml| {
            xml.create_element("skipped").with_attribute(("message", *why)).write_empty()?;
            Ok(())
        })?,
        Verdict::Failed(failure) => case.write_inner_content(|xml| {
            xml.create_element("failure")
                .with_attribute(("message", plain(&failure.what).as_str()))
                .write_text_content(BytesText::new(&plain(&report.to_string())))?;
            Ok(())
        })?,
    };
    Ok(())
}

/// Without the characters that XML cannot hold (XML 1.0, section 2.2). What programs say is escaped
/// already; names of files are not.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "?")
}
