//! The XML of JUnit, as build servers read it.

use std::io::{self, Write as _};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

/// One test case.
#[derive(Debug)]
pub struct Case {
    /// The group that it stands in.
    pub class: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a test case.
#[derive(Debug)]
pub enum Outcome {
    /// It holds.
    Held,
    /// It could not be tried, and why.
    Skipped(String),
    /// It does not hold: what is not so, and all that there is to say of it.
    Failed(String, String),
    /// There was nothing to try, and why.
    Error(String),
}

/// A test suite with these cases.
///
/// # Errors
///
/// None: it is written into memory.
pub fn junit(suite: &str, cases: &[Case]) -> io::Result<Vec<u8>> {
    let count = |of: fn(&Outcome) -> bool| {
        cases.iter().filter(|case| of(&case.outcome)).count().to_string()
    };
    let (tests, suite) = (cases.len().to_string(), plain(suite));
    let failures = count(|outcome| matches!(outcome, Outcome::Failed(..)));
    let errors = count(|outcome| matches!(outcome, Outcome::Error(_)));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    let attributes = [
        ("name", suite.as_str()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", &errors),
        ("skipped", &skipped),
    ];
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites").write_inner_content(|xml| {
        let suite = xml.create_element("testsuite").with_attributes(attributes);
        suite.write_inner_content(|xml| cases.iter().try_for_each(|case| write(xml, case)))?;
        Ok(())
    })?;
    let mut bytes = xml.into_inner();
    bytes.write_all(b"\n")?;
    Ok(bytes)
}

fn write(xml: &mut Writer<Vec<u8>>, case: &Case) -> io::Result<()> {
    let (class, name) = (plain(&case.class), plain(&case.name));
    let attributes = [("classname", class.as_str()), ("name", name.as_str())];
    let element = xml.create_element("testcase").with_attributes(attributes);
    let (kind, message, text) = match &case.outcome {
        Outcome::Held => {
            element.write_empty()?;
            return Ok(());
        }
        Outcome::Skipped(why) => ("skipped", why, ""),
        Outcome::Failed(what, report) => ("failure", what, report.as_str()),
        Outcome::Error(why) => ("error", why, ""),
    };
    element.write_inner_content(|xml| {
        let element = xml.create_element(kind).with_attribute(("message", plain(message).as_str()));
        if text.is_empty() {
            element.write_empty()?;
        } else {
            element.write_text_content(BytesText::new(&plain(text)))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Without the characters that XML cannot hold (XML 1.0, section 2.2). What programs say is escaped
/// already; names of files are not.
fn plain(text: &str) -> String {
    let cannot_be = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    text.replace(cannot_be, "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_and_reports_is_text() {
        let case = |name: &str, outcome| Case {
            class: "udp-temp".to_owned(),
            name: name.to_owned(),
            outcome,
        };
        let cases = [
            case("<b>&\"\u{1}", Outcome::Failed("a < b".to_owned(), "]]> \u{1b}[31m".to_owned())),
            case("all", Outcome::Held),
            case("小明", Outcome::Error("no lesson.toml".to_owned())),
        ];
        let xml = String::from_utf8(junit("class", &cases).unwrap()).unwrap();
        assert!(xml.contains("tests=\"3\" failures=\"1\" errors=\"1\""), "{xml}");
        assert!(xml.contains("&lt;b&gt;&amp;&quot;?") && xml.contains("a &lt; b"), "{xml}");
        assert!(xml.contains("name=\"all\"/>") && xml.contains("<error message="), "{xml}");
        assert!(!xml.contains('\u{1b}') && xml.contains("小明"), "{xml}");
    }
}
