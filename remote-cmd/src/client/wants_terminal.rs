//! Programs that are of no use without a terminal, which no command here has.
//!
//! Their own words are many, and in many languages. What is known for certain is how a command
//! ended, what it was given to read and whether it has said anything. One that does not end, such
//! as `vim`, which waits for keys for ever, gives itself away by asking for a screen.

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

/// They show what stands somewhere, which may be anything.
#[rustfmt::skip]
const SHOW: &[&str] = &[
    "awk", "cat", "curl", "cut", "echo", "grep", "head", "journalctl", "printf", "sed", "sort", "strings",
    "tail", "type", "wget", "zcat",
];

/// Called alone they read from a keyboard what they are to do.
#[rustfmt::skip]
const READ: &[&str] = &[
    "ash", "bash", "bc", "cat", "cmd", "csh", "dash", "dc", "fish", "ghci", "ipython", "irb", "ksh", "lua",
    "mariadb", "mysql", "node", "perl", "php", "powershell", "psql", "pwsh", "python", "python2", "python3",
    "r", "redis-cli", "ruby", "sh", "sqlite3", "tclsh", "tcsh", "zsh",
];

/// What a program sends that draws: a terminal is to put aside what it shows (`man 4
/// console_codes`, xterm's "alternate screen").
const SCREENS: [&[u8]; 3] = [b"\x1b[?1049h", b"\x1b[?1047h", b"\x1b[?47h"];

/// Watches the output of a command that runs.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Its program, if that may draw.
    program: Option<String>,
    /// The last bytes, among which a sequence may have begun.
    tail: Vec<u8>,
    pub(crate) has_told: bool,
}

impl Watch {
    /// Bytes that merely pass on their way to a file may be anything, unless the program is known
    /// to draw.
    pub(crate) fn new(command: &str, is_for_terminal: bool) -> Self {
        let may_draw =
            |known: &Known| known.draws || is_for_terminal && !SHOW.contains(&known.name.as_str());
        let program = self::command(command).filter(may_draw).map(|known| known.name);
        Self { program, tail: Vec::new(), has_told: false }
    }

    /// What to tell the user when the next piece of output asks for a screen, once.
    pub(crate) fn advice(&mut self, piece: &[u8]) -> Option<String> {
        let program = self.program.as_ref().filter(|_| !self.has_told)?;
        self.tail.extend_from_slice(piece);
        let asks = |screen: &&[u8]| self.tail.windows(screen.len()).any(|bytes| bytes == *screen);
        self.has_told = SCREENS.iter().any(asks);
        let longest = SCREENS.iter().map(|screen| screen.len()).max().unwrap_or_default();
        self.tail.drain(..self.tail.len().saturating_sub(longest));
        self.has_told.then(|| text::draws_on_a_terminal(program))
    }
}

/// A command, as far as one knows it.
struct Known {
    name: String,
    /// Whether it draws on a screen.
    draws: bool,
    is_alone: bool,
}

/// What is known of a command by its words.
fn command(words: &str) -> Option<Known> {
    let mut words = words.split_whitespace();
    let program = words.next()?;
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name).to_owned();
    // With an option they may do something else: `vim -es`, `emacs --batch`.
    let (is_alone, has_options) =
        (words.clone().next().is_none(), words.any(|it| it.starts_with('-')));
    let is_among = |names: &[&str]| names.contains(&&*name);
    let draws = is_among(DRAW) && !has_options || is_among(DRAW_ALONE) && is_alone;
    Some(Known { name, draws, is_alone })
}

/// What to tell the user of a command that has ended; nothing for one that has had what it needs.
pub(crate) fn advice(
    command: &str,
    end: &CommandEnd,
    has_input: bool,
    was_silent: bool,
) -> Option<String> {
    let Known { name, draws, is_alone } = self::command(command)?;
    match end {
        // 126 and 127 are a shell's words for what it could not run.
        CommandEnd::Exit(1..=125) if draws => Some(text::wants_terminal(name)),
        CommandEnd::Exit(0) if was_silent && !has_input && is_alone && READ.contains(&&*name) => {
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
    fn what_asks_for_a_screen_is_told_once_however_it_is_cut() {
        let once = |command: &str, piece: &[u8], is_for_terminal: bool| {
            Watch::new(command, is_for_terminal).advice(piece)
        };
        let mut watch = Watch::new("vim x", false);
        assert_eq!(watch.advice(b"Vim: Warning\n\x1b[?10"), None);
        let words = watch.advice(b"49h\x1b[1;24r");
        assert!(words.is_some_and(|words| words.contains("Ctrl+C")));
        assert_eq!(watch.advice(b"\x1b[?1049h"), None);
        // What a file holds is no question, unless it goes to a terminal.
        assert_eq!(once("./game", b"\x1b[?1049h", false), None);
        assert_eq!(once("cat x", b"\x1b[?1049h", true), None);
        assert!(once("./game", b"\x1b[?47h", true).is_some());
        assert_eq!(once("ls", b"\x1b[?25h \x1b[?1049l", true), None);
        assert_eq!(once("", b"\x1b[?47h", false), None);
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
