//! `cd`, which is no program.
//!
//! Each command runs in a process of its own, and a process can change its own working directory
//! only. So `cd` in a command ends with that command, and in the tutorial it seems to do nothing. A
//! shell has it built in, and so has a session of the framing [`stream`](crate::stream): the client
//! sends a line that is a `cd` and no more as a message of its own, and the server remembers.

/// What an active character would do in a shell: end the word or the command, redirect it, expand
/// it.
const ACTIVE: &[char] =
    &[';', '&', '|', '<', '>', '(', ')', '$', '`', '*', '?', '[', '{', '#', '!', '\n'];

/// What a line asks of the session.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// To run commands there from now on; empty is the home directory.
    Directory(String),
    /// To run a command. `forgets` if it begins with a `cd` that only a shell understands, and that
    /// ends with it.
    Command {
        /// Whether the user may expect more of it.
        forgets: bool,
    },
}

/// Tells a `cd` from a command.
pub fn line(line: &str) -> Line {
    if let Some(directory) = of_windows(line) {
        return Line::Directory(directory.to_owned());
    }
    let command = Line::Command { forgets: line.split_whitespace().next() == Some("cd") };
    match shell_words::split(line) {
        Ok(words) if !is_active(line) => {
            match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                ["cd"] | ["cd", "--"] => Line::Directory(String::new()),
                ["cd", "--", directory] => Line::Directory(directory.to_owned()),
                // Other options are the shell's affair.
                ["cd", directory] if directory == "-" || !directory.starts_with('-') => {
                    Line::Directory(directory.to_owned())
                }
                _ => command,
            }
        }
        _ => command,
    }
}

/// The directory of a `cd` as one types it for `cmd`, whose backslashes part names: in a shell of
/// Unix nobody puts one before a letter.
fn of_windows(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("cd")?;
    let directory = rest.strip_prefix(' ')?.trim_start();
    let directory = directory.strip_prefix("/d ").unwrap_or(directory).trim_start();
    if directory.contains(ACTIVE) || directory.contains(['"', '\'', ' ']) {
        return None;
    }
    let mut after = directory.match_indices('\\').map(|(at, _)| directory.get(at + 1..));
    let parts = |rest: &str| {
        rest.chars().next().is_none_or(|letter| letter.is_alphanumeric() || letter == '.')
    };
    after.any(|rest| rest.is_some_and(parts)).then_some(directory)
}

/// Whether a shell would do more with the line than split it into words.
fn is_active(line: &str) -> bool {
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => _ = letters.next(),
            (Some(_), '$' | '`') => return true,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, _) if ACTIVE.contains(&letter) => return true,
            (None, _) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_cd_is_for_the_session() {
        for (typed, directory) in [
            ("cd", ""),
            ("  cd  ", ""),
            ("cd /tmp", "/tmp"),
            ("cd 目录", "目录"),
            ("cd ~/x", "~/x"),
            ("cd -", "-"),
            ("cd ..", ".."),
            ("cd 'a b;c'", "a b;c"),
            ("cd a\\ b", "a b"),
            ("cd \"a b\"", "a b"),
            ("cd a\\$b", "a$b"),
            ("cd -- -x", "-x"),
            ("cd C:\\Users\\me", "C:\\Users\\me"),
            ("cd /d D:\\", "D:\\"),
            ("cd ..\\..", "..\\.."),
            ("cd 目录\\子目录", "目录\\子目录"),
            ("cd \"C:\\Program Files\"", "C:\\Program Files"),
        ] {
            assert_eq!(line(typed), Line::Directory(directory.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_needs_a_shell_goes_to_the_shell() {
        for typed in [
            "cd /tmp && ls",
            "cd $HOME",
            "cd \"$HOME\"",
            "cd *",
            "cd a b",
            "cd -P /tmp",
            "cd 'a",
            "cd a;ls",
            "cd C:\\x & dir",
            "cd `pwd`",
        ] {
            assert_eq!(line(typed), Line::Command { forgets: true }, "{typed}");
        }
        for typed in ["ls", "cdx", "echo cd", "", "'cd' x y", "CD /"] {
            assert_eq!(line(typed), Line::Command { forgets: false }, "{typed}");
        }
    }
}
