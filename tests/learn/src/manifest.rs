//! `lesson.toml`: what a program is, and how it is built and started.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, bail};
use check::{Side, Suite};
use common::text::list;
use toml::de::{DeTable, DeValue};

use crate::text;

/// The file beside the program; `lab class` reads it, too.
pub(crate) const NAME: &str = "lesson.toml";
/// Nobody writes so much by hand.
const LONGEST: u64 = 64 << 10;
/// The options by which one of a lesson's ways to speak is chosen.
pub(crate) const WAYS: [&str; 4] = ["dialect", "framing", "mode", "bye"];
const NAMES: [&str; 9] =
    ["lesson", "side", "dialect", "framing", "mode", "bye", "build", "command", "repair"];

/// What a `lesson.toml` says.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    /// What the program is to do.
    pub(crate) suite: &'static Suite,
    /// What builds it, if anything has to.
    pub(crate) build: Option<String>,
    /// What starts it.
    pub(crate) command: String,
    /// By which number a fault was planted in it, if one was.
    pub(crate) repair: Option<u64>,
}

/// What the `lesson.toml` in `dir` says, if there is one.
///
/// # Errors
///
/// It cannot be understood.
pub(crate) fn read(dir: &Path) -> anyhow::Result<Option<Manifest>> {
    let file = dir.join(NAME);
    let content = match content(&file) {
        Ok(Some(content)) => content,
        Ok(None) => return Ok(None),
        Err(error) => return Err(error).context(file.display().to_string()),
    };
    Manifest::parse(&content).map(Some).with_context(|| file.display().to_string())
}

fn content(file: &Path) -> anyhow::Result<Option<String>> {
    let cannot_read = || text::cannot_read(file.display());
    let about = match fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        about => about.with_context(cannot_read)?,
    };
    // A pipe or a device would never end.
    if !about.is_file() || about.len() > LONGEST {
        bail!(text::no_manifest(LONGEST >> 10));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(file).with_context(cannot_read)?;
    file.take(LONGEST).read_to_end(&mut bytes).with_context(cannot_read)?;
    let content = String::from_utf8(bytes).map_err(|error| {
        let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        anyhow::Error::msg(text::at_line(line_of(good), text::no_utf8()))
    })?;
    // Editors of Windows begin a file so.
    Ok(Some(content.strip_prefix('\u{feff}').map_or(content.clone(), str::to_owned)))
}

impl Manifest {
    /// Understands a `lesson.toml`.
    ///
    /// # Errors
    ///
    /// A line of it is wrong, which is named, or one is missing.
    fn parse(content: &str) -> anyhow::Result<Manifest> {
        let table = DeTable::parse(content).map_err(|error| {
            let what = common::terminal::escape_line(error.message()).to_string();
            let line = error.span().map_or(1, |span| line_at(content, span.start));
            anyhow::Error::msg(text::at_line(line, text::no_toml(what)))
        })?;
        let lines = Lines { content, table: table.get_ref() };
        lines.knows_all()?;
        let (lesson, at) = lines.needed("lesson")?;
        let side = match lines.text("side")? {
            None => Side::Server,
            Some(("server", _)) => Side::Server,
            Some(("client", _)) => Side::Client,
            Some((_, at)) => bail!(lines.at(at, text::no_side())),
        };
        let Some(first) = Suite::find(lesson, side, None) else {
            bail!(lines.at(at, &text::no_lesson(lesson)));
        };
        let mut suite = first;
        for way in WAYS {
            if let Some((value, at)) = lines.text(way)? {
                suite = chosen(lesson, side, way, value)
                    .map_err(|why| anyhow::Error::msg(lines.at(at, &why)))?;
            }
        }
        let command = lines.command("command")?.with_context(|| text::missing("command"))?;
        let (build, repair) = (lines.command("build")?, lines.number("repair")?);
        Ok(Manifest { suite, build, command, repair })
    }

    /// The same as a `lesson.toml`.
    pub(crate) fn content(&self) -> String {
        let Suite { lesson, side, option, variant, .. } = *self.suite;
        let first = Suite::find(lesson, side, None);
        let line = |name: &str, value: &str| format!("{name} = {}\n", toml::Value::from(value));
        let mut content = line("lesson", lesson) + &line("side", side.name());
        if first.is_none_or(|first| first.variant != variant) {
            content += &line(option, variant);
        }
        content += &self.build.as_ref().map(|build| line("build", build)).unwrap_or_default();
        content += &line("command", &self.command);
        content + &self.repair.map(|seed| format!("repair = {seed}\n")).unwrap_or_default()
    }
}

/// One of a lesson's ways to speak.
///
/// # Errors
///
/// There is none by that name; the words say which there are.
pub(crate) fn chosen(
    lesson: &str,
    side: Side,
    option: &str,
    value: &str,
) -> Result<&'static Suite, String> {
    let known: Vec<_> = Suite::of(lesson, side).filter(|suite| suite.option == option).collect();
    let suite = known.iter().find(|suite| suite.variant == value);
    suite.copied().ok_or_else(|| {
        let known: Vec<_> = known.iter().map(|suite| suite.variant).collect();
        text::no_way(lesson, option, value, list(known))
    })
}

/// The lines of the file.
struct Lines<'a> {
    content: &'a str,
    table: &'a DeTable<'a>,
}

impl<'a> Lines<'a> {
    fn knows_all(&self) -> anyhow::Result<()> {
        let unknown = self.table.iter().find(|(name, _)| !NAMES.contains(&name.get_ref().as_ref()));
        let Some((name, _)) = unknown else { return Ok(()) };
        let shown = common::terminal::escape_line(name.get_ref()).to_string();
        bail!(self.at(name.span(), &text::unknown_name(shown, list(NAMES))))
    }

    fn value(&self, name: &str) -> Option<(&'a DeValue<'a>, Range<usize>)> {
        let (_, value) = self.table.iter().find(|(known, _)| known.get_ref().as_ref() == name)?;
        Some((value.get_ref(), value.span()))
    }

    fn text(&self, name: &str) -> anyhow::Result<Option<(&'a str, Range<usize>)>> {
        match self.value(name) {
            None => Ok(None),
            Some((value, at)) => match value.as_str() {
                Some(text) => Ok(Some((text, at))),
                None => bail!(self.at(at, &text::no_string(name))),
            },
        }
    }

    fn needed(&self, name: &str) -> anyhow::Result<(&'a str, Range<usize>)> {
        self.text(name)?.with_context(|| text::missing(name))
    }

    /// A command line that can be taken apart.
    fn command(&self, name: &str) -> anyhow::Result<Option<String>> {
        let Some((line, at)) = self.text(name)? else { return Ok(None) };
        match shell_words::split(line) {
            Ok(words) if !words.is_empty() => Ok(Some(line.to_owned())),
            _ => bail!(self.at(at, &text::no_command(name))),
        }
    }

    fn number(&self, name: &str) -> anyhow::Result<Option<u64>> {
        let Some((value, at)) = self.value(name) else { return Ok(None) };
        let number = value.as_integer().and_then(|number| number.as_str().parse().ok());
        match number {
            Some(number) => Ok(Some(number)),
            None => bail!(self.at(at, &text::no_number(name))),
        }
    }

    fn at(&self, at: Range<usize>, what: &str) -> String {
        text::at_line(line_at(self.content, at.start), what)
    }
}

fn line_at(content: &str, at: usize) -> usize {
    line_of(content.as_bytes().get(..at).unwrap_or_default())
}

fn line_of(before: &[u8]) -> usize {
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_named_with_its_line() {
        const GOOD: &str = "lesson = \"udp-temp\"\ncommand = \"x\"\n";
        for (content, words) in [
            ("lesson = \"udp-temp\"", vec!["command"]),
            ("command = \"x\"", vec!["lesson"]),
            ("lesson = \"udp-temp\"\ncommand = 3", vec!["line 2", "command"]),
            ("\nlesson = \"nosuch\"\ncommand = \"x\"", vec!["line 2", "nosuch"]),
            (&format!("{GOOD}side = \"middle\""), vec!["line 3", "side"]),
            (&format!("{GOOD}mode = \"room\""), vec!["line 3", "mode"]),
            (&format!("{GOOD}comand = \"x\""), vec!["line 3", "comand", "command"]),
            (&format!("{GOOD}lesson = \"udp-echo\""), vec!["line 3"]),
            (&format!("{GOOD}repair = \"x\""), vec!["line 3", "repair"]),
            ("lesson = \"udp-temp\"\ncommand = \"'x\"", vec!["line 2", "command"]),
            ("lesson = \"udp-temp\"\ncommand = \"\"", vec!["line 2", "command"]),
            ("# a\n\nlesson = ", vec!["line 3"]),
            ("lesson = \"udp-temp", vec!["line 1"]),
        ] {
            let error = format!("{:#}", Manifest::parse(content).unwrap_err());
            for word in words {
                assert!(error.contains(word), "{content:?}: {error}");
            }
        }
    }

    #[test]
    fn a_way_to_speak_is_found() {
        let content = "lesson = \"tcp-chat\"\nmode = \"room\"\ncommand = \"x {port}\"\n";
        let suite = Manifest::parse(content).unwrap().suite;
        assert_eq!((suite.variant, suite.option), ("room", "mode"));
    }

    #[test]
    fn what_is_no_file_of_text_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(NAME)).unwrap();
        assert!(format!("{:#}", read(dir.path()).unwrap_err()).contains(NAME));
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join(NAME), b"lesson = \"x\"\n# \xff").unwrap();
        assert!(format!("{:#}", read(other.path()).unwrap_err()).contains("line 2"));
    }
}
