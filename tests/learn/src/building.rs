//! Builds the program, where something has to.

use std::time::Duration;

use common::terminal::escape_line;
use harness::{Process, Program};

use crate::bounds;
use crate::text;

/// How long a compiler may take.
const LIMIT: Duration = Duration::from_secs(120);
/// So many lines of a compiler's are shown: the first error is among the first.
const LINES: usize = 30;
/// So much of them is kept.
const MOST_OUTPUT: usize = 1 << 20;

/// Runs a command that builds the program, and returns what it complains about.
pub(crate) fn complaint(command: &str) -> Option<String> {
    let words = match shell_words::split(command) {
        Ok(words) if !words.is_empty() => words,
        _ => return Some(text::no_command("build")),
    };
    let confined = bounds::confined(words);
    let (program, args) = confined.split_first()?;
    let program =
        Program::new(program).in_the_users_language().args(args).keeping_output(MOST_OUTPUT);
    let compiler = match Process::try_start(program) {
        Ok(compiler) => compiler,
        Err(error) => return Some(common::error_text::cause(&error).to_string()),
    };
    compiler.close_stdin();
    let Some(ended) = compiler.ended_within(LIMIT) else {
        return Some(text::builds_too_long(LIMIT.as_secs()));
    };
    compiler.wait_output_end(Duration::from_secs(1));
    if ended.code == Some(0) {
        return None;
    }
    if ended.code == Some(bounds::NOT_RUN.into()) {
        let said = String::from_utf8_lossy(&compiler.stderr()).into_owned();
        let said = escape_line(said.trim().trim_start_matches("error: ")).into_owned();
        return Some(text::no_compiler(said));
    }
    let said = [compiler.stderr(), compiler.stdout()].concat();
    let said = String::from_utf8_lossy(&said);
    let mut lines: Vec<String> =
        said.lines().take(LINES).map(|line| format!("    {}", escape_line(line))).collect();
    if said.lines().count() > LINES {
        lines.push("    …".to_owned());
    }
    Some(format!("{}\n\n{}", text::does_not_build(command), lines.join("\n")))
}

/// The first line of a complaint, for a table.
pub(crate) fn summary(complaint: &str) -> String {
    complaint.lines().next().unwrap_or_default().trim_end_matches([':', '：']).to_owned()
}
