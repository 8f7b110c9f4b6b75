//! Programs that are of no use without a terminal, which no command here has.
//!
//! Their own words are many, and in many languages. What is known for certain is how a command
//! ended, what it was given to read and whether it has said anything.

use remote_cmd::command_end::CommandEnd;

use crate::text;

/// They draw on a screen, and cannot begin without one.
#[rustfmt::skip]
const DRAW: &[&str] = &[
    "alsamixer", "aptitude", "atop", "bmon", "btop", "cfdisk", "edit", "emacs", "helix", "htop", "hx",
    "iftop", "iotop", "joe", "kak", "lazygit", "mc", "micro", "mutt", "nano", "ncdu", "neomutt", "nethack",
    "nethogs", "nmtui", "nvim", "pico", "ranger", "tig", "top", "vi", "view", "vim", "vimdiff", "watch",
];

/// They do, called alone; with a word behind, they may only be asked something.
const DRAW_ALONE: &[&str] = &["byobu", "screen", "tmux", "zellij"];

/// Called alone they read from a keyboard what they are to do.
#[rustfmt::skip]
const READ: &[&str] = &[
    "ash", "bash", "bc", "cat", "cmd", "csh", "dash", "dc", "fish", "ghci", "ipython", "irb", "ksh", "lua",
    "mariadb", "mysql", "node", "perl", "php", "powershell", "psql", "pwsh", "python", "python2", "python3",
    "r", "redis-cli", "ruby", "sh", "sqlite3", "tclsh", "tcsh", "zsh",
];

/// What to tell the user of a command that has ended; nothing for one that has had what it needs.
pub(crate) fn advice(
    command: &str,
    end: &CommandEnd,
    has_input: bool,
    was_silent: bool,
) -> Option<String> {
    let mut words = command.split_whitespace();
    let program = words.next()?;
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    let is_among = |names: &[&str]| names.contains(&name);
    // With an option they may do something else: `vim -es`, `emacs --batch`.
    let (is_alone, has_options) =
        (words.clone().next().is_none(), words.any(|it| it.starts_with('-')));
    let draws = is_among(DRAW) && !has_options || is_among(DRAW_ALONE) && is_alone;
    match end {
        // 126 and 127 are a shell's words for what it could not run.
        CommandEnd::Exit(1..=125) if draws => Some(text::wants_terminal(name)),
        CommandEnd::Exit(0) if was_silent && !has_input && is_alone && is_among(READ) => {
            Some(text::nothing_to_read(name))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_draws_and_fails_wants_a_terminal() {
        for command in ["vi notes.txt", "/usr/bin/top", " htop", "C:\\bin\\Nano.EXE", "tmux"] {
            let words = advice(command, &CommandEnd::Exit(1), false, false);
            assert!(words.is_some_and(|words| words.contains("terminal")), "{command}");
            for other in [CommandEnd::Exit(0), CommandEnd::Exit(127), CommandEnd::Signal(2)] {
                assert_eq!(advice(command, &other, false, false), None, "{command}");
            }
        }
        for command in ["ls vi", "visudo", "cat /bin/vi", "top -b", "tmux ls", "", "true; vi"] {
            assert_eq!(advice(command, &CommandEnd::Exit(1), false, true), None, "{command}");
        }
    }

    #[test]
    fn what_reads_and_had_nothing_to_read_says_so() {
        let words = advice("python3", &CommandEnd::Exit(0), false, true);
        assert!(words.is_some_and(|words| words.contains("python3 reads")));
        assert_eq!(advice("python3", &CommandEnd::Exit(0), true, true), None);
        assert_eq!(advice("python3", &CommandEnd::Exit(0), false, false), None);
        assert_eq!(advice("python3", &CommandEnd::Exit(1), false, true), None);
        assert_eq!(advice("python3 x.py", &CommandEnd::Exit(0), false, true), None);
        assert_eq!(advice("true", &CommandEnd::Exit(0), false, true), None);
    }
}
