//! The console blocks of a Markdown document.

use std::fmt::Write as _;

/// One console block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The number of its first line in the document, from 0; the fence is the line before.
    pub(super) first_line: usize,
    /// Its lines, without the fences.
    pub(super) lines: Vec<String>,
    /// The words behind `console`.
    marks: Vec<String>,
    /// Whether the programs speak Chinese in it.
    pub(super) is_chinese: bool,
}

/// A command, and the lines that are shown below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) command: String,
    pub(super) lines: Vec<String>,
    /// Whether the program speaks Chinese.
    pub(super) is_chinese: bool,
}

impl Block {
    /// Whether `mark` stands behind `console`.
    pub(super) fn is_marked(&self, mark: &str) -> bool {
        self.marks.iter().any(|word| word == mark)
    }

    /// How many lines have to be seen before the next block.
    pub(super) fn first(&self) -> usize {
        self.marks.iter().find_map(|mark| first(mark)).unwrap_or_default()
    }

    /// Its commands in their order.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for line in &self.lines {
            match (line.strip_prefix("$ "), entries.last_mut()) {
                (Some(command), _) => {
                    entries.push(Entry {
                        command: command.to_owned(),
                        lines: Vec::new(),
                        is_chinese: self.is_chinese,
                    });
                }
                (None, Some(entry)) => entry.lines.push(line.clone()),
                // `blocks` has seen to it that a command comes first.
                (None, None) => {}
            }
        }
        entries
    }
}

/// A comment above a block: a server with these options runs, in a terminal that nobody is shown.
const UNSHOWN: (&str, &str) = ("<!-- run with a server:", "-->");

/// A block like those of the document, which shows that server and none of what it says.
fn unshown(comment: &str, client: &str) -> Option<Block> {
    let options = comment.strip_prefix(UNSHOWN.0)?.strip_suffix(UNSHOWN.1)?.trim();
    let program = client.split([' ', '|']).find_map(|word| word.strip_suffix("-client"))?;
    let command = format!("$ cargo run -p {program} -- {options}");
    Some(Block {
        first_line: usize::MAX,
        lines: vec![command, "…".to_owned()],
        marks: Vec::new(),
        is_chinese: false,
    })
}

/// All console blocks of a document, or the line and what is wrong there.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut comment = "";
    let mut open: Option<(String, Block)> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                let mut words = info.split_whitespace().map(str::to_owned);
                let language = words.next().unwrap_or_default();
                let block = Block {
                    first_line: number + 1,
                    lines: Vec::new(),
                    marks: words.collect(),
                    is_chinese: false,
                };
                open = Some((language, block));
            }
            (Some(_), Some(_)) => {
                let closed = open
                    .take()
                    .map(|(language, block)| checked(&language, block))
                    .transpose()?
                    .flatten();
                let client = closed.as_ref().and_then(|block| block.lines.first());
                blocks.extend(client.and_then(|client| unshown(comment, client)));
                blocks.extend(closed);
            }
            (None, Some((_, block))) => block.lines.push(line.to_owned()),
            (None, None) => comment = line,
        }
    }
    match open {
        Some((_, block)) => Err(format!("{}: the block has no end", block.first_line)),
        None => Ok(blocks),
    }
}

fn first(mark: &str) -> Option<usize> {
    mark.strip_prefix("first=")?.parse().ok()
}

/// The block if it is a transcript. What looks like one, and would not be run, is an error.
fn checked(language: &str, block: Block) -> Result<Option<Block>, String> {
    let has_commands = block.lines.iter().any(|line| line.starts_with("$ "));
    let wrong = |why: String| Err(format!("{}: {why}", block.first_line));
    if language != "console" {
        return match has_commands || ["sh", "shell", "bash"].contains(&language) {
            true => wrong("commands stand in a block that begins with ```console".to_owned()),
            false => Ok(None),
        };
    }
    let is_known = |mark: &str| ["norun", "alone"].contains(&mark) || first(mark).is_some();
    if let Some(mark) = block.marks.iter().find(|mark| !is_known(mark)) {
        return wrong(format!(
            "{mark:?} means nothing behind `console`: there are norun, alone and first=N"
        ));
    }
    match block.lines.first() {
        Some(first) if first.starts_with("$ ") => Ok(Some(block)),
        _ => wrong("a console block begins with a command, `$ …`".to_owned()),
    }
}

/// The document with other lines in these blocks.
pub(super) fn rewritten(text: &str, changed: &[(Block, Vec<String>)]) -> String {
    let mut result = String::new();
    let mut rest = text.lines().enumerate();
    while let Some((number, line)) = rest.next() {
        let Some((block, lines)) = changed.iter().find(|(block, _)| block.first_line == number)
        else {
            let _ = writeln!(result, "{line}");
            continue;
        };
        for line in lines {
            let _ = writeln!(result, "{line}");
        }
        // This line was the block's first.
        for _ in 1..block.lines.len() {
            rest.next();
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "A\n```console\n$ one # 1\n>>> x\ny\n\n$ two\n```\nB\n```text\nz\n```\n```console norun\n$ three\n```\n";

    #[test]
    fn the_console_blocks_are_found_with_their_commands_and_marks() {
        let blocks = blocks(DOCUMENT).unwrap();
        let entry = |command: &str, lines: &[&str]| Entry {
            command: command.to_owned(),
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
            is_chinese: false,
        };
        assert_eq!(blocks.iter().map(|block| block.first_line).collect::<Vec<_>>(), [2, 13]);
        assert_eq!(blocks[0].entries(), [entry("one # 1", &[">>> x", "y", ""]), entry("two", &[])]);
        assert!(blocks[1].is_marked("norun") && !blocks[0].is_marked("norun"));
    }

    #[test]
    fn commands_that_would_not_be_run_are_refused() {
        for (document, line) in [
            ("```sh\nls\n```\n", "1: "),
            ("\n```\n$ ls\n```\n", "2: "),
            ("```console noron\n$ ls\n```\n", "1: \"noron\""),
            ("```console\nls\n```\n", "1: "),
            ("```console\n$ ls\n", "1: "),
        ] {
            let error = blocks(document).unwrap_err();
            assert!(error.starts_with(line), "{document:?}: {error}");
        }
    }

    #[test]
    fn a_comment_starts_a_server_that_is_not_shown() {
        let document =
            "<!-- run with a server: --framing ack -->\n```console\n$ remote-cmd-client id\n```\n";
        let blocks = blocks(document).unwrap();
        assert_eq!(blocks[0].lines, ["$ cargo run -p remote-cmd -- --framing ack", "…"]);
        assert_eq!(blocks[1].lines, ["$ remote-cmd-client id"]);
    }

    #[test]
    fn a_block_is_rewritten_in_its_place() {
        let block = blocks(DOCUMENT).unwrap().remove(0);
        assert_eq!(rewritten(DOCUMENT, &[(block.clone(), block.lines.clone())]), DOCUMENT);
        let text = rewritten(DOCUMENT, &[(block, vec!["$ one".to_owned()])]);
        assert!(text.starts_with("A\n```console\n$ one\n```\nB\n"), "{text}");
    }
}
